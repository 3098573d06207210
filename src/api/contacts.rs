//! Contacts: who wrote, what they allowed, whom nobody answers.

use chrono::{DateTime, Utc};
use entity::private::Text as StoredText;
use entity::state::{ConsentScope, ConsentSource, ConsentState};
use entity::{ConsentId, ContactId, KeyId, MessageId, NumberId, WorkspaceId, consent, contact};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};

use super::auth::{Operator, Viewer};
use super::problem::{ApiError, Fields};
use super::wire::Text;
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::{App, NumberSecret};
use crate::clock::Millis;
use crate::delivery;
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
    /// The API key it was noted with.
    key_id: Option<KeyId>,
    at: DateTime<Utc>,
}

/// Only what is given changes; null takes the name away, until they tell it again.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UpdateContact {
    name: MaybeUndefined<Name>,
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

#[OpenApi(tag = "Tag::Contacts")]
impl ContactsApi {
    /// Lists contacts, newest first.
    #[oai(path = "/contacts", method = "get", operation_id = "listContacts")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        /// A part of a name, a username or a phone, or a whole user id.
        search: Query<Option<Text<100>>>,
        consent: Query<Option<ConsentState>>,
        blocked: Query<Option<bool>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Contact>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = Filter { search: search.0.map(Text::into_string), consent: consent.0, blocked: blocked.0 };
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
        fields.finish()?;
        let name = match body.0.name {
            MaybeUndefined::Undefined => return Ok(Json(view(contact))),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(name) => Some(StoredText(name.into_string())),
        };
        store::contacts::set_name(app.db.writer(), &contact.id, name).await?;
        Ok(Json(view(find(&app, operator.workspace(), &contact_id).await?)))
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
            key_id: Some(operator.key().clone()),
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

async fn find(app: &App, workspace_id: &WorkspaceId, id: &ContactId) -> Result<contact::Model, ApiError> {
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
        created_at: time(contact.created_at),
        updated_at: time(contact.updated_at),
    }
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
