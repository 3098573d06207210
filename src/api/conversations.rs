//! Conversations: who wrote, who owns it, what waits for a person.

use chrono::{DateTime, Utc};
use entity::state::{ConsentState, Owner, PresenceState, Task, TaskReason, Window};
use entity::{ActorId, AgentId, ContactId, ConversationId, MessageId, NumberId, WorkspaceId, conversation, message};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use sea_orm::DbErr;

use super::agents::{Tried, tried};
use super::auth::{Operator, Viewer};
use super::bubble::{self, Message};
use super::content::Content;
use super::problem::{ApiError, Fields};
use super::sending::{self, Order, Sent, Target};
use super::wire::{ActorOrMe, IdempotencyKey, Text, VisibleOrEmpty};
use super::{Cursor, Limit, List, MAX_CURSOR_CHARS, SharedApp, Tag, page_request, time};
use crate::app::{App, NumberSecret, Presence};
use crate::store::conversations::{Filter, View};
use crate::store::messages::Part;
use crate::store::{self, PageRequest};
use crate::turn::draft::{self, DraftError};
use crate::turn::handover;
use crate::whatsapp::advice;
use crate::whatsapp::error::GraphError;

pub struct ConversationsApi;

/// One number with one contact.
#[derive(Debug, Object)]
pub(super) struct Conversation {
    pub(super) id: ConversationId,
    pub(super) number_id: NumberId,
    /// Who answers when no person does.
    agent_id: Option<AgentId>,
    pub(super) contact: Contact,
    owner: Owner,
    /// The API key or the member that took it.
    taken_by: Option<ActorId>,
    /// What they are called now.
    taken_by_name: Option<String>,
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
    pub(super) last_message: Option<Message>,
    last_message_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// The person writing.
#[derive(Debug, Object)]
#[oai(rename = "ConversationContact")]
pub(super) struct Contact {
    pub(super) id: ContactId,
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

/// A part of a conversation, newest first.
#[derive(Debug, Object)]
struct MessagePage {
    items: Vec<Message>,
    /// Give it as `cursor` to get the older ones; null when there are none.
    next_cursor: Option<String>,
    /// Give it as `after` to get the newer ones; null when there are none, or on the first page.
    previous_cursor: Option<String>,
}

/// What a colleague does right now.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct TellPresence {
    state: PresenceState,
}

#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
struct AskDraft {
    /// What to say, or how: in your words, for the agent.
    instructions: Option<Text<2_000>>,
}

/// It was told.
#[derive(ApiResponse)]
enum Told {
    #[oai(status = 204)]
    Told,
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
        /// A part of the contact's name, username, phone or user id.
        q: Query<Option<Text<100>>>,
        /// The agent that answers when no person does.
        agent_id: Query<Option<AgentId>>,
        /// An API key or a member that took it; `me` is whoever asks.
        taken_by: Query<Option<Text<30, ActorOrMe>>>,
        /// `closing`: within two hours.
        window: Query<Option<Window>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Conversation>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = Filter {
            number_id: number_id.0,
            agent_id: agent_id.0,
            contact_id: contact_id.0,
            owner: owner.0,
            taken_by: taken_by.0.map(|actor| ActorId::parse(&actor).unwrap_or_else(|_| viewer.actor().clone())),
            task: task.0,
            unread: unread.0,
            window: window.0,
            words: q.0.map(Text::into_string),
        };
        let page = store::conversations::list(app.db.reader(), viewer.workspace(), &filter, &page, app.now()).await?;
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

    /// Lists a conversation's messages, newest first. One of `cursor`, `after` and `around` says which part.
    #[oai(path = "/conversations/:conversation_id/messages", method = "get", operation_id = "listConversationMessages")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn messages(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Path<ConversationId>,
        cursor: Cursor,
        /// The `previous_cursor` of an earlier answer, or a message's id: those that are newer.
        after: Query<Option<Text<MAX_CURSOR_CHARS, VisibleOrEmpty>>>,
        /// A page with this message in its middle.
        around: Query<Option<MessageId>>,
        limit: Limit,
    ) -> Result<Json<MessagePage>, ApiError> {
        let PageRequest { cursor, limit } = page_request(cursor, limit);
        let after = after.0.map(Text::into_string).filter(|after| !after.is_empty());
        find(&app, viewer.workspace(), &conversation_id).await?;
        let db = app.db.reader();
        let part = match (cursor, after, around.0) {
            (cursor, None, None) => Part::Before(cursor),
            (None, Some(after), None) => Part::After(after),
            (None, None, Some(id)) => {
                let found = store::messages::find(db, viewer.workspace(), &id).await?;
                let here = found.filter(|message| message.conversation_id == conversation_id.0);
                Part::Around(here.ok_or_else(|| ApiError::not_found("message"))?.id)
            }
            _ => return Err(ApiError::bad_request("Give one of cursor, after and around.")),
        };
        let stretch = store::messages::list_part(db, viewer.workspace(), &conversation_id, part, limit).await?;
        let items = bubble::show(db, viewer.workspace(), stretch.items).await?;
        let (next_cursor, previous_cursor) = (stretch.next_cursor, stretch.previous_cursor);
        Ok(Json(MessagePage { items, next_cursor, previous_cursor }))
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
            by: operator.actor(),
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

    /// Tells colleagues on the feed what you do in the conversation. It is kept nowhere: say it again every 30 seconds; who
    /// says nothing for a minute is gone.
    #[oai(path = "/conversations/:conversation_id/presence", method = "post", operation_id = "tellPresence")]
    async fn presence(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
        body: Json<TellPresence>,
    ) -> Result<Told, ApiError> {
        let found = find(&app, operator.workspace(), &conversation_id).await?;
        let actor = operator.actor();
        let names = store::actors::names(app.db.reader(), operator.workspace(), std::slice::from_ref(actor)).await?;
        let presence = Presence {
            at: app.now(),
            workspace_id: found.workspace_id,
            conversation_id: found.id,
            number_id: found.number_id,
            actor: actor.clone(),
            name: names.get(actor).cloned(),
            state: body.0.state,
        };
        app.tell_presence(presence);
        Ok(Told::Told)
    }

    /// Lets the agent write what it would answer right now; nothing is sent. Where nothing is unanswered, it answers what
    /// the customer said last.
    #[oai(path = "/conversations/:conversation_id/draft", method = "post", operation_id = "draftReply")]
    async fn draft(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
        body: Json<AskDraft>,
    ) -> Result<Json<Tried>, ApiError> {
        let mut fields = Fields::default();
        fields.fit("instructions", &body.0.instructions);
        fields.finish()?;
        let instructions = body.0.instructions.map(Text::into_string);
        let drafted = draft::draft(&app, operator.workspace(), &conversation_id, instructions.as_deref()).await;
        let (thought, prompt) = drafted.map_err(|error| match error {
            DraftError::NoConversation => ApiError::not_found("conversation"),
            DraftError::NoAgent => ApiError::conflict("no_agent", "The number has no agent. Give it one first."),
            DraftError::NothingSaid => {
                ApiError::conflict("nothing_said", "The customer has not said anything that could be answered.")
            }
            DraftError::OverBudget(reason) => ApiError::conflict("over_budget", reason),
            DraftError::Database(error) => error.into(),
        })?;
        Ok(Json(tried(thought, prompt)))
    }

    /// A person takes the conversation: no agent bubble leaves after this.
    #[oai(path = "/conversations/:conversation_id/take", method = "post", operation_id = "takeConversation")]
    async fn take(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        conversation_id: Path<ConversationId>,
    ) -> Result<Json<Conversation>, ApiError> {
        let taken = handover::take(&app, operator.workspace(), &conversation_id, Some(operator.actor())).await?;
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

pub(super) async fn find(
    app: &App,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
) -> Result<conversation::Model, ApiError> {
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
pub(super) async fn show_all(
    app: &App,
    workspace_id: &WorkspaceId,
    mut views: Vec<View>,
) -> Result<Vec<Conversation>, DbErr> {
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
        taken_by_name: shown.taken_by_name,
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
