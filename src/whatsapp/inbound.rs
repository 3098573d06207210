//! Messages of webhooks: what customers write, what the business writes elsewhere (echoes), what was said before
//! (history), and calls. Each is read alone.

use serde_json::Value;

use super::body::Body;
use super::json::{is_true, items, kept_at, seconds_at, text_at, written_at};

/// A message as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    pub wamid: Option<String>,
    pub from: Sender,
    /// Unix seconds.
    pub timestamp: Option<i64>,
    /// Meta's `type`; `unknown` where there is none.
    pub kind: String,
    pub body: Body,
    /// The wamid it quotes, reacts to, edits or takes back.
    pub reply_to: Option<String>,
    /// What else should be known of it: forwarded, from an ad, about a product.
    pub note: Option<String>,
    pub group_id: Option<String>,
    /// The message whole.
    pub content: Value,
}

impl InboundMessage {
    /// Whether it wants an answer; in groups nobody is asked.
    pub fn asks(&self) -> bool {
        self.group_id.is_none() && self.body.asks()
    }
}

/// Who sent a message, or got one, as the webhook tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// Digits, without `+`.
    pub phone: Option<String>,
    /// Business-scoped user id.
    pub user_id: Option<String>,
    pub name: Option<String>,
    pub username: Option<String>,
}

/// Something the business said from elsewhere, or long ago.
#[derive(Debug, Clone, PartialEq)]
pub struct Echo {
    pub to: Sender,
    pub message: InboundMessage,
}

/// A part of what was said before the number came here, in the order of the webhook.
#[derive(Debug, Clone, PartialEq)]
pub enum Past {
    Inbound(InboundMessage),
    Outbound(Echo, Option<String>),
}

/// A call, by its newest event.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub id: String,
    pub with: Sender,
    pub by_customer: bool,
    pub timestamp: Option<i64>,
    /// Such as `Voice call, 42 s`.
    pub words: String,
    pub content: Value,
}

/// The messages of a `value`, each read alone.
pub fn messages(value: &Value) -> Vec<InboundMessage> {
    let contacts = items(value, "contacts");
    items(value, "messages").iter().map(|message| read_message(message, contacts)).collect()
}

/// What the business said on the same number from elsewhere: its phone, or another system.
pub fn echoes(value: &Value) -> Vec<Echo> {
    let contacts = items(value, "contacts");
    items(value, "message_echoes").iter().map(|message| read_echo(message, contacts)).collect()
}

/// What was said before the number came here. `own` are the digits of the number.
pub fn history(value: &Value, own: &str) -> Vec<Past> {
    let threads = items(value, "history").iter().flat_map(|part| items(part, "threads"));
    let mut past = Vec::new();
    for thread in threads {
        let with = thread_with(thread);
        for message in items(thread, "messages") {
            let read = read_message(message, &[]);
            if read.from.phone.as_deref() == Some(own) || message.get("to").is_some() {
                let status = message.get("history_context").and_then(|context| kept_at(context, "status"));
                past.push(Past::Outbound(Echo { to: with.clone(), message: read }, status));
            } else {
                past.push(Past::Inbound(InboundMessage { from: merged(read.from.clone(), &with), ..read }));
            }
        }
    }
    past
}

/// The calls of a `value`.
pub fn calls(value: &Value) -> Vec<Call> {
    let contacts = items(value, "contacts");
    items(value, "calls").iter().filter_map(|call| read_call(call, contacts)).collect()
}

/// The part of a `standby` change that another handler of the thread answers.
pub fn standby(value: &Value) -> Option<&Value> {
    value.get("standby").filter(|standby| standby.is_object())
}

fn read_message(message: &Value, contacts: &[Value]) -> InboundMessage {
    let body = Body::read(message);
    let context = message.get("context");
    let quoted = context.and_then(|context| kept_at(context, "id"));
    InboundMessage {
        wamid: kept_at(message, "id"),
        from: read_sender(message, contacts),
        timestamp: seconds_at(message, "timestamp"),
        kind: text_at(message, "type").unwrap_or("unknown").to_owned(),
        reply_to: body.about().map(str::to_owned).or(quoted),
        note: note(message, context),
        body,
        group_id: text_at(message, "group_id").map(str::to_owned),
        content: message.clone(),
    }
}

fn note(message: &Value, context: Option<&Value>) -> Option<String> {
    let mut notes: Vec<String> = Vec::new();
    if context.is_some_and(|context| is_true(context, "forwarded") || is_true(context, "frequently_forwarded")) {
        notes.push("forwarded".to_owned());
    }
    let product = context.and_then(|context| context.get("referred_product"));
    if let Some(product) = product.and_then(|product| written_at(product, "product_retailer_id")) {
        notes.push(format!("about the product {product}"));
    }
    if let Some(referral) = message.get("referral") {
        let from = text_at(referral, "source_type").unwrap_or("link");
        let named = ["headline", "body"].iter().filter_map(|key| written_at(referral, key));
        notes.push(format!("came from the {from} \"{}\"", named.collect::<Vec<_>>().join(": ")));
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// `contacts[]` pairs with `messages[]` by ids, never by index; system notes and usernames leave some of it away.
fn read_sender(message: &Value, contacts: &[Value]) -> Sender {
    let system = message.get("system");
    let from_system = |keys: &[&str]| keys.iter().find_map(|key| kept_at(system?, key));
    let previous = from_system(&["previous_user_id"]);
    // Without a sender of its own a note about a new phone is told by whoever has it already.
    let phone = kept_at(message, "from").or_else(|| from_system(&["wa_id"]).filter(|_| previous.is_none()));
    let user_id = previous.or_else(|| kept_at(message, "from_user_id")).or_else(|| from_system(&["user_id"]));
    complete(phone, user_id, contacts)
}

fn read_echo(message: &Value, contacts: &[Value]) -> Echo {
    let to = complete(kept_at(message, "to"), kept_at(message, "to_user_id"), contacts);
    Echo { to, message: read_message(message, &[]) }
}

fn thread_with(thread: &Value) -> Sender {
    let context = thread.get("context");
    let of_context = |key: &str| context.and_then(|context| kept_at(context, key));
    let id = kept_at(thread, "id").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+'));
    let phone = of_context("wa_id").or(id).map(|phone| digits(&phone));
    Sender { phone, user_id: of_context("user_id"), username: of_context("username"), name: None }
}

fn read_call(call: &Value, contacts: &[Value]) -> Option<Call> {
    let by_customer = text_at(call, "direction") != Some("BUSINESS_INITIATED");
    let (phone, user_id) = if by_customer { ("from", "from_user_id") } else { ("to", "to_user_id") };
    let duration = seconds_at(call, "duration").map(|seconds| format!(", {seconds} s"));
    let ended = text_at(call, "event") == Some("terminate");
    let failed = call.get("status").is_some_and(|status| status.to_string().contains("FAILED"));
    let state = match (ended, failed) {
        (false, _) => ", ringing".to_owned(),
        (true, true) => ", not answered".to_owned(),
        (true, false) => duration.unwrap_or_default(),
    };
    Some(Call {
        id: kept_at(call, "id")?,
        with: complete(kept_at(call, phone), kept_at(call, user_id), contacts),
        by_customer,
        timestamp: seconds_at(call, "timestamp"),
        words: format!("Voice call{state}"),
        content: call.clone(),
    })
}

/// Adds what the contact of this phone or user id says of itself.
fn complete(phone: Option<String>, user_id: Option<String>, contacts: &[Value]) -> Sender {
    let phone = phone.map(|phone| digits(&phone)).filter(|phone| !phone.is_empty());
    let contact = contacts.iter().find(|contact| {
        let same = |key: &str, known: &Option<String>| known.is_some() && text_at(contact, key) == known.as_deref();
        same("user_id", &user_id) || same("wa_id", &phone)
    });
    let contact = contact.or(match contacts {
        [only] if phone.is_none() && user_id.is_none() => Some(only),
        _ => None,
    });
    let of_contact = |key: &str| contact.and_then(|contact| kept_at(contact, key));
    let profile = contact.and_then(|contact| contact.get("profile"));
    let of_profile = |key: &str| profile.and_then(|profile| kept_at(profile, key));
    let username = of_profile("username").map(|username| username.trim().trim_start_matches('@').to_owned());
    Sender {
        phone: phone.or_else(|| of_contact("wa_id").map(|phone| digits(&phone)).filter(|phone| !phone.is_empty())),
        user_id: user_id.or_else(|| of_contact("user_id")),
        name: of_profile("name"),
        username: username.filter(|username| !username.is_empty()),
    }
}

fn merged(one: Sender, other: &Sender) -> Sender {
    Sender {
        phone: one.phone.or_else(|| other.phone.clone()),
        user_id: one.user_id.or_else(|| other.user_id.clone()),
        name: one.name.or_else(|| other.name.clone()),
        username: one.username.or_else(|| other.username.clone()),
    }
}

fn digits(phone: &str) -> String {
    phone.trim().trim_start_matches('+').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    fn what_a_message_comes_from_is_noted() {
        let note = |message: Value| messages(&json!({ "messages": [message] })).remove(0).note;
        assert_eq!(note(json!({"context": {"forwarded": true}})).as_deref(), Some("forwarded"));
        let ad = json!({"referral": {"source_type": "ad", "headline": "Summer sale", "body": "All -20 %"}});
        assert_eq!(note(ad).as_deref(), Some("came from the ad \"Summer sale: All -20 %\""));
        let product = json!({"context": {"id": "w", "referred_product": {"product_retailer_id": "sku"}}});
        assert_eq!(note(product).as_deref(), Some("about the product sku"));
        assert_eq!(note(json!({"context": {"id": "w"}})), None);
    }

    #[test]
    fn what_was_said_before_has_two_sides() {
        let value = json!({"history": [{"metadata": {"phase": 0}, "threads": [{"id": "41790000001", "messages": [
            {"from": "15550001111", "id": "b", "timestamp": "2", "type": "text", "text": {"body": "hello"},
             "history_context": {"status": "READ"}},
            {"from": "41790000001", "id": "a", "timestamp": "1", "type": "text", "text": {"body": "hi"}},
        ]}]}]});
        let past = history(&value, "15550001111");
        assert!(matches!(&past[0], Past::Outbound(echo, Some(status))
            if echo.to.phone.as_deref() == Some("41790000001") && status == "READ"));
        assert!(matches!(&past[1], Past::Inbound(message) if message.from.phone.as_deref() == Some("41790000001")));
    }

    #[test]
    fn a_call_is_one_thing_that_ends() {
        let value = json!({"calls": [
            {"id": "wacid.1", "from": "41790000001", "event": "connect", "direction": "USER_INITIATED", "timestamp": "1"},
            {"id": "wacid.1", "from": "41790000001", "event": "terminate", "direction": "USER_INITIATED",
             "status": "COMPLETED", "duration": 42},
            {"event": "connect"},
        ]});
        let words: Vec<String> = calls(&value).into_iter().map(|call| call.words).collect();
        assert_eq!(words, ["Voice call, ringing", "Voice call, 42 s"]);
    }
}
