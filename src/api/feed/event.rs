//! What the feed tells, and how each event is written.

use chrono::{DateTime, Utc};
use entity::state::{AgentMode, PresenceState};
use entity::{ActorId, AgentId, ConversationId};
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, Union};

use crate::api::bubble::Message;
use crate::api::conversations::Conversation;
use crate::api::knowledge::KnowledgeFile;
use crate::api::notes::Note;
use crate::api::notices::Notice;
use crate::api::numbers::Number;
use crate::api::templates::Template;

/// One event's `data`; its `type` is the event's name.
#[derive(Debug, Union)]
#[oai(discriminator_name = "type")]
#[allow(clippy::large_enum_variant, reason = "it is written at once")]
pub enum FeedEvent {
    #[oai(mapping = "hello")]
    Hello(HelloEvent),
    #[oai(mapping = "message")]
    Message(MessageEvent),
    #[oai(mapping = "conversation")]
    Conversation(ConversationEvent),
    #[oai(mapping = "note")]
    Note(NoteEvent),
    #[oai(mapping = "number")]
    Number(NumberEvent),
    #[oai(mapping = "notice")]
    Notice(NoticeEvent),
    #[oai(mapping = "file")]
    File(FileEvent),
    #[oai(mapping = "template")]
    Template(TemplateEvent),
    #[oai(mapping = "agent")]
    Agent(AgentEvent),
    #[oai(mapping = "presence")]
    Presence(PresenceEvent),
    #[oai(mapping = "gone")]
    Gone(GoneEvent),
    #[oai(mapping = "reset")]
    Reset(ResetEvent),
}

impl FeedEvent {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Message(_) => "message",
            Self::Conversation(_) => "conversation",
            Self::Note(_) => "note",
            Self::Number(_) => "number",
            Self::Notice(_) => "notice",
            Self::File(_) => "file",
            Self::Template(_) => "template",
            Self::Agent(_) => "agent",
            Self::Presence(_) => "presence",
            Self::Gone(_) => "gone",
            Self::Reset(_) => "reset",
        }
    }

    /// In one line.
    pub fn data(&self) -> String {
        self.to_json_string()
    }
}

/// The feed begins; its `id` is a place to go on from.
#[derive(Debug, Object)]
pub struct HelloEvent {
    pub at: DateTime<Utc>,
    /// There is a sign of life this often; without one the connection is broken.
    pub heartbeat_secs: u64,
}

/// A message is new, or has got on: its status, its outcome, its file.
#[derive(Debug, Object)]
pub struct MessageEvent {
    pub at: DateTime<Utc>,
    pub conversation_id: ConversationId,
    pub message: Message,
}

/// A conversation looks different in the list: a new last message, its owner, its task, what is unread.
#[derive(Debug, Object)]
pub struct ConversationEvent {
    pub at: DateTime<Utc>,
    pub conversation: Conversation,
}

#[derive(Debug, Object)]
pub struct NoteEvent {
    pub at: DateTime<Utc>,
    pub note: Note,
}

/// A number was changed, its health or its hold, or it has its first message.
#[derive(Debug, Object)]
pub struct NumberEvent {
    pub at: DateTime<Utc>,
    pub number: Number,
}

#[derive(Debug, Object)]
pub struct NoticeEvent {
    pub at: DateTime<Utc>,
    pub notice: Notice,
}

/// A knowledge file is new or has got on.
#[derive(Debug, Object)]
pub struct FileEvent {
    pub at: DateTime<Utc>,
    pub file: KnowledgeFile,
}

#[derive(Debug, Object)]
pub struct TemplateEvent {
    pub at: DateTime<Utc>,
    pub template: Template,
}

#[derive(Debug, Object)]
pub struct AgentEvent {
    pub at: DateTime<Utc>,
    pub agent_id: AgentId,
    /// The version that answers.
    pub version: i32,
    pub mode: AgentMode,
}

/// What a colleague does right now. It has no `id` and is kept nowhere.
#[derive(Debug, Object)]
pub struct PresenceEvent {
    pub at: DateTime<Utc>,
    pub conversation_id: ConversationId,
    /// An API key or a member.
    pub actor: ActorId,
    pub name: Option<String>,
    pub state: PresenceState,
}

/// Something was removed, or became part of another.
#[derive(Debug, Object)]
pub struct GoneEvent {
    pub at: DateTime<Utc>,
    /// `conversation`, `contact`, `note`, `number`, `file`, `template` or `agent`.
    pub kind: String,
    pub id: String,
}

/// The place is too old to go on from: read the lists anew. What changes from now on follows.
#[derive(Debug, Object)]
pub struct ResetEvent {
    pub at: DateTime<Utc>,
}
