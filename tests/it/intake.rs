//! Meta's door, as Meta and as others come to it.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::Customer;

use crate::support::{ANA, APP_SECRET, TestApp, items, text, text_webhook};

#[tokio::test]
async fn the_challenge_is_answered_to_whoever_knows_the_verify_token() {
    let test = TestApp::start().await;
    let ask = async |path: &str, token: &str, mode: &str| {
        let query = [("hub.mode", mode), ("hub.challenge", "1158201444"), ("hub.verify_token", token)];
        let answer = test.request(Method::GET, path).query(&query).send().await.expect("answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let right = (200, "1158201444".to_owned());
    assert_eq!(ask("/webhook", "test-verify-token", "subscribe").await, right);
    assert_eq!(ask("/webhook", "wrong", "subscribe").await.0, 403);
    assert_eq!(ask("/webhook", "", "subscribe").await.0, 403);
    assert_eq!(ask("/webhook", "test-verify-token", "unsubscribe").await.0, 403);
    assert_eq!(test.request(Method::GET, "/webhook").send().await.expect("answer").status(), 403);

    let own = format!("/webhook/{}", test.number_id);
    assert_eq!(ask(&own, "test-verify-token", "subscribe").await, right);
    test.patch(&format!("/numbers/{}", test.number_id), json!({"verify_token": "its-own"})).await;
    assert_eq!(ask(&own, "its-own", "subscribe").await, right);
    assert_eq!(ask(&own, "test-verify-token", "subscribe").await.0, 403);
    assert_eq!(ask("/webhook", "its-own", "subscribe").await, right);
    assert_eq!(ask("/webhook/num_01M7YARSRWEKFA9260Z3QV3DA2", "its-own", "subscribe").await.0, 404);
    test.finish().await;
}

#[tokio::test]
async fn a_wrong_or_missing_signature_stores_nothing_and_is_counted() {
    let test = TestApp::start().await;
    let body = text_webhook("1060000000001", "wamid.1", ANA, "Hi?");
    assert_eq!(test.post_signed("/webhook", "wrong-secret", body.as_bytes()).await, 401);
    let unsigned = test.request(Method::POST, "/webhook").body(body.clone()).send().await.expect("answer");
    assert_eq!(unsigned.status(), 401);
    let odd = test.request(Method::POST, "/webhook").header("X-Hub-Signature-256", "sha256=zz").body(body).send().await;
    assert_eq!(odd.expect("answer").status(), 401);
    assert_eq!(items(&test.get("/events").await).len(), 0);
    let metrics = test.request(Method::GET, "/metrics").send().await.expect("answer").text().await.expect("text");
    assert!(metrics.contains("switchboard_webhooks_total{result=\"bad_signature\"}"), "{metrics}");
    test.finish().await;
}

#[tokio::test]
async fn without_any_app_secret_meta_is_asked_to_come_again() {
    let test = TestApp::start_empty("[meta]\napp_secret_file = \"/dev/null\"").await;
    // The instance's secret is taken away; a number's own then opens the door for it alone.
    let mut settings = test.app.settings.clone();
    settings.meta.app_secret = None;
    let app = std::sync::Arc::new(switchboard::app::App::new(settings, test.clock.clone()).await.expect("app"));
    let gateway =
        switchboard::serve::Gateway::start(app, "127.0.0.1:0", switchboard::serve::Role::Web).await.expect("up");
    let url = format!("http://{}/webhook", gateway.address);
    let body = text_webhook("1060000000001", "wamid.1", ANA, "Hi?");
    let post = async |secret: &str| {
        let signature = simulator::sign(secret, body.as_bytes());
        let request = test.app.http.post(&url).header("X-Hub-Signature-256", signature).body(body.clone());
        request.send().await.expect("answer").status().as_u16()
    };
    assert_eq!(post(APP_SECRET).await, 503);
    test.post("/numbers", json!({"phone_number_id": "1060000000001", "app_secret": "its-own"})).await;
    // The other process's memory of "no such number" is short, and its own door reads the database.
    let own_door = async |secret: &str| {
        let number = text(&items(&test.get("/numbers").await)[0], "id");
        let signature = simulator::sign(secret, body.as_bytes());
        let request =
            test.app.http.post(format!("{url}/{number}")).header("X-Hub-Signature-256", signature).body(body.clone());
        request.send().await.expect("answer").status().as_u16()
    };
    assert_eq!(own_door("its-own").await, 200);
    assert_eq!(own_door(APP_SECRET).await, 401);
    gateway.stop().await;
    test.run_jobs().await;
}

#[tokio::test]
async fn a_numbers_own_secret_speaks_for_that_number_alone() {
    let test = TestApp::start().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"app_secret": "its-own"})).await;
    test.post("/numbers", json!({"phone_number_id": "2", "agent_id": test.agent_id})).await;
    let first = text_webhook("1060000000001", "wamid.1", ANA, "to the first");
    let second = text_webhook("2", "wamid.2", ANA, "to the second");
    assert_eq!(test.post_signed("/webhook", APP_SECRET, first.as_bytes()).await, 401);
    assert_eq!(test.post_signed("/webhook", "its-own", first.as_bytes()).await, 200);
    assert_eq!(test.post_signed("/webhook", "its-own", second.as_bytes()).await, 401);
    assert_eq!(test.post_signed("/webhook", APP_SECRET, second.as_bytes()).await, 200);

    // A batch for both, signed with the first one's secret, opens the door for the first only.
    let mut both: Value = serde_json::from_str(&text_webhook("1060000000001", "wamid.3", ANA, "mine")).expect("JSON");
    let foreign: Value = serde_json::from_str(&text_webhook("2", "wamid.4", ANA, "forged")).expect("JSON");
    both["entry"].as_array_mut().expect("entries").push(foreign["entry"][0].clone());
    assert_eq!(test.post_signed("/webhook", "its-own", both.to_string().as_bytes()).await, 200);
    test.settle().await;
    let texts: Vec<String> =
        items(&test.get("/messages?direction=inbound").await).iter().map(|message| text(message, "text")).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(!texts.contains(&"forged".to_owned()));
    assert!(test.get("/events").await.to_string().contains("not signed with the app secret of its number"));
    test.advance(std::time::Duration::from_secs(60));
    test.run_jobs().await;
}

#[tokio::test]
async fn bad_bodies_with_a_right_signature_are_kept_as_failed() {
    let test = TestApp::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 7] = [b"", b"{", b"[]", b"\"x\"", b"\xff\xfe\x00", b"{\"entry\": 5}", deep.as_bytes()];
    for body in bodies {
        assert_eq!(test.post_signed("/webhook", APP_SECRET, body).await, 200);
    }
    test.run_jobs().await;
    let events = items(&test.get("/events?status=failed").await);
    assert_eq!(events.len(), bodies.len());
    assert!(events.iter().all(|event| event["error"].is_string()), "{events:?}");
    test.finish().await;
}

#[tokio::test]
async fn an_unknown_number_is_kept_as_unrouted_and_can_be_replayed_once_it_is_known() {
    let test = TestApp::start().await;
    let body = text_webhook("999", "wamid.1", ANA, "Anybody?");
    assert_eq!(test.post_webhook(&body).await, 200);
    test.run_jobs().await;
    let events = items(&test.get("/events?status=unrouted").await);
    assert_eq!(events.len(), 1);
    assert!(text(&events[0], "error").contains("999") && text(&events[0], "body").contains("Anybody?"));
    test.post("/numbers", json!({"phone_number_id": "999", "agent_id": test.agent_id, "access_token": "t"})).await;
    for _ in 0..2 {
        test.post(&format!("/events/{}/replay", text(&events[0], "id")), json!({})).await;
        test.run_jobs().await;
    }
    assert_eq!(items(&test.get("/messages?direction=inbound").await).len(), 1);
    assert_eq!(test.get(&format!("/events/{}", text(&events[0], "id"))).await["status"], "applied");
    test.advance(std::time::Duration::from_secs(1));
    test.run_jobs().await;
}

#[tokio::test]
async fn a_body_over_metas_limit_is_refused() {
    let test = TestApp::start().await;
    let body = vec![b' '; 3 * 1024 * 1024 + 1];
    assert_eq!(test.post_signed("/webhook", APP_SECRET, &body).await, 413);
    assert_eq!(items(&test.get("/events").await).len(), 0);
    test.finish().await;
}

#[tokio::test]
async fn every_kind_of_message_is_stored_and_a_broken_one_costs_no_neighbour_its_place() {
    let test = TestApp::start().await;
    let from = |mut message: Value, id: usize| {
        if let Some(message) = message.as_object_mut() {
            message.insert("from".to_owned(), json!(ANA));
            message.insert("id".to_owned(), json!(format!("wamid.{id}")));
        }
        message
    };
    let kinds = [
        (
            json!({"type": "text", "text": {"body": "emoji 👩‍👩‍👧 مرحبا nul \u{0} end"}}),
            Some("emoji 👩‍👩‍👧 مرحبا nul \u{FFFD} end"),
            true,
        ),
        (json!({"type": "button", "button": {"payload": "P", "text": "Yes"}}), Some("Yes"), true),
        (
            json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r", "title": "Row"}}}),
            Some("Row"),
            true,
        ),
        (
            json!({"type": "image", "image": {"id": "M", "mime_type": "image/jpeg", "caption": "look"}}),
            Some("look"),
            true,
        ),
        (json!({"type": "audio", "audio": {"id": "M", "voice": true}}), None, true),
        (
            json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2.5, "name": "Home"}}),
            Some("Home (1.5, 2.5)"),
            true,
        ),
        (json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "B C"}}]}), Some("B C"), true),
        (json!({"type": "reaction", "reaction": {"message_id": "w", "emoji": "👍"}}), Some("👍"), false),
        (json!({"type": "system", "system": {"type": "user_changed_number", "body": "moved"}}), Some("moved"), false),
        (json!({"type": "unsupported", "errors": [{"code": 131_051, "title": "Message type unknown"}]}), None, true),
        (json!({"type": "hologram", "hologram": {"depth": 3}}), None, true),
        (json!({"no": "type"}), None, true),
    ];
    let mut messages: Vec<Value> =
        kinds.iter().enumerate().map(|(id, (message, ..))| from(message.clone(), id)).collect();
    messages.insert(3, json!(7));
    messages.insert(5, json!({"type": "text", "text": {"body": "nobody wrote this"}, "id": "wamid.X"}));
    let mut body: Value = serde_json::from_str(&text_webhook("1060000000001", "x", ANA, "x")).expect("JSON");
    body["entry"][0]["changes"][0]["value"]["messages"] = json!(messages);
    body["entry"][0]["changes"][0]["value"]["contacts"] = json!([]);
    assert_eq!(test.post_webhook(&body.to_string()).await, 200);
    test.settle().await;

    let mut stored = items(&test.get("/messages?direction=inbound&limit=100").await);
    stored.reverse();
    assert_eq!(stored.len(), kinds.len());
    for ((message, words, asks), stored) in kinds.iter().zip(&stored) {
        let kind = message["type"].as_str().unwrap_or("unknown");
        assert_eq!(stored["type"], kind);
        assert_eq!(stored["text"].as_str(), *words, "{kind}");
        assert_eq!(stored["outcome"], if *asks { "answered" } else { "not_a_question" }, "{kind}");
        if message[kind].is_object() && kind != "text" {
            assert_eq!(stored["content"][kind], message[kind], "{kind}");
        }
    }
    assert_eq!(test.answers(), ["Hello!"]);
    let event = &items(&test.get("/events?limit=100").await).pop().expect("the first event");
    assert_eq!(event["status"], "applied");
    assert!(text(event, "error").contains("names no sender"), "{event}");
    test.finish().await;
}

#[tokio::test]
async fn a_phone_and_a_user_id_find_the_same_person_alone_or_together() {
    let test = TestApp::start().await;
    let both = Customer::with_phone(ANA);
    let hidden = Customer { phone: None, ..both.clone() };
    test.writes(&both, "with both");
    test.settle().await;
    test.writes(&hidden, "with the id alone");
    test.settle().await;
    let conversation = test.conversation().await;
    assert_eq!(conversation["contact"]["phone"], format!("+{ANA}"));
    assert_eq!(conversation["contact"]["user_id"], both.user_id);
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 2]);
    test.finish().await;
}

#[tokio::test]
async fn two_contacts_that_turn_out_to_be_one_person_become_one() {
    let test = TestApp::start().await;
    let post = async |wamid: &str, phone: Option<&str>, user_id: Option<&str>| {
        let mut message = json!({"id": wamid, "type": "text", "text": {"body": wamid}});
        if let Some(phone) = phone {
            message["from"] = json!(phone);
        }
        if let Some(user_id) = user_id {
            message["from_user_id"] = json!(user_id);
        }
        let mut body: Value = serde_json::from_str(&text_webhook("1060000000001", "x", ANA, "x")).expect("JSON");
        body["entry"][0]["changes"][0]["value"]["messages"] = json!([message]);
        body["entry"][0]["changes"][0]["value"]["contacts"] = json!([]);
        assert_eq!(test.post_webhook(&body.to_string()).await, 200);
        test.settle().await;
    };
    post("by phone", Some(ANA), None).await;
    post("by id", None, Some("US.777")).await;
    assert_eq!(items(&test.get("/conversations").await).len(), 2);
    post("by both", Some(ANA), Some("US.777")).await;
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 3]);
    let id = test.conversation_id().await;
    let messages = items(&test.get(&format!("/conversations/{id}/messages")).await);
    assert_eq!(messages.len(), 6, "everything said is in one place");
    // A phone that comes with another user id has changed hands: a stranger begins anew.
    post("a stranger", Some(ANA), Some("US.888")).await;
    assert_eq!(items(&test.get("/conversations").await).len(), 2);
    test.finish().await;
}

#[tokio::test]
async fn replies_that_wait_survive_two_contacts_becoming_one() {
    let test = TestApp::start().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": null})).await;
    let both = Customer::with_phone(ANA);
    test.post_webhook(
        &text_webhook("1060000000001", "w1", ANA, "by phone").replace("from_user_id", "x").replace("user_id", "y"),
    )
    .await;
    test.settle().await;
    test.writes(&Customer { phone: None, ..both.clone() }, "by id");
    test.settle().await;
    assert_eq!(items(&test.get("/conversations").await).len(), 2);
    test.writes(&both, "by both");
    test.settle().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "token-1"})).await;
    test.settle().await;
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 3]);
    assert_eq!(test.answers().len(), 3);
    test.finish().await;
}

#[tokio::test]
async fn what_another_handler_owns_is_shown_and_not_answered() {
    let test = TestApp::start().await;
    let mut body: Value =
        serde_json::from_str(&text_webhook("1060000000001", "wamid.1", ANA, "to the other")).expect("JSON");
    let value = &mut body["entry"][0]["changes"][0]["value"];
    value["standby"] = json!({"messages": value["messages"].take()});
    body["entry"][0]["changes"][0]["field"] = json!("standby");
    test.post_webhook(&body.to_string()).await;
    test.settle().await;
    assert_eq!(test.outcomes().await, [Some("standby".to_owned())]);
    assert_eq!(test.answers(), Vec::<String>::new());
    test.finish().await;
}
