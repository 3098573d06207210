//! Message templates, as Meta last told of them.

use entity::WorkspaceId;
use entity::template::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

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
