//! Before anything runs: the schema brought up to date, the first workspace and its admin key, each under a lock.

use std::fs::File;
use std::path::PathBuf;

use entity::state::Role;
use migration::Migrator;
use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};
use secrecy::{ExposeSecret, SecretString};

use crate::app::App;
use crate::secrets::random_api_key;
use crate::store::{self, Db, Engine, database_file};

/// Any number: all nodes of an installation ask for the same lock.
const MIGRATION_LOCK: i64 = 0x5317_c4b0;
const FIRST_WORKSPACE: &str = "Main";

#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error("another process uses the database {0}: SQLite serves one; stop it, or use PostgreSQL for several")]
    InUse(PathBuf),
    #[error("the lock {path} cannot be taken: {source}")]
    Lock { path: PathBuf, source: std::io::Error },
    #[error("the database cannot be prepared: {0}")]
    Database(#[from] DbErr),
}

/// Held for as long as a process works on an embedded database.
#[derive(Debug)]
pub struct ProcessLock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] Option<File>);

/// Keeps a second process away from an embedded database; servers keep their own order.
pub fn lock_process(url: &str) -> Result<ProcessLock, BootstrapError> {
    let Some(file) = database_file(url) else { return Ok(ProcessLock(None)) };
    let path = PathBuf::from(format!("{}.lock", file.display()));
    let failed = |source| BootstrapError::Lock { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(ProcessLock(Some(lock))),
        Err(std::fs::TryLockError::WouldBlock) => Err(BootstrapError::InUse(file)),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Brings the schema up to date and makes the first workspace. Returns the admin key when one was made up: it is to be
/// shown once.
pub async fn prepare(app: &App) -> Result<Option<SecretString>, BootstrapError> {
    let lock = match app.db.engine() {
        Engine::Postgres => Some(lock_database(&app.db).await?),
        // The process lock keeps others away already.
        Engine::Sqlite => None,
    };
    Migrator::up(app.db.schema()).await?;
    let made = first_workspace(app).await?;
    if let Some(lock) = lock {
        lock.commit().await?;
    }
    Ok(made)
}

async fn lock_database(db: &Db) -> Result<sea_orm::DatabaseTransaction, DbErr> {
    let tx = db.schema().begin().await?;
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    Ok(tx)
}

async fn first_workspace(app: &App) -> Result<Option<SecretString>, DbErr> {
    let now = app.now();
    store::write(&app.db, async |tx| {
        let set = app.settings.admin.key.clone();
        let (workspace, made) = match store::workspaces::first(tx).await? {
            Some(workspace) => (workspace, None),
            None => {
                let workspace = store::workspaces::insert(tx, FIRST_WORKSPACE, now).await?;
                (workspace, set.is_none().then(random_api_key))
            }
        };
        if let Some(key) = set.as_ref().or(made.as_ref())
            && store::keys::find_by_secret(tx, key.expose_secret()).await?.is_none()
        {
            store::keys::insert(tx, &workspace.id, "bootstrap", Role::Admin, key.expose_secret(), now).await?;
        }
        Ok(made)
    })
    .await
}
