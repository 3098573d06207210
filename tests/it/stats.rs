//! What is counted, and what waits.

use std::time::Duration;

use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use switchboard::stats;

use crate::support::{ADMIN_KEY, Says, TestApp, items, text};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const PRICES: &str = "[prices]\n\"fake-1\" = { prompt = 10.0, completion = 100.0 }\n";

fn count(of: &Value, key: &str) -> i64 {
    of[key].as_i64().unwrap_or_else(|| panic!("{key} is a number in {of}"))
}

/// A question that is answered, one that the agent hands over, and a colleague's word.
async fn talk(test: &TestApp) {
    test.ana_writes("What time do you open?");
    test.settle().await;
    test.model.next(Says::Calls("hand_over", json!({"reason": "wants a person"})));
    test.ana_writes("A person, please.");
    test.settle().await;
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    test.post(&path, json!({"content": {"type": "text", "text": {"body": "Here I am."}}})).await;
    test.settle().await;
}

fn is_of_one_talk(totals: &Value) {
    let counted = ["inbound", "outbound", "sent", "turns", "answered", "handed_over", "failed"];
    assert_eq!(counted.map(|key| count(totals, key)), [2, 3, 3, 2, 1, 1, 0], "{totals}");
    let authors = &totals["outbound_by_author"];
    assert_eq!((&authors["agent"], &authors["human"], &authors["system"]), (&json!(2), &json!(1), &json!(0)));
    // The second answer took a tool and another call.
    assert_eq!((count(totals, "prompt_tokens"), count(totals, "completion_tokens")), (300, 30));
    assert_eq!(totals["cost"], json!((300.0 * 10.0 + 30.0 * 100.0) / 1e6));
    assert!(count(totals, "first_response_p50_ms") >= 1_000, "the customer was waited for: {totals}");
    assert!(count(totals, "response_p95_ms") >= count(totals, "response_p50_ms"));
}

#[tokio::test]
async fn a_talk_is_counted_by_day_by_hour_and_by_whatever_it_was_about() {
    let test = TestApp::start_with(PRICES).await;
    talk(&test).await;
    let stats = test.get("/stats").await;
    is_of_one_talk(&stats["totals"]);
    let buckets = stats["buckets"].as_array().expect("buckets");
    assert_eq!(buckets.len(), 30);
    let filled: Vec<&Value> = buckets.iter().filter(|bucket| count(bucket, "inbound") > 0).collect();
    assert!(!filled.is_empty() && filled.iter().map(|bucket| count(bucket, "inbound")).sum::<i64>() == 2);
    assert_eq!(stats["by_number"][0]["number_id"], json!(test.number_id));
    assert_eq!((&stats["by_number"][0]["name"], count(&stats["by_number"][0], "outbound")), (&json!("Miga"), 3));
    let agent = &stats["by_agent"][0];
    assert_eq!((&agent["agent_id"], &agent["name"]), (&json!(test.agent_id), &json!("Miga")));
    assert_eq!(["turns", "answered", "handed_over"].map(|key| count(agent, key)), [2, 1, 1]);
    let model = &stats["by_model"][0];
    assert_eq!((&model["model"], count(model, "calls"), &model["cost"]), (&json!("fake-1"), 2, &json!(0.006)));
    let turns = test.get("/turns").await;
    let cost: f64 = turns["items"].as_array().expect("turns").iter().filter_map(|turn| turn["cost"].as_f64()).sum();
    assert_eq!(cost, 0.006, "each turn tells its own: {turns}");
    let week = stats["by_hour_of_week"].as_array().expect("hours");
    assert_eq!((week.len(), week.iter().map(|hour| count(hour, "inbound")).sum::<i64>()), (168, 2));
    let types: Vec<(&str, i64)> = stats["types"]
        .as_array()
        .expect("types")
        .iter()
        .map(|of| (of["direction"].as_str().expect("a word"), count(of, "count")))
        .collect();
    assert_eq!(types, [("outbound", 3), ("inbound", 2)]);
    let resolution = &stats["resolution"];
    assert_eq!((count(resolution, "conversations"), count(resolution, "open")), (1, 1));

    test.post(&format!("/conversations/{}/release", test.conversation_id().await), json!({})).await;
    let resolution = test.get("/stats").await["resolution"].clone();
    assert_eq!((count(&resolution, "open"), count(&resolution, "with_human")), (0, 1));

    let by_hour = test.get("/stats?by=hour").await;
    assert_eq!(by_hour["buckets"].as_array().expect("buckets").len(), 30 * 24);
    is_of_one_talk(&by_hour["totals"]);
    let of_agent = test.get(&format!("/stats?agent_id={}", test.agent_id)).await;
    assert_eq!(count(&of_agent["totals"], "outbound"), 2, "a colleague's word is not the agent's");
    let nobodys = test.get("/stats?number_id=num_01M7YARSRWEKFA9260YWQ4W8EG").await;
    assert_eq!((count(&nobodys["totals"], "inbound"), count(&nobodys["resolution"], "conversations")), (0, 0));
    test.finish().await;
}

#[tokio::test]
async fn a_day_that_is_over_is_counted_once_and_stays_what_it_was() {
    let test = TestApp::start_with(PRICES).await;
    talk(&test).await;
    let range = "/stats?utc_offset_minutes=345";
    let live = test.get(range).await;
    for _ in 0..3 {
        test.advance(DAY);
        stats::keep_up(&test.app).await.expect("kept");
    }
    assert!(kept(&test).await >= 1);
    let kept_now = test.get(range).await;
    assert_eq!(live["totals"], kept_now["totals"]);
    assert_eq!(live["by_hour_of_week"], kept_now["by_hour_of_week"]);
    // What the tables lose later is counted all the same.
    test.app.db.writer().execute_unprepared("DELETE FROM messages").await.expect("deleted");
    is_of_one_talk(&test.get(range).await["totals"]);
    // Until the day is counted for the last time.
    test.advance(DAY * 8);
    stats::keep_up(&test.app).await.expect("kept");
    assert_eq!(count(&test.get(range).await["totals"], "inbound"), 0);
    test.finish().await;
}

async fn kept(test: &TestApp) -> i64 {
    let backend = test.app.db.reader().get_database_backend();
    let text = sea_orm::Statement::from_string(backend, "SELECT count(*) FROM stats_days");
    let row = test.app.db.reader().query_one_raw(text).await.expect("query").expect("a row");
    row.try_get_by_index(0).expect("a count")
}

#[tokio::test]
async fn days_begin_where_the_clock_on_the_wall_says_and_bad_spans_are_refused() {
    let test = TestApp::start().await;
    let day = test.get("/stats?from=2026-03-01&to=2026-03-02&utc_offset_minutes=345").await;
    assert_eq!((&day["from"], &day["to"]), (&json!("2026-02-28T18:15:00+00:00"), &json!("2026-03-02T18:15:00+00:00")));
    let at: Vec<&Value> = day["buckets"].as_array().expect("buckets").iter().map(|bucket| &bucket["at"]).collect();
    assert_eq!(at, [&json!("2026-02-28T18:15:00+00:00"), &json!("2026-03-01T18:15:00+00:00")]);
    for (wrong, status) in [
        ("from=2026-03-02&to=2026-03-01", 422),
        ("from=2025-01-01&to=2026-03-01", 422),
        ("from=2026-01-01&to=2026-03-01&by=hour", 422),
        ("utc_offset_minutes=7", 422),
        ("utc_offset_minutes=841", 400),
        ("from=2026-02-30", 400),
        ("by=week", 400),
    ] {
        let (got, problem) = test.call(Method::GET, &format!("/stats?{wrong}"), ADMIN_KEY, None).await;
        assert_eq!(got, status, "{wrong}: {problem}");
    }
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    test.ana_writes("Hi?");
    test.settle().await;
    let (_, stats) = test.call(Method::GET, "/stats", &text(&other, "admin_key"), None).await;
    assert_eq!(count(&stats["totals"], "inbound"), 0, "a workspace counts its own");
    test.finish().await;
}

#[tokio::test]
async fn what_waits_is_told_and_all_that_died_is_retried_at_once() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.simulator.deliver().await;
    let queues = test.get("/stats/queues").await;
    assert_eq!((count(&queues["events"], "waiting"), count(&queues["events"], "failed")), (1, 0));
    assert!(queues["events"]["oldest_at"].is_string());
    test.deliver().await;
    let queues = test.get("/stats/queues").await;
    let turns = queues["jobs"].as_array().expect("jobs").iter().find(|queue| queue["kind"] == "turn").expect("turns");
    assert_eq!((count(turns, "waiting"), count(turns, "running"), count(turns, "dead")), (1, 0, 0));
    assert!(turns["oldest_due_at"].is_string());

    let dead = "UPDATE jobs SET status = 'dead', due_at = 1";
    test.app.db.writer().execute_unprepared(dead).await.expect("set");
    assert_eq!(items(&test.get("/jobs?status=dead&kind=turn").await).len(), 1);
    assert!(items(&test.get("/jobs?kind=send_message").await).is_empty());
    assert_eq!(test.post("/jobs/retry", json!({"status": "dead"})).await, json!({"retried": 1}));
    assert_eq!(test.post("/jobs/retry", json!({"status": "dead"})).await, json!({"retried": 0}));
    let (status, _) = test.call(Method::POST, "/jobs/retry", ADMIN_KEY, Some(json!({"status": "waiting"}))).await;
    assert_eq!(status, 400);
    test.settle().await;
    assert_eq!(test.answers().len(), 1);
    assert_eq!(test.post_webhook("{}").await, 200);
    test.run_jobs().await;
    assert_eq!(items(&test.get("/events?status=failed").await).len(), 1);
    assert_eq!(
        items(&test.get("/events?status=applied&limit=100").await).len(),
        items(&test.get("/events").await).len() - 1
    );
    assert!(items(&test.get(&format!("/events?number_id={}", test.number_id)).await).is_empty());
    test.finish().await;
}
