//! A tenant.
use sea_orm::entity::prelude::*;

use crate::private::Sealed;
use crate::{AgentId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkspaceId,
    pub name: String,
    /// Answers on numbers that have no agent of their own.
    pub default_agent_id: Option<AgentId>,
    /// What a customer writes to opt out and in, beside the words that are known anyway: `{opt_out, opt_in,
    /// opt_out_reply, opt_in_reply}`.
    pub consent_words: Option<Json>,
    /// The first day that is not counted yet: UTC days since 1970.
    pub stats_until: i64,
    /// What those are known by who are not to be written to after they were forgotten.
    pub suppression_key: Option<Sealed>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
