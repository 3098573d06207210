//! Jobs: the work queue, and the dead ones that wait for a person.

use chrono::{DateTime, Utc};
use entity::job;
use entity::state::{JobKind, JobStatus};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::auth::{Admin, Viewer};
use super::problem::ApiError;
use super::wire::{JobNumber, Text};
use super::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::store;

const ID_PREFIX: &str = "job_";

type JobId = Text<23, JobNumber>;

pub struct JobsApi;

/// A unit of durable work. Finished ones are gone.
#[derive(Debug, Object)]
struct Job {
    id: String,
    kind: JobKind,
    /// Id of what it is about: a conversation, a message, a file.
    subject: String,
    status: JobStatus,
    /// How often it was taken up.
    attempt: i32,
    /// Attempts that ended in an error or a crash since it last went well.
    failures: i32,
    last_error: Option<String>,
    due_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RetryJobs {
    status: Retriable,
}

/// Only what was given up is retried.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
enum Retriable {
    Dead,
}

#[derive(Debug, Object)]
struct Retried {
    /// How many there were.
    retried: u64,
}

#[OpenApi(tag = "Tag::Jobs")]
impl JobsApi {
    /// Lists jobs, newest first.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        status: Query<Option<JobStatus>>,
        kind: Query<Option<JobKind>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<Job>>, ApiError> {
        let page = page_request(cursor, limit);
        let filter = store::jobs::Filter { status: status.0, kind: kind.0 };
        Ok(List::of(store::jobs::list(&app.db, viewer.workspace(), &filter, &page).await?, view))
    }

    /// Shows a job.
    #[oai(path = "/jobs/:job_id", method = "get", operation_id = "getJob")]
    async fn get(&self, app: SharedApp<'_>, viewer: Viewer, job_id: Path<JobId>) -> Result<Json<Job>, ApiError> {
        let found = store::jobs::find(&app.db, viewer.workspace(), read_id(&job_id)?).await?;
        found.map(|job| Json(view(job))).ok_or_else(|| ApiError::not_found("job"))
    }

    /// Gives a dead job a new life.
    #[oai(path = "/jobs/:job_id/retry", method = "post", operation_id = "retryJob")]
    async fn retry(&self, app: SharedApp<'_>, admin: Admin, job_id: Path<JobId>) -> Result<Json<Job>, ApiError> {
        let id = read_id(&job_id)?;
        let revived = store::jobs::revive(&app.db, admin.workspace(), id, app.now()).await?;
        let found = store::jobs::find(&app.db, admin.workspace(), id).await?;
        let job = found.ok_or_else(|| ApiError::not_found("job"))?;
        if !revived {
            return Err(ApiError::conflict("not_dead", "Only dead jobs can be retried; this one is under way."));
        }
        ring(&app);
        Ok(Json(view(job)))
    }

    /// Gives all dead jobs a new life.
    #[oai(path = "/jobs/retry", method = "post", operation_id = "retryJobs")]
    async fn retry_all(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        body: Json<RetryJobs>,
    ) -> Result<Json<Retried>, ApiError> {
        let Retriable::Dead = body.0.status;
        let retried = store::jobs::revive_all(&app.db, admin.workspace(), app.now()).await?;
        ring(&app);
        Ok(Json(Retried { retried }))
    }
}

fn ring(app: &App) {
    let bells = &app.bells;
    for bell in [&bells.turns, &bells.sends, &bells.files, &bells.media, &bells.upkeep] {
        bell.ring_now();
    }
}

fn read_id(id: &str) -> Result<i64, ApiError> {
    let number = id.strip_prefix(ID_PREFIX).and_then(|number| number.parse().ok());
    number.ok_or_else(|| ApiError::not_found("job"))
}

pub(super) fn shown_id(id: i64) -> String {
    format!("{ID_PREFIX}{id:012}")
}

fn view(job: job::Model) -> Job {
    Job {
        id: shown_id(job.id),
        kind: job.kind,
        subject: job.subject,
        status: job.status,
        attempt: job.attempt,
        failures: job.failures,
        last_error: job.last_error,
        due_at: time(job.due_at),
        created_at: time(job.created_at),
    }
}
