//! A message as the API shows it, with what stands beside it.

use chrono::{DateTime, Utc};
use entity::state::{Author, Direction, MediaStatus, MessageStatus, Outcome};
use entity::{ActorId, ConversationId, MediaId, MessageId, NumberId, TemplateId, TurnId, WorkspaceId, media, message};
use poem_openapi::Object;
use poem_openapi::types::Any;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;

use super::content::Shown;
use super::{PREFIX, time};
use crate::store::beside::{self, Beside};

/// One bubble.
#[derive(Debug, Object)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub number_id: NumberId,
    direction: Direction,
    author: Author,
    /// Outbound of a person or a program: who sent it.
    sent_by: Option<SentBy>,
    /// Meta's type, such as `text` or `image`.
    #[oai(rename = "type")]
    kind: String,
    /// What can be read of it.
    text: Option<String>,
    content: Shown,
    /// The file it carries.
    media: Option<MessageMedia>,
    wamid: Option<String>,
    /// The wamid of the message it quotes or reacts to.
    reply_to: Option<String>,
    /// That message, where we have it.
    quoted: Option<QuotedMessage>,
    /// The newest reaction of each side.
    reactions: Vec<MessageReaction>,
    /// The template it was made from, where we know it.
    template_id: Option<TemplateId>,
    /// The turn that answered it, or that decided it.
    turn_id: Option<TurnId>,
    /// Outbound: how far it has got.
    status: Option<MessageStatus>,
    /// Inbound: how it ended; null while work goes on.
    outcome: Option<Outcome>,
    outcome_reason: Option<String>,
    /// What Graph or Meta said was wrong.
    error: Option<Any<Value>>,
    /// What Meta charges for it.
    pricing: Option<Pricing>,
    /// What whoever sends it should know; told when it is sent, empty later.
    pub warnings: Vec<Warning>,
    /// How often it may have left: sends that Graph refused are not counted.
    sends: i32,
    /// When it was written.
    sent_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
    failed_at: Option<DateTime<Utc>>,
    /// When we stored it.
    created_at: DateTime<Utc>,
}

/// Who sent a message.
#[derive(Debug, Object)]
struct SentBy {
    /// An API key or a member.
    actor: ActorId,
    /// What they are called now; null for those that are gone.
    name: Option<String>,
}

/// A message's file.
#[derive(Debug, Object)]
struct MessageMedia {
    id: MediaId,
    status: MediaStatus,
    /// What its bytes say it is.
    media_type: Option<String>,
    file_name: Option<String>,
    size_bytes: Option<i64>,
    /// Where its bytes are to be had, with an API key.
    url: String,
    /// Why it is not to be had.
    error: Option<String>,
}

#[derive(Debug, Object)]
struct QuotedMessage {
    id: MessageId,
    #[oai(rename = "type")]
    kind: String,
    text: Option<String>,
    direction: Direction,
    wamid: Option<String>,
}

#[derive(Debug, Object)]
struct MessageReaction {
    emoji: String,
    direction: Direction,
    at: DateTime<Utc>,
}

#[derive(Debug, Object)]
struct Pricing {
    #[oai(rename = "type")]
    kind: Option<String>,
    category: Option<String>,
    pricing_model: Option<String>,
    billable: Option<bool>,
}

/// It was done, and somebody may not like it.
#[derive(Debug, Clone, Object)]
pub struct Warning {
    /// A stable word for programs.
    pub code: String,
    pub message: String,
}

/// Shows messages of a workspace, in their order.
pub async fn show(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: Vec<message::Model>,
) -> Result<Vec<Message>, DbErr> {
    let beside = beside::load(connection, workspace_id, &messages).await?;
    Ok(messages.into_iter().map(|message| view(message, &beside)).collect())
}

pub async fn show_one(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    message: message::Model,
) -> Result<Message, DbErr> {
    let beside = beside::load(connection, workspace_id, std::slice::from_ref(&message)).await?;
    Ok(view(message, &beside))
}

fn view(message: message::Model, beside: &Beside) -> Message {
    Message {
        content: Shown::of(&message),
        media: beside.media(&message).map(view_media),
        quoted: beside.quoted(&message).map(view_quoted),
        reactions: beside.reactions(&message).into_iter().filter_map(view_reaction).collect(),
        sent_by: message.actor.clone().map(|actor| {
            let name = beside.sender_name(&message).map(str::to_owned);
            SentBy { actor, name }
        }),
        id: message.id,
        conversation_id: message.conversation_id,
        number_id: message.number_id,
        direction: message.direction,
        author: message.author,
        kind: message.kind,
        text: message.text.map(|text| text.0),
        wamid: message.wamid,
        reply_to: message.reply_to,
        template_id: message.template_id,
        turn_id: message.turn_id,
        status: message.status,
        outcome: message.outcome,
        outcome_reason: message.outcome_reason,
        error: message.error.map(Any),
        pricing: message.pricing.as_ref().map(view_pricing),
        warnings: Vec::new(),
        sends: message.sends,
        sent_at: time(message.sent_at),
        accepted_at: message.accepted_at.map(time),
        delivered_at: message.delivered_at.map(time),
        read_at: message.read_at.map(time),
        failed_at: message.failed_at.map(time),
        created_at: time(message.created_at),
    }
}

fn view_media(file: &media::Model) -> MessageMedia {
    MessageMedia {
        id: file.id.clone(),
        status: file.status,
        media_type: file.media_type.clone(),
        file_name: file.file_name.as_ref().map(|name| name.0.clone()),
        size_bytes: file.size_bytes,
        url: format!("{PREFIX}/media/{}", file.id),
        error: file.error.clone(),
    }
}

fn view_quoted(quoted: &beside::Quoted) -> QuotedMessage {
    QuotedMessage {
        id: quoted.id.clone(),
        kind: quoted.kind.clone(),
        text: quoted.text.as_ref().map(|text| text.0.clone()),
        direction: quoted.direction,
        wamid: quoted.wamid.clone(),
    }
}

fn view_reaction(reaction: &beside::Reaction) -> Option<MessageReaction> {
    let emoji = reaction.emoji()?.to_owned();
    Some(MessageReaction { emoji, direction: reaction.direction, at: time(reaction.sent_at) })
}

fn view_pricing(pricing: &Value) -> Pricing {
    let text = |key: &str| pricing.get(key).and_then(Value::as_str).map(str::to_owned);
    Pricing {
        kind: text("type"),
        category: text("category"),
        pricing_model: text("pricing_model"),
        billable: pricing.get("billable").and_then(Value::as_bool),
    }
}
