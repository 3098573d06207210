//! All that WhatsApp carries: media, templates, consent and blocks, what Meta tells of an account, the number's health.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 36] = [
    "CREATE TABLE media (id text PRIMARY KEY, workspace_id text NOT NULL, number_id text, message_id text,
        source text NOT NULL, kind text NOT NULL, status text NOT NULL, meta_id text, url text, declared_type text,
        declared_sha256 text, media_type text, file_name text, size_bytes bigint, sha256 text, error text,
        warning text, created_at bigint NOT NULL, ready_at bigint)",
    "CREATE INDEX media_workspace_id ON media (workspace_id, id)",
    "CREATE INDEX media_content ON media (workspace_id, sha256)",
    "CREATE INDEX media_message ON media (message_id)",
    "CREATE TABLE media_handles (number_id text NOT NULL, sha256 text NOT NULL, media_type text NOT NULL,
        meta_id text NOT NULL, expires_at bigint NOT NULL, PRIMARY KEY (number_id, sha256, media_type))",
    "CREATE TABLE templates (id text PRIMARY KEY, workspace_id text NOT NULL, waba_id text NOT NULL, meta_id text,
        name text NOT NULL, language text NOT NULL, category text NOT NULL, previous_category text, status text NOT NULL,
        parameter_format text NOT NULL, components json_text NOT NULL, quality text, reason text,
        sends integer NOT NULL DEFAULT 0, last_sent_at bigint, synced_at bigint, created_at bigint NOT NULL,
        updated_at bigint NOT NULL)",
    "CREATE UNIQUE INDEX templates_name ON templates (workspace_id, waba_id, name, language)",
    "CREATE INDEX templates_workspace_id ON templates (workspace_id, id)",
    "CREATE INDEX templates_meta_id ON templates (waba_id, meta_id)",
    "CREATE TABLE notices (id text PRIMARY KEY, workspace_id text NOT NULL, waba_id text, number_id text,
        template_id text, field text NOT NULL, event text, severity text NOT NULL, summary text NOT NULL,
        body json_text NOT NULL, fingerprint text NOT NULL, event_id text, at bigint NOT NULL,
        created_at bigint NOT NULL)",
    "CREATE UNIQUE INDEX notices_fingerprint ON notices (workspace_id, fingerprint)",
    "CREATE INDEX notices_workspace_id ON notices (workspace_id, id)",
    "CREATE TABLE health_records (id text PRIMARY KEY, workspace_id text NOT NULL, number_id text NOT NULL,
        source text NOT NULL, status text NOT NULL, state json_text NOT NULL, problems json_text NOT NULL,
        at bigint NOT NULL)",
    "CREATE INDEX health_records_number ON health_records (number_id, id)",
    "CREATE TABLE consents (id text PRIMARY KEY, workspace_id text NOT NULL, contact_id text NOT NULL, number_id text,
        scope text NOT NULL, state text NOT NULL, source text NOT NULL, evidence text, message_id text, key_id text,
        at bigint NOT NULL)",
    "CREATE INDEX consents_contact ON consents (contact_id, id)",
    "ALTER TABLE contacts ADD COLUMN consent text",
    "ALTER TABLE contacts ADD COLUMN consent_at bigint",
    "ALTER TABLE contacts ADD COLUMN consent_source text",
    "ALTER TABLE contacts ADD COLUMN marketing text",
    "ALTER TABLE contacts ADD COLUMN marketing_at bigint",
    "ALTER TABLE contacts ADD COLUMN blocked_at bigint",
    "CREATE INDEX contacts_workspace_id ON contacts (workspace_id, id)",
    "ALTER TABLE conversations ADD COLUMN free_entry_until bigint",
    "CREATE INDEX conversations_window ON conversations (window_closes_at) WHERE owner = 'human' OR task = 'open'",
    "ALTER TABLE messages ADD COLUMN media_id text",
    "ALTER TABLE messages ADD COLUMN template_id text",
    "ALTER TABLE messages ADD COLUMN pricing json_text",
    "ALTER TABLE messages ADD COLUMN note text",
    "CREATE INDEX messages_reactions ON messages (conversation_id, reply_to) WHERE kind = 'reaction'",
    "ALTER TABLE early_statuses ADD COLUMN pricing json_text",
    "ALTER TABLE numbers ADD COLUMN health_due_at bigint NOT NULL DEFAULT 0",
    "CREATE INDEX numbers_health_due ON numbers (health_due_at)",
    "ALTER TABLE agent_versions ADD COLUMN window_template json_text",
    "ALTER TABLE workspaces ADD COLUMN consent_words json_text",
    "CREATE INDEX messages_priced ON messages (workspace_id, id) WHERE pricing IS NOT NULL",
];
const DOWN: [&str; 23] = [
    "DROP INDEX messages_priced",
    "ALTER TABLE workspaces DROP COLUMN consent_words",
    "ALTER TABLE agent_versions DROP COLUMN window_template",
    "DROP INDEX numbers_health_due",
    "ALTER TABLE numbers DROP COLUMN health_due_at",
    "ALTER TABLE early_statuses DROP COLUMN pricing",
    "DROP INDEX messages_reactions",
    "ALTER TABLE messages DROP COLUMN note",
    "ALTER TABLE messages DROP COLUMN pricing",
    "ALTER TABLE messages DROP COLUMN template_id",
    "ALTER TABLE messages DROP COLUMN media_id",
    "DROP INDEX conversations_window",
    "ALTER TABLE conversations DROP COLUMN free_entry_until",
    "DROP INDEX contacts_workspace_id",
    "ALTER TABLE contacts DROP COLUMN blocked_at",
    "ALTER TABLE contacts DROP COLUMN marketing_at",
    "ALTER TABLE contacts DROP COLUMN marketing",
    "ALTER TABLE contacts DROP COLUMN consent_source",
    "ALTER TABLE contacts DROP COLUMN consent_at",
    "ALTER TABLE contacts DROP COLUMN consent",
    "DROP TABLE consents",
    "DROP TABLE health_records",
    "DROP TABLE notices",
];
const DOWN_TABLES: [&str; 3] = ["DROP TABLE templates", "DROP TABLE media_handles", "DROP TABLE media"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // JSON has a type of its own on PostgreSQL; SQLite keeps it as text.
        let json = match manager.get_database_backend() {
            sea_orm_migration::sea_orm::DbBackend::Postgres => "jsonb",
            _ => "jsonb_text",
        };
        for text in UP {
            manager.get_connection().execute_unprepared(&text.replace("json_text", json)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for text in DOWN.iter().chain(&DOWN_TABLES) {
            manager.get_connection().execute_unprepared(text).await?;
        }
        Ok(())
    }
}
