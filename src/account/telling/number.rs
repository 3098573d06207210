//! What Meta tells of a number: quality, limit, name, PIN.

use entity::state::Severity;
use serde_json::Value;

use super::{Effect, NumberChange, Telling, limit, number_words, text};
use crate::account::state::{NAME_REJECTED, QUALITY_LOW};

pub fn quality(value: &Value) -> Telling {
    let event = text(value, "event").unwrap_or("unknown");
    let number = number_words(value);
    let limit = limit(value);
    let reach =
        limit.as_ref().map(|(_, reads)| format!(" It may write to {reads} with templates.")).unwrap_or_default();
    let mut changes: Vec<NumberChange> = limit.into_iter().map(|(tier, _)| NumberChange::Limit(tier)).collect();
    use Severity::{Critical, Info, Warning};
    let (severity, summary) = match event {
        "ONBOARDING" => (Info, format!("{number} is set up with Meta.{reach}")),
        "UPGRADE" => (Info, format!("{number} may now write to more people.{reach}")),
        "DOWNGRADE" => (
            Warning,
            format!(
                "{number} may now write to fewer people, since its quality was low.{reach} Send only what was asked for."
            ),
        ),
        "THROUGHPUT_UPGRADE" => {
            changes.push(NumberChange::Throughput("HIGH".to_owned()));
            (Info, format!("{number} may now send up to 1,000 messages a second.{reach}"))
        }
        "FLAGGED" => {
            changes.push(NumberChange::Quality("RED".to_owned()));
            changes.push(NumberChange::Trouble { code: QUALITY_LOW, until: None });
            (
                Critical,
                format!(
                    "The quality of {} is low (red): customers block or report it, and Meta may lower its limit within a week. Send less, and only what was asked for.",
                    lower(&number)
                ),
            )
        }
        "UNFLAGGED" => {
            changes.push(NumberChange::Quality("UNKNOWN".to_owned()));
            changes.push(NumberChange::Over(&[QUALITY_LOW]));
            (Info, format!("The quality of {} is well again.{reach}", lower(&number)))
        }
        other => (Info, format!("Meta told of {other} for {}.{reach} Look at it in WhatsApp Manager.", lower(&number))),
    };
    Telling::new(Some(event), severity, summary).with(Effect::Numbers(changes))
}

pub fn name(value: &Value) -> Telling {
    let decision = text(value, "decision").unwrap_or("unknown");
    let number = lower(&number_words(value));
    let name = text(value, "requested_verified_name");
    let shown = name.map(|name| format!(" \u{201c}{name}\u{201d}")).unwrap_or_default();
    let why = text(value, "rejection_reason").map(|why| format!(" ({why})")).unwrap_or_default();
    let mut changes =
        vec![NumberChange::NameStatus(if decision == "REJECTED" { "DECLINED" } else { decision }.to_owned())];
    let (severity, summary) = match decision {
        "APPROVED" => {
            changes.extend(name.map(|name| NumberChange::VerifiedName(name.to_owned())));
            changes.push(NumberChange::Over(&[NAME_REJECTED]));
            (Severity::Info, format!("Meta approved the name{shown} of {number}: customers see it now."))
        }
        "REJECTED" | "DECLINED" => {
            changes.push(NumberChange::Trouble { code: NAME_REJECTED, until: None });
            (
                Severity::Warning,
                format!(
                    "Meta rejected the name{shown} of {number}{why}. Ask for another name in WhatsApp Manager; without an approved one its sends may be refused."
                ),
            )
        }
        "DEFERRED" | "PENDING" => {
            (Severity::Info, format!("Meta is still looking at the name{shown} of {number}: wait for its decision."))
        }
        other => (Severity::Info, format!("Meta's decision on the name{shown} of {number} is {other}.")),
    };
    Telling::new(Some(decision), severity, summary).with(Effect::Numbers(changes))
}

/// What the whole business may do.
pub fn capability(value: &Value) -> Telling {
    let Some((tier, reads)) = limit(value) else {
        let summary = "Meta changed what the business may do: look at the limits in WhatsApp Manager.";
        return Telling::new(None, Severity::Info, summary);
    };
    let summary = format!("The business may now write to {reads} with templates, all its numbers together.");
    Telling::new(None, Severity::Info, summary).with(Effect::Numbers(vec![NumberChange::Limit(tier)]))
}

pub fn username(value: &Value) -> Telling {
    let status = text(value, "status").unwrap_or("unknown");
    let number = lower(&number_words(value));
    let name = text(value, "username").map(|name| format!(" {name}")).unwrap_or_default();
    let (severity, summary) = match status {
        "approved" => {
            (Severity::Info, format!("The username{name} of {number} is approved: customers can find it by that."))
        }
        "deleted" => {
            (Severity::Warning, format!("The username{name} of {number} is gone: choose another in WhatsApp Manager."))
        }
        "reserved" => (Severity::Info, format!("The username{name} is reserved for {number}: it can be taken now.")),
        other => (Severity::Info, format!("The username{name} of {number} is now {other}.")),
    };
    Telling::new(Some(status), severity, summary)
}

pub fn security(value: &Value) -> Telling {
    let event = text(value, "event").unwrap_or("unknown");
    let number = lower(&number_words(value));
    let who = text(value, "requester").map(|who| format!(" by {who}")).unwrap_or_default();
    let summary = match event {
        "PIN_CHANGED" => format!(
            "The two-step PIN of {number} was changed{who}. If none of you did that, set a new one at once and look who has access to the business."
        ),
        "PIN_RESET_REQUEST" => format!(
            "Somebody asked to switch off the two-step PIN of {number}{who}. If none of you did that, look who has access to the business."
        ),
        "PIN_REQUEST_SUCCESS" => format!(
            "The two-step PIN of {number} was switched off{who}. Set a new one, or anybody with the SIM card can take the number."
        ),
        other => format!("Meta told of {other} for the security of {number}{who}. Look at it in WhatsApp Manager."),
    };
    Telling::new(Some(event), Severity::Warning, summary)
}

/// Inside a sentence.
fn lower(number: &str) -> String {
    number.replacen("The ", "the ", 1)
}
