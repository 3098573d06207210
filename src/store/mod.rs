//! Every query, one file a noun: free functions over a connection, so the same one serves inside a transaction and out.
//!
//! A query for somebody's row demands the workspace. A write that must not be lost goes through [`write`].

pub mod actors;
pub mod agents;
pub mod audit;
pub mod beside;
pub mod changes;
pub mod contacts;
pub mod conversations;
pub mod erasures;
pub mod events;
pub mod health_records;
pub mod idempotency;
pub mod invites;
pub mod jobs;
pub mod keys;
pub mod knowledge;
pub mod media;
pub mod members;
pub mod messages;
pub mod notes;
pub mod notices;
pub mod numbers;
pub mod paces;
pub mod peers;
pub mod sessions;
pub mod setup;
pub mod stats;
pub mod templates;
pub mod timeline;
pub mod turns;
pub mod usage;
pub mod workspaces;

mod connect;
mod sqlite;

pub use sqlite::check_sound;

pub use connect::{ConnectError, Connection, Db, Engine, Transaction, connect, database_file};

use sea_orm::sea_query::{Expr, Func, SimpleExpr};
use sea_orm::{ConnectionTrait, DbErr, ExprTrait, RuntimeErr, SqlErr};

/// What a commit survives. PostgreSQL's commits survive a power cut, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// On the disk before the commit returns: what Meta is told 200 for, the fence before a send, what people decide.
    PowerCut,
    /// Safe from a crash of the process; a power cut may take the last moments back, and the walk goes them again.
    Crash,
}

/// Runs `work` in one transaction that survives a power cut: committed on `Ok`, rolled back on `Err`. On SQLite it
/// begins IMMEDIATE, since a transaction that reads first and then writes fails as "locked" under load.
pub async fn write<T, E: From<DbErr>>(db: &Db, work: impl AsyncFnOnce(&Transaction) -> Result<T, E>) -> Result<T, E> {
    write_as(db, Durability::PowerCut, work).await
}

/// The same for what can be done again from what stands in the database.
pub async fn write_as<T, E: From<DbErr>>(
    db: &Db,
    durability: Durability,
    work: impl AsyncFnOnce(&Transaction) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = db.begin(durability).await?;
    // Dropped without its commit, it is rolled back.
    let value = work(&transaction).await?;
    transaction.commit().await?;
    db.ring();
    Ok(value)
}

/// Whether a unique key was taken already.
pub fn violates_unique(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::Internal(text)) => text.starts_with("UNIQUE constraint failed"),
        error => matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
    }
}

/// Whether the same statements would fail again: what they say is wrong, not the state of the database or of the way to
/// it.
pub fn is_lasting(error: &DbErr) -> bool {
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => false,
        DbErr::Exec(RuntimeErr::Internal(text)) | DbErr::Query(RuntimeErr::Internal(text)) => {
            ["constraint failed", "no such", "datatype mismatch", "too big", "syntax error", "invalid"]
                .iter()
                .any(|lasting| text.contains(lasting))
        }
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            // Classes of SQLSTATE: bad data, broken constraint, wrong statement.
            let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
            code.is_some_and(|code| ["22", "23", "42"].iter().any(|class| code.starts_with(class)))
        }
        _ => true,
    }
}

/// A page of a list: the items and where the next page starts.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// From one item more than `limit`, if there was one more: its presence tells that there is a next page.
    fn cut(mut items: Vec<T>, limit: u64, cursor_of: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next_cursor = (items.len() > limit).then(|| {
            items.truncate(limit);
            items.last().map(&cursor_of)
        });
        Self { items, next_cursor: next_cursor.flatten() }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// Where a page starts, and how long it is.
#[derive(Debug, Clone)]
pub struct PageRequest {
    pub cursor: Option<String>,
    pub limit: u64,
}

/// Whether `column` holds `words`, whatever their case. SQLite itself folds ASCII only: it asks a function of ours.
fn holding(connection: &impl ConnectionTrait, column: &'static str, words: &str) -> SimpleExpr {
    let (column, words) = (Expr::col(column), Expr::value(folded(words)));
    match connection.get_database_backend() {
        sea_orm::DbBackend::Postgres => {
            Expr::expr(Func::cust("strpos").arg(Expr::expr(Func::lower(column))).arg(words)).gt(0)
        }
        _ => Expr::expr(Func::cust("holds").arg(column).arg(words)),
    }
}

fn folded(words: &str) -> String {
    words.to_lowercase()
}

/// A statement in SQL that both engines read, with `$1`-style parameters.
fn sql(
    connection: &impl ConnectionTrait,
    text: impl Into<String>,
    values: impl IntoIterator<Item = sea_orm::Value>,
) -> sea_orm::Statement {
    sea_orm::Statement::from_sql_and_values(connection.get_database_backend(), text, values)
}
