//! A filled template as it stands on a phone.

use serde_json::{Value, json};

use super::{
    Template,
    filling::{button_at, parameters},
    find_component, variables,
};

/// Header, body, footer, buttons and cards with everything filled in.
pub(crate) fn show(template: &Template, given: &Value) -> Value {
    let mut shown = section(&template.components, &given["components"]);
    let cards = template.component("CAROUSEL").and_then(|carousel| carousel["cards"].as_array());
    if let Some(cards) = cards {
        let filled = find_component(&given["components"], "CAROUSEL").map(|carousel| &carousel["cards"]);
        let card = |(place, card): (usize, &Value)| {
            section(&card["components"], filled.map_or(&Value::Null, |filled| &filled[place]["components"]))
        };
        shown["cards"] = cards.iter().enumerate().map(card).collect();
    }
    shown
}

/// What is shown as lines of text.
pub(crate) fn text(shown: &Value) -> String {
    let texts = ["/header/text", "/body", "/footer"];
    let mut lines: Vec<String> =
        texts.iter().filter_map(|path| shown.pointer(path)?.as_str()).map(str::to_owned).collect();
    let buttons = shown["buttons"].as_array().into_iter().flatten();
    lines.extend(buttons.filter_map(|button| button["text"].as_str()).map(|text| format!("▸ {text}")));
    lines.join("\n")
}

fn section(defined: &Value, given: &Value) -> Value {
    let mut shown = json!({});
    if let Some(header) = find_component(defined, "HEADER") {
        shown["header"] = show_header(header, find_component(given, "HEADER"));
    }
    if let Some(body) = find_component(defined, "BODY") {
        shown["body"] = json!(filled(body["text"].as_str().unwrap_or_default(), find_component(given, "BODY")));
    }
    if let Some(footer) = find_component(defined, "FOOTER") {
        shown["footer"] = footer["text"].clone();
    }
    let buttons = find_component(defined, "BUTTONS").and_then(|buttons| buttons["buttons"].as_array());
    if let Some(buttons) = buttons {
        let show = |(place, button): (usize, &Value)| show_button(button, button_at(given, place));
        shown["buttons"] = buttons.iter().enumerate().map(show).collect();
    }
    shown
}

fn show_header(defined: &Value, given: Option<&Value>) -> Value {
    let format = defined["format"].as_str().unwrap_or("TEXT").to_uppercase();
    if format == "TEXT" {
        return json!({"format": format, "text": filled(defined["text"].as_str().unwrap_or_default(), given)});
    }
    let parameter = given.map(parameters).and_then(<[Value]>::first);
    let content = parameter.map_or(Value::Null, |parameter| parameter[format.to_lowercase()].clone());
    json!({"format": format, "content": content})
}

fn show_button(defined: &Value, given: Option<&Value>) -> Value {
    let kind = defined["type"].as_str().unwrap_or_default().to_uppercase();
    let parameter = given.map_or(&Value::Null, |given| &given["parameters"][0]);
    let mut button = json!({"type": kind, "text": button_text(&kind, defined)});
    match kind.as_str() {
        "URL" => {
            let url = defined["url"].as_str().unwrap_or_default();
            button["url"] = json!(variables::fill(url, |_| parameter["text"].as_str().map(str::to_owned)));
        }
        "QUICK_REPLY" => {
            let payload = parameter["payload"].as_str().or(defined["text"].as_str());
            button["payload"] = json!(payload);
        }
        "PHONE_NUMBER" => button["phone_number"] = defined["phone_number"].clone(),
        "COPY_CODE" => button["code"] = parameter["coupon_code"].clone(),
        _ => {}
    }
    button
}

fn button_text<'a>(kind: &str, defined: &'a Value) -> &'a str {
    let otherwise = match kind {
        "COPY_CODE" | "OTP" => "Copy code",
        "REQUEST_CONTACT_INFO" => "Share Contact Info",
        _ => "",
    };
    defined["text"].as_str().unwrap_or(otherwise)
}

fn filled(text: &str, given: Option<&Value>) -> String {
    let given = given.map(parameters).unwrap_or_default();
    variables::fill(text, |name| {
        let named = given.iter().find(|parameter| parameter["parameter_name"] == name);
        let place = name.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        let parameter = named.or_else(|| given.get(place?))?;
        let kind = parameter["type"].as_str()?;
        let value =
            if kind == "text" { parameter["text"].as_str() } else { parameter[kind]["fallback_value"].as_str() };
        value.map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::{Templates, filling};

    #[test]
    fn a_template_is_judged_and_shown_with_what_fills_it() {
        let templates = Templates::new(["1"].into_iter());
        let order = templates.find("1", "order_update", "en").expect("there from the start");
        let with = |texts: &[&str]| {
            let parameters: Vec<Value> = texts.iter().map(|text| json!({"type": "text", "text": text})).collect();
            json!({"components": [{"type": "body", "parameters": parameters}]})
        };
        assert_eq!(filling::check(order, &with(&["Ana", "A-77"])), Ok(()));
        assert_eq!(filling::check(order, &with(&["Ana"])).map_err(|refused| refused.code), Err(132_000));
        let shown = show(order, &with(&["Ana", "A-77"]));
        assert_eq!(text(&shown), "Hello Ana, your order A-77 is ready.");
    }
}
