//! One answer to one or more messages.
use sea_orm::entity::prelude::*;

use crate::state::{Outcome, TurnStatus};
use crate::{AgentId, ConversationId, NumberId, TurnId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "turns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TurnId,
    pub workspace_id: WorkspaceId,
    pub conversation_id: ConversationId,
    pub number_id: NumberId,
    pub agent_id: Option<AgentId>,
    pub agent_version: Option<i32>,
    pub status: TurnStatus,
    pub outcome: Option<Outcome>,
    /// How often a newer message made it start again.
    pub restarts: i32,
    pub model: Option<String>,
    pub prompt_tokens: Option<i64>,
    pub completion_tokens: Option<i64>,
    /// The why card: gates, waits, passages, prompt shares, model attempts, tool calls.
    pub trace: Json,
    pub started_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
