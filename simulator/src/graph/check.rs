//! Whether a message has the shape Meta asks for.
//!
//! Text is checked as Meta does it; of the other types only what a sender most often gets wrong.

use serde_json::Value;

use super::error::GraphError;

const TYPES: [&str; 11] = [
    "audio",
    "contacts",
    "document",
    "image",
    "interactive",
    "location",
    "reaction",
    "sticker",
    "template",
    "text",
    "video",
];

const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;
const MAX_CALLBACK_DATA: usize = 512;

/// Refuses a body that is no message; answers its type.
pub(super) fn message(body: &Value) -> Result<&str, GraphError> {
    product(body)?;
    let callback_data = body.get("biz_opaque_callback_data");
    if callback_data.is_some_and(|data| data.as_str().is_none_or(|data| data.chars().count() > MAX_CALLBACK_DATA)) {
        return Err(GraphError::parameter("biz_opaque_callback_data must be a string of at most 512 characters."));
    }
    if body.get("context").is_some_and(|context| string(context, "message_id").is_none()) {
        return Err(GraphError::parameter("The parameter context['message_id'] is required."));
    }
    let kind = string(body, "type").ok_or_else(|| GraphError::parameter("The parameter type is required."))?;
    if !TYPES.contains(&kind) {
        let types = TYPES.join(", ").to_uppercase();
        return Err(GraphError::parameter(format!("Param type must be one of {{{types}}} - got \"{kind}\".")));
    }
    let part = body.get(kind).filter(|part| part.is_object() || part.is_array());
    content(kind, part.ok_or_else(|| GraphError::missing(kind))?)?;
    Ok(kind)
}

/// Every call to `/messages` names the product.
pub(super) fn product(body: &Value) -> Result<(), GraphError> {
    if body["messaging_product"] == "whatsapp" {
        return Ok(());
    }
    Err(GraphError::parameter("The parameter messaging_product is required and must be \"whatsapp\"."))
}

fn content(kind: &str, part: &Value) -> Result<(), GraphError> {
    match kind {
        "text" => text(part),
        "image" | "video" | "document" | "audio" | "sticker" => media(kind, part),
        "location" => location(part),
        "contacts" => contacts(part),
        "reaction" => required(part, "message_id", "reaction['message_id']"),
        "template" => template(part),
        _ => interactive(part),
    }
}

fn text(part: &Value) -> Result<(), GraphError> {
    let body = string(part, "body").ok_or_else(|| GraphError::parameter("The parameter text['body'] is required."))?;
    longest(body, MAX_TEXT, "text['body']")
}

fn media(kind: &str, part: &Value) -> Result<(), GraphError> {
    if string(part, "id").is_none() && string(part, "link").is_none() {
        return Err(GraphError::missing(&format!("{kind}['id'] or {kind}['link']")));
    }
    let Some(caption) = string(part, "caption") else { return Ok(()) };
    if matches!(kind, "audio" | "sticker") {
        return Err(GraphError::parameter(format!("Unexpected key \"caption\" on param \"{kind}\".")));
    }
    longest(caption, MAX_CAPTION, &format!("{kind}['caption']"))
}

fn location(part: &Value) -> Result<(), GraphError> {
    let is_degree = |key: &str| part[key].is_number() || part[key].as_str().is_some_and(|n| n.parse::<f64>().is_ok());
    if is_degree("latitude") && is_degree("longitude") {
        return Ok(());
    }
    Err(GraphError::missing("location['latitude'], location['longitude']"))
}

fn contacts(part: &Value) -> Result<(), GraphError> {
    let contacts = part.as_array().filter(|contacts| (1..=257).contains(&contacts.len()));
    let contacts = contacts.ok_or_else(|| GraphError::parameter("contacts must hold between 1 and 257 items."))?;
    contacts.iter().try_for_each(|c| required(&c["name"], "formatted_name", "contacts['name']['formatted_name']"))
}

fn template(part: &Value) -> Result<(), GraphError> {
    required(part, "name", "template['name']")?;
    required(&part["language"], "code", "template['language']['code']")
}

fn interactive(part: &Value) -> Result<(), GraphError> {
    required(part, "type", "interactive['type']")?;
    if !part["action"].is_object() {
        return Err(GraphError::missing("interactive['action']"));
    }
    required(&part["body"], "text", "interactive['body']['text']")?;
    let body = string(&part["body"], "text").unwrap_or_default();
    longest(body, if part["type"] == "list" { 4096 } else { 1024 }, "interactive['body']['text']")?;
    match part["type"].as_str() {
        Some("button") => buttons(&part["action"]),
        Some("list") => list(&part["action"]),
        _ => Ok(()),
    }
}

fn buttons(action: &Value) -> Result<(), GraphError> {
    let buttons = action["buttons"].as_array().filter(|buttons| (1..=3).contains(&buttons.len()));
    let buttons = buttons.ok_or_else(|| GraphError::of(131009, 400, "Invalid buttons count. Min: 1, max: 3."))?;
    for button in buttons {
        required(&button["reply"], "id", "button['reply']['id']")?;
        required(&button["reply"], "title", "button['reply']['title']")?;
        longest(string(&button["reply"], "title").unwrap_or_default(), 20, "button['reply']['title']")?;
    }
    Ok(())
}

fn list(action: &Value) -> Result<(), GraphError> {
    required(action, "button", "interactive['action']['button']")?;
    let sections = action["sections"].as_array().into_iter().flatten();
    let rows: Vec<&Value> = sections.flat_map(|section| section["rows"].as_array().into_iter().flatten()).collect();
    if !(1..=10).contains(&rows.len()) {
        return Err(GraphError::of(131009, 400, "Total row count must be between 1 and 10."));
    }
    for row in rows {
        required(row, "id", "row['id']")?;
        required(row, "title", "row['title']")?;
        longest(string(row, "title").unwrap_or_default(), 24, "row['title']")?;
    }
    Ok(())
}

fn required(part: &Value, key: &str, name: &str) -> Result<(), GraphError> {
    string(part, key).map(|_| ()).ok_or_else(|| GraphError::missing(name))
}

fn longest(text: &str, most: usize, name: &str) -> Result<(), GraphError> {
    if text.chars().count() <= most {
        return Ok(());
    }
    Err(GraphError::parameter(format!("Param {name} must be at most {most} characters long.")))
}

/// A string that says something.
fn string<'a>(part: &'a Value, key: &str) -> Option<&'a str> {
    part.get(key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(part: Value) -> &'static str {
        let mut body = json!({"messaging_product": "whatsapp", "to": "+15550002222"});
        for (key, value) in part.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        if message(&body).is_ok() { "good" } else { "refused" }
    }

    #[test]
    fn shapes_are_judged_as_meta_would() {
        let button = |title: &str| json!({"type": "reply", "reply": {"id": "1", "title": title}});
        let buttons = |buttons: Vec<Value>| {
            json!({"type": "interactive", "interactive":
                {"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}}})
        };
        let cases = [
            (json!({"type": "text", "text": {"body": "ä".repeat(4096)}}), "good"),
            (json!({"type": "text", "text": {"body": "ä".repeat(4097)}}), "refused"),
            (json!({"type": "text", "text": {"body": ""}}), "refused"),
            (json!({"type": "text"}), "refused"),
            (json!({"type": "poem", "poem": {}}), "refused"),
            (json!({"type": "image", "image": {"link": "https://x.test/a.png", "caption": "a"}}), "good"),
            (json!({"type": "image", "image": {"caption": "a"}}), "refused"),
            (json!({"type": "audio", "audio": {"id": "1", "caption": "a"}}), "refused"),
            (json!({"type": "location", "location": {"latitude": "47.3", "longitude": 8}}), "good"),
            (json!({"type": "contacts", "contacts": []}), "refused"),
            (json!({"type": "template", "template": {"name": "t", "language": {"code": "en"}}}), "good"),
            (buttons(vec![button("Yes")]), "good"),
            (buttons(vec![button("This title is far too long")]), "refused"),
            (buttons(vec![]), "refused"),
            (json!({"type": "text", "text": {"body": "a"}, "biz_opaque_callback_data": "x".repeat(513)}), "refused"),
        ];
        for (part, expected) in cases {
            assert_eq!(verdict(part.clone()), expected, "{part}");
        }
    }
}
