//! What a turn costs when a million messages have been said before, beside a thousand: in conversations of a hundred
//! messages each, and in one of a hundred thousand.

use std::time::{Duration, Instant};

use clap::Args;

use crate::database::Choice;
use crate::load::{Letter, Load};
use crate::process::Usage;
use crate::report::{Quantiles, Table, short, times};
use crate::seed::{self, History};
use crate::site::Site;

/// Messages of each conversation but the long one: more than a turn reads.
const EACH: usize = 100;
const WARM_UP: usize = 20;

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    /// Of these, in one conversation.
    #[arg(long, default_value_t = 100_000)]
    long: usize,
    /// Questions asked in each part, one after another.
    #[arg(long, default_value_t = 500)]
    questions: usize,
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
}

struct Part {
    name: String,
    answers: Quantiles,
    cpu_millis: f64,
    lost: usize,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    anyhow::ensure!(settings.messages > settings.long + EACH, "the long conversation is not the only one");
    let small = History { conversations: 10, messages: 10 * EACH, long: 0 };
    let rest = settings.messages - settings.long;
    let large = History { conversations: rest / EACH, messages: rest, long: settings.long };
    let (mut parts, _) = measure(&settings, small).await?;
    let (of_large, seeded_in) = measure(&settings, large).await?;
    parts.extend(of_large);

    let headings = ["turns in", "webhook to bubble, p50 / p99 ms", "p50, of the first", "p99", "CPU ms a turn", "lost"];
    let title = format!(
        "{} questions each, one after another, {}; {} messages seeded in {:.0} s",
        settings.questions,
        settings.database.word(),
        settings.messages,
        seeded_in.as_secs_f64()
    );
    let mut table = Table::new(title, &headings);
    for part in &parts {
        table.row([
            part.name.clone(),
            part.answers.pair(),
            times(part.answers.p50, parts[0].answers.p50),
            times(part.answers.p99, parts[0].answers.p99),
            short(part.cpu_millis),
            part.lost.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

async fn measure(settings: &Settings, history: History) -> anyhow::Result<(Vec<Part>, Duration)> {
    let site = Site::build(&settings.database, 1).await?;
    site.start_answering().await?.stop()?;
    let started = Instant::now();
    seed::history(&site.ledger().await?, history).await?;
    let seeded_in = started.elapsed();

    let gateway = site.start().await?;
    let load = site.load(gateway.base());
    let usage = || gateway.usage();
    // The last conversations, which the questions do not come to soon.
    let warm = |number: usize| seed::phone(history.conversations - number % history.conversations);
    for number in 0..WARM_UP {
        load.ask(&Letter::from(warm(number))).await?;
    }
    let mut parts = Vec::new();
    let name = format!("{} messages, {EACH} each", history.messages + history.long);
    let spread = |number: usize| seed::phone(number % history.conversations + 1);
    parts.push(ask(name, &load, settings.questions, spread, usage).await?);
    if history.long > 0 {
        let name = format!("one conversation of {} messages", history.long);
        parts.push(ask(name, &load, settings.questions, |_| seed::phone(0), usage).await?);
    }
    drop(gateway);
    site.strike().await?;
    Ok((parts, seeded_in))
}

async fn ask(
    name: String,
    load: &Load,
    count: usize,
    phone: impl Fn(usize) -> String,
    usage: impl Fn() -> anyhow::Result<Usage>,
) -> anyhow::Result<Part> {
    let before = usage()?;
    let letters = (0..count).map(|number| Letter::from(phone(number)));
    let (all, _) = load.in_flight(letters, 1).await?;
    let after = usage()?;
    let mut answers: Vec<Duration> = all.iter().filter_map(|times| times.answer).collect();
    Ok(Part {
        name,
        cpu_millis: (after.cpu_secs - before.cpu_secs) * 1000.0 / count as f64,
        lost: count - answers.len(),
        answers: Quantiles::of(&mut answers),
    })
}
