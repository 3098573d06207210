//! A message of a person or a program on its way out: checked against everything that is known, then stored with the
//! intent to send it as one fact. What Graph would refuse is refused here, with the field's name and before it is sent.

use entity::private::{Content as StoredContent, Phone, Text as StoredText};
use entity::state::{Author, ConsentState, MediaStatus, MessageStatus};
use entity::{
    ActorId, ConversationId, MediaId, MessageId, TemplateId, WorkspaceId, contact, conversation, message, number,
    template,
};
use poem_openapi::payload::Json;
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{ApiResponse, Object, Union};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::bubble::{self, Message, Warning};
use super::content::{Content, Draft, ROOT};
use super::problem::{ApiError, Fields, OfferedTemplate};
use super::recipient::Addressee;
use super::wire::IdempotencyKey;
use crate::account::templates::definition;
use crate::app::App;
use crate::clock::Millis;
use crate::delivery;
use crate::privacy::{self, Person};
use crate::store::jobs::Job;
use crate::store::messages::Asked;
use crate::store::templates::Named;
use crate::store::{self};
use crate::turn::handover;
use crate::whatsapp::graph::Outgoing;
use crate::whatsapp::{outgoing, template as definitions};

/// As many as anybody chooses from.
const MAX_OFFERED: u64 = 10;
const MARKETING: &str = "MARKETING";
const UTILITY: &str = "UTILITY";
const APPROVED: &str = "APPROVED";

/// A message on its way.
#[derive(ApiResponse)]
pub enum Sent {
    /// It is stored and will be sent.
    #[oai(status = 201)]
    Queued(Json<Message>),
    /// The Idempotency-Key had sent this before, or it is a preview only.
    #[oai(status = 200)]
    Shown(Json<SentBeforeOrPreview>),
}

#[derive(Union)]
#[oai(one_of = true)]
#[allow(clippy::large_enum_variant, reason = "it lives for one answer")]
pub enum SentBeforeOrPreview {
    Before(Message),
    Preview(Preview),
}

/// What would be sent. Nothing was stored.
#[derive(Debug, Object)]
pub struct Preview {
    /// Always true.
    preview: bool,
    /// The request to Graph. Files of ours still have our ids in it.
    message: Any<Value>,
    /// How it reads.
    text: Option<String>,
    warnings: Vec<Warning>,
}

/// Where a message goes.
#[derive(Debug)]
pub enum Target<'a> {
    /// A person's reply: it takes the conversation.
    Conversation(&'a conversation::Model),
    Person(Addressee),
}

/// A message that somebody wants sent.
#[derive(Debug)]
pub struct Order<'a> {
    pub workspace_id: &'a WorkspaceId,
    pub by: &'a ActorId,
    pub number: number::Model,
    pub target: Target<'a>,
    pub content: Content,
    pub preview: bool,
    pub idempotency_key: IdempotencyKey,
}

/// Whom a message is for, as far as they are known.
#[derive(Debug, Default)]
struct Receiver {
    contact: Option<contact::Model>,
    /// By what one who is not known yet would be written to.
    person: Person,
    conversation: Option<conversation::Model>,
}

/// What is known of a message that may be sent.
#[derive(Debug, Default)]
struct Cleared {
    text: Option<String>,
    media_id: Option<MediaId>,
    template_id: Option<TemplateId>,
    warnings: Vec<Warning>,
}

pub async fn send(app: &App, order: Order<'_>) -> Result<Sent, ApiError> {
    let request_hash = hex::encode(Sha256::digest(request_text(&order)));
    let draft = Draft::read(order.content.clone())?;
    if order.preview {
        return preview(app, &order, &draft).await;
    }
    let now = app.now();
    let id = MessageId::generate(now);
    let workspace_id = order.workspace_id;
    let key = order.idempotency_key.as_str();
    let sent = store::write(&app.db, async |tx| {
        if let Some(key) = key
            && let Some(before) = store::idempotency::remember(tx, workspace_id, key, &request_hash, &id, now).await?
        {
            return sent_before(tx, workspace_id, &before, &request_hash).await;
        }
        let (conversation, contact) = open(tx, &order, now).await?;
        let conversation_of = Some(conversation.clone());
        let receiver = Receiver { contact: Some(contact), conversation: conversation_of, ..Receiver::default() };
        let cleared = clear(app, tx, &order.number, &draft, &receiver, now).await?;
        let actor = Some(order.by.clone());
        let Asked { asked_at, opened_at } = store::messages::find_asked(tx, &conversation.id).await?;
        let row = to_row(id, &conversation, &draft, &cleared, now);
        let message = message::Model { actor, asked_at, opened_at, ..row };
        store::messages::insert_outbound(tx, &message).await?;
        store::conversations::note_outbound(tx, &conversation.id, &message.id, now).await?;
        let job = Job::SendMessage { conversation_id: conversation.id, message_id: message.id.clone() };
        store::jobs::enqueue(tx, workspace_id, &job, now, now).await?;
        let mut shown = bubble::show_one(tx, workspace_id, message).await?;
        shown.warnings = cleared.warnings;
        Ok(Sent::Queued(Json(shown)))
    })
    .await?;
    if let Target::Conversation(conversation) = order.target {
        // The turn that thinks right now may stop.
        app.nudge(&conversation.id);
    }
    app.bells.sends.ring_now();
    Ok(sent)
}

/// The conversation it belongs to, locked, and who is on its other side.
async fn open(
    tx: &impl ConnectionTrait,
    order: &Order<'_>,
    now: Millis,
) -> Result<(conversation::Model, contact::Model), ApiError> {
    let workspace_id = order.workspace_id;
    let gone = || ApiError::not_found("conversation");
    match &order.target {
        Target::Conversation(conversation) => {
            let taken = handover::take_within(tx, workspace_id, &conversation.id, Some(order.by)).await?;
            let taken = taken.ok_or_else(gone)?;
            let contact = store::contacts::find(tx, workspace_id, &taken.contact_id).await?.ok_or_else(gone)?;
            Ok((taken, contact))
        }
        Target::Person(addressee) => {
            let known = addressee.find_contact(tx, workspace_id).await?;
            let person = addressee.person(known.as_ref());
            let number_id = &order.number.id;
            let (contact, _) = store::contacts::find_or_insert(tx, workspace_id, number_id, &person, now).await?;
            let found = store::conversations::find_or_insert(tx, workspace_id, number_id, &contact.id, now).await?;
            Ok((store::conversations::lock(tx, &found.id).await?.ok_or_else(gone)?, contact))
        }
    }
}

async fn preview(app: &App, order: &Order<'_>, draft: &Draft) -> Result<Sent, ApiError> {
    let db = app.db.reader();
    let receiver = find_receiver(db, order).await?;
    let cleared = clear(app, db, &order.number, draft, &receiver, app.now()).await?;
    let of_contact = receiver.contact.as_ref().and_then(delivery::recipient);
    let to = match (&order.target, of_contact) {
        (_, Some(to)) => to,
        (Target::Person(addressee), None) => addressee.recipient(),
        (Target::Conversation(_), None) => return Err(ApiError::not_found("conversation")),
    };
    let outgoing = Outgoing {
        to,
        kind: &draft.kind,
        content: &draft.part,
        reply_to: draft.reply_to.as_deref(),
        callback_data: "",
    };
    let mut message = outgoing.to_body();
    if let Some(fields) = message.as_object_mut() {
        // Our own id of the message, which it does not have.
        fields.remove("biz_opaque_callback_data");
    }
    let preview = Preview { preview: true, message: Any(message), text: cleared.text, warnings: cleared.warnings };
    Ok(Sent::Shown(Json(SentBeforeOrPreview::Preview(preview))))
}

async fn find_receiver(db: &impl ConnectionTrait, order: &Order<'_>) -> Result<Receiver, DbErr> {
    match &order.target {
        Target::Conversation(conversation) => Ok(Receiver {
            contact: store::contacts::find(db, order.workspace_id, &conversation.contact_id).await?,
            conversation: Some((*conversation).clone()),
            ..Receiver::default()
        }),
        Target::Person(addressee) => {
            let contact = addressee.find_contact(db, order.workspace_id).await?;
            let conversation = match &contact {
                Some(contact) => store::conversations::find_by_pair(db, &order.number.id, &contact.id).await?,
                None => None,
            };
            let named = addressee.person(None);
            let person = Person { phone: named.phone.map(|phone| phone.0), user_id: named.user_id };
            Ok(Receiver { contact, person, conversation })
        }
    }
}

/// Everything that Graph or the law would say no to, as far as it is known here.
async fn clear(
    app: &App,
    connection: &impl ConnectionTrait,
    number: &number::Model,
    draft: &Draft,
    receiver: &Receiver,
    now: Millis,
) -> Result<Cleared, ApiError> {
    let mut fields = Fields::default();
    let mut cleared = Cleared { text: outgoing::words(&draft.kind, &draft.part), ..Cleared::default() };
    cleared.media_id = check_files(connection, number, draft, &mut fields).await?;
    let template = check_template(connection, number, draft, &mut fields, &mut cleared.warnings).await?;
    fields.finish()?;
    if let Some(template) = &template {
        cleared.text = Some(definitions::render(definition(template), &draft.part));
        cleared.template_id = Some(template.id.clone());
    }
    let is_marketing = template.as_ref().is_some_and(|template| template.category == MARKETING);
    cleared.warnings.extend(check_consent(receiver.contact.as_ref(), is_marketing)?);
    if is_marketing {
        check_suppressed(app, connection, &number.workspace_id, receiver).await?;
    }
    check_window(connection, number, draft, receiver, now).await?;
    Ok(cleared)
}

/// Files of ours must be there and be what Meta takes. Meta's own ids and links are for Meta to judge.
async fn check_files(
    connection: &impl ConnectionTrait,
    number: &number::Model,
    draft: &Draft,
    fields: &mut Fields,
) -> Result<Option<MediaId>, ApiError> {
    let mut first = None;
    for file in outgoing::files(&draft.kind, &draft.part) {
        let path = format!("{ROOT}.{}.{}", draft.kind, file.path);
        let found = match MediaId::parse(&file.id) {
            Ok(id) => store::media::find(connection, &number.workspace_id, &id).await?,
            Err(_) => None,
        };
        let Some(found) = found else {
            fields.check(false, &path, "there is no such file");
            continue;
        };
        fields.check(found.status == MediaStatus::Ready, &path, "is not ready: see the file's status");
        let media_type = found.media_type.as_deref().or(found.declared_type.as_deref()).unwrap_or_default();
        if found.status == MediaStatus::Ready
            && let Some(why) =
                outgoing::refuses(&file.kind, file.is_voice, media_type, found.size_bytes.unwrap_or_default())
        {
            fields.check(false, &path, why);
        }
        first = first.or(Some(found.id));
    }
    Ok(first)
}

/// The template's own definition says what fills it. An account whose templates were never read is passed over.
async fn check_template(
    connection: &impl ConnectionTrait,
    number: &number::Model,
    draft: &Draft,
    fields: &mut Fields,
    warnings: &mut Vec<Warning>,
) -> Result<Option<template::Model>, ApiError> {
    if draft.kind != "template" {
        return Ok(None);
    }
    let text = |pointer: &str| draft.part.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (name, language) = (text("/name"), text("/language/code"));
    let Some(waba_id) = &number.waba_id else {
        warnings.push(not_checked());
        return Ok(None);
    };
    let workspace_id = &number.workspace_id;
    let found = store::templates::find_by_name(connection, workspace_id, waba_id, name, language).await?;
    let Some(found) = found else {
        let known = store::templates::list_names(connection, workspace_id, waba_id).await?;
        match missing_template(name, &known) {
            Some((field, message)) => fields.check(false, &format!("{ROOT}.template.{field}"), message),
            None => warnings.push(not_checked()),
        }
        return Ok(None);
    };
    if found.status != APPROVED {
        let message = format!("has the status {}, so WhatsApp does not take it", found.status);
        fields.check(false, &format!("{ROOT}.template.name"), message);
    }
    for misfit in definitions::check(definition(&found), &draft.part) {
        fields.check(false, &format!("{ROOT}.template.{}", misfit.path), misfit.message);
    }
    Ok(Some(found))
}

fn not_checked() -> Warning {
    Warning {
        code: "template_not_checked".to_owned(),
        message: "The account's templates have not been read yet, so nothing says whether this one fits.".to_owned(),
    }
}

/// Which field names a template that is not there, and what to do; `None` where no template of the account is known.
fn missing_template(name: &str, known: &[Named]) -> Option<(&'static str, String)> {
    let languages: Vec<&str> =
        known.iter().filter(|known| known.name == name).map(|known| known.language.as_str()).collect();
    if !languages.is_empty() {
        return Some((
            "language.code",
            format!("there is no such language of it; there are: {}", languages.join(", ")),
        ));
    }
    let closest = known.iter().min_by_key(|known| strsim::damerau_levenshtein(&known.name, name))?;
    Some(("name", format!("there is no such template of the account; the closest is {}", closest.name)))
}

fn check_consent(contact: Option<&contact::Model>, is_marketing: bool) -> Result<Option<Warning>, ApiError> {
    let Some(contact) = contact else { return Ok(None) };
    if contact.blocked_at.is_some() {
        return Err(ApiError::invalid("blocked", "The contact is blocked. Unblock it to write to it."));
    }
    let opted_out = contact.consent == Some(ConsentState::OptedOut);
    if is_marketing && (opted_out || contact.marketing == Some(ConsentState::OptedOut)) {
        let detail = "The contact does not want marketing. Send something else, or nothing.";
        return Err(ApiError::invalid("opted_out", detail));
    }
    Ok(opted_out.then(|| Warning {
        code: "opted_out".to_owned(),
        message: "The contact has said not to be written to; only a person's answer should go out.".to_owned(),
    }))
}

/// Somebody who opted out and was forgotten is still not to be written to, until they allow it anew.
async fn check_suppressed(
    app: &App,
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    receiver: &Receiver,
) -> Result<(), ApiError> {
    let person = receiver.contact.as_ref().map_or_else(|| receiver.person.clone(), Person::from);
    let suppressed = privacy::suppressed_at(app, connection, workspace_id, &person).await;
    let Some(at) = suppressed.map_err(|error| ApiError::internal(&error))? else { return Ok(()) };
    let allowed = |contact: &contact::Model| {
        let allowed_at = |state, since: Option<Millis>| since.filter(|_| state == Some(ConsentState::OptedIn));
        let all = allowed_at(contact.consent, contact.consent_at);
        all.max(allowed_at(contact.marketing, contact.marketing_at)) > Some(at)
    };
    if receiver.contact.as_ref().is_some_and(allowed) {
        return Ok(());
    }
    let detail = "They opted out before they were forgotten here. Note their consent once they gave it anew.";
    Err(ApiError::invalid("opted_out", detail))
}

/// Outside the customer's window only templates are taken. Where nothing is known of the window Graph decides.
async fn check_window(
    connection: &impl ConnectionTrait,
    number: &number::Model,
    draft: &Draft,
    receiver: &Receiver,
    now: Millis,
) -> Result<(), ApiError> {
    let Some(conversation) = receiver.conversation.as_ref().filter(|_| draft.kind != "template") else { return Ok(()) };
    let closes_at = conversation.window_closes_at.map(|at| at.max(conversation.free_entry_until.unwrap_or(at)));
    if closes_at.is_none_or(|closes_at| now < closes_at) {
        return Ok(());
    }
    let contact = receiver.contact.as_ref();
    let no_marketing =
        |contact: &contact::Model| [contact.consent, contact.marketing].contains(&Some(ConsentState::OptedOut));
    let categories: &[&str] = if contact.is_some_and(no_marketing) { &[UTILITY] } else { &[UTILITY, MARKETING] };
    let approved = match &number.waba_id {
        Some(waba_id) => {
            let workspace_id = &number.workspace_id;
            store::templates::list_approved(connection, workspace_id, waba_id, categories, MAX_OFFERED).await?
        }
        None => Vec::new(),
    };
    let offered = approved.into_iter().map(|template| OfferedTemplate {
        text: definitions::render(definition(&template), &Value::Null),
        name: template.name,
        language: template.language,
        category: template.category,
    });
    Err(ApiError::window_closed(offered.collect()))
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
    let message = message.ok_or_else(|| ApiError::not_found("message"))?;
    let contact = match store::conversations::find(tx, workspace_id, &message.conversation_id).await? {
        Some(conversation) => store::contacts::find(tx, workspace_id, &conversation.contact_id).await?,
        None => None,
    };
    let mut shown = bubble::show_one(tx, workspace_id, message).await?;
    // It is on its way whatever has become of the contact since.
    shown.warnings.extend(check_consent(contact.as_ref(), false).unwrap_or_default());
    Ok(Sent::Shown(Json(SentBeforeOrPreview::Before(shown))))
}

/// What a key stands for: where to and what, in full, so that the same key for somebody else is noticed.
fn request_text(order: &Order<'_>) -> String {
    let target = match &order.target {
        Target::Conversation(conversation) => json!({ "conversation": ConversationId::as_str(&conversation.id) }),
        Target::Person(addressee) => {
            let person = addressee.person(None);
            json!({
                "number": order.number.id.as_str(),
                "user_id": person.user_id,
                "phone": person.phone.as_ref().map(Phone::as_str),
            })
        }
    };
    json!([target, order.content.to_json()]).to_string()
}

fn to_row(
    id: MessageId,
    conversation: &conversation::Model,
    draft: &Draft,
    cleared: &Cleared,
    now: Millis,
) -> message::Model {
    message::Model {
        id,
        kind: draft.kind.clone(),
        text: cleared.text.clone().map(StoredText),
        content: StoredContent(draft.part.clone()),
        media_id: cleared.media_id.clone(),
        template_id: cleared.template_id.clone(),
        reply_to: draft.reply_to.clone(),
        status: Some(MessageStatus::Queued),
        ..store::messages::empty(conversation, Author::Operator, now)
    }
}
