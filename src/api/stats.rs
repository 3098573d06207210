//! Stats: who wrote, who answered and how soon, what it cost; and what waits right now.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::state::{Direction, JobKind, JobStatus, Outcome};
use entity::{AgentId, NumberId, WorkspaceId};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::types::ParseFromParameter;
use poem_openapi::{Enum, Object, OpenApi};

use super::auth::Viewer;
use super::problem::{ApiError, Fields};
use super::wire::{Day, Text, Whole};
use super::{SharedApp, Tag, time};
use crate::app::App;
use crate::stats::{self, Bucket, Filter, Report, Span};
use crate::store;
use crate::store::events::Sight;
use crate::store::usage::DAY_MS;

const HOUR_MS: i64 = 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;
const QUARTER_MINUTES: i32 = 15;
const DEFAULT_DAYS: i64 = 30;
const MAX_DAYS: i64 = 400;
const MAX_DAYS_BY_HOUR: i64 = 31;

pub struct StatsApi;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", rename = "StatsStep")]
enum Step {
    Hour,
    Day,
}

/// What was counted in a time. A message counts when it came or was decided.
#[derive(Debug, Object)]
#[oai(rename = "StatsCounts")]
struct Counts {
    /// What customers wrote.
    inbound: i64,
    outbound: i64,
    outbound_by_author: Authors,
    /// What Graph took.
    sent: i64,
    /// Read ones, too.
    delivered: i64,
    read: i64,
    failed: i64,
    turns: i64,
    /// Customers' messages by how they ended; those that nobody is done with yet are in none of these.
    answered: i64,
    handed_over: i64,
    human: i64,
    undelivered: i64,
    other_outcomes: i64,
    /// From the first message of the customer that nobody had answered to the moment Graph took the first bubble of the
    /// answer, where nothing had been said for a day before: half of the answers came sooner. Three digits are kept.
    first_response_p50_ms: Option<i64>,
    /// The same for 95 of 100.
    first_response_p95_ms: Option<i64>,
    /// The same of all answers.
    response_p50_ms: Option<i64>,
    response_p95_ms: Option<i64>,
    prompt_tokens: i64,
    completion_tokens: i64,
    /// In the currency of the settings' prices; null where a model that was asked has none.
    cost: Option<f64>,
}

#[derive(Debug, Object)]
#[oai(rename = "StatsAuthors")]
struct Authors {
    agent: i64,
    /// People, here or on the business's phone, and programs with an API key.
    human: i64,
    /// The gateway itself: a consent that is confirmed.
    system: i64,
}

#[derive(Debug, Object)]
#[oai(rename = "StatsBucket")]
struct CountsAt {
    /// Where it begins.
    at: DateTime<Utc>,
    #[oai(flatten)]
    counts: Counts,
}

#[derive(Debug, Object)]
struct OutcomeCount {
    outcome: Outcome,
    count: i64,
}

#[derive(Debug, Object)]
struct TypeCount {
    direction: Direction,
    #[oai(rename = "type")]
    kind: String,
    count: i64,
}

#[derive(Debug, Object)]
struct NumberStats {
    number_id: NumberId,
    /// Null of one that is gone.
    name: Option<String>,
    inbound: i64,
    outbound: i64,
    delivered: i64,
    read: i64,
    failed: i64,
    cost: Option<f64>,
}

#[derive(Debug, Object)]
struct AgentStats {
    agent_id: AgentId,
    /// Null of one that is gone.
    name: Option<String>,
    turns: i64,
    handed_over: i64,
    answered: i64,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost: Option<f64>,
}

#[derive(Debug, Object)]
struct ModelStats {
    model: String,
    /// Turns in which it had the last word.
    calls: i64,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost: Option<f64>,
}

#[derive(Debug, Object)]
struct HourOfWeek {
    /// From Monday, 1, to Sunday, 7.
    weekday: i32,
    hour: i32,
    inbound: i64,
}

/// Conversations in which the customer wrote. Those that no agent answered and no person is asked to are in none of the
/// three.
#[derive(Debug, Object)]
struct Resolution {
    conversations: i64,
    /// Answered by agents, and by nobody else.
    by_agent_alone: i64,
    /// A person wrote in them, and is done.
    with_human: i64,
    /// A person has them now, or is asked to.
    open: i64,
}

#[derive(Debug, Object)]
struct Stats {
    from: DateTime<Utc>,
    /// Where the last bucket ends.
    to: DateTime<Utc>,
    by: Step,
    totals: Counts,
    buckets: Vec<CountsAt>,
    /// The most first, as the lists below.
    outcomes: Vec<OutcomeCount>,
    types: Vec<TypeCount>,
    by_number: Vec<NumberStats>,
    by_agent: Vec<AgentStats>,
    by_model: Vec<ModelStats>,
    by_hour_of_week: Vec<HourOfWeek>,
    resolution: Resolution,
}

/// What waits right now.
#[derive(Debug, Object)]
struct Queues {
    events: EventQueue,
    jobs: Vec<JobQueue>,
    /// Sends of which nobody knows yet whether Graph took them.
    unsettled: i64,
    held_numbers: i64,
    tasks_open: i64,
}

#[derive(Debug, Object)]
struct EventQueue {
    waiting: i64,
    oldest_at: Option<DateTime<Utc>>,
    failed: i64,
}

#[derive(Debug, Object)]
struct JobQueue {
    kind: JobKind,
    waiting: i64,
    running: i64,
    dead: i64,
    /// When the oldest that waits was or will be due.
    oldest_due_at: Option<DateTime<Utc>>,
}

#[OpenApi(tag = "Tag::Stats")]
impl StatsApi {
    /// Counts what happened from one day to another, both included: the last thirty days, where none is given. Four
    /// hundred days at the most, by the hour thirty-one. Days that are over are counted a day later and a week after that;
    /// what is read later still is not.
    #[oai(path = "/stats", method = "get", operation_id = "getStats")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn stats(
        &self,
        app: SharedApp<'_>,
        viewer: Viewer,
        from: Query<Option<Text<10, Day>>>,
        to: Query<Option<Text<10, Day>>>,
        /// `day` unless told.
        by: Query<Option<Step>>,
        number_id: Query<Option<NumberId>>,
        /// Only what this agent's turns answered and said.
        agent_id: Query<Option<AgentId>>,
        /// What a clock on the wall shows more than UTC, in quarters of an hour: where days begin.
        utc_offset_minutes: Query<Option<Whole<-840, 840>>>,
    ) -> Result<Json<Stats>, ApiError> {
        let offset = utc_offset_minutes.0.map_or(0, Whole::get);
        let by = by.0.unwrap_or(Step::Day);
        let span = span(&app, (from.0, to.0), by, offset)?;
        let filter = Filter { number_id: number_id.0, agent_id: agent_id.0 };
        let report = stats::report(&app, viewer.workspace(), span, filter).await?;
        let names = Names::load(&app, viewer.workspace(), &report).await?;
        Ok(Json(view(report, by, &names)))
    }

    /// Tells what waits right now: webhooks, jobs, numbers and people's tasks.
    #[oai(path = "/stats/queues", method = "get", operation_id = "getQueues")]
    async fn queues(&self, app: SharedApp<'_>, viewer: Viewer) -> Result<Json<Queues>, ApiError> {
        let db = app.db.reader();
        let workspace_id = viewer.workspace();
        let sight: Sight = super::events::sight(&app, workspace_id).await?;
        let events = store::stats::events(db, &sight).await?;
        let waiting = store::stats::waiting(db, workspace_id).await?;
        Ok(Json(Queues {
            events: EventQueue {
                waiting: events.waiting,
                oldest_at: events.oldest_at.map(time),
                failed: events.failed,
            },
            jobs: job_queues(store::jobs::depths_of(&app.db, workspace_id).await?),
            unsettled: waiting.unsettled,
            held_numbers: waiting.held_numbers,
            tasks_open: waiting.tasks_open,
        }))
    }
}

type Days = (Option<Text<10, Day>>, Option<Text<10, Day>>);

fn span(app: &App, (from, to): Days, by: Step, offset_minutes: i32) -> Result<Span, ApiError> {
    let offset = i64::from(offset_minutes) * MINUTE_MS;
    let here = DateTime::<Utc>::from_timestamp_millis(app.now() + offset).unwrap_or_default().date_naive();
    let number = |day: NaiveDate| day.signed_duration_since(NaiveDate::default()).num_days();
    let to = to.map_or_else(|| number(here), |day| number(day.day()));
    let from = from.map_or(to - DEFAULT_DAYS + 1, |day| number(day.day()));
    let (most, step) = match by {
        Step::Day => (MAX_DAYS, DAY_MS),
        Step::Hour => (MAX_DAYS_BY_HOUR, HOUR_MS),
    };
    let days = to - from + 1;
    let mut fields = Fields::default();
    fields.check(days >= 1, "from", "must not be after to");
    fields.check(days <= most, "from", format!("must be {most} days before to at the most, to included"));
    let is_quarter = offset_minutes % QUARTER_MINUTES == 0;
    fields.check(is_quarter, "utc_offset_minutes", "must be quarters of an hour");
    fields.finish()?;
    let buckets = usize::try_from(days * (DAY_MS / step)).unwrap_or_default();
    Ok(Span { from: from * DAY_MS - offset, buckets, step, offset })
}

/// What numbers and agents are called.
struct Names {
    numbers: BTreeMap<String, Option<String>>,
    agents: BTreeMap<String, String>,
}

impl Names {
    async fn load(app: &App, workspace_id: &WorkspaceId, report: &Report) -> Result<Self, ApiError> {
        let db = app.db.reader();
        let numbers = report.by_number.keys().filter_map(|id| NumberId::parse(id).ok()).collect::<Vec<_>>();
        let agents = report.by_agent.keys().filter_map(|id| AgentId::parse(id).ok()).collect::<Vec<_>>();
        let numbers = store::numbers::list_by_ids(db, workspace_id, &numbers).await?;
        let agents = store::agents::list_by_ids(db, workspace_id, &agents).await?;
        let called = numbers
            .into_iter()
            .map(|number| (number.id.to_string(), number.display_name.or(number.display_phone_number)));
        Ok(Self {
            numbers: called.collect(),
            agents: agents.into_iter().map(|agent| (agent.id.to_string(), agent.name)).collect(),
        })
    }
}

fn view(report: Report, by: Step, names: &Names) -> Stats {
    let times = report.span.times();
    let mut outcomes: Vec<OutcomeCount> = report
        .outcomes
        .iter()
        .filter_map(|(word, count)| {
            Some(OutcomeCount { outcome: Outcome::parse_from_parameter(word).ok()?, count: *count })
        })
        .collect();
    outcomes.sort_by_key(|outcome| -outcome.count);
    let mut types: Vec<TypeCount> = report
        .types
        .iter()
        .filter_map(|((direction, kind), count)| {
            let direction = Direction::parse_from_parameter(direction).ok()?;
            Some(TypeCount { direction, kind: kind.clone(), count: *count })
        })
        .collect();
    types.sort_by_key(|kind| -kind.count);
    let buckets = report.buckets.iter().enumerate();
    let buckets =
        buckets.map(|(place, bucket)| CountsAt { at: time(report.span.start(place)), counts: counts(bucket) });
    Stats {
        from: time(times.start),
        to: time(times.end),
        by,
        totals: counts(&report.totals),
        buckets: buckets.collect(),
        outcomes,
        types,
        by_number: by_number(&report, names),
        by_agent: by_agent(&report, names),
        by_model: by_model(&report),
        by_hour_of_week: report
            .by_hour_of_week
            .iter()
            .zip(0..)
            .map(|(inbound, hour)| HourOfWeek { weekday: hour / 24 + 1, hour: hour % 24, inbound: *inbound })
            .collect(),
        resolution: Resolution {
            conversations: report.resolution.conversations,
            by_agent_alone: report.resolution.by_agent_alone,
            with_human: report.resolution.with_human,
            open: report.resolution.still_open,
        },
    }
}

fn counts(bucket: &Bucket) -> Counts {
    let counts = &bucket.counts;
    Counts {
        inbound: counts.inbound,
        outbound: counts.outbound,
        outbound_by_author: Authors { agent: counts.by_agent, human: counts.by_human, system: counts.by_system },
        sent: counts.sent,
        delivered: counts.delivered,
        read: counts.read,
        failed: counts.failed,
        turns: counts.turns,
        answered: counts.answered,
        handed_over: counts.handed_over,
        human: counts.human,
        undelivered: counts.undelivered,
        other_outcomes: counts.other_outcomes,
        first_response_p50_ms: bucket.first_wait(0.5),
        first_response_p95_ms: bucket.first_wait(0.95),
        response_p50_ms: bucket.wait(0.5),
        response_p95_ms: bucket.wait(0.95),
        prompt_tokens: counts.spent.prompt_tokens,
        completion_tokens: counts.spent.completion_tokens,
        cost: counts.spent.cost(),
    }
}

fn by_number(report: &Report, names: &Names) -> Vec<NumberStats> {
    let shown = report.by_number.iter().filter_map(|(id, of)| {
        Some(NumberStats {
            number_id: NumberId::parse(id).ok()?,
            name: names.numbers.get(id).cloned().flatten(),
            inbound: of.inbound,
            outbound: of.outbound,
            delivered: of.delivered,
            read: of.read,
            failed: of.failed,
            cost: of.spent.cost(),
        })
    });
    let mut shown: Vec<NumberStats> = shown.collect();
    shown.sort_by_key(|number| -number.inbound);
    shown
}

fn by_agent(report: &Report, names: &Names) -> Vec<AgentStats> {
    let shown = report.by_agent.iter().filter_map(|(id, of)| {
        Some(AgentStats {
            agent_id: AgentId::parse(id).ok()?,
            name: names.agents.get(id).cloned(),
            turns: of.turns,
            handed_over: of.handed_over,
            answered: of.answered,
            prompt_tokens: of.spent.prompt_tokens,
            completion_tokens: of.spent.completion_tokens,
            cost: of.spent.cost(),
        })
    });
    let mut shown: Vec<AgentStats> = shown.collect();
    shown.sort_by_key(|agent| -agent.turns);
    shown
}

fn by_model(report: &Report) -> Vec<ModelStats> {
    let shown = report.by_model.iter().map(|(model, of)| ModelStats {
        model: model.clone(),
        calls: of.calls,
        prompt_tokens: of.spent.prompt_tokens,
        completion_tokens: of.spent.completion_tokens,
        cost: of.spent.cost(),
    });
    let mut shown: Vec<ModelStats> = shown.collect();
    shown.sort_by_key(|model| -model.calls);
    shown
}

/// One for each kind, whether anything waits or not.
fn job_queues(depths: Vec<store::jobs::Depth>) -> Vec<JobQueue> {
    let queue = |kind: &JobKind| {
        let of = |status: JobStatus| depths.iter().find(|depth| depth.kind == *kind && depth.status == status);
        let jobs = |status| of(status).map_or(0, |depth| depth.jobs);
        JobQueue {
            kind: *kind,
            waiting: jobs(JobStatus::Waiting),
            running: jobs(JobStatus::Running),
            dead: jobs(JobStatus::Dead),
            oldest_due_at: of(JobStatus::Waiting).and_then(|depth| depth.oldest_due_at).map(time),
        }
    };
    JobKind::ALL.iter().map(queue).collect()
}
