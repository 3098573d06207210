//! Keys, roles and the shape of refusals.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN_KEY, TestApp, items, text};

#[tokio::test]
async fn each_role_may_do_what_it_is_for() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let conversation = test.conversation_id().await;
    let read = (Method::GET, "/conversations".to_owned(), None);
    let edit = (Method::PATCH, format!("/agents/{}", test.agent_id), Some(json!({"name": "New"})));
    let operate = (Method::POST, format!("/conversations/{conversation}/read"), None);
    let administer = (Method::PATCH, format!("/numbers/{}", test.number_id), Some(json!({"display_name": "New"})));
    for (role, allowed) in [
        ("admin", [true; 4]),
        ("editor", [true, true, false, false]),
        ("operator", [true, false, true, false]),
        ("viewer", [true, false, false, false]),
    ] {
        let key = text(&test.post("/keys", json!({"name": role, "role": role})).await, "key");
        for ((method, path, body), allowed) in [&read, &edit, &operate, &administer].into_iter().zip(allowed) {
            let (status, answer) = test.call(method.clone(), path, &key, body.clone()).await;
            assert_eq!(status, if allowed { 200 } else { 403 }, "{role} {method} {path}: {answer}");
        }
    }
    test.finish().await;
}

#[tokio::test]
async fn a_revoked_key_is_refused_and_the_last_admin_key_stays() {
    let test = TestApp::start_empty("").await;
    let made = test.post("/keys", json!({"name": "second", "role": "admin"})).await;
    let (id, key) = (text(&made, "id"), text(&made, "key"));
    assert_eq!(test.call(Method::GET, "/agents", &key, None).await.0, 200);
    assert_eq!(test.call(Method::DELETE, &format!("/keys/{id}"), ADMIN_KEY, None).await.0, 204);
    assert_eq!(test.call(Method::GET, "/agents", &key, None).await.0, 401);
    let last = text(&items(&test.get("/keys").await)[0], "id");
    let (status, problem) = test.call(Method::DELETE, &format!("/keys/{last}"), ADMIN_KEY, None).await;
    assert_eq!((status, &problem["code"]), (409, &json!("last_admin_key")));
    test.finish().await;
}

#[tokio::test]
async fn refusals_are_problems_with_a_code_and_never_a_500() {
    let test = TestApp::start().await;
    let deep = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let long = "x".repeat(1024 * 1024 + 1);
    let agent = |body: &str| body.to_owned();
    for (method, path, key, body, status) in [
        (Method::GET, "/agents", "", None, 401),
        (Method::GET, "/agents", "wrong-key", None, 401),
        (Method::GET, "/nowhere", ADMIN_KEY, None, 404),
        (Method::PUT, "/agents", ADMIN_KEY, None, 405),
        (Method::GET, "/agents/agt_nonsense", ADMIN_KEY, None, 404),
        (Method::GET, "/agents/agt_01M7YARSRWEKFA9260YWQ4W8EG", ADMIN_KEY, None, 404),
        (Method::GET, "/agents/%00", ADMIN_KEY, None, 404),
        (Method::GET, "/agents?limit=0", ADMIN_KEY, None, 400),
        (Method::GET, "/agents?limit=101", ADMIN_KEY, None, 400),
        (Method::GET, "/agents?limit=many", ADMIN_KEY, None, 400),
        (Method::GET, "/agents?cursor=%00", ADMIN_KEY, None, 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent("")), 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent("{")), 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(&deep)), 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(&long)), 413),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(r#"{"name":"x"}"#)), 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(r#"{"name":"x","instructions":"y","colour":"red"}"#)), 400),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(r#"{"name":"","instructions":"y"}"#)), 422),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(r#"{"name":"x\u0000","instructions":"y"}"#)), 422),
        (
            Method::POST,
            "/agents",
            ADMIN_KEY,
            Some(agent(r#"{"name":"x","instructions":"y","model":{"temperature":9}}"#)),
            422,
        ),
        (Method::POST, "/numbers", ADMIN_KEY, Some(agent(r#"{"phone_number_id":"../me"}"#)), 422),
        (Method::POST, "/numbers", ADMIN_KEY, Some(agent(r#"{"phone_number_id":"1060000000001"}"#)), 409),
        (Method::POST, "/agents", ADMIN_KEY, Some(agent(r#"{"name":false,"instructions":"y"}"#)), 400),
        (
            Method::POST,
            "/agents",
            ADMIN_KEY,
            Some(agent(r#"{"name":"x","instructions":"y","model":{"base_url":"https://me:secret@model.example"}}"#)),
            422,
        ),
        (
            Method::POST,
            "/numbers",
            ADMIN_KEY,
            Some(agent(r#"{"phone_number_id":"2","access_token":"a\r\nX: y"}"#)),
            422,
        ),
        (
            Method::POST,
            "/agents",
            ADMIN_KEY,
            Some(agent(r#"{"name":"x","instructions":"y","model":{"api_key":"a\nb"}}"#)),
            422,
        ),
        (Method::GET, "/messages?wamid=%00", ADMIN_KEY, None, 400),
        (Method::POST, "/jobs/job_1/retry", ADMIN_KEY, None, 404),
    ] {
        let mut request =
            test.request(method.clone(), &format!("/api/v1{path}")).header("content-type", "application/json");
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        if let Some(body) = &body {
            request = request.body(body.clone());
        }
        let answer = request.send().await.expect("answer");
        let kind =
            answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        let got = answer.status().as_u16();
        let problem: Value = answer.json().await.expect("a problem is JSON");
        let shown = body.unwrap_or_default().chars().take(60).collect::<String>();
        assert_eq!(got, status, "{method} {path} {shown}: {problem}");
        assert!(kind.starts_with("application/problem+json"), "{method} {path}: {kind}");
        assert!(
            problem["code"].is_string() && problem["detail"].is_string() && problem["status"] == json!(status),
            "{problem}"
        );
    }
    test.finish().await;
}

#[tokio::test]
async fn a_path_that_knows_other_methods_names_them() {
    let test = TestApp::start_empty("").await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/v1/agents", "GET, HEAD, POST"),
        (Method::POST, "/api/v1/agents/agt_01M7YARSRWEKFA9260YWQ4W8EG", "DELETE, GET, HEAD, PATCH"),
        (Method::GET, "/api/v1/agents/agt_01M7YARSRWEKFA9260YWQ4W8EG/try", "POST"),
        (Method::POST, "/health/live", "GET, HEAD"),
        (Method::PUT, "/webhook", "GET, HEAD, POST"),
        (Method::PUT, "/webhook/num_01M7YARSRWEKFA9260YWQ4W8EG", "GET, HEAD, POST"),
    ] {
        let answer = test.request(method.clone(), path).send().await.expect("answer");
        let allow = answer.headers().get("allow").and_then(|allow| allow.to_str().ok()).unwrap_or_default();
        assert_eq!((answer.status().as_u16(), allow), (405, allowed), "{method} {path}");
    }
    test.finish().await;
}

#[tokio::test]
async fn an_empty_cursor_is_the_first_page() {
    let test = TestApp::start().await;
    assert_eq!(test.get("/agents?cursor=").await, test.get("/agents").await);
    assert_eq!(items(&test.get("/agents?cursor=&limit=1").await).len(), 1);
    test.finish().await;
}

#[tokio::test]
async fn a_stored_model_key_goes_to_no_other_service() {
    let test = TestApp::start().await;
    let path = format!("/agents/{}", test.agent_id);
    let own = json!({"base_url": "https://own.example/v1", "api_key": "sk-1"});
    test.patch(&path, json!({"model": own})).await;
    for url in [json!("https://stranger.example/v1"), Value::Null] {
        let (status, problem) =
            test.call(Method::PATCH, &path, ADMIN_KEY, Some(json!({"model": {"base_url": url}}))).await;
        assert_eq!((status, &problem["code"]), (422, &json!("api_key_needed")), "{problem}");
    }
    assert_eq!(test.get(&path).await["model"]["base_url"], "https://own.example/v1");
    // The same service, a key given again, and no key at all.
    test.patch(&path, json!({"model": {"base_url": "https://own.example/v1", "name": "m"}})).await;
    test.patch(&path, json!({"model": {"base_url": "https://new.example/v1", "api_key": "sk-2"}})).await;
    let without = test.patch(&path, json!({"model": {"base_url": "https://other.example/v1", "api_key": null}})).await;
    assert_eq!(without["model"]["has_api_key"], false);
    test.patch(&path, json!({"model": {"base_url": null}})).await;
    test.finish().await;
}
