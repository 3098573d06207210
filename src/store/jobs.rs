//! The durable queue. Enqueueing joins the transaction that made the work necessary.
//!
//! A lane keeps order: one of its jobs runs at a time, the earliest first. Whoever enqueues into a conversation's lane
//! holds that conversation's row, so ids in a lane are in the order of their commits, on every node.

use entity::job::{ActiveModel, Column, Entity, Model};
use entity::state::{JobKind, JobStatus};
use entity::{AgentId, ContactId, ConversationId, FileId, MediaId, MessageId, NumberId, WorkspaceId};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, UpdateMany, Value,
};

use super::{Db, Engine, Page, PageRequest};
use crate::clock::Millis;

/// Work to be done: ids only, since whatever else is needed is read when the job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Answer what a conversation's customer has said.
    Turn { conversation_id: ConversationId },
    /// Bring one message to Graph.
    SendMessage { conversation_id: ConversationId, message_id: MessageId },
    /// Cut a knowledge file into passages.
    IndexFile { agent_id: AgentId, file_id: FileId },
    /// Bring a customer's file here.
    FetchMedia { media_id: MediaId },
    /// Look how a number is.
    CheckNumber { number_id: NumberId },
    /// Read the templates of a number's account.
    SyncTemplates { number_id: NumberId },
    /// Delete all that hangs on a contact who was forgotten.
    EraseContact { contact_id: ContactId },
}

impl Job {
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Turn { .. } => JobKind::Turn,
            Self::SendMessage { .. } => JobKind::SendMessage,
            Self::IndexFile { .. } => JobKind::IndexFile,
            Self::FetchMedia { .. } => JobKind::FetchMedia,
            Self::CheckNumber { .. } => JobKind::CheckNumber,
            Self::SyncTemplates { .. } => JobKind::SyncTemplates,
            Self::EraseContact { .. } => JobKind::EraseContact,
        }
    }

    fn subject(&self) -> &str {
        match self {
            Self::Turn { conversation_id } => conversation_id.as_str(),
            Self::SendMessage { message_id, .. } => message_id.as_str(),
            Self::IndexFile { file_id, .. } => file_id.as_str(),
            Self::FetchMedia { media_id } => media_id.as_str(),
            Self::CheckNumber { number_id } | Self::SyncTemplates { number_id } => number_id.as_str(),
            Self::EraseContact { contact_id } => contact_id.as_str(),
        }
    }

    /// Turns and sends have lanes of their own: a conversation goes on thinking while a send waits for Graph.
    fn lane(&self) -> String {
        match self {
            Self::Turn { conversation_id } => format!("turn/{conversation_id}"),
            Self::SendMessage { conversation_id, .. } => format!("send/{conversation_id}"),
            Self::IndexFile { agent_id, .. } => format!("index/{agent_id}"),
            Self::FetchMedia { media_id } => format!("media/{media_id}"),
            Self::CheckNumber { number_id } => format!("check/{number_id}"),
            Self::SyncTemplates { number_id } => format!("templates/{number_id}"),
            Self::EraseContact { contact_id } => format!("erase/{contact_id}"),
        }
    }

    fn active_model(&self, workspace_id: &WorkspaceId, due_at: Millis, latest_at: Millis, now: Millis) -> ActiveModel {
        ActiveModel {
            id: NotSet,
            workspace_id: Set(workspace_id.clone()),
            kind: Set(self.kind()),
            subject: Set(self.subject().to_owned()),
            lane: Set(self.lane()),
            number_id: Set(None),
            place: Set(0),
            depth: Set(0),
            waiting_key: Set(None),
            status: Set(JobStatus::Waiting),
            due_at: Set(due_at),
            latest_at: Set(latest_at),
            attempt: Set(0),
            failures: Set(0),
            deaths: Set(0),
            lease_until: Set(None),
            last_error: Set(None),
            created_at: Set(now),
        }
    }
}

/// A job in hand. Only the holder of its newest attempt may finish or postpone it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Claim {
    pub id: i64,
    pub workspace_id: WorkspaceId,
    pub kind: JobKind,
    pub subject: String,
    pub lane: String,
    pub number_id: Option<NumberId>,
    pub attempt: i32,
    pub failures: i32,
    pub deaths: i32,
    pub due_at: Millis,
}

/// The lease ended and somebody else has the job: nothing may be written in its name.
#[derive(Debug, thiserror::Error)]
#[error("the job's lease was lost")]
pub struct LeaseLost;

/// What shall become of a job that ran.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// It finished itself, in the transaction that wrote its result.
    Finished,
    /// It is done and can go.
    Finish,
    /// It waits by plan and runs again.
    Again { at: Millis },
}

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It may pass later; this counts as a failure.
    #[error("{0}")]
    Retry(String),
    /// It never will.
    #[error("{0}")]
    Fail(String),
    #[error(transparent)]
    Lost(#[from] LeaseLost),
}

impl From<DbErr> for JobError {
    fn from(error: DbErr) -> Self {
        Self::Retry(format!("database: {error}"))
    }
}

pub async fn enqueue(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    job: &Job,
    due_at: Millis,
    now: Millis,
) -> Result<(), DbErr> {
    Entity::insert(job.active_model(workspace_id, due_at, due_at, now)).exec_without_returning(tx).await?;
    Ok(())
}

/// Enqueues work that somebody wants to ask after: its number comes back.
pub async fn enqueue_numbered(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    job: &Job,
    now: Millis,
) -> Result<i64, DbErr> {
    Ok(Entity::insert(job.active_model(workspace_id, now, now, now)).exec(tx).await?.last_insert_id)
}

/// Enqueues work that one waiting job is enough for: a second one changes nothing.
pub async fn enqueue_once(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    job: &Job,
    due_at: Millis,
    now: Millis,
) -> Result<(), DbErr> {
    let mut row = job.active_model(workspace_id, due_at, due_at, now);
    row.waiting_key = Set(Some(format!("{}/{}", job.kind(), job.subject())));
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::WaitingKey).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Enqueues a conversation's turn, or pushes the one that waits back to `due_at`, but never past the `latest_at` it was
/// first given.
pub async fn enqueue_turn(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    number_id: &NumberId,
    conversation_id: &ConversationId,
    due_at: Millis,
    latest_at: Millis,
    now: Millis,
) -> Result<(), DbErr> {
    let job = Job::Turn { conversation_id: conversation_id.clone() };
    let (place, depth) = place_of_turn(tx, number_id).await?;
    let mut row = job.active_model(workspace_id, Ord::min(due_at, latest_at), latest_at, now);
    row.number_id = Set(Some(number_id.clone()));
    row.place = Set(place);
    row.depth = Set(depth);
    row.waiting_key = Set(Some(format!("{}/{}", job.kind(), job.subject())));
    let later = Expr::cust("CASE WHEN excluded.due_at < jobs.latest_at THEN excluded.due_at ELSE jobs.latest_at END");
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::WaitingKey).value(Column::DueAt, later).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The next place in the row of a number's turns, and how many it stands behind. Only one node applies at a time.
async fn place_of_turn(tx: &impl ConnectionTrait, number_id: &NumberId) -> Result<(i64, i64), DbErr> {
    let text = "SELECT
        (SELECT max(place) FROM jobs WHERE kind = 'turn' AND status <> 'dead' AND number_id = $1) AS last_place,
        (SELECT min(place) FROM jobs WHERE kind = 'turn' AND status <> 'dead' AND number_id = $1) AS first_place";
    let row = tx.query_one_raw(super::sql(tx, text, [number_id.clone().into()])).await?;
    let Some(row) = row else { return Ok((0, 0)) };
    let last: Option<i64> = row.try_get("", "last_place")?;
    let first: Option<i64> = row.try_get("", "first_place")?;
    Ok(last.zip(first).map_or((0, 0), |(last, first)| (last + 1, last + 1 - first)))
}

/// Which of the due jobs come first.
#[derive(Debug, Clone, Copy)]
pub enum Order<'a> {
    /// Whatever has been due the longest.
    Due,
    /// Turns: those that stand behind the fewest of their own number. Numbers that have enough in hand are passed over.
    ByNumber { passed_over: &'a [NumberId] },
}

/// Takes up to `limit` due jobs of `kind` under a lease, each the earliest of its lane with none of the lane begun. A job
/// found with an ended lease has lost its holder once: that counts as a death. It goes on before an earlier one that was
/// given a new life meanwhile, since its holder may only be slow: two of a lane would be in hand when he renews.
pub async fn claim(
    db: &Db,
    kind: JobKind,
    limit: usize,
    order: Order<'_>,
    now: Millis,
    lease_until: Millis,
) -> Result<Vec<Claim>, DbErr> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![kind.as_str().into(), now.into(), limit.into(), lease_until.into()];
    let lock = match db.engine() {
        Engine::Postgres => "FOR UPDATE OF j SKIP LOCKED",
        Engine::Sqlite => "",
    };
    let (index, only, order) = match order {
        Order::Due => ("", String::new(), "due_at"),
        Order::ByNumber { passed_over } => {
            values.extend(passed_over.iter().map(|number_id| number_id.clone().into()));
            let places: Vec<String> = (5..values.len() + 1).map(|place| format!("${place}")).collect();
            // Without a word SQLite would sort all that is due; PostgreSQL knows better, having counted.
            let index = if db.engine() == Engine::Sqlite { "INDEXED BY jobs_depth" } else { "" };
            let only = match places.as_slice() {
                [] => "AND j.kind = 'turn'".to_owned(),
                places => format!("AND j.kind = 'turn' AND j.number_id NOT IN ({})", places.join(", ")),
            };
            (index, only, "depth")
        }
    };
    let text = format!(
        "WITH picked AS MATERIALIZED (
            SELECT j.id FROM jobs j {index}
            WHERE j.kind = $1 AND j.due_at <= $2 AND j.status <> 'dead' {only}
              AND (j.lease_until IS NULL OR j.lease_until <= $2)
              AND NOT EXISTS (
                SELECT 1 FROM jobs e
                WHERE e.lane = j.lane AND e.id <> j.id AND e.status <> 'dead'
                  AND (e.status = 'running' OR (e.id < j.id AND j.status <> 'running')))
            ORDER BY j.{order}, j.id LIMIT $3 {lock})
        UPDATE jobs SET status = 'running', lease_until = $4, attempt = attempt + 1, waiting_key = NULL,
            deaths = deaths + CASE WHEN status = 'running' THEN 1 ELSE 0 END
        WHERE id IN (SELECT id FROM picked)
        RETURNING id, workspace_id, kind, subject, lane, number_id, attempt, failures, deaths, due_at"
    );
    let mut claims = Claim::find_by_statement(super::sql(db.bookkeeper(), text, values)).all(db.bookkeeper()).await?;
    claims.sort_by_key(|claim| (claim.due_at, claim.id));
    Ok(claims)
}

/// Removes the finished job, in the transaction that wrote its result.
pub async fn finish(tx: &impl ConnectionTrait, claim: &Claim) -> Result<Result<(), LeaseLost>, DbErr> {
    let done = Entity::delete_many().filter(held(claim)).exec(tx).await?;
    Ok(touched(done.rows_affected))
}

/// Proves inside a transaction that the claim still holds, and keeps others from taking it until the commit.
pub async fn hold(
    tx: &impl ConnectionTrait,
    claim: &Claim,
    lease_until: Millis,
) -> Result<Result<(), LeaseLost>, DbErr> {
    let held = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .filter(held(claim))
        .exec(tx)
        .await?;
    Ok(touched(held.rows_affected))
}

/// Puts the job back, to run again at `due_at`. An error counts as a failure; waiting by plan does not.
pub async fn postpone(
    tx: &impl ConnectionTrait,
    claim: &Claim,
    due_at: Millis,
    error: Option<&str>,
) -> Result<Result<(), LeaseLost>, DbErr> {
    let mut update = Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Waiting))
        .col_expr(Column::DueAt, Expr::value(due_at))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None));
    update = match error {
        Some(error) => update
            .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
            .col_expr(Column::LastError, Expr::value(error)),
        // A plan that came to its end without an error makes earlier errors history.
        None => update.col_expr(Column::Failures, Expr::value(0)),
    };
    Ok(touched(update.filter(held(claim)).exec(tx).await?.rows_affected))
}

/// Sets the job aside for a person: it holds nothing back any more and can be retried through the API.
pub async fn bury(tx: &impl ConnectionTrait, claim: &Claim, error: &str) -> Result<Result<(), LeaseLost>, DbErr> {
    let buried = Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Dead))
        .col_expr(Column::LastError, Expr::value(error))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(held(claim))
        .exec(tx)
        .await?;
    Ok(touched(buried.rows_affected))
}

/// Lengthens the leases of work that lives.
pub async fn renew(db: &Db, claims: &[(i64, i32)], lease_until: Millis) -> Result<(), DbErr> {
    let any = claims.iter().fold(sea_orm::Condition::any(), |any, (id, attempt)| {
        any.add(sea_orm::Condition::all().add(Column::Id.eq(*id)).add(Column::Attempt.eq(*attempt)))
    });
    Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .filter(any)
        .filter(Column::Status.eq(JobStatus::Running))
        .exec(db.bookkeeper())
        .await?;
    Ok(())
}

/// Makes the waiting job about `subject` due now.
pub async fn hurry(tx: &impl ConnectionTrait, kind: JobKind, subject: &str, now: Millis) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(now))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Subject.eq(subject))
        .filter(Column::Status.eq(JobStatus::Waiting))
        .filter(Column::DueAt.gt(now))
        .exec(tx)
        .await?;
    Ok(())
}

/// Makes all waiting sends of a number due now: its credentials work again.
pub async fn hurry_sends_of_number(tx: &impl ConnectionTrait, number_id: &NumberId, now: Millis) -> Result<(), DbErr> {
    let text = "UPDATE jobs SET due_at = $1 WHERE kind = 'send_message' AND status = 'waiting' AND due_at > $1
        AND subject IN (SELECT id FROM messages WHERE number_id = $2 AND status = 'queued')";
    tx.execute_raw(super::sql(tx, text, [now.into(), number_id.clone().into()])).await?;
    Ok(())
}

/// Lets go of every lease: for the one process that owns an embedded database, when it starts.
pub async fn release_all_leases(db: &Db) -> Result<u64, DbErr> {
    let released = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(0i64))
        .filter(Column::Status.eq(JobStatus::Running))
        .exec(db.bookkeeper())
        .await?;
    Ok(released.rows_affected)
}

/// When the earliest job of a lane is due, if there is one that nobody works on.
pub async fn lane_due_at(db: &Db, lane: &str) -> Result<Option<Millis>, DbErr> {
    let text = "SELECT due_at FROM jobs WHERE lane = $1 AND status = 'waiting' ORDER BY id LIMIT 1";
    let row = db.walker().query_one_raw(super::sql(db.walker(), text, [lane.into()])).await?;
    row.map(|row| row.try_get("", "due_at")).transpose()
}

/// Enqueues a job that is taken in hand at once, unless one before it is unfinished in its lane. Whoever calls holds
/// the conversation's row, so nobody enqueues between the look and the insert.
pub async fn enqueue_claimed(
    tx: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    job: &Job,
    lease_until: Millis,
    now: Millis,
) -> Result<Option<Claim>, DbErr> {
    let lane = job.lane();
    let text = "SELECT id FROM jobs WHERE lane = $1 AND status <> 'dead' LIMIT 1";
    if tx.query_one_raw(super::sql(tx, text, [lane.as_str().into()])).await?.is_some() {
        return Ok(None);
    }
    let mut row = job.active_model(workspace_id, now, now, now);
    row.status = Set(JobStatus::Running);
    row.attempt = Set(1);
    row.lease_until = Set(Some(lease_until));
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    Ok(Some(Claim {
        id,
        workspace_id: workspace_id.clone(),
        kind: job.kind(),
        subject: job.subject().to_owned(),
        lane,
        number_id: None,
        attempt: 1,
        failures: 0,
        deaths: 0,
        due_at: now,
    }))
}

/// What is waiting: for the metrics.
#[derive(Debug, FromQueryResult)]
pub struct Depth {
    pub kind: JobKind,
    pub status: JobStatus,
    pub jobs: i64,
    pub oldest_due_at: Option<i64>,
}

/// Of all workspaces.
pub async fn depths(db: &Db) -> Result<Vec<Depth>, DbErr> {
    depths_within(Entity::find(), db).await
}

pub async fn depths_of(db: &Db, workspace_id: &WorkspaceId) -> Result<Vec<Depth>, DbErr> {
    depths_within(Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone())), db).await
}

async fn depths_within(jobs: Select<Entity>, db: &Db) -> Result<Vec<Depth>, DbErr> {
    jobs.select_only()
        .column(Column::Kind)
        .column(Column::Status)
        .column_as(Column::Id.count(), "jobs")
        .column_as(Column::DueAt.min(), "oldest_due_at")
        .group_by(Column::Kind)
        .group_by(Column::Status)
        .into_model::<Depth>()
        .all(db.reader())
        .await
}

#[derive(Debug, Default)]
pub struct Filter {
    pub status: Option<JobStatus>,
    pub kind: Option<JobKind>,
}

/// Jobs of a workspace, newest first.
pub async fn list(
    db: &Db,
    workspace_id: &WorkspaceId,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::WorkspaceId.eq(workspace_id.clone()));
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(before) = page.cursor.as_deref().and_then(|cursor| cursor.parse::<i64>().ok()) {
        query = query.filter(Column::Id.lt(before));
    }
    let items = query.order_by_desc(Column::Id).limit(page.limit + 1).all(db.reader()).await?;
    Ok(Page::cut(items, page.limit, |job| job.id.to_string()))
}

pub async fn find(db: &Db, workspace_id: &WorkspaceId, id: i64) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::WorkspaceId.eq(workspace_id.clone())).one(db.reader()).await
}

/// The newest job about `subject`: for whoever wants to know what it waits for.
pub async fn find_about(
    connection: &impl ConnectionTrait,
    workspace_id: &WorkspaceId,
    kind: JobKind,
    subject: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::Subject.eq(subject))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .order_by_desc(Column::Id)
        .limit(1)
        .one(connection)
        .await
}

/// Gives a dead job a new life; `false` when it is not dead.
pub async fn revive(db: &Db, workspace_id: &WorkspaceId, id: i64, now: Millis) -> Result<bool, DbErr> {
    let revived = reviving(workspace_id, now).filter(Column::Id.eq(id)).exec(db.writer()).await?;
    Ok(revived.rows_affected == 1)
}

/// Gives all dead jobs of a workspace a new life; how many there were.
pub async fn revive_all(db: &Db, workspace_id: &WorkspaceId, now: Millis) -> Result<u64, DbErr> {
    Ok(reviving(workspace_id, now).exec(db.writer()).await?.rows_affected)
}

fn reviving(workspace_id: &WorkspaceId, now: Millis) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Waiting))
        .col_expr(Column::Failures, Expr::value(0))
        .col_expr(Column::Deaths, Expr::value(0))
        .col_expr(Column::DueAt, Expr::value(now))
        .filter(Column::WorkspaceId.eq(workspace_id.clone()))
        .filter(Column::Status.eq(JobStatus::Dead))
}

/// How many jobs are not dead: tests fail when some are left over.
pub async fn count_alive(db: &Db) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Status.ne(JobStatus::Dead)).count(db.reader()).await
}

/// A statement for the holder of a claim touches its one row, or the claim is lost.
fn touched(rows: u64) -> Result<(), LeaseLost> {
    if rows == 1 { Ok(()) } else { Err(LeaseLost) }
}

fn held(claim: &Claim) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(Column::Id.eq(claim.id))
        .add(Column::Attempt.eq(claim.attempt))
        .add(Column::Status.eq(JobStatus::Running))
}
