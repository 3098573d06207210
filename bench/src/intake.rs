//! Webhooks alone, as many as are taken and a thousand a second: the gateway beside a bare handler with the same signature
//! check and the same group commit.
//!
//! The gateway also applies what it has stored. On an inactive number that is all that follows; on an active one a turn
//! follows each message, on the same cores.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use tokio::task::JoinSet;

use crate::database::Choice;
use crate::load::{Letter, Load, QUESTION};
use crate::process::{Process, Usage};
use crate::report::{Quantiles, Table, short, times};
use crate::site::Site;

const CUSTOMERS: usize = 10_000;
const WARM_UP: usize = 500;

#[derive(Args)]
pub struct Settings {
    /// Webhooks at saturation.
    #[arg(long, default_value_t = 50_000)]
    webhooks: usize,
    /// Of these, for an agent who answers: each is a turn.
    #[arg(long, default_value_t = 10_000)]
    turns: usize,
    /// Connections at saturation.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Webhooks a second in the other part.
    #[arg(long, default_value_t = 1000)]
    rate: u32,
    /// How long that part lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// What one of them did with one part.
struct Part {
    per_sec: f64,
    acks: Quantiles,
    cpu_micros: f64,
    refused: usize,
    /// From the last answer until all was applied and done.
    drained_in: Option<Duration>,
}

struct Measured {
    name: &'static str,
    saturated: Part,
    at_rate: Part,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let bare = bare(&settings).await?;
    let inactive = gateway(&settings, "gateway, number inactive", "inactive").await?;
    let answering = gateway(&settings, "gateway, agent answering", "active").await?;
    let all = [&bare, &inactive, &answering];
    let headings =
        ["who", "requests/s", "of the bare", "p50 / p99 ms", "CPU us a request", "refused", "all done after s"];
    let title = format!(
        "{} webhooks ({} where an agent answers) on {} connections",
        settings.webhooks, settings.turns, settings.connections
    );
    print(&Table::new(title, &headings), &all.map(|one| (one.name, &one.saturated)));
    let title = format!("{} webhooks/s for {} s", settings.rate, settings.seconds);
    print(&Table::new(title, &headings), &all.map(|one| (one.name, &one.at_rate)));
    println!("\nThe bare handler stores each group with rusqlite in one transaction synced to disk.");
    Ok(())
}

fn print(table: &Table, parts: &[(&str, &Part)]) {
    let mut table = table.clone();
    for (name, part) in parts {
        table.row([
            (*name).to_owned(),
            short(part.per_sec),
            times(part.per_sec, parts[0].1.per_sec),
            part.acks.pair(),
            short(part.cpu_micros),
            part.refused.to_string(),
            part.drained_in.map_or_else(|| "-".to_owned(), |drained_in| short(drained_in.as_secs_f64())),
        ]);
    }
    table.print();
}

async fn bare(settings: &Settings) -> anyhow::Result<Measured> {
    let site = Site::build(&Choice::Sqlite, 1).await?;
    let database = site.folder().join("bare.db");
    let this = std::env::current_exe()?;
    let process = Process::start("/webhook", |listen| {
        let mut command = Command::new(this);
        command.args(["bare", "--listen", listen, "--database"]).arg(database);
        command
    });
    let process = process.await?;
    let load = site.load(&process.base);
    let measured =
        measure("bare poem handler", &load, settings.webhooks, settings, || process.usage(), async || Ok(None)).await?;
    drop(process);
    site.strike().await?;
    Ok(measured)
}

async fn gateway(settings: &Settings, name: &'static str, mode: &str) -> anyhow::Result<Measured> {
    let site = Site::build(&Choice::Sqlite, 1).await?;
    let gateway = site.start().await?;
    let agent_id = gateway.make_agent().await?;
    gateway.make_number(&site.numbers[0], &agent_id, mode).await?;
    let load = site.load(gateway.base());
    let count = if mode == "active" { settings.turns } else { settings.webhooks };
    let drain = async || {
        let started = Instant::now();
        site.settle().await?;
        Ok(Some(started.elapsed()))
    };
    let measured = measure(name, &load, count, settings, || gateway.usage(), drain).await?;
    drop(gateway);
    site.strike().await?;
    Ok(measured)
}

async fn measure(
    name: &'static str,
    load: &Load,
    count: usize,
    settings: &Settings,
    usage: impl Fn() -> anyhow::Result<Usage>,
    drain: impl AsyncFn() -> anyhow::Result<Option<Duration>>,
) -> anyhow::Result<Measured> {
    // Made beforehand: what the load does meanwhile is taken from what is measured.
    saturate(load, requests(load, WARM_UP)?, settings.connections).await?;
    drain().await?;

    let made = requests(load, count)?;
    let before = usage()?;
    let (acks, refused, took) = saturate(load, made, settings.connections).await?;
    let after = usage()?;
    let drained_in = drain().await?;
    let saturated = Part::of(acks, refused, took, before, after, drained_in);

    let made = requests(load, (settings.rate * settings.seconds) as usize)?;
    let before = usage()?;
    let (acks, refused, took) = at_rate(load, made, settings.rate).await?;
    let after = usage()?;
    let drained_in = drain().await?;
    Ok(Measured { name, saturated, at_rate: Part::of(acks, refused, took, before, after, drained_in) })
}

impl Part {
    fn of(
        mut acks: Vec<Duration>,
        refused: usize,
        took: Duration,
        before: Usage,
        after: Usage,
        drained_in: Option<Duration>,
    ) -> Self {
        let count = acks.len() as f64;
        Self {
            per_sec: count / took.as_secs_f64(),
            acks: Quantiles::of(&mut acks),
            cpu_micros: (after.cpu_secs - before.cpu_secs) * 1e6 / count,
            refused,
            drained_in,
        }
    }
}

fn requests(load: &Load, count: usize) -> anyhow::Result<Vec<Vec<u8>>> {
    let letter = |number: usize| Letter {
        text: format!("{QUESTION} n={number}"),
        ..Letter::from(format!("15558{:06}", number % CUSTOMERS))
    };
    (0..count).map(|number| load.request(&letter(number))).collect()
}

type Answered = (Vec<Duration>, usize, Duration);

/// Each connection sends its next request when the last was answered.
async fn saturate(load: &Load, requests: Vec<Vec<u8>>, connections: usize) -> anyhow::Result<Answered> {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..connections {
        let (load, requests, next) = (load.clone(), requests.clone(), next.clone());
        running.spawn(async move {
            let (mut acks, mut refused) = (Vec::new(), 0);
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                refused += usize::from(load.send(request).await? != 200);
                acks.push(sent.elapsed());
            }
            Ok::<_, anyhow::Error>((acks, refused))
        });
    }
    let (mut acks, mut refused) = (Vec::new(), 0);
    while let Some(one) = running.join_next().await {
        let one = one??;
        acks.extend(one.0);
        refused += one.1;
    }
    Ok((acks, refused, started.elapsed()))
}

/// A slow answer holds back none of the requests after it.
async fn at_rate(load: &Load, requests: Vec<Vec<u8>>, rate: u32) -> anyhow::Result<Answered> {
    let acks = Arc::new(Mutex::new(Vec::with_capacity(requests.len())));
    let started = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
    let mut running = JoinSet::new();
    for request in requests {
        tick.tick().await;
        let (load, acks) = (load.clone(), acks.clone());
        running.spawn(async move {
            let sent = Instant::now();
            let status = load.send(&request).await?;
            acks.lock().unwrap_or_else(PoisonError::into_inner).push(sent.elapsed());
            Ok::<_, anyhow::Error>(usize::from(status != 200))
        });
    }
    let mut refused = 0;
    while let Some(one) = running.join_next().await {
        refused += one??;
    }
    let took = started.elapsed();
    let acks = std::mem::take(&mut *acks.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((acks, refused, took))
}
