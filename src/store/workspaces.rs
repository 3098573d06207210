//! Workspaces.

use entity::private::Sealed;
use entity::workspace::{ActiveModel, Column, Entity, Model};
use entity::{AgentId, WorkspaceId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// The workspace the installation began with: instance-wide things, such as unrouted webhooks, are shown there.
pub async fn first(connection: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Id).limit(1).one(connection).await
}

pub async fn insert(connection: &impl ConnectionTrait, name: &str, now: Millis) -> Result<Model, DbErr> {
    let workspace = Model {
        id: WorkspaceId::generate(now),
        name: name.to_owned(),
        default_agent_id: None,
        consent_words: None,
        stats_until: 0,
        suppression_key: None,
        created_at: now,
    };
    Entity::insert(ActiveModel::from(workspace.clone())).exec_without_returning(connection).await?;
    Ok(workspace)
}

pub async fn find(connection: &impl ConnectionTrait, id: &WorkspaceId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).one(connection).await
}

/// Holds the row for this transaction: who counts a workspace's admins counts them alone.
pub async fn lock(tx: &impl ConnectionTrait, id: &WorkspaceId) -> Result<(), DbErr> {
    Entity::find_by_id(id.clone()).lock_exclusive().one(tx).await?;
    Ok(())
}

/// Keeps the key of the workspace's suppressions; `false` when `only_first` and it has one.
pub async fn set_suppression_key(
    connection: &impl ConnectionTrait,
    id: &WorkspaceId,
    key: &Sealed,
    only_first: bool,
) -> Result<bool, DbErr> {
    let mut update = Entity::update_many()
        .col_expr(Column::SuppressionKey, Expr::value(key.clone()))
        .filter(Column::Id.eq(id.clone()));
    if only_first {
        update = update.filter(Column::SuppressionKey.is_null());
    }
    Ok(update.exec(connection).await?.rows_affected == 1)
}

/// All workspaces, oldest first: for the first workspace's admins.
pub async fn list(connection: &impl ConnectionTrait, page: &PageRequest) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find();
    if let Some(after) = &page.cursor {
        query = query.filter(Column::Id.gt(after.as_str()));
    }
    let items = query.order_by_asc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |workspace| workspace.id.to_string()))
}

/// Changes what is given; `None` when there is no such workspace.
pub async fn update(
    connection: &impl ConnectionTrait,
    id: &WorkspaceId,
    name: Option<String>,
    default_agent_id: Option<Option<AgentId>>,
    consent_words: Option<serde_json::Value>,
) -> Result<Option<Model>, DbErr> {
    let Some(mut workspace) = find(connection, id).await? else { return Ok(None) };
    if let Some(name) = name {
        workspace.name = name;
    }
    if let Some(default_agent_id) = default_agent_id {
        workspace.default_agent_id = default_agent_id;
    }
    if consent_words.is_some() {
        workspace.consent_words = consent_words;
    }
    let row = ActiveModel {
        id: Set(workspace.id.clone()),
        consent_words: Set(workspace.consent_words.clone()),
        name: Set(workspace.name.clone()),
        default_agent_id: Set(workspace.default_agent_id.clone()),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(Some(workspace))
}
