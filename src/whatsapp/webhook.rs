//! Webhook payloads, read tolerantly: every change, message and status on its own, every field optional, so that what
//! Meta invents next week never costs a neighbour its place.

use serde_json::Value;

use super::json::{items, kept_at, seconds_at, text_at, written_at};

pub use super::inbound::{InboundMessage, Sender, messages, standby};
pub use super::status::statuses;

/// One `changes[]` item with the `entry` it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    /// Id of the WhatsApp Business Account.
    pub waba_id: Option<&'a str>,
    pub field: &'a str,
    /// The number it is for, where it names one.
    pub phone_number_id: Option<&'a str>,
    /// When it happened, in Unix seconds: told with what is about an account.
    pub time: Option<i64>,
    pub value: &'a Value,
}

/// Reads a body. Meta cuts names and texts at a number of UTF-16 units, half an emoji may be left over, and NULs occur:
/// each becomes U+FFFD rather than cost its neighbours their place.
pub fn read(body: &[u8]) -> Result<Value, serde_json::Error> {
    let read = serde_json::from_slice(body).or_else(|error| {
        let text = String::from_utf8_lossy(body);
        serde_json::from_str(&without_lone_surrogates(&text)).map_err(|_| error)
    });
    read.map(without_nul)
}

/// Writes `\ufffd` where an escape names half a character.
fn without_lone_surrogates(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        whole.push_str(before);
        let first = unit(escape);
        let second = escape.get(6..).and_then(unit);
        let (kept, length) = match (first, second) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (&escape[..12], 12),
            (Some(0xd800..0xe000), _) => ("\\ufffd", 6),
            (Some(_), _) => (&escape[..6], 6),
            // A backslash and the character it stands before.
            (None, _) => {
                let length = 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
                (&escape[..length], length)
            }
        };
        whole.push_str(kept);
        rest = &escape[length..];
    }
    whole.push_str(rest);
    whole
}

/// The UTF-16 unit that an escape at the beginning of `text` names.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The changes of a body; `None` when it is not a webhook of a WhatsApp account.
pub fn changes(body: &Value) -> Option<Vec<Change<'_>>> {
    let entries = body.get("entry")?.as_array()?;
    Some(entries.iter().flat_map(changes_of_entry).collect())
}

fn changes_of_entry(entry: &Value) -> impl Iterator<Item = Change<'_>> {
    let waba_id = entry.get("id").and_then(Value::as_str);
    let time = entry.get("time").and_then(Value::as_i64);
    let changes = entry.get("changes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    changes.iter().filter_map(move |change| {
        let value = change.get("value")?;
        let metadata = value.get("metadata");
        Some(Change {
            waba_id,
            field: change.get("field").and_then(Value::as_str).unwrap_or_default(),
            phone_number_id: metadata.and_then(|metadata| metadata.get("phone_number_id")).and_then(Value::as_str),
            time,
            value,
        })
    })
}

/// Where a body wants to go, read without building the whole of it: for the signature check.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Routes {
    pub phone_number_ids: Vec<String>,
    /// Accounts of changes that name no number.
    pub waba_ids: Vec<String>,
    /// It tells what became of our own messages, and nothing else.
    pub only_statuses: bool,
}

impl Routes {
    /// The account counts where a change names no number.
    fn add(&mut self, phone_number_id: Option<&str>, waba_id: Option<&str>) {
        let (ids, id) = match phone_number_id {
            Some(id) => (&mut self.phone_number_ids, Some(id)),
            None => (&mut self.waba_ids, waba_id),
        };
        ids.extend(id.filter(|id| !ids.iter().any(|known| known == id)).map(str::to_owned));
    }
}

/// Reads only the routing of `body`; `None` when it is not JSON of a webhook's shape. Whatever [`changes`] finds, however
/// odd its neighbours are, this finds too.
pub fn routes(body: &[u8]) -> Option<Routes> {
    usual_routes(body).or_else(|| {
        let body = read(body).ok()?;
        let mut routes = Routes::default();
        for change in changes(&body)? {
            routes.add(change.phone_number_id, change.waba_id);
        }
        Some(routes)
    })
}

/// Of a body in which everything has Meta's shape.
fn usual_routes(body: &[u8]) -> Option<Routes> {
    use serde::Deserialize;
    #[derive(Deserialize)]
    struct Envelope {
        entry: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(default)]
        id: Option<Value>,
        #[serde(default)]
        changes: Vec<RawChange>,
    }
    #[derive(Deserialize)]
    struct RawChange {
        #[serde(default)]
        value: RawValue,
    }
    #[derive(Deserialize, Default)]
    struct RawValue {
        #[serde(default)]
        metadata: Option<Metadata>,
        #[serde(default)]
        statuses: Option<serde::de::IgnoredAny>,
        #[serde(default)]
        messages: Option<serde::de::IgnoredAny>,
    }
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default)]
        phone_number_id: Option<String>,
    }
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    let mut changes = envelope.entry.iter().flat_map(|entry| &entry.changes).peekable();
    let only_statuses = changes.peek().is_some()
        && changes.all(|change| change.value.statuses.is_some() && change.value.messages.is_none());
    let mut routes = Routes { only_statuses, ..Routes::default() };
    for entry in envelope.entry {
        for change in entry.changes {
            let number = change.value.metadata.and_then(|metadata| metadata.phone_number_id);
            routes.add(number.as_deref(), entry.id.as_ref().and_then(Value::as_str));
        }
    }
    Some(routes)
}

/// What a customer set about marketing in WhatsApp itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPreference {
    pub sender: Sender,
    pub stops: bool,
    /// Unix seconds.
    pub at: Option<i64>,
    pub detail: Option<String>,
}

pub fn user_preferences(value: &Value) -> Vec<UserPreference> {
    let read = |preference: &Value| {
        let stops = match text_at(preference, "value")? {
            "stop" => true,
            "resume" | "signup" => false,
            _ => return None,
        };
        let sender = Sender {
            phone: kept_at(preference, "wa_id"),
            user_id: kept_at(preference, "user_id"),
            ..Sender::default()
        };
        let at = seconds_at(preference, "timestamp");
        Some(UserPreference { sender, stops, at, detail: kept_at(preference, "detail") })
    };
    items(value, "user_preferences").iter().filter_map(read).collect()
}

/// Who has a new user id, and which.
pub fn user_id_updates(value: &Value) -> Vec<(Sender, String)> {
    let read = |update: &Value| {
        let id = |which: &str| update.get("user_id").and_then(|ids| kept_at(ids, which));
        let sender = Sender { phone: kept_at(update, "wa_id"), user_id: id("previous"), ..Sender::default() };
        Some((sender, id("current")?))
    };
    items(value, "user_id_update").iter().filter_map(read).collect()
}

/// Phones (digits) and names in the address book of the business's phone.
pub fn address_book(value: &Value) -> Vec<(String, String)> {
    let read = |entry: &Value| {
        let contact = entry.get("contact").filter(|_| text_at(entry, "action") != Some("remove"))?;
        let name = kept_at(contact, "full_name").or_else(|| kept_at(contact, "first_name"))?;
        let phone = written_at(contact, "phone_number")?;
        Some((phone.chars().filter(char::is_ascii_digit).collect(), name))
    };
    items(value, "state_sync").iter().filter_map(read).collect()
}

/// A thread that another handler got, or gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    pub sender: Sender,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// Such as `control passed: from ai_agent to customer_service`.
    pub words: String,
}

pub fn handover(value: &Value) -> Option<Handover> {
    let kind = text_at(value, "type").filter(|kind| kind.starts_with("control_"))?;
    let sender = value.get("sender")?;
    let roles = value.get(kind);
    let role = |key: &str| roles.and_then(|roles| text_at(roles, key)).unwrap_or("?");
    let words =
        format!("{}: from {} to {}", kind.replace('_', " "), role("previous_owner_role"), role("new_owner_role"));
    let phone = kept_at(sender, "phone_number").or_else(|| kept_at(sender, "wa_id"));
    let phone = phone.map(|phone| phone.trim_start_matches('+').to_owned());
    let sender = Sender { phone, user_id: kept_at(sender, "user_id"), ..Sender::default() };
    Some(Handover { sender, timestamp: seconds_at(value, "timestamp"), words })
}

/// Replaces NUL in all strings: PostgreSQL keeps none, and nobody misses it.
pub fn without_nul(value: Value) -> Value {
    let clean = |text: String| if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text };
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nul).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (clean(key), without_nul(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn routing_is_read_from_bodies_of_any_shape() {
        let body = json!({"entry": [
            {"id": "W1", "changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "1"}}}]},
            {"id": "W2", "changes": [{"field": "account_update", "value": {"event": "X"}}]},
            {"id": "W3"},
        ]});
        let routes = routes(body.to_string().as_bytes()).expect("routes");
        assert_eq!(routes.phone_number_ids, ["1"]);
        assert_eq!(routes.waba_ids, ["W2"]);
        let odd = json!({"entry": [null, {"id": "W1", "changes": [7, {"value": {"metadata": "?"}}, {"value": {"metadata": {"phone_number_id": "1"}}}]}]});
        let found = super::routes(odd.to_string().as_bytes()).expect("routes");
        assert_eq!((found.phone_number_ids, found.waba_ids), (vec!["1".to_owned()], vec!["W1".to_owned()]));
        assert_eq!(super::routes(b"{"), None);
        assert_eq!(super::routes(b"[]"), None);
    }

    #[test]
    fn half_an_emoji_costs_nothing_but_itself() {
        let body = br#"{"a": "x\ud83d", "b": "\ud83d\ude00 \\ud83d \u00e9", "c": "\ude00\ud83d\"", "d": "\u12"#;
        assert!(read(body).is_err());
        let body = br#"{"a": "x\ud83d", "b": "\ud83d\ude00 \\ud83d \u00e9", "c": "\ude00\ud83d\""}"#;
        let expected = json!({"a": "x\u{fffd}", "b": "😀 \\ud83d é", "c": "\u{fffd}\u{fffd}\""});
        assert_eq!(read(body).expect("readable"), expected);
        assert_eq!(read(b"{\"a\": \"\xff\"}").expect("readable"), json!({"a": "\u{fffd}"}));
    }

    #[test]
    fn nul_is_replaced_everywhere() {
        assert_eq!(without_nul(json!({"a\0": ["x\0y"]})), json!({"a\u{FFFD}": ["x\u{FFFD}y"]}));
    }
}
