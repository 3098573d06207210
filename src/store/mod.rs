//! Every query, one file a noun: free functions over a connection, so the same one serves inside a transaction and out.
//!
//! A query for somebody's row demands the workspace. A write that must not be lost goes through [`write`].

pub mod agents;
pub mod contacts;
pub mod conversations;
pub mod events;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod knowledge;
pub mod messages;
pub mod numbers;
pub mod turns;
pub mod workspaces;

mod connect;

pub use connect::{ConnectError, Db, Engine, connect, database_file};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// Runs `work` in one transaction: committed on `Ok`, rolled back on `Err`. On SQLite it begins IMMEDIATE, since a
/// transaction that reads first and then writes fails as "locked" under load.
pub async fn write<T, E: From<DbErr>>(
    db: &Db,
    work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, E>,
) -> Result<T, E> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let tx = db.writer().begin_with_options(options).await?;
    match work(&tx).await {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a connection that cannot roll back is closed by the pool.
            let _ = tx.rollback().await;
            Err(error)
        }
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

/// A statement in SQL that both engines read, with `$1`-style parameters.
fn sql(
    connection: &impl ConnectionTrait,
    text: impl Into<String>,
    values: impl IntoIterator<Item = sea_orm::Value>,
) -> sea_orm::Statement {
    sea_orm::Statement::from_sql_and_values(connection.get_database_backend(), text, values)
}
