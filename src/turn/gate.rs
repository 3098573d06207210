//! The gates a conversation passes before anybody thinks about it; the first that is closed gives the outcome.

use entity::state::{AgentMode, ConsentState, NumberMode, Outcome, Owner, TaskReason};

use super::Scene;
use crate::clock::Millis;
use crate::config;
use crate::shield::bots;
use crate::store::agents::Current;

/// How long after its last message a recognised bot is still taken for one.
const LOOP_QUIET_MS: Millis = 60 * 60 * 1000;

/// A closed gate: how the messages end, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub outcome: Outcome,
    pub reason: String,
    /// What a person is asked to look at, where somebody should.
    pub task: Option<TaskReason>,
}

/// The agent that shall answer, or the gate that is closed.
pub fn check<'a>(shield: &config::Shield, scene: &'a Scene, now: Millis) -> Result<&'a Current, Closed> {
    let closed = |outcome, reason: &str| Err(Closed { outcome, reason: reason.to_owned(), task: None });
    if scene.number.mode == NumberMode::Inactive {
        return closed(Outcome::Inactive, "the number is inactive");
    }
    if scene.conversation.owner == Owner::Human {
        return closed(Outcome::Human, "a person owns the conversation");
    }
    if scene.contact.blocked_at.is_some() {
        return closed(Outcome::Blocked, "the contact is blocked");
    }
    if scene.contact.consent == Some(ConsentState::OptedOut) {
        return closed(Outcome::OptedOut, "the contact opted out; START brings them back");
    }
    let current = match &scene.agent {
        None => return closed(Outcome::NoAgent, "the number has no agent, and the workspace no default"),
        Some(current) if current.agent.mode == AgentMode::Paused => {
            return closed(Outcome::Paused, "the agent is paused");
        }
        Some(current) => current,
    };
    match talks_to_a_bot(shield, scene, now) {
        Some(reason) => Err(Closed { outcome: Outcome::Loop, reason: reason.to_owned(), task: Some(TaskReason::Loop) }),
        None => Ok(current),
    }
}

/// A budget that is used up is found on the way to the model.
pub fn over_budget(reason: String) -> Closed {
    Closed { outcome: Outcome::OverBudget, reason, task: Some(TaskReason::OverBudget) }
}

/// A bot that was recognised stays one until a person has looked, or it has been quiet for long.
fn talks_to_a_bot(shield: &config::Shield, scene: &Scene, now: Millis) -> Option<&'static str> {
    if !shield.enabled {
        return None;
    }
    let told = scene.conversation.task_reason == Some(TaskReason::Loop);
    let before = scene.recent.iter().rev().find(|said| said.outcome == Some(Outcome::Loop));
    if told && before.is_some_and(|said| now - said.sent_at < LOOP_QUIET_MS) {
        return Some("another bot was recognised here, and nobody has looked at it yet");
    }
    bots::recognise(&scene.recent, &scene.asked)
}
