//! A piece of knowledge.
use sea_orm::entity::prelude::*;

use crate::{AgentId, FileId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub workspace_id: WorkspaceId,
    pub agent_id: AgentId,
    /// The headings above it, outermost first, joined by ' > '.
    pub heading: Option<String>,
    /// The page of a document, from 1.
    pub page: Option<i32>,
    /// The row of a table in its file, from 1.
    pub row: Option<i32>,
    /// The source's own words.
    pub text: String,
    pub tokens: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
