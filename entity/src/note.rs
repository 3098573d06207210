//! What colleagues write to each other beside a conversation; customers and models never see it.
use sea_orm::entity::prelude::*;

use crate::private::Text;
use crate::{ActorId, ConversationId, NoteId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoteId,
    pub workspace_id: WorkspaceId,
    pub conversation_id: ConversationId,
    pub author: ActorId,
    pub text: Text,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
