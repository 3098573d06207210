//! Three short runs under faults, as the peers were measured: Graph refusing, webhooks doubled, customers quicker than the
//! model.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use simulator::{Answer, Faults, Side, Simulator};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::database::Choice;
use crate::gateway::APP_SECRET;
use crate::peers::{self, Peer};
use crate::torture::{Book, Manners, Model, Setting, Stage, Token, Verdict, phone, tokens};

const MESSAGES: usize = 300;
const QUIET: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The gateway; absent, the one beside this program.
    #[arg(long)]
    gateway: Option<PathBuf>,
    /// Measures small bots made of other people's libraries, too, where Node or Python can install them.
    #[arg(long)]
    peers: bool,
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
    let peers = if settings.peers { peers::install() } else { Vec::new() };
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
        for peer in &peers {
            let count = measure_peer(peer, settings.seed, &run).await?;
            println!(
                "| - {} | {} | {} | {} | {} | |",
                peer.name, count.lost, count.doubled, count.out_of_order, count.bubbles
            );
        }
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
    write_all(run, &stage.book, &stage.simulator).await;
    let (verdict, _) = stage.check().await?;
    stage.strike(!verdict.is_clean()).await?;
    Ok(verdict)
}

async fn write_all(run: &Run, book: &Book, simulator: &Simulator) {
    let mut tick = tokio::time::interval(run.pause);
    for number in 0..MESSAGES {
        tick.tick().await;
        let token = Token { customer: number % run.customers + 1, message: number / run.customers + 1 };
        book.write(simulator, token);
    }
}

/// What came of the messages at a peer, which tells nothing of itself.
#[derive(Default)]
struct Count {
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    bubbles: usize,
}

async fn measure_peer(peer: &Peer, seed: u64, run: &Run) -> anyhow::Result<Count> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let graph_url = format!("http://{}", listener.local_addr()?);
    let model = Model::start(seed).await?;
    model.behave(Manners { answers_all_open: true, ..run.manners.clone() });
    let process = peer.start(&graph_url, &model.base_url).await?;
    let simulator = Simulator::new(simulator::Settings {
        app_secret: APP_SECRET.to_owned(),
        seed,
        ..simulator::Settings::new(format!("{}/webhook", process.base))
    });
    simulator.set_faults(run.faults.clone());
    let served = CancellationToken::new();
    let _served = served.clone().drop_guard();
    tokio::spawn(simulator.clone().serve(listener, served.cancelled_owned()));
    let book = Book::default();
    write_all(run, &book, &simulator).await;
    wait_until_quiet(&simulator).await;
    Ok(count(run, &simulator))
}

/// A peer cannot be asked whether it is done: it is when nothing has happened for longer than the model ever thinks.
async fn wait_until_quiet(simulator: &Simulator) {
    let (mut seen, mut since) = (0, Instant::now());
    while since.elapsed() < QUIET {
        tokio::time::sleep(LOOK_AGAIN).await;
        let requests = simulator.requests().len();
        if requests != seen || simulator.queued() > 0 {
            (seen, since) = (requests, Instant::now());
        }
    }
}

fn count(run: &Run, simulator: &Simulator) -> Count {
    let mut count = Count::default();
    for customer in 1..=run.customers {
        let bubbles = simulator.bubbles(&phone(customer)).into_iter().filter(|bubble| bubble.from == Side::Business);
        let answers: Vec<Vec<Token>> = bubbles.map(|bubble| tokens(&bubble.text)).collect();
        count.bubbles += answers.len();
        for message in 1..=MESSAGES / run.customers {
            let token = Token { customer, message };
            let named = answers.iter().filter(|answer| answer.contains(&token)).count();
            count.lost += usize::from(named == 0);
            count.doubled += named.saturating_sub(1);
        }
        let newest: Vec<Option<&Token>> = answers.iter().map(|answer| answer.iter().max()).collect();
        count.out_of_order += newest.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
    count
}
