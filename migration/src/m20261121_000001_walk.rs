//! The first schema: everything one message needs on its way from phone to phone.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().take()
}

fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().default(0).take()
}

fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().default(0).take()
}

fn big_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}

fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().take()
}

fn json_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().take()
}

fn id() -> ColumnDef {
    ColumnDef::new("id").text().not_null().primary_key().take()
}

fn serial() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().take()
}

fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    table
}

fn with_key(mut table: TableCreateStatement, columns: &[&'static str]) -> TableCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    table.primary_key(&mut key);
    table
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("workspaces", vec![id(), text("name"), text_null("default_agent_id"), big("created_at")]),
        table(
            "api_keys",
            vec![
                id(),
                text("workspace_id"),
                text("name"),
                text("role"),
                text("secret_hash"),
                text("hint"),
                big("created_at"),
            ],
        ),
        table(
            "agents",
            vec![
                id(),
                text("workspace_id"),
                text("name"),
                text("mode"),
                int("version"),
                big("knowledge_revision"),
                big("created_at"),
                big("updated_at"),
            ],
        ),
        with_key(
            table(
                "agent_versions",
                vec![
                    text("agent_id"),
                    int("version"),
                    text("workspace_id"),
                    text("name"),
                    text("instructions"),
                    text_null("model_name"),
                    ColumnDef::new("temperature").double().take(),
                    ColumnDef::new("max_output_tokens").integer().take(),
                    text_null("base_url"),
                    text_null("api_key"),
                    big("created_at"),
                    text_null("created_by"),
                ],
            ),
            &["agent_id", "version"],
        ),
        table(
            "numbers",
            vec![
                id(),
                text("workspace_id"),
                text("phone_number_id"),
                text_null("waba_id"),
                text_null("display_phone_number"),
                text_null("display_name"),
                text_null("agent_id"),
                text("mode"),
                text_null("access_token"),
                text_null("app_secret"),
                text_null("app_secret_mac"),
                text_null("verify_token"),
                text_null("verify_token_mac"),
                big_null("held_until"),
                big_null("held_code"),
                json_null("health"),
                big("created_at"),
                big("updated_at"),
            ],
        ),
        table(
            "knowledge_files",
            vec![
                id(),
                text("workspace_id"),
                text("agent_id"),
                text("name"),
                text("media_type"),
                big("size_bytes"),
                text("sha256"),
                text("status"),
                text_null("error"),
                int("passages"),
                int("tokens"),
                json("report"),
                big("created_at"),
                big("updated_at"),
            ],
        ),
        with_key(
            table(
                "knowledge_contents",
                vec![text("file_id"), text("workspace_id"), ColumnDef::new("bytes").blob().not_null().take()],
            ),
            &["file_id"],
        ),
        with_key(
            table(
                "passages",
                vec![
                    text("file_id"),
                    int("ordinal"),
                    text("workspace_id"),
                    text("agent_id"),
                    text_null("heading"),
                    text("text"),
                    int("tokens"),
                ],
            ),
            &["file_id", "ordinal"],
        ),
        table(
            "contacts",
            vec![
                id(),
                text("workspace_id"),
                text_null("phone"),
                text_null("user_id"),
                text_null("username"),
                text_null("name"),
                big("created_at"),
                big("updated_at"),
            ],
        ),
        with_key(
            table(
                "contact_identities",
                vec![
                    text("workspace_id"),
                    text("kind"),
                    text("value"),
                    text("contact_id"),
                    text("number_id"),
                    big("created_at"),
                ],
            ),
            &["workspace_id", "kind", "value"],
        ),
        table(
            "conversations",
            vec![
                id(),
                text("workspace_id"),
                text("number_id"),
                text("contact_id"),
                text("owner"),
                big("epoch"),
                text_null("taken_by"),
                big("inbound_seq"),
                int("unread"),
                text_null("last_message_id"),
                big("last_message_at"),
                big_null("last_inbound_at"),
                big_null("window_closes_at"),
                text_null("task"),
                text_null("task_reason"),
                big_null("task_opened_at"),
                big("created_at"),
            ],
        ),
        table(
            "messages",
            vec![
                id(),
                text("workspace_id"),
                text("conversation_id"),
                text("number_id"),
                text("direction"),
                text("author"),
                text("kind"),
                text_null("text"),
                json("content"),
                text_null("wamid"),
                text_null("reply_to"),
                text_null("turn_id"),
                big("epoch"),
                text_null("status"),
                text_null("outcome"),
                text_null("outcome_reason"),
                json_null("error"),
                int("sends"),
                big_null("released_at"),
                big("sent_at"),
                big_null("accepted_at"),
                big_null("delivered_at"),
                big_null("read_at"),
                big_null("failed_at"),
                text_null("event_id"),
                big("created_at"),
            ],
        ),
        table(
            "early_statuses",
            vec![
                serial(),
                text("number_id"),
                text("wamid"),
                text("status"),
                json_null("error"),
                big("at"),
                big("created_at"),
            ],
        ),
        table(
            "turns",
            vec![
                id(),
                text("workspace_id"),
                text("conversation_id"),
                text("number_id"),
                text_null("agent_id"),
                ColumnDef::new("agent_version").integer().take(),
                text("status"),
                text_null("outcome"),
                int("restarts"),
                text_null("model"),
                big_null("prompt_tokens"),
                big_null("completion_tokens"),
                json("trace"),
                big("started_at"),
                big_null("finished_at"),
            ],
        ),
        table(
            "events",
            vec![
                id(),
                text_null("workspace_id"),
                text_null("door_number_id"),
                text_null("signed_by"),
                ColumnDef::new("body").blob().not_null().take(),
                text("status"),
                text_null("error"),
                int("failures"),
                big("due_at"),
                big("received_at"),
                big_null("applied_at"),
            ],
        ),
        table(
            "jobs",
            vec![
                serial(),
                text("workspace_id"),
                text("kind"),
                text("subject"),
                text("lane"),
                text_null("waiting_key"),
                text("status"),
                big("due_at"),
                big("latest_at"),
                int("attempt"),
                int("failures"),
                big_null("lease_until"),
                text_null("last_error"),
                big("created_at"),
            ],
        ),
        with_key(
            table(
                "idempotency_keys",
                vec![text("workspace_id"), text("key"), text("request_hash"), text("message_id"), big("created_at")],
            ),
            &["workspace_id", "key"],
        ),
    ]
}

/// (table, columns, unique): each serves a query of `store/`.
const INDEXES: &[(&str, &[&str], bool)] = &[
    ("api_keys", &["secret_hash"], true),
    ("api_keys", &["workspace_id", "id"], false),
    ("agents", &["workspace_id", "id"], false),
    ("numbers", &["phone_number_id"], true),
    ("numbers", &["workspace_id", "id"], false),
    ("numbers", &["waba_id"], false),
    ("numbers", &["verify_token_mac"], false),
    ("numbers", &["agent_id"], false),
    ("knowledge_files", &["agent_id", "id"], false),
    ("passages", &["agent_id"], false),
    ("contact_identities", &["contact_id"], false),
    ("conversations", &["number_id", "contact_id"], true),
    ("conversations", &["workspace_id", "last_message_at", "id"], false),
    ("conversations", &["workspace_id", "task", "last_message_at"], false),
    ("conversations", &["contact_id"], false),
    ("conversations", &["number_id", "last_message_at"], false),
    ("messages", &["number_id", "wamid"], true),
    ("messages", &["conversation_id", "id"], false),
    ("messages", &["workspace_id", "id"], false),
    ("messages", &["turn_id"], false),
    ("early_statuses", &["number_id", "wamid"], false),
    ("early_statuses", &["created_at"], false),
    ("turns", &["workspace_id", "id"], false),
    ("turns", &["conversation_id", "id"], false),
    ("events", &["workspace_id", "id"], false),
    ("jobs", &["waiting_key"], true),
    ("jobs", &["lane", "id"], false),
    ("jobs", &["kind", "due_at"], false),
    ("jobs", &["workspace_id", "id"], false),
    ("jobs", &["kind", "subject"], false),
    ("idempotency_keys", &["created_at"], false),
];

/// Partial indexes, in SQL both engines read: they stay as small as the work that is open.
const PARTIAL_INDEXES: &[(&str, &str)] = &[
    ("messages_open", "messages (conversation_id, id) WHERE outcome IS NULL AND direction = 'inbound'"),
    ("messages_open_since", "messages (created_at) WHERE outcome IS NULL AND direction = 'inbound'"),
    ("events_received", "events (due_at, id) WHERE status = 'received'"),
];

fn index_name(table: &str, columns: &[&str]) -> String {
    format!("{table}_{}", columns.join("_"))
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in INDEXES {
            let mut index = Index::create();
            index.name(index_name(table, columns)).table(*table);
            for column in *columns {
                index.col(*column);
            }
            if *unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        for (name, on) in PARTIAL_INDEXES {
            manager.get_connection().execute_unprepared(&format!("CREATE INDEX {name} ON {on}")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables().into_iter().rev() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
        }
        Ok(())
    }
}
