//! What the tables hold of one contact, newest first, each kind by its own index.

use entity::state::{Outcome, TurnStatus};
use entity::{ContactId, ConversationId, TurnId, consent, message, turn};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// A turn without its why card.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "turn::Entity")]
pub struct Turn {
    pub id: TurnId,
    pub conversation_id: ConversationId,
    pub status: TurnStatus,
    pub outcome: Option<Outcome>,
    pub restarts: i32,
    pub model: Option<String>,
    pub started_at: i64,
    pub finished_at: Option<i64>,
}

/// Messages of a conversation with ids below `below`.
pub async fn messages(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
    below: Option<&str>,
    limit: u64,
) -> Result<Vec<message::Model>, DbErr> {
    let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(conversation_id.clone()));
    if let Some(below) = below {
        query = query.filter(message::Column::Id.lt(below));
    }
    query.order_by_desc(message::Column::Id).limit(limit).all(connection).await
}

pub async fn turns(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
    below: Option<&str>,
    limit: u64,
) -> Result<Vec<Turn>, DbErr> {
    let mut query = turn::Entity::find().filter(turn::Column::ConversationId.eq(conversation_id.clone()));
    if let Some(below) = below {
        query = query.filter(turn::Column::Id.lt(below));
    }
    query.order_by_desc(turn::Column::Id).limit(limit).into_partial_model::<Turn>().all(connection).await
}

pub async fn consents(
    connection: &impl ConnectionTrait,
    contact_id: &ContactId,
    below: Option<&str>,
    limit: u64,
) -> Result<Vec<consent::Model>, DbErr> {
    let mut query = consent::Entity::find().filter(consent::Column::ContactId.eq(contact_id.clone()));
    if let Some(below) = below {
        query = query.filter(consent::Column::Id.lt(below));
    }
    query.order_by_desc(consent::Column::Id).limit(limit).all(connection).await
}
