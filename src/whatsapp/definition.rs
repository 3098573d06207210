//! Whether Meta will take a template's definition: what one part says of another, the variables in its words and their
//! examples, checked before anybody is asked, so that what is wrong is named field by field. The bounds that a part keeps
//! by itself are those of its type in `api`.
//!
//! The rules: Meta's pages on template components and on the errors of creating templates, as of September 2026.

mod buttons;
mod texts;

use serde_json::Value;

use texts::TextRule;

const MAX_BODY_CHARS_WITH_OFFER: usize = 600;

/// How long Meta tries to deliver, in seconds; -1 is 30 days where it is allowed.
const TTL_AUTHENTICATION: std::ops::RangeInclusive<i64> = 30..=900;
const TTL_UTILITY: std::ops::RangeInclusive<i64> = 30..=43_200;
const TTL_MARKETING: std::ops::RangeInclusive<i64> = 43_200..=2_592_000;
const TTL_LONGEST: i64 = -1;

/// What is to be checked, in Meta's own shape.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'a> {
    /// Meta's word, in capitals.
    pub category: &'a str,
    /// Whether its variables have names; else they are numbered.
    pub named: bool,
    pub components: &'a [Value],
    pub ttl_secs: Option<i64>,
}

/// A field that Meta would refuse, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub message: String,
}

/// Collects what is wrong.
#[derive(Default)]
struct Faults(Vec<Wrong>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Wrong { field: field.into(), message: message.into() });
    }
}

/// What Meta would refuse; empty when all is well.
pub fn check(definition: &Definition<'_>) -> Vec<Wrong> {
    let mut faults = Faults::default();
    check_ttl(definition, &mut faults);
    check_set(definition, &mut faults);
    for (place, component) in definition.components.iter().enumerate() {
        check_component(definition, component, &format!("components[{place}]"), &mut faults);
    }
    faults.0
}

fn check_ttl(definition: &Definition<'_>, faults: &mut Faults) {
    let Some(ttl) = definition.ttl_secs else { return };
    let (allowed, longest) = match definition.category {
        "AUTHENTICATION" => (TTL_AUTHENTICATION, true),
        "UTILITY" => (TTL_UTILITY, true),
        _ => (TTL_MARKETING, false),
    };
    if !(allowed.contains(&ttl) || (longest && ttl == TTL_LONGEST)) {
        let or = if longest { ", or -1 for 30 days" } else { "" };
        faults.add(
            "message_send_ttl_seconds",
            format!("must be from {} to {} for this category{or}", allowed.start(), allowed.end()),
        );
    }
}

/// Which components there are, and how often.
fn check_set(definition: &Definition<'_>, faults: &mut Faults) {
    let kinds: Vec<&str> = definition.components.iter().map(kind).collect();
    for (place, kind) in kinds.iter().enumerate() {
        if kinds[..place].contains(kind) {
            faults.add(format!("components[{place}].type"), format!("there is a {kind} already"));
        }
    }
    if !kinds.contains(&"BODY") {
        faults.add("components", "must hold a BODY");
    }
    let offer = kinds.iter().position(|kind| *kind == "LIMITED_TIME_OFFER");
    if let Some(place) = offer {
        if definition.category != "MARKETING" {
            faults.add(format!("components[{place}].type"), "is for templates of category MARKETING");
        }
        if kinds.contains(&"FOOTER") {
            faults.add("components", "a template with LIMITED_TIME_OFFER has no FOOTER");
        }
    }
    if let Some(place) = kinds.iter().position(|kind| *kind == "CAROUSEL")
        && kinds.iter().any(|kind| matches!(*kind, "HEADER" | "FOOTER" | "BUTTONS"))
    {
        faults
            .add(format!("components[{place}].type"), "stands with a BODY alone: header and buttons are on its cards");
    }
    if definition.category == "AUTHENTICATION" && !kinds.contains(&"BUTTONS") {
        faults.add("components", "an AUTHENTICATION template needs BUTTONS with an OTP button");
    }
}

fn check_component(definition: &Definition<'_>, component: &Value, at: &str, faults: &mut Faults) {
    let has_offer = || definition.components.iter().any(|other| kind(other) == "LIMITED_TIME_OFFER");
    match kind(component) {
        "HEADER" => check_header(definition, component, at, faults),
        "BODY" => {
            let chars = component.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            if chars > MAX_BODY_CHARS_WITH_OFFER && has_offer() {
                let most = format!("must have {MAX_BODY_CHARS_WITH_OFFER} characters at the most beside an offer");
                faults.add(format!("{at}.text"), most);
            }
            check_body(definition, component, at, faults);
        }
        "FOOTER" => check_footer(definition, component, at, faults),
        "BUTTONS" => buttons::check(definition.category, component, at, faults),
        "CAROUSEL" => check_carousel(definition, component, at, faults),
        _ => {}
    }
}

fn check_header(definition: &Definition<'_>, component: &Value, at: &str, faults: &mut Faults) {
    if definition.category == "AUTHENTICATION" {
        return faults.add(format!("{at}.type"), "an AUTHENTICATION template has no HEADER");
    }
    match component.get("format").and_then(Value::as_str) {
        Some("TEXT") => texts::check(
            component,
            at,
            TextRule { max_variables: 1, anywhere: true, example: "header_text" },
            definition.named,
            faults,
        ),
        Some("LOCATION" | "PRODUCT") => {}
        Some("GIF") if definition.category != "MARKETING" => {
            faults.add(format!("{at}.format"), "GIF is for templates of category MARKETING");
        }
        Some("IMAGE" | "VIDEO" | "DOCUMENT" | "GIF") => {
            let handle = component.pointer("/example/header_handle/0").and_then(Value::as_str);
            if handle.is_none_or(str::is_empty) {
                faults.add(
                    format!("{at}.example.header_handle"),
                    "must hold the handle of a sample file that was uploaded to Meta",
                );
            }
        }
        _ => {}
    }
}

fn check_body(definition: &Definition<'_>, component: &Value, at: &str, faults: &mut Faults) {
    let has_text = component.get("text").is_some();
    if definition.category == "AUTHENTICATION" {
        if has_text {
            faults.add(format!("{at}.text"), "Meta writes the text of an AUTHENTICATION template itself: leave it out");
        }
        return;
    }
    let rule = TextRule { max_variables: usize::MAX, anywhere: false, example: "body_text" };
    texts::check(component, at, rule, definition.named, faults);
}

fn check_footer(definition: &Definition<'_>, component: &Value, at: &str, faults: &mut Faults) {
    if definition.category == "AUTHENTICATION" {
        return;
    }
    let rule = TextRule { max_variables: 0, anywhere: true, example: "" };
    texts::check(component, at, rule, definition.named, faults);
}

fn check_carousel(definition: &Definition<'_>, component: &Value, at: &str, faults: &mut Faults) {
    let cards = component.get("cards").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (place, card) in cards.iter().enumerate() {
        let at = format!("{at}.cards[{place}]");
        if shape(card) != shape(&cards[0]) {
            faults.add(&at, "must have the same components, header format and kinds of buttons as the first card");
        }
        for (place, component) in parts(card).iter().enumerate() {
            let at = format!("{at}.components[{place}]");
            match kind(component) {
                "HEADER" => check_header(definition, component, &at, faults),
                "BODY" => check_body(definition, component, &at, faults),
                "BUTTONS" => buttons::check(definition.category, component, &at, faults),
                _ => {}
            }
        }
    }
}

/// What all cards of a carousel must have in common.
fn shape(card: &Value) -> Vec<(&str, &str, Vec<&str>)> {
    parts(card)
        .iter()
        .map(|component| {
            let format = component.get("format").and_then(Value::as_str).unwrap_or_default();
            let buttons = component.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            (kind(component), format, buttons.iter().map(kind).collect())
        })
        .collect()
}

fn parts(card: &Value) -> &[Value] {
    card.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
