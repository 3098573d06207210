//! What a caller's `Idempotency-Key` already sent.

use entity::idempotency_key::{Column, Entity, Model};
use entity::{MessageId, WorkspaceId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crate::clock::Millis;

/// How long a key is remembered.
pub const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;

/// Remembers that `key` sent `message_id`, unless it already sent something: then that is returned.
pub async fn remember(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    key: &str,
    request_hash: &str,
    message_id: &MessageId,
    now: Millis,
) -> Result<Option<Model>, DbErr> {
    forget_before(tx, now - REMEMBERED_MS).await?;
    let row = Model {
        workspace_id: workspace_id.clone(),
        key: key.to_owned(),
        request_hash: request_hash.to_owned(),
        message_id: message_id.clone(),
        created_at: now,
    };
    let inserted = Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([Column::WorkspaceId, Column::Key]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if inserted == 1 {
        return Ok(None);
    }
    Entity::find_by_id((workspace_id.clone(), key.to_owned())).one(tx).await
}

async fn forget_before(tx: &impl ConnectionTrait, before: Millis) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(tx).await?;
    Ok(())
}
