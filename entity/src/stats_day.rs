//! What was counted of a day that is over.
use sea_orm::entity::prelude::*;

use crate::WorkspaceId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stats_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// UTC days since 1970.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// 1 once nothing of it changes any more.
    pub is_final: i32,
    /// As `stats` writes it.
    pub counts: Vec<u8>,
    pub made_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
