//! What we send: how it reads, and which files it carries. In Meta's shape, from Meta's object of the message's type.

use serde_json::Value;

use super::json::items;
use super::media::SENDABLE;

/// What our own ids of files begin with; all other ids are Meta's.
const OWN_FILE: &str = "med_";
/// What is shown as a voice message.
const VOICE: &[&str] = &["audio/ogg"];
const FILE_KINDS: [&str; 5] = ["image", "video", "audio", "document", "sticker"];

/// A file of ours within a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where its id stands, as a JSON pointer into Meta's object of the message's type, such as `/header/image/id`.
    pub pointer: String,
    /// The same for people: `header.image.id`.
    pub path: String,
    /// What Meta is to take it as: `image`, `video`, `audio`, `document` or `sticker`.
    pub kind: String,
    /// `med_...`
    pub id: String,
    /// An audio file that is shown as a voice message.
    pub is_voice: bool,
}

/// The files of ours that a message of the type `kind` carries, wherever they stand in it.
pub fn files(kind: &str, part: &Value) -> Vec<File> {
    let mut found = Vec::new();
    if FILE_KINDS.contains(&kind) {
        found.extend(file(kind, part, "", ""));
    }
    // A flow's data and a customer's cards are not ours to look into.
    if matches!(kind, "interactive" | "template") {
        collect(part, "", "", &mut found);
    }
    found
}

fn collect(value: &Value, pointer: &str, path: &str, found: &mut Vec<File>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "parameters" || value["name"].is_null()) {
                let pointer = format!("{pointer}/{name}");
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match FILE_KINDS.contains(&name.as_str()) {
                    true => found.extend(file(name, value, &pointer, &path)),
                    false => collect(value, &pointer, &path, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{index}"), &format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

fn file(kind: &str, value: &Value, pointer: &str, path: &str) -> Option<File> {
    let id = value.get("id")?.as_str().filter(|id| id.starts_with(OWN_FILE))?;
    let path = if path.is_empty() { "id".to_owned() } else { format!("{path}.id") };
    let is_voice = value.get("voice") == Some(&Value::Bool(true));
    Some(File { pointer: format!("{pointer}/id"), path, kind: kind.to_owned(), id: id.to_owned(), is_voice })
}

/// Why Meta would not take a file of this type and size as a `kind`.
pub fn refuses(kind: &str, is_voice: bool, media_type: &str, size_bytes: i64) -> Option<String> {
    let &(_, types, most) = SENDABLE.iter().find(|known| known.0 == kind)?;
    let types = if is_voice { VOICE } else { types };
    let plain = media_type.split(';').next().unwrap_or_default().trim();
    if !types.is_empty() && !types.contains(&plain) {
        return Some(format!("is a file of the type {plain}; here WhatsApp takes {}", types.join(", ")));
    }
    let is_too_large = u64::try_from(size_bytes).is_ok_and(|size| size > most);
    is_too_large.then(|| format!("is too large: here WhatsApp takes {} KB at the most", most / 1024))
}

/// How a message of the type `kind` reads, if it says anything.
pub fn words(kind: &str, part: &Value) -> Option<String> {
    let at = |key: &str| text(part, key).map(str::to_owned);
    let words = match kind {
        "text" => at("body"),
        "image" | "video" | "document" => at("caption").or_else(|| at("filename")),
        "reaction" => at("emoji"),
        "location" => Some(location(part)),
        "contacts" => Some(cards(part)),
        "interactive" => Some(interactive(part)),
        "template" => at("name").map(|name| format!("[{name}]")),
        _ => None,
    };
    words.filter(|words| !words.trim().is_empty())
}

fn location(part: &Value) -> String {
    let place = format!("{}, {}", written(&part["latitude"]), written(&part["longitude"]));
    let named: Vec<&str> = ["name", "address"].iter().filter_map(|key| text(part, key)).collect();
    if named.is_empty() { place } else { format!("{} ({place})", named.join(", ")) }
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cards(part: &Value) -> String {
    let card = |card: &Value| {
        let phones = items(card, "phones").iter().filter_map(|phone| text(phone, "phone"));
        text(&card["name"], "formatted_name").into_iter().chain(phones).collect::<Vec<_>>().join(" ")
    };
    part.as_array().into_iter().flatten().map(card).collect::<Vec<_>>().join("; ")
}

fn interactive(part: &Value) -> String {
    let header = text(&part["header"], "text");
    let lines = [header, text(&part["body"], "text"), text(&part["footer"], "text")];
    let mut lines: Vec<String> = lines.into_iter().flatten().map(str::to_owned).collect();
    lines.extend(taps(&part["action"]));
    for card in items(&part["action"], "cards") {
        lines.extend(text(&card["body"], "text").map(str::to_owned));
        lines.extend(taps(&card["action"]));
    }
    lines.join("\n")
}

/// What can be tapped, each in brackets.
fn taps(action: &Value) -> Vec<String> {
    let buttons = items(action, "buttons")
        .iter()
        .filter_map(|button| ["reply", "quick_reply"].iter().find_map(|kind| text(&button[*kind], "title")));
    let opener = text(action, "button");
    let rows = items(action, "sections").iter().flat_map(|section| {
        let rows = items(section, "rows").iter().filter_map(|row| text(row, "title"));
        let products = items(section, "product_items").iter().filter_map(|item| text(item, "product_retailer_id"));
        rows.chain(products)
    });
    let parameters = &action["parameters"];
    let call = text(parameters, "display_text").or_else(|| text(parameters, "flow_cta"));
    let product = text(action, "product_retailer_id");
    let shown = buttons.chain(opener).chain(rows).chain(call).chain(product);
    shown.map(|title| format!("[{title}]")).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_of_ours_are_found_wherever_they_stand() {
        let found = |kind, part: Value| -> Vec<(String, String)> {
            let files = files(kind, &part);
            for file in &files {
                assert_eq!(part.pointer(&file.pointer), Some(&json!(file.id)), "the pointer leads to it");
            }
            files.into_iter().map(|file| (file.path, file.kind)).collect()
        };
        let at = |path: &str, kind: &str| (path.to_owned(), kind.to_owned());
        assert_eq!(found("image", json!({"id": "med_1"})), [at("id", "image")]);
        assert_eq!(found("image", json!({"id": "4711"})), []);
        assert_eq!(
            found("interactive", json!({"header": {"type": "video", "video": {"id": "med_1"}}})),
            [at("header.video.id", "video")]
        );
        let template = json!({"components": [{"type": "carousel", "cards": [{"components":
            [{"type": "header", "parameters": [{"type": "image", "image": {"id": "med_1"}}]}]}]}]});
        assert_eq!(
            found("template", template),
            [at("components[0].cards[0].components[0].parameters[0].image.id", "image")]
        );
        let flow = json!({"action": {"name": "flow", "parameters": {"flow_action_payload": {"data": {"image": {"id": "med_1"}}}}}});
        assert_eq!(found("interactive", flow), []);
    }

    #[test]
    fn meta_takes_some_types_up_to_some_size() {
        assert_eq!(refuses("image", false, "image/png", 5 * 1024 * 1024), None);
        assert!(refuses("image", false, "image/png", 5 * 1024 * 1024 + 1).is_some());
        assert!(refuses("image", false, "image/webp", 1).is_some());
        assert_eq!(refuses("audio", true, "audio/ogg; codecs=opus", 1), None);
        assert!(refuses("audio", true, "audio/mpeg", 1).is_some());
        assert_eq!(refuses("document", false, "application/zip", 1), None);
    }

    #[test]
    fn what_is_sent_reads_as_the_customer_sees_it() {
        let buttons = json!({"type": "button", "header": {"type": "text", "text": "Order"}, "body": {"text": "Confirm?"},
            "footer": {"text": "Miga"}, "action": {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]}});
        assert_eq!(words("interactive", &buttons).as_deref(), Some("Order\nConfirm?\nMiga\n[Yes]"));
        let place = json!({"latitude": "47.37", "longitude": 8.54, "name": "n"});
        assert_eq!(words("location", &place).as_deref(), Some("n (47.37, 8.54)"));
        assert_eq!(words("sticker", &json!({"id": "1"})), None);
    }
}
