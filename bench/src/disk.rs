//! The yardstick of everything that is stored: transactions that change one row, one after another, on the same disk.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::database::Database;
use crate::report::{Table, short};

const LASTS: Duration = Duration::from_secs(2);

/// Transactions a second, and what one takes of a processor.
struct Commits {
    what: &'static str,
    per_sec: f64,
    /// On this side of the connection.
    cpu_micros: f64,
}

/// Prints the empty loop's figures for the database of a run.
pub async fn print_empty_transactions(folder: &Path, database: &Database) -> anyhow::Result<()> {
    let mut table =
        Table::new("Yardstick: empty transactions, one after another", &["commit", "transactions/s", "CPU us each"]);
    let mut measured = Vec::new();
    if database.file().is_some() {
        for (what, synchronous) in [("SQLite, synced to disk", "full"), ("SQLite, not synced", "normal")] {
            let file = folder.join(format!("empty-{synchronous}.db"));
            measured.push(tokio::task::spawn_blocking(move || on_sqlite(what, &file, synchronous)).await??);
        }
    } else {
        measured.push(on_postgres(&database.url()).await?);
    }
    for commits in measured {
        table.row([commits.what.to_owned(), short(commits.per_sec), short(commits.cpu_micros)]);
    }
    table.print();
    Ok(())
}

fn on_sqlite(what: &'static str, file: &Path, synchronous: &str) -> anyhow::Result<Commits> {
    let connection = Connection::open(file)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = 500;
        CREATE TABLE one (id integer PRIMARY KEY, count integer); INSERT INTO one VALUES (1, 0)"
    ))?;
    let (started, cpu) = (Instant::now(), own_cpu()?);
    let mut count = 0_u32;
    while started.elapsed() < LASTS {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        connection.prepare_cached("UPDATE one SET count = count + 1 WHERE id = 1")?.execute([])?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        count += 1;
    }
    Ok(Commits::of(what, count, started.elapsed(), own_cpu()? - cpu))
}

async fn on_postgres(url: &str) -> anyhow::Result<Commits> {
    let connection = sea_orm::Database::connect(url).await?;
    connection.execute_unprepared("CREATE TABLE bench_one (id integer PRIMARY KEY, count bigint)").await?;
    connection.execute_unprepared("INSERT INTO bench_one VALUES (1, 0)").await?;
    let (started, cpu) = (Instant::now(), crate::process::own_cpu_secs()?);
    let mut count = 0_u32;
    while started.elapsed() < LASTS {
        let transaction = connection.begin().await?;
        transaction.execute_unprepared("UPDATE bench_one SET count = count + 1 WHERE id = 1").await?;
        transaction.commit().await?;
        count += 1;
    }
    let cpu = Duration::from_secs_f64(crate::process::own_cpu_secs()? - cpu);
    let commits = Commits::of("PostgreSQL, one connection", count, started.elapsed(), cpu);
    connection.execute_unprepared("DROP TABLE bench_one").await?;
    Ok(commits)
}

impl Commits {
    fn of(what: &'static str, count: u32, took: Duration, cpu: Duration) -> Self {
        let count = f64::from(count);
        Self { what, per_sec: count / took.as_secs_f64(), cpu_micros: cpu.as_secs_f64() * 1e6 / count }
    }
}

/// Processor time of this thread.
fn own_cpu() -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(Duration::from_nanos(text.split(' ').next().unwrap_or_default().parse()?))
}
