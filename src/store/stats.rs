//! What is counted: a day of messages, of waits for an answer and of turns, each group of them as one row. Ids sort by
//! time, so a day is a range of them, and nothing outside of it is read.

use std::ops::Range;

use entity::state::{Author, Direction, MessageStatus, Outcome, TurnStatus};
use entity::stats_day::{Column, Entity, Model};
use entity::{AgentId, MessageId, NumberId, TurnId, WorkspaceId, event, message, workspace};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Value,
};

use super::events::Sight;
use super::usage::DAY_MS;
use crate::clock::Millis;

/// Messages of one quarter of an hour that are alike.
#[derive(Debug, FromQueryResult)]
pub struct Messages {
    /// Of the day, from 0; what came late across midnight lies outside of the day's 96.
    pub quarter: i64,
    pub number_id: NumberId,
    /// Whose turn answered it or decided it.
    pub agent_id: Option<AgentId>,
    pub direction: Direction,
    pub author: Author,
    pub kind: String,
    pub status: Option<MessageStatus>,
    pub outcome: Option<Outcome>,
    /// 1: Graph took it at some time.
    pub is_accepted: i64,
    pub messages: i64,
}

/// Answers that were waited for equally long.
#[derive(Debug, FromQueryResult)]
pub struct Waits {
    pub quarter: i64,
    pub number_id: NumberId,
    pub agent_id: Option<AgentId>,
    /// Milliseconds, three digits of them.
    pub wait: i64,
    /// 1: nothing had been said for a day before.
    pub is_first: i64,
    pub answers: i64,
}

/// Turns of one quarter of an hour that are alike.
#[derive(Debug, FromQueryResult)]
pub struct Turns {
    pub quarter: i64,
    pub number_id: NumberId,
    pub agent_id: Option<AgentId>,
    pub model: Option<String>,
    pub status: TurnStatus,
    pub outcome: Option<Outcome>,
    pub turns: i64,
    pub prompt: i64,
    pub completion: i64,
}

/// Where a message's time lies in its day: `$4` is the day's beginning.
const QUARTER: &str = "CAST((m.sent_at - $4) / 900000 AS bigint) AS quarter";
const OF_DAY: &str = "FROM messages m LEFT JOIN turns t ON t.id = m.turn_id
    WHERE m.workspace_id = $1 AND m.id >= $2 AND m.id < $3";

pub async fn messages_of_day(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    day: i64,
) -> Result<Vec<Messages>, DbErr> {
    let text = format!(
        "SELECT {QUARTER}, m.number_id, t.agent_id, m.direction, m.author, m.kind, m.status, m.outcome,
            CAST(CASE WHEN m.accepted_at IS NULL THEN 0 ELSE 1 END AS bigint) AS is_accepted, count(*) AS messages
        {OF_DAY} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"
    );
    Messages::find_by_statement(super::sql(connection, text, messages_within(workspace_id, day))).all(connection).await
}

pub async fn waits_of_day(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    day: i64,
) -> Result<Vec<Waits>, DbErr> {
    let text = format!(
        "SELECT quarter, number_id, agent_id,
            CAST(CASE WHEN wait < 0 THEN 0 WHEN wait < 1000 THEN wait WHEN wait < 10000 THEN wait / 10 * 10
                WHEN wait < 100000 THEN wait / 100 * 100 WHEN wait < 1000000 THEN wait / 1000 * 1000
                ELSE wait / 10000 * 10000 END AS bigint) AS wait, is_first, count(*) AS answers
        FROM (SELECT {QUARTER}, m.number_id, t.agent_id, m.accepted_at - m.asked_at AS wait,
                CAST(CASE WHEN m.opened_at IS NULL THEN 0 ELSE 1 END AS bigint) AS is_first
            {OF_DAY} AND m.asked_at IS NOT NULL AND m.accepted_at IS NOT NULL) AS answered
        GROUP BY 1, 2, 3, 4, 5"
    );
    Waits::find_by_statement(super::sql(connection, text, messages_within(workspace_id, day))).all(connection).await
}

pub async fn turns_of_day(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    day: i64,
) -> Result<Vec<Turns>, DbErr> {
    let text =
        "SELECT CAST((started_at - $4) / 900000 AS bigint) AS quarter, number_id, agent_id, model, status, outcome,
            count(*) AS turns, CAST(coalesce(sum(prompt_tokens), 0) AS bigint) AS prompt,
            CAST(coalesce(sum(completion_tokens), 0) AS bigint) AS completion
        FROM turns WHERE workspace_id = $1 AND id >= $2 AND id < $3 GROUP BY 1, 2, 3, 4, 5, 6";
    let (from, to) = (TurnId::first_at(day * DAY_MS), TurnId::first_at((day + 1) * DAY_MS));
    let values: [Value; 4] = [workspace_id.clone().into(), from.into(), to.into(), (day * DAY_MS).into()];
    Turns::find_by_statement(super::sql(connection, text, values)).all(connection).await
}

fn messages_within(workspace_id: &WorkspaceId, day: i64) -> [Value; 4] {
    let (from, to) = (MessageId::first_at(day * DAY_MS), MessageId::first_at((day + 1) * DAY_MS));
    [workspace_id.clone().into(), from.into(), to.into(), (day * DAY_MS).into()]
}

/// How conversations stand in which the customer wrote.
#[derive(Debug, Default, FromQueryResult)]
pub struct Resolution {
    pub conversations: i64,
    pub by_agent_alone: i64,
    pub with_human: i64,
    pub still_open: i64,
}

/// Of the conversations in which the customer wrote between two times: those that still wait for a person, those in which
/// one wrote, those that an agent answered alone.
pub async fn resolution(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    times: Range<Millis>,
    number_id: Option<&NumberId>,
    agent_id: Option<&AgentId>,
) -> Result<Resolution, DbErr> {
    let mut values: Vec<Value> = vec![
        workspace_id.clone().into(),
        MessageId::first_at(times.start).into(),
        MessageId::first_at(times.end).into(),
        times.start.into(),
    ];
    let mut only = String::new();
    if let Some(number_id) = number_id {
        values.push(number_id.clone().into());
        only.push_str(&format!(" AND c.number_id = ${}", values.len()));
    }
    if let Some(agent_id) = agent_id {
        values.extend([
            agent_id.clone().into(),
            TurnId::first_at(times.start).into(),
            TurnId::first_at(times.end).into(),
        ]);
        let last = values.len();
        only.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.agent_id = ${} AND t.id >= ${}
                AND t.id < ${last})",
            last - 2,
            last - 1,
        ));
    }
    let said = |who: &str| {
        format!(
            "EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.id >= $2 AND m.id < $3 AND {who})"
        )
    };
    let text = format!(
        "SELECT count(*) AS conversations, count(CASE WHEN state = 'open' THEN 1 END) AS still_open,
            count(CASE WHEN state = 'human' THEN 1 END) AS with_human,
            count(CASE WHEN state = 'agent' THEN 1 END) AS by_agent_alone
        FROM (SELECT CASE WHEN c.task = 'open' OR c.owner = 'human' THEN 'open' WHEN {} THEN 'human'
                WHEN {} THEN 'agent' END AS state
            FROM conversations c WHERE c.workspace_id = $1 AND c.last_message_at >= $4 {only} AND {}) AS seen",
        // In the words of the index over what people wrote.
        said("author IN ('operator', 'phone')"),
        said("author = 'agent'"),
        said("direction = 'inbound'"),
    );
    let found = Resolution::find_by_statement(super::sql(connection, text, values)).one(connection).await?;
    Ok(found.unwrap_or_default())
}

/// Days of a workspace that are kept, from one to another.
pub async fn list_days(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    days: Range<i64>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Day.gte(days.start))
        .filter(Column::Day.lt(days.end))
        .all(connection)
        .await
}

/// Keeps what was counted of a day, in the place of what was counted before.
pub async fn keep_day(tx: &impl ConnectionTrait, day: Model) -> Result<(), DbErr> {
    Entity::insert(day.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::WorkspaceId, Column::Day])
                .update_columns([Column::IsFinal, Column::Counts, Column::MadeAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Days by `last` that were kept while something of them could still change.
pub async fn list_not_final(connection: &impl ConnectionTrait, last: i64, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        // In the words of the index over them.
        .filter(Expr::cust("is_final = 0"))
        .filter(Column::Day.lte(last))
        .order_by_asc(Column::Day)
        .limit(limit)
        .all(connection)
        .await
}

/// Workspaces whose days before `day` are not all kept.
pub async fn list_behind(
    connection: &impl ConnectionTrait,
    day: i64,
    limit: u64,
) -> Result<Vec<workspace::Model>, DbErr> {
    workspace::Entity::find()
        .filter(workspace::Column::StatsUntil.lt(day))
        .order_by_asc(workspace::Column::StatsUntil)
        .limit(limit)
        .all(connection)
        .await
}

/// The first message of a workspace at or after a time.
pub async fn first_message(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    from: Millis,
) -> Result<Option<MessageId>, DbErr> {
    message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(message::Column::Id.gte(MessageId::first_at(from)))
        .order_by_asc(message::Column::Id)
        .limit(1)
        .into_tuple::<MessageId>()
        .one(connection)
        .await
}

pub async fn set_until(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, day: i64) -> Result<(), DbErr> {
    workspace::Entity::update_many()
        .col_expr(workspace::Column::StatsUntil, Expr::value(day))
        .filter(workspace::Column::Id.eq(workspace_id.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Something was said on days long gone: they are counted anew.
pub async fn count_anew(tx: &impl ConnectionTrait, workspace_id: &WorkspaceId, from: Millis) -> Result<(), DbErr> {
    let day = from.div_euclid(DAY_MS);
    workspace::Entity::update_many()
        .col_expr(workspace::Column::StatsUntil, Expr::value(day))
        .filter(workspace::Column::Id.eq(workspace_id.clone()))
        .filter(workspace::Column::StatsUntil.gt(day))
        .exec(tx)
        .await?;
    Ok(())
}

/// Webhooks that wait and webhooks that failed.
#[derive(Debug, Default, FromQueryResult)]
pub struct Events {
    pub waiting: i64,
    pub oldest_at: Option<i64>,
    pub failed: i64,
}

/// The first workspace sees all that waits, the others what is known to be theirs.
pub async fn events(connection: &impl ConnectionTrait, sight: &Sight) -> Result<Events, DbErr> {
    let own = event::Column::WorkspaceId.eq(sight.workspace_id.clone());
    let of = |status: &str| {
        let found = event::Entity::find().filter(Expr::cust(format!("status = '{status}'")));
        if sight.is_first { found } else { found.filter(own.clone()) }
    };
    let oldest = of("received").select_only().column_as(event::Column::ReceivedAt.min(), "oldest");
    Ok(Events {
        waiting: i64::try_from(of("received").count(connection).await?).unwrap_or(i64::MAX),
        oldest_at: oldest.into_tuple::<Option<i64>>().one(connection).await?.flatten(),
        failed: i64::try_from(of("failed").count(connection).await?).unwrap_or(i64::MAX),
    })
}

/// What waits besides: single figures of a workspace.
#[derive(Debug, Default, FromQueryResult)]
pub struct Waiting {
    /// Sends of which nobody knows whether Graph took them.
    pub unsettled: i64,
    pub held_numbers: i64,
    pub tasks_open: i64,
}

pub async fn waiting(connection: &impl ConnectionTrait, workspace_id: &WorkspaceId) -> Result<Waiting, DbErr> {
    let text = "SELECT
        (SELECT count(*) FROM jobs j JOIN messages m ON m.id = j.subject
            WHERE j.workspace_id = $1 AND j.kind = 'send_message' AND m.status = 'unsettled') AS unsettled,
        (SELECT count(*) FROM numbers WHERE workspace_id = $1 AND held_until IS NOT NULL) AS held_numbers,
        (SELECT count(*) FROM conversations WHERE workspace_id = $1 AND task = 'open') AS tasks_open";
    let found = Waiting::find_by_statement(super::sql(connection, text, [workspace_id.clone().into()]));
    Ok(found.one(connection).await?.unwrap_or_default())
}
