//! Where in its file a passage stands.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 2] = ["ALTER TABLE passages ADD COLUMN page integer", "ALTER TABLE passages ADD COLUMN row integer"];
const DOWN: [&str; 2] = ["ALTER TABLE passages DROP COLUMN row", "ALTER TABLE passages DROP COLUMN page"];

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
