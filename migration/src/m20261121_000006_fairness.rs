//! Turns by number: where a turn stands among its number's unfinished ones, so that a number with many keeps nobody
//! else waiting.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 5] = [
    "ALTER TABLE jobs ADD COLUMN number_id text",
    "ALTER TABLE jobs ADD COLUMN place bigint NOT NULL DEFAULT 0",
    "ALTER TABLE jobs ADD COLUMN depth bigint NOT NULL DEFAULT 0",
    "CREATE INDEX jobs_number_place ON jobs (number_id, place) WHERE kind = 'turn' AND status <> 'dead'",
    "CREATE INDEX jobs_depth ON jobs (depth, id) WHERE kind = 'turn' AND status <> 'dead'",
];
const DOWN: [&str; 5] = [
    "DROP INDEX jobs_depth",
    "DROP INDEX jobs_number_place",
    "ALTER TABLE jobs DROP COLUMN depth",
    "ALTER TABLE jobs DROP COLUMN place",
    "ALTER TABLE jobs DROP COLUMN number_id",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for text in UP {
            manager.get_connection().execute_unprepared(text).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for text in DOWN {
            manager.get_connection().execute_unprepared(text).await?;
        }
        Ok(())
    }
}
