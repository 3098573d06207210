//! When each number is looked at and each account's templates are read. One node at a time decides.

use std::collections::HashSet;

use entity::{NumberId, number};
use sea_orm::DbErr;

use crate::app::App;
use crate::clock::Millis;
use crate::store::jobs::{self, Job};
use crate::store::{self, Durability};

/// At one time; the others come with the next look, a moment later.
const BATCH: u64 = 50;
const MINUTE_MS: Millis = 60_000;
/// Of the time between two looks, this part differs from number to number, so that they do not all come at once.
const SPREAD_PART: Millis = 10;

/// Enqueues what is due; how many jobs that were.
pub async fn schedule(app: &App) -> Result<usize, DbErr> {
    let now = app.now();
    let db = app.db.reader();
    let checks = store::numbers::list_health_due(db, now, BATCH).await?;
    let reads = one_of_each_account(store::numbers::list_templates_due(db, now, BATCH).await?);
    if checks.is_empty() && reads.is_empty() {
        return Ok(0);
    }
    let upkeep = &app.settings.upkeep;
    let (check_minutes, templates_minutes) = (upkeep.check_minutes, upkeep.templates_minutes);
    store::write_as(&app.db, Durability::Crash, async |tx| {
        for number in &checks {
            let job = Job::CheckNumber { number_id: number.id.clone() };
            jobs::enqueue_once(tx, &number.workspace_id, &job, now, now).await?;
            store::numbers::set_health_due(tx, &number.id, next(now, check_minutes, &number.id)).await?;
        }
        for (number, waba_id) in &reads {
            let job = Job::SyncTemplates { number_id: number.id.clone() };
            jobs::enqueue_once(tx, &number.workspace_id, &job, now, now).await?;
            let at = next(now, templates_minutes, &number.id);
            store::numbers::set_templates_due(tx, &number.workspace_id, waba_id, at).await?;
        }
        Ok::<_, DbErr>(())
    })
    .await?;
    app.bells.upkeep.ring_now();
    Ok(checks.len() + reads.len())
}

/// One number of each workspace and account is enough to read its templates.
fn one_of_each_account(numbers: Vec<number::Model>) -> Vec<(number::Model, String)> {
    let mut seen = HashSet::new();
    let named = numbers.into_iter().filter_map(|number| number.waba_id.clone().map(|waba_id| (number, waba_id)));
    named.filter(|(number, waba_id)| seen.insert((number.workspace_id.clone(), waba_id.clone()))).collect()
}

fn next(now: Millis, minutes: u64, id: &NumberId) -> Millis {
    let period = i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(MINUTE_MS).min(i64::MAX / 4);
    let spread = (period / SPREAD_PART).max(1);
    let place = id.as_str().bytes().fold(0i64, |place, byte| (place * 31 + i64::from(byte)) % 1_000_003);
    now + period + place % spread
}
