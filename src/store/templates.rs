//! Message templates, as Meta last told of them.

use entity::WorkspaceId;
use entity::template::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

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
