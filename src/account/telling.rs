//! What a change of an account, a number or a template means: a sentence of what happened and what to do, how much it
//! matters, and what follows for the rows we keep. Pure; every field is optional, and what nobody knows is told too.

mod account;
mod flows;
mod number;
mod templates;

use chrono::DateTime;
use entity::state::Severity;
use serde_json::Value;

use crate::clock::Millis;

/// What a change says.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// Meta's word for what happened, where there is one.
    pub event: Option<String>,
    pub severity: Severity,
    pub summary: String,
    pub effect: Effect,
}

/// What follows for the rows we keep.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Effect {
    #[default]
    None,
    Template(TemplateChange),
    Numbers(Vec<NumberChange>),
}

/// How a template changed; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TemplateChange {
    pub meta_id: Option<String>,
    pub name: Option<String>,
    pub language: Option<String>,
    pub status: Option<String>,
    /// Set or taken away together with the status.
    pub reason: Option<String>,
    pub category: Option<String>,
    pub previous_category: Option<String>,
    pub quality: Option<String>,
    /// Its texts changed: they are read from Meta.
    pub is_rewritten: bool,
}

/// How a number, or each number of an account, changed.
#[derive(Debug, Clone, PartialEq)]
pub enum NumberChange {
    VerifiedName(String),
    NameStatus(String),
    Quality(String),
    Limit(String),
    Throughput(String),
    /// It is in trouble until Meta says otherwise, or until then.
    Trouble {
        code: &'static str,
        until: Option<Millis>,
    },
    /// These troubles are over.
    Over(&'static [&'static str]),
}

impl Telling {
    fn new(event: Option<&str>, severity: Severity, summary: impl Into<String>) -> Self {
        Self { event: event.map(str::to_owned), severity, summary: summary.into(), effect: Effect::None }
    }

    fn with(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }
}

/// Reads a change.
pub fn read(field: &str, value: &Value) -> Telling {
    match field {
        "message_template_status_update" => templates::status(value),
        "message_template_quality_update" => templates::quality(value),
        "message_template_components_update" => templates::components(value),
        "template_category_update" => templates::category(value),
        "phone_number_quality_update" => number::quality(value),
        "phone_number_name_update" => number::name(value),
        "business_capability_update" => number::capability(value),
        "business_username_update" => number::username(value),
        "security" => number::security(value),
        "account_update" => account::update(value),
        "account_alerts" => account::alert(value),
        "account_review_update" => account::review(value),
        "account_settings_update" => account::settings(),
        "payment_configuration_update" => account::payment_configuration(value),
        "partner_solutions" => account::solution(value),
        "automatic_events" => account::automatic_events(value),
        "flows" => flows::read(value),
        "messaging_handovers" => account::handover(value),
        _ => errors(value).unwrap_or_else(|| unknown(field, value)),
    }
}

/// Meta reports what is wrong with the system or the account among the messages.
fn errors(value: &Value) -> Option<Telling> {
    let error = value.pointer("/errors/0")?;
    let said = ["message", "title"].iter().find_map(|key| text(error, key)).unwrap_or("something is wrong");
    let details = error.pointer("/error_data/details").and_then(Value::as_str).filter(|details| *details != said);
    let details = details.map(|details| format!(": {}", details.trim_end_matches('.'))).unwrap_or_default();
    let code = word(error, "code");
    let shown = code.as_deref().map(|code| format!(" (code {code})")).unwrap_or_default();
    let said = said.trim_end_matches('.');
    let summary = format!("Meta reports an error{shown}: {said}{details}. Look at the number in WhatsApp Manager.");
    Some(Telling::new(code.as_deref(), Severity::Warning, summary))
}

fn unknown(field: &str, value: &Value) -> Telling {
    let event = text(value, "event");
    let words = match event {
        Some(event) => format!("Meta told of {event} in the field {field}"),
        None => format!("Meta told of something in the field {field}"),
    };
    Telling::new(
        event,
        Severity::Info,
        format!("{words}. Switchboard does not know it; nothing was done. Look at its body."),
    )
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("none"))
}

/// A word that may come as a number.
fn word(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::Number(number) => Some(number.to_string()),
        _ => text(value, key).map(str::to_owned),
    }
}

/// A time in Unix seconds, as a number or in digits, and how it reads; other writings are passed on.
fn time(value: Option<&Value>) -> Option<(Option<Millis>, String)> {
    let value = value?;
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    match seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        Some(time) => Some((Some(time.timestamp_millis()), time.format("%Y-%m-%d %H:%M UTC").to_string())),
        None => value.as_str().filter(|text| !text.is_empty()).map(|text| (None, text.to_owned())),
    }
}

/// The number a change names, for a sentence.
fn number_words(value: &Value) -> String {
    word(value, "display_phone_number").map_or_else(|| "The number".to_owned(), |phone| format!("The number {phone}"))
}

/// At the beginning of a sentence.
fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A limit as Meta writes it, made one of its words, and how it reads.
fn limit(value: &Value) -> Option<(String, String)> {
    let given = ["max_daily_conversations_per_business", "current_limit", "max_daily_conversation_per_phone"];
    let word = given.iter().find_map(|key| word(value, key))?;
    let tier = match word.as_str() {
        "-1" => "TIER_UNLIMITED",
        "50" => "TIER_50",
        "250" => "TIER_250",
        "1000" => "TIER_1K",
        "2000" => "TIER_2K",
        "10000" => "TIER_10K",
        "100000" => "TIER_100K",
        other => other,
    };
    let reads = match tier {
        "TIER_UNLIMITED" => "any number of people a day".to_owned(),
        tier => format!("{} people a day", tier.trim_start_matches("TIER_").replace('K', ",000")),
    };
    Some((tier.to_owned(), reads))
}

#[cfg(test)]
mod tests;
