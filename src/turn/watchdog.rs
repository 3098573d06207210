//! Finds inbound messages that nothing works on and that have no outcome, and turns them into a task for a person.
//! None should ever be found; that it looks is what makes "every message ends in an outcome" hold.

use std::collections::BTreeMap;

use entity::MessageId;
use entity::state::TaskReason;
use sea_orm::DbErr;

use super::handover;
use crate::app::App;
use crate::store;

const BATCH: u64 = 200;
/// A status whose message has not shown up by then belongs to another system.
const EARLY_STATUS_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Looks once; how many messages it found.
pub async fn look(app: &App) -> Result<usize, DbErr> {
    let now = app.now();
    let patience = i64::try_from(app.settings.turn.watchdog_secs).unwrap_or(i64::MAX / 1000) * 1000;
    let strays = store::messages::list_strays(app.db.reader(), now - patience, BATCH).await?;
    let found = strays.len();
    let mut by_conversation: BTreeMap<_, Vec<MessageId>> = BTreeMap::new();
    for stray in strays {
        by_conversation.entry(stray.conversation_id).or_default().push(stray.id);
    }
    for (conversation_id, messages) in by_conversation {
        tracing::error!(conversation.id = %conversation_id, messages = messages.len(), "messages were left without an outcome");
        metrics::counter!("switchboard_watchdog_messages_total").increment(messages.len() as u64);
        store::write(&app.db, async |tx| {
            let reason = "nothing was working on it any more";
            handover::give_up(tx, &conversation_id, &messages, TaskReason::Watchdog, reason, now).await
        })
        .await?;
    }
    store::messages::drop_early_statuses_before(app.db.writer(), now - EARLY_STATUS_KEPT_MS).await?;
    Ok(found)
}
