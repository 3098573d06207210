//! The audit log: it is written to and read, and never changed.

use std::ops::Range;

use entity::audit_entry::{Column, Entity, Model};
use entity::{ActorId, AuditId, WorkspaceId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Rows that leave in one go.
const SWEPT: u64 = 500;

pub async fn insert(connection: &impl ConnectionTrait, entry: Model) -> Result<(), DbErr> {
    Entity::insert(entry.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

#[derive(Debug, Default)]
pub struct Filter {
    pub actor: Option<ActorId>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// From the start on, and before the end.
    pub times: Range<Option<Millis>>,
}

/// What was done in a workspace, newest first. Ids sort by time, so nothing else is read.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(actor) = &filter.actor {
        query = query.filter(Column::Actor.eq(actor.clone()));
    }
    if let Some(action) = &filter.action {
        query = query.filter(Column::Action.eq(action.as_str()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(Column::Subject.eq(subject.as_str()));
    }
    if let Some(from) = filter.times.start {
        query = query.filter(Column::Id.gte(AuditId::first_at(from)));
    }
    if let Some(to) = filter.times.end {
        query = query.filter(Column::Id.lt(AuditId::first_at(to)));
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |entry| entry.id.to_string()))
}

/// Sweeps some of what is older out.
pub async fn drop_before(connection: &impl ConnectionTrait, before: Millis) -> Result<(), DbErr> {
    let old = Entity::find().select_only().column(Column::Id).filter(Column::Id.lt(AuditId::first_at(before)));
    let ids: Vec<AuditId> = old.order_by_asc(Column::Id).limit(SWEPT).into_tuple().all(connection).await?;
    if !ids.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(ids)).exec(connection).await?;
    }
    Ok(())
}
