//! What the database itself counts, and rows put into it by the million. The gateway is not asked, so nothing it says of
//! itself is believed.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rusqlite::Connection;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::database::Database;

/// Where SQLite keeps the number of commits so far in the index of its write-ahead log.
const COMMITS_AT: u64 = 8;
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const DRAIN_PATIENCE: Duration = Duration::from_secs(120);
/// Webhooks to apply and jobs to do.
const LEFT_TO_DO: &str = "SELECT (SELECT COUNT(*) FROM events WHERE status = 'received')
    + (SELECT COUNT(*) FROM jobs WHERE status <> 'dead')";

pub enum Ledger {
    Sqlite { connection: Connection, path: PathBuf },
    Postgres(DatabaseConnection),
}

/// What a database has grown to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// Transactions that wrote something; on PostgreSQL those that read, too.
    pub transactions: u64,
    /// In use, without what is free inside the file.
    pub bytes: u64,
}

impl Size {
    pub fn since(self, before: Self) -> Self {
        Self { transactions: self.transactions - before.transactions, bytes: self.bytes.saturating_sub(before.bytes) }
    }
}

impl Ledger {
    pub async fn open(database: &Database) -> anyhow::Result<Self> {
        match database.file() {
            Some(path) => {
                let connection = Connection::open(&path)?;
                connection.busy_timeout(Duration::from_secs(10))?;
                Ok(Self::Sqlite { connection, path })
            }
            None => Ok(Self::Postgres(sea_orm::Database::connect(database.url()).await?)),
        }
    }

    pub async fn size(&self) -> anyhow::Result<Size> {
        match self {
            Self::Sqlite { connection, path } => {
                let pages: i64 = connection.query_row(
                    "SELECT (page_count - freelist_count) * page_size
                    FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
                    [],
                    |row| row.get(0),
                )?;
                Ok(Size { transactions: commits(path)?, bytes: pages.try_into()? })
            }
            Self::Postgres(_) => {
                let bytes = self.number("SELECT pg_database_size(current_database())").await?;
                let text = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
                Ok(Size { transactions: self.number(text).await?, bytes })
            }
        }
    }

    /// Waits until every webhook is applied and no job is left.
    pub async fn drained(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        while self.number(LEFT_TO_DO).await? > 0 {
            if started.elapsed() > DRAIN_PATIENCE {
                bail!("work was left over after {DRAIN_PATIENCE:?}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// A single figure.
    async fn number(&self, text: &str) -> anyhow::Result<u64> {
        let number: i64 = match self {
            Self::Sqlite { connection, .. } => connection.query_row(text, [], |row| row.get(0))?,
            Self::Postgres(connection) => {
                let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await?;
                row.context("no row")?.try_get_by_index(0)?
            }
        };
        Ok(number.try_into()?)
    }

    /// A single text.
    pub async fn text(&self, text: &str) -> anyhow::Result<String> {
        match self {
            Self::Sqlite { connection, .. } => Ok(connection.query_row(text, [], |row| row.get(0))?),
            Self::Postgres(connection) => {
                let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await?;
                Ok(row.context("no row")?.try_get_by_index(0)?)
            }
        }
    }

    /// Runs statements as fast as the database takes them; nobody else may have it open.
    pub async fn fill(&self, statements: &[String]) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { connection, .. } => {
                connection.execute_batch(
                    "PRAGMA locking_mode = exclusive; PRAGMA journal_mode = off; PRAGMA synchronous = off;
                    PRAGMA cache_size = -524288",
                )?;
                for statement in statements {
                    connection.execute_batch(statement)?;
                }
                // The lock goes with the next read after the mode has changed.
                connection.execute_batch(
                    "PRAGMA locking_mode = normal; PRAGMA synchronous = full; PRAGMA journal_mode = wal;
                    PRAGMA cache_size = -2048; ANALYZE",
                )?;
            }
            Self::Postgres(connection) => {
                for statement in statements {
                    connection.execute_unprepared(statement).await?;
                }
                connection.execute_unprepared("ANALYZE").await?;
            }
        }
        Ok(())
    }
}

fn commits(database: &Path) -> anyhow::Result<u64> {
    let mut name = database.as_os_str().to_owned();
    name.push("-shm");
    let mut index = std::fs::File::open(&name).context("the database is not open anywhere")?;
    index.seek(SeekFrom::Start(COMMITS_AT))?;
    let mut count = [0; 4];
    index.read_exact(&mut count)?;
    Ok(u64::from(u32::from_ne_bytes(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sqlite_tells_commits_and_bytes() {
        let folder = std::env::temp_dir().join(format!("switchboard-ledger-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("some.db");
        let other = Connection::open(&path).expect("opened");
        other.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE t (id integer, text text)").expect("a table");
        let ledger = Ledger::Sqlite { connection: Connection::open(&path).expect("opened"), path };
        let before = ledger.size().await.expect("a size");
        for number in 0..1200 {
            other.execute("INSERT INTO t VALUES (?1, ?2)", (number, "x".repeat(1000))).expect("inserted");
        }
        let after = ledger.size().await.expect("a size");
        assert_eq!(after.transactions - before.transactions, 1200);
        assert!((1_200_000..2_000_000).contains(&(after.bytes - before.bytes)), "{after:?}");
        drop((ledger, other));
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
