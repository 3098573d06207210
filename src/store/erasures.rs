//! Forgetting a contact: what is deleted, in an order that can be cut off anywhere and gone on with.

use entity::erasure::{Column, Entity, Model};
use entity::state::{EventStatus, JobKind, MediaSource};
use entity::{
    ContactId, ConversationId, EventId, MediaId, MessageId, NumberId, WorkspaceId, consent, contact, contact_identity,
    conversation, early_status, event, idempotency_key, job, media, media_handle, message, note, suppression, turn,
};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::clock::Millis;

pub async fn insert(tx: &impl ConnectionTrait, erasure: Model) -> Result<(), DbErr> {
    Entity::insert(erasure.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn find(connection: &impl ConnectionTrait, id: &ContactId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).one(connection).await
}

/// All that are under way: for a new master key.
pub async fn list_all(connection: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(connection).await
}

pub async fn update(connection: &impl ConnectionTrait, erasure: &Model) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::KnownBy, Expr::value(erasure.known_by.clone()))
        .col_expr(Column::ReadUntil, Expr::value(erasure.read_until.clone()))
        .filter(Column::ContactId.eq(erasure.contact_id.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

pub async fn delete(tx: &impl ConnectionTrait, id: &ContactId) -> Result<(), DbErr> {
    Entity::delete_by_id(id.clone()).exec(tx).await?;
    Ok(())
}

/// By what a contact is known.
pub async fn list_identities(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    contact_id: &ContactId,
) -> Result<Vec<contact_identity::Model>, DbErr> {
    contact_identity::Entity::find()
        .filter(contact_identity::Column::ContactId.eq(contact_id.clone()))
        .filter(contact_identity::Column::WorkspaceId.eq(workspace_id.clone()))
        .order_by_desc(contact_identity::Column::CreatedAt)
        .all(connection)
        .await
}

/// The person is gone at once: whoever writes from the same phone is somebody new.
pub async fn delete_person(tx: &impl ConnectionTrait, contact: &contact::Model) -> Result<(), DbErr> {
    let id = &contact.id;
    contact_identity::Entity::delete_many().filter(contact_identity::Column::ContactId.eq(id.clone())).exec(tx).await?;
    consent::Entity::delete_many().filter(consent::Column::ContactId.eq(id.clone())).exec(tx).await?;
    let text = "DELETE FROM usage WHERE workspace_id = $1 AND scope = 'contact' AND subject = $2";
    tx.execute_raw(super::sql(tx, text, [contact.workspace_id.clone().into(), id.clone().into()])).await?;
    contact::Entity::delete_by_id(id.clone()).exec(tx).await?;
    Ok(())
}

/// A webhook, to be looked through.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "event::Entity")]
pub struct Raw {
    pub id: EventId,
    pub body: Vec<u8>,
    pub status: EventStatus,
}

/// Webhooks of a workspace, or with `None` those that are nobody's, after `after` in the order they came.
pub async fn list_raw(
    connection: &impl ConnectionTrait,
    workspace_id: Option<&WorkspaceId>,
    after: &str,
    limit: u64,
) -> Result<Vec<Raw>, DbErr> {
    let whose = match workspace_id {
        Some(workspace_id) => event::Column::WorkspaceId.eq(workspace_id.clone()),
        None => event::Column::WorkspaceId.is_null(),
    };
    event::Entity::find()
        .filter(whose)
        .filter(event::Column::Id.gt(after))
        .order_by_asc(event::Column::Id)
        .limit(limit)
        .into_partial_model::<Raw>()
        .all(connection)
        .await
}

/// Empties webhooks; those that are still to be applied stay.
pub async fn empty_events(tx: &impl ConnectionTrait, ids: &[EventId]) -> Result<(), DbErr> {
    event::Entity::update_many()
        .col_expr(event::Column::Body, Expr::value(Vec::<u8>::new()))
        .col_expr(event::Column::Status, Expr::value(EventStatus::Erased))
        .col_expr(event::Column::Error, Expr::value(Option::<String>::None))
        .filter(event::Column::Id.is_in(ids.iter().cloned()))
        .filter(event::Column::Status.is_not_in([EventStatus::Received, EventStatus::Erased]))
        .exec(tx)
        .await?;
    Ok(())
}

/// What is needed of a message to delete all that hangs on it.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "message::Entity")]
pub struct Named {
    pub id: MessageId,
    pub number_id: NumberId,
    pub wamid: Option<String>,
    pub media_id: Option<MediaId>,
    pub event_id: Option<EventId>,
}

/// Messages of a conversation after `after`, in their order.
pub async fn list_messages(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
    after: Option<&MessageId>,
    limit: u64,
) -> Result<Vec<Named>, DbErr> {
    let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(conversation_id.clone()));
    if let Some(after) = after {
        query = query.filter(message::Column::Id.gt(after.clone()));
    }
    query.order_by_asc(message::Column::Id).limit(limit).into_partial_model::<Named>().all(connection).await
}

/// The files that messages brought, and those that were sent with them and with no other.
pub async fn list_files(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[Named],
    conversations: &[ConversationId],
) -> Result<Vec<media::Model>, DbErr> {
    let brought = media::Column::MessageId.is_in(messages.iter().map(|message| message.id.clone()));
    let carried = media::Column::Id.is_in(messages.iter().filter_map(|message| message.media_id.clone()));
    let found = media::Entity::find()
        .filter(media::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Condition::any().add(brought).add(carried))
        .all(connection)
        .await?;
    let mut files = Vec::with_capacity(found.len());
    for file in found {
        let elsewhere = message::Entity::find()
            .select_only()
            .column(message::Column::Id)
            .filter(message::Column::MediaId.eq(file.id.clone()))
            .filter(message::Column::ConversationId.is_not_in(conversations.iter().cloned()))
            .limit(1)
            .into_tuple::<MessageId>();
        if file.source == MediaSource::Inbound || elsewhere.one(connection).await?.is_none() {
            files.push(file);
        }
    }
    Ok(files)
}

/// Deletes messages with their files and all that was to be done about them.
pub async fn delete_messages(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[Named],
    files: &[media::Model],
) -> Result<(), DbErr> {
    let ids = || messages.iter().map(|message| message.id.clone());
    let file_ids = || files.iter().map(|file| file.id.clone());
    delete_jobs(tx, JobKind::SendMessage, ids().map(|id| id.to_string())).await?;
    delete_jobs(tx, JobKind::FetchMedia, file_ids().map(|id| id.to_string())).await?;
    let wamids = messages.iter().filter_map(|message| message.wamid.clone());
    early_status::Entity::delete_many()
        .filter(early_status::Column::NumberId.is_in(messages.iter().map(|message| message.number_id.clone())))
        .filter(early_status::Column::Wamid.is_in(wamids))
        .exec(tx)
        .await?;
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(idempotency_key::Column::MessageId.is_in(ids()))
        .exec(tx)
        .await?;
    media::Entity::delete_many().filter(media::Column::Id.is_in(file_ids())).exec(tx).await?;
    message::Entity::delete_many().filter(message::Column::Id.is_in(ids())).exec(tx).await?;
    Ok(())
}

async fn delete_jobs(
    tx: &impl ConnectionTrait,
    kind: JobKind,
    subjects: impl Iterator<Item = String>,
) -> Result<(), DbErr> {
    job::Entity::delete_many()
        .filter(job::Column::Kind.eq(kind))
        .filter(job::Column::Subject.is_in(subjects))
        .exec(tx)
        .await?;
    Ok(())
}

/// Meta's ids of a content that is not here any more.
pub async fn delete_handles(tx: &impl ConnectionTrait, sha256: &str) -> Result<(), DbErr> {
    media_handle::Entity::delete_many().filter(media_handle::Column::Sha256.eq(sha256)).exec(tx).await?;
    Ok(())
}

/// Deletes some of a conversation's turns; `false` when none is left.
pub async fn delete_turns(tx: &impl ConnectionTrait, id: &ConversationId, limit: u64) -> Result<bool, DbErr> {
    let some = turn::Entity::find()
        .select_only()
        .column(turn::Column::Id)
        .filter(turn::Column::ConversationId.eq(id.clone()))
        .limit(limit)
        .into_tuple::<String>()
        .all(tx)
        .await?;
    if some.is_empty() {
        return Ok(false);
    }
    turn::Entity::delete_many().filter(turn::Column::Id.is_in(some)).exec(tx).await?;
    Ok(true)
}

/// Deletes a conversation in which nothing is said any more.
pub async fn delete_conversation(tx: &impl ConnectionTrait, id: &ConversationId) -> Result<(), DbErr> {
    delete_jobs(tx, JobKind::Turn, std::iter::once(id.to_string())).await?;
    note::Entity::delete_many().filter(note::Column::ConversationId.eq(id.clone())).exec(tx).await?;
    let text = "DELETE FROM paces WHERE key = $1";
    tx.execute_raw(super::sql(tx, text, [id.clone().into()])).await?;
    conversation::Entity::delete_by_id(id.clone()).exec(tx).await?;
    Ok(())
}

/// Keeps hashes of those who are not to be written to.
pub async fn suppress(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    hashes: Vec<String>,
    at: Millis,
) -> Result<(), DbErr> {
    let rows = hashes.into_iter().map(|hash| suppression::Model { workspace_id: workspace_id.clone(), hash, at });
    for row in rows {
        suppression::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([suppression::Column::WorkspaceId, suppression::Column::Hash])
                    .update_column(suppression::Column::At)
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Since when one of these is not to be written to, the newest word.
pub async fn suppressed_at(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    hashes: &[String],
) -> Result<Option<Millis>, DbErr> {
    suppression::Entity::find()
        .select_only()
        .column_as(suppression::Column::At.max(), "newest")
        .filter(suppression::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(suppression::Column::Hash.is_in(hashes.iter().cloned()))
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await
        .map(Option::flatten)
}
