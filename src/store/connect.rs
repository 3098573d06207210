//! Opening the database: one writer and several readers on SQLite, one pool on PostgreSQL.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    ProxyDatabaseTrait, QueryResult, Statement, TransactionTrait,
};
use tokio::sync::watch;

use super::Durability;
use super::sqlite::{self, Pooled, Sqlite, Walking, Writing};

/// Pages in the write-ahead log before a checkpoint: more makes rare writes slow, fewer makes all writes slower.
pub(super) const WAL_AUTOCHECKPOINT_PAGES: &str = "4000";
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections that read SQLite, for the walk and for lists each; a thread needs one at a time.
const MOST_READERS: usize = 4;
/// No transaction of ours waits for anything but the database: a node that stands still in one must not hold its locks.
const IDLE_TRANSACTION: &str = "5s";
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the folder of the database {path} cannot be made: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the database cannot be opened: {0}")]
    Database(#[from] DbErr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Rung by every commit of this process that may have changed something.
#[derive(Debug, Clone, Default)]
struct Commits(Arc<watch::Sender<()>>);

impl Commits {
    fn ring(&self) {
        self.0.send_replace(());
    }
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Db {
    commits: Commits,
    writer: Connection,
    bookkeeper: Connection,
    walker: Connection,
    reader: Connection,
    schema: DatabaseConnection,
    engine: Engine,
}

impl Db {
    /// For single statements that write and survive a power cut; several belong into [`super::write`].
    pub fn writer(&self) -> &Connection {
        &self.writer
    }

    /// For single statements that write what can be made out again: leases, marks of the work in hand.
    pub fn bookkeeper(&self) -> &Connection {
        &self.bookkeeper
    }

    /// For the walk's own reads, by key and short: they run where they are asked for.
    pub fn walker(&self) -> &Connection {
        &self.walker
    }

    /// For reading what is committed, however long it takes.
    pub fn reader(&self) -> &Connection {
        &self.reader
    }

    /// For changing the schema, and for work on the whole database.
    pub fn schema(&self) -> &DatabaseConnection {
        &self.schema
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Changes with every commit of this process.
    pub fn commits(&self) -> watch::Receiver<()> {
        self.commits.0.subscribe()
    }

    pub(super) fn ring(&self) {
        self.commits.ring();
    }

    pub(super) async fn begin(&self, durability: Durability) -> Result<Transaction, DbErr> {
        match &self.writer.way {
            Way::Pool(pool) => pool.begin().await.map(Transaction::Postgres),
            Way::Writing(Writing { sqlite, .. }) | Way::Walking(Walking(sqlite)) => {
                sqlite.begin(durability).await.map(Transaction::Sqlite)
            }
        }
    }

    /// Leaves nothing in an embedded database's log of what was deleted. On a server that is for its own vacuum.
    pub async fn shorten_log(&self) -> Result<(), DbErr> {
        match &self.writer.way {
            Way::Pool(_) => Ok(()),
            Way::Writing(Writing { sqlite, .. }) | Way::Walking(Walking(sqlite)) => sqlite.shorten_log().await,
        }
    }

    /// Ends all use of the database; whoever comes after is refused.
    pub async fn close(&self) {
        match &self.writer.way {
            Way::Pool(pool) => {
                // Closing a pool that is closed already is no news.
                let _ = pool.close_by_ref().await;
            }
            Way::Writing(Writing { sqlite, .. }) | Way::Walking(Walking(sqlite)) => sqlite.close(),
        }
    }
}

/// For single statements. One that writes is a commit of its own.
#[derive(Debug, Clone)]
pub struct Connection {
    way: Way,
    commits: Commits,
}

/// A way to the database that a statement can take.
#[derive(Debug, Clone)]
enum Way {
    Pool(DatabaseConnection),
    Writing(Writing),
    Walking(Walking),
}

/// Several statements as one fact.
#[derive(Debug)]
pub enum Transaction {
    Postgres(DatabaseTransaction),
    Sqlite(sqlite::Transaction),
}

impl Transaction {
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres(transaction) => transaction.commit().await,
            Self::Sqlite(transaction) => transaction.commit().await,
        }
    }
}

/// The words of every statement, never what is bound to them: for whoever wants to see how the database is asked.
fn note(statement: &Statement) {
    tracing::trace!(target: "switchboard::statements", sql = %statement.sql);
}

/// Passes every statement on to whichever connection there is; `$then` follows one that may have written.
macro_rules! pass_on {
    ($type:ident, $it:ident => $way:expr, $then:expr; $ways:ident: $($variant:ident),*) => {
        #[async_trait::async_trait]
        impl ConnectionTrait for $type {
            fn get_database_backend(&self) -> DbBackend {
                let $it = self;
                match $way {
                    $($ways::$variant(connection) => connection.get_database_backend(),)*
                }
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                note(&statement);
                let $it = self;
                let done = match $way {
                    $($ways::$variant(connection) => connection.execute_raw(statement).await,)*
                };
                let () = $then;
                done
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                let $it = self;
                match $way {
                    $($ways::$variant(connection) => connection.execute_unprepared(sql).await,)*
                }
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                note(&statement);
                let $it = self;
                match $way {
                    $($ways::$variant(connection) => connection.query_one_raw(statement).await,)*
                }
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                note(&statement);
                let $it = self;
                match $way {
                    $($ways::$variant(connection) => connection.query_all_raw(statement).await,)*
                }
            }
        }
    };
}

pass_on!(Connection, it => &it.way, it.commits.ring(); Way: Pool, Writing, Walking);
pass_on!(Transaction, it => it, (); Transaction: Postgres, Sqlite);

/// Opens the database at `url`, making the file of an embedded one.
pub async fn connect(url: &str, max_connections: u32) -> Result<Db, ConnectError> {
    match database_file(url) {
        Some(path) => connect_sqlite(&path, max_connections).await,
        None => connect_postgres(url, max_connections).await,
    }
}

/// The file of an embedded database; `None` for a server.
pub fn database_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    Some(PathBuf::from(path))
}

async fn connect_sqlite(path: &Path, max_connections: u32) -> Result<Db, ConnectError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| ConnectError::Folder { path: path.to_owned(), source })?;
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let readers = usize::try_from(max_connections).unwrap_or(MOST_READERS);
    let sqlite = Sqlite::open(path, threads.min(MOST_READERS), readers.min(MOST_READERS))?;
    let writing = |durability| Writing { sqlite: sqlite.clone(), durability };
    let through =
        async |proxy: Box<dyn ProxyDatabaseTrait>| Database::connect_proxy(DbBackend::Sqlite, Arc::new(proxy)).await;
    let commits = Commits::default();
    let by = |way| Connection { way, commits: commits.clone() };
    Ok(Db {
        writer: by(Way::Writing(writing(Durability::PowerCut))),
        bookkeeper: by(Way::Writing(writing(Durability::Crash))),
        walker: by(Way::Walking(Walking(sqlite.clone()))),
        reader: by(Way::Pool(through(Box::new(Pooled(sqlite.clone()))).await?)),
        schema: through(Box::new(writing(Durability::PowerCut))).await?,
        engine: Engine::Sqlite,
        commits: commits.clone(),
    })
}

async fn connect_postgres(url: &str, max_connections: u32) -> Result<Db, ConnectError> {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_postgres_opts(|options| options.options([("idle_in_transaction_session_timeout", IDLE_TRANSACTION)]));
    let pool = Database::connect(options).await?;
    let commits = Commits::default();
    let connection = Connection { way: Way::Pool(pool.clone()), commits: commits.clone() };
    Ok(Db {
        commits,
        writer: connection.clone(),
        bookkeeper: connection.clone(),
        walker: connection.clone(),
        reader: connection,
        schema: pool,
        engine: Engine::Postgres,
    })
}
