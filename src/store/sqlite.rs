//! The embedded database without a thread between: a statement runs where it is asked for.
//!
//! SeaORM builds the statements and decodes the rows; only its way to SQLite is ours. Its own way hands each statement
//! to another thread and wakes up again for the answer, which costs ten times what the statement itself costs, and one
//! customer's message takes dozens of them. Statements here are short, by key; long ones (lists, exports) go through
//! the pool that has threads of its own.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, mpsc};

use entity::{
    agent, agent_version, api_key, audit_entry, consent, contact, contact_identity, conversation, early_status,
    erasure, event, health_record, idempotency_key, invite, job, knowledge_content, knowledge_file, media,
    media_handle, member, message, note, notice, number, passage, session, stats_day, suppression, template, turn,
    usage, workspace,
};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use sea_orm::sea_query::{ColumnType, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, ExecResult, Iterable, ProxyDatabaseTrait, ProxyExecResult,
    ProxyRow, QueryResult, RuntimeErr, Statement,
};
use tokio::sync::{OwnedMutexGuard, oneshot};

use super::Durability;
use super::connect::{BUSY_TIMEOUT, WAL_AUTOCHECKPOINT_PAGES};

/// Prepared statements kept by each connection.
const STATEMENTS_KEPT: usize = 256;
/// Pages in memory of each connection, in KiB (negative: SQLite's way to say so).
const CACHE_KIB: i64 = -4096;
const SHORTEN_TIMEOUT: std::time::Duration = std::time::Duration::from_millis(200);

/// The one connection that writes, and those that read beside it: some for the walk, some for whatever takes longer.
#[derive(Debug, Clone)]
pub struct Sqlite(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    writer: Arc<tokio::sync::Mutex<rusqlite::Connection>>,
    disk: Disk,
    walkers: Vec<Mutex<Connection>>,
    readers: Vec<Mutex<Connection>>,
    closed: AtomicBool,
}

impl Sqlite {
    pub fn open(path: &Path, walkers: usize, readers: usize) -> Result<Self, DbErr> {
        let connection = open(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "normal"),
            ("foreign_keys", "on"),
            // What is deleted is overwritten, so that a contact who was forgotten is not in the file any more.
            ("secure_delete", "on"),
            ("wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES),
        ] {
            connection.pragma_update(None, name, value).map_err(exec_error)?;
        }
        let reading = |count: usize| {
            let opened = (0..count.max(1)).map(|_| {
                let connection = open(path, OpenFlags::empty())?;
                connection.pragma_update(None, "query_only", "on").map_err(exec_error)?;
                Ok(Mutex::new(connection))
            });
            opened.collect::<Result<Vec<_>, DbErr>>()
        };
        Ok(Self(Arc::new(Connections {
            walkers: reading(walkers)?,
            readers: reading(readers)?,
            writer: Arc::new(tokio::sync::Mutex::new(connection)),
            disk: Disk::start(path)?,
            closed: AtomicBool::new(false),
        })))
    }

    /// Whoever comes after this is refused.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
    }

    fn check_open(&self) -> Result<(), DbErr> {
        let closed = self.0.closed.load(Ordering::Relaxed);
        if closed { Err(DbErr::Conn(RuntimeErr::Internal("the database is closed".to_owned()))) } else { Ok(()) }
    }

    /// Begins a transaction that writes; it waits for the one before it.
    pub async fn begin(&self, durability: Durability) -> Result<Transaction, DbErr> {
        self.check_open()?;
        let writer = self.0.writer.clone().lock_owned().await;
        run(&writer, &bare("BEGIN IMMEDIATE")).map_err(exec_error)?;
        Ok(Transaction { sqlite: self.clone(), durability, writer: Mutex::new(Some(writer)) })
    }

    /// Runs one statement that writes, as a transaction of its own.
    async fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, DbErr> {
        self.check_open()?;
        let done = work(&*self.0.writer.lock().await).map_err(exec_error)?;
        self.settle(durability).await?;
        Ok(done)
    }

    /// Brings the write-ahead log into the file and empties it, unless somebody reads right now.
    pub async fn shorten_log(&self) -> Result<(), DbErr> {
        self.check_open()?;
        let writer = self.0.writer.lock().await;
        // Nobody else writes meanwhile, so it is not waited for long.
        writer.busy_timeout(SHORTEN_TIMEOUT).map_err(exec_error)?;
        let done = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        writer.busy_timeout(BUSY_TIMEOUT).map_err(exec_error)?;
        match done.map_err(exec_error)? {
            0 => Ok(()),
            _ => Err(DbErr::Custom("somebody reads".to_owned())),
        }
    }

    async fn settle(&self, durability: Durability) -> Result<(), DbErr> {
        match durability {
            Durability::PowerCut => self.0.disk.sync().await,
            Durability::Crash => Ok(()),
        }
    }

    fn read<T>(
        &self,
        connections: &[Mutex<Connection>],
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, DbErr> {
        self.check_open()?;
        let free = connections.iter().find_map(|connection| connection.try_lock().ok());
        let connection = free.unwrap_or_else(|| connections[0].lock().unwrap_or_else(PoisonError::into_inner));
        work(&connection).map_err(query_error)
    }
}

/// Brings the write-ahead log to the disk, on a thread that may wait for it.
///
/// SQLite itself (`synchronous = NORMAL`) leaves a commit in the operating system's hands: safe from a crash of the
/// process. Whoever needs more waits here for a sync that began after his commit, and all who wait share one. That is
/// what `synchronous = FULL` does at each commit, without keeping the next transaction waiting meanwhile (SQLite:
/// "Write-Ahead Logging", 3.3: with NORMAL the log is synced before each checkpoint; its frames carry checksums, so
/// what is on the disk up to a commit is found again).
#[derive(Debug)]
struct Disk(mpsc::Sender<oneshot::Sender<std::io::Result<()>>>);

impl Disk {
    fn start(database: &Path) -> Result<Self, DbErr> {
        let failed = |error: std::io::Error| DbErr::Conn(RuntimeErr::Internal(format!("the write-ahead log: {error}")));
        let log = File::open(format!("{}-wal", database.display())).map_err(failed)?;
        // The log was made a moment ago: its name must survive a power cut too.
        let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        let (sender, waiting) = mpsc::channel::<oneshot::Sender<std::io::Result<()>>>();
        let syncing = move || {
            while let Ok(first) = waiting.recv() {
                let together: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
                let synced = log.sync_data();
                for waiter in together {
                    let told = synced.as_ref().copied().map_err(|error| error.kind().into());
                    // Whoever waited may be gone.
                    let _ = waiter.send(told);
                }
            }
        };
        std::thread::Builder::new().name("disk".to_owned()).spawn(syncing).map_err(failed)?;
        Ok(Self(sender))
    }

    async fn sync(&self) -> Result<(), DbErr> {
        let failed =
            |why: &str| DbErr::Exec(RuntimeErr::Internal(format!("the write-ahead log was not synced: {why}")));
        let (done, synced) = oneshot::channel();
        self.0.send(done).map_err(|_| failed("its thread is gone"))?;
        match synced.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failed(&error.to_string())),
            Err(_) => Err(failed("its thread is gone")),
        }
    }
}

/// The writer, for single statements.
#[derive(Debug, Clone)]
pub struct Writing {
    pub sqlite: Sqlite,
    pub durability: Durability,
}

/// Reads of the walk, by key: they run at once, where they are asked for.
#[derive(Debug, Clone)]
pub struct Walking(pub Sqlite);

/// Reads that may take long: they run on threads that may wait.
#[derive(Debug, Clone)]
pub struct Pooled(pub Sqlite);

/// A transaction that writes; dropped before its commit, it is rolled back.
#[derive(Debug)]
pub struct Transaction {
    sqlite: Sqlite,
    durability: Durability,
    writer: Mutex<Option<OwnedMutexGuard<Connection>>>,
}

impl Transaction {
    /// Returns once the commit is as durable as was asked for. The next transaction begins before that.
    pub async fn commit(self) -> Result<(), DbErr> {
        let writer = self.lock().take().ok_or_else(ended)?;
        let done = run(&writer, &bare("COMMIT"));
        if done.is_err() {
            // A full disk, say: the connection goes on with the next transaction.
            roll_back(&writer);
        }
        drop(writer);
        done.map_err(exec_error)?;
        self.sqlite.settle(self.durability).await
    }

    fn lock(&self) -> MutexGuard<'_, Option<OwnedMutexGuard<Connection>>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn within<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, DbErr> {
        let writer = self.lock();
        // A full disk makes SQLite roll back by itself: what then came would be committed alone.
        let within = writer.as_deref().filter(|writer| !writer.is_autocommit());
        work(within.ok_or_else(ended)?).map_err(exec_error)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(writer) = self.lock().take() {
            roll_back(&writer);
        }
    }
}

fn roll_back(writer: &Connection) {
    if !writer.is_autocommit()
        && let Err(error) = run(writer, &bare("ROLLBACK"))
    {
        tracing::error!(error = %error, "a transaction could not be rolled back");
    }
}

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".to_owned())
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.within(|connection| run(connection, &statement))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.within(|connection| run_script(connection, sql))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.within(|connection| rows(connection, &statement)).map(|rows| rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.within(|connection| rows(connection, &statement))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Writing {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.sqlite.write(self.durability, |connection| run(connection, &statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.sqlite.write(self.durability, |connection| run_script(connection, sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.sqlite
            .write(self.durability, |connection| rows(connection, &statement))
            .await
            .map(|rows| rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.sqlite.write(self.durability, |connection| rows(connection, &statement)).await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Walking {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.read(&self.0.0.walkers, |connection| run(connection, &statement))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.read(&self.0.0.walkers, |connection| run_script(connection, sql))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.read(&self.0.0.walkers, |connection| rows(connection, &statement)).map(|rows| rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.read(&self.0.0.walkers, |connection| rows(connection, &statement))
    }
}

#[async_trait::async_trait]
impl ProxyDatabaseTrait for Pooled {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let sqlite = self.0.clone();
        let read = move || sqlite.read(&sqlite.0.readers, |connection| proxy_rows(connection, &statement));
        tokio::task::spawn_blocking(read).await.map_err(|error| DbErr::Custom(error.to_string()))?
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        let sqlite = self.0.clone();
        let read = move || sqlite.read(&sqlite.0.readers, |connection| run(connection, &statement));
        let done = tokio::task::spawn_blocking(read).await.map_err(|error| DbErr::Custom(error.to_string()))?;
        done.map(ProxyExecResult::from)
    }
}

#[async_trait::async_trait]
impl ProxyDatabaseTrait for Writing {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.sqlite.write(self.durability, |connection| proxy_rows(connection, &statement)).await
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.sqlite.write(self.durability, |connection| run(connection, &statement)).await.map(ProxyExecResult::from)
    }
}

/// Whether the file is a sound database of Switchboard, or why not.
pub fn check_sound(path: &Path) -> Result<(), String> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| error.to_string())?;
    let answer: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(|error| error.to_string())?;
    if answer != "ok" {
        return Err(answer);
    }
    connection
        .query_row("SELECT count(*) FROM seaql_migrations", [], |row| row.get::<_, i64>(0))
        .map_err(|_| "it is not a database of Switchboard".to_owned())?;
    Ok(())
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, DbErr> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(conn_error)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(conn_error)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "cache_size", CACHE_KIB).map_err(conn_error)?;
    teach_folding(&connection).map_err(conn_error)?;
    Ok(connection)
}

/// `holds(text, words)`: whether a text holds words that are folded already. SQLite's own `lower` and `LIKE` know the
/// case of ASCII letters only.
fn teach_folding(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("holds", 2, flags, |arguments| {
        let text = arguments.get_raw(0).as_str_or_null()?;
        let words = arguments.get_raw(1).as_str()?;
        Ok(text.is_some_and(|text| text.to_lowercase().contains(words)))
    })
}

fn bare(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

fn run(connection: &Connection, statement: &Statement) -> rusqlite::Result<ExecResult> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    bind(&mut prepared, statement)?;
    // A statement that answers rows is run to its end all the same.
    if prepared.column_count() > 0 {
        let mut rows = prepared.raw_query();
        while rows.next()?.is_some() {}
    } else {
        prepared.raw_execute()?;
    }
    Ok(done(connection))
}

fn run_script(connection: &Connection, sql: &str) -> rusqlite::Result<ExecResult> {
    connection.execute_batch(sql)?;
    Ok(done(connection))
}

fn done(connection: &Connection) -> ExecResult {
    let last_insert_id = u64::try_from(connection.last_insert_rowid()).unwrap_or(0);
    ProxyExecResult { last_insert_id, rows_affected: connection.changes() }.into()
}

fn rows(connection: &Connection, statement: &Statement) -> rusqlite::Result<Vec<QueryResult>> {
    Ok(proxy_rows(connection, statement)?.into_iter().map(QueryResult::from).collect())
}

fn proxy_rows(connection: &Connection, statement: &Statement) -> rusqlite::Result<Vec<ProxyRow>> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    bind(&mut prepared, statement)?;
    let columns: Vec<(String, Kind)> =
        prepared.columns().iter().map(|column| (column.name().to_owned(), Kind::of(column))).collect();
    let mut found = Vec::new();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        let mut values = BTreeMap::new();
        for (place, (name, kind)) in columns.iter().enumerate() {
            let value = row.get_ref(place)?;
            let told = kind
                .read(value)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(place, value.data_type(), error))?;
            values.insert(name.clone(), told);
        }
        found.push(ProxyRow::new(values));
    }
    Ok(found)
}

/// Binds SeaORM's values: `?` in their order, `$3` by its number.
fn bind(prepared: &mut CachedStatement<'_>, statement: &Statement) -> rusqlite::Result<()> {
    let Some(values) = &statement.values else { return Ok(()) };
    for place in 1..=prepared.parameter_count() {
        let numbered = prepared.parameter_name(place).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = values
            .0
            .get(numbered.unwrap_or(place) - 1)
            .ok_or(rusqlite::Error::InvalidParameterCount(values.0.len(), prepared.parameter_count()))?;
        prepared.raw_bind_parameter(place, to_sql(value)?)?;
    }
    Ok(())
}

fn to_sql(value: &Value) -> rusqlite::Result<ToSqlOutput<'_>> {
    let borrowed = |value| ToSqlOutput::Borrowed(value);
    Ok(match value {
        Value::Bool(value) => borrowed(value.map_or(ValueRef::Null, |value| ValueRef::Integer(value.into()))),
        Value::Int(value) => borrowed(value.map_or(ValueRef::Null, |value| ValueRef::Integer(value.into()))),
        Value::BigInt(value) => borrowed(value.map_or(ValueRef::Null, ValueRef::Integer)),
        Value::Unsigned(value) => borrowed(value.map_or(ValueRef::Null, |value| ValueRef::Integer(value.into()))),
        // LIMIT and OFFSET.
        Value::BigUnsigned(value) => {
            borrowed(value.map_or(ValueRef::Null, |value| ValueRef::Integer(i64::try_from(value).unwrap_or(i64::MAX))))
        }
        Value::Double(value) => borrowed(value.map_or(ValueRef::Null, ValueRef::Real)),
        Value::String(value) => {
            borrowed(value.as_ref().map_or(ValueRef::Null, |value| ValueRef::Text(value.as_bytes())))
        }
        Value::Bytes(value) => borrowed(value.as_ref().map_or(ValueRef::Null, |value| ValueRef::Blob(value))),
        Value::Json(value) => match value {
            Some(value) => ToSqlOutput::Owned(rusqlite::types::Value::Text(value.to_string())),
            None => borrowed(ValueRef::Null),
        },
        other => {
            let unknown = format!("a value of a kind no table has: {other:?}");
            return Err(rusqlite::Error::ToSqlConversionFailure(unknown.into()));
        }
    })
}

/// What a column holds, as SeaORM wants to be told. SQLite itself only knows integers, reals, texts and blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    BigInt,
    Double,
    Text,
    Json,
    Bytes,
}

impl Kind {
    /// By the column's name, since SQLite calls both lengths of integer the same; where a name means two things in
    /// two tables, by the type the table was made with.
    fn of(column: &rusqlite::Column<'_>) -> Self {
        COLUMNS.get(column.name()).copied().unwrap_or_else(|| match column.decl_type() {
            Some("double") => Self::Double,
            Some("json_text" | "jsonb_text") => Self::Json,
            Some("blob") => Self::Bytes,
            // What else there is, the value itself tells.
            _ => Self::BigInt,
        })
    }

    fn of_type(kind: &ColumnType) -> Self {
        match kind {
            ColumnType::Integer => Self::Int,
            ColumnType::Double => Self::Double,
            ColumnType::Json | ColumnType::JsonBinary => Self::Json,
            ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob => Self::Bytes,
            ColumnType::String(_) | ColumnType::Text | ColumnType::Enum { .. } => Self::Text,
            _ => Self::BigInt,
        }
    }

    /// SeaORM takes a value of the wrong kind for a null, so what does not fit is refused here.
    fn read(self, value: ValueRef<'_>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(match (self, value) {
            (Self::Int, ValueRef::Null) => Value::Int(None),
            (Self::BigInt, ValueRef::Null) => Value::BigInt(None),
            (Self::Double, ValueRef::Null) => Value::Double(None),
            (Self::Text, ValueRef::Null) => Value::String(None),
            (Self::Json, ValueRef::Null) => Value::Json(None),
            (Self::Bytes, ValueRef::Null) => Value::Bytes(None),
            (Self::Int, ValueRef::Integer(value)) => Value::Int(Some(i32::try_from(value)?)),
            (Self::Double, ValueRef::Integer(value)) => Value::Double(Some(value as f64)),
            (_, ValueRef::Integer(value)) => Value::BigInt(Some(value)),
            (_, ValueRef::Real(value)) => Value::Double(Some(value)),
            (Self::Json, ValueRef::Text(value)) => Value::Json(Some(serde_json::from_slice(value)?)),
            (_, ValueRef::Text(value)) => Value::String(Some(std::str::from_utf8(value)?.to_owned())),
            (_, ValueRef::Blob(value)) => Value::Bytes(Some(value.to_vec())),
        })
    }
}

/// Column names and what they hold, for statements whose columns SQLite does not tell the type of. A name that means
/// two things in two tables is left out.
static COLUMNS: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let mut kinds: HashMap<String, Option<Kind>> = HashMap::new();
    let mut note = |name: &str, kind: Kind| {
        kinds
            .entry(name.to_owned())
            .and_modify(|known| *known = known.filter(|known| *known == kind))
            .or_insert(Some(kind));
    };
    macro_rules! note_all {
        ($($table:ident),*) => {$(
            for column in $table::Column::iter() {
                note(sea_orm::IdenStatic::as_str(&column), Kind::of_type(column.def().get_column_type()));
            }
        )*};
    }
    note_all!(
        agent,
        agent_version,
        api_key,
        audit_entry,
        consent,
        contact,
        contact_identity,
        conversation,
        early_status,
        erasure,
        event,
        health_record,
        idempotency_key,
        invite,
        job,
        knowledge_content,
        knowledge_file,
        media,
        media_handle,
        member,
        message,
        note,
        notice,
        number,
        passage,
        session,
        stats_day,
        suppression,
        template,
        turn,
        usage,
        workspace
    );
    kinds.into_iter().filter_map(|(name, kind)| Some((name, kind?))).collect()
});

fn exec_error(error: rusqlite::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::Internal(error.to_string()))
}

fn query_error(error: rusqlite::Error) -> DbErr {
    DbErr::Query(RuntimeErr::Internal(error.to_string()))
}

fn conn_error(error: rusqlite::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writing(sqlite: &Sqlite) -> Writing {
        Writing { sqlite: sqlite.clone(), durability: Durability::PowerCut }
    }

    async fn opened(folder: &tempfile::TempDir) -> Sqlite {
        let sqlite = Sqlite::open(&folder.path().join("test.db"), 1, 1).expect("opens");
        let schema = sea_orm::Database::connect_proxy(DbBackend::Sqlite, Arc::new(Box::new(writing(&sqlite))));
        migration::Migrator::up(&schema.await.expect("a proxy")).await.expect("the schema");
        sqlite
    }

    #[tokio::test]
    async fn the_log_is_synced_by_us_before_what_must_survive_a_power_cut_is_done() {
        let folder = tempfile::tempdir().expect("tempdir");
        let sqlite = opened(&folder).await;
        for (pragma, expected) in [("synchronous", 1), ("foreign_keys", 1), ("wal_autocheckpoint", 4000)] {
            let row = writing(&sqlite).query_one_raw(bare(&format!("PRAGMA {pragma}"))).await;
            let row = row.expect("a pragma").expect("a row");
            assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), expected, "{pragma}");
        }
        let insert = "INSERT INTO workspaces (id, name, created_at) VALUES ";
        // Without the thread that syncs, only what need not be synced can be done.
        let (broken, _) = mpsc::channel();
        let broken = Connections { disk: Disk(broken), ..Arc::try_unwrap(sqlite.0).expect("ours alone") };
        let sqlite = Sqlite(Arc::new(broken));
        let crash = sqlite.begin(Durability::Crash).await.expect("begins");
        crash.execute_unprepared(&format!("{insert} ('wsp_1', 'n', 1)")).await.expect("inserts");
        crash.commit().await.expect("a crash of the process costs it nothing");
        let power_cut = sqlite.begin(Durability::PowerCut).await.expect("begins");
        power_cut.execute_unprepared(&format!("{insert} ('wsp_2', 'n', 1)")).await.expect("inserts");
        let refused = power_cut.commit().await.expect_err("it may not be on the disk");
        assert!(refused.to_string().contains("not synced"), "{refused}");
        assert!(writing(&sqlite).execute_unprepared(&format!("{insert} ('wsp_3', 'n', 1)")).await.is_err());
    }

    #[tokio::test]
    async fn a_transaction_that_is_dropped_changes_nothing_and_the_next_one_goes_on() {
        let folder = tempfile::tempdir().expect("tempdir");
        let sqlite = opened(&folder).await;
        let insert = "INSERT INTO workspaces (id, name, created_at) VALUES ('wsp_1', 'n', 1)";
        let count = async |connection: &Walking| {
            let row = connection.query_one_raw(bare("SELECT count(*) AS rows FROM workspaces")).await;
            row.expect("a count").expect("a row").try_get::<i64>("", "rows").expect("a number")
        };
        let dropped = sqlite.begin(Durability::PowerCut).await.expect("begins");
        dropped.execute_unprepared(insert).await.expect("inserts");
        drop(dropped);
        assert_eq!(count(&Walking(sqlite.clone())).await, 0);
        let kept = sqlite.begin(Durability::PowerCut).await.expect("begins");
        kept.execute_unprepared(insert).await.expect("inserts");
        assert_eq!(count(&Walking(sqlite.clone())).await, 0, "not before the commit");
        kept.commit().await.expect("commits");
        assert_eq!(count(&Walking(sqlite.clone())).await, 1);
        let again = writing(&sqlite).execute_unprepared(insert).await.expect_err("it is there already");
        assert!(super::super::violates_unique(&again), "{again}");
    }
}
