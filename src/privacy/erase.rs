//! Forgetting a contact. First, in one transaction, the person: nothing decided for them leaves any more, and who writes
//! from their phone is somebody new. Then, by a job, all that hangs on them, a few rows at a time: raw webhooks, messages
//! with their files, turns, conversations. It may be cut off anywhere; it goes on from what is still there.

use std::collections::HashSet;

use entity::state::{ConsentState, EventStatus};
use entity::{ContactId, ConversationId, EventId, WorkspaceId, contact, erasure, media};
use sea_orm::DbErr;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::suppression::{self, SuppressionError};
use crate::app::App;
use crate::secrets::erasure_place;
use crate::store::erasures::{self, Named, Raw};
use crate::store::jobs::{self, Claim, Job, JobError, Next};
use crate::store::{self, Durability};
use crate::whatsapp::webhook;

const EVENTS: u64 = 200;
const MESSAGES: u64 = 200;
const TURNS: u64 = 200;

/// Where the reading of raw webhooks stands, as it is stored.
const NOBODYS: &str = "nobodys/";
const ALL_READ: &str = "all";

/// Forgets the person now, and has the rest forgotten by a job, whose number comes back; `None` when there is no such
/// contact.
pub async fn begin(app: &App, workspace_id: &WorkspaceId, id: &ContactId) -> Result<Option<i64>, SuppressionError> {
    let now = app.now();
    let begun = store::write(&app.db, async |tx| {
        let Some(contact) = store::contacts::lock(tx, id).await?.filter(|found| &found.workspace_id == workspace_id)
        else {
            return Ok(None);
        };
        let identities = erasures::list_identities(tx, workspace_id, id).await?;
        if is_out(&contact) {
            suppression::remember(app, tx, workspace_id, &identities, now).await?;
        }
        let own = [contact.phone.as_ref().map(|phone| phone.0.clone()), contact.user_id.clone()];
        let known: HashSet<String> =
            identities.into_iter().map(|identity| identity.value.0).chain(own.into_iter().flatten()).collect();
        let known = SecretString::from(serde_json::to_string(&known).unwrap_or_default());
        let erasure = erasure::Model {
            contact_id: id.clone(),
            workspace_id: workspace_id.clone(),
            known_by: app.sealer.seal(&erasure_place(id), &known),
            read_until: None,
            created_at: now,
        };
        erasures::insert(tx, erasure).await?;
        let stopped = store::conversations::begin_epochs(tx, id).await?;
        erasures::delete_person(tx, &contact).await?;
        let job = jobs::enqueue_numbered(tx, workspace_id, &Job::EraseContact { contact_id: id.clone() }, now).await?;
        Ok::<_, SuppressionError>(Some((job, stopped)))
    })
    .await?;
    let Some((job, stopped)) = begun else { return Ok(None) };
    stopped.iter().for_each(|conversation_id| app.nudge(conversation_id));
    app.bells.upkeep.ring_now();
    Ok(Some(job))
}

fn is_out(contact: &contact::Model) -> bool {
    [contact.consent, contact.marketing].contains(&Some(ConsentState::OptedOut))
}

/// Runs the job.
pub async fn go_on(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let id = ContactId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let Some(mut erasure) = erasures::find(app.db.walker(), &id).await? else { return Ok(Next::Finish) };
    let mut conversations = conversations_of(app, &id).await?;
    empty_events(app, &mut erasure, &conversations).await?;
    // A webhook that was being applied when the person went may have left something more.
    while !conversations.is_empty() {
        for conversation_id in &conversations {
            forget(app, &claim.workspace_id, conversation_id, &conversations).await?;
        }
        conversations = conversations_of(app, &id).await?;
    }
    store::write(&app.db, async |tx| {
        jobs::finish(tx, claim).await??;
        erasures::delete(tx, &id).await?;
        Ok::<_, JobError>(())
    })
    .await?;
    if let Err(error) = app.db.shorten_log().await {
        // It is written over as work goes on.
        tracing::warn!(error = %error, "what was forgotten still lies in the write-ahead log");
    }
    tracing::info!(contact.id = %id, "a contact was forgotten");
    Ok(Next::Finished)
}

async fn conversations_of(app: &App, id: &ContactId) -> Result<Vec<ConversationId>, DbErr> {
    let found = store::conversations::list_of_contact(app.db.reader(), id).await?;
    Ok(found.into_iter().map(|conversation| conversation.id).collect())
}

/// Empties the raw webhooks that name the person or one of their messages.
async fn empty_events(
    app: &App,
    erasure: &mut erasure::Model,
    conversations: &[ConversationId],
) -> Result<(), JobError> {
    if erasure.read_until.as_deref() == Some(ALL_READ) {
        return Ok(());
    }
    let names = names(app, erasure, conversations).await?;
    loop {
        let read_until = erasure.read_until.clone().unwrap_or_default();
        let (whose, after) = match read_until.strip_prefix(NOBODYS) {
            Some(after) => (None, after),
            None => (Some(&erasure.workspace_id), read_until.as_str()),
        };
        let page = erasures::list_raw(app.db.reader(), whose, after, EVENTS).await?;
        let next = match (page.last(), whose) {
            (Some(last), Some(_)) => last.id.to_string(),
            (Some(last), None) => format!("{NOBODYS}{}", last.id),
            (None, Some(_)) => NOBODYS.to_owned(),
            (None, None) => ALL_READ.to_owned(),
        };
        let naming = |raw: &Raw| raw.status != EventStatus::Received && names.are_in(&raw.body);
        let found: Vec<EventId> = page.iter().filter(|raw| naming(raw)).map(|raw| raw.id.clone()).collect();
        erasure.read_until = Some(next);
        store::write_as(&app.db, Durability::Crash, async |tx| {
            if !found.is_empty() {
                erasures::empty_events(tx, &found).await?;
            }
            erasures::update(tx, erasure).await
        })
        .await?;
        if erasure.read_until.as_deref() == Some(ALL_READ) {
            return Ok(());
        }
    }
}

/// What a webhook about the person names.
struct Names {
    /// Phones and user ids.
    person: Vec<String>,
    /// The same, and the ids of messages, ours and Meta's.
    all: HashSet<String>,
}

async fn names(app: &App, erasure: &erasure::Model, conversations: &[ConversationId]) -> Result<Names, JobError> {
    let opened = app.sealer.open(&erasure_place(&erasure.contact_id), &erasure.known_by);
    let opened = opened.map_err(|error| JobError::Fail(error.to_string()))?;
    let person: Vec<String> = serde_json::from_str(opened.expose_secret()).unwrap_or_default();
    let mut all: HashSet<String> = person.iter().cloned().collect();
    for conversation_id in conversations {
        let mut after = None;
        loop {
            let page = erasures::list_messages(app.db.reader(), conversation_id, after.as_ref(), MESSAGES).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for message in page {
                all.insert(message.id.to_string());
                all.extend(message.wamid);
            }
        }
    }
    Ok(Names { person, all })
}

impl Names {
    fn are_in(&self, body: &[u8]) -> bool {
        match webhook::read(body) {
            Ok(body) => self.are_within(&body),
            Err(_) => {
                let text = String::from_utf8_lossy(body);
                self.person.iter().any(|name| text.contains(name.as_str()))
            }
        }
    }

    fn are_within(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.all.contains(text.strip_prefix('+').unwrap_or(text)),
            Value::Array(items) => items.iter().any(|item| self.are_within(item)),
            Value::Object(fields) => {
                fields.iter().any(|(name, field)| self.all.contains(name) || self.are_within(field))
            }
            _ => false,
        }
    }
}

/// Deletes a conversation with all that was said in it.
async fn forget(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
    conversations: &[ConversationId],
) -> Result<(), JobError> {
    loop {
        let messages = erasures::list_messages(app.db.reader(), id, None, MESSAGES).await?;
        if messages.is_empty() {
            break;
        }
        let files = erasures::list_files(app.db.reader(), workspace_id, &messages, conversations).await?;
        remove_blobs(app, workspace_id, &files).await?;
        delete(app, workspace_id, &messages, &files).await?;
    }
    let more_turns = async || {
        store::write_as(&app.db, Durability::Crash, async |tx| erasures::delete_turns(tx, id, TURNS).await).await
    };
    while more_turns().await? {}
    store::write_as(&app.db, Durability::Crash, async |tx| erasures::delete_conversation(tx, id).await).await?;
    Ok(())
}

async fn delete(
    app: &App,
    workspace_id: &WorkspaceId,
    messages: &[Named],
    files: &[media::Model],
) -> Result<(), DbErr> {
    let events: Vec<EventId> = messages.iter().filter_map(|message| message.event_id.clone()).collect();
    store::write_as(&app.db, Durability::Crash, async |tx| {
        erasures::empty_events(tx, &events).await?;
        erasures::delete_messages(tx, workspace_id, messages, files).await
    })
    .await
}

/// The bytes go before their rows: else a cut in between would leave bytes that nothing names. Content that another row
/// has, too, stays.
async fn remove_blobs(app: &App, workspace_id: &WorkspaceId, files: &[media::Model]) -> Result<(), JobError> {
    let contents: HashSet<&String> = files.iter().filter_map(|file| file.sha256.as_ref()).collect();
    for sha256 in contents {
        let ours = files.iter().filter(|file| file.sha256.as_ref() == Some(sha256)).count() as u64;
        if store::media::count_of_content(app.db.reader(), workspace_id, sha256).await? > ours {
            continue;
        }
        let removed = app.blobs.remove(workspace_id.as_str(), sha256).await;
        removed.map_err(|error| JobError::Retry(error.to_string()))?;
        erasures::delete_handles(app.db.bookkeeper(), sha256).await?;
    }
    Ok(())
}
