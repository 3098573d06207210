//! The schema's history, one file a change. Every change suits the code before and after it.
//!
//! The record of what has been applied is SeaORM's own table and form; the walk through it is ours, since SeaORM's
//! knows SQLite only through a driver that the gateway does not use.

pub use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, QueryResult, Statement, TransactionTrait};

mod m20261121_000001_walk;
mod m20261121_000003_many_nodes;
mod m20261121_000004_shield;
mod m20261121_000006_fairness;
mod m20261121_000007_all_of_whatsapp;
mod m20261121_000008_upkeep;
mod m20261121_000009_members;
mod m20261121_000010_live;
mod m20261121_000011_insight;
mod m20261121_000012_fact_lock;
mod m20261121_000013_places;

/// The history, and what has been applied of it.
pub struct Migrator;

/// One change, and whether it has been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub applied: bool,
}

const RECORD: &str = "seaql_migrations";

impl Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_walk::Migration),
            Box::new(m20261121_000003_many_nodes::Migration),
            Box::new(m20261121_000004_shield::Migration),
            Box::new(m20261121_000006_fairness::Migration),
            Box::new(m20261121_000007_all_of_whatsapp::Migration),
            Box::new(m20261121_000008_upkeep::Migration),
            Box::new(m20261121_000009_members::Migration),
            Box::new(m20261121_000010_live::Migration),
            Box::new(m20261121_000011_insight::Migration),
            Box::new(m20261121_000012_fact_lock::Migration),
            Box::new(m20261121_000013_places::Migration),
        ]
    }

    /// Applies what is pending. On PostgreSQL a change and its record are one transaction.
    pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
        let record =
            format!("CREATE TABLE IF NOT EXISTS {RECORD} (version varchar PRIMARY KEY, applied_at bigint NOT NULL)");
        db.execute_unprepared(&record).await?;
        let applied = applied(db).await?;
        for migration in Self::migrations() {
            if !applied.iter().any(|name| name == migration.name()) {
                step(db, migration.as_ref(), Direction::Up).await?;
            }
        }
        Ok(())
    }

    /// Takes back the last `steps` changes that were applied, or all of them.
    pub async fn down(db: &DatabaseConnection, steps: Option<usize>) -> Result<(), DbErr> {
        let applied = applied(db).await?;
        let newest_first = Self::migrations().into_iter().rev();
        let ours = newest_first.filter(|migration| applied.iter().any(|name| name == migration.name()));
        for migration in ours.take(steps.unwrap_or(usize::MAX)) {
            step(db, migration.as_ref(), Direction::Down).await?;
        }
        Ok(())
    }

    /// The whole history in order. It only reads.
    pub async fn status(db: &impl ConnectionTrait) -> Result<Vec<Step>, DbErr> {
        let applied = applied(db).await?;
        let names = Self::migrations().into_iter().map(|migration| migration.name().to_owned());
        Ok(names.map(|name| Step { applied: applied.contains(&name), name }).collect())
    }

    /// How many changes wait to be applied. It only reads.
    pub async fn pending(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
        Ok(Self::status(db).await?.iter().filter(|step| !step.applied).count())
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

async fn step(db: &DatabaseConnection, migration: &dyn MigrationTrait, direction: Direction) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        change(&SchemaManager::new(db), migration, direction).await?;
        return note(db, migration.name(), direction).await;
    }
    let transaction = db.begin().await?;
    change(&SchemaManager::new(&transaction), migration, direction).await?;
    note(&transaction, migration.name(), direction).await?;
    transaction.commit().await
}

async fn change(
    manager: &SchemaManager<'_>,
    migration: &dyn MigrationTrait,
    direction: Direction,
) -> Result<(), DbErr> {
    match direction {
        Direction::Up => migration.up(manager).await,
        Direction::Down => migration.down(manager).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "when a change was applied is a note for people; nothing waits for it")]
async fn note(db: &impl ConnectionTrait, name: &str, direction: Direction) -> Result<(), DbErr> {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().cast_signed());
    let (text, values) = match direction {
        Direction::Up => {
            (format!("INSERT INTO {RECORD} (version, applied_at) VALUES ($1, $2)"), vec![name.into(), seconds.into()])
        }
        Direction::Down => (format!("DELETE FROM {RECORD} WHERE version = $1"), vec![name.into()]),
    };
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), text, values)).await?;
    Ok(())
}

/// The names of the changes that have been applied; none before the first.
async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let recorded = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
        _ => {
            "SELECT table_name AS name FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let recorded = Statement::from_sql_and_values(backend, recorded, [RECORD.into()]);
    if db.query_one_raw(recorded).await?.is_none() {
        return Ok(Vec::new());
    }
    let rows = db.query_all_raw(Statement::from_string(backend, format!("SELECT version FROM {RECORD}"))).await?;
    rows.iter().map(|row: &QueryResult| row.try_get("", "version")).collect()
}
