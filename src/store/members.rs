//! Members: people who sign in. E-mails are in lower case and unique in the installation.

use entity::member::{ActiveModel, Column, Entity, Model};
use entity::private::{PasswordHash, Text};
use entity::state::Role;
use entity::{MemberId, WorkspaceId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// How two writings of an e-mail compare, and how one is stored.
pub fn folded(email: &str) -> Text {
    Text(email.trim().to_lowercase())
}

pub async fn insert(connection: &impl ConnectionTrait, member: Model) -> Result<(), DbErr> {
    Entity::insert(member.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &MemberId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

/// The row, locked for this transaction.
pub async fn lock(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &MemberId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).lock_exclusive().one(tx).await
}

/// Whoever signs in names no workspace.
pub async fn find_by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Email.eq(folded(email))).one(connection).await
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
    Ok(Page::cut(items, page.limit, |member| member.id.to_string()))
}

/// Admins who can sign in.
pub async fn count_active_admins(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Role.eq(Role::Admin))
        .filter(Column::PasswordHash.is_not_null())
        .count(connection)
        .await
}

/// Writes what people change of a member: name, role, language.
pub async fn update(connection: &impl ConnectionTrait, member: &Model, now: Millis) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(member.id.clone()),
        name: Set(member.name.clone()),
        role: Set(member.role),
        language: Set(member.language.clone()),
        updated_at: Set(now),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn set_password(
    connection: &impl ConnectionTrait,
    id: &MemberId,
    hash: PasswordHash,
    now: Millis,
) -> Result<(), DbErr> {
    let row =
        ActiveModel { id: Set(id.clone()), password_hash: Set(Some(hash)), updated_at: Set(now), ..Default::default() };
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn note_seen(connection: &impl ConnectionTrait, id: &MemberId, now: Millis) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Removes a member; `false` when there is none. Sessions and invites go by their own functions.
pub async fn delete(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &MemberId) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected == 1)
}
