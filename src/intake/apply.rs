//! Applying events: every entry, change, message and status on its own. Applying one again changes nothing.
//!
//! The events table is its own queue: an event is locked, applied and marked in one transaction, so a crash leaves it
//! as it was; one node at a time applies, so that a conversation's messages stay in their order.

use std::sync::Arc;

use entity::private::{Content, Phone, Text};
use entity::state::{Author, Direction, EventStatus, Outcome};
use entity::{ContactId, ConversationId, MessageId, WorkspaceId, conversation, event, message, number};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::account;
use crate::app::App;
use crate::clock::Millis;
use crate::delivery::{self, Report};
use crate::shield::flood;
use crate::store::contacts::Person;
use crate::store::events::Ending;
use crate::store::{self, Durability, jobs};
use crate::turn::waiting;
use crate::whatsapp::webhook::{self, Change, InboundMessage, MetaError};

/// Events applied in one transaction.
const BATCH: u64 = 32;
const MAX_FAILURES: i32 = 8;
const RETRY_MS: Millis = 2_000;

/// Applies some due events; how many there were.
pub async fn run_next(app: &App) -> Result<usize, DbErr> {
    match apply_locked(app, BATCH).await {
        // One of them spoils the others' transaction: alone it spoils only its own.
        Err(error) => {
            tracing::warn!(error = %error, "a batch of events could not be applied; now one by one");
            apply_one(app).await
        }
        applied => applied,
    }
}

async fn apply_one(app: &App) -> Result<usize, DbErr> {
    let due =
        store::write_as(&app.db, Durability::Crash, async |tx| store::events::lock_received(tx, 1, app.now()).await)
            .await?;
    let Some(event) = due.into_iter().next() else { return Ok(0) };
    if let Err(error) = apply_locked(app, 1).await {
        if !store::is_lasting(&error) {
            // A full disk, a lost connection: the event keeps its place, and the next ones theirs behind it.
            return Err(error);
        }
        let again =
            (event.failures + 1 < MAX_FAILURES).then(|| app.now() + RETRY_MS * 2i64.pow(event.failures.unsigned_abs()));
        tracing::error!(event.id = %event.id, error = %error, "an event could not be applied");
        store::events::note_failure(
            app.db.bookkeeper(),
            &event.id,
            &format!("it could not be applied: {error}"),
            again,
        )
        .await?;
    }
    Ok(1)
}

/// What applying touched, to be told after the commit.
#[derive(Default)]
struct Touched {
    /// Conversations with a turn to come, and when it is due.
    turns: Vec<(ConversationId, Millis)>,
    /// A send may have been waiting for one of the statuses.
    sends: bool,
}

async fn apply_locked(app: &App, limit: u64) -> Result<usize, DbErr> {
    let (count, touched) = store::write_as(&app.db, Durability::Crash, async |tx| {
        store::events::wait_to_apply(tx).await?;
        let now = app.now();
        let events = store::events::lock_received(tx, limit, now).await?;
        app.load.note_events(events.first().map_or(0, |oldest| now - oldest.due_at));
        let mut touched = Touched::default();
        for event in &events {
            let ending = apply_event(app, tx, event, &mut touched).await?;
            metrics::counter!("switchboard_events_total", "status" => ending.status.as_str()).increment(1);
            store::events::end(tx, &event.id, &ending, now).await?;
        }
        Ok::<_, DbErr>((events.len(), touched))
    })
    .await?;
    for (conversation_id, due_at) in &touched.turns {
        app.nudge(conversation_id);
        app.bells.turns.ring(*due_at);
    }
    if touched.sends {
        app.bells.sends.ring_now();
    }
    Ok(count)
}

/// What was made of an event's parts.
#[derive(Default)]
struct Account {
    applied: usize,
    unrouted: usize,
    problems: Vec<String>,
    workspaces: Vec<WorkspaceId>,
}

async fn apply_event(
    app: &App,
    tx: &impl ConnectionTrait,
    event: &event::Model,
    touched: &mut Touched,
) -> Result<Ending, DbErr> {
    let ended = |status, error: Option<String>| Ending { status, workspace_id: event.workspace_id.clone(), error };
    let body: Value = match serde_json::from_slice(&event.body) {
        Ok(body) => webhook::without_nul(body),
        Err(error) => return Ok(ended(EventStatus::Failed, Some(format!("the body is not JSON: {error}")))),
    };
    let Some(changes) = webhook::changes(&body) else {
        return Ok(ended(
            EventStatus::Failed,
            Some("the body is not a webhook of a WhatsApp account: it has no entries".to_owned()),
        ));
    };
    let mut account = Account::default();
    for change in &changes {
        let Some(number) = route(app, event, change, &mut account).await? else { continue };
        if !account.workspaces.contains(&number.workspace_id) {
            account.workspaces.push(number.workspace_id.clone());
        }
        apply_change(app, tx, event, &number, change, touched, &mut account).await?;
        account.applied += 1;
    }
    Ok(account.ending(event))
}

impl Account {
    fn ending(self, event: &event::Model) -> Ending {
        let status = match (self.applied, self.unrouted) {
            (0, 1..) => EventStatus::Unrouted,
            _ => EventStatus::Applied,
        };
        // A batch for several workspaces belongs to none of them whole: each sees its messages, nobody the raw body.
        let workspace_id = match self.workspaces.as_slice() {
            [only] => Some(only.clone()),
            _ => event.workspace_id.clone(),
        };
        let error = (!self.problems.is_empty()).then(|| self.problems.join("; "));
        Ending { status, workspace_id, error }
    }
}

/// The number a change is for, if the event's signature may speak for it.
async fn route(
    app: &App,
    event: &event::Model,
    change: &Change<'_>,
    account: &mut Account,
) -> Result<Option<Arc<number::Model>>, DbErr> {
    let number = match change.phone_number_id {
        Some(id) => app.number_by_phone_number_id(id).await.map_err(|error| DbErr::Custom(error.to_string()))?,
        None => number_of_account(app, change).await?,
    };
    let Some(number) = number else {
        account.unrouted += 1;
        account.problems.push(match change.phone_number_id {
            Some(id) => format!("no number has the phone number ID {id}"),
            None => format!("no number belongs to the account of this {} change", change.field),
        });
        return Ok(None);
    };
    if event.signed_by != number.app_secret_mac {
        account.problems.push("a change was not signed with the app secret of its number".to_owned());
        account.unrouted += 1;
        return Ok(None);
    }
    Ok(Some(number))
}

async fn number_of_account(app: &App, change: &Change<'_>) -> Result<Option<Arc<number::Model>>, DbErr> {
    let Some(waba_id) = change.waba_id else { return Ok(None) };
    let numbers = store::numbers::list_by_waba_id(app.db.walker(), waba_id, 1).await?;
    Ok(numbers.into_iter().next().map(Arc::new))
}

async fn apply_change(
    app: &App,
    tx: &impl ConnectionTrait,
    event: &event::Model,
    number: &number::Model,
    change: &Change<'_>,
    touched: &mut Touched,
    account: &mut Account,
) -> Result<(), DbErr> {
    if account::is_about_accounts(change.field) {
        return account::apply(app, tx, event, number, change).await;
    }
    for inbound in webhook::messages(change.value) {
        apply_message(app, tx, event, number, inbound, None, touched, account).await?;
    }
    // Another handler owns the thread: shown, not answered.
    for inbound in webhook::standby(change.value).map(webhook::messages).unwrap_or_default() {
        apply_message(app, tx, event, number, inbound, Some(Outcome::Standby), touched, account).await?;
    }
    for status in webhook::statuses(change.value) {
        touched.sends |= apply_status(app, tx, number, &status, account).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "each is one thing, and a struct for one call would hide it")]
async fn apply_message(
    app: &App,
    tx: &impl ConnectionTrait,
    event: &event::Model,
    number: &number::Model,
    inbound: InboundMessage,
    decided: Option<Outcome>,
    touched: &mut Touched,
    account: &mut Account,
) -> Result<(), DbErr> {
    let now = app.now();
    // One without an id is known by its own bytes, so that a repeated delivery is still one message.
    let wamid = inbound.wamid.clone().unwrap_or_else(|| fingerprint(&inbound.content));
    if store::messages::exists(tx, &number.id, &wamid).await? {
        return Ok(());
    }
    if is_echo(number, &inbound) {
        account.problems.push("a message from the number itself was passed over".to_owned());
        return Ok(());
    }
    let person = person(&inbound);
    if person.phone.is_none() && person.user_id.is_none() {
        account.problems.push(format!("a message of type {} names no sender", inbound.kind));
        return Ok(());
    }
    let (contact, merged) = store::contacts::find_or_insert(tx, &number.workspace_id, &number.id, &person, now).await?;
    if let Some(merged) = merged {
        move_conversations(tx, &merged.gone, &contact.id).await?;
    }
    let conversation =
        store::conversations::find_or_insert(tx, &number.workspace_id, &number.id, &contact.id, now).await?;

    let asks = decided.is_none() && webhook::asks(&inbound);
    let outcome = decided.or((!asks).then_some(Outcome::NotAQuestion));
    let message = to_row(event, number, &conversation, &inbound, wamid, outcome, now);
    if !store::messages::insert_inbound(tx, &message).await? {
        return Ok(());
    }
    let written_until = flood::written_until(&app.settings.shield, &conversation, now);
    store::conversations::note_inbound(tx, &message, asks, written_until).await?;
    metrics::counter!("switchboard_messages_total", "direction" => "inbound").increment(1);
    if asks {
        let (quiet, cap) = if flood::is_flood(&app.settings.shield, written_until, now) {
            metrics::counter!("switchboard_shield_total", "rule" => "flood").increment(1);
            let wait = flood::wait_ms(&app.settings.shield);
            (wait, wait)
        } else {
            let quiet = waiting::quiet_ms(&app.settings.turn, &inbound.kind, inbound.text.as_deref());
            (quiet, i64::try_from(app.settings.turn.max_wait_ms).unwrap_or(i64::MAX / 2))
        };
        let (due_at, latest_at) = (now + quiet, now + cap.max(quiet));
        jobs::enqueue_turn(tx, &number.workspace_id, &number.id, &conversation.id, due_at, latest_at, now).await?;
        touched.turns.push((conversation.id, now + quiet));
    }
    Ok(())
}

async fn apply_status(
    app: &App,
    tx: &impl ConnectionTrait,
    number: &number::Model,
    status: &webhook::Status,
    account: &mut Account,
) -> Result<bool, DbErr> {
    let Some(word) = delivery::read_word(&status.status) else {
        account.problems.push("a status of an unknown kind was passed over".to_owned());
        return Ok(false);
    };
    let now = app.now();
    let report = Report {
        wamid: status.wamid.clone(),
        status: word,
        at: status.timestamp.map_or(now, |seconds| seconds.saturating_mul(1000)),
        error: status.error.as_ref().map(MetaError::to_json),
    };
    metrics::counter!("switchboard_statuses_total", "status" => word.as_str()).increment(1);
    delivery::apply(tx, &number.id, status.callback_data.as_deref(), &report, now).await
}

/// A contact's conversations become those of the person it turned out to be.
async fn move_conversations(tx: &impl ConnectionTrait, gone: &ContactId, stays: &ContactId) -> Result<(), DbErr> {
    let kept = store::conversations::list_of_contact(tx, stays).await?;
    for moved in store::conversations::list_of_contact(tx, gone).await? {
        match kept.iter().find(|kept| kept.number_id == moved.number_id) {
            Some(kept) => store::conversations::merge(tx, kept, &moved).await?,
            None => store::conversations::set_contact(tx, &moved.id, stays).await?,
        }
    }
    Ok(())
}

fn person(inbound: &InboundMessage) -> Person {
    Person {
        user_id: inbound.from.user_id.clone(),
        phone: inbound.from.phone.clone().map(Phone),
        name: inbound.from.name.clone().map(Text),
        username: inbound.from.username.clone().map(Text),
    }
}

fn is_echo(number: &number::Model, inbound: &InboundMessage) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = number.display_phone_number.as_deref().map(digits).filter(|own| !own.is_empty());
    own.is_some() && own == inbound.from.phone.as_deref().map(digits)
}

fn fingerprint(content: &Value) -> String {
    format!("unnamed.{}", hex::encode(Sha256::digest(content.to_string())))
}

fn to_row(
    event: &event::Model,
    number: &number::Model,
    conversation: &conversation::Model,
    inbound: &InboundMessage,
    wamid: String,
    outcome: Option<Outcome>,
    now: Millis,
) -> message::Model {
    let errors = inbound.content.get("errors").and_then(Value::as_array).and_then(|errors| errors.first());
    message::Model {
        id: MessageId::generate(now),
        workspace_id: number.workspace_id.clone(),
        conversation_id: conversation.id.clone(),
        number_id: number.id.clone(),
        direction: Direction::Inbound,
        author: Author::Customer,
        kind: inbound.kind.clone(),
        text: inbound.text.clone().map(Text),
        content: Content(inbound.content.clone()),
        wamid: Some(wamid),
        media_id: None,
        template_id: None,
        reply_to: inbound.reply_to.clone(),
        turn_id: None,
        epoch: conversation.epoch,
        status: None,
        outcome,
        outcome_reason: outcome.map(|outcome| reason(outcome, inbound).to_owned()),
        error: errors.cloned(),
        sends: 0,
        released_at: None,
        // A clock that runs ahead must not keep a window open.
        sent_at: inbound.timestamp.map_or(now, |seconds| seconds.saturating_mul(1000).clamp(0, now)),
        accepted_at: None,
        delivered_at: None,
        read_at: None,
        failed_at: None,
        pricing: None,
        event_id: Some(event.id.clone()),
        created_at: now,
    }
}

fn reason(outcome: Outcome, inbound: &InboundMessage) -> &'static str {
    match (outcome, inbound.kind.as_str()) {
        (Outcome::Standby, _) => "another handler owns the thread",
        _ if inbound.group_id.is_some() => "it was written in a group",
        (_, "reaction") => "a reaction",
        _ => "a note, not a question",
    }
}
