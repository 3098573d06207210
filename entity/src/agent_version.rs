//! What an agent was told, change by change.
use sea_orm::entity::prelude::*;

use crate::private::{Sealed, Text};
use crate::state::FactLockMode;
use crate::{ActorId, AgentId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agent_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub agent_id: AgentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub instructions: Text,
    pub model_name: Option<String>,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<i32>,
    pub base_url: Option<String>,
    pub api_key: Option<Sealed>,
    /// Sent instead of a reply that came too late for the customer's window: Meta's `template` object.
    pub window_template: Option<Json>,
    pub fact_lock: FactLockMode,
    pub created_at: i64,
    pub created_by: Option<ActorId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
