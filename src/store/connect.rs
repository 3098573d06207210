//! Opening the database: one writer and several readers on SQLite, one pool on PostgreSQL.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// Pages in the write-ahead log before a checkpoint: more makes rare writes slow, fewer makes all writes slower.
const WAL_AUTOCHECKPOINT_PAGES: &str = "500";
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
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

/// The open database.
#[derive(Debug, Clone)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    engine: Engine,
}

impl Db {
    /// For single statements that write; several belong into [`super::write`].
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For reading what is committed.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }
}

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
    let file = path.display();

    let mut writer = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
    writer
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY_TIMEOUT)
                .pragma("wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)
        });
    let writer = Database::connect(writer).await?;

    let mut reader = ConnectOptions::new(format!("sqlite://{file}?mode=ro"));
    reader
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|options| options.busy_timeout(BUSY_TIMEOUT).pragma("query_only", "on"));
    let reader = Database::connect(reader).await?;

    Ok(Db { writer, reader, engine: Engine::Sqlite })
}

async fn connect_postgres(url: &str, max_connections: u32) -> Result<Db, ConnectError> {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    let pool = Database::connect(options).await?;
    Ok(Db { writer: pool.clone(), reader: pool, engine: Engine::Postgres })
}
