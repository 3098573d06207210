//! Contacts: who wrote, what they allowed, whom nobody answers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::state::{ConsentScope, ConsentSource, ConsentState};
use entity::{ActorId, ConsentId, ContactId, MessageId, NumberId, WorkspaceId, consent, contact};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::{Value, json};

use super::auth::{Admin, Operator, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::{OwnFields, Text};
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::{App, NumberSecret};
use crate::clock::Millis;
use crate::delivery;
use crate::privacy;
use crate::store;
use crate::store::contacts::{Filter, Said};
use crate::whatsapp::advice;

type Name = Text<200>;

pub struct ContactsApi;

/// The person writing.
#[derive(Debug, Object)]
struct Contact {
    id: ContactId,
    /// `+` and digits; null for people who hide it.
    phone: Option<String>,
    /// Meta's business-scoped user id.
    user_id: Option<String>,
    username: Option<String>,
    name: Option<String>,
    /// What they last said of being written to by machines; null: nothing yet.
    consent: Option<ConsentState>,
    consent_at: Option<DateTime<Utc>>,
    consent_source: Option<ConsentSource>,
    /// The same of marketing.
    marketing: Option<ConsentState>,
    marketing_at: Option<DateTime<Utc>>,
    /// Since when nobody answers them.
    blocked_at: Option<DateTime<Utc>>,
    /// What the business keeps of them, in fields of its own.
    fields: BTreeMap<String, String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Something a contact allowed or forbade, and how that is known.
#[derive(Debug, Object)]
struct Consent {
    id: ConsentId,
    scope: ConsentScope,
    state: ConsentState,
    source: ConsentSource,
    /// The word that was written, or an operator's note.
    evidence: Option<String>,
    number_id: Option<NumberId>,
    message_id: Option<MessageId>,
    /// The API key it was noted with, or the member who noted it.
    key_id: Option<ActorId>,
    at: DateTime<Utc>,
}

/// Only what is given changes; null takes the name away, until they tell it again, and a field for good.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateContact {
    name: MaybeUndefined<Name>,
    /// Fields that are not named stay; a contact has fifty at the most.
    fields: Option<OwnFields>,
}

/// Consent that was given or taken back elsewhere: on paper, by phone, in a shop.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct NoteConsent {
    /// `all` unless told.
    scope: Option<ConsentScope>,
    state: ConsentState,
    /// Where and how it was said.
    note: Option<Text<500>>,
}

/// A block, and what Meta says of it on each number they wrote to.
#[derive(Debug, Object)]
struct Blocked {
    contact: Contact,
    at_meta: Vec<BlockedAtMeta>,
}

#[derive(Debug, Object)]
struct BlockedAtMeta {
    number_id: NumberId,
    ok: bool,
    /// What Meta said, and what to do.
    message: Option<String>,
}

/// A contact who is being forgotten.
#[derive(Debug, Object)]
struct Forgetting {
    /// The job that deletes what hangs on them. It is gone when it is done.
    job_id: String,
}

#[derive(ApiResponse)]
enum Forgotten {
    /// The person is forgotten; what hangs on them is being deleted.
    #[oai(status = 202)]
    Accepted(Json<Forgetting>),
}

#[OpenApi(tag = "Tag::Contacts")]
impl ContactsApi {
    /// Lists contacts, newest first.
    #[oai(path = "/contacts", method = "get", operation_id = "listContacts")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        /// A part of a name, a username, a phone or a user id.
        q: Query<Option<Text<100>>>,
        /// The same under its older name.
        #[oai(deprecated)]
        search: Query<Option<Text<100>>>,
        consent: Query<Option<ConsentState>>,
        blocked: Query<Option<bool>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Contact>>, ApiError> {
        let page = page_request(cursor, limit);
        let search = q.0.or(search.0).map(Text::into_string);
        let filter = Filter { search, consent: consent.0, blocked: blocked.0 };
        Ok(List::of(store::contacts::list(app.db.reader(), viewer.workspace(), &filter, &page).await?, view))
    }

    /// Shows a contact.
    #[oai(path = "/contacts/:contact_id", method = "get", operation_id = "getContact")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        contact_id: Path<ContactId>,
    ) -> Result<Json<Contact>, ApiError> {
        Ok(Json(view(find(&app, viewer.workspace(), &contact_id).await?)))
    }

    /// Changes the given fields.
    #[oai(path = "/contacts/:contact_id", method = "patch", operation_id = "updateContact")]
    async fn update(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        contact_id: Path<ContactId>,
        body: Json<UpdateContact>,
    ) -> Result<Json<Contact>, ApiError> {
        let contact = find(&app, operator.workspace(), &contact_id).await?;
        let mut fields = Fields::default();
        fields.fit("name", &body.name);
        fields.fit("fields", &body.fields);
        fields.finish()?;
        let UpdateContact { name, fields: changed } = body.0;
        let now = app.now();
        store::write(&app.db, async |tx| {
            if !name.is_undefined() {
                let name = name.take().map(|name| StoredText(name.into_string()));
                store::contacts::set_name(tx, &contact.id, name).await?;
            }
            if let Some(changed) = changed {
                let known = store::contacts::lock(tx, &contact.id).await?.and_then(|contact| contact.fields);
                let own = changed.merge(read_fields(known))?;
                store::contacts::set_fields(tx, &contact.id, json!(own), now).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
        Ok(Json(view(find(&app, operator.workspace(), &contact_id).await?)))
    }

    /// Forgets a contact: the person at once, and by a job all that was said, thought and kept, with its files and raw
    /// webhooks. Nothing decided for them leaves any more. If they opted out, a hash that tells nobody who it was keeps
    /// marketing from them. Whoever writes from the same phone later is a new contact. This cannot be undone.
    #[oai(path = "/contacts/:contact_id", method = "delete", operation_id = "eraseContact")]
    async fn erase(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        contact_id: Path<ContactId>,
    ) -> Result<Forgotten, ApiError> {
        let begun = privacy::begin(&app, admin.workspace(), &contact_id).await;
        let job = begun.map_err(|error| ApiError::internal(&error))?.ok_or_else(|| ApiError::not_found("contact"))?;
        Ok(Forgotten::Accepted(Json(Forgetting { job_id: super::jobs::shown_id(job) })))
    }

    /// Lists what a contact allowed and forbade, newest first.
    #[oai(path = "/contacts/:contact_id/consents", method = "get", operation_id = "listConsents")]
    async fn consents(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        contact_id: Path<ContactId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Consent>>, ApiError> {
        let page = page_request(cursor, limit);
        let contact = find(&app, viewer.workspace(), &contact_id).await?;
        Ok(List::of(store::contacts::list_consents(app.db.reader(), &contact.id, &page).await?, consent_view))
    }

    /// Notes consent that was given or taken back elsewhere. Opting out stops what machines had decided for them.
    #[oai(path = "/contacts/:contact_id/consent", method = "post", operation_id = "noteConsent")]
    async fn consent(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        contact_id: Path<ContactId>,
        body: Json<NoteConsent>,
    ) -> Result<Json<Contact>, ApiError> {
        let body = body.0;
        let contact = find(&app, operator.workspace(), &contact_id).await?;
        let mut fields = Fields::default();
        fields.fit("note", &body.note);
        fields.finish()?;
        let now = app.now();
        let scope = body.scope.unwrap_or(ConsentScope::All);
        let said = Said {
            scope,
            state: body.state,
            source: ConsentSource::Operator,
            evidence: body.note.map(|note| StoredText(note.into_string())),
            number_id: None,
            message_id: None,
            key_id: Some(operator.actor().clone()),
            at: now,
        };
        let stopped = store::write(&app.db, async |tx| {
            store::contacts::note_consent(tx, &contact, said, now).await?;
            match (scope, body.state) {
                (ConsentScope::All, ConsentState::OptedOut) => {
                    store::conversations::begin_epochs(tx, &contact.id).await
                }
                _ => Ok(Vec::new()),
            }
        })
        .await?;
        stopped.iter().for_each(|conversation_id| app.nudge(conversation_id));
        Ok(Json(view(find(&app, operator.workspace(), &contact_id).await?)))
    }

    /// Nobody answers the contact any more, and Meta is asked to keep them from writing, on every number they wrote to.
    /// Meta does so only within 24 hours of their last message.
    #[oai(path = "/contacts/:contact_id/block", method = "post", operation_id = "blockContact")]
    async fn block(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        contact_id: Path<ContactId>,
    ) -> Result<Json<Blocked>, ApiError> {
        let now = app.now();
        set_blocked(&app, operator.workspace(), &contact_id, Some(now)).await
    }

    /// The contact is answered again, here and at Meta.
    #[oai(path = "/contacts/:contact_id/unblock", method = "post", operation_id = "unblockContact")]
    async fn unblock(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        contact_id: Path<ContactId>,
    ) -> Result<Json<Blocked>, ApiError> {
        set_blocked(&app, operator.workspace(), &contact_id, None).await
    }
}

pub(super) async fn find(app: &App, workspace_id: &WorkspaceId, id: &ContactId) -> Result<contact::Model, ApiError> {
    let found = store::contacts::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("contact"))
}

async fn set_blocked(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &ContactId,
    at: Option<Millis>,
) -> Result<Json<Blocked>, ApiError> {
    let contact = find(app, workspace_id, id).await?;
    let conversations = store::write(&app.db, async |tx| {
        store::contacts::set_blocked(tx, &contact.id, at).await?;
        // What was decided for them does not leave.
        store::conversations::begin_epochs(tx, &contact.id).await?;
        store::conversations::list_of_contact(tx, &contact.id).await
    })
    .await?;
    let mut at_meta = Vec::with_capacity(conversations.len());
    for conversation in conversations {
        app.nudge(&conversation.id);
        let message = tell_meta(app, workspace_id, &conversation.number_id, &contact, at.is_some()).await?;
        at_meta.push(BlockedAtMeta { number_id: conversation.number_id, ok: message.is_none(), message });
    }
    Ok(Json(Blocked { contact: view(find(app, workspace_id, id).await?), at_meta }))
}

/// What Meta has against it, if anything.
async fn tell_meta(
    app: &App,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    contact: &contact::Model,
    block: bool,
) -> Result<Option<String>, ApiError> {
    let Some(number) = store::numbers::find(app.db.reader(), workspace_id, number_id).await? else {
        return Ok(Some("The number is gone.".to_owned()));
    };
    let token =
        app.open_number_secret(&number, NumberSecret::AccessToken).map_err(|error| ApiError::internal(&error))?;
    let Some(token) = token else { return Ok(Some("The number has no access token.".to_owned())) };
    let Some(user) = delivery::recipient(contact) else {
        return Ok(Some("The contact has neither a phone nor a user id.".to_owned()));
    };
    let told = match block {
        true => app.graph.block_users(&number.phone_number_id, &token, &user).await,
        false => app.graph.unblock_users(&number.phone_number_id, &token, &user).await,
    };
    Ok(told.err().map(|error| advice::of_call(&error).message))
}

fn view(contact: contact::Model) -> Contact {
    Contact {
        id: contact.id,
        phone: contact.phone.map(|phone| format!("+{}", phone.as_str())),
        user_id: contact.user_id,
        username: contact.username.map(|name| name.0),
        name: contact.name.map(|name| name.0),
        consent: contact.consent,
        consent_at: contact.consent_at.map(time),
        consent_source: contact.consent_source,
        marketing: contact.marketing,
        marketing_at: contact.marketing_at.map(time),
        blocked_at: contact.blocked_at.map(time),
        fields: read_fields(contact.fields),
        created_at: time(contact.created_at),
        updated_at: time(contact.updated_at),
    }
}

fn read_fields(stored: Option<Value>) -> BTreeMap<String, String> {
    stored.and_then(|fields| serde_json::from_value(fields).ok()).unwrap_or_default()
}

fn consent_view(consent: consent::Model) -> Consent {
    Consent {
        id: consent.id,
        scope: consent.scope,
        state: consent.state,
        source: consent.source,
        evidence: consent.evidence.map(|evidence| evidence.0),
        number_id: consent.number_id,
        message_id: consent.message_id,
        key_id: consent.key_id,
        at: time(consent.at),
    }
}
