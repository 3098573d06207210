//! Buttons of a template: how many of which kind, in which order, and what each must have.

use serde_json::Value;

use super::{Faults, kind, texts};

const MAX_BUTTONS: usize = 10;
const MAX_TEXT_CHARS: usize = 25;
const MAX_URL_CHARS: usize = 2_000;
const MAX_PHONE_CHARS: usize = 20;
const MAX_COUPON_CHARS: usize = 20;
/// The least digits of a phone with its country code.
const MIN_PHONE_DIGITS: usize = 7;

/// How many of a kind there may be.
fn most(kind: &str) -> usize {
    match kind {
        "QUICK_REPLY" => MAX_BUTTONS,
        "URL" => 2,
        _ => 1,
    }
}

pub fn check(category: &str, component: &Value, at: &str, faults: &mut Faults) {
    let buttons = component.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let field = format!("{at}.buttons");
    if buttons.is_empty() || buttons.len() > MAX_BUTTONS {
        faults.add(&field, format!("must have from 1 to {MAX_BUTTONS} buttons"));
    }
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
    let label = text("text").unwrap_or_default();
    // Meta words some buttons itself.
    let needs_label = matches!(kind(button), "QUICK_REPLY" | "URL" | "PHONE_NUMBER" | "FLOW");
    if (needs_label && label.trim().is_empty()) || label.chars().count() > MAX_TEXT_CHARS {
        faults.add(format!("{at}.text"), format!("must have from 1 to {MAX_TEXT_CHARS} characters"));
    }
    if label.contains("{{") {
        faults.add(format!("{at}.text"), "may have no variables");
    }
    match kind(button) {
        "URL" => check_url(button, at, faults),
        "PHONE_NUMBER" => {
            let phone = text("phone_number").unwrap_or_default();
            let digits = phone.chars().filter(char::is_ascii_digit).count();
            let odd = phone.chars().any(|char| !char.is_ascii_digit() && !"+ ()-".contains(char));
            if odd || digits < MIN_PHONE_DIGITS || phone.len() > MAX_PHONE_CHARS {
                faults.add(format!("{at}.phone_number"), "must be a phone with country code, such as +15550002222");
            }
        }
        "COPY_CODE" => {
            let example = example(button).unwrap_or_default();
            if example.is_empty() || example.chars().count() > MAX_COUPON_CHARS {
                faults.add(
                    format!("{at}.example"),
                    format!("must be a code of {MAX_COUPON_CHARS} characters at the most"),
                );
            }
        }
        "FLOW" if !["flow_id", "flow_name", "flow_json"].iter().any(|key| text(key).is_some()) => {
            faults.add(format!("{at}.flow_id"), "name the flow: flow_id, flow_name or flow_json");
        }
        "OTP" if !matches!(text("otp_type"), Some("COPY_CODE" | "ONE_TAP" | "ZERO_TAP")) => {
            faults.add(format!("{at}.otp_type"), "must be COPY_CODE, ONE_TAP or ZERO_TAP");
        }
        _ => {}
    }
}

fn check_url(button: &Value, at: &str, faults: &mut Faults) {
    let url = button.get("url").and_then(Value::as_str).unwrap_or_default();
    let field = format!("{at}.url");
    if !(url.starts_with("https://") || url.starts_with("http://")) || url.chars().count() > MAX_URL_CHARS {
        faults.add(&field, format!("must be a web address of {MAX_URL_CHARS} characters at the most"));
    }
    let variables = texts::variables(url);
    if variables.is_empty() {
        return;
    }
    if variables.len() > 1 || !url.ends_with("}}") || url.matches("{{").count() > 1 {
        faults.add(field, "may have one variable, at its end");
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
