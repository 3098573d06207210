//! Somebody who was forgotten and had said not to be written to: known by a keyed hash only.
use sea_orm::entity::prelude::*;

use crate::WorkspaceId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// Of a phone or a business-scoped user id, under the workspace's own key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// When they were forgotten.
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
