//! The loop around one job: claim it, run it, write down how that ended.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::state::JobKind;
use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::index_file;
use crate::app::App;
use crate::store::jobs::{self, Claim, JobError, Next};
use crate::{delivery, store, turn};

/// Jobs claimed by one statement.
const CLAIMS: usize = 32;
/// How long a worker sleeps at the most: bells do not ring across nodes.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);
/// When the next job is due but its lane is busy.
const BUSY_LANE_SLEEP: Duration = Duration::from_millis(100);
const AFTER_ERROR_SLEEP: Duration = Duration::from_millis(500);
const FIRST_RETRY_MS: i64 = 500;
const LONGEST_RETRY_MS: i64 = 60_000;

/// One kind of job and how many of it run at once.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    pub kind: JobKind,
    pub concurrency: usize,
}

impl Pool {
    fn bell(self, app: &App) -> &Notify {
        match self.kind {
            JobKind::Turn => &app.bells.turns,
            JobKind::SendMessage => &app.bells.sends,
            JobKind::IndexFile => &app.bells.files,
        }
    }
}

/// The jobs under way on this node, whose leases are renewed while they live.
#[derive(Debug, Clone, Default)]
pub struct Workers {
    running: Arc<Mutex<HashMap<i64, i32>>>,
    tracker: TaskTracker,
}

impl Workers {
    /// Claims and runs a pool's jobs until `stop`; those under way go on, and [`Workers::drain`] waits for them.
    pub async fn run_pool(self, app: Arc<App>, pool: Pool, stop: CancellationToken) {
        let slots = Arc::new(Semaphore::new(pool.concurrency));
        while !stop.is_cancelled() {
            let Ok(slot) = slots.clone().acquire_owned().await else { return };
            drop(slot);
            if stop.is_cancelled() {
                return;
            }
            let free = slots.available_permits().clamp(1, CLAIMS);
            let now = app.now();
            let nap = match jobs::claim(&app.db, pool.kind, free, now, app.lease_until(now)).await {
                Ok(claims) if claims.is_empty() => self.nap(&app, pool).await,
                Ok(claims) => {
                    for claim in claims {
                        let Ok(slot) = slots.clone().acquire_owned().await else { return };
                        self.start(app.clone(), pool, claim, slot);
                    }
                    continue;
                }
                Err(error) => {
                    tracing::error!(error = %error, pool = %pool.kind, "jobs could not be claimed");
                    AFTER_ERROR_SLEEP
                }
            };
            tokio::select! {
                () = pool.bell(&app).notified() => {}
                () = tokio::time::sleep(nap) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn nap(&self, app: &App, pool: Pool) -> Duration {
        match jobs::next_due(&app.db, pool.kind).await {
            Ok(Some(due_at)) if due_at > app.now() => {
                Duration::from_millis(u64::try_from(due_at - app.now()).unwrap_or(1))
                    .clamp(Duration::from_millis(1), LONGEST_SLEEP)
            }
            Ok(Some(_)) => BUSY_LANE_SLEEP,
            Ok(None) => LONGEST_SLEEP,
            Err(_) => AFTER_ERROR_SLEEP,
        }
    }

    fn start(&self, app: Arc<App>, pool: Pool, claim: Claim, slot: tokio::sync::OwnedSemaphorePermit) {
        self.lock().insert(claim.id, claim.attempt);
        let workers = self.clone();
        self.tracker.spawn(async move {
            run_one(&app, &claim).await;
            workers.lock().remove(&claim.id);
            drop(slot);
            // The next of its lane may be due.
            pool.bell(&app).notify_one();
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
            let running: Vec<(i64, i32)> = self.lock().iter().map(|(id, attempt)| (*id, *attempt)).collect();
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

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, i32>> {
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Claims one due job of `kind` and runs it here and now; `false` when none was due.
pub async fn run_due(app: &App, kind: JobKind) -> Result<bool, DbErr> {
    let now = app.now();
    let claims = jobs::claim(&app.db, kind, 1, now, app.lease_until(now)).await?;
    for claim in &claims {
        run_one(app, claim).await;
    }
    Ok(!claims.is_empty())
}

async fn run_one(app: &App, claim: &Claim) {
    let started = std::time::Instant::now();
    let max_failures = i32::try_from(app.settings.jobs.max_failures).unwrap_or(i32::MAX);
    let result = if claim.failures >= max_failures {
        // It took its worker down with it, again and again.
        Err(JobError::Fail("its worker died each time".to_owned()))
    } else {
        let ran = AssertUnwindSafe(dispatch(app, claim)).catch_unwind().await;
        ran.unwrap_or_else(|_| Err(JobError::Retry("it panicked: see the log".to_owned())))
    };
    metrics::histogram!("switchboard_job_seconds", "kind" => claim.kind.as_str())
        .record(started.elapsed().as_secs_f64());
    if let Err(error) = settle(app, claim, result).await {
        // Its lease will end, and somebody will take it up again.
        tracing::error!(job.id = claim.id, job.attempt = claim.attempt, error = %error, "a job's end could not be written");
    }
}

async fn dispatch(app: &App, claim: &Claim) -> Result<Next, JobError> {
    match claim.kind {
        JobKind::Turn => turn::run(app, claim).await,
        JobKind::SendMessage => delivery::run(app, claim).await,
        JobKind::IndexFile => index_file::run(app, claim).await,
    }
}

async fn settle(app: &App, claim: &Claim, result: Result<Next, JobError>) -> Result<(), DbErr> {
    let db = app.db.writer();
    let max_failures = i32::try_from(app.settings.jobs.max_failures).unwrap_or(i32::MAX);
    match result {
        Ok(Next::Finished) => Ok(()),
        // Losing the lease at the very end is fine: the other finds nothing left to do.
        Ok(Next::Finish) => jobs::finish(db, claim).await.map(drop),
        Ok(Next::Again { at }) => jobs::postpone(db, claim, at, None).await,
        Err(JobError::Lost(lost)) => {
            tracing::warn!(job.id = claim.id, job.attempt = claim.attempt, "{lost}");
            Ok(())
        }
        Err(JobError::Retry(error)) if claim.failures + 1 < max_failures => {
            tracing::warn!(
                job.id = claim.id,
                job.attempt = claim.attempt,
                error,
                "a job failed and will be tried again"
            );
            let pause = (FIRST_RETRY_MS << claim.failures.clamp(0, 16)).min(LONGEST_RETRY_MS);
            jobs::postpone(db, claim, app.now() + pause, Some(&error)).await
        }
        Err(JobError::Retry(error) | JobError::Fail(error)) => bury(app, claim, &error).await,
    }
}

/// The job's failures are used up: what it was to do becomes a task for a person, and the job can be retried by hand.
async fn bury(app: &App, claim: &Claim, error: &str) -> Result<(), DbErr> {
    tracing::error!(job.id = claim.id, job.attempt = claim.attempt, kind = %claim.kind, error, "a job was given up");
    metrics::counter!("switchboard_jobs_dead_total", "kind" => claim.kind.as_str()).increment(1);
    let now = app.now();
    store::write(&app.db, async |tx| {
        jobs::bury(tx, claim, error).await?;
        match claim.kind {
            JobKind::Turn => turn::abandon(tx, &claim.subject, now).await,
            JobKind::SendMessage => delivery::abandon(tx, &claim.subject, now).await,
            JobKind::IndexFile => Ok(()),
        }
    })
    .await
}
