//! Message templates, as Meta last told of them.

use std::collections::BTreeMap;

use entity::template::{Column, Entity, Model};
use entity::{TemplateId, WorkspaceId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Meta lists it no longer.
pub const DELETED: &str = "DELETED";

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &TemplateId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

pub async fn find_by_name(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    name: &str,
    language: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::Name.eq(name))
        .filter(Column::Language.eq(language))
        .one(connection)
        .await
}

pub async fn find_by_meta_id(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    meta_id: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::MetaId.eq(meta_id))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await
}

/// All that a workspace has of an account.
pub async fn list_of_account(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .all(connection)
        .await
}

/// What a template is asked for by.
#[derive(Clone, Debug, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Named {
    pub name: String,
    pub language: String,
}

/// Name and language of all templates that an account is known to have; none where it was never read.
pub async fn list_names(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
) -> Result<Vec<Named>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::Status.ne(DELETED))
        .into_partial_model::<Named>()
        .all(connection)
        .await
}

/// Approved templates of an account in these categories, by category from Z to A, those that are sent most before others.
pub async fn list_approved(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    categories: &[&str],
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::Status.eq("APPROVED"))
        .filter(Column::Category.is_in(categories.iter().copied()))
        .order_by_desc(Column::Category)
        .order_by_desc(Column::Sends)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await
}

pub async fn insert(connection: &impl ConnectionTrait, template: Model) -> Result<(), DbErr> {
    Entity::insert(template.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes what Meta tells of a template; what is counted here stays.
pub async fn update(connection: &impl ConnectionTrait, template: Model) -> Result<(), DbErr> {
    let mut row = template.into_active_model().reset_all();
    row.sends.take();
    row.last_sent_at.take();
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Notes that the account's templates were read.
pub async fn note_synced(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
    now: Millis,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SyncedAt, Expr::value(now))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .filter(Column::Status.ne(DELETED))
        .exec(connection)
        .await?;
    Ok(())
}

/// Counts a message that Graph took.
pub async fn note_sent(connection: &impl ConnectionTrait, id: &TemplateId, now: Millis) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Sends, Expr::col(Column::Sends).add(1))
        .col_expr(Column::LastSentAt, Expr::value(now))
        .filter(Column::Id.eq(id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// How many templates of the account have each status.
pub async fn count_by_status(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    waba_id: &str,
) -> Result<BTreeMap<String, i64>, DbErr> {
    let counts: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::Status)
        .column_as(Column::Id.count(), "templates")
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::WabaId.eq(waba_id))
        .group_by(Column::Status)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().collect())
}

/// Which templates are asked for.
#[derive(Debug, Default)]
pub struct Filter {
    pub waba_id: Option<String>,
    pub status: Option<String>,
    pub category: Option<String>,
    pub language: Option<String>,
    pub name: Option<String>,
}

/// Newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    let wanted = [
        (Column::WabaId, &filter.waba_id),
        (Column::Status, &filter.status),
        (Column::Category, &filter.category),
        (Column::Language, &filter.language),
        (Column::Name, &filter.name),
    ];
    for (column, value) in wanted {
        if let Some(value) = value {
            query = query.filter(column.eq(value));
        }
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |template| template.id.to_string()))
}
