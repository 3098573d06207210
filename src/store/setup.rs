//! What the first steps of an installation ask: when a number's first message came, and when the first answer left.

use entity::NumberId;
use entity::state::FileStatus;
use entity::{AgentId, WorkspaceId, agent, knowledge_file};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::clock::Millis;

/// Conversations that are looked into: those with the customers who came first.
const FIRST: i64 = 50;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct FirstExchange {
    pub message_at: Option<Millis>,
    pub answer_at: Option<Millis>,
}

/// When the first of a number's customers wrote, and when WhatsApp took the first answer. Two rows of each of the first
/// conversations are read, however long they have become.
pub async fn first_exchange(connection: &impl ConnectionTrait, number_id: &NumberId) -> Result<FirstExchange, DbErr> {
    let text = "SELECT
            (SELECT m.created_at FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'inbound'
                ORDER BY m.id LIMIT 1) AS message_at,
            (SELECT m.accepted_at FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'outbound'
                AND m.accepted_at IS NOT NULL ORDER BY m.id LIMIT 1) AS answer_at
        FROM (SELECT id FROM conversations WHERE number_id = $1 AND last_inbound_at IS NOT NULL
            ORDER BY contact_id LIMIT $2) c";
    let statement = super::sql(connection, text, [number_id.clone().into(), FIRST.into()]);
    let all = FirstExchange::find_by_statement(statement).all(connection).await?;
    Ok(FirstExchange {
        message_at: all.iter().filter_map(|one| one.message_at).min(),
        answer_at: all.iter().filter_map(|one| one.answer_at).min(),
    })
}

/// The agent a workspace began with.
pub async fn oldest_agent(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
) -> Result<Option<agent::Model>, DbErr> {
    agent::Entity::find()
        .filter(agent::Column::WorkspaceId.eq(workspace_id.clone()))
        .order_by_asc(agent::Column::Id)
        .one(connection)
        .await
}

/// How many files an agent answers from, and since when there is one.
pub async fn ready_files(
    connection: &impl ConnectionTrait,
    agent_id: &AgentId,
) -> Result<(i64, Option<Millis>), DbErr> {
    let files = knowledge_file::Entity::find()
        .filter(knowledge_file::Column::AgentId.eq(agent_id.clone()))
        .filter(knowledge_file::Column::Status.eq(FileStatus::Ready))
        .all(connection)
        .await?;
    let first = files.iter().map(|file| file.updated_at).min();
    Ok((i64::try_from(files.len()).unwrap_or(i64::MAX), first))
}
