//! Whether a message has the shape Meta asks for: one file a family of types.
//!
//! Only what stands in the message is judged here; whether a file, a template or a quoted message exists is not.

mod cards;
mod content;
mod interactive;
mod template;

use serde_json::Value;

use super::error::GraphError;

type Checked = Result<(), GraphError>;
/// Judges a part of a message, given the message's type.
type Judge = fn(&str, &Value) -> Checked;

/// Each type and what judges its content.
const TYPES: [(&str, Judge); 11] = [
    ("audio", content::media),
    ("contacts", content::contacts),
    ("document", content::media),
    ("image", content::media),
    ("interactive", interactive::check),
    ("location", content::location),
    ("reaction", content::reaction),
    ("sticker", content::media),
    ("template", template::check),
    ("text", content::text),
    ("video", content::media),
];

const MAX_CALLBACK_DATA: usize = 512;

/// Refuses a body that is no message; answers its type.
pub(super) fn message(body: &Value) -> Result<&str, GraphError> {
    product(body)?;
    let callback_data = body.get("biz_opaque_callback_data");
    if callback_data.is_some_and(|data| data.as_str().is_none_or(|data| data.chars().count() > MAX_CALLBACK_DATA)) {
        return Err(GraphError::parameter("biz_opaque_callback_data must be a string of at most 512 characters."));
    }
    if body.get("recipient_type").is_some_and(|kind| kind != "individual") {
        return Err(GraphError::parameter("Param recipient_type must be one of {INDIVIDUAL}."));
    }
    if body.get("context").is_some_and(|context| string(context, "message_id").is_none()) {
        return Err(GraphError::parameter("The parameter context['message_id'] is required."));
    }
    let kind = string(body, "type").ok_or_else(|| GraphError::parameter("The parameter type is required."))?;
    let Some((_, check)) = TYPES.iter().find(|(name, _)| *name == kind) else {
        let names: Vec<String> = TYPES.iter().map(|(name, _)| name.to_uppercase()).collect();
        let names = names.join(", ");
        return Err(GraphError::parameter(format!("Param type must be one of {{{names}}} - got \"{kind}\".")));
    };
    if kind == "reaction" && body.get("context").is_some() {
        return Err(GraphError::parameter("Unexpected key \"context\" on a reaction."));
    }
    let part = body.get(kind).filter(|part| part.is_object() || part.is_array());
    check(kind, part.ok_or_else(|| GraphError::missing(kind))?)?;
    Ok(kind)
}

/// Every call to `/messages` names the product.
pub(super) fn product(body: &Value) -> Checked {
    if body["messaging_product"] == "whatsapp" {
        return Ok(());
    }
    Err(GraphError::parameter("The parameter messaging_product is required and must be \"whatsapp\"."))
}

/// Media by the id of an upload or by a link, never by neither.
pub(super) fn media_source(part: &Value, name: &str) -> Checked {
    if string(part, "id").is_some() {
        return Ok(());
    }
    let link = string(part, "link").ok_or_else(|| GraphError::missing(&format!("{name}['id'] or {name}['link']")))?;
    web_address(link, &format!("{name}['link']"))
}

fn web_address(url: &str, name: &str) -> Checked {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(());
    }
    Err(GraphError::parameter(format!("Param {name} is not a valid URL.")))
}

/// A list of an allowed length.
fn list<'a>(part: &'a Value, key: &str, least: usize, most: usize, name: &str) -> Result<&'a [Value], GraphError> {
    let items = part[key].as_array().map(Vec::as_slice).unwrap_or_default();
    if (least..=most).contains(&items.len()) {
        return Ok(items);
    }
    let details = format!("Invalid {name} count. Min: {least}, max: {most}.");
    Err(GraphError::coded(131_009, details))
}

/// A string that must be there, and not longer than so.
fn bounded<'a>(part: &'a Value, key: &str, most: usize, name: &str) -> Result<&'a str, GraphError> {
    let text = string(part, key).ok_or_else(|| GraphError::missing(name))?;
    longest(text, most, name)?;
    Ok(text)
}

/// A string that, if it is there, is not longer than so.
fn at_most(part: &Value, key: &str, most: usize, name: &str) -> Checked {
    string(part, key).map_or(Ok(()), |text| longest(text, most, name))
}

fn required(part: &Value, key: &str, name: &str) -> Checked {
    string(part, key).map(|_| ()).ok_or_else(|| GraphError::missing(name))
}

fn all_differ<'a>(texts: impl Iterator<Item = &'a str>, name: &str) -> Checked {
    let mut seen: Vec<&str> = texts.collect();
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() == count { Ok(()) } else { Err(GraphError::coded(131_009, format!("Duplicated {name}."))) }
}

pub(super) fn longest(text: &str, most: usize, name: &str) -> Checked {
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
mod tests;
