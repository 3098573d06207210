//! Bringing one message to Graph: release, call, write down.

use std::time::Duration;

use entity::private::Phone;
use entity::state::{Author, MessageStatus, Outcome, Owner, TaskReason};
use entity::{MessageId, contact, conversation, message, number};
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::status::{self, Report};
use super::window_template;
use crate::account;
use crate::app::{App, NumberSecret, millis};
use crate::clock::Millis;
use crate::media::{self, PrepareError};
use crate::store::jobs::{self, Claim, Job, JobError, LeaseLost, Next};
use crate::store::{self, Durability, conversations::WINDOW_MS};
use crate::whatsapp::error::{Consequence, GraphError};
use crate::whatsapp::graph::{Accepted, Outgoing, Recipient};

const SHORTEST_PAUSE_MS: Millis = 1_000;
const LONGEST_PAUSE_MS: Millis = 60_000;
/// Meta asks for 4^n seconds; it forgets a pair's debt within minutes.
const LONGEST_PAIR_PAUSE_MS: Millis = 5 * 60_000;
/// Sends are always tried for this long, even where the window was about to close.
const LEAST_DEADLINE_MS: Millis = 5 * 60_000;
/// Between looks whether what has come is applied.
const APPLYING_MS: Millis = 200;
/// What has come within this time is about to be applied, as long as work keeps pace.
const BACKLOG_MS: Millis = 1_000;
/// Between the probe of a held number and the sends that wait for it.
const AFTER_PROBE_MS: Millis = 2_000;

/// What is needed to send one message.
#[derive(Debug, Clone)]
pub struct Sending {
    pub message: message::Model,
    pub conversation: conversation::Model,
    pub number: number::Model,
    pub contact: contact::Model,
}

/// A message that was released by the very commit that decided it.
#[derive(Debug)]
pub struct Ready {
    pub claim: Claim,
    sending: Sending,
    token: SecretString,
}

/// The number's access token, where nothing keeps a new message of the conversation waiting: no hold, no pace. Takes
/// the pace's place.
pub async fn may_leave_at_once(
    app: &App,
    number: &number::Model,
    conversation: &conversation::Model,
) -> Result<Option<SecretString>, DbErr> {
    let token = access_token(app, number).ok().flatten().filter(|_| number.held_until.is_none());
    let Some(token) = token else { return Ok(None) };
    Ok(app.take_pace(&number.id, &conversation.id).await?.is_ok().then_some(token))
}

/// Stores a decided message as released and its job as in hand, in the transaction that checked the conversation's
/// epoch. `None`, and nothing stored, when an earlier message of the conversation has yet to leave.
pub async fn insert_released(
    app: &App,
    tx: &impl ConnectionTrait,
    mut sending: Sending,
    token: &SecretString,
) -> Result<Option<Ready>, DbErr> {
    let now = app.now();
    let message = &mut sending.message;
    let job = Job::SendMessage { conversation_id: message.conversation_id.clone(), message_id: message.id.clone() };
    let claimed = jobs::enqueue_claimed(tx, &message.workspace_id, &job, app.lease_until(now), now).await?;
    let Some(claim) = claimed else { return Ok(None) };
    message.status = Some(MessageStatus::Sending);
    message.sends = 1;
    message.released_at = Some(now);
    store::messages::insert_outbound(tx, message).await?;
    Ok(Some(Ready { claim, sending, token: token.clone() }))
}

/// Brings a released message to Graph.
pub async fn send_ready(app: &App, ready: &Ready) -> Result<Next, JobError> {
    // A reply decided by the machine is text, and names no file.
    let content = ready.sending.message.content.0.clone();
    send(app, &ready.claim, ready.sending.clone(), &content, &ready.token).await
}

/// Runs the job of one message.
pub async fn run(app: &App, claim: &Claim) -> Result<Next, JobError> {
    let Some(sending) = read(app, claim).await? else { return Ok(Next::Finish) };
    let now = app.now();
    match sending.message.status {
        Some(MessageStatus::Queued) => {}
        // The process died between release and answer: nobody knows whether it left.
        Some(MessageStatus::Sending) => {
            let known = unsettle(app, claim, sending.message, json!({ "title": "the sender was interrupted" })).await?;
            return Ok(known);
        }
        Some(MessageStatus::Unsettled) => {
            let settled_at = settles_at(app, &sending.message);
            if now < settled_at {
                return Ok(Next::Again { at: settled_at });
            }
            if store::events::is_behind(app.db.reader(), settled_at.max(now - BACKLOG_MS)).await? {
                // Its status may have come and wait to be applied.
                return Ok(Next::Again { at: now + APPLYING_MS });
            }
            if u32::try_from(sending.message.sends).unwrap_or(0) > app.settings.delivery.max_repeats {
                let error = json!({ "code": "unsettled", "title": "Graph never said what became of it" });
                return fail(app, claim, sending.message, error, "no send was confirmed").await;
            }
        }
        _ => return Ok(Next::Finish),
    }
    let Some(token) = access_token(app, &sending.number)? else {
        return hold(app, claim, &sending, None).await;
    };
    if let Some(wait) = held_back(app, &sending, now).await? {
        return Ok(wait);
    }
    // Files are brought to Meta before the fence: that may take long, and does no harm twice.
    let content = match Box::pin(media::prepare(app, &sending.number, &token, &sending.message.content.0)).await {
        Ok(content) => content,
        Err(error) => return unprepared(app, claim, sending, error).await,
    };
    match release(app, claim, &sending.message).await? {
        Released::Go(message) => send(app, claim, Sending { message: *message, ..sending }, &content, &token).await,
        Released::Stop(next) => Ok(next),
    }
}

/// Ends a message whose job has used up its failures.
pub async fn abandon(tx: &impl ConnectionTrait, message_id: &str, now: Millis) -> Result<(), DbErr> {
    let Ok(id) = MessageId::parse(message_id) else { return Ok(()) };
    let Some(message) = store::messages::lock(tx, &id).await? else { return Ok(()) };
    if status::is_open(message.status) {
        status::failed(tx, &message, "sending failed again and again: see the job", now).await?;
    }
    Ok(())
}

async fn read(app: &App, claim: &Claim) -> Result<Option<Sending>, JobError> {
    let db = app.db.walker();
    let id = MessageId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    let Some(message) = store::messages::find(db, &claim.workspace_id, &id).await? else { return Ok(None) };
    let Some(conversation) = store::conversations::find_by_id(db, &message.conversation_id).await? else {
        return Ok(None);
    };
    let number = store::numbers::find(db, &claim.workspace_id, &conversation.number_id).await?;
    let contact = store::contacts::find(db, &claim.workspace_id, &conversation.contact_id).await?;
    Ok(number.zip(contact).map(|(number, contact)| Sending { message, conversation, number, contact }))
}

fn access_token(app: &App, number: &number::Model) -> Result<Option<SecretString>, JobError> {
    app.open_number_secret(number, NumberSecret::AccessToken).map_err(|error| JobError::Retry(error.to_string()))
}

/// Waits that are nobody's fault: a number on hold, a part before this one, the pace.
async fn held_back(app: &App, sending: &Sending, now: Millis) -> Result<Option<Next>, JobError> {
    if let Some(until) = sending.number.held_until {
        let next_probe = now + millis(Duration::from_secs(app.settings.delivery.hold_probe_secs));
        let db = app.db.bookkeeper();
        if until > now || !store::numbers::take_probe(db, &sending.number.id, now, next_probe).await? {
            return Ok(Some(Next::Again { at: until.max(now + AFTER_PROBE_MS) }));
        }
    }
    let paced = app.take_pace(&sending.number.id, &sending.conversation.id).await?;
    Ok(paced.err().map(|wait| Next::Again { at: now + millis(wait).max(1) }))
}

enum Released {
    Go(Box<message::Model>),
    Stop(Next),
}

/// The last moment at which a bubble can be stopped: under the conversation's lock its epoch must still be the one it
/// was decided under.
async fn release(app: &App, claim: &Claim, message: &message::Model) -> Result<Released, JobError> {
    let now = app.now();
    store::write(&app.db, async |tx| {
        let conversation = store::conversations::lock(tx, &message.conversation_id).await?;
        let Some(mut message) = store::messages::lock(tx, &message.id).await? else {
            jobs::finish(tx, claim).await??;
            return Ok(Released::Stop(Next::Finished));
        };
        if !matches!(message.status, Some(MessageStatus::Queued | MessageStatus::Unsettled)) {
            jobs::finish(tx, claim).await??;
            return Ok(Released::Stop(Next::Finished));
        }
        let epoch = conversation.as_ref().map(|conversation| conversation.epoch);
        if message.author == Author::Agent && epoch != Some(message.epoch) {
            stop_at_epoch(tx, conversation.as_ref(), message, now).await?;
            jobs::finish(tx, claim).await??;
            return Ok(Released::Stop(Next::Finished));
        }
        let before = match message.kind.as_str() {
            // It stands in for parts that failed.
            "template" => None,
            _ => store::messages::find_previous_part(tx, &message).await?,
        };
        if before.is_some_and(|before| before.status == Some(MessageStatus::Failed)) {
            message.status = Some(MessageStatus::Failed);
            message.failed_at = Some(now);
            message.error = Some(json!({ "code": "previous_part_failed", "title": "the part before it failed" }));
            store::messages::update(tx, &message).await?;
            status::failed(tx, &message, "the part before it failed", now).await?;
            jobs::finish(tx, claim).await??;
            return Ok(Released::Stop(Next::Finished));
        }
        jobs::hold(tx, claim, app.lease_until(now)).await??;
        message.status = Some(MessageStatus::Sending);
        message.sends += 1;
        message.released_at = Some(now);
        store::messages::update(tx, &message).await?;
        Ok::<_, JobError>(Released::Go(Box::new(message)))
    })
    .await
}

/// A person took the conversation after this was decided, or the customer opted out: it never leaves.
async fn stop_at_epoch(
    tx: &impl ConnectionTrait,
    conversation: Option<&conversation::Model>,
    mut message: message::Model,
    now: Millis,
) -> Result<(), DbErr> {
    let taken = conversation.is_none_or(|conversation| conversation.owner == Owner::Human);
    let (code, outcome, reason) = match taken {
        true => ("taken_over", Outcome::Human, "a person took the conversation before the reply was sent"),
        false => ("opted_out", Outcome::OptedOut, "the customer opted out before the reply was sent"),
    };
    message.status = Some(MessageStatus::Failed);
    message.failed_at = Some(now);
    message.error = Some(json!({ "code": code, "title": reason }));
    store::messages::update(tx, &message).await?;
    if let Some(turn_id) = &message.turn_id
        && !store::messages::turn_has_hope(tx, turn_id, &message.id).await?
    {
        store::messages::set_outcome_of_turn(tx, turn_id, outcome, Some(reason)).await?;
    }
    Ok(())
}

/// A message whose files could not be brought to Meta: nothing left, so it may all be done again.
async fn unprepared(app: &App, claim: &Claim, sending: Sending, error: PrepareError) -> Result<Next, JobError> {
    match error {
        PrepareError::Graph(error) if error.consequence == Consequence::Unknown => {
            let error = GraphError { consequence: Consequence::Later { after: None }, ..error };
            refused(app, claim, sending, &Value::Null, &error).await
        }
        PrepareError::Graph(error) => refused(app, claim, sending, &Value::Null, &error).await,
        PrepareError::Gone(_) => {
            let told = json!({ "code": "media_gone", "title": error.to_string() });
            fail(app, claim, sending.message, told, "a file it carries is not there any more").await
        }
        PrepareError::Blob(_) | PrepareError::Database(_) => Err(JobError::Retry(error.to_string())),
    }
}

async fn send(
    app: &App,
    claim: &Claim,
    sending: Sending,
    content: &Value,
    token: &SecretString,
) -> Result<Next, JobError> {
    let Some(to) = recipient(&sending.contact) else {
        let error = json!({ "code": "no_address", "title": "the contact has neither a phone nor a user id" });
        return fail(app, claim, sending.message, error, "the contact has no address").await;
    };
    let message = &sending.message;
    let stood_still = app.now() - message.released_at.unwrap_or_default();
    if stood_still >= millis(app.settings.jobs.lease()) {
        // This node was frozen after the release: another may have the job by now, and wait for this one to settle.
        return Err(JobError::Lost(LeaseLost));
    }
    let outgoing = Outgoing {
        to,
        kind: &message.kind,
        content,
        reply_to: message.reply_to.as_deref(),
        callback_data: message.id.as_str(),
    };
    let answer = app.graph.send(&sending.number.phone_number_id, token, &outgoing).await;
    metrics::counter!("switchboard_graph_sends_total", "result" => result_word(answer.as_ref().err())).increment(1);
    match answer {
        Ok(accepted) => accept(app, claim, &sending, accepted).await,
        Err(error) => refused(app, claim, sending, content, &error).await,
    }
}

/// Where a contact is written to: the phone where there is one, else the user id.
pub fn recipient(contact: &contact::Model) -> Option<Recipient> {
    let phone = contact.phone.as_ref().map(|phone| Recipient::Phone(phone.as_str().to_owned()));
    phone.or_else(|| contact.user_id.clone().map(Recipient::UserId))
}

async fn accept(app: &App, claim: &Claim, sending: &Sending, accepted: Accepted) -> Result<Next, JobError> {
    let now = app.now();
    let lifted = store::write_as(&app.db, Durability::Crash, async |tx| {
        if let Some(message) = store::messages::lock(tx, &sending.message.id).await? {
            let report = Report {
                wamid: Some(accepted.wamid),
                status: MessageStatus::Accepted,
                at: now,
                error: None,
                pricing: None,
            };
            status::record(tx, message, &report, now).await?;
            // Graph may know the customer under other digits, and will write of them so. One who was forgotten meanwhile
            // stays so.
            if let Some(wa_id) = other_phone(&sending.contact, accepted.wa_id) {
                store::contacts::know_as(tx, &sending.number.id, &sending.contact, &wa_id, now).await?;
            }
        }
        let lifted = sending.number.held_until.is_some() && account::end_hold(tx, &sending.number, now).await?;
        if let Some(template_id) = &sending.message.template_id {
            store::templates::note_sent(tx, template_id, now).await?;
        }
        // What Graph took is true whoever holds the job by now: the other will find it accepted.
        let _ = jobs::finish(tx, claim).await?;
        Ok::<_, JobError>(lifted)
    })
    .await?;
    if lifted {
        tracing::info!(number.id = %sending.number.id, "the number's credentials work again");
        app.bells.sends.ring_now();
    }
    Ok(Next::Finished)
}

fn other_phone(contact: &contact::Model, wa_id: Option<String>) -> Option<Phone> {
    let known = contact.phone.as_ref()?;
    wa_id.map(Phone).filter(|wa_id| wa_id != known)
}

async fn refused(
    app: &App,
    claim: &Claim,
    sending: Sending,
    sent: &Value,
    error: &GraphError,
) -> Result<Next, JobError> {
    tracing::info!(
        message.id = %sending.message.id, conversation.id = %sending.conversation.id, job.attempt = claim.attempt,
        graph.code = error.code, consequence = ?error.consequence, "Graph did not take a message"
    );
    let now = app.now();
    let told = json!({ "code": error.code, "title": error.title, "details": error.details });
    let age = (now - sending.message.created_at).max(0);
    match error.consequence {
        Consequence::Unknown => unsettle(app, claim, sending.message, told).await,
        Consequence::Credentials => hold(app, claim, &sending, Some(error)).await,
        Consequence::Never if media::forget_unknown(app, &sending.number, sent).await? => {
            // Meta had forgotten a file: it is brought there anew.
            later(app, claim, sending, told, now).await
        }
        Consequence::Never => fail(app, claim, sending.message, told, "Graph refused the reply").await,
        Consequence::WindowClosed => too_late(app, claim, sending, told, "the customer's window had closed").await,
        Consequence::Later { after } => {
            // The pause grows with the message's age: no count to keep, and ten minutes without Graph end within one.
            let pause = (age / 4).clamp(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS).max(after.map_or(0, millis));
            later(app, claim, sending, told, now + pause).await
        }
        Consequence::PairLimited => {
            // Waiting three times one's age gives Meta's 1, 4, 16, 64 seconds.
            let pause = (age * 3).clamp(SHORTEST_PAUSE_MS, LONGEST_PAIR_PAUSE_MS);
            later(app, claim, sending, told, now + pause).await
        }
    }
}

/// Certainly not sent: it waits and is tried again, for as long as the customer's window is open.
async fn later(app: &App, claim: &Claim, sending: Sending, told: Value, at: Millis) -> Result<Next, JobError> {
    let deadline = deadline(&sending);
    if at > deadline {
        return too_late(app, claim, sending, told, "the customer's window closed before it could be sent").await;
    }
    requeue(app, claim, &sending.message, told).await?;
    Ok(Next::Again { at })
}

fn deadline(sending: &Sending) -> Millis {
    let window = sending.conversation.window_closes_at.unwrap_or(sending.message.created_at + WINDOW_MS);
    window.max(sending.message.created_at + LEAST_DEADLINE_MS)
}

/// The number's credentials are refused or missing: all it sends waits, nothing fails, a person is told once.
async fn hold(app: &App, claim: &Claim, sending: &Sending, error: Option<&GraphError>) -> Result<Next, JobError> {
    let now = app.now();
    let deadline = deadline(sending);
    if now > deadline {
        let told = json!({ "title": "the number's credentials were refused" });
        let reason = "the customer's window closed before it could be sent";
        return too_late(app, claim, sending.clone(), told, reason).await;
    }
    let until = now + millis(Duration::from_secs(app.settings.delivery.hold_probe_secs));
    let code = error.and_then(|error| error.code);
    let begun = store::write(&app.db, async |tx| {
        let begun = account::begin_hold(tx, &sending.number, code, until, now).await?;
        if begun {
            let reason = TaskReason::Credentials;
            store::conversations::open_task(tx, &sending.conversation.id, reason, now).await?;
        }
        Ok::<_, DbErr>(begun)
    })
    .await?;
    if begun {
        tracing::error!(number.id = %sending.number.id, graph.code = code, "the number's credentials are refused: its sends wait");
    }
    let told =
        json!({ "code": code, "title": error.map_or("the number has no access token", |error| error.title.as_str()) });
    requeue(app, claim, &sending.message, told).await?;
    Ok(Next::Again { at: until })
}

async fn requeue(app: &App, claim: &Claim, message: &message::Model, told: Value) -> Result<(), JobError> {
    let now = app.now();
    store::write_as(&app.db, Durability::Crash, async |tx| {
        jobs::hold(tx, claim, app.lease_until(now)).await??;
        if let Some(mut message) = store::messages::lock(tx, &message.id).await?
            && status::is_open(message.status)
        {
            if message.status == Some(MessageStatus::Sending) {
                // It did not leave: the settling time grows, and the repeats are counted, by those that may have.
                message.sends -= 1;
            }
            message.status = Some(MessageStatus::Queued);
            message.error = Some(told);
            store::messages::update(tx, &message).await?;
        }
        Ok(())
    })
    .await
}

/// It may have been sent: a status webhook will tell, or the settling time will pass.
async fn unsettle(app: &App, claim: &Claim, message: message::Model, told: Value) -> Result<Next, JobError> {
    let now = app.now();
    store::write_as(&app.db, Durability::Crash, async |tx| {
        jobs::hold(tx, claim, app.lease_until(now)).await??;
        let Some(mut message) = store::messages::lock(tx, &message.id).await? else { return Ok(Next::Finish) };
        if message.status != Some(MessageStatus::Sending) {
            // A status webhook was quicker.
            return Ok(if status::is_open(message.status) { Next::Again { at: now } } else { Next::Finish });
        }
        message.status = Some(MessageStatus::Unsettled);
        message.error = Some(told);
        store::messages::update(tx, &message).await?;
        Ok(Next::Again { at: settles_at(app, &message) })
    })
    .await
}

/// The settling time doubles with every send.
fn settles_at(app: &App, message: &message::Model) -> Millis {
    let first = millis(Duration::from_secs(app.settings.delivery.settle_secs));
    let doublings = u32::try_from(message.sends - 1).unwrap_or(0).min(16);
    message.released_at.unwrap_or(message.created_at) + first * 2i64.pow(doublings)
}

async fn fail(app: &App, claim: &Claim, message: message::Model, error: Value, reason: &str) -> Result<Next, JobError> {
    let now = app.now();
    store::write_as(&app.db, Durability::Crash, async |tx| {
        if let Some(mut message) = store::messages::lock(tx, &message.id).await?
            && status::is_open(message.status)
        {
            message.status = Some(MessageStatus::Failed);
            message.failed_at = Some(now);
            message.error = Some(error);
            store::messages::update(tx, &message).await?;
            status::failed(tx, &message, reason, now).await?;
        }
        jobs::finish(tx, claim).await??;
        Ok::<_, JobError>(())
    })
    .await?;
    Ok(Next::Finished)
}

/// The customer's window is closed. A reply of the agent may have a template for that; everything else fails.
async fn too_late(app: &App, claim: &Claim, sending: Sending, mut told: Value, reason: &str) -> Result<Next, JobError> {
    told["reason"] = json!("window_closed");
    let now = app.now();
    let Some(template) = Box::pin(window_template::instead_of(app, &sending, now)).await? else {
        return fail(app, claim, sending.message, told, reason).await;
    };
    store::write(&app.db, async |tx| {
        // Whoever enqueues into a conversation's lane holds its row.
        store::conversations::lock(tx, &template.conversation_id).await?;
        if let Some(mut message) = store::messages::lock(tx, &sending.message.id).await?
            && status::is_open(message.status)
        {
            message.status = Some(MessageStatus::Failed);
            message.failed_at = Some(now);
            message.error = Some(told);
            store::messages::update(tx, &message).await?;
            store::messages::insert_outbound(tx, &template).await?;
            store::conversations::note_outbound(tx, &template.conversation_id, &template.id, now).await?;
            let conversation_id = template.conversation_id.clone();
            let job = Job::SendMessage { conversation_id, message_id: template.id.clone() };
            jobs::enqueue(tx, &template.workspace_id, &job, now, now).await?;
        }
        jobs::finish(tx, claim).await??;
        Ok::<_, JobError>(())
    })
    .await?;
    app.bells.sends.ring_now();
    Ok(Next::Finished)
}

fn result_word(error: Option<&GraphError>) -> String {
    match error {
        None => "accepted".to_owned(),
        Some(error) => error.code.map_or_else(|| "broken".to_owned(), |code| code.to_string()),
    }
}
