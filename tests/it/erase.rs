//! What a contact may ask for: all that is kept of them, and to be forgotten.

use std::path::Path;
use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use simulator::Customer;
use switchboard::secrets::{Sealer, random_master_key};
use switchboard::{privacy, rotate};

use crate::outbound::add_template;
use crate::support::{ADMIN_KEY, ANA, Says, TestApp, items, text};

const BOB: &str = "15550009999";
const WORD: &str = "pumpernickel";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

async fn contact_of(test: &TestApp, phone: &str) -> Value {
    items(&test.get(&format!("/contacts?q={phone}")).await).into_iter().next().expect("a contact")
}

/// Ana and Bob write; Ana sends a picture, too, and is answered with her own word.
async fn talk(test: &TestApp) -> String {
    test.model.next(Says::Text(format!("Yes, we have {WORD}.")));
    test.ana_writes(&format!("Do you have {WORD}?"));
    test.settle().await;
    test.ana_sends_file("type=image&caption=Look", "image/png", PNG).await;
    test.settle().await;
    let note = json!({"text": format!("Likes {WORD}")});
    test.post(&format!("/conversations/{}/notes", test.conversation_id().await), note).await;
    test.writes(&Customer::with_phone(BOB), "Good morning");
    test.settle().await;
    text(&contact_of(test, ANA).await, "id")
}

async fn erase(test: &TestApp, id: &str) {
    let (status, body) = test.call(Method::DELETE, &format!("/contacts/{id}"), ADMIN_KEY, None).await;
    assert_eq!(status, 202, "{body}");
    assert!(text(&body, "job_id").starts_with("job_"));
    test.run_jobs().await;
}

/// Every row of every table that names `word`, in whatever column.
async fn rows_with(test: &TestApp, word: &str) -> Vec<String> {
    let db = test.app.db.reader();
    let backend = db.get_database_backend();
    let tables = if test.database.is_embedded() {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'"
    };
    let mut found = Vec::new();
    for row in db.query_all_raw(Statement::from_string(backend, tables)).await.expect("tables") {
        let table: String = row.try_get("", "name").expect("a name");
        let columns = if test.database.is_embedded() {
            format!("SELECT name FROM pragma_table_info('{table}')")
        } else {
            format!("SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'")
        };
        for row in db.query_all_raw(Statement::from_string(backend, columns)).await.expect("columns") {
            let column: String = row.try_get("", "name").expect("a name");
            let text = match (test.database.is_embedded(), table.as_str(), column.as_str()) {
                (true, ..) => format!("CAST(\"{column}\" AS text)"),
                (false, "events", "body") => "encode(body, 'escape')".to_owned(),
                (false, ..) => format!("\"{column}\"::text"),
            };
            let count = format!("SELECT count(*) FROM \"{table}\" WHERE {text} LIKE '%{word}%'");
            let row = db.query_one_raw(Statement::from_string(backend, count)).await.expect("count").expect("a row");
            let count: i64 = row.try_get_by_index(0).expect("a count");
            if count > 0 {
                found.push(format!("{count} in {table}.{column}"));
            }
        }
    }
    found
}

fn is_in_file(path: &Path, word: &str) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return false };
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

fn count_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn a_contact_who_is_forgotten_leaves_nothing_behind_and_nobody_else_loses_anything() {
    let test = TestApp::start().await;
    let id = talk(&test).await;
    let user_id = text(&contact_of(&test, ANA).await, "user_id");
    assert!(!rows_with(&test, ANA).await.is_empty() && !rows_with(&test, WORD).await.is_empty());
    assert_eq!(count_files(&test.media_folder()), 1);
    let event = items(&test.get("/events?limit=100").await).pop().expect("the first event");
    assert!(text(&event, "body").contains(ANA));

    let operator = text(&test.post("/keys", json!({"name": "o", "role": "operator"})).await, "key");
    let (status, _) = test.call(Method::DELETE, &format!("/contacts/{id}"), &operator, None).await;
    assert_eq!(status, 403);
    erase(&test, &id).await;
    for word in [ANA, WORD, &user_id] {
        assert_eq!(rows_with(&test, word).await, Vec::<String>::new(), "{word}");
    }
    if test.database.is_embedded() {
        for file in ["test.db", "test.db-wal"] {
            for word in [ANA, WORD, &user_id] {
                assert!(!is_in_file(&test.database.path(file), word), "{word} in {file}");
            }
        }
    }
    assert_eq!(count_files(&test.media_folder()), 0);
    let event = format!("/events/{}", text(&event, "id"));
    let emptied = test.get(&event).await;
    assert_eq!((&emptied["status"], &emptied["body"]), (&json!("erased"), &json!("")));
    let (status, problem) = test.call(Method::POST, &format!("{event}/replay"), ADMIN_KEY, None).await;
    assert_eq!((status, &problem["code"]), (409, &json!("erased")));
    for gone in ["", "/timeline", "/export"] {
        assert_eq!(test.call(Method::GET, &format!("/contacts/{id}{gone}"), ADMIN_KEY, None).await.0, 404);
    }
    assert_eq!(test.call(Method::DELETE, &format!("/contacts/{id}"), ADMIN_KEY, None).await.0, 404);

    let left = items(&test.get("/conversations").await);
    assert_eq!((left.len(), &left[0]["contact"]["phone"]), (1, &json!(format!("+{BOB}"))));
    assert_eq!(items(&test.get("/messages").await).len(), 2);
    test.ana_writes("Hello again");
    test.settle().await;
    assert_ne!(text(&contact_of(&test, ANA).await, "id"), id, "who comes back is somebody new");
    assert_eq!(test.newest_inbound().await["outcome"], "answered");
    test.finish().await;
}

#[tokio::test]
async fn a_reply_on_its_way_does_not_leave_when_the_customer_is_forgotten() {
    let test = TestApp::start().await;
    test.model.next(Says::Hangs);
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let thinking = test.spawn_job(JobKind::Turn);
    test.model.arrived().await;
    let id = text(&contact_of(&test, ANA).await, "id");
    erase(&test, &id).await;
    thinking.await.expect("the turn ends");
    test.settle().await;
    assert!(test.answers().is_empty());
    assert_eq!(rows_with(&test, ANA).await, Vec::<String>::new());

    // One that waits for its number goes, too.
    test.simulator.set_access_token(Some("refused"));
    test.ana_writes("Hi again?");
    test.settle().await;
    let id = text(&contact_of(&test, ANA).await, "id");
    erase(&test, &id).await;
    test.simulator.set_access_token(None);
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "new"})).await;
    test.settle().await;
    assert!(test.answers().is_empty());
    test.finish().await;
}

#[tokio::test]
async fn forgetting_that_was_cut_off_goes_on_from_where_it_was() {
    let test = TestApp::start().await;
    let id = talk(&test).await;
    let (status, _) = test.call(Method::DELETE, &format!("/contacts/{id}"), ADMIN_KEY, None).await;
    assert_eq!(status, 202);
    // A worker that dies in the midst of it: the webhooks are read, and some messages are gone.
    let cut = "UPDATE erasures SET read_until = 'all'; DELETE FROM messages WHERE direction = 'outbound'";
    test.app
        .db
        .schema()
        .execute_unprepared("UPDATE jobs SET deaths = 3 WHERE kind = 'erase_contact'")
        .await
        .expect("set");
    let before = rows_with(&test, WORD).await;
    assert!(!before.is_empty());
    for text in cut.split(';') {
        test.app.db.schema().execute_unprepared(text).await.expect("cut");
    }
    test.run_jobs().await;
    let backend = test.app.db.reader().get_database_backend();
    let left = Statement::from_string(backend, "SELECT count(*) FROM erasures");
    let left = test.app.db.reader().query_one_raw(left).await.expect("query").expect("a row");
    assert_eq!(left.try_get_by_index::<i64>(0).expect("a count"), 0);
    assert_eq!(items(&test.get("/conversations").await).len(), 1);
    test.finish().await;
}

#[tokio::test]
async fn whoever_opted_out_stays_out_of_marketing_after_being_forgotten() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let body = json!([{"type": "BODY", "text": "Cakes!"}]);
    add_template(&test, "offer", "MARKETING", "APPROVED", false, body).await;
    test.ana_writes("STOP");
    test.settle().await;
    let id = text(&contact_of(&test, ANA).await, "id");
    erase(&test, &id).await;
    assert_eq!(rows_with(&test, ANA).await, Vec::<String>::new());

    let person = |phone: &str| privacy::Person { phone: Some(phone.to_owned()), user_id: None };
    let workspace = entity::WorkspaceId::parse(&text(&items(&test.get("/workspaces").await)[0], "id")).expect("an id");
    let db = test.app.db.reader();
    let known = async |phone: &str| {
        privacy::suppressed_at(&test.app, db, &workspace, &person(phone)).await.expect("asked").is_some()
    };
    assert!(known(ANA).await && !known(BOB).await);
    let template = json!({"type": "template", "template": {"name": "offer", "language": {"code": "en_US"}}});
    let body = json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": template});
    let send = async || test.call(Method::POST, "/messages", ADMIN_KEY, Some(body.clone())).await;
    let (status, problem) = send().await;
    assert_eq!((status, &problem["code"]), (422, &json!("opted_out")), "{problem}");
    assert!(items(&test.get("/contacts").await).is_empty(), "the refusal made nobody known");

    // Another message makes them known; what they allow then counts.
    let hello = json!({"number_id": test.number_id, "to": format!("+{ANA}"), "content": {"type": "text", "text": {"body": "Hi"}}});
    test.post("/messages", hello).await;
    test.settle().await;
    let (status, _) = send().await;
    assert_eq!(status, 422);
    test.advance(Duration::from_secs(1));
    let id = text(&contact_of(&test, ANA).await, "id");
    test.post(&format!("/contacts/{id}/consent"), json!({"state": "opted_in", "scope": "marketing"})).await;
    let (status, sent) = send().await;
    assert_eq!(status, 201, "{sent}");
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_new_master_key_keeps_what_was_suppressed() {
    let test = TestApp::start().await;
    test.ana_writes("STOP");
    test.settle().await;
    let id = text(&contact_of(&test, ANA).await, "id");
    erase(&test, &id).await;
    test.ana_writes("Hi?");
    test.settle().await;
    let id = text(&contact_of(&test, ANA).await, "id");
    assert_eq!(test.call(Method::DELETE, &format!("/contacts/{id}"), ADMIN_KEY, None).await.0, 202);
    let key = random_master_key();
    let new = Sealer::from_base64(&key).expect("a key");
    // The number's token, the suppressions' key, and what is known of the one who is being forgotten.
    assert_eq!(rotate::rotate(&test.app, &new).await.expect("rotated"), 3);
    let mut settings = test.app.settings.clone();
    settings.secrets.master_key = Some(key.into());
    let app = switchboard::app::App::new(settings, test.clock.clone()).await.expect("app");
    while switchboard::jobs::run_due(&app, JobKind::EraseContact).await.expect("run") {}
    let workspace = entity::WorkspaceId::parse(&text(&items(&test.get("/workspaces").await)[0], "id")).expect("an id");
    let person = privacy::Person { phone: Some(ANA.to_owned()), user_id: None };
    assert!(privacy::suppressed_at(&app, app.db.reader(), &workspace, &person).await.expect("asked").is_some());
    assert_eq!(rows_with(&test, ANA).await, Vec::<String>::new());
    test.finish().await;
}

#[tokio::test]
async fn all_that_is_kept_of_a_contact_comes_as_one_file() {
    let test = TestApp::start().await;
    let id = talk(&test).await;
    test.patch(&format!("/contacts/{id}"), json!({"fields": {"Customer number": "K-17"}})).await;
    let path = format!("/api/v1/contacts/{id}/export");
    let answer = test.request(Method::GET, &path).bearer_auth(ADMIN_KEY).send().await.expect("answer");
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(header("content-disposition").starts_with("attachment") && header("content-type") == "application/json");
    let export: Value = answer.json().await.expect("JSON");
    assert_eq!(export["contact"]["phone"], json!(format!("+{ANA}")));
    assert_eq!(export["contact"]["fields"], json!({"Customer number": "K-17"}));
    let lengths = ["identities", "consents", "conversations", "messages", "turns", "notes", "media", "events"]
        .map(|list| export[list].as_array().unwrap_or_else(|| panic!("{list}")).len());
    assert_eq!(lengths, [2, 0, 1, 4, 2, 1, 1, 2]);
    let texts: Vec<&str> =
        export["messages"].as_array().expect("a list").iter().filter_map(|message| message["text"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(WORD)));
    assert!(!export.to_string().contains(BOB) && !export.to_string().contains("token-1"));
    let viewer = text(&test.post("/keys", json!({"name": "v", "role": "viewer"})).await, "key");
    assert_eq!(test.call(Method::GET, &format!("/contacts/{id}/export"), &viewer, None).await.0, 403);
    let other = text(&test.post("/workspaces", json!({"name": "Other"})).await, "admin_key");
    for path in [format!("/contacts/{id}/export"), format!("/contacts/{id}/timeline")] {
        assert_eq!(test.call(Method::GET, &path, &other, None).await.0, 404);
    }
    test.finish().await;
}

#[tokio::test]
async fn a_timeline_pages_through_everything_without_gaps() {
    let test = TestApp::start().await;
    let id = talk(&test).await;
    test.advance(Duration::from_secs(60));
    test.post(&format!("/contacts/{id}/consent"), json!({"state": "opted_out", "note": "told us in the shop"})).await;
    let mut all = Vec::new();
    let mut path = format!("/contacts/{id}/timeline?limit=3");
    loop {
        let page = test.get(&path).await;
        all.extend(items(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        assert!(!cursor.contains(ANA), "no cursor names them");
        path = format!("/contacts/{id}/timeline?limit=3&cursor={cursor}");
    }
    let kinds = |kind: &str| all.iter().filter(|item| item["kind"] == kind).count();
    assert_eq!(["message", "turn", "note", "consent", "identity"].map(kinds), [4, 2, 1, 1, 2], "{all:#?}");
    let whole = items(&test.get(&format!("/contacts/{id}/timeline?limit=100")).await);
    assert_eq!(all, whole);
    let times: Vec<&str> = all.iter().filter_map(|item| item["at"].as_str()).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "newest first: {times:?}");
    assert!(text(&all[0], "summary").contains("told us in the shop"), "{}", all[0]);
    assert!(all.iter().any(|item| text(item, "summary").contains(WORD)));
    test.finish().await;
}

#[tokio::test]
async fn a_business_keeps_fields_of_its_own() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let contact = contact_of(&test, ANA).await;
    assert_eq!(contact["fields"], json!({}));
    let path = format!("/contacts/{}", text(&contact, "id"));
    let kept = test.patch(&path, json!({"fields": {"Customer number": "K-17", "Since": "2021"}})).await;
    assert_eq!(kept["fields"], json!({"Customer number": "K-17", "Since": "2021"}));
    let kept = test.patch(&path, json!({"name": "Ana B.", "fields": {"Since": null, "Note": ""}})).await;
    assert_eq!((&kept["name"], &kept["fields"]), (&json!("Ana B."), &json!({"Customer number": "K-17", "Note": ""})));
    let many: serde_json::Map<String, Value> = (0..49).map(|number| (format!("f{number}"), json!("x"))).collect();
    for (wrong, status) in [
        (json!({"fields": many}), 422),
        (json!({"fields": {"": "x"}}), 422),
        (json!({"fields": {"a": "x".repeat(1_001)}}), 422),
        (json!({"fields": {"x".repeat(61): "x"}}), 422),
        (json!({"fields": {"a": 1}}), 400),
        (json!({"fields": []}), 400),
    ] {
        let (got, problem) = test.call(Method::PATCH, &path, ADMIN_KEY, Some(wrong)).await;
        assert_eq!(got, status, "{problem}");
    }
    let by_user_id = format!("q={}", &text(&contact, "user_id")[..8]);
    for (query, found) in
        [("q=a%20b", 1), ("q=0002", 1), (by_user_id.as_str(), 1), ("search=Ana", 1), ("q=Bob", 0), ("blocked=true", 0)]
    {
        assert_eq!(items(&test.get(&format!("/contacts?{query}")).await).len(), found, "{query}");
    }
    test.finish().await;
}
