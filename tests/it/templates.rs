//! Templates: handed in, read, followed, changed and deleted.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN_KEY, TestApp, items, text};

fn order_ok(test: &TestApp) -> Value {
    json!({"number_id": test.number_id, "name": "order_ok", "language": "en_US", "category": "UTILITY",
        "parameter_format": "named", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Order {{number}}",
             "example": {"header_text_named_params": [{"param_name": "number", "example": "77"}]}},
            {"type": "BODY", "text": "Thanks {{first_name}}, all set.",
             "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Ana"}]}},
            {"type": "FOOTER", "text": "Shop"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"},
                {"type": "URL", "text": "Track", "url": "https://x.example/{{1}}", "example": ["https://x.example/77"]}]}]})
}

/// Made and approved.
async fn approved(test: &TestApp) -> String {
    let made = test.post("/templates", order_ok(test)).await;
    assert_eq!((&made["status"], &made["language"]), (&json!("PENDING"), &json!("en_US")), "{made}");
    test.settle().await;
    text(&made, "id")
}

async fn steer(test: &TestApp, method: Method, path: &str, body: Value) {
    let url = format!("{}/sim{path}", test.app.settings.meta.graph_url);
    let answer = test.app.http.request(method, url).json(&body).send().await.expect("answer");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    test.settle().await;
}

#[tokio::test]
async fn a_template_is_handed_in_and_followed_to_its_end() {
    let test = TestApp::start().await;
    let path = format!("/templates/{}", approved(&test).await);
    let template = test.get(&path).await;
    assert_eq!((&template["status"], &template["sends"]), (&json!("APPROVED"), &json!(0)), "{template}");
    assert_eq!(template["components"], order_ok(&test)["components"]);
    let meta_id = text(&template, "meta_id");

    let at = format!("/templates/{meta_id}");
    steer(&test, Method::POST, &format!("{at}/status"), json!({"event": "PAUSED"})).await;
    steer(&test, Method::PUT, &at, json!({"quality": "RED"})).await;
    let template = test.get(&path).await;
    assert_eq!((&template["status"], &template["quality"]), (&json!("PAUSED"), &json!("RED")));
    let number = format!("/numbers/{}", test.number_id);
    assert_eq!(
        test.get(&number).await["health"]["templates"],
        json!({"approved": 0, "pending": 0, "rejected": 0, "paused": 1})
    );
    let check = test.post(&format!("{number}/check"), json!({})).await;
    assert_eq!(check["problems"][0]["code"], "templates_paused", "{check}");

    let components = json!([{"type": "BODY", "text": "Thank you, all is set."}]);
    let changed = test.patch(&path, json!({"components": components})).await;
    assert_eq!((&changed["status"], &changed["components"]), (&json!("PENDING"), &components));
    let (status, problem) = test.call(Method::PATCH, &path, ADMIN_KEY, Some(json!({"components": components}))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_editable")));
    test.settle().await;
    test.post("/templates/sync", json!({"number_id": test.number_id})).await;
    let (status, problem) = test.call(Method::PATCH, &path, ADMIN_KEY, Some(json!({"category": "MARKETING"}))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("category_fixed")));

    let (status, _) = test.call(Method::DELETE, &path, ADMIN_KEY, None).await;
    assert_eq!(status, 204);
    test.settle().await;
    assert_eq!(test.get(&path).await["status"], "DELETED");
    assert_eq!(items(&test.get("/templates?status=DELETED&name=order_ok").await).len(), 1);
    test.finish().await;
}

#[tokio::test]
async fn what_meta_would_refuse_is_named_field_by_field_and_nobody_is_asked() {
    let test = TestApp::start().await;
    let mut wrong = order_ok(&test);
    wrong["name"] = json!("Order OK");
    wrong["components"][1]["text"] = json!("{{first_name}} thanks");
    wrong["components"][2]["text"] = json!("x".repeat(61));
    wrong["components"][3]["buttons"] = json!([{"type": "QUICK_REPLY", "text": "Ok"},
        {"type": "URL", "text": "Go", "url": "https://x.example"}, {"type": "QUICK_REPLY", "text": "No"}]);
    wrong["message_send_ttl_seconds"] = json!(5);
    let asked = test.simulator.requests().len();
    let (status, problem) = test.call(Method::POST, "/templates", ADMIN_KEY, Some(wrong)).await;
    let fields: Vec<String> =
        problem["errors"].as_array().expect("a list").iter().map(|error| text(error, "field")).collect();
    assert_eq!(status, 422);
    for field in
        ["name", "message_send_ttl_seconds", "components[1].text", "components[2].text", "components[3].buttons"]
    {
        assert!(fields.iter().any(|found| found == field), "{field} in {fields:?}");
    }
    assert_eq!(test.simulator.requests().len(), asked);
    test.finish().await;
}

#[tokio::test]
async fn all_pages_are_read_and_what_meta_lists_no_longer_is_deleted() {
    let test = TestApp::start().await;
    let waba = "2060000000001";
    let graph = format!("{}/v24.0/{waba}/message_templates", test.app.settings.meta.graph_url);
    for place in 0..60 {
        let body = json!({"name": format!("t_{place}"), "language": "de", "category": "UTILITY",
            "components": [{"type": "BODY", "text": "Alles gut."}]});
        let made = test.app.http.post(&graph).bearer_auth("token-1").json(&body).send().await.expect("answer");
        assert_eq!(made.status(), 200);
    }
    let sync = json!({"number_id": test.number_id});
    let synced = test.post("/templates/sync", sync.clone()).await;
    assert_eq!((&synced["added"], &synced["deleted"]), (&synced["listed"], &json!(0)), "{synced}");
    assert!(synced["listed"].as_u64().expect("a count") >= 60);
    let mut count = 0;
    let mut cursor = String::new();
    loop {
        let page =
            test.get(&format!("/templates?language=de&number_id={}&limit=25&cursor={cursor}", test.number_id)).await;
        count += items(&page).len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(count, 60);
    // Approved meanwhile, and one gone.
    test.settle().await;
    let gone = test.app.http.delete(format!("{graph}?name=t_7")).bearer_auth("token-1").send().await.expect("answer");
    assert_eq!(gone.status(), 200);
    test.advance(std::time::Duration::from_secs(1));
    let synced = test.post("/templates/sync", sync.clone()).await;
    assert_eq!((&synced["added"], &synced["deleted"]), (&json!(0), &json!(1)), "{synced}");
    assert_eq!(items(&test.get("/templates?name=t_7").await)[0]["status"], "DELETED");
    let synced = test.post("/templates/sync", sync).await;
    assert_eq!((&synced["changed"], &synced["deleted"]), (&json!(0), &json!(0)), "{synced}");
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_webhook_of_an_unknown_template_has_the_list_read() {
    let test = TestApp::start().await;
    let graph = format!("{}/v24.0/2060000000001/message_templates", test.app.settings.meta.graph_url);
    let body = json!({"name": "elsewhere", "language": "en_US", "category": "MARKETING",
        "components": [{"type": "BODY", "text": "Fresh bread today."}]});
    let made = test.app.http.post(&graph).bearer_auth("token-1").json(&body).send().await.expect("answer");
    assert_eq!(made.status(), 200);
    test.settle().await;
    let found = items(&test.get("/templates?name=elsewhere").await);
    assert_eq!((found.len(), &found[0]["status"], &found[0]["category"]), (1, &json!("APPROVED"), &json!("MARKETING")));
    test.finish().await;
}

#[tokio::test]
async fn a_late_webhook_does_not_undo_a_later_one() {
    let test = TestApp::start().await;
    let path = format!("/templates/{}", approved(&test).await);
    let meta_id: u64 = text(&test.get(&path).await, "meta_id").parse().expect("digits");
    let now = test.app.now() / 1000;
    for (event, ago) in [("PAUSED", 0), ("APPROVED", 60)] {
        let value = json!({"event": event, "message_template_id": meta_id, "message_template_name": "order_ok",
            "message_template_language": "en-US", "reason": null});
        let change = json!({"field": "message_template_status_update", "value": value});
        let body = json!({"object": "whatsapp_business_account", "entry": [
            {"id": "2060000000001", "time": now - ago, "changes": [change]}]});
        assert_eq!(test.post_webhook(&body.to_string()).await, 200);
        test.run_jobs().await;
    }
    assert_eq!(test.get(&path).await["status"], "PAUSED");
    test.finish().await;
}
