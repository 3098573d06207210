//! What a contact allowed or forbade: one row for each time it was said.
use sea_orm::entity::prelude::*;

use crate::private::Text;
use crate::state::{ConsentScope, ConsentSource, ConsentState};
use crate::{ActorId, ConsentId, ContactId, MessageId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentId,
    pub workspace_id: WorkspaceId,
    pub contact_id: ContactId,
    pub number_id: Option<NumberId>,
    pub scope: ConsentScope,
    pub state: ConsentState,
    pub source: ConsentSource,
    /// The word that was written, or an operator's note.
    pub evidence: Option<Text>,
    pub message_id: Option<MessageId>,
    pub key_id: Option<ActorId>,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
