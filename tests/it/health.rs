//! A number's health: looked at on a schedule, told in words, and a hold where the token is refused.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Answer, Faults};
use switchboard::account;

use crate::support::{ADMIN_KEY, TestApp, items, text};

const PHONE_NUMBER_ID: &str = "1060000000001";

async fn steer(test: &TestApp, path: &str, body: Value) {
    let url = format!("{}/sim{path}", test.app.settings.meta.graph_url);
    let answer = test.app.http.put(url).json(&body).send().await.expect("answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
}

/// The schedule's look, as the maintenance loop takes it.
async fn look(test: &TestApp) -> usize {
    let enqueued = account::schedule(&test.app).await.expect("scheduled");
    test.run_jobs().await;
    enqueued
}

#[tokio::test]
async fn a_new_number_is_looked_at_at_once_and_then_now_and_then() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    assert_eq!(look(&test).await, 2, "its health and its account's templates");
    let health = test.get(&path).await["health"].clone();
    assert_eq!((&health["status"], &health["message"]), (&json!("ok"), &json!("All is well.")), "{health}");
    for (key, expected) in [
        ("verified_name", json!("Harbour Bakery")),
        ("quality_rating", json!("GREEN")),
        ("messaging_limit", json!("TIER_2K")),
        ("throughput", json!("STANDARD")),
        ("subscribed", json!(true)),
    ] {
        assert_eq!(health[key], expected, "{key}");
    }
    assert_eq!((&health["token"]["valid"], &health["token"]["expires_at"]), (&json!(true), &Value::Null));
    assert_eq!(look(&test).await, 0, "nothing is due");
    test.advance(Duration::from_secs(67 * 60));
    assert_eq!(look(&test).await, 1);
    let history = items(&test.get(&format!("{path}/health")).await);
    assert_eq!(history.len(), 1, "nothing has changed: {history:?}");
    assert_eq!((&history[0]["source"], &history[0]["status"]), (&json!("probe"), &json!("ok")));

    test.patch(&path, json!({"mode": "inactive"})).await;
    test.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(look(&test).await, 0, "an inactive number is left alone");
    test.patch(&path, json!({"mode": "active", "access_token": "token-2"})).await;
    assert_eq!(look(&test).await, 2, "a new token is tried at once");
    test.finish().await;
}

#[tokio::test]
async fn what_meta_says_of_the_number_is_told_in_words() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    let change = json!({"quality_rating": "RED", "name_status": "DECLINED", "status": "FLAGGED", "quiet": true});
    steer(&test, &format!("/numbers/{PHONE_NUMBER_ID}"), change).await;
    let check = test.post(&format!("{path}/check"), json!({})).await;
    let codes: Vec<String> =
        check["problems"].as_array().expect("a list").iter().map(|problem| text(problem, "code")).collect();
    for code in ["not_connected", "quality_red", "name_rejected"] {
        assert!(codes.iter().any(|found| found == code), "{code} in {codes:?}");
    }
    assert_eq!((&check["ok"], &check["fields"]["quality_rating"]), (&json!(false), &json!("RED")));
    let well = json!({"quality_rating": "GREEN", "name_status": "APPROVED", "status": "CONNECTED", "quiet": true});
    steer(&test, &format!("/numbers/{PHONE_NUMBER_ID}"), well).await;
    assert_eq!(test.post(&format!("{path}/check"), json!({})).await["ok"], true);
    let history = items(&test.get(&format!("{path}/health")).await);
    let statuses: Vec<&Value> = history.iter().map(|record| &record["status"]).collect();
    assert_eq!(statuses, [&json!("ok"), &json!("trouble")]);
    test.finish().await;
}

#[tokio::test]
async fn a_refused_token_holds_the_number_and_a_good_one_lets_what_waited_go() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    test.simulator.set_access_token(Some("another"));
    look(&test).await;
    let health = test.get(&path).await["health"].clone();
    assert_eq!((&health["status"], &health["problems"][0]["code"]), (&json!("held"), &json!("token_refused")));
    test.ana_writes("Are you open?");
    test.settle().await;
    assert_eq!(test.answers(), Vec::<String>::new(), "it waits");
    assert_eq!(test.outcomes().await, [None]);
    // Graph still refuses: told once.
    test.advance(Duration::from_secs(70 * 60));
    look(&test).await;

    test.simulator.set_access_token(Some("token-1"));
    test.advance(Duration::from_secs(70 * 60));
    look(&test).await;
    test.settle().await;
    assert_eq!(test.answers().len(), 1, "what waited is sent");
    let notices = items(&test.get(&format!("/notices?field=hold&number_id={}", test.number_id)).await);
    let told: Vec<(&Value, &Value)> = notices.iter().map(|notice| (&notice["event"], &notice["severity"])).collect();
    assert_eq!(told, [(&json!("ended"), &json!("info")), (&json!("begun"), &json!("critical"))]);
    assert_eq!(test.get(&path).await["health"]["status"], "ok");
    test.finish().await;
}

#[tokio::test]
async fn a_graph_that_fails_is_not_asked_without_end() {
    let test = TestApp::start().await;
    let busy = Answer { code: Some(4), http: 400, share: 1.0, times: None, retry_after_secs: None };
    test.simulator.set_faults(Faults { management_answers: vec![busy], window_check: false, ..Faults::default() });
    look(&test).await;
    let asked = test.simulator.requests().len();
    assert!((2..=4).contains(&asked), "{asked}");
    assert_eq!(look(&test).await, 0);
    let health = test.get(&format!("/numbers/{}", test.number_id)).await["health"].clone();
    assert_eq!(
        (&health["status"], &health["problems"][0]["code"]),
        (&json!("trouble"), &json!("too_often")),
        "{health}"
    );
    test.advance(Duration::from_secs(6 * 60));
    assert_eq!(look(&test).await, 1, "sooner than by the schedule");
    test.simulator.set_faults(Faults::default());
    test.advance(Duration::from_secs(20 * 60));
    assert_eq!(look(&test).await, 2);
    assert_eq!(test.get(&format!("/numbers/{}", test.number_id)).await["health"]["status"], "ok");
    test.finish().await;
}

#[tokio::test]
async fn a_profile_is_read_and_changed_within_metas_bounds() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}/profile", test.number_id);
    assert_eq!(test.get(&path).await["vertical"], "RESTAURANT");
    let change = json!({"about": "Bread since 1950.", "websites": ["https://miga.example"], "email": "a@miga.example"});
    let changed = test.patch(&path, change).await;
    assert_eq!(
        (&changed["about"], &changed["websites"]),
        (&json!("Bread since 1950."), &json!(["https://miga.example"]))
    );
    let wrong = json!({"about": "x".repeat(140), "email": "nobody", "websites": ["a", "b", "c"]});
    let (status, problem) = test.call(Method::PATCH, &path, ADMIN_KEY, Some(wrong)).await;
    let fields: Vec<&Value> =
        problem["errors"].as_array().expect("a list").iter().map(|error| &error["field"]).collect();
    assert_eq!((status, fields), (422, vec![&json!("about"), &json!("email"), &json!("websites")]));
    test.finish().await;
}

#[tokio::test]
async fn a_number_is_registered_with_its_pin_and_a_wrong_one_says_what_to_do() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    assert_eq!(test.post(&format!("{path}/pin"), json!({"pin": "123456"})).await, json!({"ok": true}));
    test.post(&format!("{path}/deregister"), json!({})).await;
    let register = format!("{path}/register");
    let (status, problem) = test.call(Method::POST, &register, ADMIN_KEY, Some(json!({"pin": "654321"}))).await;
    assert_eq!((status, &problem["code"]), (502, &json!("graph_refused")));
    assert!(text(&problem, "detail").contains("PIN is wrong"), "{problem}");
    test.post(&register, json!({"pin": "123456", "data_localization_region": "CH"})).await;
    let (status, problem) = test.call(Method::POST, &register, ADMIN_KEY, Some(json!({"pin": "12345x"}))).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("pin")));
    test.finish().await;
}

#[tokio::test]
async fn prompts_and_commands_are_replaced_and_the_link_opens_the_number() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    let components = json!({"prompts": ["When are you open?"], "commands": [
        {"command_name": "hours", "command_description": "Tells when we are open"}]});
    let there = format!("{path}/conversational-components");
    let (status, body) = test.call(Method::PUT, &there, ADMIN_KEY, Some(components.clone())).await;
    assert_eq!((status, &body), (200, &components));
    assert_eq!(test.get(&there).await, components);
    let (status, _) = test.call(Method::PUT, &there, ADMIN_KEY, Some(json!({"prompts": ["Bread \u{1f35e}"]}))).await;
    assert_eq!(status, 422);
    let link = test.get(&format!("{path}/link?text=Hello%20there")).await;
    assert_eq!(link["url"], "https://wa.me/15550001111?text=Hello%20there");
    assert!(text(&link, "qr_svg").contains("<svg"));
    test.finish().await;
}
