//! Load for the gateway: customers write, signed webhooks go in, answers come out at a Graph that is played here.
//!
//! `cargo run --release --bin bench -- walk` starts everything itself and prints what it measured. Figures are whole-process ones
//! of this machine; compare them within one run only.

use bench::{faults, torture, walk};
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// The whole walk: webhook in, model, bubble out.
    Walk(walk::Settings),
    /// Three runs of 300 messages under the faults the peers were measured with.
    Faults(faults::Settings),
    /// Gateways killed at random while everything fails, and what became of every message.
    Torture(torture::Settings),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let bench = CommandLine::parse().bench;
    let run = async {
        match bench {
            Bench::Walk(settings) => walk::run(settings).await,
            Bench::Faults(settings) => faults::run(settings).await,
            Bench::Torture(settings) => torture::run(settings).await,
        }
    };
    tokio::select! {
        done = run => done,
        // What was started is dropped, and ends with that.
        _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped"),
    }
}
