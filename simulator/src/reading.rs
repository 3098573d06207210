//! A Cloud API message as somebody looking at a phone would read it.

use chrono::{DateTime, SubsecRound, Utc};
use serde_json::Value;

use crate::{
    bubble::{Bubble, BubbleStatus, Side},
    settings::Number,
};

/// A message's content that is longer than this as text is not kept.
const MAX_CONTENT: usize = 64 * 1024;

impl Bubble {
    /// The bubble a message makes; both directions share Meta's shape.
    pub(crate) fn of(
        message: &Value,
        from: Side,
        status: BubbleStatus,
        wamid: &str,
        number: &Number,
        at: DateTime<Utc>,
    ) -> Self {
        let kind = message["type"].as_str().unwrap_or("unsupported");
        let quoted = ["/context/message_id", "/context/id", "/reaction/message_id"];
        Self {
            from,
            kind: kind.to_owned(),
            text: text_of(kind, &message[kind]),
            status,
            wamid: wamid.to_owned(),
            at: at.trunc_subsecs(3),
            number: number.phone_number_id.clone(),
            reply_to: quoted.iter().find_map(|path| message.pointer(path)?.as_str()).map(str::to_owned),
            error: None,
            content: kept(kind, &message[kind]),
            shown: None,
            media_url: None,
            reactions: Vec::new(),
            forwarded: ["forwarded", "frequently_forwarded"].iter().any(|key| message["context"][*key] == true),
            edited: false,
            revoked: false,
        }
    }
}

/// What a bubble keeps of its message: all of it, as long as it is of a size people send. Of a plain text nothing, since
/// the bubble's own text says it all, and there may be millions of them.
fn kept(kind: &str, body: &Value) -> Value {
    let is_plain = kind == "text" && body.as_object().is_some_and(|body| body.keys().all(|key| key == "body"));
    let is_short = || body.to_string().len() <= MAX_CONTENT;
    if !is_plain && is_short() { body.clone() } else { Value::Null }
}

pub(crate) fn text_of(kind: &str, body: &Value) -> String {
    match kind {
        "text" => text(body, "body").to_owned(),
        "image" | "video" | "document" => media_text(kind, body),
        "audio" if body["voice"] == true => "🎤 Voice message".to_owned(),
        "audio" => "🎵 Audio".to_owned(),
        "sticker" => "Sticker".to_owned(),
        "location" => joined("📍", &[text(body, "name"), text(body, "address")], "Location"),
        "contacts" => joined("👤", &contact_names(body), "Contact"),
        "reaction" => text(body, "emoji").to_owned(),
        "template" => template_text(body),
        "interactive" => interactive_text(body),
        "button" => text(body, "text").to_owned(),
        "system" => text(body, "body").to_owned(),
        "order" => joined("🛒", &[text(body, "text")], "Order"),
        other => format!("({other})"),
    }
}

fn media_text(kind: &str, body: &Value) -> String {
    let (icon, word) = match kind {
        "image" => ("📷", "Photo"),
        "video" => ("🎬", "Video"),
        _ => ("📄", "Document"),
    };
    joined(icon, &[text(body, "filename"), text(body, "caption")], word)
}

fn template_text(body: &Value) -> String {
    let parameters = body["components"].as_array().into_iter().flatten();
    let values: Vec<&str> = parameters
        .flat_map(|component| component["parameters"].as_array().into_iter().flatten())
        .filter_map(|parameter| parameter["text"].as_str())
        .collect();
    let name = text(body, "name");
    if values.is_empty() { format!("[{name}]") } else { format!("[{name}] {}", values.join(" · ")) }
}

/// The words of an interactive message, with its choices below as lines of their own.
fn interactive_text(body: &Value) -> String {
    let answers = ["/button_reply/title", "/list_reply/title", "/nfm_reply/body"];
    if let Some(answer) = answers.iter().find_map(|path| body.pointer(path)?.as_str()) {
        return answer.to_owned();
    }
    let mut lines: Vec<String> = ["/header/text", "/body/text", "/footer/text"]
        .iter()
        .filter_map(|path| body.pointer(path)?.as_str().map(str::to_owned))
        .collect();
    let action = &body["action"];
    let buttons = action["buttons"].as_array().into_iter().flatten().map(|button| text(&button["reply"], "title"));
    let sections = action["sections"].as_array().into_iter().flatten();
    let rows = sections.flat_map(|section| section["rows"].as_array().into_iter().flatten());
    let link = action.pointer("/parameters/display_text").and_then(Value::as_str);
    let choices = buttons.chain(rows.map(|row| text(row, "title"))).chain(link);
    lines.extend(choices.map(|choice| format!("▸ {choice}")));
    lines.join("\n")
}

fn contact_names(body: &Value) -> Vec<&str> {
    let contacts = body.as_array().into_iter().flatten();
    contacts.filter_map(|contact| contact.pointer("/name/formatted_name")?.as_str()).collect()
}

fn joined(icon: &str, parts: &[&str], otherwise: &str) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { format!("{icon} {otherwise}") } else { format!("{icon} {}", parts.join(" · ")) }
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap_or_default()
}
