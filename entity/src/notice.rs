//! What Meta told of an account, a number or a template.
use sea_orm::entity::prelude::*;

use crate::state::Severity;
use crate::{EventId, NoticeId, NumberId, TemplateId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    pub workspace_id: WorkspaceId,
    pub waba_id: Option<String>,
    pub number_id: Option<NumberId>,
    pub template_id: Option<TemplateId>,
    /// The webhook field it came in.
    pub field: String,
    /// Meta's word for what happened, where there is one.
    pub event: Option<String>,
    pub severity: Severity,
    /// What happened and what to do, in a sentence.
    pub summary: String,
    /// The change's `value`, whole.
    pub body: Json,
    /// Unique within a workspace: the same webhook again is the same notice.
    pub fingerprint: String,
    pub event_id: Option<EventId>,
    pub at: i64,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
