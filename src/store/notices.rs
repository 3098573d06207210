//! Notices: what Meta told of accounts, numbers and templates, and the holds of our own.

use entity::notice::{Column, Entity, Model};
use entity::state::Severity;
use entity::{NoticeId, NumberId, TemplateId, WorkspaceId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Keeps a notice; `false` when it was here already.
pub async fn insert_once(tx: &impl ConnectionTrait, notice: Model) -> Result<bool, DbErr> {
    let inserted = Entity::insert(notice.into_active_model())
        .on_conflict(OnConflict::columns([Column::WorkspaceId, Column::Fingerprint]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(inserted == 1)
}

/// Whether something later was told of the template in the same field: webhooks come in any order.
pub async fn has_later_of_template(
    connection: &impl ConnectionTrait,
    template_id: &TemplateId,
    field: &str,
    at: Millis,
) -> Result<bool, DbErr> {
    let later = Entity::find()
        .filter(Column::TemplateId.eq(template_id.clone()))
        .filter(Column::Field.eq(field))
        .filter(Column::At.gt(at))
        .limit(1)
        .one(connection)
        .await?;
    Ok(later.is_some())
}

/// Which notices are asked for.
#[derive(Debug, Default)]
pub struct Filter {
    pub number: Option<NumberFilter>,
    pub field: Option<String>,
    pub severity: Option<Severity>,
}

/// A number's notices are its own and those of its account.
#[derive(Debug)]
pub struct NumberFilter {
    pub id: NumberId,
    pub waba_id: Option<String>,
}

/// Newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(number) = &filter.number {
        let mut either = Condition::any().add(Column::NumberId.eq(number.id.clone()));
        if let Some(waba_id) = &number.waba_id {
            let of_account = Condition::all().add(Column::NumberId.is_null()).add(Column::WabaId.eq(waba_id));
            either = either.add(of_account);
        }
        query = query.filter(either);
    }
    if let Some(field) = &filter.field {
        query = query.filter(Column::Field.eq(field));
    }
    if let Some(severity) = filter.severity {
        query = query.filter(Column::Severity.eq(severity));
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |notice| notice.id.to_string()))
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &NoticeId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}
