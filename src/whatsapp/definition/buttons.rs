//! Buttons of a template: how many of which kind, in which order, and what their fields say of each other.

use serde_json::Value;

use super::{Faults, kind, texts};

const MAX_QUICK_REPLIES: usize = 10;

/// How many of a kind there may be.
fn most(kind: &str) -> usize {
    match kind {
        "QUICK_REPLY" => MAX_QUICK_REPLIES,
        "URL" => 2,
        _ => 1,
    }
}

pub fn check(category: &str, component: &Value, at: &str, faults: &mut Faults) {
    let buttons = component.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let field = format!("{at}.buttons");
    let kinds: Vec<&str> = buttons.iter().map(kind).collect();
    for (place, kind) in kinds.iter().enumerate() {
        let before = kinds[..place].iter().filter(|other| *other == kind).count();
        if before == most(kind) {
            faults.add(
                format!("{field}[{place}].type"),
                format!("there may be {} of type {kind} at the most", most(kind)),
            );
        }
    }
    let quick = |kind: &&str| *kind == "QUICK_REPLY";
    let mut runs = kinds.clone();
    runs.dedup_by_key(|kind| quick(kind));
    if runs.len() > 2 {
        faults.add(&field, "quick replies must stand together, before or after the other buttons");
    }
    for (place, button) in buttons.iter().enumerate() {
        let at = format!("{field}[{place}]");
        if (kind(button) == "OTP") != (category == "AUTHENTICATION") {
            faults.add(format!("{at}.type"), "OTP is the button of AUTHENTICATION templates, and they have no other");
        }
        check_button(button, &at, faults);
    }
}

fn check_button(button: &Value, at: &str, faults: &mut Faults) {
    let text = |key: &str| button.get(key).and_then(Value::as_str);
    if text("text").is_some_and(|label| label.contains("{{")) {
        faults.add(format!("{at}.text"), "may have no variables");
    }
    match kind(button) {
        "URL" => check_url(button, at, faults),
        "FLOW" if !["flow_id", "flow_name", "flow_json"].iter().any(|key| text(key).is_some()) => {
            faults.add(format!("{at}.flow_id"), "name the flow: flow_id, flow_name or flow_json");
        }
        _ => {}
    }
}

fn check_url(button: &Value, at: &str, faults: &mut Faults) {
    let url = button.get("url").and_then(Value::as_str).unwrap_or_default();
    let variables = texts::variables(url);
    if variables.is_empty() {
        return;
    }
    if variables.len() > 1 || !url.ends_with("}}") || url.matches("{{").count() > 1 {
        faults.add(format!("{at}.url"), "may have one variable, at its end");
    }
    if example(button).is_none_or(str::is_empty) {
        faults.add(format!("{at}.example"), "must hold an example of the address, with the variable filled in");
    }
}

/// One text, or a list of one.
fn example(button: &Value) -> Option<&str> {
    let example = button.get("example")?;
    example.get(0).unwrap_or(example).as_str()
}
