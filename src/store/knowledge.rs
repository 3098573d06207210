//! Knowledge files and their passages.

use entity::state::FileStatus;
use entity::{AgentId, FileId, WorkspaceId, knowledge_content, knowledge_file, passage};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Passages a statement: the variables of one stay far below SQLite's limit of 32,766.
pub const PASSAGES_PER_INSERT: usize = 500;

pub async fn insert(tx: &impl ConnectionTrait, file: &knowledge_file::Model, bytes: Vec<u8>) -> Result<(), DbErr> {
    let content = knowledge_content::Model { file_id: file.id.clone(), workspace_id: file.workspace_id.clone(), bytes };
    knowledge_file::Entity::insert(file.clone().into_active_model()).exec_without_returning(tx).await?;
    knowledge_content::Entity::insert(content.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &FileId,
) -> Result<Option<knowledge_file::Model>, DbErr> {
    knowledge_file::Entity::find_by_id(id.clone())
        .filter(knowledge_file::Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await
}

pub async fn find_content(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &FileId,
) -> Result<Option<Vec<u8>>, DbErr> {
    let found = knowledge_content::Entity::find_by_id(id.clone())
        .filter(knowledge_content::Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await?;
    Ok(found.map(|content| content.bytes))
}

pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    agent_id: &AgentId,
    page: &PageRequest,
) -> Result<Page<knowledge_file::Model>, DbErr> {
    let mut query = knowledge_file::Entity::find()
        .filter(knowledge_file::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(knowledge_file::Column::AgentId.eq(agent_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(knowledge_file::Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(knowledge_file::Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |file| file.id.to_string()))
}

pub async fn count_of_agent(connection: &impl ConnectionTrait, agent_id: &AgentId) -> Result<u64, DbErr> {
    knowledge_file::Entity::find().filter(knowledge_file::Column::AgentId.eq(agent_id.clone())).count(connection).await
}

/// Whether some file, of any workspace, is being made ready.
pub async fn is_indexing(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    use knowledge_file::Column;
    let one = knowledge_file::Entity::find().filter(Column::Status.eq(FileStatus::Processing)).limit(1);
    Ok(one.select_only().column(Column::Id).into_tuple::<FileId>().one(connection).await?.is_some())
}

/// How indexing a file ended.
#[derive(Debug)]
pub struct Indexed {
    pub status: FileStatus,
    /// In words for the uploader.
    pub error: Option<String>,
    pub passages: usize,
    pub tokens: usize,
    pub report: serde_json::Value,
}

/// Takes out a file's passages, before new ones come or after half of them did.
pub async fn clear_passages(connection: &impl ConnectionTrait, id: &FileId) -> Result<(), DbErr> {
    passage::Entity::delete_many().filter(passage::Column::FileId.eq(id.clone())).exec(connection).await?;
    Ok(())
}

/// Notes how much of a file is indexed, in percent.
pub async fn set_progress(connection: &impl ConnectionTrait, id: &FileId, percent: i32) -> Result<(), DbErr> {
    // It may have been removed meanwhile.
    knowledge_file::Entity::update_many()
        .col_expr(knowledge_file::Column::Progress, Expr::value(percent))
        .filter(knowledge_file::Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Stores some of a file's passages; they are found once the file is ready.
pub async fn insert_passages(connection: &impl ConnectionTrait, passages: &[passage::Model]) -> Result<(), DbErr> {
    let rows = passages.iter().cloned().map(IntoActiveModel::into_active_model);
    passage::Entity::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes how indexing ended. `false` when the file has been removed meanwhile.
pub async fn end_indexing(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &FileId,
    indexed: Indexed,
    now: Millis,
) -> Result<bool, DbErr> {
    if find(tx, workspace_id, id).await?.is_none() {
        return Ok(false);
    }
    let row = knowledge_file::ActiveModel {
        id: Set(id.clone()),
        status: Set(indexed.status),
        error: Set(indexed.error),
        passages: Set(i32::try_from(indexed.passages).unwrap_or(i32::MAX)),
        tokens: Set(i32::try_from(indexed.tokens).unwrap_or(i32::MAX)),
        progress: Set(None),
        report: Set(indexed.report),
        updated_at: Set(now),
        ..Default::default()
    };
    knowledge_file::Entity::update(row).exec_without_returning(tx).await?;
    Ok(true)
}

/// A passage with the name of the file it is from.
#[derive(Debug, Clone, FromQueryResult)]
pub struct NamedPassage {
    pub file_id: FileId,
    pub file_name: String,
    pub ordinal: i32,
    pub heading: Option<String>,
    pub page: Option<i32>,
    pub row: Option<i32>,
    pub text: String,
    pub tokens: i32,
}

/// A file's passages in their order; with `search` those that have it in their words or headings.
pub async fn list_of_file(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &FileId,
    search: Option<&str>,
    page: &PageRequest,
) -> Result<Page<passage::Model>, DbErr> {
    let mut query = passage::Entity::find()
        .filter(passage::Column::FileId.eq(id.clone()))
        .filter(passage::Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(search) = search {
        let of_text = super::holding(connection, "text", search);
        query = query.filter(Condition::any().add(of_text).add(super::holding(connection, "heading", search)));
    }
    if let Some(after) = page.cursor.as_deref().and_then(|cursor| cursor.parse::<i32>().ok()) {
        query = query.filter(passage::Column::Ordinal.gt(after));
    }
    let items = query.order_by_asc(passage::Column::Ordinal).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |passage| passage.ordinal.to_string()))
}

/// How much an agent knows.
#[derive(Debug, FromQueryResult)]
pub struct Amount {
    pub agent_id: AgentId,
    pub files: i64,
    pub tokens_in_all: i64,
}

pub async fn amounts_of_agents(connection: &impl ConnectionTrait, ids: &[AgentId]) -> Result<Vec<Amount>, DbErr> {
    use knowledge_file::Column;
    knowledge_file::Entity::find()
        .select_only()
        .column(Column::AgentId)
        .column_as(Column::Id.count(), "files")
        .column_as(Expr::cust("CAST(sum(tokens) AS bigint)"), "tokens_in_all")
        .filter(Column::AgentId.is_in(ids.iter().cloned()))
        .group_by(Column::AgentId)
        .into_model::<Amount>()
        .all(connection)
        .await
}

/// All passages of an agent's ready files.
pub async fn list_passages(connection: &impl ConnectionTrait, agent_id: &AgentId) -> Result<Vec<NamedPassage>, DbErr> {
    let text = "SELECT p.file_id, f.name AS file_name, p.ordinal, p.heading, p.page, p.row, p.text, p.tokens
        FROM passages p JOIN knowledge_files f ON f.id = p.file_id
        WHERE p.agent_id = $1 AND f.status = 'ready' ORDER BY p.file_id, p.ordinal";
    NamedPassage::find_by_statement(super::sql(connection, text, [agent_id.clone().into()])).all(connection).await
}

/// Removes a file with its passages; `false` when there is no such file.
pub async fn delete(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &FileId) -> Result<bool, DbErr> {
    let deleted = knowledge_file::Entity::delete_many()
        .filter(knowledge_file::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(knowledge_file::Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    if deleted.rows_affected == 0 {
        return Ok(false);
    }
    passage::Entity::delete_many().filter(passage::Column::FileId.eq(id.clone())).exec(tx).await?;
    knowledge_content::Entity::delete_by_id(id.clone()).exec(tx).await?;
    Ok(true)
}

pub async fn delete_of_agent(tx: &impl ConnectionTrait, agent_id: &AgentId) -> Result<(), DbErr> {
    let text = "DELETE FROM knowledge_contents WHERE file_id IN (SELECT id FROM knowledge_files WHERE agent_id = $1)";
    tx.execute_raw(super::sql(tx, text, [agent_id.clone().into()])).await?;
    passage::Entity::delete_many().filter(passage::Column::AgentId.eq(agent_id.clone())).exec(tx).await?;
    knowledge_file::Entity::delete_many().filter(knowledge_file::Column::AgentId.eq(agent_id.clone())).exec(tx).await?;
    Ok(())
}
