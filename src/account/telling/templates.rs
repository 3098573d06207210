//! What Meta tells of templates.

use entity::state::Severity;
use serde_json::Value;

use super::{Effect, Telling, TemplateChange, capital, text, time, word};

pub fn status(value: &Value) -> Telling {
    let event = text(value, "event").unwrap_or("unknown");
    let t = shown(value);
    let reason = reason(value);
    let why = reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let advice =
        value.pointer("/rejection_info/recommendation").and_then(Value::as_str).filter(|text| !text.is_empty());
    let advice = advice.map(|advice| format!(" Meta's advice: {advice}")).unwrap_or_default();
    use Severity::{Critical, Info, Warning};
    let (severity, summary) = match event {
        "APPROVED" => (Info, format!("Meta approved {t}: it can be sent.")),
        "REINSTATED" => (Info, format!("Meta put {t} back: it can be sent again.")),
        "UNARCHIVED" => (Info, format!("{t} was taken out of the archive: it can be sent again.")),
        "ARCHIVED" => {
            (Warning, format!("{t} was archived: to send it again, take it out of the archive in WhatsApp Manager."))
        }
        "REJECTED" => (Warning, format!("Meta rejected {t}{why}. Change it and hand it in again.{advice}")),
        "PAUSED" => (
            Warning,
            format!(
                "Meta paused {t}{why} because customers block or report it: sends of it fail until the pause ends. Make it more useful or send it to fewer people; after the third time Meta disables it."
            ),
        ),
        "DISABLED" => (
            Critical,
            format!("Meta disabled {t}{why}: sends of it fail from now on. Make another template with other words."),
        ),
        "FLAGGED" => (
            Warning,
            format!(
                "Customers do not like {t}: if that goes on, Meta disables it. Change it or send it to fewer people."
            ),
        ),
        "IN_APPEAL" => (Info, format!("The rejection of {t} is being looked at again: wait for Meta's answer.")),
        "LIMIT_EXCEEDED" => (
            Warning,
            format!(
                "{t} was not taken: the account has as many templates as Meta allows. Delete some and hand it in again."
            ),
        ),
        "LOCKED" => {
            (Warning, format!("Meta locked {t}: it cannot be changed for now. Look at it in WhatsApp Manager."))
        }
        "PENDING" => (Info, format!("Meta is looking at {t}: it can be sent once it is approved.")),
        "PENDING_DELETION" => (Info, format!("{t} is being deleted: send another one from now on.")),
        "DELETED" => {
            (Warning, format!("{t} was deleted: sends of it fail from now on. Its name is reserved for 30 days."))
        }
        other => (Info, format!("Meta says that {t} is now {other}{why}. Look at it in WhatsApp Manager.")),
    };
    let status = match event {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => Some("APPROVED"),
        "ARCHIVED" | "REJECTED" | "PAUSED" | "DISABLED" | "IN_APPEAL" | "LIMIT_EXCEEDED" | "PENDING"
        | "PENDING_DELETION" | "DELETED" => Some(event),
        // Told beside the status, which stays.
        _ => None,
    };
    let change = TemplateChange {
        status: status.map(str::to_owned),
        reason,
        category: text(value, "message_template_category").map(str::to_owned),
        ..named(value)
    };
    Telling::new(Some(event), severity, capital(&summary)).with(Effect::Template(change))
}

pub fn quality(value: &Value) -> Telling {
    let t = shown(value);
    let new = text(value, "new_quality_score").unwrap_or("UNKNOWN");
    let (severity, summary) = match new {
        "GREEN" => (Severity::Info, format!("The quality of {t} is good (green).")),
        "YELLOW" => (
            Severity::Warning,
            format!(
                "The quality of {t} is only middling (yellow): some customers block or report it. Look at whom it goes to."
            ),
        ),
        "RED" => (
            Severity::Warning,
            format!(
                "The quality of {t} is bad (red): Meta is about to pause it. Send it to fewer people, or change it."
            ),
        ),
        _ => (Severity::Info, format!("Meta does not know yet how customers like {t}.")),
    };
    let change = TemplateChange { quality: Some(new.to_owned()), ..named(value) };
    Telling::new(Some(new), severity, summary).with(Effect::Template(change))
}

pub fn components(value: &Value) -> Telling {
    let summary = format!("The text or the buttons of {} were changed: it is read again from Meta.", shown(value));
    let change = TemplateChange { is_rewritten: true, ..named(value) };
    Telling::new(None, Severity::Info, summary).with(Effect::Template(change))
}

/// Either a change of the category or the notice that one will come.
pub fn category(value: &Value) -> Telling {
    let t = shown(value);
    let new = text(value, "new_category");
    if let Some(correct) = text(value, "correct_category") {
        let when =
            time(value.get("category_update_timestamp")).map(|(_, when)| format!(" on {when}")).unwrap_or_default();
        let summary = format!(
            "Meta will make {t} a {correct} template{when}, which may cost more. If that is wrong, ask for a review in WhatsApp Manager before then."
        );
        return Telling::new(None, Severity::Warning, summary).with(Effect::Template(named(value)));
    }
    let previous = text(value, "previous_category");
    let from = previous.map(|previous| format!(" (before: {previous})")).unwrap_or_default();
    let summary = format!(
        "Meta made {t} a {} template{from}: its sends cost what that category costs. If that is wrong, ask for a review in WhatsApp Manager.",
        new.unwrap_or("differently sorted")
    );
    let change = TemplateChange {
        category: new.map(str::to_owned),
        previous_category: previous.map(str::to_owned),
        ..named(value)
    };
    Telling::new(None, Severity::Warning, summary).with(Effect::Template(change))
}

fn named(value: &Value) -> TemplateChange {
    TemplateChange {
        meta_id: word(value, "message_template_id"),
        name: text(value, "message_template_name").map(str::to_owned),
        language: text(value, "message_template_language").map(crate::account::templates::language),
        ..TemplateChange::default()
    }
}

fn shown(value: &Value) -> String {
    let change = named(value);
    match (change.name, change.language) {
        (Some(name), Some(language)) => format!("the template {name} ({language})"),
        (Some(name), None) => format!("the template {name}"),
        _ => "a template".to_owned(),
    }
}

/// Why, in Meta's words; its own codes are spelt out.
fn reason(value: &Value) -> Option<String> {
    let told = value.pointer("/rejection_info/reason").and_then(Value::as_str).filter(|text| !text.is_empty());
    let title = value.pointer("/other_info/title").and_then(Value::as_str).filter(|text| !text.is_empty());
    let date = value.get("disable_info").and_then(|info| time(info.get("disable_date")));
    let code = text(value, "reason").map(|code| match code {
        "ABUSIVE_CONTENT" => "abusive content",
        "INCORRECT_CATEGORY" => "the wrong category",
        "INVALID_FORMAT" => "a wrong format",
        "PROMOTIONAL" => "it is promotional",
        "SCAM" => "it looks like a scam",
        "TAG_CONTENT_MISMATCH" => "its content does not fit its category or language",
        "CATEGORY_NOT_AVAILABLE" => "the account may not use this category",
        other => other,
    });
    let title = title.map(|title| match title {
        "FIRST_PAUSE" => "for the first time: three hours",
        "SECOND_PAUSE" => "for the second time: six hours",
        "RATE_LIMITING_PAUSE" => "to see first how customers take it",
        other => other,
    });
    told.or(title).or(code).map(str::to_owned).or_else(|| date.map(|(_, date)| format!("on {date}")))
}
