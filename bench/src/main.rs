//! Load for the gateway: customers write, signed webhooks go in, answers come out at a Graph that is played here.
//!
//! `cargo run --release --bin bench -- walk` starts everything itself and prints what it measured. Figures are whole-process ones
//! of this machine; compare them within one run only.

mod model;
mod process;
mod report;
mod walk;

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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match CommandLine::parse().bench {
        Bench::Walk(settings) => walk::run(settings).await,
    }
}
