//! A template's definition, in Meta's own shape: which gaps it has, whether what is sent fills them, how it then reads.
//! What this lets through Meta does not refuse for its count (132000), its length (132005) or its format (132012).

use std::borrow::Cow;

use serde_json::Value;

use super::json::{items, text_at as text};

const MAX_HEADER_CHARS: usize = 60;
const MAX_BODY_CHARS: usize = 1024;
/// Of a template that is a body and nothing else.
const MAX_LONE_BODY_CHARS: usize = 32_768;

/// A template as Meta told of it.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'a> {
    /// `HEADER`, `BODY`, `FOOTER`, `BUTTONS`, ...
    pub components: &'a Value,
    /// Its gaps have names, not numbers.
    pub is_named: bool,
}

/// What is wrong, and where in the message's `template`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    pub path: String,
    pub message: String,
}

/// Everything in `sent`, Meta's object of a template message, that does not fit the definition.
pub fn check(definition: Definition<'_>, sent: &Value) -> Vec<Misfit> {
    let mut misfits = Misfits(Vec::new());
    check_components(definition, items(sent, "components"), "components", &mut misfits);
    misfits.0
}

/// How it reads with its gaps filled, or with the gaps where nothing fills them.
pub fn render(definition: Definition<'_>, sent: &Value) -> String {
    lines(definition, items(sent, "components")).join("\n")
}

struct Misfits(Vec<Misfit>);

impl Misfits {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Misfit { path: path.into(), message: message.into() });
    }
}

/// What is sent for one kind of component, and where it stands.
type Sent<'a> = Option<(&'a Value, String)>;

fn check_components(definition: Definition<'_>, sent: &[Value], path: &str, misfits: &mut Misfits) {
    let find = |kind: &str, misfits: &mut Misfits| -> Sent<'_> {
        let mut all = sent.iter().enumerate().filter(|(_, component)| is_type(component, kind));
        let first = all.next().map(|(index, component)| (component, format!("{path}[{index}]")));
        for (index, _) in all {
            misfits.add(format!("{path}[{index}]"), format!("is a second {kind}"));
        }
        first
    };
    check_header(definition, find("header", misfits), path, misfits);
    check_body(definition, find("body", misfits), path, misfits);
    check_offer(definition, find("limited_time_offer", misfits), path, misfits);
    check_carousel(definition, find("carousel", misfits), path, misfits);
    check_buttons(definition, sent, path, misfits);
}

fn check_header(definition: Definition<'_>, sent: Sent<'_>, path: &str, misfits: &mut Misfits) {
    let header = definition.component("HEADER");
    let parameters = sent.as_ref().map(|(component, _)| items(component, "parameters")).unwrap_or_default();
    let at = sent.as_ref().map_or_else(|| path.to_owned(), |(_, path)| format!("{path}.parameters"));
    let format = header.and_then(|header| text(header, "format")).unwrap_or("TEXT").to_lowercase();
    if header.is_some() && format != "text" {
        // A GIF is sent as a video.
        let wanted = if format == "gif" { "video" } else { &format };
        match parameters {
            [one] if is_type(one, wanted) => {}
            [_] => misfits.add(format!("{at}[0].type"), format!("must be {wanted}: so is this template's header")),
            _ => misfits.add(at, format!("must fill the header with one {wanted}")),
        }
        return;
    }
    let words = header.and_then(|header| text(header, "text")).unwrap_or_default();
    check_gaps(definition, "header", words, parameters, &at, misfits);
    check_length(words, parameters, MAX_HEADER_CHARS, &at, misfits);
}

fn check_body(definition: Definition<'_>, sent: Sent<'_>, path: &str, misfits: &mut Misfits) {
    let parameters = sent.as_ref().map(|(component, _)| items(component, "parameters")).unwrap_or_default();
    let at = sent.as_ref().map_or_else(|| path.to_owned(), |(_, path)| format!("{path}.parameters"));
    // Meta leaves the words of some authentication templates out.
    let Some(words) = definition.component("BODY").and_then(|body| text(body, "text")) else { return };
    check_gaps(definition, "body", words, parameters, &at, misfits);
    let is_alone = definition.components.as_array().is_some_and(|components| components.len() == 1);
    let most = if is_alone { MAX_LONE_BODY_CHARS } else { MAX_BODY_CHARS };
    check_length(words, parameters, most, &at, misfits);
}

fn check_gaps(
    definition: Definition<'_>,
    part: &str,
    words: &str,
    parameters: &[Value],
    at: &str,
    misfits: &mut Misfits,
) {
    let gaps = gaps(words);
    for (index, _) in parameters.iter().enumerate().filter(|(_, parameter)| !fills_words(parameter)) {
        misfits.add(format!("{at}[{index}].type"), format!("must be text: the {part} has words only"));
    }
    if definition.is_named {
        return check_names(&gaps, parameters, at, misfits);
    }
    for (index, _) in parameters.iter().enumerate().filter(|(_, parameter)| name_of(parameter).is_some()) {
        misfits
            .add(format!("{at}[{index}].parameter_name"), "belongs to templates with named gaps; this one counts them");
    }
    if gaps.len() != parameters.len() {
        let message = format!("must fill {} gaps of the {part}, and there are {}", gaps.len(), parameters.len());
        misfits.add(at, message);
    }
}

fn check_names(gaps: &[&str], parameters: &[Value], at: &str, misfits: &mut Misfits) {
    let mut given: Vec<&str> = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let at = format!("{at}[{index}].parameter_name");
        match name_of(parameter) {
            None => misfits.add(at, "is missing: this template's gaps have names"),
            Some(name) if given.contains(&name) => misfits.add(at, "must differ from the others"),
            Some(name) if !gaps.contains(&name) => misfits.add(at, format!("must be one of: {}", gaps.join(", "))),
            Some(name) => given.push(name),
        }
    }
    let missing: Vec<&str> = gaps.iter().copied().filter(|gap| !given.contains(gap)).collect();
    if !missing.is_empty() {
        misfits.add(at, format!("must fill these gaps too: {}", missing.join(", ")));
    }
}

fn check_length(words: &str, parameters: &[Value], most: usize, at: &str, misfits: &mut Misfits) {
    if filled(words, parameters).chars().count() <= most {
        return;
    }
    let longest = parameters.iter().enumerate().max_by_key(|(_, parameter)| filling(parameter).chars().count());
    if let Some((index, _)) = longest {
        misfits.add(
            format!("{at}[{index}].text"),
            format!("is too long: filled in, this part has {most} characters at the most"),
        );
    }
}

fn check_offer(definition: Definition<'_>, sent: Sent<'_>, path: &str, misfits: &mut Misfits) {
    let offer = definition.component("LIMITED_TIME_OFFER");
    let expires = offer.is_some_and(|offer| offer["limited_time_offer"]["has_expiration"] == true);
    match (expires, sent) {
        (true, None) => misfits.add(path, "must say when the offer ends: a limited_time_offer"),
        (false, Some((_, at))) if offer.is_none() => {
            misfits.add(at, "is for templates with an offer; this one has none")
        }
        _ => {}
    }
}

fn check_carousel(definition: Definition<'_>, sent: Sent<'_>, path: &str, misfits: &mut Misfits) {
    let defined = definition.component("CAROUSEL").map(|carousel| items(carousel, "cards"));
    let (defined, sent, at) = match (defined, sent) {
        (None, None) => return,
        (None, Some((_, at))) => return misfits.add(at, "is for templates with cards; this one has none"),
        (Some(_), None) => return misfits.add(path, "must fill the cards: a carousel"),
        (Some(defined), Some((carousel, at))) => (defined, items(carousel, "cards"), format!("{at}.cards")),
    };
    if defined.len() != sent.len() {
        misfits.add(at, format!("must be {} cards, and there are {}", defined.len(), sent.len()));
        return;
    }
    for (index, (card, sent)) in defined.iter().zip(sent).enumerate() {
        let of_card = Definition { components: &card["components"], ..definition };
        check_components(of_card, items(sent, "components"), &format!("{at}[{index}].components"), misfits);
    }
}

/// How a button of a definition is filled.
struct Filled {
    sub_type: &'static str,
    must: bool,
}

fn filled_by(button: &Value) -> Option<Filled> {
    let has_gap = text(button, "url").is_some_and(|url| !gaps(url).is_empty());
    let (sub_type, must) = match text(button, "type").unwrap_or_default().to_uppercase().as_str() {
        "QUICK_REPLY" => ("quick_reply", false),
        "URL" if has_gap => ("url", true),
        "OTP" => ("url", true),
        "COPY_CODE" => ("copy_code", true),
        "FLOW" => ("flow", false),
        "CATALOG" => ("catalog", false),
        "MPM" => ("mpm", true),
        _ => return None,
    };
    Some(Filled { sub_type, must })
}

fn check_buttons(definition: Definition<'_>, sent: &[Value], path: &str, misfits: &mut Misfits) {
    let buttons = definition.component("BUTTONS").map(|buttons| items(buttons, "buttons")).unwrap_or_default();
    let mut filled: Vec<usize> = Vec::new();
    for (place, component) in sent.iter().enumerate().filter(|(_, component)| is_type(component, "button")) {
        let at = format!("{path}[{place}]");
        let index = index_of(component);
        let Some(button) = index.and_then(|index| buttons.get(index)) else {
            misfits
                .add(format!("{at}.index"), format!("must be that of one of the template's {} buttons", buttons.len()));
            continue;
        };
        match filled_by(button) {
            _ if index.is_some_and(|index| filled.contains(&index)) => {
                misfits.add(format!("{at}.index"), "must differ from the others");
            }
            None => misfits.add(at, "fills a button that takes nothing"),
            Some(kind) if text(component, "sub_type") != Some(kind.sub_type) => {
                misfits.add(format!("{at}.sub_type"), format!("must be {}: so is this button", kind.sub_type));
            }
            Some(_) => {}
        }
        filled.extend(index);
    }
    for (index, button) in buttons.iter().enumerate().filter(|(index, _)| !filled.contains(index)) {
        if let Some(kind) = filled_by(button).filter(|kind| kind.must) {
            misfits.add(path, format!("must fill the button {index}: a button of the sub_type {}", kind.sub_type));
        }
    }
}

fn lines(definition: Definition<'_>, sent: &[Value]) -> Vec<String> {
    let parameters = |kind: &str| {
        let component = sent.iter().find(|component| is_type(component, kind));
        component.map(|component| items(component, "parameters")).unwrap_or_default()
    };
    let of = |kind: &str| definition.component(kind);
    let words = |kind: &str| of(kind).and_then(|component| text(component, "text")).unwrap_or_default();
    let mut lines = vec![match of("HEADER").and_then(|header| text(header, "format")) {
        Some(format) if format != "TEXT" => format!("({})", format.to_lowercase()),
        _ => filled(words("HEADER"), parameters("header")).into_owned(),
    }];
    if of("HEADER").is_none() {
        lines.clear();
    }
    lines.push(filled(words("BODY"), parameters("body")).into_owned());
    lines.push(words("FOOTER").to_owned());
    let buttons = of("BUTTONS").map(|buttons| items(buttons, "buttons")).unwrap_or_default();
    lines.extend(buttons.iter().filter_map(|button| text(button, "text")).map(|title| format!("[{title}]")));
    let cards = of("CAROUSEL").map(|carousel| items(carousel, "cards")).unwrap_or_default();
    let filled_cards = sent.iter().find(|component| is_type(component, "carousel"));
    let filled_cards = filled_cards.map(|carousel| items(carousel, "cards")).unwrap_or_default();
    for (index, card) in cards.iter().enumerate() {
        let sent = filled_cards.get(index).map(|card| items(card, "components")).unwrap_or_default();
        lines.extend(self::lines(Definition { components: &card["components"], ..definition }, sent));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

impl<'a> Definition<'a> {
    fn component(&self, kind: &str) -> Option<&'a Value> {
        self.components.as_array()?.iter().find(|component| is_type(component, kind))
    }
}

/// The names or numbers between `{{` and `}}`, each once, in the order of their numbers or of their first places.
fn gaps(words: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for part in words.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}") {
            let name = name.trim();
            if !name.is_empty() && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found.sort_by_key(|name| name.parse::<u32>().unwrap_or_default());
    found
}

fn filled<'a>(words: &'a str, parameters: &[Value]) -> Cow<'a, str> {
    let mut parts = words.split("{{");
    let first = parts.next().unwrap_or_default();
    let gaps = gaps(words);
    let mut filled = first.to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once("}}") else {
            filled.push_str("{{");
            filled.push_str(part);
            continue;
        };
        let name = name.trim();
        let named = parameters.iter().find(|parameter| name_of(parameter) == Some(name));
        let counted = gaps.iter().position(|gap| *gap == name).and_then(|place| parameters.get(place));
        match named.or(counted.filter(|parameter| name_of(parameter).is_none())) {
            Some(parameter) => filled.push_str(filling(parameter)),
            None => filled.push_str(&format!("{{{{{name}}}}}")),
        }
        filled.push_str(rest);
    }
    if words.contains("{{") { Cow::Owned(filled) } else { Cow::Borrowed(words) }
}

fn filling(parameter: &Value) -> &str {
    let fallback = |kind: &str| text(&parameter[kind], "fallback_value");
    text(parameter, "text").or_else(|| fallback("currency")).or_else(|| fallback("date_time")).unwrap_or_default()
}

fn fills_words(parameter: &Value) -> bool {
    ["text", "currency", "date_time"].iter().any(|kind| is_type(parameter, kind))
}

fn name_of(parameter: &Value) -> Option<&str> {
    text(parameter, "parameter_name")
}

/// Meta takes it as a number and as a text.
fn index_of(component: &Value) -> Option<usize> {
    let index = component.get("index")?;
    let index = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
    usize::try_from(index).ok()
}

fn is_type(value: &Value, kind: &str) -> bool {
    text(value, "type").is_some_and(|is| is.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order() -> Value {
        json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{number}}"},
            {"type": "BODY", "text": "Thanks {{first_name}}, see {{number}}."},
            {"type": "FOOTER", "text": "Shop"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}, {"type": "URL", "text": "Track", "url": "https://x/{{1}}"}]},
        ])
    }

    fn counted() -> Value {
        json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "{{2}} for {{1}}"}])
    }

    fn words(name: Option<&str>, text: &str) -> Value {
        let mut parameter = json!({"type": "text", "text": text});
        if let Some(name) = name {
            parameter["parameter_name"] = json!(name);
        }
        parameter
    }

    fn misfits(components: &Value, is_named: bool, sent: Value) -> Vec<String> {
        let found = check(Definition { components, is_named }, &json!({ "components": sent }));
        found.into_iter().map(|misfit| format!("{}: {}", misfit.path, misfit.message)).collect()
    }

    fn whole_order() -> Value {
        json!([
            {"type": "header", "parameters": [words(Some("number"), "77")]},
            {"type": "body", "parameters": [words(Some("number"), "77"), words(Some("first_name"), "Ana")]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [words(None, "77")]},
        ])
    }

    #[test]
    fn what_fits_is_filled_in() {
        assert_eq!(misfits(&order(), true, whole_order()), [""; 0]);
        let definition = order();
        let text =
            render(Definition { components: &definition, is_named: true }, &json!({ "components": whole_order() }));
        assert_eq!(text, "Order 77\nThanks Ana, see 77.\nShop\n[Ok]\n[Track]");
        let definition = counted();
        let sent = json!({"components": [{"type": "body", "parameters": [words(None, "Ana"), words(None, "A cake")]}]});
        assert_eq!(render(Definition { components: &definition, is_named: false }, &sent), "(image)\nA cake for Ana");
        assert_eq!(
            render(Definition { components: &definition, is_named: false }, &json!({})),
            "(image)\n{{2}} for {{1}}"
        );
    }

    #[test]
    fn each_misfit_is_told_where_it_is() {
        let mut sent = whole_order();
        sent[1]["parameters"][0]["parameter_name"] = json!("colour");
        assert_eq!(
            misfits(&order(), true, sent),
            [
                "components[1].parameters[0].parameter_name: must be one of: first_name, number",
                "components[1].parameters: must fill these gaps too: number",
            ]
        );
        let mut sent = whole_order();
        sent[2]["index"] = json!(0);
        assert_eq!(
            misfits(&order(), true, sent),
            [
                "components[2].sub_type: must be quick_reply: so is this button",
                "components: must fill the button 1: a button of the sub_type url",
            ]
        );
        let mut sent = whole_order();
        sent[0]["parameters"][0]["text"] = json!("7".repeat(60));
        assert_eq!(
            misfits(&order(), true, sent),
            ["components[0].parameters[0].text: is too long: filled in, this part has 60 characters at the most"]
        );
        let image = json!({"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]});
        let body = json!({"type": "body", "parameters": [words(None, "Ana")]});
        assert_eq!(
            misfits(&counted(), false, json!([image, body])),
            ["components[1].parameters: must fill 2 gaps of the body, and there are 1"]
        );
        assert_eq!(
            misfits(&counted(), false, json!([{"type": "header", "parameters": [words(None, "x")]}])),
            [
                "components[0].parameters[0].type: must be image: so is this template's header",
                "components: must fill 2 gaps of the body, and there are 0",
            ]
        );
    }

    #[test]
    fn cards_are_checked_each_with_its_own_definition() {
        let card =
            json!({"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Only {{1}}"}]});
        let definition = json!([{"type": "BODY", "text": "Look"}, {"type": "CAROUSEL", "cards": [card, card]}]);
        let header = json!({"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]});
        let sent = |second: Value| {
            json!([{"type": "carousel", "cards": [
                {"card_index": 0, "components": [header, {"type": "body", "parameters": [words(None, "today")]}]},
                {"card_index": 1, "components": second},
            ]}])
        };
        let whole = json!([header, {"type": "body", "parameters": [words(None, "now")]}]);
        assert_eq!(misfits(&definition, false, sent(whole)), [""; 0]);
        assert_eq!(
            misfits(&definition, false, sent(json!([header]))),
            ["components[0].cards[1].components: must fill 1 gaps of the body, and there are 0"]
        );
    }
}
