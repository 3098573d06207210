//! Whether a template may be made: Meta's rules for names, texts, variables and buttons.

use serde_json::Value;

use super::variables;
use crate::codes::Refused;

const MAX_NAME: usize = 512;
const MAX_BODY: usize = 1024;
const MAX_BODY_WITH_OFFER: usize = 600;
const MAX_BUTTONS: usize = 10;
const MAX_BUTTON_TEXT: usize = 25;
/// A body needs about so many words around each variable.
const WORDS_PER_VARIABLE: usize = 2;

const CATEGORIES: [&str; 3] = ["MARKETING", "UTILITY", "AUTHENTICATION"];

/// How often a kind of button may stand in one template.
const BUTTON_LIMITS: [(&str, usize); 11] = [
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("FLOW", 1),
    ("OTP", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("SPM", 1),
    ("VOICE_CALL", 1),
    ("REQUEST_CONTACT_INFO", 1),
];

/// How long the texts of each component may be, and how many variables they may hold.
const TEXT_LIMITS: [(&str, usize, usize, i64); 2] = [("HEADER", 60, 1, 2_388_047), ("FOOTER", 60, 0, 2_388_073)];

/// Judges name, language and category.
pub(crate) fn heading(body: &Value) -> Result<(), Refused> {
    let name = body["name"].as_str().unwrap_or_default();
    let is_word = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if name.is_empty() || name.len() > MAX_NAME || !is_word {
        return parameter("Param name must be lowercase letters, digits and underscores, at most 512 of them.");
    }
    if body["language"].as_str().is_none_or(|code| !is_language(code)) {
        return parameter("Param language must be a language code such as en or en_US.");
    }
    category(body)
}

pub(crate) fn category(body: &Value) -> Result<(), Refused> {
    if body["category"].as_str().is_some_and(|category| CATEGORIES.contains(&category)) {
        return Ok(());
    }
    parameter("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}.")
}

fn is_language(code: &str) -> bool {
    let mut parts = code.split(['_', '-']);
    let language = parts.next().unwrap_or_default();
    let country = parts.next();
    (2..=3).contains(&language.len())
        && language.chars().all(|c| c.is_ascii_lowercase())
        && country.is_none_or(|country| (2..=4).contains(&country.len()))
}

/// Judges the components; answers whether their variables are named.
pub(crate) fn components(body: &Value, is_handle: &dyn Fn(&str) -> bool) -> Result<bool, Refused> {
    let named = body["parameter_format"].as_str().is_some_and(|format| format.eq_ignore_ascii_case("named"));
    let list = body["components"].as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Refused::new(100, "The parameter components is required."))?;
    let authentication = body["category"] == "AUTHENTICATION";
    let has_body = list.iter().any(|component| kind_of(component) == "BODY");
    if !has_body {
        return parameter("components must hold a BODY.");
    }
    let with_offer = list.iter().any(|component| kind_of(component) == "LIMITED_TIME_OFFER");
    for component in list {
        match kind_of(component).as_str() {
            // Meta writes the texts of authentication templates itself.
            "BODY" if authentication && component.get("text").is_none() => {}
            "BODY" => body_text(component, named, if with_offer { MAX_BODY_WITH_OFFER } else { MAX_BODY })?,
            "HEADER" => header(component, named, is_handle)?,
            "FOOTER" if authentication && component.get("text").is_none() => {}
            "FOOTER" => limited_text(component, named)?,
            "BUTTONS" => buttons(component)?,
            "CAROUSEL" => carousel(component, named, is_handle)?,
            "LIMITED_TIME_OFFER" | "CALL_PERMISSION_REQUEST" => {}
            other => return parameter(&format!("components['type'] {other} is not known.")),
        }
    }
    Ok(named)
}

fn carousel(component: &Value, named: bool, is_handle: &dyn Fn(&str) -> bool) -> Result<(), Refused> {
    let cards = component["cards"].as_array().filter(|cards| (2..=10).contains(&cards.len()));
    let cards = cards.ok_or_else(|| Refused::new(2_388_039, "A carousel has between 2 and 10 cards."))?;
    for part in cards.iter().flat_map(|card| card["components"].as_array().into_iter().flatten()) {
        match kind_of(part).as_str() {
            "HEADER" => header(part, named, is_handle)?,
            "BODY" => body_text(part, named, 160)?,
            "BUTTONS" => buttons(part)?,
            other => return parameter(&format!("{other} cannot stand on a card.")),
        }
    }
    Ok(())
}

fn body_text(component: &Value, named: bool, most: usize) -> Result<(), Refused> {
    let text = text_of(component, 2_388_072)?;
    if text.chars().count() > most {
        return Err(Refused::new(2_388_040, format!("The body may have at most {most} characters.")));
    }
    let names = names_in(text, named)?;
    if text.trim_start().starts_with("{{") || text.trim_end().ends_with("}}") || stand_side_by_side(text) {
        return Err(Refused::new(2_388_299, "Variables may not stand first, last or side by side."));
    }
    let words = text.split_whitespace().filter(|word| !word.contains("{{")).count();
    if words < names.len() * WORDS_PER_VARIABLE {
        return Err(Refused::new(2_388_293, "There are too many variables for a text of this length."));
    }
    examples(component, "body_text", &names, named)
}

fn stand_side_by_side(text: &str) -> bool {
    let mut parts = text.split("}}").skip(1);
    parts.any(|part| part.trim_start().starts_with("{{"))
}

fn header(component: &Value, named: bool, is_handle: &dyn Fn(&str) -> bool) -> Result<(), Refused> {
    let format = component["format"].as_str().unwrap_or("TEXT").to_uppercase();
    match format.as_str() {
        "TEXT" => {
            limited_text(component, named)?;
            let names = names_in(text_of(component, 2_388_047)?, named)?;
            examples(component, "header_text", &names, named)
        }
        "LOCATION" | "PRODUCT" => Ok(()),
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
            let handle = component.pointer("/example/header_handle/0").and_then(Value::as_str);
            if handle.is_some_and(is_handle) {
                return Ok(());
            }
            Err(Refused::new(2_388_047, "A media header needs an uploaded file under example['header_handle']."))
        }
        other => parameter(&format!("The header format {other} is not known.")),
    }
}

fn limited_text(component: &Value, named: bool) -> Result<(), Refused> {
    let kind = kind_of(component);
    let limit = TEXT_LIMITS.iter().find(|(name, ..)| *name == kind);
    let Some((_, most, most_variables, code)) = limit else { return Ok(()) };
    let text = text_of(component, *code)?;
    if text.chars().count() > *most {
        return Err(Refused::new(
            2_388_040,
            format!("The {} may have at most {most} characters.", kind.to_lowercase()),
        ));
    }
    if names_in(text, named)?.len() > *most_variables {
        return Err(Refused::new(
            *code,
            format!("The {} may have at most {most_variables} variables.", kind.to_lowercase()),
        ));
    }
    Ok(())
}

fn buttons(component: &Value) -> Result<(), Refused> {
    let list = component["buttons"].as_array().filter(|list| (1..=MAX_BUTTONS).contains(&list.len()));
    let list = list.ok_or_else(|| Refused::new(2_388_039, "There must be between 1 and 10 buttons."))?;
    let kinds: Vec<String> = list.iter().map(kind_of).collect();
    for kind in &kinds {
        let limit = BUTTON_LIMITS.iter().find(|(name, _)| name == kind);
        let Some((_, most)) = limit else { return parameter(&format!("The button type {kind} is not known.")) };
        if kinds.iter().filter(|other| *other == kind).count() > *most {
            return Err(Refused::new(2_388_039, format!("There may be at most {most} buttons of type {kind}.")));
        }
    }
    // Quick replies stand together, before or after all the others.
    let changes = kinds.windows(2).filter(|pair| (pair[0] == "QUICK_REPLY") != (pair[1] == "QUICK_REPLY")).count();
    if changes > 1 {
        return Err(Refused::new(2_388_039, "Quick reply buttons must stand together."));
    }
    list.iter().try_for_each(button)
}

fn button(button: &Value) -> Result<(), Refused> {
    let kind = kind_of(button);
    let text = button["text"].as_str().unwrap_or_default();
    let needs_text = !["COPY_CODE", "OTP", "REQUEST_CONTACT_INFO"].contains(&kind.as_str());
    if needs_text && text.is_empty() {
        return parameter("Each button needs a text.");
    }
    if text.chars().count() > MAX_BUTTON_TEXT {
        return Err(Refused::new(2_388_040, "The text of a button may have at most 25 characters."));
    }
    match kind.as_str() {
        "URL" => url(button),
        "PHONE_NUMBER" => {
            let phone = button["phone_number"].as_str().unwrap_or_default();
            let good = !phone.is_empty() && phone.len() <= 20;
            if good { Ok(()) } else { parameter("phone_number must have between 1 and 20 digits.") }
        }
        "REQUEST_CONTACT_INFO" if !["", "Share Contact Info"].contains(&text) => {
            parameter("The text of this button must be \"Share Contact Info\".")
        }
        _ => Ok(()),
    }
}

fn url(button: &Value) -> Result<(), Refused> {
    let url = button["url"].as_str().unwrap_or_default();
    if url.is_empty() || url.len() > 2000 || !url.starts_with("http") {
        return parameter("url must be an address of at most 2000 characters.");
    }
    let names = variables::of(url).unwrap_or_default();
    match names.as_slice() {
        [] => Ok(()),
        [_] if url.ends_with("}}") && has_example(&button["example"]) => Ok(()),
        [_] if url.ends_with("}}") => parameter("A url with a variable needs an example."),
        _ => parameter("A url may have one variable, at its end."),
    }
}

fn has_example(example: &Value) -> bool {
    example.as_str().is_some() || example.as_array().is_some_and(|list| !list.is_empty())
}

/// The variables of a text, if they are of the kind the template has.
fn names_in(text: &str, named: bool) -> Result<Vec<&str>, Refused> {
    let all = variables::of(text).ok_or_else(|| Refused::new(2_388_039, "A variable is not closed."))?;
    let right = if named { variables::are_named(&all) } else { variables::are_positional(&all) };
    if right {
        Ok(variables::distinct(text))
    } else {
        parameter("Variables must be {{1}}, {{2}} .. or all be {{words}}.")
    }
}

fn examples(component: &Value, key: &str, names: &[&str], named: bool) -> Result<(), Refused> {
    if names.is_empty() {
        return Ok(());
    }
    let example = &component["example"];
    let given = if named {
        let list = example[format!("{key}_named_params")].as_array();
        let all: Vec<&str> = list.into_iter().flatten().filter_map(|item| item["param_name"].as_str()).collect();
        names.iter().all(|name| all.contains(name))
    } else {
        let list = &example[key];
        // A body has rows of examples, a header one.
        let row = if list[0].is_array() { &list[0] } else { list };
        row.as_array().is_some_and(|row| row.len() == names.len())
    };
    if given { Ok(()) } else { parameter(&format!("example['{key}'] must name a value for each variable.")) }
}

fn text_of(component: &Value, code: i64) -> Result<&str, Refused> {
    let text = component["text"].as_str().filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| Refused::new(code, "The component needs a text."))
}

fn kind_of(component: &Value) -> String {
    component["type"].as_str().unwrap_or_default().to_uppercase()
}

fn parameter<T>(details: &str) -> Result<T, Refused> {
    Err(Refused::new(100, details))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(components_list: Value) -> i64 {
        let body = json!({"category": "UTILITY", "components": components_list});
        components(&body, &|handle| handle == "4::known").map_or_else(|refused| refused.code, |_| 0)
    }

    #[test]
    fn components_are_judged_as_meta_would() {
        let text = |text: &str| json!([{"type": "BODY", "text": text}]);
        let with_buttons = |kinds: &[&str]| {
            let buttons: Vec<Value> =
                kinds.iter().map(|kind| json!({"type": kind, "text": "Ok", "url": "https://x.test"})).collect();
            json!([{"type": "BODY", "text": "Hello"}, {"type": "BUTTONS", "buttons": buttons}])
        };
        let media = |handle: &str| {
            json!([{"type": "BODY", "text": "Hello"},
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}}])
        };
        let cases = [
            (text("All is well"), 0),
            (text(""), 2_388_072),
            (text(&"x".repeat(1025)), 2_388_040),
            (text("Hello {{1}}"), 2_388_299),
            (text("Hello {{1}}, your order is ready."), 100),
            (text("Hello {{2}}, your order is ready."), 100),
            (json!([{"type": "BODY", "text": "Hello {{1}}, all set.", "example": {"body_text": [["Ana"]]}}]), 0),
            (json!([{"type": "BODY", "text": "A {{1}} {{2}} b", "example": {"body_text": [["a", "b"]]}}]), 2_388_299),
            (json!([{"type": "BODY", "text": "A {{1}} b {{2}} c", "example": {"body_text": [["a", "b"]]}}]), 2_388_293),
            (json!([{"type": "FOOTER", "text": "Shop"}]), 100),
            (with_buttons(&["QUICK_REPLY", "URL"]), 0),
            (with_buttons(&["QUICK_REPLY", "URL", "QUICK_REPLY"]), 2_388_039),
            (with_buttons(&["URL", "URL", "URL"]), 2_388_039),
            (media("4::known"), 0),
            (media("4::other"), 2_388_047),
        ];
        for (list, expected) in cases {
            assert_eq!(code(list.clone()), expected, "{list}");
        }
    }

    #[test]
    fn names_languages_and_categories_are_checked() {
        let head = |name: &str, language: &str, category: &str| {
            heading(&json!({"name": name, "language": language, "category": category})).is_ok()
        };
        assert!(head("order_ok", "en_US", "UTILITY"));
        assert!(
            !head("Order", "en_US", "UTILITY") && !head("order", "English", "UTILITY") && !head("order", "en", "OTHER")
        );
    }
}
