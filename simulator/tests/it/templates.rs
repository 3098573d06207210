use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{ANA, Desk, code, to_ana};

const PATH: &str = "/v25.0/2060000000001/message_templates";

fn definition(name: &str) -> Value {
    json!({"name": name, "language": "en", "category": "MARKETING", "components": [
        {"type": "HEADER", "format": "TEXT", "text": "News for {{1}}", "example": {"header_text": ["Ana"]}},
        {"type": "BODY", "text": "Hello {{1}}, we bake {{2}} again today.", "example": {"body_text": [["Ana", "rye"]]}},
        {"type": "FOOTER", "text": "Harbour Bakery"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Keep one"},
            {"type": "URL", "text": "Shop", "url": "https://x.test/{{1}}", "example": ["rye"]}]}]})
}

fn filled(name: &str, body: &[&str]) -> Value {
    let text = |text: &&str| json!({"type": "text", "text": text});
    to_ana(
        "template",
        json!({"name": name, "language": {"code": "en"}, "components": [
        {"type": "header", "parameters": [{"type": "text", "text": "Ana"}]},
        {"type": "body", "parameters": body.iter().map(text).collect::<Vec<_>>()},
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "KEEP"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "rye"}]}]}),
    )
}

async fn approved(desk: &Desk, name: &str) -> String {
    let (status, made) = desk.post(PATH, definition(name)).await;
    assert_eq!((status, &made["status"], &made["category"]), (200, &json!("PENDING"), &json!("MARKETING")), "{made}");
    let changes = desk.changes().await;
    assert_eq!((changes[0].0.as_str(), &changes[0].1["event"]), ("message_template_status_update", &json!("APPROVED")));
    made["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn two_templates_are_there_from_the_start_and_lists_come_in_pages() {
    let desk = Desk::manual().await;
    let (_, first) = desk.get(&format!("{PATH}?limit=1&fields=name,status")).await;
    assert_eq!(first["data"][0]["name"], "hello_world");
    assert!(first["data"][0].get("components").is_none() && first["paging"]["next"].is_string(), "{first}");
    let after = first["paging"]["cursors"]["after"].as_str().expect("a cursor");
    let (_, second) = desk.get(&format!("{PATH}?limit=1&after={after}")).await;
    assert_eq!(second["data"][0]["name"], "order_update");
    assert!(second["paging"].get("next").is_none());
    let before = second["paging"]["cursors"]["before"].as_str().expect("a cursor");
    assert_eq!(desk.get(&format!("{PATH}?before={before}")).await.1["data"][0]["name"], "hello_world");
    assert_eq!(
        desk.get(&format!("{PATH}?name=order&language=en&status=approved")).await.1["data"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(code(&desk.get(&format!("{PATH}?after=stale")).await), (400, 131_059));
}

#[tokio::test]
async fn a_template_is_made_approved_sent_tapped_and_deleted() {
    let desk = Desk::manual().await;
    assert_eq!(code(&desk.send(filled("news", &["Ana", "rye"])).await), (404, 132_001));
    let id = approved(&desk, "news").await;
    assert_eq!(desk.get(&format!("/v25.0/{id}?fields=status")).await.1, json!({"id": id, "status": "APPROVED"}));

    assert_eq!(code(&desk.send(filled("news", &["Ana"])).await), (400, 132_000));
    let (status, answer) = desk.send(filled("news", &["Ana", "rye"])).await;
    assert_eq!((status, &answer["messages"][0]["message_status"]), (200, &json!("accepted")), "outside the window");
    let (_, value) = &desk.changes().await[0];
    assert_eq!(value["statuses"][0]["pricing"]["category"], "marketing");
    let bubble = &desk.simulator.bubbles(ANA)[0];
    assert_eq!(bubble.text, "News for Ana\nHello Ana, we bake rye again today.\nHarbour Bakery\n▸ Keep one\n▸ Shop");
    assert_eq!(bubble.shown.as_ref().expect("shown")["buttons"][1]["url"], "https://x.test/rye");

    let tap = json!({"wamid": bubble.wamid, "choice": "Keep one"});
    assert_eq!(desk.post(&format!("/sim/customers/{ANA}/taps"), tap).await.0, 201);
    let message = desk.last_message().await;
    assert_eq!(message["button"], json!({"payload": "KEEP", "text": "Keep one"}));
    assert_eq!(message["context"], json!({"from": "15550001111", "id": bubble.wamid}));

    let removed = desk.call(Method::DELETE, &format!("{PATH}?name=news&hsm_id={id}"), Value::Null).await;
    assert_eq!(removed.0, 200);
    assert_eq!(code(&desk.send(filled("news", &["Ana", "rye"])).await), (404, 132_001));
}

#[tokio::test]
async fn a_template_can_be_rejected_edited_paused_and_disabled() {
    let desk = Desk::manual().await;
    let (_, made) = desk.post(PATH, definition("please_reject")).await;
    let (_, value) = &desk.changes().await[0];
    assert_eq!((&value["event"], &value["reason"]), (&json!("REJECTED"), &json!("INVALID_FORMAT")));
    let rejected = format!("/v25.0/{}", made["id"].as_str().expect("an id"));
    assert_eq!(desk.post(&rejected, json!({"category": "UTILITY"})).await.0, 200);
    assert_eq!(desk.changes().await[0].1["event"], "REJECTED", "it still says so");

    let id = approved(&desk, "news").await;
    assert_eq!(code(&desk.post(&format!("/v25.0/{id}"), json!({"category": "UTILITY"})).await), (400, 100));
    for (event, expected) in [("PAUSED", 132_015), ("DISABLED", 132_016), ("REJECTED", 132_001)] {
        desk.post(&format!("/sim/templates/{id}/status"), json!({"event": event, "reason": "NONE"})).await;
        assert_eq!(code(&desk.send(filled("news", &["Ana", "rye"])).await).1, expected, "{event}");
        assert_eq!(desk.changes().await.pop().map(|(_, value)| value["event"].clone()), Some(json!(event)));
    }
    desk.post(&format!("/sim/templates/{id}/status"), json!({"event": "PAUSED"})).await;
    assert_eq!(desk.post(&format!("/v25.0/{id}/unpause"), Value::Null).await.0, 200);
    assert_eq!(desk.send(filled("news", &["Ana", "rye"])).await.0, 200);

    desk.changes().await;
    desk.call(Method::PUT, &format!("/sim/templates/{id}"), json!({"quality": "RED", "category": "UTILITY"})).await;
    let fields: Vec<String> = desk.changes().await.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["message_template_quality_update", "template_category_update"]);
}

#[tokio::test]
async fn definitions_that_break_the_rules_are_refused() {
    let desk = Desk::manual().await;
    let with = |key: &str, value: Value| {
        let mut body = definition("news");
        body[key] = value;
        body
    };
    assert_eq!(code(&desk.post(PATH, with("name", json!("News!"))).await), (400, 100));
    assert_eq!(
        code(&desk.post(PATH, with("components", json!([{"type": "BODY", "text": "Hi {{1}}"}]))).await),
        (400, 2_388_299)
    );
    assert_eq!(desk.post(PATH, definition("news")).await.0, 200);
    assert_eq!(code(&desk.post(PATH, definition("news")).await), (400, 100), "the language is there already");
}

#[tokio::test]
async fn marketing_is_kept_from_who_wants_none_or_has_had_enough() {
    let desk = Desk::manual().await;
    approved(&desk, "news").await;
    desk.put_faults(json!({"marketing_per_user": 1})).await;
    desk.send(filled("news", &["Ana", "rye"])).await;
    desk.changes().await;
    desk.send(filled("news", &["Ana", "rye"])).await;
    let failed = desk.changes().await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].1["statuses"][0]["errors"][0]["code"], 131_049);

    desk.call(Method::PUT, &format!("/sim/customers/{ANA}/preferences"), json!({"marketing": "stop"})).await;
    let (field, value) = &desk.changes().await[0];
    assert_eq!((field.as_str(), &value["user_preferences"][0]["value"]), ("user_preferences", &json!("stop")));
    desk.send(filled("news", &["Ana", "rye"])).await;
    assert_eq!(desk.changes().await[0].1["statuses"][0]["errors"][0]["code"], 131_050);
    let service = to_ana("template", json!({"name": "hello_world", "language": {"code": "en_US"}}));
    desk.send(service).await;
    assert_eq!(desk.changes().await[0].1["statuses"][0]["status"], "sent", "only marketing is withheld");
}
