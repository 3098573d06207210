//! People who sign in, their sessions and invites; who did what; when Meta verified a number's webhook.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: [&str; 16] = [
    "ALTER TABLE messages ADD COLUMN actor text",
    "ALTER TABLE numbers ADD COLUMN webhook_verified_at bigint",
    "CREATE TABLE members (id text PRIMARY KEY, workspace_id text NOT NULL, email text NOT NULL, name text,
        role text NOT NULL, language text, password_hash text, last_seen_at bigint, created_at bigint NOT NULL,
        updated_at bigint NOT NULL)",
    "CREATE UNIQUE INDEX members_email ON members (email)",
    "CREATE INDEX members_workspace_id ON members (workspace_id, id)",
    "CREATE TABLE sessions (id text PRIMARY KEY, workspace_id text NOT NULL, actor text NOT NULL,
        token_hash text NOT NULL, csrf_token text NOT NULL, user_agent text, created_at bigint NOT NULL,
        last_seen_at bigint NOT NULL, expires_at bigint NOT NULL)",
    "CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash)",
    "CREATE INDEX sessions_actor ON sessions (actor)",
    "CREATE TABLE invites (id text PRIMARY KEY, workspace_id text NOT NULL, member_id text NOT NULL,
        token_hash text NOT NULL, created_at bigint NOT NULL, expires_at bigint NOT NULL)",
    "CREATE UNIQUE INDEX invites_member_id ON invites (member_id)",
    "CREATE UNIQUE INDEX invites_token_hash ON invites (token_hash)",
    "CREATE TABLE audit_entries (id text PRIMARY KEY, workspace_id text NOT NULL, at bigint NOT NULL, actor text,
        actor_name text, action text NOT NULL, path text NOT NULL, subject text, fields json_text NOT NULL,
        address text, http_status integer NOT NULL)",
    "CREATE INDEX audit_entries_workspace_id ON audit_entries (workspace_id, id)",
    "CREATE INDEX audit_entries_actor ON audit_entries (workspace_id, actor, id)",
    "CREATE INDEX audit_entries_action ON audit_entries (workspace_id, action, id)",
    "CREATE INDEX audit_entries_subject ON audit_entries (workspace_id, subject, id)",
];
const DOWN: [&str; 6] = [
    "DROP TABLE audit_entries",
    "DROP TABLE invites",
    "DROP TABLE sessions",
    "DROP TABLE members",
    "ALTER TABLE numbers DROP COLUMN webhook_verified_at",
    "ALTER TABLE messages DROP COLUMN actor",
];

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
        for text in DOWN {
            manager.get_connection().execute_unprepared(text).await?;
        }
        Ok(())
    }
}
