use serde_json::json;

use super::*;

fn verdict(part: &Value) -> &'static str {
    let mut body = json!({"messaging_product": "whatsapp", "to": "+15550002222"});
    for (key, value) in part.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    if message(&body).is_ok() { "good" } else { "refused" }
}

fn judge(cases: Vec<(Value, &str)>) {
    for (part, expected) in cases {
        assert_eq!(verdict(&part), expected, "{part}");
    }
}

fn interactive(kind: &str, action: Value) -> Value {
    json!({"type": "interactive", "interactive": {"type": kind, "body": {"text": "?"}, "action": action}})
}

fn buttons(titles: &[&str]) -> Value {
    let button =
        |(place, title): (usize, &&str)| json!({"type": "reply", "reply": {"id": place.to_string(), "title": title}});
    interactive("button", json!({"buttons": titles.iter().enumerate().map(button).collect::<Vec<_>>()}))
}

#[test]
fn plain_shapes_are_judged_as_meta_would() {
    judge(vec![
        (json!({"type": "text", "text": {"body": "ä".repeat(4096)}}), "good"),
        (json!({"type": "text", "text": {"body": "ä".repeat(4097)}}), "refused"),
        (json!({"type": "text", "text": {"body": ""}}), "refused"),
        (json!({"type": "text"}), "refused"),
        (json!({"type": "poem", "poem": {}}), "refused"),
        (json!({"type": "image", "image": {"link": "https://x.test/a.png", "caption": "a"}}), "good"),
        (json!({"type": "image", "image": {"link": "file:///a.png"}}), "refused"),
        (json!({"type": "image", "image": {"caption": "a"}}), "refused"),
        (json!({"type": "audio", "audio": {"id": "1", "voice": true}}), "good"),
        (json!({"type": "audio", "audio": {"id": "1", "caption": "a"}}), "refused"),
        (json!({"type": "video", "video": {"id": "1", "filename": "a"}}), "refused"),
        (json!({"type": "location", "location": {"latitude": "47.3", "longitude": 8}}), "good"),
        (json!({"type": "location", "location": {"latitude": 97.3, "longitude": 8}}), "refused"),
        (json!({"type": "contacts", "contacts": []}), "refused"),
        (json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A", "first_name": "A"}}]}), "good"),
        (json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]}), "refused"),
        (json!({"type": "reaction", "reaction": {"message_id": "1", "emoji": "👍"}}), "good"),
        (json!({"type": "reaction", "reaction": {"message_id": "1", "emoji": ""}}), "good"),
        (json!({"type": "reaction", "reaction": {"message_id": "1", "emoji": "fine"}}), "refused"),
        (json!({"type": "template", "template": {"name": "t", "language": {"code": "en"}}}), "good"),
        (
            json!({"type": "template", "template": {"name": "t", "language": {"code": "en"}, "components": [{"type": "x"}]}}),
            "refused",
        ),
        (json!({"type": "text", "text": {"body": "a"}, "biz_opaque_callback_data": "x".repeat(513)}), "refused"),
    ]);
}

#[test]
fn interactive_shapes_are_judged_as_meta_would() {
    let rows = |count: usize| (0..count).map(|row| json!({"id": row.to_string(), "title": "Row"})).collect::<Vec<_>>();
    let list = |sections: Value| interactive("list", json!({"button": "Open", "sections": sections}));
    let card = |place: usize| {
        json!({"card_index": place, "type": "cta_url",
        "header": {"type": "image", "image": {"link": "https://x.test/a.png"}}, "body": {"text": "A"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://x.test"}}})
    };
    let flow = |action: &str| {
        interactive(
            "flow",
            json!({"name": "flow", "parameters": {"flow_message_version": "3",
        "flow_id": "1", "flow_cta": "Open", "flow_action": action}}),
        )
    };
    judge(vec![
        (buttons(&["Yes", "No"]), "good"),
        (buttons(&["Yes", "Yes"]), "refused"),
        (buttons(&["This title is far too long"]), "refused"),
        (buttons(&[]), "refused"),
        (buttons(&["1", "2", "3", "4"]), "refused"),
        (list(json!([{"rows": rows(10)}])), "good"),
        (list(json!([{"rows": rows(11)}])), "refused"),
        (list(json!([{"rows": rows(1)}, {"rows": rows(1)}])), "refused"),
        (
            interactive(
                "cta_url",
                json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://x.test"}}),
            ),
            "good",
        ),
        (
            interactive(
                "cta_url",
                json!({"name": "other", "parameters": {"display_text": "Go", "url": "https://x.test"}}),
            ),
            "refused",
        ),
        (flow("navigate"), "good"),
        (flow("wander"), "refused"),
        (interactive("location_request_message", json!({"name": "send_location"})), "good"),
        (interactive("address_message", json!({"name": "address_message", "parameters": {"country": "IN"}})), "good"),
        (interactive("request_contact_info", json!({"name": "request_contact_info"})), "good"),
        (interactive("product", json!({"catalog_id": "c", "product_retailer_id": "sku"})), "good"),
        (interactive("product", json!({"catalog_id": "c"})), "refused"),
        (interactive("catalog_message", json!({"name": "catalog_message"})), "good"),
        (interactive("carousel", json!({"cards": [card(0), card(1)]})), "good"),
        (interactive("carousel", json!({"cards": [card(0), card(2)]})), "refused"),
        (interactive("carousel", json!({"cards": [card(0)]})), "refused"),
        (interactive("call_permission_request", json!({"name": "call_permission_request"})), "good"),
        (
            interactive(
                "voice_call",
                json!({"name": "voice_call", "parameters": {"display_text": "Call", "ttl_minutes": 50_000}}),
            ),
            "refused",
        ),
        (interactive("poem", json!({})), "refused"),
    ]);
}
