use serde_json::{Value, json};

use super::*;

fn body(text: &str, examples: Value) -> Value {
    json!({"type": "BODY", "text": text, "example": {"body_text": [examples]}})
}

fn fields(category: &str, named: bool, components: Value) -> Vec<String> {
    let components = components.as_array().expect("a list").clone();
    let definition = Definition { category, named, components: &components, ttl_secs: None };
    check(&definition).into_iter().map(|wrong| wrong.field).collect()
}

fn is_wrong(components: Value, field: &str) {
    let found = fields("UTILITY", false, components.clone());
    assert!(found.iter().any(|wrong| wrong == field), "{field} in {found:?} of {components}");
}

#[test]
fn metas_own_example_passes() {
    let components = json!([
        {"type": "HEADER", "format": "TEXT", "text": "Order {{number}}",
         "example": {"header_text_named_params": [{"param_name": "number", "example": "77"}]}},
        {"type": "BODY", "text": "Thanks {{first_name}}, all set.",
         "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Ana"}]}},
        {"type": "FOOTER", "text": "Shop"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"},
            {"type": "URL", "text": "Track", "url": "https://x/{{1}}", "example": ["77"]}]}
    ]);
    assert_eq!(fields("UTILITY", true, components), Vec::<String>::new());
    let code = json!([{"type": "BODY", "add_security_recommendation": true}, {"type": "FOOTER", "code_expiration_minutes": 10},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]}]);
    assert_eq!(fields("AUTHENTICATION", false, code), Vec::<String>::new());
}

#[test]
fn variables_are_numbered_without_gaps_surrounded_by_words_and_exemplified() {
    assert_eq!(fields("UTILITY", false, json!([body("Hi {{1}}, it is {{2}} now.", json!(["Ana", "ten"]))])), [""; 0]);
    for (text, examples) in [
        ("Hi {{2}}, all is well.", json!(["Ana"])),
        ("Hi {{name}}, all is well.", json!(["Ana"])),
        ("{{1}} is here, all is well.", json!(["Ana"])),
        ("All is well, dear {{1}}", json!(["Ana"])),
        ("All is well, {{1}} {{2}} and so on.", json!(["a", "b"])),
        ("Hi {{1}} a {{2}}.", json!(["a", "b"])),
        ("Hi {{1, all is well.", json!(["Ana"])),
    ] {
        is_wrong(json!([body(text, examples)]), "components[0].text");
    }
    is_wrong(json!([body("Hi {{1}}, all is well.", json!([]))]), "components[0].example.body_text");
    is_wrong(json!([body("Hi {{1}}, all is well.", json!([" "]))]), "components[0].example.body_text");
    let named = json!([{"type": "BODY", "text": "Hi {{first_name}}, all is well."}]);
    assert_eq!(fields("UTILITY", true, named), ["components[0].example.body_text_named_params"]);
}

#[test]
fn components_stand_once_and_there_is_a_body() {
    is_wrong(json!([{"type": "FOOTER", "text": "Shop"}]), "components");
    is_wrong(json!([body("Hi.", json!([])), body("Hi.", json!([]))]), "components[1].type");
    is_wrong(json!([body("Hi.", json!([])), {"type": "FOOTER", "text": "For {{1}} only"}]), "components[1].text");
    is_wrong(
        json!([body("Hi.", json!([])), {"type": "HEADER", "format": "IMAGE"}]),
        "components[1].example.header_handle",
    );
    is_wrong(json!([body("Hi.", json!([])), {"type": "HEADER", "format": "GIF"}]), "components[1].format");
}

#[test]
fn buttons_have_their_numbers_order_and_parts() {
    let with = |buttons: Value| json!([body("Hi.", json!([])), {"type": "BUTTONS", "buttons": buttons}]);
    let reply = json!({"type": "QUICK_REPLY", "text": "Ok"});
    let call = json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550002222"});
    assert_eq!(fields("UTILITY", false, with(json!([reply, reply, call]))), [""; 0]);
    is_wrong(with(json!([reply, call, reply])), "components[1].buttons");
    is_wrong(with(json!([call, call])), "components[1].buttons[1].type");
    is_wrong(with(json!([{"type": "URL", "text": "Go", "url": "https://x/{{1}}/y"}])), "components[1].buttons[0].url");
    is_wrong(
        with(json!([{"type": "URL", "text": "Go", "url": "https://x/{{1}}"}])),
        "components[1].buttons[0].example",
    );
    is_wrong(with(json!([{"type": "FLOW", "text": "Go"}])), "components[1].buttons[0].flow_id");
    is_wrong(with(json!([{"type": "OTP", "otp_type": "COPY_CODE"}])), "components[1].buttons[0].type");
}

#[test]
fn cards_of_a_carousel_are_alike() {
    let card = |format: &str| {
        json!({"components": [
        {"type": "HEADER", "format": format, "example": {"header_handle": ["4::h"]}},
        {"type": "BODY", "text": "Fresh bread."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}]}]})
    };
    let carousel = |cards: Value| json!([body("Hi.", json!([])), {"type": "CAROUSEL", "cards": cards}]);
    assert_eq!(fields("MARKETING", false, carousel(json!([card("IMAGE"), card("IMAGE")]))), [""; 0]);
    assert_eq!(fields("MARKETING", false, carousel(json!([card("IMAGE"), card("VIDEO")]))), ["components[1].cards[1]"]);
}

#[test]
fn the_time_to_deliver_depends_on_the_category() {
    let components = [json!({"type": "BODY", "text": "Hi."})];
    let wrong = |category, ttl| {
        !check(&Definition { category, named: false, components: &components, ttl_secs: Some(ttl) }).is_empty()
    };
    assert!(!wrong("UTILITY", 3_600) && !wrong("UTILITY", -1) && !wrong("MARKETING", 43_200));
    assert!(wrong("UTILITY", 43_201) && wrong("MARKETING", -1) && wrong("MARKETING", 3_600));
}
