//! What models have cost on one day, counted for one contact, number or workspace.
use sea_orm::entity::prelude::*;

use crate::WorkspaceId;
use crate::state::UsageScope;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "usage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: UsageScope,
    /// Id of the contact, the number or the workspace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Days since 1 January 1970, UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// Prompt and completion; while a call is under way, the most it may use.
    pub used_tokens: i64,
    /// Millionths of the currency of the prices.
    pub used_micros: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
