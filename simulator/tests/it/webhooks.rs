use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::json;
use simulator::{Customer, Pace, Side, sign};

use crate::desk::{ANA, Desk, NUMBER, ana, reply, text};

#[tokio::test]
async fn a_customers_message_is_posted_signed_and_shown() {
    let desk = Desk::manual().await;
    let path = "/sim/customers/15550002222/messages";
    let (status, answer) = desk.call(Method::POST, path, text("Grüße 👋 a/b")).await;
    assert_eq!(status, 201);
    assert_eq!(desk.simulator.deliver().await, 1);

    let deliveries = desk.gateway.deliveries();
    let wire = String::from_utf8(deliveries[0].body.clone()).expect("ASCII");
    assert!(wire.contains(r"Gr\u00fc\u00dfe \ud83d\udc4b a\/b"), "{wire}");
    assert_eq!(deliveries[0].signature, sign("desk-app-secret", &deliveries[0].body));

    let body = deliveries[0].json();
    let value = &body["entry"][0]["changes"][0]["value"];
    assert_eq!(body["entry"][0]["id"], "2060000000001");
    assert_eq!(value["metadata"], json!({"display_phone_number": "15550001111", "phone_number_id": NUMBER}));
    let user_id = ana().user_id;
    let contact = json!([{"profile": {"name": "Ana"}, "wa_id": ANA, "user_id": user_id}]);
    assert_eq!(value["contacts"], contact);
    let message = &value["messages"][0];
    assert_eq!(message["id"], answer["wamid"]);
    assert_eq!((&message["from"], &message["from_user_id"]), (&json!(ANA), &json!(user_id)));
    assert!(message["timestamp"].is_string());

    let (_, list) = desk.call(Method::GET, path, json!(null)).await;
    let bubble = &list["items"][0];
    assert_eq!((&bubble["from"], &bubble["status"]), (&json!("customer"), &json!("sent")));
    assert_eq!(bubble["text"], "Grüße 👋 a/b");
    assert!(bubble["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{bubble}");
}

#[tokio::test]
async fn a_customer_without_phone_leaves_the_phone_keys_out() {
    let desk = Desk::manual().await;
    let nameless = Customer::with_username("ana.k", "Ana");
    desk.simulator.customer_writes(&nameless, text("Hi"));
    desk.simulator.deliver().await;
    let body = desk.gateway.deliveries()[0].json();
    let value = &body["entry"][0]["changes"][0]["value"];
    assert!(value["messages"][0].get("from").is_none() && value["contacts"][0].get("wa_id").is_none());
    assert_eq!(value["contacts"][0]["profile"]["username"], "ana.k");

    let send =
        json!({"messaging_product": "whatsapp", "recipient": nameless.user_id, "type": "text", "text": {"body": "Yo"}});
    let (status, answer) = desk.send(send).await;
    assert_eq!((status, &answer["contacts"][0]["user_id"]), (200, &json!(nameless.user_id)));
    assert_eq!(desk.simulator.bubbles(&nameless.user_id).len(), 2);
}

#[tokio::test]
async fn a_send_goes_from_accepted_over_sent_and_delivered_to_read() {
    let desk = Desk::manual().await.with_open_window().await;
    let (status, answer) = desk.send(reply("We open at eight.")).await;
    assert_eq!(status, 200);
    assert_eq!(answer["contacts"], json!([{"input": "+15550002222", "wa_id": ANA}]));
    assert_eq!(desk.statuses_on_phone(), ["sent", "accepted"]);

    assert_eq!(desk.simulator.deliver().await, 3);
    assert_eq!(desk.statuses_on_phone(), ["sent", "read"]);
    assert_eq!(desk.gateway.items(), [["sent"], ["delivered"], ["read"]]);
    let body = desk.gateway.deliveries()[0].json();
    let status = &body["entry"][0]["changes"][0]["value"]["statuses"][0];
    assert_eq!(status["id"], answer["messages"][0]["id"]);
    assert_eq!(status["biz_opaque_callback_data"], "msg_1");
    assert_eq!((&status["recipient_id"], &status["recipient_user_id"]), (&json!(ANA), &json!(ana().user_id)));
    let pricing = json!({"billable": true, "pricing_model": "PMP", "category": "service", "type": "regular"});
    assert_eq!(status["pricing"], pricing);

    let bubble = &desk.simulator.bubbles(ANA)[1];
    assert_eq!((bubble.from, bubble.text.as_str()), (Side::Business, "We open at eight."));
}

#[tokio::test]
async fn a_webhook_that_was_not_taken_comes_again() {
    let desk = Desk::manual().await;
    desk.simulator.customer_writes(&ana(), json!({"type": "text", "text": {"body": "1"}, "id": "wamid.1"}));
    desk.simulator.customer_writes(&ana(), json!({"type": "text", "text": {"body": "2"}, "id": "wamid.2"}));
    desk.gateway.answers.store(503, Ordering::SeqCst);
    assert_eq!(desk.simulator.deliver().await, 2);
    assert_eq!(desk.simulator.queued(), 2);
    desk.gateway.answers.store(200, Ordering::SeqCst);
    assert_eq!(desk.simulator.deliver().await, 2);
    assert_eq!(desk.simulator.deliver().await, 0);
    assert_eq!(desk.gateway.items(), [["wamid.1"], ["wamid.2"], ["wamid.1"], ["wamid.2"]]);
}

#[tokio::test]
async fn a_whole_webhook_is_posted_as_it_is() {
    let desk = Desk::manual().await;
    let body = json!({"object": "whatsapp_business_account", "entry": []});
    desk.simulator.queue_webhook(body.clone());
    assert_eq!(desk.simulator.deliver().await, 1);
    assert_eq!(desk.gateway.deliveries()[0].json(), body);
}

#[tokio::test]
async fn webhooks_leave_by_themselves_unless_the_pace_is_manual() {
    for pace in [Pace::Instant, Pace::Live] {
        let desk = Desk::start(pace).await;
        desk.simulator.customer_writes(&ana(), text("Hi"));
        desk.gateway.wait_for(1).await;
        desk.send(reply("Hello")).await;
        desk.gateway.wait_for(4).await;
        assert_eq!(desk.gateway.items()[1..], [["sent"], ["delivered"], ["read"]]);
        assert_eq!(desk.statuses_on_phone(), ["sent", "read"]);
    }
}

#[tokio::test]
async fn a_live_webhook_that_was_not_taken_comes_again_by_itself() {
    let desk = Desk::start(Pace::Instant).await;
    desk.gateway.answers.store(500, Ordering::SeqCst);
    desk.simulator.customer_writes(&ana(), json!({"type": "text", "text": {"body": "1"}, "id": "wamid.1"}));
    desk.gateway.wait_for(1).await;
    desk.gateway.answers.store(200, Ordering::SeqCst);
    desk.gateway.wait_for(2).await;
    assert_eq!(desk.gateway.items(), [["wamid.1"], ["wamid.1"]]);
}

#[tokio::test]
async fn nodes_take_webhooks_in_turn_and_what_one_refuses_goes_to_the_next() {
    let desk = Desk::manual().await;
    let taking = format!("{}/webhook", desk.gateway_url);
    desk.simulator.set_webhook_urls(vec!["http://127.0.0.1:1/nobody".to_owned(), taking]);
    let first = desk.simulator.customer_writes(&ana(), text("One"));
    let second = desk.simulator.customer_writes(&ana(), text("Two"));
    desk.simulator.deliver().await;
    let taken = |wamid: &str| desk.simulator.told(wamid).expect("posted").taken_at.is_some();
    assert_ne!(taken(&first), taken(&second), "each of the two nodes was asked once");
    while desk.simulator.queued() > 0 {
        desk.simulator.deliver().await;
    }
    let told = desk.simulator.told(&first).expect("posted");
    assert!(taken(&second) && told.taken_at.is_some_and(|taken_at| taken_at >= told.posted_at), "{told:?}");
    assert_eq!(desk.simulator.told("wamid.nobody"), None);
}
