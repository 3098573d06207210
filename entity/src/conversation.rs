//! One number with one contact.
use sea_orm::entity::prelude::*;

use crate::state::{Owner, Task, TaskReason};
use crate::{ActorId, ContactId, ConversationId, MessageId, NumberId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub workspace_id: WorkspaceId,
    pub number_id: NumberId,
    pub contact_id: ContactId,
    pub owner: Owner,
    /// Grows with every change of owner; a bubble decided under an older epoch never leaves.
    pub epoch: i64,
    pub taken_by: Option<ActorId>,
    /// Grows with every inbound message that wants an answer; a turn that read an older value has been overtaken.
    pub inbound_seq: i64,
    pub unread: i32,
    /// Each inbound message uses some time up; who is far ahead of the clock floods.
    pub written_until: i64,
    pub last_message_id: Option<MessageId>,
    pub last_message_at: i64,
    pub last_inbound_at: Option<i64>,
    pub window_closes_at: Option<i64>,
    /// Until when Meta lets a free entry point (an ad, a page's button) stand open.
    pub free_entry_until: Option<i64>,
    pub task: Option<Task>,
    pub task_reason: Option<TaskReason>,
    pub task_opened_at: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
