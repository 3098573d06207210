//! Health records: how numbers were, one for each change.

use entity::health_record::{Column, Entity, Model};
use entity::{NumberId, WorkspaceId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};

/// Keeps a record unless the number was last found to be just so; `true` when it was kept. Whoever calls holds the
/// number's row.
pub async fn insert_if_changed(tx: &impl ConnectionTrait, record: Model) -> Result<bool, DbErr> {
    let last = Entity::find()
        .filter(Column::NumberId.eq(record.number_id.clone()))
        .order_by_desc(Column::Id)
        .limit(1)
        .one(tx)
        .await?;
    let same = last.is_some_and(|last| {
        (last.status, &last.state, &last.problems) == (record.status, &record.state, &record.problems)
    });
    if !same {
        Entity::insert(record.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(!same)
}

/// Newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::NumberId.eq(number_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |record| record.id.to_string()))
}
