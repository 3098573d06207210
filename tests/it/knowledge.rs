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
        ("virus.exe", b"MZ".to_vec(), 422, ".pdf, .docx"),
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

#[tokio::test]
async fn a_file_shows_its_passages_and_comes_back_as_it_was_uploaded() {
    let test = TestApp::start().await;
    let bytes = "# Hours\n\nOn Sunday we are open.\n\n# Prices\n\nRye bread costs 7,40 €. <script>".as_bytes();
    let (_, made) = test.upload("shop <b>.md", bytes).await;
    test.run_jobs().await;
    let id = text(&made["items"][0], "id");
    let file = test.get(&format!("/knowledge/{id}")).await;
    assert_eq!((&file["progress"], &file["status"]), (&json!(null), &json!("ready")));
    let path = format!("/knowledge/{id}/passages");
    let passages = items(&test.get(&path).await);
    assert_eq!(file["passages"], json!(passages.len()));
    assert!(passages.iter().enumerate().all(|(place, passage)| passage["ordinal"] == json!(place)));
    assert!(passages[0]["tokens"].as_i64().expect("a count") > 0);
    let found = items(&test.get(&format!("{path}?q=rye%20BREAD")).await);
    assert!(!found.is_empty() && text(&found[0], "text").contains("Rye"));
    assert!(items(&test.get(&format!("{path}?q=100%25")).await).is_empty());
    let mut all = Vec::new();
    let mut page = test.get(&format!("{path}?limit=1")).await;
    loop {
        all.extend(items(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        page = test.get(&format!("{path}?limit=1&cursor={cursor}")).await;
    }
    assert_eq!(all, passages);

    let content = format!("/api/v1/knowledge/{id}/content");
    let answer = test.request(Method::GET, &content).bearer_auth(ADMIN_KEY).send().await.expect("answer");
    let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().expect("text")).to_owned();
    assert_eq!(header("content-disposition"), "attachment; filename*=UTF-8''shop%20%3Cb%3E.md");
    assert_eq!(
        (header("x-content-type-options").as_str(), header("content-type")),
        ("nosniff", text(&file, "media_type"))
    );
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(answer.bytes().await.expect("bytes"), bytes);

    let other = text(&test.post("/workspaces", json!({"name": "Other"})).await, "admin_key");
    for path in [path, format!("/knowledge/{id}/content")] {
        assert_eq!(test.call(Method::GET, &path, &other, None).await.0, 404, "{path}");
    }
    test.finish().await;
}

#[tokio::test]
async fn an_agent_shows_where_it_answers_and_what_it_knows() {
    let test = TestApp::start().await;
    test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    test.run_jobs().await;
    let path = format!("/agents/{}", test.agent_id);
    let agent = test.get(&path).await;
    assert_eq!(
        (&agent["numbers"][0]["id"], &agent["numbers"][0]["display_name"]),
        (&json!(test.number_id), &json!("Miga"))
    );
    assert_eq!(agent["knowledge_files"], 1);
    assert!(agent["knowledge_tokens"].as_i64().expect("a count") > 5);
    assert_eq!(items(&test.get("/agents").await), [agent]);
    let second = test.post("/agents", json!({"name": "Second", "instructions": "x"})).await;
    assert_eq!((&second["numbers"], &second["knowledge_files"]), (&json!([]), &json!(0)));
    // The workspace's default answers where nobody else does.
    let workspace = text(&items(&test.get("/workspaces").await)[0], "id");
    test.patch(&format!("/workspaces/{workspace}"), json!({"default_agent_id": second["id"]})).await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"agent_id": null})).await;
    assert_eq!(test.get(&path).await["numbers"], json!([]));
    let second = test.get(&format!("/agents/{}", text(&second, "id"))).await;
    assert_eq!(second["numbers"][0]["id"], json!(test.number_id));

    test.patch(&path, json!({"instructions": "Be brief."})).await;
    let old = test.get(&format!("{path}/versions/1")).await;
    assert_eq!((&old["version"], &old["instructions"]), (&json!(1), &json!("You are the assistant of Miga Bakery.")));
    for wrong in ["0", "3", "x"] {
        assert_eq!(
            test.call(Method::GET, &format!("{path}/versions/{wrong}"), ADMIN_KEY, None).await.0,
            404,
            "{wrong}"
        );
    }
    test.finish().await;
}

#[tokio::test]
async fn a_preview_shows_what_a_model_would_be_asked_and_asks_none() {
    let test = TestApp::start().await;
    test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    test.run_jobs().await;
    let path = format!("/agents/{}/try", test.agent_id);
    let asked = json!({"message": "Are you open on Sunday?", "instructions": "Speak like a pirate.", "preview": true});
    let shown = test.post(&path, asked).await;
    assert!(test.model.requests().is_empty());
    assert_eq!((&shown["reply"], &shown["completion_tokens"]), (&json!(null), &json!(0)));
    assert_eq!(shown["model"], json!(test.app.settings.model.name));
    let passage = &shown["trace"]["passages"][0];
    assert!(passage["tokens"].as_i64().expect("a count") > 0 && passage["file_name"] == "hours.md", "{shown}");
    assert_eq!(shown["trace"]["prompt"]["tokens"], shown["prompt_tokens"]);
    let system = text(&shown["prompt"][0], "text");
    assert!(system.contains("pirate") && system.contains("8:00"), "{system}");
    let tried = test.post(&path, json!({"message": "Are you open on Sunday?"})).await;
    assert_eq!((text(&tried, "reply").as_str(), test.model.requests().len()), ("Hello!", 1));
    test.finish().await;
}
