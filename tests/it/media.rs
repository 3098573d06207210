//! Files: fetched from Meta, checked, stored once, handed out safely; and brought to Meta to be sent.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::Faults;

use crate::support::{ADMIN_KEY, ANA, TestApp, items, text};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

async fn details(test: &TestApp) -> Value {
    let message = test.newest_inbound().await;
    let id = text(&message["media"], "id");
    test.get(&format!("/media/{id}/details")).await
}

async fn file(test: &TestApp, id: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = test.request(Method::GET, &format!("/api/v1/media/{id}")).bearer_auth(ADMIN_KEY);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("answer")
}

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_customers_picture_is_fetched_and_handed_out_whole_and_in_ranges() {
    let test = TestApp::start().await;
    test.ana_sends_file("type=image&caption=Look", "image/png", PNG).await;
    test.settle().await;
    let media = details(&test).await;
    assert_eq!(
        (&media["status"], &media["media_type"], &media["kind"]),
        (&json!("ready"), &json!("image/png"), &json!("image"))
    );
    assert_eq!(
        (&media["size_bytes"], &media["warning"], &media["error"]),
        (&json!(PNG.len()), &json!(null), &json!(null))
    );

    let id = text(&media, "id");
    let whole = file(&test, &id, &[]).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-type")), (200, "image/png"));
    assert!(header(&whole, "content-security-policy").contains("sandbox"));
    assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
    let tag = header(&whole, "etag").to_owned();
    assert_eq!(whole.bytes().await.expect("bytes"), PNG);

    let part = file(&test, &id, &[("range", "bytes=1-3")]).await;
    assert_eq!(
        (part.status().as_u16(), header(&part, "content-range")),
        (206, format!("bytes 1-3/{}", PNG.len()).as_str())
    );
    assert_eq!(part.bytes().await.expect("bytes").as_ref(), b"PNG");
    assert_eq!(file(&test, &id, &[("range", "bytes=999-")]).await.status(), 416);
    assert_eq!(file(&test, &id, &[("if-none-match", &tag)]).await.status(), 304);
    let changed = file(&test, &id, &[("range", "bytes=1-3"), ("if-range", "\"other\"")]).await;
    assert_eq!(changed.status(), 200);

    let nobody = test.request(Method::GET, &format!("/api/v1/media/{id}")).send().await.expect("answer");
    assert_eq!(nobody.status(), 401);
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    let (status, _) = test.call(Method::GET, &format!("/media/{id}/details"), &text(&other, "admin_key"), None).await;
    assert_eq!(status, 404, "a foreign file is not there");
    test.finish().await;
}

#[tokio::test]
async fn what_bytes_are_counts_and_not_what_is_said_of_them() {
    let test = TestApp::start().await;
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (how, kind, bytes, is, warns) in [
        ("type=image&mime_type=image/jpeg", "image/jpeg", b"%PDF-1.7 not a picture".to_vec(), "application/pdf", true),
        ("type=document&filename=drawing.svg", "image/svg+xml", svg.as_bytes().to_vec(), "text/plain", false),
        ("type=document&filename=bomb.zip", "application/zip", zip_bomb(), "application/zip", false),
        (
            "type=document&filename=page.html",
            "text/html",
            b"<!DOCTYPE html><script>1</script>".to_vec(),
            "text/html",
            false,
        ),
    ] {
        test.ana_sends_file(how, kind, bytes.clone()).await;
        test.settle().await;
        let media = details(&test).await;
        assert_eq!((&media["status"], &media["media_type"]), (&json!("ready"), &json!(is)), "{how}");
        assert_eq!(media["warning"].is_string(), warns, "{how}: {media}");
        let answer = file(&test, &text(&media, "id"), &[]).await;
        assert_eq!(header(&answer, "content-type"), "application/octet-stream", "{how} is never shown");
        assert!(header(&answer, "content-disposition").starts_with("attachment"), "{how}");
        assert_eq!(answer.bytes().await.expect("bytes"), bytes, "{how} is kept as it came");
    }
    test.finish().await;
}

/// Ten megabytes of nothing in ten kilobytes: nobody here opens it.
fn zip_bomb() -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    bytes.extend([0u8; 10_000]);
    bytes
}

#[tokio::test]
async fn a_name_leads_nowhere() {
    let test = TestApp::start().await;
    test.ana_sends_file("type=document&filename=..%2F..%2Fetc%2Fpasswd", "application/pdf", &b"%PDF-1.7"[..]).await;
    test.settle().await;
    let media = details(&test).await;
    assert_eq!(media["file_name"], "passwd");
    let answer = file(&test, &text(&media, "id"), &[]).await;
    assert_eq!(header(&answer, "content-disposition"), "attachment; filename*=UTF-8''passwd");
    test.finish().await;
}

#[tokio::test]
async fn an_expired_address_is_asked_for_again_and_a_lost_file_is_shown_as_such() {
    let test = TestApp::start().await;
    test.ana_sends_file("type=image&url=expired", "image/png", PNG).await;
    test.settle().await;
    assert_eq!(details(&test).await["status"], "ready", "Graph knows a fresh address");

    test.ana_sends_file("type=image&url=always_expired", "image/png", PNG).await;
    test.settle().await;
    let media = details(&test).await;
    assert_eq!(media["status"], "failed");
    assert!(text(&media, "error").contains("not at its address"), "{media}");
    let answer = file(&test, &text(&media, "id"), &[]).await;
    assert_eq!(answer.status(), 409);
    test.finish().await;
}

#[tokio::test]
async fn a_server_that_fails_for_a_while_costs_no_file() {
    let test = TestApp::start().await;
    let faults = json!({"media_answers": [{"http": 500, "times": 3}], "window_check": false});
    test.simulator.set_faults(serde_json::from_value(faults).expect("faults"));
    test.ana_sends_file("type=image", "image/png", PNG).await;
    test.settle().await;
    test.simulator.set_faults(Faults { window_check: false, ..Faults::default() });
    for _ in 0..8 {
        test.advance(Duration::from_secs(60));
        test.run_jobs().await;
    }
    assert_eq!(details(&test).await["status"], "ready");
    test.finish().await;
}

#[tokio::test]
async fn a_refused_token_keeps_files_waiting_and_a_new_one_brings_them() {
    let test = TestApp::start().await;
    test.simulator.set_access_token(Some("another"));
    test.ana_sends_file("type=image", "image/png", PNG).await;
    test.simulator.deliver().await;
    test.run_jobs().await;
    assert_eq!(details(&test).await["status"], "fetching");
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "another"})).await;
    test.advance(Duration::from_secs(61));
    test.settle().await;
    assert_eq!(details(&test).await["status"], "ready");
    test.finish().await;
}

#[tokio::test]
async fn the_largest_files_come_and_larger_ones_have_a_defined_end() {
    let test = TestApp::start().await;
    let mut film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    film.resize(16 * 1024 * 1024, 7);
    test.ana_sends_file("type=video", "video/mp4", film).await;
    test.settle().await;
    let media = details(&test).await;
    assert_eq!((&media["status"], &media["media_type"]), (&json!("ready"), &json!("video/mp4")));

    let mut paper = b"%PDF-1.7".to_vec();
    paper.resize(100_000_000, b' ');
    test.ana_sends_file("type=document&filename=large.pdf", "application/pdf", paper).await;
    test.settle().await;
    let media = details(&test).await;
    assert_eq!((&media["status"], &media["size_bytes"]), (&json!("ready"), &json!(100_000_000)));

    let declared = json!({"messages": [{"id": "wamid.large", "from": ANA, "from_user_id": "US.1", "timestamp": "1790000000",
        "type": "document", "document": {"filename": "huge.bin"}, "errors": [{"code": 131_052, "title": "Media download error"}]}]});
    assert_eq!(test.tell("messages", declared).await, 200);
    test.settle().await;
    let media = details(&test).await;
    assert_eq!(media["status"], "failed");
    assert!(text(&media, "error").contains("without its file"), "{media}");
    test.finish().await;
}

#[tokio::test]
async fn the_same_content_is_stored_once_and_goes_with_its_last_name() {
    let test = TestApp::start().await;
    let (one, other) = (test.upload_media("a.png", PNG).await, test.upload_media("b.png", PNG).await);
    assert_eq!(one["sha256"], other["sha256"]);
    let stored = || {
        let folder = std::path::Path::new(test.app.settings.media.url.strip_prefix("file://").expect("a folder"));
        count_files(folder)
    };
    assert_eq!(stored(), 1);
    let (status, _) = test.call(Method::DELETE, &format!("/media/{}", text(&one, "id")), ADMIN_KEY, None).await;
    assert_eq!((status, stored()), (204, 1));
    let (status, _) = test.call(Method::DELETE, &format!("/media/{}", text(&other, "id")), ADMIN_KEY, None).await;
    assert_eq!((status, stored()), (204, 0));
    test.finish().await;
}

fn count_files(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn an_upload_is_brought_to_meta_once_and_used_again_until_meta_forgets_it() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let media = test.upload_media("menu.png", PNG).await;
    assert_eq!((&media["status"], &media["kind"]), (&json!("ready"), &json!("image")));
    let send = json!({"content": {"type": "image", "image": {"id": media["id"], "caption": "Menu"}}});
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    let uploads = || test.simulator.requests().iter().filter(|request| request.path.ends_with("/media")).count();
    for _ in 0..2 {
        test.post(&path, send.clone()).await;
        test.settle().await;
        assert_eq!(test.newest_message().await["status"], "read");
    }
    assert_eq!(uploads(), 1, "once for both");

    test.advance(Duration::from_secs(29 * 24 * 60 * 60 + 1));
    let now = test.app.now() / 1000;
    let again = json!({"type": "text", "text": {"body": "Still there?"}, "timestamp": now.to_string()});
    test.simulator.customer_writes(&simulator::Customer::with_phone(ANA), again);
    test.settle().await;
    test.post(&path, send).await;
    test.settle().await;
    assert_eq!((uploads(), &test.newest_message().await["status"]), (2, &json!("read")));
    test.finish().await;
}

#[tokio::test]
async fn uploads_are_listed_and_bad_ones_refused_with_words_that_help() {
    let test = TestApp::start().await;
    test.upload_media("../../a\u{202e}gpj.exe", b"MZ\x90\0").await;
    let listed = items(&test.get("/media?source=upload").await);
    assert_eq!(listed[0]["file_name"], "agpj.exe");
    assert_eq!(listed[0]["kind"], "document");
    let part = reqwest::multipart::Part::bytes(Vec::new()).file_name("nothing.png");
    let form = reqwest::multipart::Form::new().part("file", part);
    let answer = test.request(Method::POST, "/api/v1/media").bearer_auth(ADMIN_KEY).multipart(form).send().await;
    let answer = answer.expect("answer");
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().await.expect("JSON");
    assert_eq!((&problem["code"], &problem["errors"][0]["field"]), (&json!("invalid_fields"), &json!("file")));
    test.finish().await;
}
