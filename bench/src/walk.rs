//! The whole walk under load: at a fixed rate, then with a number of messages always under way, then customers who write
//! several messages without waiting. Whoever is measured gets the same three.
//!
//! Every message carries a number that is its own, and the model answers with the newest it was shown. So the checker can
//! tell from the simulator's own record: lost, doubled, to a stranger, out of order.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use clap::Args;
use simulator::{Recorded, Simulator};

use crate::database::Choice;
use crate::disk;
use crate::gateway::Gateway;
use crate::ledger::Size;
use crate::load::{Letter, Load, QUESTION, Times};
use crate::peers::{self, Peer};
use crate::process::Usage;
use crate::report::{Quantiles, Table, short, times};
use crate::site::Site;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// Messages of each customer in the third part.
const BURST: usize = 5;
const WARM_UP: usize = 50;

#[derive(Args)]
pub struct Settings {
    /// Messages a second in the first part.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// How long the first part lasts.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// Messages in the second part.
    #[arg(long, default_value_t = 5000)]
    messages: usize,
    /// Messages under way at once in the second part.
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    /// Customers in the third part, who write five messages each.
    #[arg(long, default_value_t = 200)]
    bursts: usize,
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
    /// Measures small bots made of other people's libraries, too, where Node or Python can install them.
    #[arg(long)]
    peers: bool,
}

/// One part, as one of the measured did it.
struct Part {
    per_sec: f64,
    acks: Quantiles,
    answers: Quantiles,
    cpu_millis: f64,
    written_kib: f64,
    peak_memory: f64,
    broken: Broken,
}

/// Promises broken.
#[derive(Debug, Default, Clone, Copy)]
struct Broken {
    lost: usize,
    doubled: usize,
    strangers: usize,
    out_of_order: usize,
}

struct Walked {
    name: String,
    at_rate: Part,
    saturated: Part,
    bursts: (usize, Broken),
}

/// What the database of the gateway grew by in each part.
struct Growth {
    at_rate: (Size, usize),
    saturated: (Size, usize),
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let (ours, growth) = gateway(&settings).await?;
    let mut all = vec![ours];
    if settings.peers {
        for peer in peers::install() {
            all.push(walk_peer(&settings, &peer).await?);
        }
    }
    print_parts(&settings, &all);
    print_promises(&settings, &all);
    print_growth(&settings, &all[0], &growth);
    yardstick(&settings).await
}

async fn gateway(settings: &Settings) -> anyhow::Result<(Walked, Growth)> {
    let site = Site::build(&settings.database, 1).await?;
    let gateway = site.start_answering().await?;
    let measured = walk_gateway(settings, &site, &gateway).await;
    drop(gateway);
    site.strike().await?;
    measured
}

async fn walk_gateway(settings: &Settings, site: &Site, gateway: &Gateway) -> anyhow::Result<(Walked, Growth)> {
    let ledger = site.ledger().await?;
    let walk = Walk { settings, load: site.load(gateway.base()), usage: &|| gateway.usage() };
    walk.warm_up().await?;
    site.settle().await?;
    let sizes = async || ledger.size().await;
    let start = sizes().await?;
    let at_rate = walk.at_rate(async || site.settle().await).await?;
    let middle = sizes().await?;
    let saturated = walk.saturated(async || site.settle().await).await?;
    let end = sizes().await?;
    let bursts = walk.bursts().await?;
    let growth = Growth {
        at_rate: (middle.since(start), walk.at_rate_count()),
        saturated: (end.since(middle), settings.messages),
    };
    Ok((Walked { name: format!("gateway, {}", settings.database.word()), at_rate, saturated, bursts }, growth))
}

/// A peer persists nothing: it is done when Graph has told everything.
async fn walk_peer(settings: &Settings, peer: &Peer) -> anyhow::Result<Walked> {
    let site = Site::build(&Choice::Sqlite, 1).await?;
    let process = peer.start(site.graph_url(), site.model_url()).await?;
    site.simulator.set_webhook_url(&format!("{}/webhook", process.base));
    let walk = Walk { settings, load: site.load(&process.base), usage: &|| process.usage() };
    walk.warm_up().await?;
    let settle = async || {
        while site.simulator.queued() > 0 {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    };
    let at_rate = walk.at_rate(settle).await?;
    let saturated = walk.saturated(settle).await?;
    let bursts = walk.bursts().await?;
    drop(process);
    site.strike().await?;
    Ok(Walked { name: peer.name.to_owned(), at_rate, saturated, bursts })
}

/// The load upon one of the measured.
struct Walk<'a> {
    settings: &'a Settings,
    load: Load,
    usage: &'a (dyn Fn() -> anyhow::Result<Usage> + Sync),
}

impl Walk<'_> {
    /// The first messages pay for what loads when first needed; they are not counted.
    async fn warm_up(&self) -> anyhow::Result<()> {
        self.load.in_flight(letters("15551", WARM_UP), 4).await.map(drop)
    }

    fn at_rate_count(&self) -> usize {
        (self.settings.rate * self.settings.seconds) as usize
    }

    async fn at_rate(&self, settle: impl AsyncFn() -> anyhow::Result<()>) -> anyhow::Result<Part> {
        let before = (self.usage)()?;
        let measured = self.load.at_rate(letters("15552", self.at_rate_count()), self.settings.rate).await?;
        settle().await?;
        Ok(Part::of(measured, before, (self.usage)()?, check_single(&self.load.simulator, "15552")))
    }

    async fn saturated(&self, settle: impl AsyncFn() -> anyhow::Result<()>) -> anyhow::Result<Part> {
        let before = (self.usage)()?;
        let letters = letters("15553", self.settings.messages);
        let measured = self.load.in_flight(letters, self.settings.in_flight).await?;
        settle().await?;
        Ok(Part::of(measured, before, (self.usage)()?, check_single(&self.load.simulator, "15553")))
    }

    /// Customers who write five messages each without waiting; the last of them must be answered, and nothing older
    /// after it. Answers the bubbles, too.
    async fn bursts(&self) -> anyhow::Result<(usize, Broken)> {
        let customers = self.settings.bursts;
        let phone = |customer: usize| format!("15554{customer:06}");
        for message in 1..=BURST {
            for customer in 0..customers {
                let text = numbered(customer * 10 + message);
                self.load.tell(&Letter { text, ..Letter::from(phone(customer)) }).await?;
            }
        }
        let answered = |customer: usize| {
            let last = format!("n={}", customer * 10 + BURST);
            let bubbles = self.load.simulator.bubbles(&phone(customer));
            bubbles.iter().any(|bubble| bubble.from == simulator::Side::Business && bubble.text.ends_with(&last))
        };
        let started = Instant::now();
        while started.elapsed() < PATIENCE && !(0..customers).all(answered) {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let mut broken =
            Broken { lost: (0..customers).filter(|customer| !answered(*customer)).count(), ..Broken::default() };
        let mut bubbles = 0;
        for (phone, numbers) in answers_by_phone(&self.load.simulator, "15554") {
            bubbles += numbers.len();
            broken.strangers += numbers.iter().filter(|number| place_of(&phone) != Some(*number / 10)).count();
            broken.out_of_order += numbers.windows(2).filter(|pair| pair[0] > pair[1]).count();
            broken.doubled += numbers.windows(2).filter(|pair| pair[0] == pair[1]).count();
        }
        Ok((bubbles, broken))
    }
}

impl Part {
    fn of((all, took): (Vec<Times>, Duration), before: Usage, after: Usage, mut broken: Broken) -> Self {
        let count = all.len() as f64;
        let mut acks: Vec<Duration> = all.iter().map(|times| times.ack).collect();
        let mut answers: Vec<Duration> = all.iter().filter_map(|times| times.answer).collect();
        broken.lost = all.len() - answers.len();
        Self {
            per_sec: count / took.as_secs_f64(),
            acks: Quantiles::of(&mut acks),
            answers: Quantiles::of(&mut answers),
            cpu_millis: (after.cpu_secs - before.cpu_secs) * 1000.0 / count,
            written_kib: (after.written_kib - before.written_kib) / count,
            peak_memory: after.peak_memory,
            broken,
        }
    }
}

/// Customers who write one message each.
fn letters(phones: &str, count: usize) -> impl Iterator<Item = Letter> {
    let phones = phones.to_owned();
    (0..count)
        .map(move |customer| Letter { text: numbered(customer), ..Letter::from(format!("{phones}{customer:06}")) })
}

fn numbered(number: usize) -> String {
    format!("{QUESTION} n={number}")
}

/// The number a phone of ours ends in.
fn place_of(phone: &str) -> Option<usize> {
    phone.get(5..)?.parse().ok()
}

/// Each of these customers wrote once. Who was not answered at all is known to the load.
fn check_single(simulator: &Simulator, phones: &str) -> Broken {
    let mut broken = Broken::default();
    for (phone, numbers) in answers_by_phone(simulator, phones) {
        broken.doubled += numbers.len() - 1;
        broken.strangers += numbers.iter().filter(|number| place_of(&phone) != Some(**number)).count();
    }
    broken
}

/// The numbers named on each phone, in order, from the simulator's record of what it accepted.
fn answers_by_phone(simulator: &Simulator, phones: &str) -> HashMap<String, Vec<usize>> {
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for request in simulator.requests().into_iter().filter(|request| request.wamid.is_some()) {
        if let Some((phone, number)) = told(&request)
            && phone.starts_with(phones)
        {
            seen.entry(phone).or_default().push(number);
        }
    }
    seen
}

fn told(request: &Recorded) -> Option<(String, usize)> {
    let phone = request.body["to"].as_str()?.trim_start_matches('+').to_owned();
    let number = request.body["text"]["body"].as_str()?.rsplit_once("n=")?.1.parse().ok()?;
    Some((phone, number))
}

fn print_parts(settings: &Settings, all: &[Walked]) {
    let best = |figure: fn(&Part) -> f64, part: fn(&Walked) -> &Part| {
        all.iter().skip(1).map(|walked| figure(part(walked))).fold(0.0, f64::max)
    };
    let best_rate = best(|part| part.per_sec, |walked| &walked.saturated);
    let headings = ["who", "webhook to 200, p50 / p99 ms", "webhook to bubble, p50 / p99 ms", "CPU ms a message"];
    let mut table = Table::new(format!("{} messages/s for {} s", settings.rate, settings.seconds), &headings);
    for Walked { name, at_rate: part, .. } in all {
        table.row([name.clone(), part.acks.pair(), part.answers.pair(), short(part.cpu_millis)]);
    }
    table.print();
    let more = ["messages/s", "of the best peer", "peak memory MiB"];
    let title = format!("{} messages, {} in flight", settings.messages, settings.in_flight);
    let mut table = Table::new(title, &[&headings[..], &more].concat());
    for Walked { name, saturated: part, .. } in all {
        table.row([
            name.clone(),
            part.acks.pair(),
            part.answers.pair(),
            short(part.cpu_millis),
            short(part.per_sec),
            times(part.per_sec, best_rate),
            short(part.peak_memory),
        ]);
    }
    table.print();
}

fn print_promises(settings: &Settings, all: &[Walked]) {
    let title = format!(
        "Promises broken, all parts; then {} customers, {BURST} messages each without waiting",
        settings.bursts
    );
    let headings =
        ["who", "lost", "doubled", "wrong recipient", "out of order", "bubbles for the last part's messages"];
    let mut table = Table::new(title, &headings);
    for walked in all {
        let parts = [walked.at_rate.broken, walked.saturated.broken, walked.bursts.1];
        let sum = |figure: fn(&Broken) -> usize| parts.iter().map(figure).sum::<usize>().to_string();
        table.row([
            walked.name.clone(),
            sum(|broken| broken.lost),
            sum(|broken| broken.doubled),
            sum(|broken| broken.strangers),
            sum(|broken| broken.out_of_order),
            format!("{} for {}", walked.bursts.0, settings.bursts * BURST),
        ]);
    }
    table.print();
}

fn print_growth(settings: &Settings, ours: &Walked, growth: &Growth) {
    let headings = ["part", "transactions", "bytes of database", "KiB written"];
    let mut table = Table::new(format!("What a message and its answer take, {}", ours.name), &headings);
    let parts = [
        (format!("{}/s", settings.rate), &growth.at_rate, &ours.at_rate),
        (format!("{} in flight", settings.in_flight), &growth.saturated, &ours.saturated),
    ];
    for (name, (grown, count), part) in parts {
        let each = |figure: u64| short(figure as f64 / *count as f64);
        table.row([name, each(grown.transactions), each(grown.bytes), short(part.written_kib)]);
    }
    table.print();
}

/// On a database of its own, on the same disk.
async fn yardstick(settings: &Settings) -> anyhow::Result<()> {
    let site = Site::build(&settings.database, 1).await?;
    let measured = disk::print_empty_transactions(site.folder(), site.database()).await;
    site.strike().await?;
    measured
}
