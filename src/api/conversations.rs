//! Conversations: who wrote, who owns it, what waits for a person.

use chrono::{DateTime, Utc};
use entity::state::{ConsentState, Owner, Task, TaskReason};
use entity::{AgentId, ContactId, ConversationId, KeyId, NumberId, WorkspaceId, conversation, message};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::auth::{Operator, Viewer};
use super::bubble::{self, Message};
use super::content::Content;
use super::problem::ApiError;
use super::sending::{self, Order, Sent, Target};
use super::wire::IdempotencyKey;
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::{App, NumberSecret};
use crate::store;
use crate::store::conversations::{Filter, View};
use crate::turn::handover;
use crate::whatsapp::advice;
use crate::whatsapp::error::GraphError;

pub struct ConversationsApi;

/// One number with one contact.
#[derive(Debug, Object)]
struct Conversation {
    id: ConversationId,
    number_id: NumberId,
    /// Who answers when no person does.
    agent_id: Option<AgentId>,
    contact: Contact,
    owner: Owner,
    /// The API key that took it.
    taken_by: Option<KeyId>,
    /// Messages of the customer that nobody has looked at.
    unread: i32,
    /// Until when free-form messages may be sent.
    window_closes_at: Option<DateTime<Utc>>,
    /// Until when Meta lets a free entry point (an ad, a page's button) stand open.
    free_entry_until: Option<DateTime<Utc>>,
    /// An item for people.
    task: Option<Task>,
    task_reason: Option<TaskReason>,
    task_opened_at: Option<DateTime<Utc>>,
    last_message: Option<Message>,
    last_message_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// The person writing.
#[derive(Debug, Object)]
#[oai(rename = "ConversationContact")]
struct Contact {
    id: ContactId,
    /// `+` and digits; null for people who hide it.
    phone: Option<String>,
    /// Meta's business-scoped user id.
    user_id: Option<String>,
    username: Option<String>,
    name: Option<String>,
    /// What they last said of being written to by machines.
    consent: Option<ConsentState>,
    blocked: bool,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Reply {
    content: Content,
    /// Checks and shows the message, and sends nothing.
    preview: Option<bool>,
}

#[OpenApi(tag = "Tag::Conversations")]
impl ConversationsApi {
    /// Lists conversations, the one with the newest message first.
    #[oai(path = "/conversations", method = "get", operation_id = "listConversations")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Query<Option<NumberId>>,
        contact_id: Query<Option<ContactId>>,
        owner: Query<Option<Owner>>,
        /// `open`: with an open task.
        task: Query<Option<Task>>,
        unread: Query<Option<bool>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Conversation>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter =
            Filter { number_id: number_id.0, contact_id: contact_id.0, owner: owner.0, task: task.0, unread: unread.0 };
        let page = store::conversations::list(app.db.reader(), viewer.workspace(), &filter, &page).await?;
        let items = show_all(&app, viewer.workspace(), page.items).await?;
        Ok(Json(List { items, next_cursor: page.next_cursor }))
    }

    /// Shows a conversation.
    #[oai(path = "/conversations/:conversation_id", method = "get", operation_id = "getConversation")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let found = find(&app, viewer.workspace(), &conversation_id).await?;
        show(&app, found).await
    }

    /// Lists a conversation's messages, newest first.
    #[oai(path = "/conversations/:conversation_id/messages", method = "get", operation_id = "listConversationMessages")]
    async fn messages(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Path<ConversationId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Message>>, ApiError> {
        let page = page_request(cursor, limit);
        find(&app, viewer.workspace(), &conversation_id).await?;
        let filter = store::messages::Filter { conversation_id: Some(conversation_id.0), ..Default::default() };
        let db = app.db.reader();
        let page = store::messages::list(db, viewer.workspace(), &filter, &page).await?;
        let items = bubble::show(db, viewer.workspace(), page.items).await?;
        Ok(Json(List { items, next_cursor: page.next_cursor }))
    }

    /// Writes to the customer as a person: this takes the conversation, so the agent falls silent.
    #[oai(path = "/conversations/:conversation_id/messages", method = "post", operation_id = "replyInConversation")]
    async fn reply(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
        /// The same key within 24 hours sends nothing twice and gives the first answer again.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: Json<Reply>,
    ) -> Result<Sent, ApiError> {
        let conversation = find(&app, operator.workspace(), &conversation_id).await?;
        let number = store::numbers::find(app.db.reader(), operator.workspace(), &conversation.number_id).await?;
        let order = Order {
            workspace_id: operator.workspace(),
            by: operator.key(),
            number: number.ok_or_else(|| ApiError::not_found("number"))?,
            target: Target::Conversation(&conversation),
            content: body.0.content,
            preview: body.0.preview.unwrap_or(false),
            idempotency_key,
        };
        sending::send(&app, order).await
    }

    /// Notes that somebody has looked: nothing is unread any more.
    #[oai(path = "/conversations/:conversation_id/read", method = "post", operation_id = "readConversation")]
    async fn read(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let found = find(&app, operator.workspace(), &conversation_id).await?;
        store::conversations::mark_read(app.db.writer(), &found.id).await?;
        // The customer's blue ticks are a courtesy: what Meta has against them is nothing the reader could mend.
        if let Err(error) = tell_meta(&app, &found, false).await? {
            tracing::debug!(conversation.id = %found.id, graph.code = error.code, "Meta did not take a read mark");
        }
        show(&app, find(&app, operator.workspace(), &conversation_id).await?).await
    }

    /// Shows the customer that somebody is writing, for 25 seconds or until a message comes. It marks their messages read.
    #[oai(path = "/conversations/:conversation_id/typing", method = "post", operation_id = "typeInConversation")]
    async fn typing(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let found = find(&app, operator.workspace(), &conversation_id).await?;
        tell_meta(&app, &found, true)
            .await?
            .map_err(|error| ApiError::upstream("graph_refused", advice::of_call(&error).message))?;
        show(&app, found).await
    }

    /// A person takes the conversation: no agent bubble leaves after this.
    #[oai(path = "/conversations/:conversation_id/take", method = "post", operation_id = "takeConversation")]
    async fn take(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let taken = handover::take(&app, operator.workspace(), &conversation_id, Some(operator.key())).await?;
        show(&app, taken.ok_or_else(|| ApiError::not_found("conversation"))?).await
    }

    /// Gives the conversation back to the agent, which answers from the next message on.
    #[oai(path = "/conversations/:conversation_id/release", method = "post", operation_id = "releaseConversation")]
    async fn release(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let released = handover::release(&app, operator.workspace(), &conversation_id).await?;
        show(&app, released.ok_or_else(|| ApiError::not_found("conversation"))?).await
    }
}

async fn find(app: &App, workspace_id: &WorkspaceId, id: &ConversationId) -> Result<conversation::Model, ApiError> {
    let found = store::conversations::find(app.db.reader(), workspace_id, id).await?;
    found.ok_or_else(|| ApiError::not_found("conversation"))
}

/// Marks the customer's newest message read at Meta, and shows that somebody types. Without a message or a token there is
/// nobody to tell.
async fn tell_meta(app: &App, row: &conversation::Model, typing: bool) -> Result<Result<(), GraphError>, ApiError> {
    let db = app.db.reader();
    let newest = store::messages::find_newest_inbound(db, &row.id).await?;
    let number = store::numbers::find(db, &row.workspace_id, &row.number_id).await?;
    let Some((wamid, number)) = newest.and_then(|message| message.wamid).zip(number) else { return Ok(Ok(())) };
    let token =
        app.open_number_secret(&number, NumberSecret::AccessToken).map_err(|error| ApiError::internal(&error))?;
    let Some(token) = token else { return Ok(Ok(())) };
    Ok(app.graph.mark_read_and_typing(&number.phone_number_id, &token, &wamid, typing).await)
}

async fn show(app: &App, row: conversation::Model) -> Result<Json<Conversation>, ApiError> {
    let workspace_id = row.workspace_id.clone();
    let views = store::conversations::views(app.db.reader(), &workspace_id, vec![row]).await?;
    let shown = show_all(app, &workspace_id, views).await?;
    shown.into_iter().next().map(Json).ok_or_else(|| ApiError::not_found("conversation"))
}

/// Their last messages are shown as all messages are, with one query a kind for all of them.
async fn show_all(app: &App, workspace_id: &WorkspaceId, mut views: Vec<View>) -> Result<Vec<Conversation>, ApiError> {
    let last: Vec<message::Model> = views.iter_mut().filter_map(|view| view.last_message.take()).collect();
    let mut shown = bubble::show(app.db.reader(), workspace_id, last).await?;
    let shown = views.into_iter().map(|row| {
        let is_last = |message: &Message| Some(&message.id) == row.conversation.last_message_id.as_ref();
        let last = shown.iter().position(is_last).map(|place| shown.swap_remove(place));
        view(row, last)
    });
    Ok(shown.collect())
}

fn view(shown: View, last_message: Option<Message>) -> Conversation {
    let row = shown.conversation;
    let contact = shown.contact;
    let of_contact = contact.as_ref();
    Conversation {
        contact: Contact {
            id: row.contact_id.clone(),
            phone: of_contact.and_then(|contact| contact.phone.as_ref()).map(|phone| format!("+{}", phone.as_str())),
            user_id: of_contact.and_then(|contact| contact.user_id.clone()),
            username: of_contact.and_then(|contact| contact.username.as_ref()).map(|name| name.0.clone()),
            name: of_contact.and_then(|contact| contact.name.as_ref()).map(|name| name.0.clone()),
            consent: of_contact.and_then(|contact| contact.consent),
            blocked: of_contact.is_some_and(|contact| contact.blocked_at.is_some()),
        },
        id: row.id,
        number_id: row.number_id,
        agent_id: shown.agent_id,
        owner: row.owner,
        taken_by: row.taken_by,
        unread: row.unread,
        window_closes_at: row.window_closes_at.map(time),
        free_entry_until: row.free_entry_until.map(time),
        task: row.task,
        task_reason: row.task_reason,
        task_opened_at: row.task_opened_at.map(time),
        last_message,
        last_message_at: time(row.last_message_at),
        created_at: time(row.created_at),
    }
}
