//! JSON and JSON Lines: each object of a list is a row, whose names are the ways to its values.

use serde_json::{Deserializer, Map, Value};

use super::{Body, Part, ReadError};

/// Deeper than anybody keeps what customers ask for.
const MAX_DEPTH: usize = 32;

/// Records as lines of `name: value`, each a text of its own.
pub fn read(text: &str) -> Result<Vec<Part>, ReadError> {
    let mut values = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        values.push(value.map_err(|error| ReadError::Json { line: error.line(), problem: error.to_string() })?);
    }
    let mut parts = Vec::new();
    for value in values {
        records(value, None, &mut parts);
    }
    Ok(parts)
}

/// A list gives a record for each of its items; an object of lists gives those of each, under its name.
fn records(value: Value, title: Option<String>, parts: &mut Vec<Part>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| push(&item, title.clone(), parts)),
        Value::Object(members) => {
            let (lists, rest): (Map<_, _>, Map<_, _>) =
                members.into_iter().partition(|(_, value)| holds_records(value));
            if !rest.is_empty() {
                push(&Value::Object(rest), title.clone(), parts);
            }
            for (name, list) in lists {
                let title = title.as_ref().map_or_else(|| name.clone(), |title| format!("{title} > {name}"));
                records(list, Some(title), parts);
            }
        }
        other => push(&other, title, parts),
    }
}

fn holds_records(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
}

fn push(value: &Value, title: Option<String>, parts: &mut Vec<Part>) {
    let mut lines = Vec::new();
    flatten(value, String::new(), 0, &mut lines);
    if !lines.is_empty() {
        parts.push(Part { page: None, title, body: Body::Text(lines.join("\n")) });
    }
}

fn flatten(value: &Value, name: String, depth: usize, lines: &mut Vec<String>) {
    let line = |text: String| if name.is_empty() { text } else { format!("{name}: {text}") };
    match value {
        Value::Null => {}
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(text) => lines.push(line(text.trim().to_owned())),
        Value::Bool(is) => lines.push(line(is.to_string())),
        Value::Number(number) => lines.push(line(number.to_string())),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let words: Vec<String> = items.iter().filter(|item| !item.is_null()).map(word).collect();
            if !words.is_empty() {
                lines.push(line(words.join(", ")));
            }
        }
        _ if depth == MAX_DEPTH => lines.push(line(value.to_string())),
        Value::Array(items) => items.iter().for_each(|item| flatten(item, name.clone(), depth + 1, lines)),
        Value::Object(members) => {
            for (key, value) in members {
                let name = if name.is_empty() { key.clone() } else { format!("{name} {key}") };
                flatten(value, name, depth + 1, lines);
            }
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> Vec<(Option<String>, String)> {
        let text = |part: Part| match part.body {
            Body::Text(text) => (part.title, text),
            _ => panic!("not text"),
        };
        read(json).expect("JSON").into_iter().map(text).collect()
    }

    #[test]
    fn a_record_is_written_with_the_names_of_its_values() {
        let json = r#"{"shop": "Miga", "open": {"sunday": "8 to 13"}, "products": [
            {"name": "Rye bread", "price": 7.40, "contains": ["rye", "salt"], "note": null},
            {"name": "Roll", "sizes": [{"unit": "piece", "price": 0.6}]}]}"#;
        assert_eq!(
            texts(json),
            [
                (None, "open sunday: 8 to 13\nshop: Miga".to_owned()),
                (Some("products".to_owned()), "contains: rye, salt\nname: Rye bread\nprice: 7.4".to_owned()),
                (Some("products".to_owned()), "name: Roll\nsizes price: 0.6\nsizes unit: piece".to_owned()),
            ]
        );
        assert_eq!(texts("{\"a\": 1}\n{\"a\": 2}\n").len(), 2, "JSON Lines");
    }

    #[test]
    fn broken_json_says_where() {
        let error = read("[\n{\"a\": 1},\n{\"a\" 2}]").expect_err("broken");
        assert!(matches!(&error, ReadError::Json { line: 3, .. }), "{error}");
    }
}
