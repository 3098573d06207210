//! A year of a million messages, counted: while nothing of it is kept yet, and once its days are.

use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Args;
use serde_json::Value;

use crate::database::Choice;
use crate::gateway::Gateway;
use crate::report::{Table, short};
use crate::seed;
use crate::site::Site;

const DAYS: i64 = 365;
const LOOK_AGAIN: Duration = Duration::from_millis(500);
const TIMES: usize = 5;

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value_t = 1_000_000)]
    messages: usize,
    #[arg(long, default_value_t = 20_000)]
    conversations: usize,
    #[arg(long, default_value = "sqlite", help = crate::database::HELP)]
    database: Choice,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let site = Site::build(&settings.database, 1).await?;
    site.start_answering().await?.stop()?;
    let started = Instant::now();
    let ledger = site.ledger().await?;
    seed::year(&ledger, settings.messages, settings.conversations, DAYS).await?;
    // The gateway that made the workspace took its past for kept: nothing was written before it.
    ledger.fill(&["UPDATE workspaces SET stats_until = 0".to_owned(), "DELETE FROM stats_days".to_owned()]).await?;
    drop(ledger);
    let seeded_in = started.elapsed();

    let gateway = site.start().await?;
    let title = format!(
        "{} messages of {} conversations in {DAYS} days, {}, seeded in {:.0} s; the best and the worst of {TIMES}",
        settings.messages,
        settings.conversations,
        settings.database.word(),
        seeded_in.as_secs_f64()
    );
    let mut table = Table::new(title, &["what", "best s", "worst s"]);
    let today = chrono::DateTime::from_timestamp_millis(seed::milliseconds()).unwrap_or_default().date_naive();
    let since = today - chrono::Duration::days(DAYS);
    let year = format!("/stats?from={since}&to={today}");
    let month = format!("/stats?from={}&to={today}", today - chrono::Duration::days(29));
    let hours = format!("{month}&by=hour");

    let (first, whole) = ask(&gateway, &year, 1).await?;
    ensure!(whole["totals"]["inbound"].as_u64() == Some(settings.messages as u64 / 2), "all are counted: {whole:.300}");
    table.row(["a year, nothing of it kept yet".to_owned(), seconds(first[0]), String::new()]);
    let started = Instant::now();
    let ledger = site.ledger().await?;
    while ledger.text("SELECT CAST(min(stats_until) AS text) FROM workspaces").await?.parse::<i64>()? < days_ago(2) {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    table.row(["until all days were kept".to_owned(), seconds(started.elapsed()), String::new()]);
    for (what, path) in [("a year", &year), ("thirty days", &month), ("thirty days by the hour", &hours)] {
        let (times, answer) = ask(&gateway, path, TIMES).await?;
        if path == &year {
            ensure!(answer["totals"] == whole["totals"], "what is kept is what was counted");
        }
        table.row([what.to_owned(), seconds(times[0]), seconds(times[times.len() - 1])]);
    }
    table.print();
    gateway.stop()?;
    site.strike().await
}

fn days_ago(days: i64) -> i64 {
    seed::milliseconds() / seed::DAY_MS - days + 1
}

fn seconds(time: Duration) -> String {
    short(time.as_secs_f64())
}

async fn ask(gateway: &Gateway, path: &str, times: usize) -> anyhow::Result<(Vec<Duration>, Value)> {
    let mut all = Vec::with_capacity(times);
    let mut answer = Value::Null;
    for _ in 0..times {
        let started = Instant::now();
        answer = gateway.get(path).await?;
        all.push(started.elapsed());
    }
    all.sort_unstable();
    Ok((all, answer))
}
