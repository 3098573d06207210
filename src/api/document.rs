//! The API's document: what the generator makes of the handlers, and what it does not say by itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::content::UNKNOWN;
use super::service;

const SCHEMAS: &str = "/components/schemas";
const META_DOOR: &str = "/webhook";
const REFERENCE: &str = "#/components/schemas/";

/// As `openapi.json` holds it.
pub fn document() -> String {
    format!("{}\n", serde_json::to_string_pretty(&*DOCUMENT).expect("JSON stays JSON"))
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value = serde_json::from_str(&service().spec()).expect("the generator writes JSON");
    let bodies = request_schemas(&document);
    let schemas = document.pointer_mut(SCHEMAS).and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let is_body = bodies.contains(name);
        tell_nullable(schema, is_body);
        if is_body {
            refuse_unknown(schema);
        }
    }
    let paths = document["paths"].as_object_mut().into_iter().flatten().flat_map(|(_, path)| path.as_object_mut());
    for (_, operation) in paths.flatten() {
        let contents = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        contents.into_iter().flatten().filter_map(|(_, content)| content.get_mut("schema")).for_each(refuse_unknown);
    }
    tell_unknown(&mut document);
    write_references_shortly(&mut document);
    write_whole(&mut document);
    document
});

/// A `type` that nobody knows is none of the known ones, so that of a union's structures only one fits.
fn tell_unknown(document: &mut Value) {
    for (name, known) in UNKNOWN {
        if let Some(word) = document.pointer_mut(&format!("{SCHEMAS}/{name}/properties/type")) {
            word["not"] = json!({ "enum": known });
        }
    }
}

/// The generator says what a reference is for twice, the second time as a structure of its own, which generators of
/// clients stumble over.
fn write_references_shortly(value: &mut Value) {
    if let Some(parts) = value.get_mut("allOf").and_then(Value::as_array_mut) {
        let says_nothing = |part: &Value| {
            part.as_object().is_some_and(|part| {
                part.keys().all(|key| matches!(key.as_str(), "description" | "nullable" | "default"))
            })
        };
        if parts.iter().any(|part| part.get("$ref").is_some()) {
            parts.retain(|part| !says_nothing(part));
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(write_references_shortly),
        Value::Array(items) => items.iter_mut().for_each(write_references_shortly),
        _ => {}
    }
}

/// The generator writes every bound as a fraction; of an integer that confuses readers.
fn write_whole(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let whole = field.as_f64().filter(|number| number.fract() == 0.0);
                match (name.as_str(), whole) {
                    ("minimum" | "maximum", Some(number)) => *field = json!(number as i64),
                    _ => write_whole(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole),
        _ => {}
    }
}

/// Every body refuses unknown fields: `deny_unknown_fields`.
fn refuse_unknown(schema: &mut Value) {
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = json!(false);
    }
}

/// What is not required may be null, both ways; only lists that we send never are.
fn tell_nullable(schema: &mut Value, is_body: bool) {
    let required: Vec<Value> = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        if required.iter().any(|required| required == name) || (!is_body && property["type"] == "array") {
            continue;
        }
        if property.get("$ref").is_some() {
            *property = json!({ "allOf": [property.take()] });
        }
        if let Some(property) = property.as_object_mut() {
            property.insert("nullable".to_owned(), json!(true));
        }
    }
}

/// The names of the schemas that JSON bodies are made of.
fn request_schemas(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flatten().filter_map(|(_, path)| path.as_object());
    let mut open: Vec<&Value> = operations
        .flatten()
        .filter_map(|(_, operation)| operation.pointer("/requestBody/content")?.as_object())
        .flatten()
        .filter(|(media_type, _)| media_type.starts_with("application/json"))
        .map(|(_, content)| content)
        .collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => {
                let name = text.strip_prefix(REFERENCE).filter(|name| found.insert((*name).to_owned()));
                open.extend(name.and_then(|name| document.pointer(&format!("{SCHEMAS}/{name}"))));
            }
            _ => {}
        }
    }
    found
}

/// The methods that `path` knows, as the header `Allow` lists them. What is not in the document is read only, but for
/// Meta's door.
pub fn allowed_methods(path: &str) -> String {
    let paths = DOCUMENT["paths"].as_object().into_iter().flatten().filter(|(template, _)| is_at(template, path));
    // The router takes a part that is written out before one that stands for any.
    let routed = paths.max_by_key(|(template, _)| template.split('/').map(|part| !is_any(part)).collect::<Vec<_>>());
    let operations = routed.and_then(|(_, operations)| operations.as_object());
    let mut methods: BTreeSet<String> =
        operations.into_iter().flat_map(|operations| operations.keys().map(|method| method.to_uppercase())).collect();
    if methods.is_empty() {
        methods.insert("GET".to_owned());
        if path.starts_with(META_DOOR) {
            methods.insert("POST".to_owned());
        }
    }
    if methods.contains("GET") {
        methods.insert("HEAD".to_owned());
    }
    methods.into_iter().collect::<Vec<_>>().join(", ")
}

fn is_at(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template.split('/').zip(path.split('/')).all(|(part, there)| is_any(part) || part == there)
}

fn is_any(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_methods() {
        assert_eq!(allowed_methods("/api/v1/agents"), "GET, HEAD, POST");
        assert_eq!(allowed_methods("/api/v1/agents/agt_1"), "DELETE, GET, HEAD, PATCH");
        assert_eq!(allowed_methods("/api/v1/agents/agt_1/try"), "POST");
        assert_eq!(allowed_methods("/api/v1/templates/sync"), "POST");
        assert_eq!(allowed_methods("/health/live"), "GET, HEAD");
    }

    /// Two resources that share a path would be written twice, and the second would hide the first.
    #[test]
    fn every_operation_is_in_the_document() {
        let written = service().spec().matches("\"operationId\"").count();
        assert_eq!(document().matches("\"operationId\"").count(), written);
    }

    #[test]
    fn bodies_refuse_what_they_do_not_know_and_answers_do_not() {
        let bodies = request_schemas(&DOCUMENT);
        for body in ["CreateAgent", "ModelSettings", "TextContent", "MessageContext", "SendTemplate", "TryLine"] {
            assert!(bodies.contains(body), "{body}");
        }
        assert!(!bodies.contains("Agent") && !bodies.contains("Problem"));
    }
}
