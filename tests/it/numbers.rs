//! Numbers: what Graph says of them, in words.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN_KEY, TestApp, text};

#[tokio::test]
async fn a_check_tells_in_words_what_is_wrong() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    let subscription = format!("{}/v24.0/2060000000001/subscribed_apps", test.app.settings.meta.graph_url);
    let unsubscribed = test.app.http.delete(&subscription).bearer_auth("token-1").send().await.expect("answer");
    assert_eq!(unsubscribed.status(), 200);
    let check = test.post(&format!("{path}/check"), json!({})).await;
    assert_eq!(check["problems"][0]["code"], "not_subscribed", "{check}");
    let subscribed = test.app.http.post(&subscription).bearer_auth("token-1").send().await.expect("answer");
    assert_eq!(subscribed.status(), 200);
    let check = test.post(&format!("{path}/check"), json!({})).await;
    assert_eq!((&check["ok"], &check["fields"]["quality_rating"]), (&json!(true), &json!("GREEN")), "{check}");
    assert_eq!(test.get(&path).await["health"]["status"], "ok");

    test.simulator.set_access_token(Some("another"));
    let check = test.post(&format!("{path}/check"), json!({})).await;
    assert_eq!((&check["ok"], &check["problems"][0]["code"]), (&json!(false), &json!("token_refused")));
    let health = test.get(&path).await["health"].clone();
    assert_eq!(health["status"], "trouble");
    assert!(text(&health, "message").contains("access_token"));

    test.patch(&path, json!({"access_token": "another", "phone_number_id": "404"})).await;
    let check = test.post(&format!("{path}/check"), json!({})).await;
    assert_eq!(check["problems"][0]["code"], "id_unknown", "{check}");
    test.patch(&path, json!({"access_token": null})).await;
    let check = test.post(&format!("{path}/check"), json!({})).await;
    assert_eq!(check["problems"][0]["code"], "no_access_token");
    test.finish().await;
}

#[tokio::test]
async fn subscribing_gives_meta_the_numbers_own_webhook_url_and_makes_a_verify_token() {
    let test = TestApp::start().await;
    let public_url = test.base.clone();
    // The address Meta reaches the gateway at is known only once it listens.
    let mut settings = test.app.settings.clone();
    settings.server.public_url = Some(public_url.clone());
    settings.meta.verify_token = None;
    let app = std::sync::Arc::new(switchboard::app::App::new(settings, test.clock.clone()).await.expect("app"));
    let gateway =
        switchboard::serve::Gateway::start(app, "127.0.0.1:0", switchboard::serve::Role::Web).await.expect("up");
    let url = format!("http://{}/api/v1/numbers/{}/subscribe", gateway.address, test.number_id);
    let answer = test.app.http.post(url).bearer_auth(ADMIN_KEY).send().await.expect("answer");
    assert_eq!(answer.status(), 200);
    let subscription: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(subscription["webhook_url"], format!("{public_url}/webhook/{}", test.number_id));
    assert_eq!(test.get(&format!("/numbers/{}", test.number_id)).await["has_verify_token"], true);
    // From now on Meta comes to the number's own door.
    test.ana_writes("Hi?");
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    let events = test.get("/events").await;
    assert_eq!(events["items"][0]["number_id"], test.number_id);
    gateway.stop().await;
    test.finish().await;
}

#[tokio::test]
async fn a_number_can_be_changed_field_by_field_and_removed() {
    let test = TestApp::start().await;
    let path = format!("/numbers/{}", test.number_id);
    let changed = test.patch(&path, json!({"display_name": "New", "waba_id": null})).await;
    assert_eq!(
        (&changed["display_name"], &changed["waba_id"], &changed["mode"]),
        (&json!("New"), &json!(null), &json!("active"))
    );
    assert_eq!(changed["has_access_token"], true);
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 204);
    assert_eq!(test.call(Method::GET, &path, ADMIN_KEY, None).await.0, 404);
    test.finish().await;
}
