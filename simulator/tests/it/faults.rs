use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::desk::{ANA, Desk, ana, messages_path, reply};

fn numbered(id: &str) -> serde_json::Value {
    json!({"type": "text", "text": {"body": id}, "id": id})
}

fn write_all(desk: &Desk, ids: &[&str]) {
    for id in ids {
        desk.simulator.customer_writes(&ana(), numbered(id));
    }
}

#[tokio::test]
async fn accepted_then_dropped_is_an_error_for_the_client_and_a_bubble_for_the_customer() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"accept_then_drop": {"times": 1}})).await;
    let broken = desk.request(Method::POST, &messages_path(), reply("Lost?")).send().await;
    assert!(broken.is_err(), "no answer may come: {broken:?}");

    assert_eq!(desk.simulator.bubbles(ANA)[1].text, "Lost?");
    let recorded = &desk.simulator.requests()[0];
    assert_eq!((recorded.http, recorded.accepted), (0, true));
    assert_eq!(desk.simulator.deliver().await, 3);
    assert_eq!(desk.gateway.items(), [["sent"], ["delivered"], ["read"]]);
    assert_eq!(desk.send(reply("Again")).await.0, 200, "once was the order");
}

#[tokio::test]
async fn a_hang_is_silence_and_nothing_more() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"hang": {"secs": 3600, "times": 1}})).await;
    let request = desk.request(Method::POST, &messages_path(), reply("Hello?")).timeout(Duration::from_millis(50));
    assert!(request.send().await.expect_err("silence").is_timeout());
    assert_eq!(desk.simulator.bubbles(ANA).len(), 1);
    assert!(!desk.simulator.requests()[0].accepted);

    desk.put_faults(json!({"hang": {"secs": 0}})).await;
    assert!(desk.request(Method::POST, &messages_path(), reply("Hello?")).send().await.is_err());
}

#[tokio::test]
async fn accepted_sends_can_be_answered_late_or_wrongly() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"accept_then_hang": {"secs": 3600, "times": 1}})).await;
    let request = desk.request(Method::POST, &messages_path(), reply("One")).timeout(Duration::from_millis(50));
    assert!(request.send().await.expect_err("too late").is_timeout());

    desk.put_faults(json!({"accept_then_500": {}})).await;
    let (status, answer) = desk.send(reply("Two")).await;
    assert_eq!((status, &answer["error"]["code"]), (500, &json!(131000)));
    let texts: Vec<String> = desk.simulator.bubbles(ANA).into_iter().map(|bubble| bubble.text).collect();
    assert_eq!(texts, ["Hello", "One", "Two"]);
    assert!(desk.simulator.requests().iter().all(|request| request.accepted));
}

#[tokio::test]
async fn answers_are_picked_in_order_and_nothing_is_accepted() {
    let desk = Desk::manual().await.with_open_window().await;
    let answers = json!([
        {"code": 130429, "http": 429, "times": 1, "retry_after_secs": 7},
        {"code": 190, "http": 401, "times": 1},
        {"code": null, "http": 502, "times": 1},
        {"code": 131056, "http": 400},
    ]);
    desk.put_faults(json!({"answers": answers})).await;
    let limited = desk.request(Method::POST, &messages_path(), reply("Hi")).send().await.expect("an answer");
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"7".parse().expect("a header")));
    assert_eq!(desk.send(reply("Hi")).await.1["error"]["code"], 190);
    assert_eq!(desk.send(reply("Hi")).await, (502, json!(null)));
    assert_eq!(desk.send(reply("Hi")).await.1["error"]["code"], 131056);
    assert_eq!(desk.send(reply("Hi")).await.1["error"]["code"], 131056);
    assert_eq!(desk.simulator.bubbles(ANA).len(), 1);
    assert_eq!(desk.simulator.queued(), 0);
}

#[tokio::test]
async fn webhooks_can_double_turn_round_and_travel_together() {
    let desk = Desk::manual().await;
    desk.put_faults(json!({"duplicate_webhooks": 1.0})).await;
    desk.simulator.customer_writes(&ana(), numbered("wamid.1"));
    assert_eq!(desk.simulator.deliver().await, 2);

    desk.put_faults(json!({"reverse": true})).await;
    write_all(&desk, &["wamid.2", "wamid.3"]);
    desk.simulator.deliver().await;

    desk.put_faults(json!({"batch": 2})).await;
    write_all(&desk, &["wamid.4", "wamid.5", "wamid.6"]);
    assert_eq!(desk.simulator.deliver().await, 2);
    let expected = [
        vec!["wamid.1"],
        vec!["wamid.1"],
        vec!["wamid.3"],
        vec!["wamid.2"],
        vec!["wamid.4", "wamid.5"],
        vec!["wamid.6"],
    ];
    assert_eq!(desk.gateway.items(), expected);
}

#[tokio::test]
async fn statuses_can_be_held_dropped_and_turned_round() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"hold_statuses": true})).await;
    desk.send(reply("One")).await;
    assert_eq!((desk.simulator.deliver().await, desk.simulator.queued()), (0, 3));
    assert_eq!(desk.statuses_on_phone(), ["sent", "read"], "the phone is ahead of what we tell");
    desk.put_faults(json!({"status_order": "reversed"})).await;
    assert_eq!(desk.simulator.deliver().await, 3);

    desk.send(reply("Two")).await;
    desk.simulator.deliver().await;
    desk.put_faults(json!({"status_order": "read_only"})).await;
    desk.send(reply("Three")).await;
    desk.simulator.deliver().await;
    desk.put_faults(json!({"drop_statuses": true})).await;
    desk.send(reply("Four")).await;
    assert_eq!((desk.simulator.deliver().await, desk.simulator.queued()), (0, 0));
    let statuses: Vec<String> = desk.gateway.items().concat();
    assert_eq!(statuses, ["sent", "delivered", "read", "read", "delivered", "sent", "read"]);
    assert_eq!(desk.statuses_on_phone(), ["sent", "read", "read", "read", "read"]);
}

#[tokio::test]
async fn a_status_can_overtake_the_answer() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"status_before_answer": true})).await;
    desk.send(reply("Fast")).await;
    assert_eq!(desk.gateway.items(), [["sent"]], "without any deliver()");
    assert_eq!(desk.simulator.deliver().await, 2);
}

#[tokio::test]
async fn an_accepted_message_can_fail_later() {
    let desk = Desk::manual().await.with_open_window().await;
    desk.put_faults(json!({"fail_status": {"code": 131026}})).await;
    desk.send(reply("Nobody home")).await;
    desk.simulator.deliver().await;
    assert_eq!(desk.gateway.items(), [["sent"], ["failed"]]);
    let value = desk.gateway.deliveries()[1].json()["entry"][0]["changes"][0]["value"].clone();
    assert!(value.get("contacts").is_none(), "a failed status has none");
    assert_eq!(value["statuses"][0]["errors"][0]["code"], 131026);
    assert_eq!(desk.statuses_on_phone(), ["sent", "failed"]);
}

#[tokio::test]
async fn switches_that_make_no_sense_are_refused() {
    let desk = Desk::manual().await;
    let (status, answer) = desk.put_faults(json!({"revers": true})).await;
    assert_eq!(status, 400);
    assert!(answer["error"]["message"].as_str().is_some_and(|m| m.contains("unknown field `revers`")), "{answer}");
    assert_eq!(desk.put_faults(json!({"duplicate_webhooks": 1.5})).await.0, 400);
    assert_eq!(desk.put_faults(json!({"hang": {"secs": -1}})).await.0, 400);
    assert_eq!(desk.put_faults(json!({})).await, (200, desk.call(Method::GET, "/sim/faults", json!(null)).await.1));
}
