//! Status webhooks up the ladder: a message's status never moves backwards, whatever order they come in.

use entity::message;
use entity::state::{JobKind, MessageStatus, Outcome, TaskReason};
use entity::{MessageId, NumberId};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;

use crate::clock::Millis;
use crate::store;
use crate::store::messages::EarlyStatus;

/// What a status webhook, or Graph's own answer, tells of a message we sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub wamid: Option<String>,
    pub status: MessageStatus,
    pub at: Millis,
    pub error: Option<Value>,
    /// What Meta charges for it.
    pub pricing: Option<Value>,
}

/// Meta's word for a status; `None` for words that say nothing about the way.
pub fn read_word(word: &str) -> Option<MessageStatus> {
    match word {
        "sent" => Some(MessageStatus::Sent),
        "delivered" => Some(MessageStatus::Delivered),
        // The first play of a voice note: later than read, and as far as we count.
        "read" | "played" => Some(MessageStatus::Read),
        "failed" => Some(MessageStatus::Failed),
        _ => None,
    }
}

/// Applies a status webhook. It is found by what we sent along, else by wamid; a status of a message not known yet is
/// kept for the send that will name it. `true` when a send job may have been waiting for it.
pub async fn apply(
    tx: &impl ConnectionTrait,
    number_id: &NumberId,
    callback_data: Option<&str>,
    report: &Report,
    now: Millis,
) -> Result<bool, DbErr> {
    let by_callback = match callback_data.and_then(|data| MessageId::parse(data).ok()) {
        Some(id) => store::messages::lock(tx, &id).await?.filter(|message| &message.number_id == number_id),
        None => None,
    };
    let message = match (by_callback, &report.wamid) {
        (Some(message), _) => Some(message),
        (None, Some(wamid)) => store::messages::lock_by_wamid(tx, number_id, wamid).await?,
        (None, None) => None,
    };
    match (message, &report.wamid) {
        (Some(message), _) => {
            let (id, was_open) = (message.id.clone(), is_open(message.status));
            record(tx, message, report, now).await?;
            if was_open {
                // Its send job waits for just this.
                store::jobs::hurry(tx, JobKind::SendMessage, id.as_str(), now).await?;
            }
            Ok(was_open)
        }
        (None, Some(wamid)) => {
            let told = EarlyStatus { error: report.error.clone(), pricing: report.pricing.clone() };
            store::messages::keep_early_status(tx, number_id, wamid, report.status, told, report.at, now).await?;
            Ok(false)
        }
        (None, None) => Ok(false),
    }
}

/// Writes what a report changes: the message, the outcome of what it answers, a task where it failed. The first report
/// that names the wamid brings with it those that came before anybody knew whose it was.
pub async fn record(
    tx: &impl ConnectionTrait,
    mut message: message::Model,
    report: &Report,
    now: Millis,
) -> Result<(), DbErr> {
    let was_nameless = message.wamid.is_none();
    record_one(tx, &mut message, report, now).await?;
    if was_nameless && let Some(wamid) = &report.wamid {
        for early in store::messages::take_early_statuses(tx, &message.number_id, wamid).await? {
            let report = Report {
                wamid: Some(early.wamid),
                status: early.status,
                at: early.at,
                error: early.error,
                pricing: early.pricing,
            };
            record_one(tx, &mut message, &report, now).await?;
        }
    }
    Ok(())
}

async fn record_one(
    tx: &impl ConnectionTrait,
    message: &mut message::Model,
    report: &Report,
    now: Millis,
) -> Result<(), DbErr> {
    let (had_failed, had_got_through) = (message.status == Some(MessageStatus::Failed), got_through(message));
    if !advance(message, report) {
        return Ok(());
    }
    store::messages::update(tx, message).await?;
    if message.status == Some(MessageStatus::Failed) && !had_failed {
        failed(tx, message, "Meta reported that the message could not be delivered", now).await?;
    }
    if got_through(message)
        && !had_got_through
        && let Some(turn_id) = &message.turn_id
    {
        store::messages::set_outcome_of_turn(tx, turn_id, Outcome::Answered, None).await?;
    }
    Ok(())
}

/// What follows when a bubble has failed for good: unless another one of the reply gets through, what it answers is
/// undelivered, and a person is asked.
pub async fn failed(
    tx: &impl ConnectionTrait,
    message: &message::Model,
    reason: &str,
    now: Millis,
) -> Result<(), DbErr> {
    if let Some(turn_id) = &message.turn_id
        && !store::messages::turn_has_hope(tx, turn_id, &message.id).await?
    {
        store::messages::set_outcome_of_turn(tx, turn_id, Outcome::Undelivered, Some(reason)).await?;
    }
    store::conversations::open_task(tx, &message.conversation_id, TaskReason::SendFailed, now).await?;
    Ok(())
}

/// Graph has not answered for it yet, as far as we know.
pub fn is_open(status: Option<MessageStatus>) -> bool {
    matches!(status, Some(MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Unsettled))
}

/// Graph took it at some time, whatever became of it then.
fn got_through(message: &message::Model) -> bool {
    message.accepted_at.or(message.delivered_at).or(message.read_at).is_some()
}

/// Moves `message` up the ladder; `false` when the report changes nothing. What it comes to depends on what was
/// reported, not on the order.
pub fn advance(message: &mut message::Model, report: &Report) -> bool {
    let before = message.clone();
    // Meta tells whole seconds: nothing is sent before it was written.
    let at = report.at.max(message.created_at);
    if message.wamid.is_none() {
        message.wamid = report.wamid.clone();
    }
    let now = message.status.unwrap_or(MessageStatus::Queued);
    if may_follow(now, report.status) {
        message.status = Some(report.status);
        message.error = None;
    }
    // The first of several failures tells why.
    let tells_why = report.status == MessageStatus::Failed && message.failed_at.is_none_or(|known| at < known);
    if message.status == Some(MessageStatus::Failed) && tells_why {
        message.error = report.error.clone();
    }
    if report.pricing.is_some() && message.pricing.is_none() {
        message.pricing.clone_from(&report.pricing);
    }
    // Each step is noted when it is told, even late: a read message was delivered before.
    let noted = match report.status {
        MessageStatus::Accepted | MessageStatus::Sent => Some(&mut message.accepted_at),
        MessageStatus::Delivered => Some(&mut message.delivered_at),
        MessageStatus::Read => Some(&mut message.read_at),
        MessageStatus::Failed => Some(&mut message.failed_at),
        MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Unsettled => None,
    };
    if let Some(noted) = noted {
        *noted = Some(noted.map_or(at, |known| known.min(at)));
    }
    *message != before
}

/// Failed is an end, unless the message is seen on the phone after all: a send given up as unsettled may have got there.
fn may_follow(now: MessageStatus, next: MessageStatus) -> bool {
    use MessageStatus::{Delivered, Failed, Read};
    match (now, next) {
        (Failed, Delivered | Read) => true,
        (Failed, _) | (Delivered | Read, Failed) => false,
        (_, Failed) => true,
        (now, next) => next > now,
    }
}

#[cfg(test)]
mod tests {
    use entity::private::Content;
    use entity::state::{Author, Direction};
    use entity::{ConversationId, WorkspaceId};
    use serde_json::json;

    use super::*;
    use MessageStatus::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent, Unsettled};

    #[test]
    fn the_ladder_only_goes_up() {
        for (now, next, allowed) in [
            (Sending, Accepted, true),
            (Unsettled, Sent, true),
            (Queued, Delivered, true),
            (Accepted, Sent, true),
            (Sent, Read, true),
            (Read, Delivered, false),
            (Delivered, Sent, false),
            (Delivered, Accepted, false),
            (Sent, Failed, true),
            (Failed, Sent, false),
            (Failed, Accepted, false),
            (Failed, Delivered, true),
            (Read, Failed, false),
            (Sent, Sent, false),
        ] {
            assert_eq!(may_follow(now, next), allowed, "{now} then {next}");
        }
    }

    #[test]
    fn a_failed_message_seen_after_all_is_delivered_and_a_late_step_fails_it_no_second_time() {
        let mut message = sent_message();
        let report = |status, at| Report { wamid: None, status, at, error: Some(json!({ "code": at })), pricing: None };
        for (reported, status, error) in [
            (report(Failed, 9_000), Failed, Some(json!({ "code": 9_000 }))),
            (report(Sent, 7_000), Failed, Some(json!({ "code": 9_000 }))),
            (report(Failed, 8_000), Failed, Some(json!({ "code": 8_000 }))),
            (report(Delivered, 8_000), Delivered, None),
            (report(Failed, 6_000), Delivered, None),
        ] {
            assert!(advance(&mut message, &reported));
            assert!(!advance(&mut message, &reported), "once");
            assert_eq!((message.status, &message.error), (Some(status), &error), "{reported:?}");
        }
        assert_eq!((message.accepted_at, message.failed_at), (Some(7_000), Some(6_000)));
    }

    fn sent_message() -> message::Model {
        message::Model {
            id: MessageId::generate(1),
            workspace_id: WorkspaceId::generate(1),
            conversation_id: ConversationId::generate(1),
            number_id: NumberId::generate(1),
            direction: Direction::Outbound,
            author: Author::Agent,
            actor: None,
            kind: "text".to_owned(),
            text: None,
            content: Content(json!({})),
            wamid: None,
            note: None,
            media_id: None,
            template_id: None,
            reply_to: None,
            turn_id: None,
            epoch: 0,
            status: Some(Sending),
            outcome: None,
            outcome_reason: None,
            error: None,
            sends: 1,
            released_at: Some(1),
            sent_at: 1,
            accepted_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
            pricing: None,
            asked_at: None,
            opened_at: None,
            event_id: None,
            created_at: 1,
        }
    }

    #[test]
    fn metas_words() {
        assert_eq!(read_word("played"), Some(Read));
        assert_eq!(read_word("warning"), None);
    }
}
