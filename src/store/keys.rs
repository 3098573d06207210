//! API keys: only their hashes.

use entity::api_key::{ActiveModel, Column, Entity, Model};
use entity::state::Role;
use entity::{KeyId, WorkspaceId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Page, PageRequest};
use crate::clock::Millis;

const HINT_CHARS: usize = 4;

/// Stores a key by its hash; a key that is already there stays as it is.
pub async fn insert(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    name: &str,
    role: Role,
    secret: &str,
    now: Millis,
) -> Result<Model, DbErr> {
    let chars = secret.chars().count();
    let key = Model {
        id: KeyId::generate(now),
        workspace_id: workspace_id.clone(),
        name: name.to_owned(),
        role,
        secret_hash: crate::secrets::api_key_hash(secret),
        hint: secret.chars().skip(chars.saturating_sub(HINT_CHARS)).collect(),
        created_at: now,
    };
    Entity::insert(ActiveModel::from(key.clone())).exec_without_returning(connection).await?;
    Ok(key)
}

pub async fn find_by_secret(connection: &impl ConnectionTrait, secret: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::SecretHash.eq(crate::secrets::api_key_hash(secret))).one(connection).await
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &KeyId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |key| key.id.to_string()))
}

pub async fn count_admins(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Role.eq(Role::Admin))
        .count(connection)
        .await
}

/// Removes a key; `false` when there is no such key.
pub async fn delete(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &KeyId) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(deleted.rows_affected == 1)
}
