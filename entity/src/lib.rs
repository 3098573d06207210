//! The tables as SeaORM entities, with the ids, states and private values they are made of. No behaviour.
//!
//! Times are Unix milliseconds (`i64`) in every table, so that both databases store, compare and index them alike.

pub mod id;
pub mod private;
pub mod state;

pub mod agent;
pub mod agent_version;
pub mod api_key;
pub mod audit_entry;
pub mod consent;
pub mod contact;
pub mod contact_identity;
pub mod conversation;
pub mod early_status;
pub mod erasure;
pub mod event;
pub mod health_record;
pub mod idempotency_key;
pub mod invite;
pub mod job;
pub mod knowledge_content;
pub mod knowledge_file;
pub mod media;
pub mod media_handle;
pub mod member;
pub mod message;
pub mod note;
pub mod notice;
pub mod number;
pub mod passage;
pub mod session;
pub mod stats_day;
pub mod suppression;
pub mod template;
pub mod turn;
pub mod usage;
pub mod workspace;

pub use id::{
    ActorId, AgentId, AuditId, ConsentId, ContactId, ConversationId, EventId, FileId, HealthRecordId, InviteId, KeyId,
    MediaId, MemberId, MessageId, NoteId, NoticeId, NumberId, SessionId, TemplateId, TurnId, WorkspaceId,
};
