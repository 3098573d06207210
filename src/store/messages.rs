//! Messages: the insert decides what is new, the status only moves up.

use std::ops::Range;

use entity::message::{ActiveModel, Column, Entity, Model, Said};
use entity::private::Content;
use entity::state::{Author, Direction, MessageStatus, Outcome};
use entity::{ConversationId, MessageId, NumberId, TurnId, WorkspaceId, conversation, early_status};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, Func, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Page, PageRequest, conversations};
use crate::clock::Millis;

/// Ids named in one statement: engines take some ten thousand values, and a flood is more.
const IDS: usize = 500;

/// A message of a conversation in which nothing is said yet: whoever makes one fills in what it has.
pub fn empty(conversation: &conversation::Model, author: Author, now: Millis) -> Model {
    let direction = if author == Author::Customer { Direction::Inbound } else { Direction::Outbound };
    Model {
        id: MessageId::generate(now),
        workspace_id: conversation.workspace_id.clone(),
        conversation_id: conversation.id.clone(),
        number_id: conversation.number_id.clone(),
        direction,
        author,
        actor: None,
        kind: "text".to_owned(),
        text: None,
        note: None,
        content: Content(serde_json::Value::Null),
        wamid: None,
        media_id: None,
        template_id: None,
        reply_to: None,
        turn_id: None,
        epoch: conversation.epoch,
        status: None,
        outcome: None,
        outcome_reason: None,
        error: None,
        sends: 0,
        released_at: None,
        sent_at: now,
        accepted_at: None,
        delivered_at: None,
        read_at: None,
        failed_at: None,
        pricing: None,
        asked_at: None,
        opened_at: None,
        event_id: None,
        created_at: now,
    }
}

/// Stores a message that came from Meta; `false` when (number, wamid) is already there and nothing changed.
pub async fn insert_once(tx: &impl ConnectionTrait, message: &Model) -> Result<bool, DbErr> {
    let inserted = Entity::insert(message.clone().into_active_model())
        .on_conflict(OnConflict::columns([Column::NumberId, Column::Wamid]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(inserted == 1)
}

pub async fn insert_outbound(tx: &impl ConnectionTrait, message: &Model) -> Result<(), DbErr> {
    Entity::insert(message.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn exists(connection: &impl ConnectionTrait, number_id: &NumberId, wamid: &str) -> Result<bool, DbErr> {
    let found = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::NumberId.eq(number_id.clone()))
        .filter(Column::Wamid.eq(wamid))
        .into_tuple::<String>()
        .one(connection)
        .await?;
    Ok(found.is_some())
}

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &MessageId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

/// Some messages of a workspace, in no order.
pub async fn list_by_ids(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[MessageId],
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(is_of(workspace_id)).filter(Column::Id.is_in(ids.iter().cloned())).all(connection).await
}

/// What the reactions among some messages are about, each with its reaction's id.
pub async fn list_reacted_to(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    messages: &[Model],
) -> Result<Vec<(MessageId, Model)>, DbErr> {
    let reactions: Vec<(&Model, &String)> = messages
        .iter()
        .filter(|message| message.kind == "reaction")
        .filter_map(|message| Some((message, message.reply_to.as_ref()?)))
        .collect();
    if reactions.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find()
        .filter(Column::NumberId.is_in(reactions.iter().map(|(reaction, _)| reaction.number_id.clone())))
        .filter(Column::Wamid.is_in(reactions.iter().map(|(_, wamid)| (*wamid).clone())))
        .filter(is_of(workspace_id))
        .all(connection)
        .await?;
    let about = |reaction: &Model, wamid: &String| {
        let is_it = |one: &&Model| one.number_id == reaction.number_id && one.wamid.as_ref() == Some(wamid);
        Some((reaction.id.clone(), found.iter().find(is_it)?.clone()))
    };
    Ok(reactions.into_iter().filter_map(|(reaction, wamid)| about(reaction, wamid)).collect())
}

/// The message of a job or a status of ours: no workspace is asking. Locked until the commit.
pub async fn lock(tx: &impl ConnectionTrait, id: &MessageId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).lock_exclusive().one(tx).await
}

pub async fn lock_by_wamid(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    wamid: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::NumberId.eq(number_id.clone()))
        .filter(Column::Wamid.eq(wamid))
        .lock_exclusive()
        .one(tx)
        .await
}

/// Writes how far a sent message has got: all that changes of one.
pub async fn update(tx: &impl ConnectionTrait, message: &Model) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(message.id.clone()),
        wamid: Set(message.wamid.clone()),
        status: Set(message.status),
        error: Set(message.error.clone()),
        pricing: Set(message.pricing.clone()),
        sends: Set(message.sends),
        released_at: Set(message.released_at),
        accepted_at: Set(message.accepted_at),
        delivered_at: Set(message.delivered_at),
        read_at: Set(message.read_at),
        failed_at: Set(message.failed_at),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes what a message says anew: a call that ended, a file that came after its announcement.
pub async fn replace_body(tx: &impl ConnectionTrait, message: &Model) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(message.id.clone()),
        kind: Set(message.kind.clone()),
        text: Set(message.text.clone()),
        content: Set(message.content.clone()),
        media_id: Set(message.media_id.clone()),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What the customer of a conversation wrote last.
pub async fn find_newest_inbound(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::ConversationId.eq(conversation_id.clone()))
        .filter(Column::Direction.eq(Direction::Inbound))
        .order_by_desc(Column::Id)
        .limit(1)
        .one(connection)
        .await
}

/// When a customer wrote first of what nobody has answered yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    pub asked_at: Option<Millis>,
    /// The same, where nothing had been said for a day before.
    pub opened_at: Option<Millis>,
}

impl Asked {
    /// `before`: when something was said last before that.
    pub fn at(asked_at: Millis, before: Option<Millis>) -> Self {
        let opens = before.is_none_or(|before| asked_at - before > conversations::WINDOW_MS);
        Self { asked_at: Some(asked_at), opened_at: opens.then_some(asked_at) }
    }
}

/// More than anybody writes before somebody answers.
const ASKED_AT_ONCE: u64 = 50;

/// What the next answer in a conversation answers.
pub async fn find_asked(connection: &impl ConnectionTrait, conversation_id: &ConversationId) -> Result<Asked, DbErr> {
    let newest = Entity::find()
        .filter(Column::ConversationId.eq(conversation_id.clone()))
        .order_by_desc(Column::Id)
        .limit(ASKED_AT_ONCE)
        .all(connection)
        .await?;
    let is_answer = |message: &Model| {
        message.direction == Direction::Outbound
            && message.author != Author::System
            && message.status != Some(MessageStatus::Failed)
    };
    let unanswered = newest.iter().take_while(|message| !is_answer(message));
    let asks =
        |message: &&Model| message.direction == Direction::Inbound && message.outcome != Some(Outcome::NotAQuestion);
    let Some(first) = unanswered.filter(asks).last() else { return Ok(Asked::default()) };
    let before = newest.iter().find(|message| message.id < first.id).map(|message| message.created_at);
    Ok(Asked::at(written_at(first), before))
}

/// When a customer wrote a message: Meta tells whole seconds, so the moment it came is closer where nothing kept it.
pub fn written_at(message: &Model) -> Millis {
    if message.created_at - message.sent_at < 1_000 { message.created_at } else { message.sent_at }
}

/// What some messages of a number said, by their wamids: for those that others quote.
pub async fn list_quoted(
    connection: &impl ConnectionTrait,
    number_id: &NumberId,
    wamids: &[String],
) -> Result<Vec<Said>, DbErr> {
    if wamids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find()
        .filter(Column::NumberId.eq(number_id.clone()))
        .filter(Column::Wamid.is_in(wamids.iter().cloned()))
        .into_partial_model::<Said>()
        .all(connection)
        .await
}

/// Inbound messages that nothing has answered or decided yet, in the order they were written.
pub async fn list_unanswered(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
) -> Result<Vec<Model>, DbErr> {
    let mut messages = Entity::find()
        .filter(Column::ConversationId.eq(conversation_id.clone()))
        // In the words of the index over open messages: a turn's cost must not grow with the history.
        .filter(Expr::cust("direction = 'inbound'"))
        .filter(Column::Outcome.is_null())
        .filter(Column::TurnId.is_null())
        .all(connection)
        .await?;
    messages.sort_by(|one, other| written(one.sent_at, &one.id).cmp(&written(other.sent_at, &other.id)));
    Ok(messages)
}

/// The newest `limit` messages of a conversation, oldest first: the history a prompt is made from.
pub async fn list_recent(
    connection: &impl ConnectionTrait,
    conversation_id: &ConversationId,
    limit: u64,
) -> Result<Vec<Said>, DbErr> {
    let messages = Entity::find()
        .filter(Column::ConversationId.eq(conversation_id.clone()))
        .order_by_desc(Column::Id)
        .limit(limit)
        .into_partial_model::<Said>()
        .all(connection)
        .await?;
    Ok(sorted_as_written(messages))
}

/// A customer's messages come by time, then by arrival: Meta's timestamps have whole seconds, and webhooks come unordered.
fn written(sent_at: Millis, id: &MessageId) -> (Millis, &MessageId) {
    (sent_at / 1000, id)
}

/// Customers' messages as they were written; ours stay where they stand among them. Comparing the two sorts with each
/// other has no total order: it would panic.
fn sorted_as_written(mut messages: Vec<Said>) -> Vec<Said> {
    messages.sort_by(|one, other| one.id.cmp(&other.id));
    let directions: Vec<Direction> = messages.iter().map(|message| message.direction).collect();
    let (mut inbound, outbound): (Vec<Said>, Vec<Said>) =
        messages.into_iter().partition(|message| message.direction == Direction::Inbound);
    inbound.sort_by(|one, other| written(one.sent_at, &one.id).cmp(&written(other.sent_at, &other.id)));
    let (mut inbound, mut outbound) = (inbound.into_iter(), outbound.into_iter());
    let next = |direction| if direction == Direction::Inbound { inbound.next() } else { outbound.next() };
    directions.into_iter().filter_map(next).collect()
}

/// Ties the messages a turn answers to it.
pub async fn set_turn(tx: &impl ConnectionTrait, ids: &[MessageId], turn_id: &TurnId) -> Result<(), DbErr> {
    for some in ids.chunks(IDS) {
        Entity::update_many()
            .col_expr(Column::TurnId, Expr::value(turn_id.clone()))
            .filter(Column::Id.is_in(some.iter().cloned()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Ends inbound messages that have no outcome yet.
pub async fn set_outcome(
    tx: &impl ConnectionTrait,
    ids: &[MessageId],
    outcome: Outcome,
    reason: Option<&str>,
) -> Result<(), DbErr> {
    for some in ids.chunks(IDS) {
        Entity::update_many()
            .col_expr(Column::Outcome, Expr::value(outcome))
            .col_expr(Column::OutcomeReason, Expr::value(reason.map(str::to_owned)))
            .filter(Column::Id.is_in(some.iter().cloned()))
            .filter(Column::Outcome.is_null())
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Ends the inbound messages of a turn that have no outcome yet; how many there were. A reply that got through after
/// all replaces `undelivered`.
pub async fn set_outcome_of_turn(
    tx: &impl ConnectionTrait,
    turn_id: &TurnId,
    outcome: Outcome,
    reason: Option<&str>,
) -> Result<u64, DbErr> {
    let mut open = Condition::any().add(Column::Outcome.is_null());
    if outcome == Outcome::Answered {
        open = open.add(Column::Outcome.eq(Outcome::Undelivered));
    }
    let ended = Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::OutcomeReason, Expr::value(reason.map(str::to_owned)))
        .filter(Column::TurnId.eq(turn_id.clone()))
        .filter(Column::Direction.eq(Direction::Inbound))
        .filter(open)
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// Whether another bubble of the turn has been or may still be accepted.
pub async fn turn_has_hope(tx: &impl ConnectionTrait, turn_id: &TurnId, except: &MessageId) -> Result<bool, DbErr> {
    let other = Entity::find()
        .filter(Column::TurnId.eq(turn_id.clone()))
        .filter(Column::Direction.eq(Direction::Outbound))
        .filter(Column::Id.ne(except.clone()))
        .filter(Column::Status.ne(MessageStatus::Failed))
        .limit(1)
        .one(tx)
        .await?;
    Ok(other.is_some())
}

/// The bubble of the same turn before this one, if there is one.
pub async fn find_previous_part(tx: &impl ConnectionTrait, message: &Model) -> Result<Option<Model>, DbErr> {
    let Some(turn_id) = &message.turn_id else { return Ok(None) };
    Entity::find()
        .filter(Column::TurnId.eq(turn_id.clone()))
        .filter(Column::Direction.eq(Direction::Outbound))
        .filter(Column::Id.lt(message.id.clone()))
        .order_by_desc(Column::Id)
        .limit(1)
        .one(tx)
        .await
}

/// An inbound message that nobody works on.
#[derive(Debug, FromQueryResult)]
pub struct Stray {
    pub id: MessageId,
    pub conversation_id: ConversationId,
}

/// Inbound messages from before `before` without an outcome, in whose conversation no job lives.
pub async fn list_strays(connection: &impl ConnectionTrait, before: Millis, limit: u64) -> Result<Vec<Stray>, DbErr> {
    let text = "SELECT m.id, m.conversation_id FROM messages m
        WHERE m.outcome IS NULL AND m.direction = 'inbound' AND m.created_at < $1
          AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.status <> 'dead'
            AND j.lane IN ('turn/' || m.conversation_id, 'send/' || m.conversation_id))
        ORDER BY m.created_at LIMIT $2";
    let values = [before.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Stray::find_by_statement(super::sql(connection, text, values)).all(connection).await
}

#[derive(Debug, Default)]
pub struct Filter {
    pub conversation_id: Option<ConversationId>,
    pub number_id: Option<NumberId>,
    pub direction: Option<Direction>,
    pub outcome: Option<Outcome>,
    pub status: Option<MessageStatus>,
    pub wamid: Option<String>,
}

/// Messages of a workspace, newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = narrowed(within(workspace_id, filter.conversation_id.as_ref()), filter);
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |message| message.id.to_string()))
}

/// Messages of a workspace, or of one of its conversations: those are not looked for by the workspace's index, which may
/// hold any number of others between two of them.
fn within(workspace_id: &WorkspaceId, conversation_id: Option<&ConversationId>) -> Select<Entity> {
    match conversation_id {
        None => Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone())),
        Some(conversation_id) => {
            Entity::find().filter(Column::ConversationId.eq(conversation_id.clone())).filter(is_of(workspace_id))
        }
    }
}

/// The same as any comparison, but no reason to take the workspace's index.
fn is_of(workspace_id: &WorkspaceId) -> SimpleExpr {
    Expr::expr(Func::coalesce([Expr::col(Column::WorkspaceId), Expr::value("")])).eq(workspace_id.clone())
}

fn narrowed(mut query: Select<Entity>, filter: &Filter) -> Select<Entity> {
    if let Some(number_id) = &filter.number_id {
        query = query.filter(Column::NumberId.eq(number_id.clone()));
    }
    if let Some(direction) = filter.direction {
        query = query.filter(Column::Direction.eq(direction));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(Column::Outcome.eq(outcome));
    }
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(wamid) = &filter.wamid {
        query = query.filter(Column::Wamid.eq(wamid.as_str()));
    }
    query
}

/// Which part of a conversation is asked for.
#[derive(Debug, Clone)]
pub enum Part {
    /// Older than a cursor; without one the newest.
    Before(Option<String>),
    /// Newer than a cursor, the nearest to it.
    After(String),
    /// With this message in its middle.
    Around(MessageId),
}

/// A part of a conversation, newest first, and where it goes on in both directions.
#[derive(Debug)]
pub struct Stretch {
    pub items: Vec<Model>,
    /// Where the older ones begin; `None` when there are none.
    pub next_cursor: Option<String>,
    /// Where the newer ones begin; `None` when there are none.
    pub previous_cursor: Option<String>,
}

/// A part of a conversation. Each is found by id, so a deep one costs what the newest does.
pub async fn list_part(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    conversation_id: &ConversationId,
    part: Part,
    limit: u64,
) -> Result<Stretch, DbErr> {
    let all = || within(workspace_id, Some(conversation_id));
    let id_of = |message: &Model| message.id.to_string();
    let older = async |query: Select<Entity>, limit: u64| {
        let found = query.order_by_desc(Column::Id).limit(limit + 1).all(connection).await?;
        Ok::<_, DbErr>(Page::cut(found, limit, id_of))
    };
    let newer = async |after: &str, limit: u64| {
        let found =
            all().filter(Column::Id.gt(after)).order_by_asc(Column::Id).limit(limit + 1).all(connection).await?;
        let mut page = Page::cut(found, limit, id_of);
        page.items.reverse();
        Ok::<_, DbErr>(page)
    };
    match part {
        Part::Before(cursor) => {
            let query = match &cursor {
                Some(cursor) => all().filter(Column::Id.lt(cursor.as_str())),
                None => all(),
            };
            let page = older(query, limit).await?;
            // Whoever has a cursor has seen something newer.
            let previous_cursor = cursor.and_then(|_| page.items.first().map(id_of));
            Ok(Stretch { items: page.items, next_cursor: page.next_cursor, previous_cursor })
        }
        Part::After(cursor) => {
            let page = newer(&cursor, limit).await?;
            let next_cursor = page.items.last().map(id_of);
            Ok(Stretch { items: page.items, next_cursor, previous_cursor: page.next_cursor })
        }
        Part::Around(id) => {
            let newer = newer(id.as_str(), limit / 2).await?;
            let query = all().filter(Column::Id.lte(id));
            let older = older(query, limit - limit / 2).await?;
            // On a page of one there was no place for those that are newer.
            let previous_cursor = if limit > 1 { newer.next_cursor } else { older.items.first().map(id_of) };
            let items = newer.items.into_iter().chain(older.items).collect();
            Ok(Stretch { items, next_cursor: older.next_cursor, previous_cursor })
        }
    }
}

/// Messages looked through by one search; what is older is for the next one.
const SEARCHED: u64 = 20_000;

/// Messages of a workspace that hold `words`, newest first. A page may have fewer than its limit, or none, and another
/// one behind it all the same: one search looks through so many messages and no more.
pub async fn search(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    words: &str,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut all = within(workspace_id, filter.conversation_id.as_ref()).order_by_desc(Column::Id);
    if let Some(before) = &page.cursor {
        all = all.filter(Column::Id.lt(before.as_str()));
    }
    let oldest = all
        .clone()
        .select_only()
        .column(Column::Id)
        .offset(SEARCHED - 1)
        .limit(1)
        .into_tuple::<String>()
        .one(connection)
        .await?;
    if let Some(oldest) = &oldest {
        all = all.filter(Column::Id.gte(oldest.as_str()));
    }
    let found = narrowed(all, filter).filter(super::holding(connection, "text", words));
    let found = found.limit(page.limit + 1).all(connection).await?;
    let mut page = Page::cut(found, page.limit, |message| message.id.to_string());
    page.next_cursor = page.next_cursor.or(oldest);
    Ok(page)
}

/// How many messages Meta charged for alike.
#[derive(Debug, FromQueryResult)]
pub struct Charged {
    pub category: Option<String>,
    pub kind: Option<String>,
    pub bubbles: i64,
    pub billable: i64,
}

/// What Meta charged for what was sent between two times. Ids sort by time, so nothing else is read.
pub async fn count_charged(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: Option<&NumberId>,
    times: Range<Millis>,
) -> Result<Vec<Charged>, DbErr> {
    let (mut values, of_number) = sent_between(workspace_id, number_id, times);
    values.push("true".into());
    let place = values.len();
    let text = format!(
        "SELECT pricing ->> 'category' AS category, pricing ->> 'type' AS kind, count(*) AS bubbles,
            count(CASE WHEN CAST(pricing ->> 'billable' AS text) IN (${place}, '1') THEN 1 END) AS billable
        FROM messages WHERE workspace_id = $1 AND id >= $2 AND id < $3 AND pricing IS NOT NULL {of_number}
        GROUP BY 1, 2 ORDER BY 3 DESC"
    );
    Charged::find_by_statement(super::sql(connection, text, values)).all(connection).await
}

/// How many messages were sent between two times, whatever became of them.
pub async fn count_sent(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: Option<&NumberId>,
    times: Range<Millis>,
) -> Result<i64, DbErr> {
    let (values, of_number) = sent_between(workspace_id, number_id, times);
    let text = format!(
        "SELECT count(*) AS bubbles FROM messages
        WHERE workspace_id = $1 AND id >= $2 AND id < $3 AND direction = 'outbound' AND sends > 0 {of_number}"
    );
    let row = connection.query_one_raw(super::sql(connection, text, values)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "bubbles"))
}

fn sent_between(
    workspace_id: &WorkspaceId,
    number_id: Option<&NumberId>,
    times: Range<Millis>,
) -> (Vec<sea_orm::Value>, &'static str) {
    let mut values = vec![
        workspace_id.clone().into(),
        MessageId::first_at(times.start).into(),
        MessageId::first_at(times.end).into(),
    ];
    let of_number = number_id.map_or("", |number_id| {
        values.push(number_id.clone().into());
        "AND number_id = $4"
    });
    (values, of_number)
}

/// The sends of a turn, in order: for its why card.
pub async fn list_of_turn(connection: &impl ConnectionTrait, turn_id: &TurnId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::TurnId.eq(turn_id.clone())).order_by_asc(Column::Id).all(connection).await
}

/// What a status says besides how far its message has got.
#[derive(Debug, Clone, Default)]
pub struct EarlyStatus {
    pub error: Option<serde_json::Value>,
    pub pricing: Option<serde_json::Value>,
}

/// Keeps a status whose message is not known yet.
pub async fn keep_early_status(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    wamid: &str,
    status: MessageStatus,
    told: EarlyStatus,
    at: Millis,
    now: Millis,
) -> Result<(), DbErr> {
    let row = early_status::ActiveModel {
        id: NotSet,
        number_id: Set(number_id.clone()),
        wamid: Set(wamid.to_owned()),
        status: Set(status),
        error: Set(told.error),
        pricing: Set(told.pricing),
        at: Set(at),
        created_at: Set(now),
    };
    early_status::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes out the statuses that were waiting for this wamid.
pub async fn take_early_statuses(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    wamid: &str,
) -> Result<Vec<early_status::Model>, DbErr> {
    let of_this = Condition::all()
        .add(early_status::Column::NumberId.eq(number_id.clone()))
        .add(early_status::Column::Wamid.eq(wamid));
    let found =
        early_status::Entity::find().filter(of_this.clone()).order_by_asc(early_status::Column::Id).all(tx).await?;
    if !found.is_empty() {
        early_status::Entity::delete_many().filter(of_this).exec(tx).await?;
    }
    Ok(found)
}

/// Statuses of messages that were never ours: another system sends on the same number.
pub async fn drop_early_statuses_before(connection: &impl ConnectionTrait, before: Millis) -> Result<(), DbErr> {
    early_status::Entity::delete_many().filter(early_status::Column::CreatedAt.lt(before)).exec(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(direction: Direction, arrived_at: Millis, sent_at: Millis) -> Said {
        Said {
            id: MessageId::generate(arrived_at),
            direction,
            author: if direction == Direction::Inbound { Author::Customer } else { Author::Agent },
            kind: "text".to_owned(),
            text: None,
            note: None,
            wamid: None,
            reply_to: None,
            turn_id: None,
            status: None,
            outcome: None,
            sent_at,
        }
    }

    #[test]
    fn late_webhooks_between_replies_find_their_place() {
        // Each third is a reply; the customer's came in the reverse of the order they were written in.
        let messages: Vec<Said> = (0..60)
            .map(|place| match place % 3 {
                0 => message(Direction::Outbound, place * 1000, place * 1000),
                _ => message(Direction::Inbound, place * 1000, (100 - place) * 1000),
            })
            .collect();
        let sorted = sorted_as_written(messages.iter().rev().cloned().collect());
        let replies: Vec<usize> = (0..60).filter(|place| sorted[*place].direction == Direction::Outbound).collect();
        assert_eq!(replies, (0..60).step_by(3).collect::<Vec<_>>(), "a reply stays where it stands");
        let written: Vec<Millis> =
            sorted.iter().filter(|one| one.direction == Direction::Inbound).map(|one| one.sent_at).collect();
        assert!(written.is_sorted() && written.len() == 40, "{written:?}");
    }
}
