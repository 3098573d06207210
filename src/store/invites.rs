//! Invites: only the hashes of their links. A member has one at the most, and it works once.

use entity::invite::{Column, Entity, Model};
use entity::{InviteId, MemberId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crate::clock::Millis;
use crate::secrets::api_key_hash;

/// Stores a new one in the place of the one before.
pub async fn replace(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    member_id: &MemberId,
    token: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<(), DbErr> {
    delete_of_member(tx, member_id).await?;
    let invite = Model {
        id: InviteId::generate(now),
        workspace_id: workspace_id.clone(),
        member_id: member_id.clone(),
        token_hash: api_key_hash(token),
        created_at: now,
        expires_at,
    };
    Entity::insert(invite.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The invite of a link, unless its time is over.
pub async fn find_by_token(
    connection: &impl ConnectionTrait,
    token: &str,
    now: Millis,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(api_key_hash(token)))
        .filter(Column::ExpiresAt.gt(now))
        .one(connection)
        .await
}

/// Uses it up; `false` when somebody else was quicker.
pub async fn delete(tx: &impl ConnectionTrait, id: &InviteId) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many().filter(Column::Id.eq(id.clone())).exec(tx).await?;
    Ok(deleted.rows_affected == 1)
}

pub async fn delete_of_member(tx: &impl ConnectionTrait, member_id: &MemberId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::MemberId.eq(member_id.clone())).exec(tx).await?;
    Ok(())
}

pub async fn drop_expired(connection: &impl ConnectionTrait, now: Millis) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(connection).await?;
    Ok(())
}
