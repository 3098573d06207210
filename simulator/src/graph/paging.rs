//! Lists by the page, with Graph's cursors, and nodes with only the fields that were asked for.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    call::{Head, Outcome},
    error::GraphError,
};

const PAGE: usize = 25;

/// One page of items; each is named by a key that cursors can hold.
pub(super) fn page(head: &Head, most: usize, items: Vec<(String, Value)>) -> Result<Outcome, GraphError> {
    let limit = head.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE).clamp(1, most);
    let place = |name: &str| head.query(name).map(|cursor| place_of(cursor, &items)).transpose();
    let (start, end) = match (place("after")?, place("before")?) {
        (Some(after), _) => (after + 1, (after + 1 + limit).min(items.len())),
        (None, Some(before)) => (before.saturating_sub(limit), before),
        (None, None) => (0, limit.min(items.len())),
    };
    let start = start.min(end);
    let shown = &items[start..end];
    let data: Vec<Value> = shown.iter().map(|(_, item)| item.clone()).collect();
    let mut body = json!({"data": data});
    if let (Some((first, _)), Some((last, _))) = (shown.first(), shown.last()) {
        let (before, after) = (cursor(first), cursor(last));
        let link = |name: &str, cursor: &str| {
            format!("{}{}?{}{name}={cursor}", head.base, head.path, head.query_without(&["after", "before"]))
        };
        body["paging"] = json!({"cursors": {"before": before, "after": after}});
        if end < items.len() {
            body["paging"]["next"] = json!(link("after", &after));
        }
        if start > 0 {
            body["paging"]["previous"] = json!(link("before", &before));
        }
    }
    Ok(Outcome::done(body))
}

/// Only the fields the query names, and the id; without a wish all of them.
pub(super) fn with_fields(head: &Head, node: Value) -> Value {
    let (wanted, mut node) = match (head.query("fields"), node) {
        (Some(wanted), Value::Object(node)) => (wanted, node),
        (_, node) => return node,
    };
    let wanted: Vec<&str> = wanted.split(',').map(plain_name).collect();
    node.retain(|key, _| key == "id" || wanted.contains(&key.as_str()));
    Value::Object(node)
}

/// A field without its own fields, as in `owner{id}` or `image.format(SVG)`.
fn plain_name(field: &str) -> &str {
    field.trim().split(['{', '.', '(']).next().unwrap_or_default()
}

fn cursor(key: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(key)
}

fn place_of(cursor: &str, items: &[(String, Value)]) -> Result<usize, GraphError> {
    let key = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = key.and_then(|key| items.iter().position(|(other, _)| *other == key));
    place.ok_or_else(|| GraphError::coded(131_059, "The cursor is not valid. Start again without one."))
}
