//! What whoever runs the gateway leans on.

use std::time::Duration;

use entity::private::Sealed;
use entity::state::JobKind;
use reqwest::Method;
use sea_orm::ConnectionTrait;
use secrecy::ExposeSecret;
use serde_json::json;
use switchboard::secrets::{Sealer, random_master_key};
use switchboard::store::jobs::{self, Order};
use switchboard::{api, backup, rotate};

use crate::support::{TestApp, items, text};

#[test]
fn the_committed_document_of_the_api_is_current() {
    let committed =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).expect("openapi.json");
    assert!(committed == api::document(), "openapi.json is stale: cargo run -- openapi > openapi.json");
}

#[tokio::test]
async fn probes_metrics_and_pages_answer_without_a_key() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let get = async |path: &str| {
        let answer = test.request(Method::GET, path).send().await.expect("answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    assert_eq!(get("/health/live").await.0, 200);
    assert_eq!(get("/health/ready").await.0, 200);
    let (_, metrics) = get("/metrics").await;
    for name in [
        "switchboard_webhooks_total",
        "switchboard_turns_total",
        "switchboard_graph_sends_total",
        "switchboard_model_tokens_total",
        "switchboard_tasks_open",
    ] {
        assert!(metrics.contains(name), "{name} in {metrics}");
    }
    assert!(!metrics.contains(crate::support::ANA), "no phone numbers in metrics");
    let (status, page) = get("/docs").await;
    assert_eq!(status, 200);
    assert!(page.contains("operationId") && !page.contains("src=\"http"), "the page needs no other host");
    let (_, document) = get("/openapi.json").await;
    assert_eq!(document, api::document());
    assert_eq!(get("/").await.0, 200);
    test.app.db.close().await;
    assert_eq!(get("/health/ready").await.0, 503);
    assert_eq!(get("/health/live").await.0, 200);
}

#[tokio::test]
async fn a_new_master_key_opens_everything_and_the_old_one_nothing() {
    let test = TestApp::start().await;
    test.patch(&format!("/numbers/{}", test.number_id), json!({"app_secret": "a", "verify_token": "v"})).await;
    test.patch(&format!("/agents/{}", test.agent_id), json!({"model": {"api_key": "sk"}})).await;
    let key = random_master_key();
    let new = Sealer::from_base64(&key).expect("a key");
    assert_eq!(rotate::rotate(&test.app, &new).await.expect("rotated"), 4);
    let number =
        switchboard::store::numbers::list_all_after(test.app.db.reader(), None, 1).await.expect("rows").remove(0);
    let sealed: Sealed = number.access_token.clone().expect("sealed");
    let place = format!("numbers/{}/access_token", number.id);
    assert_eq!(new.open(&place, &sealed).expect("opens").expose_secret(), "token-1");
    assert!(test.app.sealer.open(&place, &sealed).is_err());
    assert_eq!(number.verify_token_mac, Some(new.fingerprint("v")));
    assert!(rotate::rotate(&test.app, &new).await.is_err(), "what does not open stops it");
    test.finish().await;
}

#[tokio::test]
async fn a_backup_made_while_running_can_be_restored() {
    let test = TestApp::start().await;
    if !test.database.is_embedded() {
        let refused = backup::backup(&test.app.db, std::path::Path::new("/tmp/never")).await.expect_err("not embedded");
        assert!(refused.to_string().contains("pg_dump"));
        return;
    }
    test.ana_writes("Hi?");
    test.settle().await;
    let file = test.database.path("backup.db");
    backup::backup(&test.app.db, &file).await.expect("copied");
    assert!(backup::backup(&test.app.db, &file).await.is_err(), "a backup is never overwritten");
    let elsewhere = test.database.path("restored.db");
    let url = format!("sqlite://{}", elsewhere.display());
    std::fs::write(test.database.path("junk.db"), b"not a database").expect("written");
    assert!(backup::restore(&url, &test.database.path("junk.db")).await.is_err());
    backup::restore(&url, &file).await.expect("restored");
    let restored = switchboard::store::connect(&url, 2).await.expect("opens");
    let count = restored
        .reader()
        .query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT count(*) FROM messages"))
        .await;
    let count: i64 = count.expect("query").expect("row").try_get_by_index(0).expect("count");
    assert_eq!(count, 2);
    test.finish().await;
}

#[tokio::test]
async fn a_dead_job_is_shown_becomes_a_task_and_can_be_retried() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.deliver().await;
    // Each worker that takes it up dies.
    for _ in 0..50 {
        let long_ago = "UPDATE jobs SET lease_until = 1, status = 'running', due_at = 1";
        test.app.db.writer().execute_unprepared(long_ago).await.expect("set");
        let now = test.app.now();
        let claims = jobs::claim(&test.app.db, JobKind::Turn, 1, Order::Due, now, now + 1).await;
        assert_eq!(claims.expect("claim").len(), 1);
    }
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    let dead = items(&test.get("/jobs?status=dead").await);
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert!(text(&dead[0], "last_error").contains("died"));
    assert_eq!(test.outcomes().await, [Some("handed_over".to_owned())]);
    assert_eq!(test.conversation().await["task"], "open");
    let retried = test.post(&format!("/jobs/{}/retry", text(&dead[0], "id")), json!({})).await;
    assert_eq!(retried["status"], "waiting");
    test.run_jobs().await;
    assert_eq!(items(&test.get("/jobs").await).len(), 0);
    test.finish().await;
}

#[tokio::test]
async fn migrations_go_down_and_up_again() {
    use migration::Migrator;
    let test = TestApp::start_empty("").await;
    let db = test.app.db.schema();
    Migrator::down(db, None).await.expect("down");
    Migrator::up(db).await.expect("up");
    assert_eq!(Migrator::pending(db).await.expect("status"), 0);
}
