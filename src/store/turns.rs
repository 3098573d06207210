//! Turns: one answer to one or more messages, and why it became what it is.

use entity::state::{Outcome, TurnStatus};
use entity::turn::{Column, Entity, Model};
use entity::{ConversationId, TurnId, WorkspaceId};
use sea_orm::sea_query::{Expr, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// The turn a conversation has not finished, if there is one: after a crash or a restart it goes on.
pub async fn find_open(connection: &impl ConnectionTrait, id: &ConversationId) -> Result<Option<Model>, DbErr> {
    // Asked for in order, they would be read by another index, and the finished ones with them.
    let open = Entity::find().filter(Column::ConversationId.eq(id.clone())).filter(open()).all(connection).await?;
    Ok(open.into_iter().max_by(|one, other| one.id.cmp(&other.id)))
}

/// In the words of the index over open turns: with bound values SQLite would not see that it serves.
fn open() -> SimpleExpr {
    Expr::cust("status IN ('thinking', 'restarting')")
}

/// Writes the turn as it stands, whether it has been written before or not.
pub async fn upsert(connection: &impl ConnectionTrait, turn: &Model) -> Result<(), DbErr> {
    Entity::insert(turn.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::Id).update_columns(CHANGING).to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// What changes of a turn between its beginning and its end.
const CHANGING: [Column; 10] = [
    Column::AgentId,
    Column::AgentVersion,
    Column::Status,
    Column::Outcome,
    Column::Restarts,
    Column::Model,
    Column::PromptTokens,
    Column::CompletionTokens,
    Column::Trace,
    Column::FinishedAt,
];

/// The turns with these ids, of those there are, in no order.
pub async fn list_by_ids(connection: &impl ConnectionTrait, ids: &[TurnId]) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids.iter().cloned())).all(connection).await
}

/// Ends what a conversation has not finished, because nothing is left to answer.
pub async fn end_open(
    tx: &impl ConnectionTrait,
    id: &ConversationId,
    outcome: Option<Outcome>,
    now: Millis,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(TurnStatus::Ended))
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(Column::ConversationId.eq(id.clone()))
        .filter(open())
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &TurnId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

#[derive(Debug, Default)]
pub struct Filter {
    pub conversation_id: Option<ConversationId>,
    pub outcome: Option<Outcome>,
}

pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(conversation_id) = &filter.conversation_id {
        query = query.filter(Column::ConversationId.eq(conversation_id.clone()));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(Column::Outcome.eq(outcome));
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |turn| turn.id.to_string()))
}
