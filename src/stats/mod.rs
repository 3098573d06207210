//! What is counted: who wrote, who answered and how soon, what it cost.
//!
//! A day that is over is counted once and kept, and once more when nothing of it changes any more: a year is read from as
//! many rows as it has days. Today, yesterday, and what is not kept yet are counted when somebody asks.

mod day;
mod report;

use std::ops::Range;

use entity::{MessageId, WorkspaceId, stats_day};
use sea_orm::DbErr;

use crate::app::App;
use crate::clock::Millis;
use crate::store::usage::DAY_MS;
use crate::store::{self, Durability};

use day::Day;
pub use report::{Bucket, Counts, Filter, Report, Span};

/// A day is kept once another one has passed: by then nearly all has been delivered and read.
const RIPE_AFTER_DAYS: i64 = 1;
/// What is said of a message by then is its last word: Meta repeats a webhook for seven days.
const FINAL_AFTER_DAYS: i64 = 8;
/// Kept days that are read at once.
const PAGE_DAYS: i64 = 40;
/// The most that is counted in one go, since others wait.
const BUSY_MS: Millis = 2_000;
const WORKSPACES: u64 = 16;

/// Counts what `filter` and `span` ask for.
pub async fn report(app: &App, workspace_id: &WorkspaceId, span: Span, filter: Filter) -> Result<Report, DbErr> {
    let db = app.db.reader();
    let kept_until = store::workspaces::find(db, workspace_id).await?.map_or(0, |workspace| workspace.stats_until);
    let times = span.times();
    let days = times.start.div_euclid(DAY_MS)..(times.end - 1).min(app.now()).div_euclid(DAY_MS) + 1;
    let mut report = Report::new(span, filter, app.settings.prices.clone());
    for from in days.clone().step_by(PAGE_DAYS as usize) {
        let page = from..(from + PAGE_DAYS).min(days.end);
        for kept in store::stats::list_days(db, workspace_id, page.start..page.end.min(kept_until)).await? {
            report.add(kept.day, &Day::read(&kept.counts));
        }
        for day in page.start.max(kept_until)..page.end {
            report.add(day, &Day::count(app, workspace_id, day).await?);
        }
    }
    let filter = &report.filter;
    let (number_id, agent_id) = (filter.number_id.as_ref(), filter.agent_id.as_ref());
    report.resolution = store::stats::resolution(db, workspace_id, times, number_id, agent_id).await?;
    Ok(report)
}

/// Keeps what is ripe and not kept, for a moment; the next call goes on.
pub async fn keep_up(app: &App) -> Result<(), DbErr> {
    let started = app.now();
    let is_busy = || app.now() - started > BUSY_MS;
    let ripe_until = started.div_euclid(DAY_MS) - RIPE_AFTER_DAYS;
    for workspace in store::stats::list_behind(app.db.reader(), ripe_until, WORKSPACES).await? {
        let first = store::stats::first_message(app.db.reader(), &workspace.id, workspace.stats_until * DAY_MS).await?;
        let Some(first) = first.as_ref().map(MessageId::made_at).filter(|at| *at < ripe_until * DAY_MS) else {
            store::stats::set_until(app.db.bookkeeper(), &workspace.id, ripe_until).await?;
            continue;
        };
        let behind: Range<i64> = first.div_euclid(DAY_MS)..ripe_until;
        for day in behind {
            keep(app, &workspace.id, day, true).await?;
            if is_busy() {
                return Ok(());
            }
        }
    }
    for day in store::stats::list_not_final(app.db.reader(), ripe_until - FINAL_AFTER_DAYS, WORKSPACES).await? {
        keep(app, &day.workspace_id, day.day, false).await?;
        if is_busy() {
            return Ok(());
        }
    }
    Ok(())
}

/// Counts a day and keeps it. `moves_on`: all days before it are kept.
async fn keep(app: &App, workspace_id: &WorkspaceId, day: i64, moves_on: bool) -> Result<(), DbErr> {
    let counted = Day::count(app, workspace_id, day).await?;
    let now = app.now();
    let is_final = now.div_euclid(DAY_MS) - day >= RIPE_AFTER_DAYS + FINAL_AFTER_DAYS;
    let row = stats_day::Model {
        workspace_id: workspace_id.clone(),
        day,
        is_final: i32::from(is_final),
        counts: counted.write(),
        made_at: now,
    };
    store::write_as(&app.db, Durability::Crash, async |tx| {
        if !counted.is_empty() || !moves_on {
            store::stats::keep_day(tx, row).await?;
        }
        if moves_on {
            store::stats::set_until(tx, workspace_id, day + 1).await?;
        }
        Ok(())
    })
    .await
}
