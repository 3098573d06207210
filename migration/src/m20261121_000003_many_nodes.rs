//! What several nodes share besides their work: how fast a number and a pair may send. A conversation's unfinished turn
//! is found without reading its finished ones. And a job counts the workers that died under it apart from its failures.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE INDEX turns_open ON turns (conversation_id) WHERE status IN ('thinking', 'restarting')",
        )
        .await?;
        db.execute_unprepared("ALTER TABLE jobs ADD COLUMN deaths integer NOT NULL DEFAULT 0").await?;
        db.execute_unprepared("CREATE TABLE paces (key text NOT NULL PRIMARY KEY, free_at_us bigint NOT NULL)").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP TABLE paces").await?;
        db.execute_unprepared("ALTER TABLE jobs DROP COLUMN deaths").await?;
        db.execute_unprepared("DROP INDEX turns_open").await?;
        Ok(())
    }
}
