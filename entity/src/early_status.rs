//! A status that came before we knew its wamid; it waits here for the send that will.
use sea_orm::entity::prelude::*;

use crate::NumberId;
use crate::state::MessageStatus;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "early_statuses")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub number_id: NumberId,
    pub wamid: String,
    pub status: MessageStatus,
    pub error: Option<Json>,
    pub pricing: Option<Json>,
    pub at: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
