//! When an account's templates are to be read again, kept on each of its numbers; and what was told of one template.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 3] = [
    "ALTER TABLE numbers ADD COLUMN templates_due_at bigint NOT NULL DEFAULT 0",
    "CREATE INDEX numbers_templates_due ON numbers (templates_due_at)",
    "CREATE INDEX notices_template ON notices (template_id, at)",
];
const DOWN: [&str; 3] = [
    "DROP INDEX notices_template",
    "DROP INDEX numbers_templates_due",
    "ALTER TABLE numbers DROP COLUMN templates_due_at",
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
