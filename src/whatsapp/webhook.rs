//! Webhook payloads, read tolerantly: every change, message and status on its own, every field optional, so that what
//! Meta invents next week never costs a neighbour its place.

use serde_json::{Map, Value};

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
        let body: Value = serde_json::from_slice(body).ok()?;
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

/// A message a customer sent, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    pub wamid: Option<String>,
    pub from: Sender,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// Meta's `type`; `unknown` where there is none.
    pub kind: String,
    /// What can be read of it.
    pub text: Option<String>,
    /// The wamid it quotes.
    pub reply_to: Option<String>,
    pub group_id: Option<String>,
    /// The message whole.
    pub content: Value,
}

/// Who sent a message, as the webhook tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// Digits, without `+`.
    pub phone: Option<String>,
    /// Business-scoped user id.
    pub user_id: Option<String>,
    pub name: Option<String>,
    pub username: Option<String>,
}

/// The messages of a `value`, each read alone.
pub fn messages(value: &Value) -> Vec<InboundMessage> {
    let contacts = items(value, "contacts");
    items(value, "messages").iter().map(|message| read_message(message, contacts)).collect()
}

/// A status of a message we sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    pub wamid: Option<String>,
    /// Meta's word, such as `delivered`.
    pub status: String,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// What we sent along as `biz_opaque_callback_data`.
    pub callback_data: Option<String>,
    /// Of a failed message: `{code, title, details}`.
    pub error: Option<MetaError>,
}

/// An error as Meta tells it in webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaError {
    pub code: Option<i64>,
    pub title: Option<String>,
    pub details: Option<String>,
}

impl MetaError {
    pub fn to_json(&self) -> Value {
        serde_json::json!({ "code": self.code, "title": self.title, "details": self.details })
    }
}

/// The statuses of a `value`, each read alone; statuses of calls are not ours to read.
pub fn statuses(value: &Value) -> Vec<Status> {
    items(value, "statuses")
        .iter()
        .filter(|status| text_at(status, "type") != Some("call"))
        .map(|status| Status {
            wamid: written_at(status, "id").map(str::to_owned),
            status: text_at(status, "status").unwrap_or_default().to_owned(),
            timestamp: seconds_at(status, "timestamp"),
            callback_data: text_at(status, "biz_opaque_callback_data").map(str::to_owned),
            error: items(status, "errors").first().map(read_error),
        })
        .collect()
}

/// The part of a `standby` change that another handler of the thread answers.
pub fn standby(value: &Value) -> Option<&Value> {
    value.get("standby").filter(|standby| standby.is_object())
}

/// Whether a kind of message wants an answer. Reactions and system notes are shown, not answered.
pub fn asks(message: &InboundMessage) -> bool {
    const NOT_QUESTIONS: [&str; 5] = ["reaction", "system", "edit", "revoke", "request_welcome"];
    const UNSUPPORTED_NOT_QUESTIONS: [&str; 6] =
        ["reaction", "edit", "pin", "keep_in_chat", "poll_update", "media_placeholder"];
    if message.group_id.is_some() || NOT_QUESTIONS.contains(&message.kind.as_str()) {
        return false;
    }
    let unsupported = message.content.get("unsupported").and_then(|unsupported| text_at(unsupported, "type"));
    !(message.kind == "unsupported" && unsupported.is_some_and(|kind| UNSUPPORTED_NOT_QUESTIONS.contains(&kind)))
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

fn read_message(message: &Value, contacts: &[Value]) -> InboundMessage {
    let kind = text_at(message, "type").unwrap_or("unknown").to_owned();
    let context = message.get("context");
    InboundMessage {
        wamid: written_at(message, "id").map(str::to_owned),
        from: read_sender(message, contacts),
        timestamp: seconds_at(message, "timestamp"),
        text: read_text(message, &kind).filter(|text| !text.trim().is_empty()),
        kind,
        reply_to: context.and_then(|context| text_at(context, "id")).map(str::to_owned),
        group_id: text_at(message, "group_id").map(str::to_owned),
        content: message.clone(),
    }
}

/// `contacts[]` pairs with `messages[]` by ids, never by index; system notes and usernames leave some of it away.
fn read_sender(message: &Value, contacts: &[Value]) -> Sender {
    let system = message.get("system");
    let from_system = |keys: &[&str]| keys.iter().find_map(|key| written_at(system?, key)).map(str::to_owned);
    let digits = |phone: &str| phone.trim().trim_start_matches('+').to_owned();
    let named = |name: &String| !name.is_empty();
    let phone = written_at(message, "from").map(str::to_owned).or_else(|| from_system(&["wa_id"]));
    let phone = phone.map(|phone| digits(&phone)).filter(named);
    let user_id = written_at(message, "from_user_id")
        .map(str::to_owned)
        .or_else(|| from_system(&["previous_user_id", "user_id"]));

    let contact = contacts.iter().find(|contact| {
        let same = |key: &str, known: &Option<String>| known.is_some() && text_at(contact, key) == known.as_deref();
        same("user_id", &user_id) || same("wa_id", &phone)
    });
    let contact = contact.or(match contacts {
        [only] if phone.is_none() && user_id.is_none() => Some(only),
        _ => None,
    });
    let of_contact = |key: &str| contact.and_then(|contact| written_at(contact, key));
    let profile = contact.and_then(|contact| contact.get("profile"));
    let of_profile = |key: &str| profile.and_then(|profile| written_at(profile, key));
    let username = of_profile("username").map(|username| username.trim().trim_start_matches('@').to_owned());
    Sender {
        phone: phone.or_else(|| of_contact("wa_id").map(digits).filter(named)),
        user_id: user_id.or_else(|| of_contact("user_id").map(str::to_owned)),
        name: of_profile("name").map(str::to_owned),
        username: username.filter(named),
    }
}

fn read_text(message: &Value, kind: &str) -> Option<String> {
    let body = message.get(kind)?;
    let at = |key: &str| written_at(body, key).map(str::to_owned);
    match kind {
        "text" => at("body"),
        "button" => at("text").or_else(|| at("payload")),
        "image" | "video" | "audio" | "document" | "sticker" => at("caption").or_else(|| at("filename")),
        "interactive" => read_interactive(body),
        "location" => Some(read_location(body)),
        "contacts" => Some(read_cards(body.as_array().map(Vec::as_slice).unwrap_or_default())),
        "reaction" => at("emoji"),
        "order" => Some(read_order(body)),
        "system" => at("body"),
        "edit" => body.get("message").and_then(|edited| {
            let kind = text_at(edited, "type")?;
            read_text(edited, kind)
        }),
        _ => at("body").or_else(|| at("text")).or_else(|| at("caption")),
    }
}

fn read_interactive(body: &Value) -> Option<String> {
    for key in ["button_reply", "list_reply"] {
        if let Some(reply) = body.get(key) {
            let description = text_at(reply, "description").map(|text| format!(" ({text})")).unwrap_or_default();
            return Some(format!("{}{description}", written_at(reply, "title").or_else(|| written_at(reply, "id"))?));
        }
    }
    if let Some(reply) = body.get("nfm_reply") {
        return written_at(reply, "response_json").or_else(|| written_at(reply, "body")).map(str::to_owned);
    }
    body.get("call_permission_reply").and_then(|reply| text_at(reply, "response")).map(str::to_owned)
}

fn read_location(body: &Value) -> String {
    let coordinate = |key: &str| match body.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "?".to_owned(),
    };
    let place = format!("{}, {}", coordinate("latitude"), coordinate("longitude"));
    let named: Vec<&str> = ["name", "address"].iter().filter_map(|key| text_at(body, key)).collect();
    if named.is_empty() { place } else { format!("{} ({place})", named.join(", ")) }
}

fn read_cards(cards: &[Value]) -> String {
    let card = |card: &Value| {
        let name = card.get("name").and_then(|name| text_at(name, "formatted_name")).unwrap_or("contact");
        let phones = items(card, "phones").iter().filter_map(|phone| text_at(phone, "phone"));
        std::iter::once(name).chain(phones).collect::<Vec<_>>().join(" ")
    };
    cards.iter().map(card).collect::<Vec<_>>().join("; ")
}

fn read_order(body: &Value) -> String {
    let item = |item: &Value| {
        let field = |key: &str| match item.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "?".to_owned(),
        };
        format!(
            "{} x {} at {} {}",
            field("quantity"),
            field("product_retailer_id"),
            field("item_price"),
            field("currency")
        )
    };
    let lines = items(body, "product_items").iter().map(item);
    lines.chain(text_at(body, "text").map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

fn read_error(error: &Value) -> MetaError {
    let details = error.get("error_data").and_then(|data| text_at(data, "details").or_else(|| data.as_str()));
    MetaError {
        code: error.get("code").and_then(Value::as_i64),
        title: text_at(error, "title").or_else(|| text_at(error, "message")).map(str::to_owned),
        details: details.map(str::to_owned),
    }
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text_at<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.as_object().and_then(|fields: &Map<String, Value>| fields.get(key)).and_then(Value::as_str)
}

/// Text that says something.
fn written_at<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    text_at(value, key).filter(|text| !text.trim().is_empty())
}

/// Meta writes seconds as a string here and as a number there.
fn seconds_at(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text_of(message: Value) -> Option<String> {
        messages(&json!({ "messages": [message] })).remove(0).text
    }

    #[test]
    fn the_words_of_every_kind_are_read() {
        for (message, expected) in [
            (json!({"type": "text", "text": {"body": "hi"}}), Some("hi")),
            (json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}), Some("Yes")),
            (
                json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}}),
                Some("Yes"),
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r", "title": "Row", "description": "d"}}}),
                Some("Row (d)"),
            ),
            (
                json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"k\":1}"}}}),
                Some("{\"k\":1}"),
            ),
            (json!({"type": "image", "image": {"id": "1", "caption": "c"}}), Some("c")),
            (json!({"type": "image", "image": {"id": "1"}}), None),
            (
                json!({"type": "location", "location": {"latitude": 47.37, "longitude": 8.54, "name": "n"}}),
                Some("n (47.37, 8.54)"),
            ),
            (
                json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "B C"}, "phones": [{"phone": "+1 555"}]}]}),
                Some("B C +1 555"),
            ),
            (json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": "👍"}}), Some("👍")),
            (json!({"type": "reaction", "reaction": {"message_id": "w"}}), None),
            (
                json!({"type": "edit", "edit": {"original_message_id": "w", "message": {"type": "text", "text": {"body": "new"}}}}),
                Some("new"),
            ),
            (json!({"type": "hologram", "hologram": {"body": "boo"}}), Some("boo")),
            (json!({"type": "hologram"}), None),
            (json!({"type": 7}), None),
            (json!(null), None),
        ] {
            assert_eq!(text_of(message.clone()).as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn a_sender_is_paired_with_contacts_by_ids_not_by_index() {
        let value = json!({
            "contacts": [
                {"wa_id": "2", "user_id": "CH.2", "profile": {"name": "Two"}},
                {"wa_id": "1", "user_id": "CH.1", "profile": {"name": "One", "username": "@one"}},
            ],
            "messages": [{"id": "a", "from": "1", "type": "text"}, {"id": "b", "from_user_id": "CH.2", "type": "text"}],
        });
        let senders: Vec<Sender> = messages(&value).into_iter().map(|message| message.from).collect();
        assert_eq!(senders[0].name.as_deref(), Some("One"));
        assert_eq!(senders[0].user_id.as_deref(), Some("CH.1"));
        assert_eq!(senders[0].username.as_deref(), Some("one"));
        assert_eq!(senders[1].name.as_deref(), Some("Two"));
        assert_eq!(senders[1].phone.as_deref(), Some("2"));
    }

    #[test]
    fn a_sender_without_a_phone_is_known_by_the_user_id() {
        let value = json!({
            "contacts": [{"user_id": "CH.9", "profile": {"name": "Nine"}}],
            "messages": [{"id": "a", "from_user_id": "CH.9", "type": "text", "text": {"body": "x"}}],
        });
        let from = messages(&value).remove(0).from;
        assert_eq!((from.phone, from.user_id.as_deref(), from.name.as_deref()), (None, Some("CH.9"), Some("Nine")));
    }

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
    fn timestamps_are_read_as_text_and_as_numbers() {
        let value = json!({"statuses": [
            {"id": "w", "status": "sent", "timestamp": "1790000000"},
            {"id": "w", "status": "failed", "timestamp": 1790000001, "biz_opaque_callback_data": "msg_1",
             "errors": [{"code": 131047, "title": "t", "error_data": {"details": "d"}}]},
            {"id": "c", "type": "call", "status": "RINGING"},
        ]});
        let statuses = statuses(&value);
        assert_eq!(statuses.len(), 2);
        assert_eq!(statuses[0].timestamp, Some(1_790_000_000));
        assert_eq!(statuses[1].timestamp, Some(1_790_000_001));
        assert_eq!(statuses[1].error.as_ref().and_then(|error| error.code), Some(131_047));
        assert_eq!(statuses[1].callback_data.as_deref(), Some("msg_1"));
    }

    #[test]
    fn nul_is_replaced_everywhere() {
        assert_eq!(without_nul(json!({"a\0": ["x\0y"]})), json!({"a\u{FFFD}": ["x\u{FFFD}y"]}));
    }
}
