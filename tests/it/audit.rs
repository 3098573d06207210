//! The audit log: what is written down, what is not, and who reads it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use switchboard::store;
use switchboard::store::PageRequest;
use switchboard::store::audit::Filter;

use crate::support::browser::{Browser, knock, sign_in};
use crate::support::{ADMIN_KEY, TestApp, items, text};

const EVA: &str = "eva@miga.example";

/// Actions, the newest first.
async fn actions(test: &TestApp, query: &str) -> Vec<String> {
    items(&test.get(&format!("/audit?limit=100{query}")).await).iter().map(|entry| text(entry, "action")).collect()
}

#[tokio::test]
async fn what_changes_something_is_written_down_without_its_values() {
    let test = TestApp::start_empty("").await;
    let body = json!({"name": "Miga", "instructions": "A secret recipe.", "model": {"api_key": "sk-very-secret"}});
    let agent = test.post("/agents", body).await;
    let path = format!("/agents/{}", text(&agent, "id"));
    test.patch(&path, json!({"instructions": "Another secret recipe."})).await;
    test.get(&path).await;
    assert_eq!(test.call(Method::PATCH, &path, ADMIN_KEY, Some(json!({"name": ""}))).await.0, 422);
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 204);
    assert_eq!(test.call(Method::DELETE, &path, ADMIN_KEY, None).await.0, 404);

    let log = test.get("/audit").await;
    let me = test.get("/session").await;
    let shown: Vec<Value> = items(&log)
        .into_iter()
        .map(|mut entry| {
            let fields = entry.as_object_mut().expect("an entry");
            assert!(text(&Value::Object(fields.clone()), "id").starts_with("aud_"));
            fields.remove("id");
            fields.remove("at");
            entry
        })
        .collect();
    let entry = |action: &str, path: &str, fields: Value, status: u16| {
        json!({
            "actor": me["actor"], "actor_name": "bootstrap", "action": action, "path": format!("/api/v1{path}"),
            "subject": agent["id"], "fields": fields, "address": "127.0.0.1", "status": status,
        })
    };
    assert_eq!(
        shown,
        [
            entry("deleteAgent", &path, json!([]), 204),
            entry("updateAgent", &path, json!(["instructions"]), 200),
            entry("createAgent", "/agents", json!(["instructions", "model", "name"]), 201),
        ]
    );
    assert!(!log.to_string().contains("secret"), "{log}");
    test.finish().await;
}

#[tokio::test]
async fn what_is_said_and_looked_at_is_not_written_down() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let conversation = format!("/conversations/{}", test.conversation_id().await);
    let before = actions(&test, "").await;
    let content = json!({"type": "text", "text": {"body": "Hello"}});
    test.post(&format!("{conversation}/messages"), json!({"content": content})).await;
    let message = json!({"number_id": test.number_id, "to": "+15550002222", "content": content});
    test.post("/messages", message).await;
    test.post(&format!("{conversation}/read"), json!({})).await;
    test.post(&format!("{conversation}/typing"), json!({})).await;
    test.post(&format!("/agents/{}/try", test.agent_id), json!({"message": "Hi?"})).await;
    test.post(&format!("/agents/{}/knowledge/search", test.agent_id), json!({"query": "open"})).await;
    assert_eq!(actions(&test, "").await, before);
    test.post(&format!("{conversation}/take"), json!({})).await;
    let (status, _) = test.upload("hours.md", b"# Hours\n\nFrom eight to one.").await;
    assert_eq!(status, 201);
    assert_eq!(actions(&test, "").await[..2], ["uploadKnowledge", "takeConversation"]);
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn who_came_in_and_who_did_not_is_written_down() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "operator").await;
    assert_eq!(sign_in(&test, "EVA@miga.example", "not the password").await.status(), 401);
    assert_eq!(sign_in(&test, "nobody@miga.example", "not the password").await.status(), 401);
    assert_eq!(knock(&test, "/session", json!({"key": "wrong"})).await.status(), 401);
    assert_eq!(eva.call(&test, Method::DELETE, "/session", None).await.0, 204);
    let shown: Vec<[Value; 4]> = items(&test.get("/audit").await)
        .iter()
        .map(|entry| ["action", "status", "actor", "actor_name"].map(|key| entry[key].clone()))
        .collect();
    let failed = |name: Value| [json!("signIn"), json!(401), Value::Null, name];
    let did = |action: &str, status: u16| [json!(action), json!(status), json!(eva.actor()), json!("Eva Miga")];
    assert_eq!(
        shown[..5],
        [
            did("signOut", 204),
            failed(Value::Null),
            failed(json!("nobody@miga.example")),
            failed(json!("EVA@miga.example")),
            did("acceptInvite", 201),
        ]
    );
    let log = test.get("/audit").await.to_string();
    assert!(!log.contains("not the password"), "{log}");
    test.finish().await;
}

#[tokio::test]
async fn the_log_is_searched_page_by_page_by_admins_of_its_workspace() {
    let test = TestApp::start_empty("").await;
    let eva = Browser::of_new_member(&test, EVA, "editor").await;
    test.advance(Duration::from_secs(60));
    let from = test.app.now();
    let agent = eva.post(&test, "/agents", json!({"name": "Miga", "instructions": "Help."})).await;
    test.advance(Duration::from_secs(60));
    let to = test.app.now();
    test.patch(&format!("/agents/{}", text(&agent, "id")), json!({"mode": "paused"})).await;

    let time = |millis: i64| {
        chrono::DateTime::from_timestamp_millis(millis)
            .expect("a time")
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    };
    assert_eq!(actions(&test, "").await, ["updateAgent", "createAgent", "acceptInvite", "createMember"]);
    for (query, found) in [
        (format!("&actor={}", eva.actor()), vec!["createAgent", "acceptInvite"]),
        ("&action=createMember".to_owned(), vec!["createMember"]),
        (format!("&subject={}", text(&agent, "id")), vec!["updateAgent", "createAgent"]),
        (format!("&from={}", time(from)), vec!["updateAgent", "createAgent"]),
        (format!("&from={}&to={}", time(from), time(to)), vec!["createAgent"]),
        (format!("&subject={}&actor={}", text(&agent, "id"), eva.actor()), vec!["createAgent"]),
    ] {
        assert_eq!(actions(&test, &query).await, found, "{query}");
    }
    let first = test.get("/audit?limit=3").await;
    let rest = test.get(&format!("/audit?limit=3&cursor={}", text(&first, "next_cursor"))).await;
    assert_eq!((items(&first).len(), items(&rest).len(), &rest["next_cursor"]), (3, 1, &Value::Null));

    for query in ["actor=agt_01M7YARSRWEKFA9260YWQ4W8EG", "from=yesterday", "action=%00"] {
        assert_eq!(test.call(Method::GET, &format!("/audit?{query}"), ADMIN_KEY, None).await.0, 400, "{query}");
    }
    assert_eq!(eva.call(&test, Method::GET, "/audit", None).await.0, 403);
    let second = text(&test.post("/workspaces", json!({"name": "Second"})).await, "admin_key");
    assert_eq!(items(&test.call(Method::GET, "/audit", &second, None).await.1), [] as [Value; 0]);
    test.finish().await;
}

#[tokio::test]
async fn what_is_old_leaves() {
    let test = TestApp::start_empty("").await;
    let agent = json!({"name": "Miga", "instructions": "Help."});
    test.post("/agents", agent.clone()).await;
    test.advance(Duration::from_secs(24 * 60 * 60));
    let kept_from = test.app.now();
    test.post("/agents", agent).await;
    let db = test.app.db.reader();
    store::audit::drop_before(test.app.db.bookkeeper(), kept_from).await.expect("sweeps");
    let workspace = store::workspaces::first(db).await.expect("reads").expect("there is one");
    let page = PageRequest { cursor: None, limit: 10 };
    let left = store::audit::list(db, &workspace.id, &Filter::default(), &page).await.expect("reads").items;
    assert_eq!(left.iter().map(|entry| entry.at).collect::<Vec<_>>(), [kept_from]);
    test.finish().await;
}
