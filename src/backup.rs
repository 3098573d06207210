//! Backup and restore of the embedded database, while the gateway runs and while it does not.

use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbErr};

use crate::bootstrap::{BootstrapError, lock_process};
use crate::store::{self, Db, Engine, database_file};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("only the embedded database is backed up by this command: use pg_dump and pg_restore for PostgreSQL")]
    NotEmbedded,
    #[error("{0} is there already: name a file that is not")]
    Exists(PathBuf),
    #[error("{0} is not a sound backup: {1}")]
    Unsound(PathBuf, String),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Lock(#[from] BootstrapError),
    #[error("the database cannot be copied: {0}")]
    Database(#[from] DbErr),
}

/// Writes a consistent copy of the database to `file`, beside running work.
pub async fn backup(db: &Db, file: &Path) -> Result<(), BackupError> {
    if db.engine() != Engine::Sqlite {
        return Err(BackupError::NotEmbedded);
    }
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let path = file.display().to_string().replace('\'', "''");
    db.schema().execute_unprepared(&format!("VACUUM INTO '{path}'")).await?;
    Ok(())
}

/// Puts a backup in the database's place; the old one is kept beside it. The gateway must be stopped.
pub async fn restore(url: &str, file: &Path) -> Result<PathBuf, BackupError> {
    let target = database_file(url).ok_or(BackupError::NotEmbedded)?;
    let _lock = lock_process(url)?;
    check_sound(file)?;
    let with_ending = |ending: &str| PathBuf::from(format!("{}{ending}", target.display()));
    let copied = with_ending(".restoring");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::File { path, source }
    };
    std::fs::copy(file, &copied).map_err(failed(&copied))?;
    let kept = with_ending(".before-restore");
    if target.exists() {
        std::fs::rename(&target, &kept).map_err(failed(&target))?;
        // They belong to the old database; with the new one they would spoil it.
        for ending in ["-wal", "-shm"] {
            let old = with_ending(ending);
            if old.exists() {
                std::fs::rename(&old, PathBuf::from(format!("{}{ending}", kept.display()))).map_err(failed(&old))?;
            }
        }
    }
    std::fs::rename(&copied, &target).map_err(failed(&copied))?;
    Ok(kept)
}

fn check_sound(file: &Path) -> Result<(), BackupError> {
    let unsound = |why: String| BackupError::Unsound(file.to_owned(), why);
    if !file.exists() {
        return Err(unsound("there is no such file".to_owned()));
    }
    store::check_sound(file).map_err(unsound)
}
