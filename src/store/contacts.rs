//! Contacts: a person is found by business-scoped user id first and by phone second, alone or together.

use entity::private::{Phone, Text};
use entity::state::{ConsentScope, ConsentSource, ConsentState, IdentityKind};
use entity::{ActorId, ConsentId, ContactId, MessageId, NumberId, WorkspaceId, consent, contact, contact_identity};
use sea_orm::sea_query::{Expr, Func, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// What a webhook, or an operator, says of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Business-scoped user id (BSUID), with its country prefix.
    pub user_id: Option<String>,
    /// Digits of the `wa_id`.
    pub phone: Option<Phone>,
    pub name: Option<Text>,
    pub username: Option<Text>,
}

/// Two contacts turned out to be one person; the rows of `gone` belong to the other now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub gone: ContactId,
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &ContactId,
) -> Result<Option<contact::Model>, DbErr> {
    contact::Entity::find_by_id(id.clone())
        .filter(contact::Column::WorkspaceId.eq(workspace_id.clone()))
        .one(connection)
        .await
}

/// Reads the row and keeps others from changing it until the commit.
pub async fn lock(tx: &impl ConnectionTrait, id: &ContactId) -> Result<Option<contact::Model>, DbErr> {
    contact::Entity::find_by_id(id.clone()).lock_exclusive().one(tx).await
}

/// The contact that is known by one of these values: by the first of them if by that, else by the one heard of last.
pub async fn find_known(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    kind: IdentityKind,
    values: &[Phone],
) -> Result<Option<contact::Model>, DbErr> {
    let identities = contact_identity::Entity::find()
        .filter(contact_identity::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(contact_identity::Column::Kind.eq(kind))
        .filter(contact_identity::Column::Value.is_in(values.iter().cloned()))
        .all(connection)
        .await?;
    let best = identities.iter().max_by_key(|identity| (values.first() == Some(&identity.value), identity.created_at));
    match best {
        Some(identity) => find(connection, workspace_id, &identity.contact_id).await,
        None => Ok(None),
    }
}

/// The contact that `person` is, made where there is none. A user id and a phone that so far were two contacts
/// become one: the older stays, and the caller moves the other's conversations.
///
/// A phone whose contact is known on this number by another user id has changed hands: it becomes a new contact, so
/// that nobody reads on in a stranger's conversation.
pub async fn find_or_insert(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    person: &Person,
    now: Millis,
) -> Result<(contact::Model, Option<Merged>), DbErr> {
    let identities = identities_of(tx, workspace_id, person).await?;
    let by = |kind: IdentityKind| {
        identities.iter().find(|identity| identity.kind == kind).map(|identity| identity.contact_id.clone())
    };
    let by_user_id = by(IdentityKind::UserId);
    let by_phone = match (by(IdentityKind::Phone), &person.user_id) {
        (Some(contact_id), Some(user_id))
            if by_user_id.as_ref() != Some(&contact_id)
                && has_other_user_id(tx, workspace_id, number_id, &contact_id, user_id).await? =>
        {
            forget_phone(tx, workspace_id, person.phone.as_ref()).await?;
            None
        }
        (found, _) => found,
    };

    let (contact_id, merged) = match (by_user_id, by_phone) {
        (Some(one), Some(other)) if one != other => {
            let (stays, gone) = if one < other { (one, other) } else { (other, one) };
            merge(tx, &stays, &gone).await?;
            (stays, Some(Merged { gone }))
        }
        (Some(found), _) | (None, Some(found)) => (found, None),
        (None, None) => (ContactId::generate(now), None),
    };

    let mut claimed = contact_id.clone();
    let known = |kind| identities.iter().any(|identity| identity.kind == kind && identity.contact_id == contact_id);
    for (kind, value) in keys_of(person).into_iter().filter(|(kind, _)| !known(*kind)) {
        claimed = claim_identity(tx, workspace_id, number_id, kind, &value, &claimed, now).await?;
    }
    let contact = upsert(tx, workspace_id, &claimed, person, now).await?;
    Ok((contact, merged))
}

/// What a contact allowed or forbade, and how that is known.
#[derive(Debug, Clone)]
pub struct Said {
    pub scope: ConsentScope,
    pub state: ConsentState,
    pub source: ConsentSource,
    pub evidence: Option<Text>,
    pub number_id: Option<NumberId>,
    pub message_id: Option<MessageId>,
    pub key_id: Option<ActorId>,
    pub at: Millis,
}

/// Keeps what was said of consent. The newest word counts; the same one again changes nothing.
pub async fn note_consent(
    tx: &impl ConnectionTrait,
    contact: &contact::Model,
    said: Said,
    now: Millis,
) -> Result<(), DbErr> {
    let (known, since) = match said.scope {
        ConsentScope::All => (contact.consent, contact.consent_at),
        ConsentScope::Marketing => (contact.marketing, contact.marketing_at),
    };
    if known == Some(said.state) || since.is_some_and(|since| since > said.at) {
        return Ok(());
    }
    let mut row = contact::ActiveModel { id: Set(contact.id.clone()), updated_at: Set(now), ..Default::default() };
    match said.scope {
        ConsentScope::All => {
            row.consent = Set(Some(said.state));
            row.consent_at = Set(Some(said.at));
            row.consent_source = Set(Some(said.source));
        }
        ConsentScope::Marketing => {
            row.marketing = Set(Some(said.state));
            row.marketing_at = Set(Some(said.at));
        }
    }
    contact::Entity::update(row).exec_without_returning(tx).await?;
    let consent = consent::Model {
        id: ConsentId::generate(now),
        workspace_id: contact.workspace_id.clone(),
        contact_id: contact.id.clone(),
        number_id: said.number_id,
        scope: said.scope,
        state: said.state,
        source: said.source,
        evidence: said.evidence,
        message_id: said.message_id,
        key_id: said.key_id,
        at: said.at,
    };
    consent::Entity::insert(consent.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// What a contact said of consent, newest first.
pub async fn list_consents(
    connection: &impl ConnectionTrait,
    contact_id: &ContactId,
    page: &PageRequest,
) -> Result<Page<consent::Model>, DbErr> {
    let mut query = consent::Entity::find().filter(consent::Column::ContactId.eq(contact_id.clone()));
    if let Some(before) = &page.cursor {
        query = query.filter(consent::Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(consent::Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |consent| consent.id.to_string()))
}

#[derive(Debug, Default)]
pub struct Filter {
    /// A part of a name, a username, a user id or a phone.
    pub search: Option<String>,
    pub consent: Option<ConsentState>,
    pub blocked: Option<bool>,
}

/// Contacts of a workspace, newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<contact::Model>, DbErr> {
    use contact::Column;
    let mut query = contact::Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(search) = &filter.search {
        query = query.filter(matching(connection, search));
    }
    if let Some(consent) = filter.consent {
        query = query.filter(Column::Consent.eq(consent));
    }
    match filter.blocked {
        Some(true) => query = query.filter(Column::BlockedAt.is_not_null()),
        Some(false) => query = query.filter(Column::BlockedAt.is_null()),
        None => {}
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |contact| contact.id.to_string()))
}

/// Contacts with `words` in their name, username, phone or user id, in no order.
pub async fn list_matching(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    words: &str,
    limit: u64,
) -> Result<Vec<ContactId>, DbErr> {
    let hint = if connection.get_database_backend() == DbBackend::Sqlite { "INDEXED BY contacts_search" } else { "" };
    let holds = search_holds(connection, "search", 2);
    let text = format!("SELECT id FROM contacts {hint} WHERE workspace_id = $1 AND {holds} LIMIT $3");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [workspace_id.clone().into(), searched(words).into(), limit.into()];
    let rows = connection.query_all_raw(super::sql(connection, text, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The same as a condition on rows.
fn matching(connection: &impl ConnectionTrait, words: &str) -> SimpleExpr {
    let words = searched(words);
    match connection.get_database_backend() {
        DbBackend::Postgres => Expr::expr(Func::cust("strpos").arg(Expr::col("search")).arg(Expr::value(words))).gt(0),
        _ => super::holding(connection, "search", &words),
    }
}

/// Words as they are looked for: a phone in whatever writing is its digits.
pub fn searched(words: &str) -> String {
    let is_phone = |char: char| char.is_ascii_digit() || "+ ()-./".contains(char);
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    if words.chars().all(is_phone) && !digits.is_empty() { digits } else { super::folded(words.trim()) }
}

/// Whether the column a contact is found by holds the folded words bound at `$place`.
pub fn search_holds(connection: &impl ConnectionTrait, column: &str, place: usize) -> String {
    match connection.get_database_backend() {
        // It is folded there.
        DbBackend::Postgres => format!("strpos({column}, ${place}) > 0"),
        _ => format!("holds({column}, ${place})"),
    }
}

pub async fn set_blocked(tx: &impl ConnectionTrait, id: &ContactId, at: Option<Millis>) -> Result<(), DbErr> {
    let row = contact::ActiveModel { id: Set(id.clone()), blocked_at: Set(at), ..Default::default() };
    contact::Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Keeps the business's own fields of a contact.
pub async fn set_fields(
    tx: &impl ConnectionTrait,
    id: &ContactId,
    fields: serde_json::Value,
    now: Millis,
) -> Result<(), DbErr> {
    let row = contact::ActiveModel {
        id: Set(id.clone()),
        fields: Set(Some(fields)),
        updated_at: Set(now),
        ..Default::default()
    };
    contact::Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn set_name(tx: &impl ConnectionTrait, id: &ContactId, name: Option<Text>) -> Result<(), DbErr> {
    let row = contact::ActiveModel { id: Set(id.clone()), name: Set(name), ..Default::default() };
    contact::Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// To whom a message of ours went.
pub async fn find_by_wamid(
    connection: &impl ConnectionTrait,
    number_id: &NumberId,
    wamid: &str,
) -> Result<Option<contact::Model>, DbErr> {
    let text = "SELECT c.contact_id FROM messages m JOIN conversations c ON c.id = m.conversation_id
        WHERE m.number_id = $1 AND m.wamid = $2";
    let values = [number_id.clone().into(), wamid.into()];
    let Some(row) = connection.query_one_raw(super::sql(connection, text, values)).await? else { return Ok(None) };
    contact::Entity::find_by_id(row.try_get::<ContactId>("", "contact_id")?).one(connection).await
}

/// Gives a contact the name that somebody else has for them, if they told none themselves.
pub async fn name_if_unnamed(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    phone: &Phone,
    name: &Text,
) -> Result<(), DbErr> {
    let key = (workspace_id.clone(), IdentityKind::Phone, phone.clone());
    let Some(found) = contact_identity::Entity::find_by_id(key).one(tx).await? else { return Ok(()) };
    contact::Entity::update_many()
        .col_expr(contact::Column::Name, Expr::value(name.clone()))
        .filter(contact::Column::Id.eq(found.contact_id))
        .filter(contact::Column::Name.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Ties a further phone to a contact, where nobody has it yet: Graph may know a customer under other digits than those a
/// message was sent to.
pub async fn know_as(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    contact: &contact::Model,
    phone: &Phone,
    now: Millis,
) -> Result<(), DbErr> {
    claim_identity(tx, &contact.workspace_id, number_id, IdentityKind::Phone, phone, &contact.id, now).await.map(drop)
}

/// The contact goes on under a new phone or user id; the old phone will be somebody else's. Contacts that were known by
/// the new ones already become this one, and are gone.
pub async fn follow(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    contact: &contact::Model,
    new: &Person,
    now: Millis,
) -> Result<Vec<ContactId>, DbErr> {
    let workspace_id = &contact.workspace_id;
    let mut gone = Vec::new();
    for (kind, value) in keys_of(new) {
        let holder = claim_identity(tx, workspace_id, number_id, kind, &value, &contact.id, now).await?;
        if holder != contact.id && !gone.contains(&holder) {
            merge(tx, &contact.id, &holder).await?;
            gone.push(holder);
        }
    }
    if let (Some(old), Some(_)) = (&contact.phone, &new.phone) {
        let key = (workspace_id.clone(), IdentityKind::Phone, old.clone());
        contact_identity::Entity::delete_by_id(key).exec(tx).await?;
    }
    upsert(tx, workspace_id, &contact.id, new, now).await?;
    Ok(gone)
}

fn keys_of(person: &Person) -> Vec<(IdentityKind, Phone)> {
    let user_id = person.user_id.as_deref().map(|value| (IdentityKind::UserId, Phone::from(value)));
    let phone = person.phone.clone().map(|value| (IdentityKind::Phone, value));
    user_id.into_iter().chain(phone).collect()
}

async fn identities_of(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    person: &Person,
) -> Result<Vec<contact_identity::Model>, DbErr> {
    let any = keys_of(person).into_iter().fold(Condition::any(), |any, (kind, value)| {
        any.add(
            Condition::all()
                .add(contact_identity::Column::Kind.eq(kind))
                .add(contact_identity::Column::Value.eq(value)),
        )
    });
    contact_identity::Entity::find()
        .filter(contact_identity::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(any)
        .all(tx)
        .await
}

async fn has_other_user_id(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    contact_id: &ContactId,
    user_id: &str,
) -> Result<bool, DbErr> {
    let other = contact_identity::Entity::find()
        .filter(contact_identity::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(contact_identity::Column::ContactId.eq(contact_id.clone()))
        .filter(contact_identity::Column::Kind.eq(IdentityKind::UserId))
        .filter(contact_identity::Column::NumberId.eq(number_id.clone()))
        .filter(contact_identity::Column::Value.ne(user_id))
        .one(tx)
        .await?;
    Ok(other.is_some())
}

async fn forget_phone(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    phone: Option<&Phone>,
) -> Result<(), DbErr> {
    let Some(phone) = phone else { return Ok(()) };
    contact_identity::Entity::delete_by_id((workspace_id.clone(), IdentityKind::Phone, phone.clone())).exec(tx).await?;
    contact::Entity::update_many()
        .col_expr(contact::Column::Phone, Expr::value(Option::<String>::None))
        .filter(contact::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(contact::Column::Phone.eq(phone.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

async fn merge(tx: &impl ConnectionTrait, stays: &ContactId, gone: &ContactId) -> Result<(), DbErr> {
    contact_identity::Entity::update_many()
        .col_expr(contact_identity::Column::ContactId, Expr::value(stays.clone()))
        .filter(contact_identity::Column::ContactId.eq(gone.clone()))
        .exec(tx)
        .await?;
    keep_what_they_forbade(tx, stays, gone).await?;
    consent::Entity::update_many()
        .col_expr(consent::Column::ContactId, Expr::value(stays.clone()))
        .filter(consent::Column::ContactId.eq(gone.clone()))
        .exec(tx)
        .await?;
    contact::Entity::delete_by_id(gone.clone()).exec(tx).await?;
    Ok(())
}

/// Of two contacts that are one person the newer word counts; a block holds.
async fn keep_what_they_forbade(tx: &impl ConnectionTrait, stays: &ContactId, gone: &ContactId) -> Result<(), DbErr> {
    let find = |id: &ContactId| contact::Entity::find_by_id(id.clone()).one(tx);
    let (Some(kept), Some(gone)) = (find(stays).await?, find(gone).await?) else { return Ok(()) };
    let mut row = contact::ActiveModel { id: Set(stays.clone()), ..Default::default() };
    if gone.consent_at > kept.consent_at {
        row.consent = Set(gone.consent);
        row.consent_at = Set(gone.consent_at);
        row.consent_source = Set(gone.consent_source);
    }
    if gone.marketing_at > kept.marketing_at {
        row.marketing = Set(gone.marketing);
        row.marketing_at = Set(gone.marketing_at);
    }
    row.blocked_at = Set(kept.blocked_at.or(gone.blocked_at));
    contact::Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Ties `value` to `contact_id`, unless somebody was quicker: then theirs is the contact.
async fn claim_identity(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    kind: IdentityKind,
    value: &Phone,
    contact_id: &ContactId,
    now: Millis,
) -> Result<ContactId, DbErr> {
    let row = contact_identity::Model {
        workspace_id: workspace_id.clone(),
        kind,
        value: value.clone(),
        contact_id: contact_id.clone(),
        number_id: number_id.clone(),
        created_at: now,
    };
    let inserted = contact_identity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if inserted == 1 {
        return Ok(contact_id.clone());
    }
    let found = contact_identity::Entity::find_by_id((workspace_id.clone(), kind, value.clone())).one(tx).await?;
    Ok(found.map_or_else(|| contact_id.clone(), |identity| identity.contact_id))
}

async fn upsert(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &ContactId,
    person: &Person,
    now: Millis,
) -> Result<contact::Model, DbErr> {
    let Some(known) = contact::Entity::find_by_id(id.clone()).one(tx).await? else {
        let contact = contact::Model {
            id: id.clone(),
            workspace_id: workspace_id.clone(),
            phone: person.phone.clone(),
            user_id: person.user_id.clone(),
            username: person.username.clone(),
            name: person.name.clone(),
            consent: None,
            consent_at: None,
            consent_source: None,
            marketing: None,
            marketing_at: None,
            blocked_at: None,
            fields: None,
            created_at: now,
            updated_at: now,
        };
        contact::Entity::insert(contact.clone().into_active_model())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        return Ok(contact);
    };
    let updated = contact::Model {
        phone: person.phone.clone().or_else(|| known.phone.clone()),
        user_id: person.user_id.clone().or_else(|| known.user_id.clone()),
        username: person.username.clone().or_else(|| known.username.clone()),
        name: person.name.clone().or_else(|| known.name.clone()),
        ..known.clone()
    };
    if updated != known {
        let row = contact::ActiveModel {
            id: Set(id.clone()),
            phone: Set(updated.phone.clone()),
            user_id: Set(updated.user_id.clone()),
            username: Set(updated.username.clone()),
            name: Set(updated.name.clone()),
            updated_at: Set(now),
            ..Default::default()
        };
        contact::Entity::update(row).exec_without_returning(tx).await?;
    }
    Ok(updated)
}
