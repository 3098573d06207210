use reqwest::Method;
use serde_json::{Value, json};
use simulator::Customer;

use crate::desk::{ANA, Desk, NUMBER, ana, code, reply, text};

fn path(rest: &str) -> String {
    format!("/v25.0/{NUMBER}{rest}")
}

#[tokio::test]
async fn a_number_shows_the_fields_it_is_asked_for() {
    let desk = Desk::manual().await;
    let (_, node) = desk.get(&path("?fields=verified_name,throughput,health_status")).await;
    assert_eq!(node["throughput"], json!({"level": "STANDARD"}));
    assert_eq!(node["health_status"]["can_send_message"], "AVAILABLE");
    assert_eq!(node.as_object().map(serde_json::Map::len), Some(4), "{node}");
    let (_, list) = desk.get("/v25.0/2060000000001/phone_numbers?fields=id").await;
    assert_eq!(list["data"], json!([{"id": NUMBER}]));
    let (_, account) = desk.get("/v25.0/2060000000001?fields=health_status").await;
    assert_eq!(account["health_status"]["entities"][0]["entity_type"], "WABA");
}

#[tokio::test]
async fn a_number_is_registered_with_its_pin_and_sends_only_then() {
    let desk = Desk::manual().await.with_open_window().await;
    assert_eq!(desk.post(&path("/deregister"), Value::Null).await.0, 200);
    assert_eq!(code(&desk.send(reply("Hi")).await), (400, 133_010));
    assert_eq!(desk.post(&path(""), json!({"pin": "123456"})).await.0, 200);
    let register = |pin: &str| json!({"messaging_product": "whatsapp", "pin": pin});
    assert_eq!(code(&desk.post(&path("/register"), register("654321")).await), (400, 133_005));
    desk.post(&path("/request_code"), json!({"code_method": "SMS", "language": "en"})).await;
    assert_eq!(code(&desk.post(&path("/register"), register("123456")).await), (400, 133_006));
    assert_eq!(code(&desk.post(&path("/verify_code"), json!({"code": "000000"})).await), (400, 100));
    assert_eq!(desk.post(&path("/verify_code"), json!({"code": "123456"})).await.0, 200);
    assert_eq!(desk.post(&path("/register"), register("123456")).await.0, 200);
    assert_eq!(desk.send(reply("Hi")).await.0, 200);
    assert_eq!(desk.get(&path("?fields=is_pin_enabled")).await.1["is_pin_enabled"], true);
}

#[tokio::test]
async fn profile_automation_settings_and_username_are_kept() {
    let desk = Desk::manual().await;
    let profile = path("/whatsapp_business_profile");
    let change = json!({"messaging_product": "whatsapp", "about": "Open daily", "websites": ["https://x.test"]});
    assert_eq!(desk.post(&profile, change).await.0, 200);
    let (_, shown) = desk.get(&format!("{profile}?fields=about,websites")).await;
    assert_eq!(shown["data"], json!([{"about": "Open daily", "websites": ["https://x.test"]}]));
    let long = json!({"messaging_product": "whatsapp", "about": "x".repeat(140)});
    assert_eq!(code(&desk.post(&profile, long).await), (400, 100));

    let automation =
        json!({"prompts": ["Opening hours?"], "commands": [{"command_name": "help", "command_description": "Help"}]});
    assert_eq!(desk.post(&path("/conversational_automation"), automation.clone()).await.0, 200);
    assert_eq!(desk.get(&path("?fields=conversational_automation")).await.1["conversational_automation"], automation);
    assert_eq!(code(&desk.post(&path("/conversational_automation"), json!({"prompts": ["Hi 👋"]})).await), (400, 100));

    assert_eq!(desk.post(&path("/settings"), json!({"calling": {"status": "ENABLED"}})).await.0, 200);
    assert_eq!(desk.get(&path("/settings")).await.1["calling"]["status"], "ENABLED");

    assert_eq!(desk.post(&path("/username"), json!({"username": "harbour.bakery"})).await.0, 200);
    assert_eq!(desk.get(&path("/username")).await.1["username"], "harbour.bakery");
    assert_eq!(desk.call(Method::DELETE, &path("/username"), Value::Null).await.0, 200);
    let told: Vec<Value> = desk.changes().await.into_iter().map(|(_, value)| value["status"].clone()).collect();
    assert_eq!(told, ["approved", "deleted"]);
}

#[tokio::test]
async fn codes_for_chats_come_and_go() {
    let desk = Desk::manual().await;
    let made =
        desk.post(&path("/message_qrdls"), json!({"prefilled_message": "Hello!", "generate_qr_image": "SVG"})).await;
    let code = made.1["code"].as_str().expect("a code").to_owned();
    assert_eq!(made.1["deep_link_url"], json!(format!("https://wa.me/message/{code}")));
    assert!(made.1["qr_image_url"].is_string());
    let (_, list) = desk.get(&path("/message_qrdls")).await;
    assert_eq!(list["data"][0]["prefilled_message"], "Hello!");
    assert_eq!(desk.call(Method::DELETE, &path(&format!("/message_qrdls/{code}")), Value::Null).await.0, 200);
    assert_eq!(desk.get(&path("/message_qrdls")).await.1["data"], json!([]));
}

#[tokio::test]
async fn a_blocked_customer_is_neither_heard_nor_written_to() {
    let desk = Desk::manual().await.with_open_window().await;
    let block = path("/block_users");
    let users = |users: &[&str]| {
        json!({"messaging_product": "whatsapp",
        "block_users": users.iter().map(|user| json!({"user": user})).collect::<Vec<_>>()})
    };
    let (status, both) = desk.post(&block, users(&["+15550002222", "+15550009999"])).await;
    assert_eq!((status, &both["error"]["code"]), (400, &json!(139_100)));
    assert_eq!(both["block_users"]["added_users"], json!([{"input": "+15550002222", "wa_id": ANA}]));
    assert_eq!(both["block_users"]["failed_users"][0]["input"], "+15550009999");

    desk.simulator.customer_writes(&ana(), text("Hello?"));
    assert_eq!((desk.simulator.deliver().await, desk.simulator.bubbles(ANA).len()), (0, 2));
    assert_eq!(code(&desk.send(reply("Hi")).await), (400, 130_403));
    assert_eq!(desk.get(&block).await.1["data"][0]["block_users"][0]["wa_id"], ANA);

    assert_eq!(desk.call(Method::DELETE, &block, users(&["+15550002222"])).await.0, 200);
    assert_eq!(desk.send(reply("Hi")).await.0, 200);
}

#[tokio::test]
async fn who_has_only_a_user_id_can_be_blocked_too() {
    let desk = Desk::manual().await;
    let nameless = Customer::with_username("ana.k", "Ana");
    desk.simulator.customer_writes(&nameless, text("Hi"));
    let users = json!({"messaging_product": "whatsapp", "block_users": [{"user_id": nameless.user_id}]});
    let (status, answer) = desk.post(&path("/block_users"), users).await;
    assert_eq!((status, &answer["block_users"]["added_users"][0]["user_id"]), (200, &json!(nameless.user_id)));
}

#[tokio::test]
async fn a_token_says_what_it_may_do() {
    let desk = Desk::manual().await;
    desk.simulator.set_access_token(Some("token"));
    let (_, good) = desk.get("/v25.0/debug_token?input_token=token").await;
    assert_eq!((&good["data"]["is_valid"], &good["data"]["expires_at"]), (&json!(true), &json!(0)));
    assert!(
        good["data"]["scopes"].as_array().is_some_and(|scopes| scopes.contains(&json!("whatsapp_business_messaging")))
    );
    assert_eq!(desk.get("/v25.0/debug_token?input_token=other").await.1["data"]["is_valid"], false);
}

#[tokio::test]
async fn what_meta_changes_about_a_number_is_told() {
    let desk = Desk::manual().await.with_open_window().await;
    let change =
        json!({"quality_rating": "RED", "messaging_limit": "TIER_250", "verified_name": "Harbour", "status": "BANNED"});
    let (status, node) = desk.call(Method::PUT, &format!("/sim/numbers/{NUMBER}"), change).await;
    assert_eq!((status, &node["quality_rating"], &node["verified_name"]), (200, &json!("RED"), &json!("Harbour")));
    let fields: Vec<String> = desk.changes().await.into_iter().map(|(field, _)| field).collect();
    let expected =
        ["phone_number_quality_update", "business_capability_update", "phone_number_name_update", "account_update"];
    assert_eq!(fields, expected);
    assert_eq!(code(&desk.send(reply("Hi")).await), (403, 131_031));
    assert_eq!(desk.call(Method::PUT, &format!("/sim/numbers/{NUMBER}"), json!({"colour": "red"})).await.0, 400);
}
