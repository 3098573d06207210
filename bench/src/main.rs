//! Load for the gateway: customers write, signed webhooks go in, answers come out at a Graph that is played here.
//!
//! `cargo run --release --bin bench -- walk` starts everything itself and prints what it measured. Figures are whole-process ones
//! of this machine; compare them within one run only: each command measures its yardstick, too.

use bench::{bare, console, faults, history, intake, media, memory, retrieval, stats, torture, walk};
use clap::{Parser, Subcommand};

/// The gateway's own: a yardstick must not lose by its heap.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct CommandLine {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// The whole walk: webhook in, model, bubble out.
    Walk(walk::Settings),
    /// Webhooks alone, beside a bare handler that stores them the same way.
    Intake(intake::Settings),
    /// Turns after a million messages, beside a thousand.
    History(history::Settings),
    /// Searching a hundred thousand passages, beside a hundred.
    Retrieval(retrieval::Settings),
    /// A year of a million messages, counted.
    Stats(stats::Settings),
    /// Memory, time to start, size of the binary.
    Memory(memory::Settings),
    /// Memory while large files stream through, both ways.
    Media(media::Settings),
    /// The console in a browser over 50,000 conversations.
    Console(console::Settings),
    /// Three runs of 300 messages under the faults the peers were measured with.
    Faults(faults::Settings),
    /// Gateways killed at random while everything fails, and what became of every message.
    Torture(torture::Settings),
    /// The bare handler itself.
    #[command(hide = true)]
    Bare(bare::Settings),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let bench = CommandLine::parse().bench;
    let run = async {
        match bench {
            Bench::Walk(settings) => walk::run(settings).await,
            Bench::Intake(settings) => intake::run(settings).await,
            Bench::History(settings) => history::run(settings).await,
            Bench::Retrieval(settings) => retrieval::run(settings).await,
            Bench::Stats(settings) => stats::run(settings).await,
            Bench::Memory(settings) => memory::run(settings).await,
            Bench::Media(settings) => media::run(settings).await,
            Bench::Console(settings) => console::run(settings).await,
            Bench::Faults(settings) => faults::run(settings).await,
            Bench::Torture(settings) => torture::run(settings).await,
            Bench::Bare(settings) => bare::run(settings).await,
        }
    };
    tokio::select! {
        done = run => done,
        // What was started is dropped, and ends with that.
        _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped"),
    }
}
