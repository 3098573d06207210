//! Files that messages carry: what is known of each. Their bytes lie in `blobs`, under their hash.

use entity::media::{Column, Entity, Model};
use entity::state::{MediaSource, MediaStatus};
use entity::{MediaId, NumberId, WorkspaceId, media_handle, message};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

pub async fn insert(connection: &impl ConnectionTrait, media: Model) -> Result<(), DbErr> {
    Entity::insert(media.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes the whole row.
pub async fn update(connection: &impl ConnectionTrait, media: Model) -> Result<(), DbErr> {
    Entity::update(media.into_active_model().reset_all()).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &MediaId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

#[derive(Debug, Default)]
pub struct Filter {
    pub source: Option<MediaSource>,
    pub status: Option<MediaStatus>,
    pub kind: Option<String>,
}

/// Files of a workspace, newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(source) = filter.source {
        query = query.filter(Column::Source.eq(source));
    }
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(Column::Kind.eq(kind.as_str()));
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |media| media.id.to_string()))
}

/// How many files of a workspace have this content.
pub async fn count_of_content(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    sha256: &str,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Sha256.eq(sha256))
        .count(connection)
        .await
}

/// The files that messages brought or carried.
pub async fn list_of_messages(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[message::Model],
) -> Result<Vec<Model>, DbErr> {
    let ids: Vec<MediaId> = messages.iter().filter_map(|message| message.media_id.clone()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    query.filter(Column::Id.is_in(ids)).all(connection).await
}

pub async fn delete(connection: &impl ConnectionTrait, id: &MediaId) -> Result<(), DbErr> {
    Entity::delete_by_id(id.clone()).exec(connection).await?;
    Ok(())
}

/// A file's id at Meta, while Meta keeps it.
pub async fn find_handle(
    connection: &impl ConnectionTrait,
    number_id: &NumberId,
    sha256: &str,
    media_type: &str,
    now: Millis,
) -> Result<Option<String>, DbErr> {
    let found = media_handle::Entity::find_by_id((number_id.clone(), sha256.to_owned(), media_type.to_owned()));
    let found = found.one(connection).await?;
    Ok(found.filter(|handle| handle.expires_at > now).map(|handle| handle.meta_id))
}

pub async fn keep_handle(connection: &impl ConnectionTrait, handle: media_handle::Model) -> Result<(), DbErr> {
    use media_handle::Column::{ExpiresAt, MediaType, MetaId, NumberId, Sha256};
    media_handle::Entity::insert(handle.into_active_model())
        .on_conflict(OnConflict::columns([NumberId, Sha256, MediaType]).update_columns([MetaId, ExpiresAt]).to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets ids that Meta does not know any more.
pub async fn forget_handles(
    connection: &impl ConnectionTrait,
    number_id: &NumberId,
    meta_ids: &[String],
) -> Result<u64, DbErr> {
    let forgotten = media_handle::Entity::delete_many()
        .filter(media_handle::Column::NumberId.eq(number_id.clone()))
        .filter(media_handle::Column::MetaId.is_in(meta_ids.iter().cloned()))
        .exec(connection)
        .await?;
    Ok(forgotten.rows_affected)
}
