//! Files of teams: found when they are good, explained when they are not.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN_KEY, TestApp, items, text};

async fn search(test: &TestApp, query: &str) -> Vec<String> {
    let found =
        test.post(&format!("/agents/{}/knowledge/search", test.agent_id), json!({"query": query, "limit": 3})).await;
    found["passages"].as_array().expect("passages").iter().map(|passage| text(passage, "text")).collect()
}

#[tokio::test]
async fn an_uploaded_file_is_indexed_and_found_and_gone_when_it_is_removed() {
    let test = TestApp::start().await;
    let (status, made) = test.upload("prices.csv", "product;price\nRye bread;7,40 €\nCafé;2,20 €\n".as_bytes()).await;
    assert_eq!((status, &made["items"][0]["status"]), (201, &json!("processing")));
    test.run_jobs().await;
    let id = text(&made["items"][0], "id");
    let file = test.get(&format!("/knowledge/{id}")).await;
    assert_eq!((&file["status"], &file["passages"]), (&json!("ready"), &json!(2)));
    assert!(file["tokens"].as_i64().expect("a count") > 5);
    assert_eq!(search(&test, "how much is cafe").await, ["product: Café\nprice: 2,20 €"]);
    let (status, _) = test.call(Method::DELETE, &format!("/knowledge/{id}"), ADMIN_KEY, None).await;
    assert_eq!(status, 204);
    assert!(search(&test, "rye").await.is_empty());
    test.finish().await;
}

#[tokio::test]
async fn a_second_node_sees_new_knowledge_at_once() {
    let test = TestApp::start().await;
    test.upload("a.txt", b"The old secret word is lighthouse.").await;
    test.run_jobs().await;
    assert_eq!(search(&test, "lighthouse").await.len(), 1);
    let settings = test.app.settings.clone();
    let other = std::sync::Arc::new(switchboard::app::App::new(settings, test.clock.clone()).await.expect("app"));
    test.upload("b.txt", b"The new secret word is windmill.").await;
    while switchboard::jobs::run_due(&other, entity::state::JobKind::IndexFile).await.expect("run") {}
    assert_eq!(search(&test, "windmill").await.len(), 1);
    test.finish().await;
}

#[tokio::test]
async fn bad_files_are_refused_or_failed_with_a_sentence_that_helps() {
    let test = TestApp::start().await;
    let wide = format!("{}\n1\n", ",".repeat(9_999_999));
    for (name, bytes, status, words) in [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), 422, "binary"),
        ("empty.md", b"  \n".to_vec(), 422, "empty"),
        ("virus.exe", b"MZ".to_vec(), 422, ".txt, .md or .csv"),
        ("big.txt", vec![b'x'; 20 * 1024 * 1024 + 1], 413, "20 MiB"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3\n".to_vec(), 201, "Line 3 has 3 fields"),
        ("wide.csv", wide.into_bytes(), 201, "10000000 columns"),
        ("header.csv", b"a,b\n".to_vec(), 201, "no rows"),
        ("../../etc/passwd.txt", b"root".to_vec(), 201, ""),
    ] {
        let (got, body) = test.upload(name, &bytes).await;
        assert_eq!(got, status, "{name}: {body}");
        if status != 201 {
            assert!(text(&body, "detail").contains(words), "{name}: {body}");
            continue;
        }
        test.run_jobs().await;
        let file = test.get(&format!("/knowledge/{}", text(&body["items"][0], "id"))).await;
        if words.is_empty() {
            assert_eq!((&file["name"], &file["status"]), (&json!("passwd.txt"), &json!("ready")));
        } else {
            assert_eq!(file["status"], "failed", "{name}");
            assert!(text(&file, "error").contains(words), "{name}: {file}");
        }
    }
    test.finish().await;
}

#[tokio::test]
async fn lists_page_by_cursor_without_gaps() {
    let test = TestApp::start().await;
    for number in 0..5 {
        test.upload(&format!("{number}.txt"), b"words").await;
    }
    test.run_jobs().await;
    let mut names = Vec::new();
    let mut path = format!("/agents/{}/knowledge?limit=2", test.agent_id);
    loop {
        let page = test.get(&path).await;
        names.extend(items(&page).iter().map(|file| text(file, "name")));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/agents/{}/knowledge?limit=2&cursor={cursor}", test.agent_id);
    }
    assert_eq!(names, ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]);
    test.finish().await;
}
