//! Who answers on a number.
use sea_orm::entity::prelude::*;

use crate::state::AgentMode;
use crate::{AgentId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub mode: AgentMode,
    /// The version that answers: the newest one.
    pub version: i32,
    /// Grows with every change to the agent's passages; an index built for another revision is stale.
    pub knowledge_revision: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
