//! Reading Meta's JSON, where any field may be missing or of another kind than it was last week.

use serde_json::Value;

pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

pub fn text_at<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// Text that says something.
pub fn written_at<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    text_at(value, key).filter(|text| !text.trim().is_empty())
}

/// The same, to keep.
pub fn kept_at(value: &Value, key: &str) -> Option<String> {
    written_at(value, key).map(str::to_owned)
}

/// Meta writes seconds as a string here and as a number there.
pub fn seconds_at(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

/// A number, however it is written.
pub fn number_at(value: &Value, key: &str) -> Option<f64> {
    match value.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

pub fn is_true(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}
