//! Messages: bubbles, both ways.

use entity::state::{Direction, MessageStatus, Outcome};
use entity::{ConversationId, MessageId, NumberId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::auth::{Operator, Viewer};
use super::bubble::{self, Message};
use super::content::Content;
use super::problem::{ApiError, Fields};
use super::recipient::{Addressee, To};
use super::sending::{self, Order, Sent, Target};
use super::why::{self, Why};
use super::wire::{Bounded, IdempotencyKey, Text, Visible};
use super::{Cursor, Limit, List, SharedApp, Tag, page_request};
use crate::store;

type Wamid = Text<255, Visible>;

pub struct MessagesApi;

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SendMessage {
    number_id: NumberId,
    /// A phone in any usual writing, best with `+` and its country code, or a business-scoped user id.
    to: To,
    content: Content,
    /// Checks and shows the message, and sends nothing.
    preview: Option<bool>,
}

#[OpenApi(tag = "Tag::Messages")]
impl MessagesApi {
    /// Lists messages, newest first.
    #[oai(path = "/messages", method = "get", operation_id = "listMessages")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        conversation_id: Query<Option<ConversationId>>,
        number_id: Query<Option<NumberId>>,
        direction: Query<Option<Direction>>,
        outcome: Query<Option<Outcome>>,
        status: Query<Option<MessageStatus>>,
        wamid: Query<Option<Wamid>>,
        /// A part of the text, in any case. A page may then be short, or empty, and still have a `next_cursor`: one call
        /// looks through some thousands of messages.
        q: Query<Option<Text<100>>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Message>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = store::messages::Filter {
            conversation_id: conversation_id.0,
            number_id: number_id.0,
            direction: direction.0,
            outcome: outcome.0,
            status: status.0,
            wamid: wamid.0.map(Wamid::into_string),
        };
        let db = app.db.reader();
        let page = match &q.0 {
            Some(words) => store::messages::search(db, viewer.workspace(), &filter, words, &page).await?,
            None => store::messages::list(db, viewer.workspace(), &filter, &page).await?,
        };
        let items = bubble::show(db, viewer.workspace(), page.items).await?;
        Ok(Json(List { items, next_cursor: page.next_cursor }))
    }

    /// Sends a message from a number. It does not take the conversation: use the conversation's own messages for that.
    #[oai(path = "/messages", method = "post", operation_id = "sendMessage")]
    async fn send(
        &self,
        app: SharedApp<'_>,
        operator: Operator,
        /// The same key within 24 hours sends nothing twice and gives the first answer again.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: Json<SendMessage>,
    ) -> Result<Sent, ApiError> {
        let SendMessage { number_id, to, content, preview } = body.0;
        let number = store::numbers::find(app.db.reader(), operator.workspace(), &number_id).await?;
        let mut fields = Fields::default();
        fields.check(number.is_some(), "number_id", "there is no such number");
        fields.fit("to", &to);
        let addressee = match &number {
            Some(number) if to.problem().is_none() => Addressee::read(&to, number, &mut fields),
            _ => None,
        };
        fields.finish()?;
        let (number, addressee) =
            number.zip(addressee).ok_or_else(|| ApiError::internal(&"an address that was neither read nor refused"))?;
        let order = Order {
            workspace_id: operator.workspace(),
            by: operator.actor(),
            number,
            target: Target::Person(addressee),
            content,
            preview: preview.unwrap_or(false),
            idempotency_key,
        };
        sending::send(&app, order).await
    }

    /// Shows a message.
    #[oai(path = "/messages/:message_id", method = "get", operation_id = "getMessage")]
    async fn get(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        message_id: Path<MessageId>,
    ) -> Result<Json<Message>, ApiError> {
        let found = store::messages::find(app.db.reader(), viewer.workspace(), &message_id).await?;
        let message = found.ok_or_else(|| ApiError::not_found("message"))?;
        Ok(Json(bubble::show_one(app.db.reader(), viewer.workspace(), message).await?))
    }

    /// Tells what became of a message and why, step by step, in sentences.
    #[oai(path = "/messages/:message_id/why", method = "get", operation_id = "explainMessage")]
    async fn why(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        message_id: Path<MessageId>,
    ) -> Result<Json<Why>, ApiError> {
        let found = store::messages::find(app.db.reader(), viewer.workspace(), &message_id).await?;
        let message = found.ok_or_else(|| ApiError::not_found("message"))?;
        Ok(Json(why::explain(&app, message).await?))
    }
}
