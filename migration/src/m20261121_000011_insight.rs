//! What is counted, what is told of a contact, and what is left when one is forgotten.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 14] = [
    "ALTER TABLE contacts ADD COLUMN fields json_text",
    "ALTER TABLE knowledge_files ADD COLUMN progress integer",
    "ALTER TABLE messages ADD COLUMN asked_at bigint",
    "ALTER TABLE messages ADD COLUMN opened_at bigint",
    "ALTER TABLE workspaces ADD COLUMN stats_until bigint NOT NULL DEFAULT 0",
    "ALTER TABLE workspaces ADD COLUMN suppression_key text",
    "CREATE TABLE stats_days (workspace_id text NOT NULL, day bigint NOT NULL, is_final integer NOT NULL,
        counts bytes_type NOT NULL, made_at bigint NOT NULL, PRIMARY KEY (workspace_id, day))",
    "CREATE INDEX stats_days_open ON stats_days (day) WHERE is_final = 0",
    "CREATE TABLE suppressions (workspace_id text NOT NULL, hash text NOT NULL, at bigint NOT NULL,
        PRIMARY KEY (workspace_id, hash))",
    "CREATE TABLE erasures (contact_id text PRIMARY KEY, workspace_id text NOT NULL, known_by text NOT NULL,
        read_until text, created_at bigint NOT NULL)",
    "CREATE INDEX messages_people ON messages (conversation_id, id) WHERE author IN ('operator', 'phone')",
    "CREATE INDEX messages_files ON messages (media_id) WHERE media_id IS NOT NULL",
    "CREATE INDEX events_failed ON events (id) WHERE status = 'failed'",
    "CREATE INDEX events_unrouted ON events (id) WHERE status = 'unrouted'",
];
const DOWN: [&str; 14] = [
    "DROP INDEX events_unrouted",
    "DROP INDEX events_failed",
    "DROP INDEX messages_files",
    "DROP INDEX messages_people",
    "DROP TABLE erasures",
    "DROP TABLE suppressions",
    "DROP INDEX stats_days_open",
    "DROP TABLE stats_days",
    "ALTER TABLE workspaces DROP COLUMN suppression_key",
    "ALTER TABLE workspaces DROP COLUMN stats_until",
    "ALTER TABLE messages DROP COLUMN opened_at",
    "ALTER TABLE messages DROP COLUMN asked_at",
    "ALTER TABLE knowledge_files DROP COLUMN progress",
    "ALTER TABLE contacts DROP COLUMN fields",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (json, bytes) = match manager.get_database_backend() {
            sea_orm_migration::sea_orm::DbBackend::Postgres => ("jsonb", "bytea"),
            _ => ("jsonb_text", "blob"),
        };
        for text in UP {
            let text = text.replace("json_text", json).replace("bytes_type", bytes);
            manager.get_connection().execute_unprepared(&text).await?;
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
