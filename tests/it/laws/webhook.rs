//! A webhook of any shape is read without a fall, and nothing of it costs a neighbour its place.

use serde_json::Value;
use switchboard::whatsapp::webhook::{self, Change, InboundMessage};

/// For any bytes: where they want to go is the same to the one who checks the signature and to the one who applies them.
pub fn holds(body: &[u8]) {
    let routes = webhook::routes(body);
    // What cannot be read is kept as a failed event, wherever it seemed to want to go.
    let Ok(read) = webhook::read(body) else { return };
    assert!(!read.to_string().contains("\\u0000"), "a NUL was left");
    let changes = webhook::changes(&read);
    assert!(changes.is_none() || routes.is_some(), "{read}");
    let (routes, changes) = (routes.unwrap_or_default(), changes.unwrap_or_default());
    for change in &changes {
        match (change.phone_number_id, change.waba_id) {
            (Some(id), _) => assert!(holds_id(&routes.phone_number_ids, id), "{id} of {read}"),
            (None, Some(id)) => assert!(holds_id(&routes.waba_ids, id), "{id} of {read}"),
            (None, None) => {}
        }
        check_change(change);
    }
}

/// The routes are read from the bytes as they came, with their NULs.
fn holds_id(ids: &[String], id: &str) -> bool {
    ids.iter().any(|known| known.replace('\0', "\u{FFFD}") == id)
}

fn check_change(change: &Change<'_>) {
    let listed = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let messages = webhook::messages(change.value);
    let sources = listed(change.value, "messages");
    assert_eq!(messages.len(), sources.len(), "every message has its place");
    for (message, source) in messages.iter().zip(&sources) {
        check_message(message, source);
    }
    if let Some(standby) = webhook::standby(change.value) {
        assert_eq!(webhook::messages(standby).len(), listed(standby, "messages").len());
    }
    let statuses = webhook::statuses(change.value);
    let calls = |status: &Value| status.get("type") == Some(&Value::from("call"));
    let sources: Vec<Value> = listed(change.value, "statuses").into_iter().filter(|status| !calls(status)).collect();
    assert_eq!(statuses.len(), sources.len(), "every status has its place");
    for (status, source) in statuses.iter().zip(&sources) {
        assert_eq!(
            status.wamid.as_deref(),
            source.get("id").and_then(Value::as_str).filter(|id| !id.trim().is_empty())
        );
        assert_eq!(status.status, source.get("status").and_then(Value::as_str).unwrap_or_default());
    }
}

fn check_message(message: &InboundMessage, source: &Value) {
    assert_eq!(message.content, *source, "it is kept whole, whatever it is");
    assert_eq!(message.kind, source.get("type").and_then(Value::as_str).unwrap_or("unknown"));
    let from = &message.from;
    let text = message.body.words();
    for told in [&message.wamid, &text, &from.phone, &from.user_id, &from.name, &from.username] {
        assert!(told.as_ref().is_none_or(|told| !told.trim().is_empty()), "a blank instead of nothing: {message:?}");
    }
    // What it says is the source's own words.
    if message.kind == "text" {
        let body = source.get("text").and_then(|text| text.get("body")).and_then(Value::as_str);
        assert_eq!(text.as_deref(), body.filter(|body| !body.trim().is_empty()));
    }
    // Asking is decided without a fall.
    let _ = message.asks();
}
