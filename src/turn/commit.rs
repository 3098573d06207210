//! The commit: reply, usage and the intent to send become one fact, or nothing does.

use entity::private::{Content, Text};
use entity::state::{Author, MessageStatus, Outcome, Owner, TaskReason, TurnStatus};
use entity::{message, turn};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use super::gate::Closed;
use super::think::{HandOver, Thought};
use super::{Interruption, Scene, judge};
use crate::app::App;
use crate::clock::Millis;
use crate::delivery::{self, MAX_CHARS, Ready, split, to_whatsapp};
use crate::store::agents::Current;
use crate::store::jobs::{self, Claim, Job, JobError, Next};
use crate::store::messages::Asked;
use crate::store::{self, Durability};
use crate::whatsapp::webhook::without_nul;

/// A reply longer than this many bubbles is nothing a customer reads; each one costs.
const MAX_PARTS: usize = 4;

pub enum Committed {
    /// With the first bubble, where nothing kept it from being released by the same commit.
    Yes(Option<Box<Ready>>),
    /// Something came in between; nothing was written.
    No(Interruption),
}

/// Commits what a turn decided, unless a newer message or a person's word came before.
pub async fn commit(
    app: &App,
    claim: &Claim,
    scene: &Scene,
    mut turn: turn::Model,
    agent: &Current,
    mut thought: Thought,
) -> Result<Committed, JobError> {
    let now = app.now();
    let (parts, cut_chars) = bubbles(&thought.text);
    thought.trace.reply_cut_chars = cut_chars;
    thought.trace.restarts = turn.restarts;
    turn.agent_id = Some(agent.agent.id.clone());
    turn.agent_version = Some(agent.version.version);
    turn.status = TurnStatus::Replied;
    turn.outcome = thought.hand_over.as_ref().map(|_| Outcome::HandedOver);
    turn.model = thought.model.clone();
    turn.prompt_tokens = Some(thought.usage.prompt_tokens);
    turn.completion_tokens = Some(thought.usage.completion_tokens);
    turn.trace = without_nul(serde_json::to_value(&thought.trace).unwrap_or_default());
    turn.finished_at = Some(now);

    let leave = delivery::may_leave_at_once(app, &scene.number, &scene.conversation).await?;
    // The fence before a send must survive a power cut; a reply that only waits would be thought of again.
    let durability = if leave.is_some() { Durability::PowerCut } else { Durability::Crash };
    let committed = store::write_as(&app.db, durability, async |tx| {
        let conversation = store::conversations::lock(tx, &scene.conversation.id).await?;
        if let Some(interruption) = judge(app, scene, &turn, conversation.as_ref()) {
            return Ok(Committed::No(interruption));
        }
        jobs::finish(tx, claim).await??;
        let mut epoch = scene.conversation.epoch;
        if let Some(hand_over) = &thought.hand_over {
            epoch = hand_over_to_person(tx, scene, hand_over, epoch, now).await?;
        }
        store::turns::upsert(tx, &turn).await?;
        store::messages::set_turn(tx, &scene.question_ids(), &turn.id).await?;
        let (mut ready, mut last) = (None, None);
        for (place, part) in parts.iter().enumerate() {
            let asked = if place == 0 { scene.asked_at() } else { Asked::default() };
            let message = outbound(scene, &turn, part, asked, epoch, now);
            last = Some(message.id.clone());
            if place == 0
                && let Some(token) = &leave
                && let Some(released) =
                    delivery::insert_released(app, tx, scene.sending(message.clone()), token).await?
            {
                ready = Some(Box::new(released));
                continue;
            }
            store::messages::insert_outbound(tx, &message).await?;
            let job =
                Job::SendMessage { conversation_id: message.conversation_id.clone(), message_id: message.id.clone() };
            jobs::enqueue(tx, &message.workspace_id, &job, now, now).await?;
        }
        if let Some(last) = last {
            store::conversations::note_outbound(tx, &scene.conversation.id, &last, now).await?;
        }
        Ok::<_, JobError>(Committed::Yes(ready))
    })
    .await?;
    if let Committed::Yes(ready) = &committed {
        if parts.len() > usize::from(ready.is_some()) {
            app.bells.sends.ring_now();
        }
        metrics::counter!("switchboard_turns_total", "source" => thought.trace.source).increment(1);
        metrics::histogram!("switchboard_turn_think_seconds").record(thought.trace.think_ms as f64 / 1000.0);
        tracing::info!(
            conversation.id = %scene.conversation.id, turn.id = %turn.id, job.attempt = claim.attempt,
            duration_ms = thought.trace.think_ms, source = thought.trace.source, messages = scene.question.len(),
            bubbles = parts.len(), "a turn replied"
        );
    }
    Ok(committed)
}

/// Ends messages at a closed gate: nobody thinks about them, and the reason stands with them.
pub async fn end_at_gate(
    app: &App,
    claim: &Claim,
    scene: &Scene,
    mut turn: turn::Model,
    closed: Closed,
) -> Result<Next, JobError> {
    let now = app.now();
    turn.status = TurnStatus::Ended;
    turn.outcome = Some(closed.outcome);
    turn.finished_at = Some(now);
    turn.trace = json!({ "gate": closed.outcome.as_str(), "reason": &closed.reason, "restarts": turn.restarts });
    let ids = scene.question_ids();
    store::write_as(&app.db, Durability::Crash, async |tx| {
        jobs::finish(tx, claim).await??;
        store::turns::upsert(tx, &turn).await?;
        store::messages::set_turn(tx, &ids, &turn.id).await?;
        store::messages::set_outcome(tx, &ids, closed.outcome, Some(&closed.reason)).await?;
        if let Some(task) = closed.task {
            store::conversations::open_task(tx, &scene.conversation.id, task, now).await?;
        }
        Ok::<_, JobError>(())
    })
    .await?;
    if closed.task.is_some() {
        metrics::counter!("switchboard_shield_total", "rule" => closed.outcome.as_str()).increment(1);
    }
    metrics::counter!("switchboard_turns_total", "source" => closed.outcome.as_str()).increment(1);
    Ok(Next::Finished)
}

/// The outcome is decided with the reply: a person is asked. Where the agent asked for one, or has no reply that it may
/// send, the conversation becomes theirs under a new epoch, and what is said is decided under it; where only the model
/// failed, the agent tries again with the next message.
async fn hand_over_to_person(
    tx: &impl ConnectionTrait,
    scene: &Scene,
    hand_over: &HandOver,
    epoch: i64,
    now: Millis,
) -> Result<i64, DbErr> {
    let id = &scene.conversation.id;
    let (task, reason) = (hand_over.task, hand_over.reason.as_str());
    super::handover::give_up(tx, id, &scene.question_ids(), task, reason, now).await?;
    if hand_over.task == TaskReason::ModelFailed {
        return Ok(epoch);
    }
    store::conversations::set_owner(tx, id, Owner::Human, None).await?;
    Ok(epoch + 1)
}

/// A reply as bubbles, and how many characters were cut off at the end.
fn bubbles(reply: &str) -> (Vec<String>, usize) {
    let mut parts = split(&to_whatsapp(reply), MAX_CHARS);
    if parts.is_empty() {
        // Markup without a word, such as a lone rule: the model's own text is still better than silence.
        parts = split(reply, MAX_CHARS);
    }
    let cut = parts.iter().skip(MAX_PARTS).map(|part| part.chars().count()).sum();
    parts.truncate(MAX_PARTS);
    (parts, cut)
}

fn outbound(scene: &Scene, turn: &turn::Model, text: &str, asked: Asked, epoch: i64, now: Millis) -> message::Model {
    message::Model {
        text: Some(Text::from(text)),
        content: Content(json!({ "body": text })),
        turn_id: Some(turn.id.clone()),
        asked_at: asked.asked_at,
        opened_at: asked.opened_at,
        epoch,
        status: Some(MessageStatus::Queued),
        ..store::messages::empty(&scene.conversation, Author::Agent, now)
    }
}
