//! One bubble.
use sea_orm::entity::prelude::*;

use crate::private::{Content, Text};
use crate::state::{Author, Direction, MessageStatus, Outcome};
use crate::{ActorId, ConversationId, EventId, MediaId, MessageId, NumberId, TemplateId, TurnId, WorkspaceId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub workspace_id: WorkspaceId,
    pub conversation_id: ConversationId,
    pub number_id: NumberId,
    pub direction: Direction,
    pub author: Author,
    /// Outbound of a person or a program: who sent it.
    pub actor: Option<ActorId>,
    /// Meta's `type`.
    pub kind: String,
    /// What can be read of it, if anything.
    pub text: Option<Text>,
    /// What else should be known of it: forwarded, from an ad, about a product.
    pub note: Option<Text>,
    pub content: Content,
    /// Meta's id; unique within a number.
    pub wamid: Option<String>,
    /// The file it carries.
    pub media_id: Option<MediaId>,
    pub template_id: Option<TemplateId>,
    /// The wamid of the message this one quotes or reacts to.
    pub reply_to: Option<String>,
    /// Inbound: the turn that answered it. Outbound: the turn that decided it.
    pub turn_id: Option<TurnId>,
    /// Outbound of an agent: the conversation's epoch when it was decided.
    pub epoch: i64,
    pub status: Option<MessageStatus>,
    pub outcome: Option<Outcome>,
    pub outcome_reason: Option<String>,
    /// `{code, title, details}` of a failed send or of what Meta reported with the message.
    pub error: Option<Json>,
    /// How often it was released to Graph, refusals aside.
    pub sends: i32,
    /// When it was last released.
    pub released_at: Option<i64>,
    /// Inbound: Meta's timestamp. Outbound: when it was decided.
    pub sent_at: i64,
    pub accepted_at: Option<i64>,
    pub delivered_at: Option<i64>,
    pub read_at: Option<i64>,
    pub failed_at: Option<i64>,
    /// What Meta charges for it: `{type, category, pricing_model, billable}`.
    pub pricing: Option<Json>,
    /// First bubble of an answer: when the customer wrote the first message that it answers.
    pub asked_at: Option<i64>,
    /// The same, where nothing had been said for a day before.
    pub opened_at: Option<i64>,
    pub event_id: Option<EventId>,
    pub created_at: i64,
}

/// What a history needs of a message.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Said {
    pub id: MessageId,
    pub direction: Direction,
    pub author: Author,
    pub kind: String,
    pub text: Option<Text>,
    pub note: Option<Text>,
    pub wamid: Option<String>,
    pub reply_to: Option<String>,
    pub turn_id: Option<TurnId>,
    pub status: Option<MessageStatus>,
    pub outcome: Option<Outcome>,
    pub sent_at: i64,
}

impl From<&Model> for Said {
    fn from(message: &Model) -> Self {
        Self {
            id: message.id.clone(),
            direction: message.direction,
            author: message.author,
            kind: message.kind.clone(),
            text: message.text.clone(),
            note: message.note.clone(),
            wamid: message.wamid.clone(),
            reply_to: message.reply_to.clone(),
            turn_id: message.turn_id.clone(),
            status: message.status,
            outcome: message.outcome,
            sent_at: message.sent_at,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
