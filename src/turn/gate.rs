//! The gates a conversation passes before anybody thinks about it; the first that is closed gives the outcome.

use entity::state::{AgentMode, NumberMode, Outcome, Owner};

use super::Scene;
use crate::store::agents::Current;

/// A closed gate: how the messages end, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub outcome: Outcome,
    pub reason: &'static str,
}

/// The agent that shall answer, or the gate that is closed.
pub fn check(scene: &Scene) -> Result<&Current, Closed> {
    let closed = |outcome, reason| Err(Closed { outcome, reason });
    if scene.number.mode == NumberMode::Inactive {
        return closed(Outcome::Inactive, "the number is inactive");
    }
    if scene.conversation.owner == Owner::Human {
        return closed(Outcome::Human, "a person owns the conversation");
    }
    match &scene.agent {
        None => closed(Outcome::NoAgent, "the number has no agent, and the workspace no default"),
        Some(current) if current.agent.mode == AgentMode::Paused => closed(Outcome::Paused, "the agent is paused"),
        Some(current) => Ok(current),
    }
}
