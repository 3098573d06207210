//! A file a team uploaded.
use sea_orm::entity::prelude::*;

use crate::state::FileStatus;
use crate::{AgentId, FileId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub workspace_id: WorkspaceId,
    pub agent_id: AgentId,
    pub name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: String,
    pub status: FileStatus,
    /// What was wrong, in words for the uploader.
    pub error: Option<String>,
    pub passages: i32,
    pub tokens: i32,
    /// How much of it is indexed, in percent, while it is.
    pub progress: Option<i32>,
    /// What was read and what was passed over.
    pub report: Json,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
