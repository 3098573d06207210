//! One answer to what a customer has said: read, think, commit.
//!
//! A short read; then the model and its tools with no transaction open, while a newer message or a person's word can end
//! the thinking at any moment; then one write that commits reply, usage and the intent to send as one fact.

mod agent_loop;
mod commit;
pub mod draft;
mod fact_lock;
mod gate;
pub mod handover;
mod models;
mod presence;
mod scene;
pub mod think;
pub mod trace;
pub mod waiting;
pub mod watchdog;
pub mod window;

use std::time::Duration;

use entity::state::{Owner, TurnStatus};
use entity::{ConversationId, turn};
use sea_orm::DbErr;

use crate::app::App;
use crate::clock::Millis;
use crate::delivery;
use crate::shield::flood;
use crate::store;
use crate::store::Durability;
use crate::store::jobs::{self, Claim, JobError, Next};

pub use models::{instance_model, ladder};
pub use scene::Scene;

/// How a turn's job went.
#[derive(Debug)]
pub enum Ended {
    /// The reply is committed, and with it the job is finished. Its first bubble may have been released already.
    Replied(Option<Box<delivery::Ready>>),
    /// There is no reply, or not yet.
    Not(Next),
}

/// A turn that thinks longer than this is written down, for whoever wants to see what is going on.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Runs the turn of one conversation.
pub async fn run(app: &App, claim: &Claim) -> Result<Ended, JobError> {
    let conversation_id = ConversationId::parse(&claim.subject).map_err(|error| JobError::Fail(error.to_string()))?;
    // Listen before reading: what arrives after the read is then never missed.
    let listening = app.nudges.listen(&conversation_id);
    let Some(scene) = scene::read(app, &claim.workspace_id, &conversation_id).await? else {
        return Ok(Ended::Not(Next::Finish));
    };
    if scene.question.is_empty() {
        store::turns::end_open(app.db.bookkeeper(), &conversation_id, None, app.now()).await?;
        return Ok(Ended::Not(Next::Finish));
    }
    let turn = open(app, &scene).await?;
    let agent = match gate::check(&app.settings.shield, &scene, app.now()) {
        Ok(agent) => agent,
        Err(closed) => return commit::end_at_gate(app, claim, &scene, turn, closed).await.map(Ended::Not),
    };
    let thinking = async {
        let presence = presence::show(app, &scene);
        let (thought, ()) = tokio::join!(think::think(app, &scene, agent), presence.shown());
        thought
    };
    tokio::pin!(thinking);
    let mut look = tokio::time::interval(app.settings.jobs.lease() / 3);
    look.tick().await;
    let shown = tokio::time::sleep(SHOWN_AFTER);
    tokio::pin!(shown);
    let mut is_shown = false;
    let thought = loop {
        tokio::select! {
            biased;
            thought = &mut thinking => break thought,
            () = listening.nudged() => {}
            _ = look.tick() => {}
            () = &mut shown, if !is_shown => {
                store::turns::upsert(app.db.bookkeeper(), &turn).await?;
                is_shown = true;
                continue;
            }
        }
        if let Some(interruption) = interruption(app, &scene, &turn).await? {
            metrics::counter!("switchboard_turns_interrupted_total").increment(1);
            return interrupt(app, claim, turn, interruption).await.map(Ended::Not);
        }
    };
    let thought = match thought {
        Ok(thought) => thought,
        Err(over) => {
            return commit::end_at_gate(app, claim, &scene, turn, gate::over_budget(over)).await.map(Ended::Not);
        }
    };
    match commit::commit(app, claim, &scene, turn.clone(), agent, thought).await? {
        commit::Committed::Yes(ready) => Ok(Ended::Replied(ready)),
        commit::Committed::No(interruption) => interrupt(app, claim, turn, interruption).await.map(Ended::Not),
    }
}

/// Ends the messages of a conversation whose turn has used up its failures: they become a task for a person.
pub async fn abandon(tx: &impl sea_orm::ConnectionTrait, conversation_id: &str, now: Millis) -> Result<(), DbErr> {
    let Ok(id) = ConversationId::parse(conversation_id) else { return Ok(()) };
    let unanswered = store::messages::list_unanswered(tx, &id).await?;
    let ids: Vec<_> = unanswered.into_iter().map(|message| message.id).collect();
    handover::give_up(
        tx,
        &id,
        &ids,
        entity::state::TaskReason::Watchdog,
        "the turn failed again and again: see the job",
        now,
    )
    .await
}

/// The conversation's unfinished turn, or a new one, which is written with whatever comes of it.
async fn open(app: &App, scene: &Scene) -> Result<turn::Model, DbErr> {
    if let Some(open) = store::turns::find_open(app.db.walker(), &scene.conversation.id).await? {
        return Ok(open);
    }
    let now = app.now();
    Ok(turn::Model {
        id: entity::TurnId::generate(now),
        workspace_id: scene.conversation.workspace_id.clone(),
        conversation_id: scene.conversation.id.clone(),
        number_id: scene.conversation.number_id.clone(),
        agent_id: scene.agent.as_ref().map(|current| current.agent.id.clone()),
        agent_version: scene.agent.as_ref().map(|current| current.version.version),
        status: TurnStatus::Thinking,
        outcome: None,
        restarts: 0,
        model: None,
        prompt_tokens: None,
        completion_tokens: None,
        trace: serde_json::json!({}),
        started_at: now,
        finished_at: None,
    })
}

/// Why a turn may not go on as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interruption {
    /// The customer said more: start again with everything said.
    Overtaken,
    /// Somebody else owns the conversation now, or it is gone.
    NotOurs,
}

async fn interruption(app: &App, scene: &Scene, turn: &turn::Model) -> Result<Option<Interruption>, DbErr> {
    let conversation = store::conversations::find_by_id(app.db.walker(), &scene.conversation.id).await?;
    Ok(judge(app, scene, turn, conversation.as_ref()))
}

fn judge(
    app: &App,
    scene: &Scene,
    turn: &turn::Model,
    now: Option<&entity::conversation::Model>,
) -> Option<Interruption> {
    let Some(now) = now else { return Some(Interruption::NotOurs) };
    if now.owner != Owner::Agent || now.epoch != scene.conversation.epoch {
        return Some(Interruption::NotOurs);
    }
    let restarts_left = u32::try_from(turn.restarts).unwrap_or(0) < app.settings.turn.max_restarts;
    let may_restart = restarts_left && !flood::is_flood(&app.settings.shield, now.written_until, app.now());
    (may_restart && now.inbound_seq != scene.conversation.inbound_seq).then_some(Interruption::Overtaken)
}

/// Lets go of the turn. An overtaken one is taken up by the job that the newer message enqueued; one that is not ours
/// runs again at once and ends at its gate.
async fn interrupt(
    app: &App,
    claim: &Claim,
    mut turn: turn::Model,
    interruption: Interruption,
) -> Result<Next, JobError> {
    if interruption == Interruption::NotOurs {
        return Ok(Next::Again { at: app.now() });
    }
    turn.status = TurnStatus::Restarting;
    turn.restarts += 1;
    store::write_as(&app.db, Durability::Crash, async |tx| {
        store::turns::upsert(tx, &turn).await?;
        jobs::finish(tx, claim).await??;
        Ok::<_, JobError>(())
    })
    .await?;
    Ok(Next::Finished)
}
