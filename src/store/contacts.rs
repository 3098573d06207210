//! Contacts: a person is found by business-scoped user id first and by phone second, alone or together.

use entity::private::{Phone, Text};
use entity::state::IdentityKind;
use entity::{ContactId, NumberId, WorkspaceId, contact, contact_identity};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
};

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
    contact::Entity::delete_by_id(gone.clone()).exec(tx).await?;
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
