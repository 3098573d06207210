//! The webhook log: every event as it came, and how far it has been applied.

use entity::event::{ActiveModel, Column, Entity, Model};
use entity::state::EventStatus;
use entity::{EventId, NumberId, WorkspaceId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{Page, PageRequest};
use crate::clock::Millis;

/// Stores many events with one statement.
pub async fn insert_many(connection: &impl ConnectionTrait, events: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(events.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Any number: all nodes of an installation ask for the same lock.
const APPLYING_LOCK: i64 = 0x5317_c4b1;

/// Waits until no other node applies events, for as long as the transaction lasts. Two nodes at once would take a
/// conversation's messages out of their order, and lock conversations in orders of their own until one is thrown out.
pub async fn wait_to_apply(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({APPLYING_LOCK})")).await?;
    }
    Ok(())
}

/// Up to `limit` due events, the oldest first, locked for this transaction and passed over by the others.
pub async fn lock_received(tx: &impl ConnectionTrait, limit: u64, now: Millis) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(received())
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await
}

/// In the words of the index over events that wait: with a bound value neither engine would see that it serves, and read
/// the whole log.
fn received() -> SimpleExpr {
    Expr::cust("status = 'received'")
}

/// How an event ended.
#[derive(Debug)]
pub struct Ending {
    pub status: EventStatus,
    pub workspace_id: Option<WorkspaceId>,
    pub error: Option<String>,
}

pub async fn end(tx: &impl ConnectionTrait, id: &EventId, ending: &Ending, now: Millis) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id.clone()),
        status: Set(ending.status),
        workspace_id: Set(ending.workspace_id.clone()),
        error: Set(ending.error.clone()),
        applied_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes that applying failed. It is tried again at `due_at`, or never where that is `None`.
pub async fn note_failure(
    connection: &impl ConnectionTrait,
    id: &EventId,
    error: &str,
    due_at: Option<Millis>,
) -> Result<(), DbErr> {
    let mut update = Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .col_expr(Column::Error, Expr::value(error));
    update = match due_at {
        Some(due_at) => update.col_expr(Column::DueAt, Expr::value(due_at)),
        None => update.col_expr(Column::Status, Expr::value(EventStatus::Failed)),
    };
    update.filter(Column::Id.eq(id.clone())).exec(connection).await?;
    Ok(())
}

/// Who may see an event: its workspace, and for those that are nobody's the first workspace.
#[derive(Debug, Clone)]
pub struct Sight {
    pub workspace_id: WorkspaceId,
    pub is_first: bool,
}

impl Sight {
    fn condition(&self) -> Condition {
        let own = Condition::any().add(Column::WorkspaceId.eq(self.workspace_id.clone()));
        if self.is_first {
            // An applied event without a workspace was for several: its raw body is nobody's to see.
            let nobodys = Column::Status.is_in([EventStatus::Unrouted, EventStatus::Failed]);
            own.add(Condition::all().add(Column::WorkspaceId.is_null()).add(nobodys))
        } else {
            own
        }
    }
}

pub async fn find(connection: &impl ConnectionTrait, sight: &Sight, id: &EventId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.clone()).filter(sight.condition()).one(connection).await
}

#[derive(Debug, Default)]
pub struct Filter {
    pub status: Option<EventStatus>,
    /// The number named in the webhook's URL.
    pub number_id: Option<NumberId>,
}

pub async fn list(
    connection: &impl ConnectionTrait,
    sight: &Sight,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(sight.condition());
    if let Some(status) = filter.status {
        // In the words of the indexes over what went wrong.
        query = query.filter(Expr::cust(format!("status = '{status}'")));
    }
    if let Some(number_id) = &filter.number_id {
        query = query.filter(Column::DoorNumberId.eq(number_id.clone()));
    }
    if let Some(before) = &page.cursor {
        query = query.filter(Column::Id.lt(before.as_str()));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(connection).await?;
    Ok(Page::cut(items, page.limit, |event| event.id.to_string()))
}

/// Lets an event be applied once more.
pub async fn replay(connection: &impl ConnectionTrait, id: &EventId, now: Millis) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id.clone()),
        status: Set(EventStatus::Received),
        error: Set(None),
        failures: Set(0),
        due_at: Set(now),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

pub async fn count_received(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(received()).count(connection).await
}

/// Whether an event that came by `time` is not yet applied.
pub async fn is_behind(connection: &impl ConnectionTrait, time: Millis) -> Result<bool, DbErr> {
    let due = Entity::find().filter(received()).filter(Column::ReceivedAt.lte(time));
    let found = due.select_only().column(Column::Id).limit(1).into_tuple::<String>().one(connection).await?;
    Ok(found.is_some())
}

/// When the next event that waits for another try is due.
pub async fn next_due(connection: &impl ConnectionTrait) -> Result<Option<Millis>, DbErr> {
    Entity::find()
        .select_only()
        .column_as(Column::DueAt.min(), "due_at")
        .filter(received())
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await
        .map(Option::flatten)
}
