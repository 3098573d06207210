//! Three short runs under faults, as the peers were measured: Graph refusing, webhooks doubled, customers quicker than the
//! model.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use simulator::{Answer, Faults};

use crate::database::Choice;
use crate::torture::{Manners, Setting, Stage, Token, Verdict};

const MESSAGES: usize = 300;

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The gateway; absent, the one beside this program.
    #[arg(long)]
    gateway: Option<PathBuf>,
}

/// One of the three.
struct Run {
    name: &'static str,
    /// What the two small bots made of it.
    peers: &'static str,
    faults: Faults,
    manners: Manners,
    customers: usize,
    pause: Duration,
}

fn runs() -> [Run; 3] {
    let refuse = |code, http, share| Answer { code: Some(code), http, share, times: None, retry_after_secs: None };
    let quick = Manners { thinks_ms: (0, 5), ..Manners::default() };
    [
        Run {
            name: "Graph answers 20 % 429 and 10 % 500",
            peers: "lost 92",
            faults: Faults {
                answers: vec![refuse(130_429, 429, 0.20), refuse(131_000, 500, 0.125)],
                ..Faults::default()
            },
            manners: quick.clone(),
            customers: MESSAGES,
            pause: Duration::from_millis(20),
        },
        Run {
            name: "every fifth webhook delivered twice",
            peers: "doubled 63 (one of them)",
            faults: Faults { duplicate_webhooks: 0.2, ..Faults::default() },
            manners: quick,
            customers: MESSAGES,
            pause: Duration::from_millis(20),
        },
        Run {
            name: "ten users at 20/s, a slow model",
            peers: "answered twice 75",
            faults: Faults::default(),
            manners: Manners { thinks_ms: (1000, 1001), ..Manners::default() },
            customers: 10,
            pause: Duration::from_millis(50),
        },
    ]
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    println!(
        "| of {MESSAGES} messages each | lost | doubled | out of order | answers | peers |\n|---|---|---|---|---|---|"
    );
    let mut broken = false;
    for run in runs() {
        let verdict = measure(&settings, &run).await?;
        println!(
            "| {} | {} | {} | {} | {} | {} |",
            run.name, verdict.lost, verdict.doubled, verdict.out_of_order, verdict.bubbles, run.peers
        );
        verdict.found.iter().for_each(|line| eprintln!("  {line}"));
        broken |= !verdict.is_clean();
    }
    anyhow::ensure!(!broken, "a promise was broken: --seed {}", settings.seed);
    Ok(())
}

async fn measure(settings: &Settings, run: &Run) -> anyhow::Result<Verdict> {
    let setting = Setting {
        binary: settings.gateway.clone(),
        database: settings.database.clone(),
        nodes: 1,
        can_fail: false,
        seed: settings.seed,
    };
    let stage = Stage::build(&setting).await?;
    stage.simulator.set_faults(run.faults.clone());
    stage.model.behave(run.manners.clone());
    let mut tick = tokio::time::interval(run.pause);
    for number in 0..MESSAGES {
        tick.tick().await;
        let token = Token { customer: number % run.customers + 1, message: number / run.customers + 1 };
        stage.book.write(&stage.simulator, token);
    }
    let (verdict, _) = stage.check().await?;
    stage.strike(!verdict.is_clean()).await?;
    Ok(verdict)
}
