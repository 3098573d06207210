//! Messages: bubbles, both ways.

use chrono::{DateTime, Utc};
use entity::private::{Content as StoredContent, Phone, Text as StoredText};
use entity::state::{Author, Direction, MessageStatus, Outcome};
use entity::{ConversationId, KeyId, MessageId, NumberId, TurnId, WorkspaceId, conversation, message};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::{Operator, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{Address, IdempotencyKey, Text, Visible};
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::clock::Millis;
use crate::delivery::MAX_CHARS;
use crate::store::contacts::Person;
use crate::store::jobs::Job;
use crate::store::{self};
use crate::turn::handover;

type Wamid = Text<255, Visible>;

pub struct MessagesApi;

/// One bubble.
#[derive(Debug, Object)]
pub struct Message {
    id: MessageId,
    conversation_id: ConversationId,
    number_id: NumberId,
    direction: Direction,
    author: Author,
    /// Meta's type, such as `text` or `image`.
    #[oai(rename = "type")]
    kind: String,
    /// What can be read of it.
    text: Option<String>,
    /// Meta's own shape: `type` and the object of that name.
    content: Any<Value>,
    wamid: Option<String>,
    /// The wamid of the message it quotes.
    reply_to: Option<String>,
    /// The turn that answered it, or that decided it.
    turn_id: Option<TurnId>,
    /// Outbound: how far it has got.
    status: Option<MessageStatus>,
    /// Inbound: how it ended; null while work goes on.
    outcome: Option<Outcome>,
    outcome_reason: Option<String>,
    /// What Graph or Meta said was wrong.
    error: Option<Any<Value>>,
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

/// A message to send, in Meta's own shape. Other types come with a later version.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct Content {
    #[oai(rename = "type")]
    kind: ContentType,
    text: TextContent,
    /// Quotes a message of the conversation.
    context: Option<Context>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum ContentType {
    Text,
}

#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct TextContent {
    body: Text<MAX_CHARS>,
    /// Whether the first link is shown with a preview.
    preview_url: Option<bool>,
}

#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct Context {
    /// The wamid of the quoted message.
    message_id: Wamid,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SendMessage {
    number_id: NumberId,
    /// A phone as `+` and digits, or a business-scoped user id.
    to: Text<200, Address>,
    content: Content,
}

/// A message on its way.
#[derive(ApiResponse)]
pub enum Sent {
    /// It is stored and will be sent.
    #[oai(status = 201)]
    Queued(Json<Message>),
    /// The Idempotency-Key had sent this before.
    #[oai(status = 200)]
    Before(Json<Message>),
}

#[OpenApi(tag = "Tag::Messages")]
impl MessagesApi {
    /// Lists messages, newest first.
    #[oai(path = "/messages", method = "get", operation_id = "listMessages")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Query<Option<ConversationId>>,
        number_id: Query<Option<NumberId>>,
        direction: Query<Option<Direction>>,
        outcome: Query<Option<Outcome>>,
        status: Query<Option<MessageStatus>>,
        wamid: Query<Option<Wamid>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Message>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = store::messages::Filter {
            conversation_id: conversation_id.0,
            number_id: number_id.0,
            direction: direction.0,
            outcome: outcome.0,
            status: status.0,
            wamid: wamid.0.map(Wamid::into_string),
        };
        Ok(List::of(store::messages::list(app.db.reader(), viewer.workspace(), &filter, &page).await?, view))
    }

    /// Sends a message from a number. It does not take the conversation: use the conversation's own messages for that.
    #[oai(path = "/messages", method = "post", operation_id = "sendMessage")]
    async fn send(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        /// The same key within 24 hours sends nothing twice and gives the first answer again.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: Json<SendMessage>,
    ) -> Result<Sent, ApiError> {
        let body = body.0;
        let number = store::numbers::find(app.db.reader(), operator.workspace(), &body.number_id).await?;
        let mut fields = Fields::default();
        fields.check(number.is_some(), "number_id", "there is no such number");
        fields.fit("to", &body.to);
        fields.finish()?;
        let target = Target::Person(&body.number_id, read_address(&body.to));
        send(&app, operator.workspace(), operator.key(), target, body.content, idempotency_key).await
    }

    /// Shows a message.
    #[oai(path = "/messages/:message_id", method = "get", operation_id = "getMessage")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        message_id: Path<MessageId>,
    ) -> Result<Json<Message>, ApiError> {
        let found = store::messages::find(app.db.reader(), viewer.workspace(), &message_id).await?;
        found.map(|message| Json(view(message))).ok_or_else(|| ApiError::not_found("message"))
    }
}

/// Where a message goes.
#[derive(Debug)]
pub enum Target<'a> {
    /// A person's reply: it takes the conversation.
    Conversation(&'a ConversationId),
    Person(&'a NumberId, Person),
}

/// Stores a message and the intent to send it as one fact.
pub async fn send(
    app: &App,
    workspace_id: &WorkspaceId,
    by: &KeyId,
    target: Target<'_>,
    content: Content,
    idempotency_key: IdempotencyKey,
) -> Result<Sent, ApiError> {
    validate(&content)?;
    let idempotency_key = idempotency_key.into_string();
    let now = app.now();
    let request_hash = hex::encode(Sha256::digest(request_text(&target, &content)));
    let id = MessageId::generate(now);
    let sent = store::write(&app.db, async |tx| {
        if let Some(key) = &idempotency_key
            && let Some(before) = store::idempotency::remember(tx, workspace_id, key, &request_hash, &id, now).await?
        {
            return sent_before(tx, workspace_id, &before, &request_hash).await;
        }
        let conversation = match &target {
            Target::Conversation(id) => handover::take_within(tx, workspace_id, id, Some(by)).await?,
            Target::Person(number_id, person) => {
                let (contact, _) = store::contacts::find_or_insert(tx, workspace_id, number_id, person, now).await?;
                let found = store::conversations::find_or_insert(tx, workspace_id, number_id, &contact.id, now).await?;
                store::conversations::lock(tx, &found.id).await?
            }
        };
        let conversation = conversation.ok_or_else(|| ApiError::not_found("conversation"))?;
        let message = to_row(id, &conversation, &content, now);
        store::messages::insert_outbound(tx, &message).await?;
        store::conversations::note_outbound(tx, &conversation.id, &message.id, now).await?;
        let job = Job::SendMessage { conversation_id: conversation.id, message_id: message.id.clone() };
        store::jobs::enqueue(tx, workspace_id, &job, now, now).await?;
        Ok(Sent::Queued(Json(view(message))))
    })
    .await?;
    if let Target::Conversation(id) = target {
        // The turn that thinks right now may stop.
        app.nudge(id);
    }
    app.bells.sends.ring_now();
    Ok(sent)
}

async fn sent_before(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    before: &entity::idempotency_key::Model,
    request_hash: &str,
) -> Result<Sent, ApiError> {
    if before.request_hash != request_hash {
        let detail = "This Idempotency-Key was used for another message. Use a new key for a new message.";
        return Err(ApiError::conflict("idempotency_key_reused", detail));
    }
    let message = store::messages::find(tx, workspace_id, &before.message_id).await?;
    message.map(|message| Sent::Before(Json(view(message)))).ok_or_else(|| ApiError::not_found("message"))
}

/// What a key stands for: where to and what, in full, so that the same key for somebody else is noticed.
fn request_text(target: &Target<'_>, content: &Content) -> String {
    let target = match target {
        Target::Conversation(id) => json!({ "conversation": id.as_str() }),
        Target::Person(number_id, person) => json!({
            "number": number_id.as_str(),
            "user_id": person.user_id,
            "phone": person.phone.as_ref().map(Phone::as_str),
        }),
    };
    json!([target, content.to_json()]).to_string()
}

fn validate(content: &Content) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    fields.fit("content.text.body", &content.text.body);
    fields.fit("content.context.message_id", &content.context.as_ref().map(|context| context.message_id.clone()));
    fields.finish()
}

/// A phone loses its punctuation; anything else that is an address is a business-scoped user id.
fn read_address(to: &str) -> Person {
    match to.strip_prefix('+').or_else(|| to.strip_prefix("00")) {
        Some(number) => {
            let digits = number.chars().filter(char::is_ascii_digit).collect();
            Person { phone: Some(Phone(digits)), ..Person::default() }
        }
        None => Person { user_id: Some(to.to_owned()), ..Person::default() },
    }
}

fn to_row(id: MessageId, conversation: &conversation::Model, content: &Content, now: Millis) -> message::Model {
    let mut body = json!({ "body": &*content.text.body });
    if let Some(preview_url) = content.text.preview_url {
        body["preview_url"] = json!(preview_url);
    }
    message::Model {
        id,
        workspace_id: conversation.workspace_id.clone(),
        conversation_id: conversation.id.clone(),
        number_id: conversation.number_id.clone(),
        direction: Direction::Outbound,
        author: Author::Operator,
        kind: "text".to_owned(),
        text: Some(StoredText(content.text.body.to_string())),
        content: StoredContent(body),
        wamid: None,
        note: None,
        media_id: None,
        template_id: None,
        reply_to: content.context.as_ref().map(|context| context.message_id.to_string()),
        turn_id: None,
        epoch: conversation.epoch,
        status: Some(MessageStatus::Queued),
        outcome: None,
        outcome_reason: None,
        error: None,
        sends: 0,
        released_at: None,
        sent_at: now,
        accepted_at: None,
        delivered_at: None,
        read_at: None,
        failed_at: None,
        pricing: None,
        event_id: None,
        created_at: now,
    }
}

pub fn view(message: message::Model) -> Message {
    let content = match message.direction {
        // Stored whole, with ids and senders beside the content.
        Direction::Inbound => message.content.0.get(&message.kind).cloned().unwrap_or(Value::Null),
        Direction::Outbound => message.content.0,
    };
    let mut shaped = serde_json::Map::new();
    shaped.insert("type".to_owned(), json!(message.kind));
    shaped.insert(message.kind.clone(), content);
    Message {
        id: message.id,
        conversation_id: message.conversation_id,
        number_id: message.number_id,
        direction: message.direction,
        author: message.author,
        kind: message.kind,
        text: message.text.map(|text| text.0),
        content: Any(Value::Object(shaped)),
        wamid: message.wamid,
        reply_to: message.reply_to,
        turn_id: message.turn_id,
        status: message.status,
        outcome: message.outcome,
        outcome_reason: message.outcome_reason,
        error: message.error.map(Any),
        sends: message.sends,
        sent_at: time(message.sent_at),
        accepted_at: message.accepted_at.map(time),
        delivered_at: message.delivered_at.map(time),
        read_at: message.read_at.map(time),
        failed_at: message.failed_at.map(time),
        created_at: time(message.created_at),
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ParseFromJSON;

    use super::super::wire::Bounded;
    use super::*;

    #[test]
    fn addresses_are_phones_or_user_ids() {
        let read = |to: &str| {
            let to = Text::<200, Address>::parse_from_json(Some(json!(to))).expect("text");
            to.problem().is_none().then(|| read_address(&to))
        };
        let phone = |to| read(to).and_then(|person| person.phone).map(|phone| phone.0);
        assert_eq!(phone("+1 (555) 000-2222").as_deref(), Some("15550002222"));
        assert_eq!(phone("0041790000001").as_deref(), Some("41790000001"));
        let user_id = |to| read(to).and_then(|person| person.user_id);
        assert_eq!(user_id("US.1382abc").as_deref(), Some("US.1382abc"));
        for wrong in ["", "15550002222", "+", "+12", "+0123456789", "hello", "é", "US.", "+1555000222212345", "US.a b"]
        {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
