//! Something that somebody did through the management API.
use sea_orm::entity::prelude::*;

use crate::private::Text;
use crate::{ActorId, AuditId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub workspace_id: WorkspaceId,
    pub at: i64,
    /// None where nobody got in.
    pub actor: Option<ActorId>,
    /// What they were called then; of a sign-in that failed, the e-mail that was tried.
    pub actor_name: Option<Text>,
    /// The operation's id in the API's document.
    pub action: String,
    pub path: String,
    /// The id in the path, or of what was made.
    pub subject: Option<String>,
    /// The top-level names of the body, never its values: a list of text.
    pub fields: Json,
    /// The client's.
    pub address: Option<String>,
    /// Of the answer.
    pub http_status: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
