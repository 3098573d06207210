//! A number's health: how it is, how it was, and a look on demand.

use chrono::{DateTime, Utc};
use entity::state::{HealthSource, HealthStatus};
use entity::{HealthRecordId, NumberId, health_record, number};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use sea_orm::DbErr;
use serde_json::Value;

use super::find;
use crate::account::{self, Known, Problem, State};
use crate::api::auth::{Admin, Viewer};
use crate::api::problem::ApiError;
use crate::api::{Cursor, Limit, List, SharedApp, Tag, page_request, time};
use crate::app::App;
use crate::store;

pub struct HealthApi;

/// Whether the number can do its work, as far as is known.
#[derive(Debug, Object)]
pub struct Health {
    /// `unknown` until checked, `ok`, `trouble`, or `held`: its credentials are refused and its sends wait.
    status: HealthStatus,
    /// In words, what to do.
    message: String,
    checked_at: Option<DateTime<Utc>>,
    /// What Meta told by webhook and what the last check found.
    problems: Vec<HealthProblem>,
    /// The name that customers see.
    verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    quality_rating: Option<String>,
    /// How many people a day the business may write to first, such as `TIER_2K`.
    messaging_limit: Option<String>,
    /// `STANDARD` is 80 messages a second, `HIGH` is 1,000.
    throughput: Option<String>,
    /// Null where Graph does not let the token ask about itself.
    token: Option<Token>,
    /// Whether an app gets the account's webhooks.
    subscribed: Option<bool>,
    templates: Templates,
}

#[derive(Debug, Clone, Object)]
struct HealthProblem {
    /// A stable word for programs.
    code: String,
    message: String,
}

/// The access token, as Meta sees it.
#[derive(Debug, Object)]
struct Token {
    valid: bool,
    scopes: Vec<String>,
    /// Null when it does not expire.
    expires_at: Option<DateTime<Utc>>,
}

/// How many of the account's templates have each status.
#[derive(Debug, Default, Object)]
struct Templates {
    approved: i64,
    pending: i64,
    rejected: i64,
    /// Paused or disabled.
    paused: i64,
}

/// What a check found.
#[derive(Debug, Object)]
struct Check {
    ok: bool,
    problems: Vec<HealthProblem>,
    /// The number's fields, as Graph gave them.
    fields: Any<Value>,
}

/// How a number was from a moment on.
#[derive(Debug, Object)]
struct HealthRecord {
    id: HealthRecordId,
    /// What told of it.
    source: HealthSource,
    status: HealthStatus,
    problems: Vec<HealthProblem>,
    verified_name: Option<String>,
    quality_rating: Option<String>,
    messaging_limit: Option<String>,
    throughput: Option<String>,
    token: Option<Token>,
    subscribed: Option<bool>,
    at: DateTime<Utc>,
}

#[OpenApi(tag = "Tag::Numbers")]
impl HealthApi {
    /// Asks Graph about the number and tells in words what is wrong.
    #[oai(path = "/numbers/:number_id/check", method = "post", operation_id = "checkNumber")]
    async fn check(
        &self,
        app: SharedApp<'_>,
        admin: Admin,
        number_id: Path<NumberId>,
    ) -> Result<Json<Check>, ApiError> {
        let number = find(&app, admin.workspace(), &number_id).await?;
        let checked = account::check(&app, &number, HealthSource::Check).await?;
        Ok(Json(Check { ok: checked.ok, problems: problems(checked.problems), fields: Any(checked.fields) }))
    }

    /// How the number was, newest first: a record for each change.
    #[oai(path = "/numbers/:number_id/health", method = "get", operation_id = "listNumberHealth")]
    async fn list(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        number_id: Path<NumberId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<List<HealthRecord>>, ApiError> {
        find(&app, viewer.workspace(), &number_id).await?;
        let page = page_request(cursor, limit);
        let records = store::health_records::list(app.db.reader(), viewer.workspace(), &number_id, &page).await?;
        Ok(List::of(records, record))
    }
}

pub async fn view(app: &App, number: &number::Model) -> Result<Health, DbErr> {
    let now = app.now();
    let known = Known::of(number);
    let (status, message) = known.status(number, now);
    let counts = match &number.waba_id {
        Some(waba_id) => store::templates::count_by_status(app.db.reader(), &number.workspace_id, waba_id).await?,
        None => Default::default(),
    };
    let count = |status: &str| counts.get(status).copied().unwrap_or_default();
    Ok(Health {
        status,
        message,
        checked_at: known.checked_at.map(time),
        problems: problems(known.problems(now)),
        templates: Templates {
            approved: count("APPROVED"),
            pending: count("PENDING") + count("IN_APPEAL"),
            rejected: count("REJECTED"),
            paused: count("PAUSED") + count("DISABLED"),
        },
        token: known.state.token.map(token),
        verified_name: known.state.verified_name,
        quality_rating: known.state.quality_rating,
        messaging_limit: known.state.messaging_limit,
        throughput: known.state.throughput,
        subscribed: known.state.subscribed,
    })
}

fn record(record: health_record::Model) -> HealthRecord {
    let state: State = serde_json::from_value(record.state).unwrap_or_default();
    let found: Vec<Problem> = serde_json::from_value(record.problems).unwrap_or_default();
    HealthRecord {
        id: record.id,
        source: record.source,
        status: record.status,
        problems: problems(found),
        token: state.token.map(token),
        verified_name: state.verified_name,
        quality_rating: state.quality_rating,
        messaging_limit: state.messaging_limit,
        throughput: state.throughput,
        subscribed: state.subscribed,
        at: time(record.at),
    }
}

fn problems(found: Vec<Problem>) -> Vec<HealthProblem> {
    found.into_iter().map(|problem| HealthProblem { code: problem.code, message: problem.message }).collect()
}

fn token(token: account::Token) -> Token {
    Token { valid: token.valid, scopes: token.scopes, expires_at: token.expires_at.map(time) }
}
