//! More than can be done: what can wait does, nobody takes it all, and it ends by itself.

use std::time::Duration;

use entity::state::JobKind;
use serde_json::{Value, json};
use switchboard::intake;
use switchboard::jobs::{Pool, Workers};
use switchboard::store::events;
use tokio_util::sync::CancellationToken;

use crate::support::{TestApp, items, text, text_webhook};

const FLOODED: &str = "1060000000001";
const QUIET: &str = "1060000000077";

/// One customer's message; each is somebody else's.
async fn write(test: &TestApp, phone_number_id: &str, place: usize) {
    let words = format!("{phone_number_id} {place}");
    let webhook = text_webhook(phone_number_id, &format!("wamid.{words}"), &format!("1555{place:07}"), &words);
    assert_eq!(test.post_webhook(&webhook).await, 200);
}

/// Works off all turns with a few slots, and tells which number each request to the model was for, in order.
async fn asked_by(test: &TestApp, turns: usize) -> Vec<String> {
    let stop = CancellationToken::new();
    let pool = Pool { kind: JobKind::Turn, concurrency: 4 };
    let workers = tokio::spawn(Workers::default().run_pool(test.app.clone(), pool, stop.clone()));
    for _ in 0..turns {
        test.model.arrived().await;
    }
    stop.cancel();
    workers.await.expect("ends");
    let number_of = |request: &Value| {
        let question = request["messages"].as_array().and_then(|messages| messages.last()).expect("a question");
        let words = text(question, "content");
        if words.contains(QUIET) { QUIET.to_owned() } else { FLOODED.to_owned() }
    };
    test.model.requests().iter().map(number_of).collect()
}

#[tokio::test]
async fn a_number_with_fifty_times_the_messages_keeps_nobody_else_waiting() {
    let test = TestApp::start().await;
    let second = json!({"phone_number_id": QUIET, "agent_id": test.agent_id, "access_token": "token-2"});
    test.post("/numbers", second).await;
    // All of the flood is there before the others write.
    for place in 0..100 {
        write(&test, FLOODED, place).await;
    }
    for place in 0..2 {
        write(&test, QUIET, place).await;
    }
    while intake::apply::run_next(&test.app).await.expect("apply") > 0 {}
    test.advance(Duration::from_secs(5));
    let asked = asked_by(&test, 102).await;
    let places: Vec<usize> = (0..asked.len()).filter(|place| asked[*place] == QUIET).collect();
    assert!(places.len() == 2 && places[1] < 12, "the others waited for the flood: {places:?}");
}

#[tokio::test]
async fn behind_with_applying_messages_come_before_statuses_and_none_is_lost() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    write(&test, FLOODED, 1).await;
    test.advance(Duration::from_secs(10));
    // Ten seconds late.
    assert_eq!(intake::apply::run_next(&test.app).await.expect("apply"), 1);
    assert!(test.app.load.events_are_late());
    let status = json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001", "changes": [{"field": "messages",
        "value": {"messaging_product": "whatsapp", "metadata": {"phone_number_id": FLOODED},
        "statuses": [{"id": "wamid.of.another.system", "status": "read", "timestamp": "1700000000"}]}}]}]});
    assert_eq!(test.post_webhook(&status.to_string()).await, 200);
    write(&test, FLOODED, 2).await;
    assert_eq!(intake::apply::run_next(&test.app).await.expect("apply"), 1, "the message, though it came later");
    assert!(!test.app.load.events_are_late());
    assert_eq!(events::count_received(test.app.db.reader()).await.expect("count"), 1);
    test.advance(Duration::from_secs(6));
    assert_eq!(intake::apply::run_next(&test.app).await.expect("apply"), 1);
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn files_wait_while_customers_do() {
    let test = TestApp::start().await;
    test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    let stop = CancellationToken::new();
    let workers = |kind| {
        let pool = Pool { kind, concurrency: 1 };
        tokio::spawn(Workers::default().run_pool(test.app.clone(), pool, stop.clone()))
    };
    test.app.load.note_turns(5_000);
    let indexer = workers(JobKind::IndexFile);
    let status = async || {
        let files = items(&test.get(&format!("/agents/{}/knowledge", test.agent_id)).await);
        text(&files[0], "status")
    };
    test.app.bells.files.ring_now();
    tokio::task::yield_now().await;
    assert_eq!(status().await, "processing");
    // A look at the turns finds none that wait.
    let turns = workers(JobKind::Turn);
    let ready = async {
        while status().await != "ready" {
            test.app.bells.files.ring_now();
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ready).await.expect("indexed");
    stop.cancel();
    indexer.await.expect("ends");
    turns.await.expect("ends");
    test.finish().await;
}
