//! Conversations: who owns them, what waits in them, what people see of them.

use std::collections::HashMap;

use entity::conversation::{ActiveModel, Column, Entity, Model};
use entity::state::{Direction, Owner, Task, TaskReason, Window};
use entity::{ActorId, AgentId, ContactId, ConversationId, MessageId, NumberId, WorkspaceId, contact, message, number};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Meta's customer service window after each message of the customer.
pub const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;
/// A window with no more than this left is closing.
const CLOSING_MS: i64 = 2 * 60 * 60 * 1000;

pub async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    id: &ConversationId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(connection).await
}

/// The conversation of a job of ours: no workspace is asking.
pub async fn find_by_id(connection: &impl ConnectionTrait, id: &ConversationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).one(connection).await
}

/// Reads the row and keeps others from changing it until the commit.
pub async fn lock(tx: &impl ConnectionTrait, id: &ConversationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).lock_exclusive().one(tx).await
}

/// The conversation of a number with a contact, made where there is none.
pub async fn find_or_insert(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    contact_id: &ContactId,
    now: Millis,
) -> Result<Model, DbErr> {
    if let Some(found) = find_by_pair(tx, number_id, contact_id).await? {
        return Ok(found);
    }
    let conversation = Model {
        id: ConversationId::generate(now),
        workspace_id: workspace_id.clone(),
        number_id: number_id.clone(),
        contact_id: contact_id.clone(),
        owner: Owner::Agent,
        epoch: 0,
        taken_by: None,
        inbound_seq: 0,
        unread: 0,
        written_until: now,
        last_message_id: None,
        last_message_at: now,
        last_inbound_at: None,
        window_closes_at: None,
        free_entry_until: None,
        task: None,
        task_reason: None,
        task_opened_at: None,
        created_at: now,
    };
    let inserted = Entity::insert(conversation.clone().into_active_model())
        .on_conflict(OnConflict::columns([Column::NumberId, Column::ContactId]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if inserted == 1 {
        return Ok(conversation);
    }
    let found = find_by_pair(tx, number_id, contact_id).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("a conversation that was there a moment ago".to_owned()))
}

pub async fn find_by_pair(
    connection: &impl ConnectionTrait,
    number_id: &NumberId,
    contact_id: &ContactId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::NumberId.eq(number_id.clone()))
        .filter(Column::ContactId.eq(contact_id.clone()))
        .one(connection)
        .await
}

/// All conversations of a contact: to move them to the person it turned out to be.
pub async fn list_of_contact(tx: &impl ConnectionTrait, contact_id: &ContactId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::ContactId.eq(contact_id.clone())).all(tx).await
}

pub async fn set_contact(tx: &impl ConnectionTrait, id: &ConversationId, contact_id: &ContactId) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(id.clone()), contact_id: Set(contact_id.clone()), ..Default::default() };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Moves everything said in `gone` into `stays` and removes `gone`. What a person owns stays a person's.
pub async fn merge(tx: &impl ConnectionTrait, stays: &Model, gone: &Model) -> Result<(), DbErr> {
    for table in ["messages", "turns", "notes"] {
        let text = format!("UPDATE {table} SET conversation_id = $1 WHERE conversation_id = $2");
        tx.execute_raw(super::sql(tx, text, [stays.id.clone().into(), gone.id.clone().into()])).await?;
    }
    let owner = if gone.owner == Owner::Human { Owner::Human } else { stays.owner };
    let epoch = Ord::max(stays.epoch, gone.epoch) + 1;
    if owner == Owner::Agent {
        // Nobody took over: what was decided on either side may still leave.
        let text = "UPDATE messages SET epoch = $1 WHERE conversation_id = $2 AND author = 'agent'
            AND status IN ('queued', 'sending', 'unsettled')";
        tx.execute_raw(super::sql(tx, text, [epoch.into(), stays.id.clone().into()])).await?;
    }
    let row = ActiveModel {
        id: Set(stays.id.clone()),
        owner: Set(owner),
        epoch: Set(epoch),
        inbound_seq: Set(stays.inbound_seq + gone.inbound_seq),
        unread: Set(stays.unread + gone.unread),
        window_closes_at: Set(Ord::max(stays.window_closes_at, gone.window_closes_at)),
        task: Set(stays.task.or(gone.task)),
        task_reason: Set(stays.task_reason.or(gone.task_reason)),
        task_opened_at: Set(stays.task_opened_at.or(gone.task_opened_at)),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    Entity::delete_by_id(gone.id.clone()).exec(tx).await?;
    Ok(())
}

/// What a new inbound message changes. `asks`: it wants an answer.
pub async fn note_inbound(
    tx: &impl ConnectionTrait,
    message: &message::Model,
    asks: bool,
    written_until: Millis,
) -> Result<(), DbErr> {
    let closes_at = message.sent_at.saturating_add(WINDOW_MS);
    let later =
        |column: Column, value: Millis| Expr::case(Expr::col(column).gt(value), Expr::col(column)).finally(value);
    Entity::update_many()
        .col_expr(Column::InboundSeq, Expr::col(Column::InboundSeq).add(i64::from(asks)))
        .col_expr(Column::Unread, Expr::col(Column::Unread).add(1))
        .col_expr(Column::WrittenUntil, Expr::value(written_until))
        .col_expr(Column::LastMessageId, Expr::value(message.id.clone()))
        .col_expr(Column::LastMessageAt, Expr::value(message.created_at))
        .col_expr(Column::LastInboundAt, later(Column::LastInboundAt, message.sent_at).into())
        .col_expr(Column::WindowClosesAt, later(Column::WindowClosesAt, closes_at).into())
        .filter(Column::Id.eq(message.conversation_id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn note_outbound(
    tx: &impl ConnectionTrait,
    id: &ConversationId,
    message_id: &MessageId,
    now: Millis,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastMessageId, Expr::value(message_id.clone()))
        .col_expr(Column::LastMessageAt, Expr::value(now))
        .filter(Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// What a message from before changes: where a conversation stands in time, if it is the newest after all.
pub async fn note_past(tx: &impl ConnectionTrait, message: &message::Model) -> Result<(), DbErr> {
    let (id, at) = (&message.conversation_id, message.sent_at);
    if message.direction == Direction::Inbound {
        let later =
            |column: Column, value: Millis| Expr::case(Expr::col(column).gt(value), Expr::col(column)).finally(value);
        Entity::update_many()
            .col_expr(Column::LastInboundAt, later(Column::LastInboundAt, at).into())
            .col_expr(Column::WindowClosesAt, later(Column::WindowClosesAt, at.saturating_add(WINDOW_MS)).into())
            .filter(Column::Id.eq(id.clone()))
            .exec(tx)
            .await?;
    }
    Entity::update_many()
        .col_expr(Column::LastMessageId, Expr::value(message.id.clone()))
        .col_expr(Column::LastMessageAt, Expr::value(at))
        .filter(Column::Id.eq(id.clone()))
        .filter(Condition::any().add(Column::LastMessageId.is_null()).add(Column::LastMessageAt.lt(at)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Meta lets the customer of this message be written to freely until `until`: they came from an ad or a page's button.
pub async fn open_free_entry(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    wamid: &str,
    until: Millis,
) -> Result<(), DbErr> {
    let text = "UPDATE conversations SET free_entry_until = $1,
            window_closes_at = CASE WHEN window_closes_at > $1 THEN window_closes_at ELSE $1 END
        WHERE id = (SELECT conversation_id FROM messages WHERE number_id = $2 AND wamid = $3)
            AND (free_entry_until IS NULL OR free_entry_until < $1)";
    let values = [until.into(), number_id.clone().into(), wamid.into()];
    tx.execute_raw(super::sql(tx, text, values)).await?;
    Ok(())
}

/// Begins a new epoch in all of a contact's conversations, without a change of owner: what was decided before never
/// leaves.
pub async fn begin_epochs(tx: &impl ConnectionTrait, contact_id: &ContactId) -> Result<Vec<ConversationId>, DbErr> {
    Entity::update_many()
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
        .filter(Column::ContactId.eq(contact_id.clone()))
        .exec(tx)
        .await?;
    let all = list_of_contact(tx, contact_id).await?;
    Ok(all.into_iter().map(|conversation| conversation.id).collect())
}

/// A conversation whose window is about to close while somebody waits.
#[derive(Debug, FromQueryResult)]
pub struct Closing {
    pub id: ConversationId,
    pub workspace_id: WorkspaceId,
    pub number_id: NumberId,
    pub window_closes_at: Millis,
}

/// Conversations of people, or with an open task, in which the customer spoke last and whose window closes between `from`
/// and `to`.
pub async fn list_closing(
    connection: &impl ConnectionTrait,
    from: Millis,
    to: Millis,
    limit: u64,
) -> Result<Vec<Closing>, DbErr> {
    let text = "SELECT c.id, c.workspace_id, c.number_id, c.window_closes_at FROM conversations c
        WHERE (c.owner = 'human' OR c.task = 'open') AND c.window_closes_at > $1 AND c.window_closes_at <= $2
            AND EXISTS (SELECT 1 FROM messages m WHERE m.id = c.last_message_id AND m.direction = 'inbound')
        ORDER BY c.window_closes_at LIMIT $3";
    let values = [from.into(), to.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Closing::find_by_statement(super::sql(connection, text, values)).all(connection).await
}

/// Changes the owner and begins a new epoch: what was decided under the old one never leaves.
pub async fn set_owner(
    tx: &impl ConnectionTrait,
    id: &ConversationId,
    owner: Owner,
    by: Option<&ActorId>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Owner, Expr::value(owner))
        .col_expr(Column::Epoch, Expr::col(Column::Epoch).add(1))
        .col_expr(Column::TakenBy, Expr::value(by.cloned()))
        .filter(Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Opens a task, unless one is open already; `true` when this opened it.
pub async fn open_task(
    tx: &impl ConnectionTrait,
    id: &ConversationId,
    reason: TaskReason,
    now: Millis,
) -> Result<bool, DbErr> {
    let opened = Entity::update_many()
        .col_expr(Column::Task, Expr::value(Task::Open))
        .col_expr(Column::TaskReason, Expr::value(reason))
        .col_expr(Column::TaskOpenedAt, Expr::value(now))
        .filter(Column::Id.eq(id.clone()))
        .filter(Column::Task.is_null())
        .exec(tx)
        .await?;
    Ok(opened.rows_affected == 1)
}

pub async fn close_task(tx: &impl ConnectionTrait, id: &ConversationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Task, Expr::value(Option::<String>::None))
        .col_expr(Column::TaskReason, Expr::value(Option::<String>::None))
        .col_expr(Column::TaskOpenedAt, Expr::value(Option::<i64>::None))
        .filter(Column::Id.eq(id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn mark_read(connection: &impl ConnectionTrait, id: &ConversationId) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(id.clone()), unread: Set(0), ..Default::default() };
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn count_open_tasks(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Task.eq(Task::Open)).count(connection).await
}

/// When a number last saw a message, either way.
pub async fn last_message_at(connection: &impl ConnectionTrait, number_id: &NumberId) -> Result<Option<Millis>, DbErr> {
    Entity::find()
        .select_only()
        .column_as(Column::LastMessageAt.max(), "at")
        .filter(Column::NumberId.eq(number_id.clone()))
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await
        .map(Option::flatten)
}

/// A conversation as people see it.
#[derive(Debug)]
pub struct View {
    pub conversation: Model,
    pub contact: Option<contact::Model>,
    pub last_message: Option<message::Model>,
    /// The number's own agent or the workspace's default.
    pub agent_id: Option<AgentId>,
    /// What whoever took it is called.
    pub taken_by_name: Option<String>,
}

#[derive(Debug, Default)]
pub struct Filter {
    pub number_id: Option<NumberId>,
    /// On whose numbers it is.
    pub agent_id: Option<AgentId>,
    pub contact_id: Option<ContactId>,
    pub owner: Option<Owner>,
    pub taken_by: Option<ActorId>,
    pub task: Option<Task>,
    pub unread: Option<bool>,
    pub window: Option<Window>,
    /// A part of the contact's name, username, phone or user id.
    pub words: Option<String>,
}

/// Where a conversation stands in the list.
#[derive(Debug, FromQueryResult)]
struct Place {
    id: ConversationId,
    last_message_at: Millis,
}

/// Conversations of a workspace, the one with the newest message first. Whichever filter is set, an index holds all that
/// it looks at, and only what is on the page is read whole.
pub async fn list(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
    now: Millis,
) -> Result<Page<View>, DbErr> {
    let found = match &filter.words {
        Some(words) => super::contacts::list_matching(connection, workspace_id, words, MATCHES).await?,
        None => Vec::new(),
    };
    if filter.words.is_some() && found.is_empty() {
        return Ok(Page { items: Vec::new(), next_cursor: None });
    }
    let (text, values) = places(connection, workspace_id, filter, &found, page, now);
    let places = Place::find_by_statement(super::sql(connection, text, values)).all(connection).await?;
    let places = Page::cut(places, page.limit, |place| format!("{}-{}", place.last_message_at, place.id));
    let ids: Vec<ConversationId> = places.items.into_iter().map(|place| place.id).collect();
    Ok(Page { items: views_of(connection, workspace_id, &ids).await?, next_cursor: places.next_cursor })
}

/// As many contacts as are named one by one; where more match, they are found in the list soon enough.
const MATCHES: u64 = 500;

fn places(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    found: &[ContactId],
    page: &PageRequest,
    now: Millis,
) -> (String, Vec<Value>) {
    let mut asked = Asked { parts: Vec::new(), values: Vec::new() };
    asked.that("workspace_id = ?", workspace_id.clone());
    if let Some(number_id) = &filter.number_id {
        asked.that("number_id = ?", number_id.clone());
    }
    if let Some(agent_id) = &filter.agent_id {
        asked.that(
            "number_id IN (SELECT n.id FROM numbers n WHERE n.workspace_id = $1 AND (n.agent_id = ? OR (n.agent_id IS NULL
                AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = $1 AND w.default_agent_id = ?))))",
            agent_id.clone(),
        );
    }
    if let Some(contact_id) = &filter.contact_id {
        asked.that("contact_id = ?", contact_id.clone());
    }
    if let Some(owner) = filter.owner {
        asked.that("owner = ?", owner.as_str());
    }
    if let Some(taken_by) = &filter.taken_by {
        asked.that("taken_by = ?", taken_by.clone());
    }
    if let Some(task) = filter.task {
        asked.that("task = ?", task.as_str());
    }
    match filter.unread {
        Some(true) => asked.parts.push("unread > 0".to_owned()),
        Some(false) => asked.parts.push("unread = 0".to_owned()),
        None => {}
    }
    match filter.window {
        Some(Window::Open) => asked.that("window_closes_at > ?", now),
        Some(Window::Closing) => {
            asked.that("window_closes_at > ?", now);
            asked.that("window_closes_at <= ?", now + CLOSING_MS);
        }
        Some(Window::Closed) => asked.that("(window_closes_at IS NULL OR window_closes_at <= ?)", now),
        None => {}
    }
    let few = !found.is_empty() && (found.len() as u64) < MATCHES;
    match &filter.words {
        Some(_) if few => asked.that_any("contact_id", found),
        Some(words) => {
            let place = asked.bind(super::contacts::searched(words));
            let holds = super::contacts::search_holds(connection, "c.search", place);
            asked.parts.push(format!("EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id AND {holds})"));
        }
        None => {}
    }
    if let Some((at, id)) = page.cursor.as_deref().and_then(read_cursor) {
        let (at, id) = (asked.bind(at), asked.bind(id));
        asked.parts.push(format!("(last_message_at, id) < (${at}, ${id})"));
    }
    let limit = asked.bind(i64::try_from(page.limit + 1).unwrap_or(i64::MAX));
    // Without a word SQLite, which counts nothing, takes the index of whatever is named first.
    let few_of_all = few || filter.contact_id.is_some() || filter.task.is_some();
    let hint = if connection.get_database_backend() == DbBackend::Sqlite && !few_of_all {
        "INDEXED BY conversations_list"
    } else {
        ""
    };
    let text = format!(
        "SELECT id, last_message_at FROM conversations {hint} WHERE {} ORDER BY last_message_at DESC, id DESC LIMIT ${limit}",
        asked.parts.join(" AND ")
    );
    (text, asked.values)
}

/// Conditions and what is bound in them.
struct Asked {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Asked {
    /// `?` stands for the value.
    fn that(&mut self, text: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.parts.push(text.replace('?', &format!("${place}")));
    }

    fn that_any(&mut self, column: &str, ids: &[ContactId]) {
        let places: Vec<String> = ids.iter().map(|id| format!("${}", self.bind(id.clone()))).collect();
        self.parts.push(format!("{column} IN ({})", places.join(", ")));
    }

    fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }
}

/// How many conversations of a workspace there are of each sort that people work through.
#[derive(Debug, FromQueryResult)]
pub struct Counts {
    pub count_all: i64,
    pub count_unread: i64,
    pub count_human: i64,
    pub count_mine: i64,
    pub count_tasks: i64,
    pub count_closing: i64,
}

pub async fn count(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    actor: &ActorId,
    now: Millis,
) -> Result<Counts, DbErr> {
    let hint =
        if connection.get_database_backend() == DbBackend::Sqlite { "INDEXED BY conversations_list" } else { "" };
    let text = format!(
        "SELECT count(*) AS count_all, count(CASE WHEN unread > 0 THEN 1 END) AS count_unread,
            count(CASE WHEN owner = 'human' THEN 1 END) AS count_human,
            count(CASE WHEN owner = 'human' AND taken_by = $2 THEN 1 END) AS count_mine,
            count(CASE WHEN task = 'open' THEN 1 END) AS count_tasks,
            count(CASE WHEN window_closes_at > $3 AND window_closes_at <= $4 THEN 1 END) AS count_closing
        FROM conversations {hint} WHERE workspace_id = $1"
    );
    let values = [workspace_id.clone().into(), actor.clone().into(), now.into(), (now + CLOSING_MS).into()];
    let counted = Counts::find_by_statement(super::sql(connection, text, values)).one(connection).await?;
    counted.ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))
}

/// Some conversations of a workspace as people see them, in the order of `ids`; those that are gone are left out.
pub async fn views_of(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[ConversationId],
) -> Result<Vec<View>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.is_in(ids.iter().cloned()))
        .all(connection)
        .await?;
    rows.sort_by_key(|row| ids.iter().position(|id| id == &row.id));
    views(connection, workspace_id, rows).await
}

/// The numbers of some conversations of a workspace.
pub async fn list_numbers(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, NumberId>, DbErr> {
    let rows = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Id.is_in(ids.iter().cloned()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number_id)).collect())
}

/// The newest conversations of some contacts of a workspace.
pub async fn list_ids_of_contacts(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    contact_ids: &[ContactId],
    limit: u64,
) -> Result<Vec<ConversationId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::ContactId.is_in(contact_ids.iter().cloned()))
        .order_by_desc(Column::LastMessageAt)
        .limit(limit)
        .into_tuple::<ConversationId>()
        .all(connection)
        .await
}

/// Adds to each row what people want to see beside it, with one query a kind.
pub async fn views(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    rows: Vec<Model>,
) -> Result<Vec<View>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let contacts = contact::Entity::find()
        .filter(contact::Column::Id.is_in(rows.iter().map(|row| row.contact_id.clone())))
        .all(connection)
        .await?;
    let messages = message::Entity::find()
        .filter(message::Column::Id.is_in(rows.iter().filter_map(|row| row.last_message_id.clone())))
        .all(connection)
        .await?;
    let numbers = number::Entity::find()
        .filter(number::Column::Id.is_in(rows.iter().map(|row| row.number_id.clone())))
        .all(connection)
        .await?;
    let default_agent_id =
        super::workspaces::find(connection, workspace_id).await?.and_then(|workspace| workspace.default_agent_id);
    let takers: Vec<ActorId> = rows.iter().filter_map(|row| row.taken_by.clone()).collect();
    let names = super::actors::names(connection, workspace_id, &takers).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let number = numbers.iter().find(|number| number.id == row.number_id);
            View {
                contact: contacts.iter().find(|contact| contact.id == row.contact_id).cloned(),
                last_message: messages
                    .iter()
                    .find(|message| Some(&message.id) == row.last_message_id.as_ref())
                    .cloned(),
                taken_by_name: row.taken_by.as_ref().and_then(|actor| names.get(actor).cloned()),
                agent_id: number.and_then(|number| number.agent_id.clone()).or_else(|| default_agent_id.clone()),
                conversation: row,
            }
        })
        .collect())
}

fn read_cursor(cursor: &str) -> Option<(Millis, ConversationId)> {
    let (at, id) = cursor.split_once('-')?;
    Some((at.parse().ok()?, ConversationId::parse(id).ok()?))
}
