//! The loop around one job: claim it, run it, write down how that ended.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::NumberId;
use entity::state::JobKind;
use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{check_number, erase_contact, fetch_media, index_file, sync_templates};
use crate::app::{App, Bell};
use crate::store::jobs::{self, Claim, JobError, Next, Order};
use crate::{delivery, store, turn};

/// Jobs claimed by one statement.
const CLAIMS: usize = 32;
/// Of so many parts of the slots for turns, one number leaves the others one.
const PARTS: usize = 4;
/// Workers die for many reasons that are not the job's; one that takes this many with it is given up.
const MAX_DEATHS: i32 = 50;
const FIRST_RETRY_MS: i64 = 500;
const LONGEST_RETRY_MS: i64 = 60_000;

/// One kind of job and how many of it run at once.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    pub kind: JobKind,
    pub concurrency: usize,
}

fn bell(app: &App, kind: JobKind) -> &Bell {
    match kind {
        JobKind::Turn => &app.bells.turns,
        JobKind::SendMessage => &app.bells.sends,
        JobKind::IndexFile => &app.bells.files,
        JobKind::FetchMedia => &app.bells.media,
        JobKind::CheckNumber | JobKind::SyncTemplates | JobKind::EraseContact => &app.bells.upkeep,
    }
}

/// The jobs under way on this node.
#[derive(Debug, Clone, Default)]
pub struct Workers {
    tracker: TaskTracker,
    turns: TurnsInHand,
}

/// How many turns of each number are in hand.
#[derive(Debug, Clone, Default)]
struct TurnsInHand(Arc<Mutex<HashMap<NumberId, usize>>>);

impl TurnsInHand {
    fn begin(&self, number_id: &NumberId) {
        *self.lock().entry(number_id.clone()).or_default() += 1;
    }

    fn end(&self, number_id: &NumberId) {
        let mut turns = self.lock();
        if let Some(count) = turns.get_mut(number_id) {
            *count -= 1;
            if *count == 0 {
                turns.remove(number_id);
            }
        }
    }

    fn with_at_least(&self, most: usize) -> Vec<NumberId> {
        let turns = self.lock();
        turns.iter().filter(|(_, count)| **count >= most).map(|(number_id, _)| number_id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<NumberId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workers {
    /// Claims and runs a pool's jobs until `stop`; those under way go on, and [`Workers::drain`] waits for them.
    pub async fn run_pool(self, app: Arc<App>, pool: Pool, stop: CancellationToken) {
        let slots = Arc::new(Semaphore::new(pool.concurrency));
        let bell = bell(&app, pool.kind);
        // A part at a time, so that one number cannot take all that is free before anybody counts.
        let most = (pool.concurrency / PARTS).clamp(1, CLAIMS);
        while !stop.is_cancelled() {
            let Ok(slot) = slots.clone().acquire_owned().await else { return };
            drop(slot);
            let limit = slots.available_permits().clamp(1, most);
            let claims = if stands_back(&app, pool.kind) { Vec::new() } else { self.claim(&app, pool, limit).await };
            let all = claims.len() < limit;
            for claim in claims {
                let Ok(slot) = slots.clone().acquire_owned().await else { return };
                self.start(app.clone(), claim, slot);
            }
            if all {
                tokio::select! {
                    () = bell.due(app.clock.as_ref()) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }

    /// Turns come by number once there is more than can be done, and no number ever has all the slots.
    async fn claim(&self, app: &App, pool: Pool, limit: usize) -> Vec<Claim> {
        let now = app.now();
        let passed_over = self.turns.with_at_least(pool.concurrency.saturating_sub(pool.concurrency / PARTS));
        let by_number = pool.kind == JobKind::Turn && (app.load.turns_are_late() || !passed_over.is_empty());
        let order = if by_number { Order::ByNumber { passed_over: &passed_over } } else { Order::Due };
        let claimed = jobs::claim(&app.db, pool.kind, limit, order, now, app.lease_until(now)).await;
        let claims = claimed.unwrap_or_else(|error| {
            tracing::error!(error = %error, pool = %pool.kind, "jobs could not be claimed");
            Vec::new()
        });
        if pool.kind == JobKind::Turn {
            app.load.note_turns(claims.first().map_or(0, |oldest| now - oldest.due_at));
        }
        claims
    }

    fn start(&self, app: Arc<App>, claim: Claim, slot: tokio::sync::OwnedSemaphorePermit) {
        let turns = self.turns.clone();
        claim.number_id.iter().for_each(|number_id| turns.begin(number_id));
        self.tracker.spawn(async move {
            run_one(&app, &claim).await;
            claim.number_id.iter().for_each(|number_id| turns.end(number_id));
            drop(slot);
        });
    }

    /// Renews the leases of what runs, until `stop`.
    pub async fn renew_leases(self, app: Arc<App>, stop: CancellationToken) {
        let mut tick = tokio::time::interval(app.settings.jobs.lease() / 3);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = stop.cancelled() => return,
            }
            let running = app.leases.list();
            if running.is_empty() {
                continue;
            }
            if let Err(error) = jobs::renew(&app.db, &running, app.lease_until(app.now())).await {
                tracing::warn!(error = %error, jobs = running.len(), "leases could not be renewed");
            }
        }
    }

    /// Waits for what runs, for `patience` at the most; `false` when some was still running.
    pub async fn drain(&self, patience: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}

/// Customers who wait come before files.
fn stands_back(app: &App, kind: JobKind) -> bool {
    kind == JobKind::IndexFile && (app.load.turns_are_late() || app.load.events_are_late())
}

/// Claims one due job of `kind` and runs it here and now; `false` when none was due.
pub async fn run_due(app: &App, kind: JobKind) -> Result<bool, DbErr> {
    let now = app.now();
    let claims = jobs::claim(&app.db, kind, 1, Order::Due, now, app.lease_until(now)).await?;
    for claim in &claims {
        run_one(app, claim).await;
    }
    Ok(!claims.is_empty())
}

/// What a job led to.
enum Ran {
    Ended(Next),
    /// A turn whose first bubble was released with its commit: it leaves at once.
    Send(Box<delivery::Ready>),
}

async fn run_one(app: &App, claim: &Claim) {
    let ready = match attempt(app, claim, dispatch(app, claim)).await {
        Ok(Ran::Send(ready)) => ready,
        Ok(Ran::Ended(next)) => return end(app, claim, Ok(next)).await,
        Err(error) => return end(app, claim, Err(error)).await,
    };
    wake_lane(app, claim).await;
    let sent = attempt(app, &ready.claim, delivery::send_ready(app, &ready)).await;
    end(app, &ready.claim, sent).await;
}

/// Runs one attempt under a lease that is renewed; a panic costs the attempt and nothing else.
async fn attempt<T>(app: &App, claim: &Claim, work: impl Future<Output = Result<T, JobError>>) -> Result<T, JobError> {
    let started = std::time::Instant::now();
    let _held = app.leases.hold(claim.id, claim.attempt);
    if claim.deaths >= MAX_DEATHS {
        // It took its worker down with it, again and again.
        return Err(JobError::Fail("its worker died each time".to_owned()));
    }
    let ran = AssertUnwindSafe(work).catch_unwind().await;
    metrics::histogram!("switchboard_job_seconds", "kind" => claim.kind.as_str())
        .record(started.elapsed().as_secs_f64());
    ran.unwrap_or_else(|_| Err(JobError::Retry("it panicked: see the log".to_owned())))
}

/// Each kind has a future of its own on the heap: all in one would be as large as the largest, on every worker's stack.
async fn dispatch(app: &App, claim: &Claim) -> Result<Ran, JobError> {
    match claim.kind {
        JobKind::Turn => match Box::pin(turn::run(app, claim)).await? {
            turn::Ended::Replied(Some(ready)) => Ok(Ran::Send(ready)),
            turn::Ended::Replied(None) => Ok(Ran::Ended(Next::Finished)),
            turn::Ended::Not(next) => Ok(Ran::Ended(next)),
        },
        JobKind::SendMessage => Box::pin(delivery::run(app, claim)).await.map(Ran::Ended),
        JobKind::IndexFile => Box::pin(index_file::run(app, claim)).await.map(Ran::Ended),
        JobKind::FetchMedia => Box::pin(fetch_media::run(app, claim)).await.map(Ran::Ended),
        JobKind::CheckNumber => Box::pin(check_number::run(app, claim)).await.map(Ran::Ended),
        JobKind::SyncTemplates => Box::pin(sync_templates::run(app, claim)).await.map(Ran::Ended),
        JobKind::EraseContact => Box::pin(erase_contact::run(app, claim)).await.map(Ran::Ended),
    }
}

async fn end(app: &App, claim: &Claim, result: Result<Next, JobError>) {
    if let Err(error) = settle(app, claim, result).await {
        // Its lease will end, and somebody will take it up again.
        tracing::error!(job.id = claim.id, job.attempt = claim.attempt, error = %error, "a job's end could not be written");
    }
    wake_lane(app, claim).await;
}

/// The next job of a lane could not be claimed before this one ended.
async fn wake_lane(app: &App, claim: &Claim) {
    // A failure to look costs half a second: the worker looks by itself then.
    if let Ok(Some(due_at)) = jobs::lane_due_at(&app.db, &claim.lane).await {
        bell(app, claim.kind).ring(due_at);
    }
}

fn max_failures(app: &App) -> i32 {
    i32::try_from(app.settings.jobs.max_failures).unwrap_or(i32::MAX)
}

async fn settle(app: &App, claim: &Claim, result: Result<Next, JobError>) -> Result<(), DbErr> {
    let db = app.db.bookkeeper();
    match result {
        Ok(Next::Finished) => Ok(()),
        // Losing the lease at the very end is fine: the other finds nothing left to do, or does it again.
        Ok(Next::Finish) => jobs::finish(db, claim).await.map(drop),
        Ok(Next::Again { at }) => jobs::postpone(db, claim, at, None).await.map(drop),
        Err(JobError::Lost(lost)) => {
            tracing::warn!(job.id = claim.id, job.attempt = claim.attempt, "{lost}");
            Ok(())
        }
        Err(JobError::Retry(error)) if claim.failures + 1 < max_failures(app) => {
            tracing::warn!(
                job.id = claim.id,
                job.attempt = claim.attempt,
                error,
                "a job failed and will be tried again"
            );
            let pause = (FIRST_RETRY_MS << claim.failures.clamp(0, 16)).min(LONGEST_RETRY_MS);
            jobs::postpone(db, claim, app.now() + pause, Some(&error)).await.map(drop)
        }
        Err(JobError::Retry(error) | JobError::Fail(error)) => bury(app, claim, &error).await,
    }
}

/// The job's failures are used up: what it was to do becomes a task for a person, and the job can be retried by hand.
/// Where another has the job by now, it is his to give up.
async fn bury(app: &App, claim: &Claim, error: &str) -> Result<(), DbErr> {
    let now = app.now();
    let buried = store::write(&app.db, async |tx| {
        if let Err(lost) = jobs::bury(tx, claim, error).await? {
            return Ok(Err(lost));
        }
        match claim.kind {
            JobKind::Turn => turn::abandon(tx, &claim.subject, now).await?,
            JobKind::SendMessage => delivery::abandon(tx, &claim.subject, now).await?,
            JobKind::FetchMedia => fetch_media::abandon(tx, claim, error).await?,
            JobKind::IndexFile | JobKind::CheckNumber | JobKind::SyncTemplates | JobKind::EraseContact => {}
        }
        Ok::<_, DbErr>(Ok(()))
    })
    .await?;
    match buried {
        Ok(()) => {
            tracing::error!(job.id = claim.id, job.attempt = claim.attempt, kind = %claim.kind, error, "a job was given up");
            metrics::counter!("switchboard_jobs_dead_total", "kind" => claim.kind.as_str()).increment(1);
        }
        Err(lost) => tracing::warn!(job.id = claim.id, job.attempt = claim.attempt, "{lost}"),
    }
    Ok(())
}
