//! Why a message ended as it did: its way, step by step, in sentences for people.

use chrono::{DateTime, Utc};
use entity::state::{Author, Direction, JobKind, JobStatus, MessageStatus, Outcome, TurnStatus};
use entity::{ActorId, MessageId, job, message, turn};
use poem_openapi::{Enum, Object};
use sea_orm::DbErr;
use serde_json::Value;

use super::bubble::{self, Message};
use super::time;
use super::turns::{self, TurnWithMessages};
use crate::app::App;
use crate::clock::Millis;
use crate::store;

/// What became of a message, and why.
#[derive(Debug, Object)]
pub struct Why {
    message: Message,
    /// The turn that answered it, or that decided it.
    turn: Option<TurnWithMessages>,
    /// What was sent because of it, or it itself, and how that ended.
    sends: Vec<Send>,
    /// What happened, in its order.
    timeline: Vec<Step>,
    /// Inbound: how it ended.
    outcome: Option<Outcome>,
    outcome_reason: Option<String>,
    /// The whole of it in a sentence or two.
    explanation: String,
}

/// A bubble on its way.
#[derive(Debug, Object)]
struct Send {
    message_id: MessageId,
    /// When it last left; null when it never did.
    at: Option<DateTime<Utc>>,
    status: Option<MessageStatus>,
    result: String,
}

/// Something that happened.
#[derive(Debug, Object)]
struct Step {
    at: DateTime<Utc>,
    step: StepKind,
    /// In a sentence.
    what: String,
    /// The message it happened to.
    message_id: MessageId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum StepKind {
    Received,
    /// A person or a program wrote it.
    Written,
    TurnStarted,
    /// The customer said more, so the turn began again.
    Restarted,
    Decided,
    Released,
    Accepted,
    Delivered,
    Read,
    Failed,
}

/// Explains a message.
pub async fn explain(app: &App, message: message::Model) -> Result<Why, DbErr> {
    let db = app.db.reader();
    let workspace_id = message.workspace_id.clone();
    let turn = match &message.turn_id {
        Some(turn_id) => store::turns::find(db, &workspace_id, turn_id).await?,
        None => None,
    };
    let of_turn = match &turn {
        Some(turn) => store::messages::list_of_turn(db, &turn.id).await?,
        None => Vec::new(),
    };
    let waiting = match (message.direction, message.outcome, &turn) {
        (Direction::Inbound, None, None) => {
            store::jobs::find_about(db, &workspace_id, JobKind::Turn, message.conversation_id.as_str()).await?
        }
        _ => None,
    };
    let sender = match &message.actor {
        Some(actor) => sender(app, &message, actor).await?,
        None => None,
    };
    let bubbles: Vec<&message::Model> = match message.direction {
        Direction::Outbound => vec![&message],
        Direction::Inbound => of_turn.iter().filter(|other| other.direction == Direction::Outbound).collect(),
    };
    let mut timeline = begun(&message, sender.as_deref());
    timeline.extend(turn.iter().flat_map(|turn| turned(turn, &message)));
    timeline.extend(bubbles.iter().flat_map(|bubble| sent(bubble)));
    timeline.sort_by_key(|step| step.at);
    let why = Why {
        sends: bubbles.iter().map(|bubble| send(bubble)).collect(),
        timeline,
        outcome: message.outcome,
        outcome_reason: message.outcome_reason.clone(),
        explanation: explanation(&message, turn.as_ref(), waiting.as_ref(), sender.as_deref()),
        turn: match turn {
            Some(turn) => Some(turns::show(app, turn, of_turn).await?),
            None => None,
        },
        message: bubble::show_one(db, &workspace_id, message).await?,
    };
    Ok(why)
}

async fn sender(app: &App, message: &message::Model, actor: &ActorId) -> Result<Option<String>, DbErr> {
    let names = store::actors::names(app.db.reader(), &message.workspace_id, std::slice::from_ref(actor)).await?;
    Ok(names.get(actor).cloned())
}

fn step(message: &message::Model, at: Millis, step: StepKind, what: impl Into<String>) -> Step {
    Step { at: time(at), step, what: what.into(), message_id: message.id.clone() }
}

fn begun(message: &message::Model, sender: Option<&str>) -> Vec<Step> {
    let begun = match (message.direction, message.author) {
        (Direction::Inbound, _) => step(message, message.created_at, StepKind::Received, "The message came in."),
        (_, Author::Operator) => {
            let who = sender.unwrap_or("Somebody");
            step(message, message.created_at, StepKind::Written, format!("{who} wrote it."))
        }
        (_, Author::Phone) => {
            let words = "It was written on the business's phone, or by another system on this number.";
            step(message, message.sent_at, StepKind::Written, words)
        }
        (_, Author::System) => step(message, message.created_at, StepKind::Written, "The gateway wrote it."),
        // Its turn says when it was decided.
        (_, Author::Agent | Author::Customer) => return Vec::new(),
    };
    vec![begun]
}

fn turned(turn: &turn::Model, message: &message::Model) -> Vec<Step> {
    let mut steps = vec![step(message, turn.started_at, StepKind::TurnStarted, "A turn began to work on it.")];
    if turn.restarts > 0 {
        let times = if turn.restarts == 1 { "once".to_owned() } else { format!("{} times", turn.restarts) };
        let words = format!("The customer wrote more meanwhile, so the turn began again {times}.");
        steps.push(step(message, turn.started_at, StepKind::Restarted, words));
    }
    if let Some(at) = turn.finished_at {
        steps.push(step(message, at, StepKind::Decided, decided(turn)));
    }
    steps
}

fn decided(turn: &turn::Model) -> String {
    let told = |pointer: &str| turn.trace.pointer(pointer).and_then(Value::as_str);
    match (turn.status, told("/source"), turn.outcome) {
        (TurnStatus::Replied, Some("passage"), _) => {
            "No model answered, so the best passage was quoted as it stands.".to_owned()
        }
        (TurnStatus::Replied, Some("holding"), _) => {
            "No model answered and no passage fits: a holding message was decided, and a person is asked.".to_owned()
        }
        (TurnStatus::Replied, _, Some(Outcome::HandedOver)) => {
            let why = told("/hand_over").map_or(String::new(), |why| format!(": {why}"));
            format!("The agent decided a reply and handed the conversation over{why}.")
        }
        (TurnStatus::Replied, _, _) => {
            let model = turn.model.as_deref().map_or(String::new(), |model| format!(" with the model {model}"));
            format!("The agent decided a reply{model}.")
        }
        (_, _, Some(outcome)) => {
            let reason = told("/reason").unwrap_or(outcome.as_str());
            format!("The turn ended without a reply: {reason}.")
        }
        (_, _, None) => "The turn ended: nothing was left to answer.".to_owned(),
    }
}

fn sent(bubble: &message::Model) -> Vec<Step> {
    let failed = || format!("It failed{}.", bubble.error.as_ref().map_or(String::new(), told_why));
    let again = if bubble.sends > 1 { " again" } else { "" };
    let steps = [
        (bubble.released_at, StepKind::Released, format!("The bubble was released{again} to WhatsApp.")),
        (bubble.accepted_at, StepKind::Accepted, "WhatsApp took it.".to_owned()),
        (bubble.delivered_at, StepKind::Delivered, "It is on the customer's phone.".to_owned()),
        (bubble.read_at, StepKind::Read, "The customer has seen it.".to_owned()),
        (bubble.failed_at, StepKind::Failed, failed()),
    ];
    steps.into_iter().filter_map(|(at, kind, what)| Some(step(bubble, at?, kind, what))).collect()
}

/// What Graph or Meta said, to follow a verb.
fn told_why(error: &Value) -> String {
    let text = |key: &str| error.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let words = text("title").or_else(|| text("message")).unwrap_or("no reason was told").trim_end_matches('.');
    match error.get("code") {
        Some(Value::Number(code)) => format!(": {words} (code {code})"),
        _ => format!(": {words}"),
    }
}

fn send(bubble: &message::Model) -> Send {
    Send {
        message_id: bubble.id.clone(),
        at: bubble.released_at.or(bubble.accepted_at).map(time),
        status: bubble.status,
        result: how_it_went(bubble),
    }
}

fn how_it_went(bubble: &message::Model) -> String {
    let why = || bubble.error.as_ref().map_or(String::new(), told_why);
    match bubble.status {
        None => "It is not sent from here.".to_owned(),
        Some(MessageStatus::Queued) if bubble.error.is_some() => format!("It waits to be sent again{}.", why()),
        Some(MessageStatus::Queued) => "It waits to be sent.".to_owned(),
        Some(MessageStatus::Sending) => "It is being sent.".to_owned(),
        Some(MessageStatus::Unsettled) => {
            "Whether WhatsApp took it is not known yet: its status will tell, or it is sent again.".to_owned()
        }
        Some(MessageStatus::Accepted | MessageStatus::Sent) => {
            "WhatsApp took it; the phone has not got it yet.".to_owned()
        }
        Some(MessageStatus::Delivered) => "It is on the customer's phone.".to_owned(),
        Some(MessageStatus::Read) => "The customer has seen it.".to_owned(),
        Some(MessageStatus::Failed) => format!("It failed{}.", why()),
    }
}

fn explanation(
    message: &message::Model,
    turn: Option<&turn::Model>,
    waiting: Option<&job::Model>,
    sender: Option<&str>,
) -> String {
    if message.direction == Direction::Outbound {
        let who = match message.author {
            Author::Agent => "The agent decided it.".to_owned(),
            Author::Operator => format!("{} sent it.", sender.unwrap_or("Somebody")),
            Author::Phone => "It was sent from the business's phone, or by another system on this number.".to_owned(),
            Author::System | Author::Customer => "The gateway sent it by itself.".to_owned(),
        };
        return format!("{who} {}", how_it_went(message));
    }
    match message.outcome {
        Some(outcome) => ended(outcome, message.outcome_reason.as_deref()),
        None => open(turn, waiting).to_owned(),
    }
}

fn ended(outcome: Outcome, reason: Option<&str>) -> String {
    let because = reason.map_or(String::new(), |reason| format!(": {reason}"));
    match outcome {
        Outcome::Answered => "It was answered: WhatsApp took a reply.".to_owned(),
        Outcome::Undelivered => {
            format!("A reply was decided, but it never got through{because}. A person is asked to look.")
        }
        Outcome::HandedOver => format!("The agent gave it to a person{because}."),
        Outcome::Human => format!("A person has the conversation, so the agent says nothing{because}."),
        Outcome::Paused => "The agent is paused, so nobody answered. Set it active to have it answer.".to_owned(),
        Outcome::Inactive => "The number is inactive: messages are kept and nobody answers.".to_owned(),
        Outcome::NoAgent => "Nobody answers on this number: give it an agent, or the workspace a default.".to_owned(),
        Outcome::Standby => "Another system has the thread at Meta, so it was shown and not answered.".to_owned(),
        Outcome::OptedOut => format!("The customer does not want to be written to, so nothing was sent{because}."),
        Outcome::Blocked => "The contact is blocked, so nobody answers. Unblock it to have it answered.".to_owned(),
        Outcome::OverBudget => {
            format!("A budget is used up, so no model was asked{because}. A person is asked to look.")
        }
        Outcome::Loop => format!("The other side seems to be a bot, so the agent fell silent{because}."),
        Outcome::NotAQuestion => format!("There was nothing to answer{because}."),
    }
}

fn open(turn: Option<&turn::Model>, waiting: Option<&job::Model>) -> &'static str {
    match (turn.map(|turn| turn.status), waiting.map(|job| job.status)) {
        (Some(TurnStatus::Replied), _) => "A reply is decided and on its way.",
        (Some(TurnStatus::Thinking | TurnStatus::Restarting), _) => "The agent is thinking about it.",
        (_, Some(JobStatus::Waiting)) => "It waits a moment, in case the customer writes more.",
        (_, Some(JobStatus::Running)) => "The agent is thinking about it.",
        (_, Some(JobStatus::Dead)) => "Its turn failed again and again and waits for a person: see the job.",
        _ => "Nothing works on it any more; the watchdog will find it and ask a person.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_a_sentence() {
        for outcome in Outcome::ALL {
            for reason in [None, Some("the reason")] {
                let words = ended(*outcome, reason);
                assert!(words.ends_with('.') && !words.contains(".:") && !words.contains(".."), "{outcome}: {words}");
            }
        }
    }
}
