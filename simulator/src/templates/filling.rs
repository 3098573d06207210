//! Whether a message fills its template: as many parameters as variables, each of the right kind.

use serde_json::Value;

use super::{Template, find_component, variables};
use crate::codes::Refused;

/// Judges `template.components` of a message against the template's definition.
pub(crate) fn check(template: &Template, given: &Value) -> Result<(), Refused> {
    state(template)?;
    section(&template.components, &given["components"], template.named)?;
    let cards = template.component("CAROUSEL").and_then(|carousel| carousel["cards"].as_array());
    let Some(cards) = cards else { return Ok(()) };
    let filled = find_component(&given["components"], "CAROUSEL").and_then(|carousel| carousel["cards"].as_array());
    let filled = filled.map(Vec::as_slice).unwrap_or_default();
    if filled.len() != cards.len() {
        return Err(count("carousel", filled.len(), cards.len()));
    }
    cards
        .iter()
        .zip(filled)
        .try_for_each(|(card, filled)| section(&card["components"], &filled["components"], template.named))
}

fn state(template: &Template) -> Result<(), Refused> {
    let code = match template.status.as_str() {
        "APPROVED" => return Ok(()),
        "PAUSED" => 132_015,
        "DISABLED" => 132_016,
        _ => 132_001,
    };
    Err(Refused::new(code, format!("The template {} is {}.", template.name, template.status)))
}

/// One set of header, body and buttons: the template itself, or a card of it.
fn section(defined: &Value, given: &Value, named: bool) -> Result<(), Refused> {
    if let Some(header) = find_component(defined, "HEADER") {
        check_header(header, find_component(given, "HEADER"), named)?;
    } else if find_component(given, "HEADER").is_some_and(|header| !parameters(header).is_empty()) {
        return Err(count("header", 1, 0));
    }
    if let Some(body) = find_component(defined, "BODY") {
        let given = find_component(given, "BODY").map(parameters).unwrap_or_default();
        check_text("body", body["text"].as_str().unwrap_or_default(), given, named)?;
    }
    if find_component(defined, "LIMITED_TIME_OFFER").is_some() && find_component(given, "LIMITED_TIME_OFFER").is_none()
    {
        return Err(missing("limited_time_offer: its parameter is missing."));
    }
    let buttons = find_component(defined, "BUTTONS").and_then(|buttons| buttons["buttons"].as_array());
    buttons.into_iter().flatten().enumerate().try_for_each(|(place, button)| check_button(button, place, given))?;
    no_strange_buttons(buttons.map_or(0, Vec::len), given)
}

fn check_header(defined: &Value, given: Option<&Value>, named: bool) -> Result<(), Refused> {
    let format = defined["format"].as_str().unwrap_or("TEXT").to_uppercase();
    let given = given.map(parameters).unwrap_or_default();
    if format == "TEXT" {
        return check_text("header", defined["text"].as_str().unwrap_or_default(), given, named);
    }
    let wanted = format.to_lowercase();
    let [parameter] = given else { return Err(count("header", given.len(), 1)) };
    if parameter["type"] != wanted.as_str() {
        let received = parameter["type"].as_str().unwrap_or("UNKNOWN").to_uppercase();
        return Err(Refused::new(132_012, format!("header: Format mismatch, expected {format}, received {received}")));
    }
    let part = &parameter[&wanted];
    let whole = if wanted == "location" {
        part["latitude"] != Value::Null && part["longitude"] != Value::Null
    } else {
        part["id"].is_string() || part["link"].is_string() || wanted == "product"
    };
    if whole { Ok(()) } else { Err(missing(&format!("header: {wanted} needs its content."))) }
}

fn check_text(place: &str, text: &str, given: &[Value], named: bool) -> Result<(), Refused> {
    let wanted = variables::distinct(text);
    if given.len() != wanted.len() {
        return Err(count(place, given.len(), wanted.len()));
    }
    for parameter in given {
        let kind = parameter["type"].as_str().unwrap_or_default();
        let value = match kind {
            "text" => parameter["text"].as_str(),
            "currency" | "date_time" => parameter[kind]["fallback_value"].as_str(),
            _ => {
                return Err(Refused::new(132_012, format!("{place}: a parameter of type {kind:?} has no place here.")));
            }
        };
        if value.is_none_or(str::is_empty) {
            return Err(missing(&format!("{place}: a parameter of type {kind} is empty.")));
        }
    }
    let names: Vec<&str> = given.iter().filter_map(|parameter| parameter["parameter_name"].as_str()).collect();
    if named && !wanted.iter().all(|name| names.contains(name)) {
        return Err(missing(&format!("{place}: Parameter name is missing or empty")));
    }
    Ok(())
}

fn check_button(defined: &Value, place: usize, given: &Value) -> Result<(), Refused> {
    let kind = defined["type"].as_str().unwrap_or_default().to_uppercase();
    let has_variable = kind == "OTP" || defined["url"].as_str().is_some_and(|url| url.contains("{{"));
    let wanted = match kind.as_str() {
        "URL" | "OTP" if has_variable => "text",
        "COPY_CODE" => "coupon_code",
        "MPM" => "action",
        _ => "",
    };
    let Some(component) = button_at(given, place) else {
        let details = format!("buttons: Button at index {place} of type {kind} requires a parameter");
        return if wanted.is_empty() { Ok(()) } else { Err(missing(&details)) };
    };
    let sub_type = component["sub_type"].as_str().unwrap_or_default();
    let expected = if kind == "OTP" { "url".to_owned() } else { kind.to_lowercase() };
    if !sub_type.eq_ignore_ascii_case(&expected) {
        let details = format!("buttons: Button at index {place} is {expected}, not {sub_type}");
        return Err(Refused::new(132_012, details));
    }
    let parameter = &component["parameters"][0];
    if !wanted.is_empty() && parameter["type"] != wanted {
        return Err(Refused::new(
            132_012,
            format!("buttons: Button at index {place} needs a parameter of type {wanted}"),
        ));
    }
    if wanted == "coupon_code" && parameter[wanted].as_str().is_none_or(|code| !(1..=20).contains(&code.len())) {
        return Err(Refused::new(132_018, "buttons: coupon_code must have between 1 and 20 characters"));
    }
    Ok(())
}

fn no_strange_buttons(defined: usize, given: &Value) -> Result<(), Refused> {
    let buttons = given.as_array().into_iter().flatten().filter(|component| is_button(component));
    let strange = buttons.filter_map(index_of).find(|place| *place >= defined);
    strange.map_or(Ok(()), |place| Err(Refused::new(132_018, format!("buttons: there is no button at index {place}"))))
}

/// What a message gives for the button at this place.
pub(super) fn button_at(given: &Value, place: usize) -> Option<&Value> {
    let mut components = given.as_array().into_iter().flatten();
    components.find(|component| is_button(component) && index_of(component) == Some(place))
}

fn is_button(component: &Value) -> bool {
    component["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
}

/// An index is a number, as such or written out.
fn index_of(component: &Value) -> Option<usize> {
    let index = &component["index"];
    let number = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

pub(super) fn parameters(component: &Value) -> &[Value] {
    component["parameters"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn count(place: &str, given: usize, wanted: usize) -> Refused {
    let details = format!(
        "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
    );
    Refused::new(132_000, details)
}

fn missing(details: &str) -> Refused {
    Refused::new(131_008, details)
}
