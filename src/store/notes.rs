//! Notes that colleagues leave beside a conversation.

use entity::note::{Column, Entity, Model};
use entity::{ConversationId, NoteId, WorkspaceId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};

pub async fn insert(connection: &impl ConnectionTrait, note: Model) -> Result<(), DbErr> {
    Entity::insert(note.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &NoteId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

/// Some notes of a workspace, in no order.
pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[NoteId],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.is_in(ids.iter().cloned()))
        .all(connection)
        .await
}

/// A conversation's notes, newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    conversation_id: &ConversationId,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::ConversationId.eq(conversation_id.clone()))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |note| note.id.to_string()))
}

/// Removes a note; `false` when there is no such note.
pub async fn delete(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId, id: &NoteId) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(deleted.rows_affected == 1)
}
