//! Meta lets a business answer freely for a day. A person is asked to look before that ends while a question stands open.

use entity::state::{Severity, TaskReason};
use entity::{NoticeId, notice};
use sea_orm::DbErr;
use serde_json::json;

use crate::app::App;
use crate::clock::Millis;
use crate::store;
use crate::store::conversations::Closing;

const BATCH: u64 = 200;
const MINUTE_MS: Millis = 60_000;
/// One that nobody looked at in time, since nothing ran, is told this much later at the most.
const LATE_MS: Millis = 15 * MINUTE_MS;
const FIELD: &str = "window_closing";

/// Looks once; how many windows it told of. A window is told of once.
pub async fn look(app: &App) -> Result<usize, DbErr> {
    let now = app.now();
    let ahead = i64::try_from(app.settings.upkeep.window_minutes).unwrap_or(i64::MAX / MINUTE_MS / 2) * MINUTE_MS;
    let from = (now + ahead - LATE_MS).max(now);
    let mut told = 0;
    for closing in store::conversations::list_closing(app.db.reader(), from, now + ahead, BATCH).await? {
        told += usize::from(tell(app, &closing, now).await?);
    }
    Ok(told)
}

async fn tell(app: &App, closing: &Closing, now: Millis) -> Result<bool, DbErr> {
    let minutes = (closing.window_closes_at - now) / MINUTE_MS;
    let notice = notice::Model {
        id: NoticeId::generate(now),
        workspace_id: closing.workspace_id.clone(),
        waba_id: None,
        number_id: Some(closing.number_id.clone()),
        template_id: None,
        field: FIELD.to_owned(),
        event: None,
        severity: Severity::Warning,
        summary: format!(
            "A customer waits for an answer and the window closes in {minutes} minutes: after that only templates go out."
        ),
        body: json!({ "conversation_id": closing.id, "window_closes_at": closing.window_closes_at }),
        fingerprint: format!("{FIELD}/{}/{}", closing.id, closing.window_closes_at),
        event_id: None,
        at: now,
        created_at: now,
    };
    store::write(&app.db, async |tx| {
        if !store::notices::insert_once(tx, notice).await? {
            return Ok(false);
        }
        store::conversations::open_task(tx, &closing.id, TaskReason::WindowClosing, now).await?;
        Ok(true)
    })
    .await
}
