//! A file's id at Meta, for one number: it is uploaded once and used again while Meta keeps it.
use sea_orm::entity::prelude::*;

use crate::NumberId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "media_handles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: NumberId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub media_type: String,
    pub meta_id: String,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
