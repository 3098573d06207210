//! What models have cost where there is a budget, and how far ahead of time a conversation's customer writes.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE TABLE usage (workspace_id text NOT NULL, scope text NOT NULL, subject text NOT NULL,
                day bigint NOT NULL, used_tokens bigint NOT NULL, used_micros bigint NOT NULL,
                PRIMARY KEY (workspace_id, scope, subject, day))",
        )
        .await?;
        db.execute_unprepared("CREATE INDEX usage_day ON usage (day)").await?;
        db.execute_unprepared("ALTER TABLE conversations ADD COLUMN written_until bigint NOT NULL DEFAULT 0").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("ALTER TABLE conversations DROP COLUMN written_until").await?;
        db.execute_unprepared("DROP TABLE usage").await?;
        Ok(())
    }
}
