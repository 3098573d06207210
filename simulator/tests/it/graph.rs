use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{ANA, Desk, NUMBER, ana, code, messages_path, reply, text};

#[tokio::test]
async fn what_meta_would_refuse_is_refused_in_its_shape() {
    let desk = Desk::manual().await.with_open_window().await;
    let with = |key: &str, value: Value| {
        let mut body = reply("Hi");
        body[key] = value;
        body
    };
    assert_eq!(code(&desk.send(with("messaging_product", json!("sms"))).await), (400, 100));
    assert_eq!(code(&desk.send(with("to", json!(null))).await), (400, 100));
    assert_eq!(code(&desk.send(with("type", json!("poem"))).await), (400, 100));
    assert_eq!(code(&desk.send(with("type", json!("image"))).await), (400, 131008));
    assert_eq!(code(&desk.send(with("text", json!({"body": ""}))).await), (400, 100));
    assert_eq!(code(&desk.send(with("text", json!({"body": "x".repeat(4097)}))).await), (400, 100));
    assert_eq!(code(&desk.send(with("to", json!("+15550009999"))).await), (400, 131047));

    let (_, answer) = desk.send(with("text", json!({}))).await;
    let error = &answer["error"];
    assert_eq!(error["type"], "OAuthException");
    assert_eq!(error["message"], "(#100) Invalid parameter");
    assert_eq!(error["error_data"]["messaging_product"], "whatsapp");
    assert!(error["error_data"]["details"].is_string() && error["fbtrace_id"].is_string());

    let unknown = desk.call(Method::POST, "/v25.0/999/messages", reply("Hi")).await;
    assert_eq!((code(&unknown), &unknown.1["error"]["error_subcode"]), ((400, 100), &json!(33)));
    assert_eq!(desk.simulator.bubbles(ANA).len(), 1, "nothing of this reached the phone");
}

#[tokio::test]
async fn without_plus_the_number_is_taken_for_one_at_home() {
    let desk = Desk::manual().await;
    desk.put_faults(json!({"window_check": false})).await;
    let mut body = reply("Hi");
    body["to"] = json!(ANA);
    let (status, answer) = desk.send(body).await;
    assert_eq!((status, &answer["contacts"][0]["wa_id"]), (200, &json!("115550002222")));
    assert!(desk.simulator.bubbles(ANA).is_empty());
}

#[tokio::test]
async fn the_window_closes_24_hours_after_the_customers_last_message() {
    let desk = Desk::manual().await;
    let yesterday = (chrono::Utc::now().timestamp() - 25 * 3600).to_string();
    let old = json!({"type": "text", "text": {"body": "Hi"}, "timestamp": yesterday});
    desk.simulator.customer_writes(&ana(), old);
    assert_eq!(code(&desk.send(reply("Too late")).await), (400, 131047));
    let template = json!({"messaging_product": "whatsapp", "to": "+15550002222", "type": "template",
        "template": {"name": "hello_world", "language": {"code": "en_US"}}});
    assert_eq!(desk.send(template).await.0, 200);
    desk.simulator.customer_writes(&ana(), text("Back again"));
    assert_eq!(desk.send(reply("Welcome")).await.0, 200);
}

#[tokio::test]
async fn a_bearer_is_needed_and_may_expire() {
    let desk = Desk::manual().await.with_open_window().await;
    assert_eq!(desk.send(reply("Hi")).await.0, 200);
    desk.simulator.set_access_token(Some("another"));
    assert_eq!(code(&desk.send(reply("Hi")).await), (401, 190));
    desk.simulator.set_access_token(Some("token"));
    assert_eq!(desk.send(reply("Hi")).await.0, 200);
    desk.simulator.set_access_token(None);
    let bare = reqwest::Client::new().post(desk.graph_url()).json(&reply("Hi")).send().await.expect("an answer");
    assert_eq!(bare.status(), 401, "any bearer will do, but there must be one");
}

#[tokio::test]
async fn a_read_receipt_turns_ticks_blue_and_shows_typing_until_the_reply() {
    let desk = Desk::manual().await;
    let first = desk.simulator.customer_writes(&ana(), text("One"));
    let second = desk.simulator.customer_writes(&ana(), text("Two"));
    desk.simulator.customer_writes(&ana(), text("Three"));
    let read = |id: &str| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id});

    let mut with_typing = read(&second);
    with_typing["typing_indicator"] = json!({"type": "text"});
    assert_eq!(desk.send(with_typing).await, (200, json!({"success": true})));
    assert_eq!(desk.statuses_on_phone(), ["read", "read", "sent"]);
    assert!(desk.simulator.is_typing(ANA));

    desk.send(reply("Here")).await;
    assert!(!desk.simulator.is_typing(ANA));
    assert_eq!(desk.send(read(&first)).await.0, 200);
    assert!(!desk.simulator.is_typing(ANA));
    assert_eq!((desk.simulator.read_count(), desk.simulator.typing_count()), (2, 1));
    assert_eq!(code(&desk.send(read("wamid.unknown")).await), (400, 131009));
}

#[tokio::test]
async fn a_number_can_have_a_callback_of_its_own() {
    let desk = Desk::manual().await;
    let path = format!("/v24.0/{NUMBER}");
    let (status, node) = desk.call(Method::GET, &format!("{path}?fields=quality_rating"), json!(null)).await;
    assert_eq!((status, &node["quality_rating"], &node["id"]), (200, &json!("GREEN"), &json!(NUMBER)));

    let url = format!("{}/webhook/own", desk.gateway_url);
    let set = |url: &str, token: &str| json!({"webhook_configuration": {"override_callback_uri": url, "verify_token": token}});
    assert_eq!(code(&desk.call(Method::POST, &path, set(&url, "wrong")).await), (400, 100));
    assert_eq!(desk.call(Method::POST, &path, set(&url, "right")).await, (200, json!({"success": true})));
    let (_, node) = desk.call(Method::GET, &path, json!(null)).await;
    assert_eq!(node["webhook_configuration"]["phone_number"], json!(url));

    desk.simulator.set_webhook_url("http://127.0.0.1:1/nobody");
    desk.simulator.customer_writes(&ana(), text("Hi"));
    desk.simulator.deliver().await;
    assert_eq!((desk.gateway.deliveries().len(), desk.simulator.queued()), (1, 0));
}

#[tokio::test]
async fn webhooks_stop_when_the_account_is_unsubscribed() {
    let desk = Desk::manual().await;
    let path = "/v25.0/2060000000001/subscribed_apps";
    assert_eq!(desk.call(Method::GET, path, json!(null)).await.1["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(desk.call(Method::DELETE, path, json!(null)).await.0, 200);
    assert_eq!(desk.call(Method::GET, path, json!(null)).await.1, json!({"data": []}));
    desk.simulator.customer_writes(&ana(), text("Anybody there?"));
    desk.simulator.deliver().await;
    assert!(desk.gateway.deliveries().is_empty());
    assert_eq!(desk.call(Method::POST, path, json!(null)).await, (200, json!({"success": true})));
    desk.simulator.customer_writes(&ana(), text("And now?"));
    desk.simulator.deliver().await;
    assert_eq!(desk.gateway.deliveries().len(), 1);
}

#[tokio::test]
async fn every_request_is_on_record() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.send(reply("Hi")).await;
    desk.send(json!({"messaging_product": "whatsapp"})).await;
    let requests = desk.simulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", messages_path().as_str()));
    assert_eq!((requests[0].http, requests[0].accepted, &requests[0].body), (200, true, &reply("Hi")));
    assert_eq!((requests[1].http, requests[1].accepted, requests[1].code), (400, false, Some(100)));
    let (_, list) = desk.call(Method::GET, "/sim/requests", json!(null)).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    desk.call(Method::POST, "/sim/reset", json!(null)).await;
    assert!(desk.simulator.requests().is_empty() && desk.simulator.bubbles(ANA).is_empty());
}
