//! From the decided reply to the customer's phone, whatever Graph does.

use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Answer, Chance, Customer, FailStatus, Faults, StatusOrder};
use switchboard::store::jobs::{self, JobError, Order};
use switchboard::{delivery, turn};

use crate::support::{ADMIN_KEY, ANA, Says, TestApp, items, text};

async fn sent(test: &TestApp) -> Value {
    items(&test.get("/messages?direction=outbound").await).remove(0)
}

fn refusal(http: u16, code: i64, times: Option<u32>) -> Faults {
    let answer = Answer { code: Some(code), http, share: 1.0, times, retry_after_secs: None };
    Faults { answers: vec![answer], ..Faults::default() }
}

#[tokio::test]
async fn a_reply_is_followed_until_it_is_read() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let message = sent(&test).await;
    assert_eq!(message["status"], "read");
    for time in ["accepted_at", "delivered_at", "read_at"] {
        assert!(message[time].is_string(), "{time}: {message}");
    }
    let request = test.simulator.requests().into_iter().find(|request| request.wamid.is_some()).expect("a send");
    assert_eq!(request.body["biz_opaque_callback_data"], message["id"]);
    assert_eq!(request.body["to"], format!("+{ANA}"));
    assert_eq!(test.simulator.typing_count(), 1);
    test.finish().await;
}

#[tokio::test]
async fn a_customer_without_a_phone_is_answered_by_user_id() {
    let test = TestApp::start().await;
    let hidden = Customer::with_username("ana.k", "Ana");
    test.writes(&hidden, "Hi?");
    test.settle().await;
    let request = test.simulator.requests().into_iter().find(|request| request.wamid.is_some()).expect("a send");
    assert_eq!((request.body.get("to"), &request.body["recipient"]), (None, &json!(hidden.user_id)));
    assert_eq!(sent(&test).await["status"], "read");
    test.finish().await;
}

#[tokio::test]
async fn statuses_in_any_order_end_right() {
    for faults in [
        Faults { status_order: StatusOrder::Reversed, ..Faults::default() },
        Faults { status_order: StatusOrder::ReadOnly, ..Faults::default() },
        Faults { duplicate_webhooks: 1.0, reverse: true, ..Faults::default() },
        Faults { status_before_answer: true, ..Faults::default() },
    ] {
        let test = TestApp::start().await;
        test.simulator.set_faults(faults.clone());
        test.ana_writes("Hi?");
        test.settle().await;
        let message = sent(&test).await;
        assert_eq!((&message["status"], &message["sends"]), (&json!("read"), &json!(1)), "{faults:?}");
        assert_eq!(test.answers(), ["Hello!"], "{faults:?}");
        assert_eq!(test.outcomes().await, [Some("answered".to_owned())], "{faults:?}");
        test.finish().await;
    }
}

#[tokio::test]
async fn a_status_that_names_only_a_wamid_we_do_not_know_yet_waits_for_it() {
    let test = TestApp::start().await;
    let status = |wamid: &str| {
        json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001", "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": {"phone_number_id": "1060000000001"},
            "statuses": [{"id": wamid, "status": "delivered", "timestamp": "1795240000", "recipient_id": ANA}]}}]}]})
        .to_string()
    };
    test.simulator.set_faults(Faults { drop_statuses: true, ..Faults::default() });
    test.ana_writes("Hi?");
    test.settle().await;
    let wamid = text(&sent(&test).await, "wamid");
    assert_eq!(sent(&test).await["status"], "accepted");
    test.post_webhook(&status(&wamid)).await;
    test.post_webhook(&status("wamid.of-another-system")).await;
    test.run_jobs().await;
    assert_eq!(sent(&test).await["status"], "delivered");
    test.finish().await;
}

#[tokio::test]
async fn refused_credentials_hold_the_numbers_sends_until_they_work_again() {
    let test = TestApp::start().await;
    test.simulator.set_access_token(Some("token-2"));
    let ben = Customer::with_phone("15550003333");
    test.ana_writes("Hi?");
    test.writes(&ben, "Hello?");
    test.settle().await;
    test.advance(Duration::from_secs(300));
    test.run_jobs().await;
    assert_eq!(test.answers(), Vec::<String>::new());
    assert_eq!(sent(&test).await["status"], "queued");
    let tasks = items(&test.get("/conversations?task=open").await);
    assert_eq!(tasks.len(), 1, "told once");
    assert_eq!(tasks[0]["task_reason"], "credentials");
    let number = test.get(&format!("/numbers/{}", test.number_id)).await;
    assert_eq!(number["health"]["status"], "held");
    let tried = test.simulator.requests().iter().filter(|request| request.code == Some(190)).count();
    assert!(tried < 12, "a held number is probed, not hammered: {tried}");

    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "token-2"})).await;
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 2]);
    let number = test.get(&format!("/numbers/{}", test.number_id)).await;
    assert_ne!(number["health"]["status"], "held");
    test.finish().await;
}

#[tokio::test]
async fn a_number_without_a_token_stores_and_shows_and_answers_once_it_has_one() {
    let test = TestApp::start().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": null})).await;
    test.ana_writes("Hi?");
    test.settle().await;
    assert_eq!(test.outcomes().await, [None]);
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "token-1"})).await;
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    test.finish().await;
}

#[tokio::test]
async fn a_closed_window_and_a_refusal_end_undelivered_with_a_task() {
    for (http, code) in [(400, 131_047), (400, 131_026), (400, 100)] {
        let test = TestApp::start().await;
        test.simulator.set_faults(refusal(http, code, None));
        test.ana_writes("Hi?");
        test.settle().await;
        let message = sent(&test).await;
        assert_eq!((&message["status"], &message["error"]["code"]), (&json!("failed"), &json!(code)));
        assert_eq!(test.outcomes().await, [Some("undelivered".to_owned())]);
        assert_eq!(test.conversation().await["task"], "open");
        test.finish().await;
    }
}

#[tokio::test]
async fn a_pair_limit_is_waited_out() {
    let test = TestApp::start().await;
    test.simulator.set_faults(refusal(400, 131_056, Some(3)));
    test.ana_writes("Hi?");
    test.settle().await;
    for _ in 0..12 {
        test.advance(Duration::from_secs(10));
        test.run_jobs().await;
    }
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    test.finish().await;
}

#[tokio::test]
async fn retries_end_with_the_customers_window() {
    let test = TestApp::start().await;
    test.simulator.set_faults(refusal(429, 130_429, None));
    test.ana_writes("Hi?");
    test.settle().await;
    for _ in 0..26 {
        test.advance(Duration::from_secs(3600));
        test.run_jobs().await;
    }
    let message = sent(&test).await;
    assert_eq!((&message["status"], &message["error"]["reason"]), (&json!("failed"), &json!("window_closed")));
    assert_eq!(test.outcomes().await, [Some("undelivered".to_owned())]);
    test.finish().await;
}

#[tokio::test]
async fn a_long_reply_arrives_in_order_in_as_few_bubbles_as_fit() {
    let test = TestApp::start().await;
    let long: String = (0..300).map(|number| format!("Sentence number {number} of the answer. ")).collect();
    test.model.next(Says::Text(long.clone()));
    test.simulator.set_faults(refusal(500, 131_000, Some(1)));
    test.ana_writes("Tell me everything.");
    test.settle().await;
    assert_eq!(test.answers(), Vec::<String>::new(), "the second part waits for the first");
    test.advance(Duration::from_secs(60));
    test.settle().await;
    let answers = test.answers();
    assert!(answers.len() > 1 && answers.iter().all(|answer| answer.chars().count() <= 4096));
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeeze(&answers.concat()), squeeze(&long));
    test.finish().await;
}

#[tokio::test]
async fn when_one_part_fails_for_good_the_rest_does_not_follow() {
    let test = TestApp::start().await;
    test.model.next(Says::Text("A sentence that repeats itself. ".repeat(300)));
    test.simulator.set_faults(refusal(400, 131_026, Some(1)));
    test.ana_writes("Tell me everything.");
    test.settle().await;
    assert_eq!(test.answers(), Vec::<String>::new());
    assert_eq!(test.outcomes().await, [Some("undelivered".to_owned())]);
    test.finish().await;
}

#[tokio::test]
async fn a_message_that_fails_after_it_was_accepted_becomes_a_task() {
    let test = TestApp::start().await;
    let fail_status = Some(FailStatus { code: 131_049, share: 1.0, times: None });
    test.simulator.set_faults(Faults { fail_status, ..Faults::default() });
    test.ana_writes("Hi?");
    test.settle().await;
    let message = sent(&test).await;
    assert_eq!((&message["status"], &message["error"]["code"]), (&json!("failed"), &json!(131_049)));
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    assert_eq!(test.conversation().await["task_reason"], "send_failed");
    test.finish().await;
}

#[tokio::test]
async fn an_operators_message_goes_out_once_per_idempotency_key() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let body = json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": {"type": "text", "text": {"body": "Your cake is ready."}}});
    let send = async |body: &Value, key: &str| {
        let request =
            test.request(Method::POST, "/api/v1/messages").bearer_auth(ADMIN_KEY).header("Idempotency-Key", key);
        let answer = request.json(body).send().await.expect("answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, first) = send(&body, "order-77").await;
    assert_eq!((status, &first["status"]), (201, &json!("queued")));
    let (status, again) = send(&body, "order-77").await;
    assert_eq!((status, &again["id"]), (200, &first["id"]));
    let mut other = body.clone();
    other["content"]["text"]["body"] = json!("Something else.");
    let (status, problem) = send(&other, "order-77").await;
    assert_eq!((status, &problem["code"]), (409, &json!("idempotency_key_reused")));
    let mut stranger = body.clone();
    stranger["to"] = json!("+15550003333");
    let (status, problem) = send(&stranger, "order-77").await;
    assert_eq!((status, &problem["code"]), (409, &json!("idempotency_key_reused")), "a key is for one recipient");
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!", "Your cake is ready."]);
    assert_eq!(test.conversation().await["owner"], "agent", "a notice from a program takes nothing");
    test.finish().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_read_sends_nothing() {
    let test = TestApp::start().await;
    let body = json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": {"type": "text", "text": {"body": "Hi."}}});
    let long = "k".repeat(256);
    for keys in [&["caf\u{e9}"][..], &["a", "a"], &["a", "b"], &[""], &[&long]] {
        let mut request = test.request(Method::POST, "/api/v1/messages").bearer_auth(ADMIN_KEY).json(&body);
        for key in keys {
            request = request.header("Idempotency-Key", key.as_bytes());
        }
        let answer = request.send().await.expect("answer");
        assert_eq!(answer.status(), 400, "{keys:?}");
        let problem: Value = answer.json().await.expect("JSON");
        assert!(text(&problem, "detail").contains("Idempotency-Key"), "{problem}");
    }
    test.settle().await;
    assert_eq!(test.answers(), [] as [&str; 0]);
    test.finish().await;
}

#[tokio::test]
async fn what_cannot_be_sent_names_the_field() {
    let test = TestApp::start().await;
    let text_of = |body: &str| json!({"type": "text", "text": {"body": body}});
    for (body, field) in [
        (json!({"number_id": test.number_id, "to": "nobody", "content": text_of("x")}), "to"),
        (json!({"number_id": test.number_id, "to": "+15550002222", "content": text_of(" ")}), "content.text.body"),
        (
            json!({"number_id": test.number_id, "to": "+15550002222", "content": text_of(&"x".repeat(4097))}),
            "content.text.body",
        ),
        (
            json!({"number_id": "num_01M7YARSRWEKFA9260Z3QV3DA2", "to": "+15550002222", "content": text_of("x")}),
            "number_id",
        ),
    ] {
        let (status, problem) = test.call(Method::POST, "/messages", ADMIN_KEY, Some(body)).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    let unknown = json!({"number_id": test.number_id, "to": "+15550002222", "content": text_of("x"), "colour": "red"});
    let (status, problem) = test.call(Method::POST, "/messages", ADMIN_KEY, Some(unknown)).await;
    assert_eq!(status, 400);
    assert!(text(&problem, "detail").contains("colour"), "{problem}");
    test.finish().await;
}

#[tokio::test]
async fn two_hundred_messages_in_a_minute_fold_into_few_turns_and_respect_the_pair() {
    let test = TestApp::start().await;
    for number in 0..200 {
        test.ana_writes(&format!("message {number}"));
        if number % 10 == 9 {
            test.deliver().await;
            test.run_jobs().await;
            test.advance(Duration::from_secs(3));
        }
    }
    // A flood waits longer for its turn.
    test.advance(Duration::from_secs(30));
    test.settle().await;
    assert_eq!(test.outcomes().await.len(), 100, "a page");
    assert!(test.model.finished() <= 21, "{}", test.model.finished());
    assert!(test.outcomes().await.iter().all(|outcome| outcome.as_deref() == Some("answered")));
    test.finish().await;
}

#[tokio::test]
async fn refusals_do_not_count_as_sends_that_may_have_left() {
    let test = TestApp::start().await;
    let refuse = refusal(429, 130_429, Some(6));
    let once = Some(Chance { share: 1.0, times: Some(1) });
    // Six times not now, then a send that was taken, though neither an answer nor a status tells.
    test.simulator.set_faults(Faults { accept_then_drop: once, drop_statuses: true, ..refuse });
    test.ana_writes("Hi?");
    test.deliver().await;
    for _ in 0..20 {
        test.advance(Duration::from_secs(1));
        test.run_jobs().await;
    }
    let message = sent(&test).await;
    assert_eq!((&message["status"], &message["sends"]), (&json!("unsettled"), &json!(1)));
    test.advance(Duration::from_secs(46));
    test.run_jobs().await;
    let message = sent(&test).await;
    assert_eq!((&message["status"], &message["sends"]), (&json!("accepted"), &json!(2)), "repeated in its time");
    test.finish().await;
}

#[tokio::test]
async fn a_node_that_was_frozen_after_the_release_sends_nothing_when_it_wakes() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let now = test.app.now();
    let turns = jobs::claim(&test.app.db, JobKind::Turn, 1, Order::Due, now, test.app.lease_until(now)).await;
    let decided = turn::run(&test.app, &turns.expect("claim")[0]).await.expect("a turn");
    let turn::Ended::Replied(Some(released)) = decided else { panic!("released with its commit: {decided:?}") };
    test.advance(Duration::from_secs(11));
    // Meanwhile another node found the lease at its end.
    test.run_jobs().await;
    assert!(matches!(delivery::send_ready(&test.app, &released).await, Err(JobError::Lost(_))));
    assert_eq!(test.answers(), [""; 0], "nothing has left yet");
    test.advance(Duration::from_secs(60));
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    test.finish().await;
}
