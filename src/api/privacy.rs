//! What a contact may ask for: all that is kept of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use entity::{ContactId, EventId, consent, contact, contact_identity, conversation, media, message, note, turn};
use futures_util::stream;
use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use sea_orm::DbErr;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::auth::Operator;
use super::download::Download;
use super::problem::ApiError;
use super::{SharedApp, Tag, time};
use crate::app::App;
use crate::clock::Millis;
use crate::store::{self, PageRequest};

/// Rows read at once.
const PAGE: u64 = 200;
/// Pieces that wait for whoever reads slowly.
const PIECES: usize = 4;

pub struct PrivacyApi;

#[OpenApi(tag = "Tag::Contacts")]
impl PrivacyApi {
    /// Gives all that is kept of a contact, as a file of JSON: the person, what they allowed, what was said and why, the
    /// files' details and the ids of the raw webhooks.
    #[oai(path = "/contacts/:contact_id/export", method = "get", operation_id = "exportContact")]
    async fn export(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        contact_id: Path<ContactId>,
    ) -> Result<Download, ApiError> {
        let contact = super::contacts::find(&app, operator.workspace(), &contact_id).await?;
        let name = format!("{}.json", contact.id);
        let (sender, mut pieces) = mpsc::channel::<Result<Bytes, std::io::Error>>(PIECES);
        let app: Arc<App> = app.0.clone();
        tokio::spawn(async move {
            let mut writer = Writer { sender, text: String::new() };
            if let Err(error) = write(&app, contact, &mut writer).await {
                tracing::warn!(error = %error, "an export was cut off");
                // Whoever reads must not take a part for the whole.
                let _ = writer.sender.send(Err(std::io::Error::other("cut off"))).await;
            }
        });
        let pieces = stream::poll_fn(move |context| pieces.poll_recv(context));
        Ok(Download::new(&name, "application/json", Body::from_bytes_stream(pieces)))
    }
}

/// The reader has gone, or the database.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("nobody reads it any more")]
    Gone,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Writes JSON a piece at a time.
struct Writer {
    sender: mpsc::Sender<Result<Bytes, std::io::Error>>,
    text: String,
}

impl Writer {
    /// Begins a list under its name.
    fn begin(&mut self, name: &str) {
        self.text.push_str(&format!(",\n\"{name}\":["));
    }

    fn items(&mut self, items: impl Iterator<Item = Value>) {
        for item in items {
            if !self.text.ends_with('[') {
                self.text.push(',');
            }
            self.text.push('\n');
            self.text.push_str(&item.to_string());
        }
    }

    async fn send(&mut self) -> Result<(), Cut> {
        // The last sign stays, to tell whether a list has begun.
        let last = self.text.pop();
        let piece = Bytes::from(std::mem::take(&mut self.text));
        self.text.extend(last);
        self.sender.send(Ok(piece)).await.map_err(|_| Cut::Gone)
    }

    async fn end(&mut self) -> Result<(), Cut> {
        self.text.push_str("\n}\n");
        let piece = Bytes::from(std::mem::take(&mut self.text));
        self.sender.send(Ok(piece)).await.map_err(|_| Cut::Gone)
    }
}

async fn write(app: &App, contact: contact::Model, writer: &mut Writer) -> Result<(), Cut> {
    let db = app.db.reader();
    let id = contact.id.clone();
    let workspace_id = contact.workspace_id.clone();
    let exported_at = at(app.now());
    writer.text.push_str(&format!("{{\"exported_at\":{exported_at},\n\"contact\":{}", of_contact(&contact)));
    writer.begin("identities");
    let identities = store::erasures::list_identities(db, &workspace_id, &id).await?;
    writer.items(identities.iter().map(of_identity));
    writer.text.push(']');
    writer.begin("consents");
    let mut cursor = None;
    loop {
        let page = store::contacts::list_consents(db, &id, &PageRequest { cursor, limit: PAGE }).await?;
        writer.items(page.items.iter().map(of_consent));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    writer.text.push(']');
    let conversations = store::conversations::list_of_contact(db, &id).await?;
    writer.begin("conversations");
    writer.items(conversations.iter().map(of_conversation));
    writer.text.push(']');
    let mut events: BTreeSet<EventId> = BTreeSet::new();
    let mut files: Vec<media::Model> = Vec::new();
    writer.begin("messages");
    for conversation in &conversations {
        let mut below: Option<String> = None;
        loop {
            let page = store::timeline::messages(db, &conversation.id, below.as_deref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            below = Some(last.id.to_string());
            events.extend(page.iter().filter_map(|message| message.event_id.clone()));
            files.extend(store::media::list_of_messages(db, &workspace_id, &page).await?);
            writer.items(page.iter().map(of_message));
            writer.send().await?;
        }
    }
    writer.text.push(']');
    writer.begin("turns");
    for conversation in &conversations {
        let mut cursor = None;
        loop {
            let filter = store::turns::Filter { conversation_id: Some(conversation.id.clone()), outcome: None };
            let page = PageRequest { cursor, limit: PAGE };
            let page = store::turns::list(db, &workspace_id, &filter, &page).await?;
            writer.items(page.items.iter().map(of_turn));
            writer.send().await?;
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
    }
    writer.text.push(']');
    writer.begin("notes");
    for conversation in &conversations {
        let mut cursor = None;
        loop {
            let page = PageRequest { cursor, limit: PAGE };
            let page = store::notes::list(db, &workspace_id, &conversation.id, &page).await?;
            writer.items(page.items.iter().map(of_note));
            writer.send().await?;
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
    }
    writer.text.push(']');
    writer.begin("media");
    writer.items(files.iter().map(of_media));
    writer.text.push(']');
    writer.begin("events");
    writer.items(events.iter().map(|event| json!(event)));
    writer.text.push(']');
    writer.end().await
}

fn at(millis: Millis) -> Value {
    let time: DateTime<Utc> = time(millis);
    json!(time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn maybe_at(millis: Option<Millis>) -> Value {
    millis.map_or(Value::Null, at)
}

fn of_contact(contact: &contact::Model) -> Value {
    json!({
        "id": contact.id, "phone": contact.phone.as_ref().map(|phone| format!("+{}", phone.as_str())),
        "user_id": contact.user_id, "username": contact.username.as_ref().map(|name| name.as_str()),
        "name": contact.name.as_ref().map(|name| name.as_str()), "consent": contact.consent,
        "consent_at": maybe_at(contact.consent_at), "consent_source": contact.consent_source,
        "marketing": contact.marketing, "marketing_at": maybe_at(contact.marketing_at),
        "blocked_at": maybe_at(contact.blocked_at), "fields": contact.fields, "created_at": at(contact.created_at),
        "updated_at": at(contact.updated_at),
    })
}

fn of_identity(identity: &contact_identity::Model) -> Value {
    json!({
        "kind": identity.kind, "value": identity.value.as_str(), "number_id": identity.number_id,
        "created_at": at(identity.created_at),
    })
}

fn of_consent(consent: &consent::Model) -> Value {
    json!({
        "id": consent.id, "scope": consent.scope, "state": consent.state, "source": consent.source,
        "evidence": consent.evidence.as_ref().map(|words| words.as_str()), "number_id": consent.number_id,
        "message_id": consent.message_id, "at": at(consent.at),
    })
}

fn of_conversation(conversation: &conversation::Model) -> Value {
    json!({
        "id": conversation.id, "number_id": conversation.number_id, "owner": conversation.owner,
        "unread": conversation.unread, "last_message_at": at(conversation.last_message_at),
        "window_closes_at": maybe_at(conversation.window_closes_at), "task": conversation.task,
        "task_reason": conversation.task_reason, "task_opened_at": maybe_at(conversation.task_opened_at),
        "created_at": at(conversation.created_at),
    })
}

fn of_message(message: &message::Model) -> Value {
    json!({
        "id": message.id, "conversation_id": message.conversation_id, "number_id": message.number_id,
        "direction": message.direction, "author": message.author, "type": message.kind,
        "text": message.text.as_ref().map(|text| text.as_str()),
        "note": message.note.as_ref().map(|note| note.as_str()), "content": message.content.0,
        "wamid": message.wamid, "reply_to": message.reply_to, "media_id": message.media_id,
        "template_id": message.template_id, "turn_id": message.turn_id, "status": message.status,
        "outcome": message.outcome, "outcome_reason": message.outcome_reason, "error": message.error,
        "pricing": message.pricing, "sent_at": at(message.sent_at), "accepted_at": maybe_at(message.accepted_at),
        "delivered_at": maybe_at(message.delivered_at), "read_at": maybe_at(message.read_at),
        "failed_at": maybe_at(message.failed_at), "created_at": at(message.created_at),
    })
}

fn of_turn(turn: &turn::Model) -> Value {
    json!({
        "id": turn.id, "conversation_id": turn.conversation_id, "agent_id": turn.agent_id,
        "agent_version": turn.agent_version, "status": turn.status, "outcome": turn.outcome, "model": turn.model,
        "prompt_tokens": turn.prompt_tokens, "completion_tokens": turn.completion_tokens, "trace": turn.trace,
        "started_at": at(turn.started_at), "finished_at": maybe_at(turn.finished_at),
    })
}

fn of_note(note: &note::Model) -> Value {
    json!({
        "id": note.id, "conversation_id": note.conversation_id, "author": note.author, "text": note.text.as_str(),
        "created_at": at(note.created_at),
    })
}

fn of_media(file: &media::Model) -> Value {
    json!({
        "id": file.id, "message_id": file.message_id, "kind": file.kind, "status": file.status,
        "media_type": file.media_type, "declared_type": file.declared_type,
        "file_name": file.file_name.as_ref().map(|name| name.as_str()), "size_bytes": file.size_bytes,
        "sha256": file.sha256, "created_at": at(file.created_at),
    })
}
