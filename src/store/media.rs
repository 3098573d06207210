//! Files that messages carry: what is known of each. Their content lies in `blobs`, under its hash.

use entity::media::{Column, Entity, Model};
use entity::{MediaId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

pub async fn insert(connection: &impl ConnectionTrait, media: Model) -> Result<(), DbErr> {
    Entity::insert(media.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &MediaId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}
