//! Text, files, places, contact cards and reactions.

use serde_json::Value;

use super::{Checked, GraphError, at_most, longest, media_source, required, string};

const MAX_TEXT: usize = 4096;
const MAX_CAPTION: usize = 1024;
const MAX_CONTACTS: usize = 257;
/// What a contact's name has beside the whole of it.
const NAME_PARTS: [&str; 5] = ["first_name", "last_name", "middle_name", "suffix", "prefix"];

pub(super) fn text(_: &str, part: &Value) -> Checked {
    let body = string(part, "body").ok_or_else(|| GraphError::parameter("The parameter text['body'] is required."))?;
    longest(body, MAX_TEXT, "text['body']")
}

pub(super) fn media(kind: &str, part: &Value) -> Checked {
    media_source(part, kind)?;
    if part.get("filename").is_some() && kind != "document" {
        return Err(GraphError::parameter(format!("Unexpected key \"filename\" on param \"{kind}\".")));
    }
    if part.get("voice").is_some_and(|voice| kind != "audio" || !voice.is_boolean()) {
        return Err(GraphError::parameter(format!("Unexpected key \"voice\" on param \"{kind}\".")));
    }
    if string(part, "caption").is_some() && matches!(kind, "audio" | "sticker") {
        return Err(GraphError::parameter(format!("Unexpected key \"caption\" on param \"{kind}\".")));
    }
    at_most(part, "caption", MAX_CAPTION, &format!("{kind}['caption']"))
}

pub(super) fn location(_: &str, part: &Value) -> Checked {
    let degree = |key: &str| part[key].as_f64().or_else(|| part[key].as_str()?.parse().ok());
    let (Some(latitude), Some(longitude)) = (degree("latitude"), degree("longitude")) else {
        return Err(GraphError::missing("location['latitude'], location['longitude']"));
    };
    if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 {
        return Ok(());
    }
    Err(GraphError::parameter("Param location is not a place on Earth."))
}

pub(super) fn contacts(_: &str, part: &Value) -> Checked {
    let contacts = part.as_array().filter(|contacts| (1..=MAX_CONTACTS).contains(&contacts.len()));
    let contacts = contacts.ok_or_else(|| GraphError::parameter("contacts must hold between 1 and 257 items."))?;
    for contact in contacts {
        required(&contact["name"], "formatted_name", "contacts['name']['formatted_name']")?;
        if !NAME_PARTS.iter().any(|key| string(&contact["name"], key).is_some()) {
            return Err(GraphError::parameter("contacts['name'] needs one more part beside formatted_name."));
        }
    }
    Ok(())
}

pub(super) fn reaction(_: &str, part: &Value) -> Checked {
    required(part, "message_id", "reaction['message_id']")?;
    let emoji = part["emoji"].as_str().ok_or_else(|| GraphError::missing("reaction['emoji']"))?;
    // One emoji can be many characters, but is no sentence and holds no letters.
    if emoji.chars().count() <= 12 && !emoji.chars().any(|c| c.is_ascii_alphabetic()) {
        return Ok(());
    }
    Err(GraphError::coded(131_009, "Param reaction['emoji'] must be one emoji."))
}
