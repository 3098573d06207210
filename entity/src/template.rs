//! A message template, as Meta last told of it.
use sea_orm::entity::prelude::*;

use crate::{TemplateId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateId,
    pub workspace_id: WorkspaceId,
    pub waba_id: String,
    pub meta_id: Option<String>,
    pub name: String,
    /// With an underscore, such as `en_US`.
    pub language: String,
    /// Meta's word, in capitals.
    pub category: String,
    pub previous_category: Option<String>,
    /// Meta's word, in capitals.
    pub status: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's own shape.
    pub components: Json,
    pub quality: Option<String>,
    /// Why it was rejected, paused or disabled.
    pub reason: Option<String>,
    /// How often it was sent from here.
    pub sends: i32,
    pub last_sent_at: Option<i64>,
    pub synced_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
