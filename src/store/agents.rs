//! Agents and their versions.

use entity::state::AgentMode;
use entity::{AgentId, WorkspaceId, agent, agent_version};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// An agent with the version that answers.
#[derive(Debug, Clone)]
pub struct Current {
    pub agent: agent::Model,
    pub version: agent_version::Model,
}

pub async fn insert(connection: &impl ConnectionTrait, current: &Current) -> Result<(), DbErr> {
    agent::Entity::insert(current.agent.clone().into_active_model()).exec_without_returning(connection).await?;
    agent_version::Entity::insert(current.version.clone().into_active_model())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Writes a new version and makes it the one that answers.
pub async fn insert_version(
    tx: &impl ConnectionTrait,
    version: &agent_version::Model,
    now: Millis,
) -> Result<(), DbErr> {
    agent_version::Entity::insert(version.clone().into_active_model()).exec_without_returning(tx).await?;
    let row = agent::ActiveModel {
        id: Set(version.agent_id.clone()),
        name: Set(version.name.clone()),
        version: Set(version.version),
        updated_at: Set(now),
        ..Default::default()
    };
    agent::Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn set_mode(
    connection: &impl ConnectionTrait,
    id: &AgentId,
    mode: AgentMode,
    now: Millis,
) -> Result<(), DbErr> {
    let row = agent::ActiveModel { id: Set(id.clone()), mode: Set(mode), updated_at: Set(now), ..Default::default() };
    agent::Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &AgentId,
) -> Result<Option<Current>, DbErr> {
    let Some(agent) = find_agent(connection, workspace_id, id).await? else { return Ok(None) };
    let version = find_version(connection, workspace_id, id, agent.version).await?;
    Ok(version.map(|version| Current { agent, version }))
}

/// An agent without the version that answers.
pub async fn find_agent(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &AgentId,
) -> Result<Option<agent::Model>, DbErr> {
    agent::Entity::find_by_id(id.clone())
        .filter(agent::Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await
}

pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[AgentId],
) -> Result<Vec<agent::Model>, DbErr> {
    let query = agent::Entity::find().filter(agent::Column::WorkspaceId.eq(workspace_id.clone()));
    query.filter(agent::Column::Id.is_in(ids.iter().cloned())).all(connection).await
}

pub async fn find_version(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &AgentId,
    version: i32,
) -> Result<Option<agent_version::Model>, DbErr> {
    agent_version::Entity::find_by_id((id.clone(), version))
        .filter(agent_version::Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await
}

pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Current>, DbErr> {
    let mut query = agent::Entity::find().filter(agent::Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(agent::Column::Id.lt(before.as_str()));
    }
    let agents = query.order_by_desc(agent::Column::Id).limit(page.limit + 1).all(connection).await?;
    let agents = Page::cut(agents, page.limit, |agent| agent.id.to_string());
    let ids: Vec<AgentId> = agents.items.iter().map(|agent| agent.id.clone()).collect();
    let newest = Expr::cust("version = (SELECT a.version FROM agents a WHERE a.id = agent_versions.agent_id)");
    let mut versions = agent_version::Entity::find()
        .filter(agent_version::Column::AgentId.is_in(ids))
        .filter(newest)
        .all(connection)
        .await?;
    let items = agents
        .items
        .into_iter()
        .filter_map(|agent| {
            let place = versions.iter().position(|version| version.agent_id == agent.id)?;
            Some(Current { agent, version: versions.swap_remove(place) })
        })
        .collect();
    Ok(Page { items, next_cursor: agents.next_cursor })
}

pub async fn list_versions(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &AgentId,
    page: &PageRequest,
) -> Result<Page<agent_version::Model>, DbErr> {
    let mut query = agent_version::Entity::find()
        .filter(agent_version::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(agent_version::Column::AgentId.eq(id.clone()));
    if let Some(before) = page.cursor.as_deref().and_then(|cursor| cursor.parse::<i32>().ok()) {
        query = query.filter(agent_version::Column::Version.lt(before));
    }
    let items = query.order_by_desc(agent_version::Column::Version).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |version| version.version.to_string()))
}

/// Versions with a sealed model key, page by page: for a new master key.
pub async fn list_sealed_versions(
    connection: &impl ConnectionTrait,
    offset: u64,
    limit: u64,
) -> Result<Vec<agent_version::Model>, DbErr> {
    agent_version::Entity::find()
        .filter(agent_version::Column::ApiKey.is_not_null())
        .order_by_asc(agent_version::Column::AgentId)
        .order_by_asc(agent_version::Column::Version)
        .offset(offset)
        .limit(limit)
        .all(connection)
        .await
}

pub async fn set_version_key(
    connection: &impl ConnectionTrait,
    version: &agent_version::Model,
    api_key: entity::private::Sealed,
) -> Result<(), DbErr> {
    let row = agent_version::ActiveModel {
        agent_id: Set(version.agent_id.clone()),
        version: Set(version.version),
        api_key: Set(Some(api_key)),
        ..Default::default()
    };
    agent_version::Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Notes that the agent's passages have changed: every index built before is stale.
pub async fn knowledge_changed(tx: &impl ConnectionTrait, id: &AgentId) -> Result<(), DbErr> {
    agent::Entity::update_many()
        .col_expr(agent::Column::KnowledgeRevision, Expr::col(agent::Column::KnowledgeRevision).add(1))
        .filter(agent::Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes an agent with its versions; its knowledge is removed by [`super::knowledge::delete_of_agent`].
pub async fn delete(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &AgentId) -> Result<bool, DbErr> {
    let deleted = agent::Entity::delete_many()
        .filter(agent::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(agent::Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    agent_version::Entity::delete_many()
        .filter(agent_version::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(agent_version::Column::AgentId.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected == 1)
}
