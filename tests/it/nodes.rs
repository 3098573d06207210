//! Several nodes on one PostgreSQL are one gateway. On an embedded database there is one node, and nothing to try.

use std::sync::Arc;
use std::time::Duration;

use entity::{ConversationId, NumberId};
use serde_json::json;
use switchboard::app::{App, Signal};
use switchboard::serve::{Gateway, Role};
use switchboard::store::peers::{self, Ear};

use crate::support::TestApp;

/// A second node beside the test's own.
async fn another_node(test: &TestApp) -> Option<Arc<App>> {
    if test.database.is_embedded() {
        return None;
    }
    Some(Arc::new(App::new(test.app.settings.clone(), test.clock.clone()).await.expect("a node")))
}

#[tokio::test]
async fn what_comes_in_at_one_node_is_answered_by_another() {
    let test = TestApp::start_with("[turn]\nquiet_ms = 0").await;
    let Some(worker) = another_node(&test).await else { return };
    let working = Gateway::start(worker, "127.0.0.1:0", Role::Worker).await.expect("a worker");
    test.ana_writes("Hi?");
    test.simulator.deliver().await;
    let answered = async {
        while test.answers().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), answered).await.expect("the worker answers");
    assert_eq!(test.answers(), ["Hello!"]);
    working.stop().await;
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn nodes_keep_one_pace_for_a_number_and_a_pair() {
    let test = TestApp::start_with("[delivery]\nnumber_per_sec = 80\npair_per_minute = 60\npair_burst = 2").await;
    let Some(other) = another_node(&test).await else { return };
    let (number, pair) = (NumberId::generate(1), ConversationId::generate(1));
    assert!(test.app.take_pace(&number, &pair).await.expect("asked").is_ok());
    assert!(other.take_pace(&number, &pair).await.expect("asked").is_ok());
    let wait = test.app.take_pace(&number, &pair).await.expect("asked").expect_err("both places are taken");
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
    assert!(other.take_pace(&number, &ConversationId::generate(2)).await.expect("asked").is_ok(), "another pair");
    test.advance(Duration::from_secs(1));
    assert!(other.take_pace(&number, &pair).await.expect("asked").is_ok());
    assert!(test.app.take_pace(&number, &pair).await.expect("asked").is_err());
    test.finish().await;
}

#[tokio::test]
async fn a_number_that_one_node_changed_is_forgotten_by_the_others() {
    let test = TestApp::start().await;
    let Some(other) = another_node(&test).await else { return };
    let phone_number_id = simulator::Number::default().phone_number_id;
    let known = other.number_by_phone_number_id(&phone_number_id).await.expect("asked").expect("known");
    assert_eq!(known.display_name.as_deref(), Some("Miga"));
    let mut ear = Ear::open(&other.db).await.expect("listens").expect("PostgreSQL");
    test.patch(&format!("/numbers/{}", test.number_id), json!({"display_name": "Miga 2"})).await;
    let heard = tokio::time::timeout(Duration::from_secs(20), ear.hear()).await.expect("told").expect("heard");
    for signal in heard.iter().filter_map(|word| Signal::read(word)) {
        other.hear(signal).await;
    }
    let known = other.number_by_phone_number_id(&phone_number_id).await.expect("asked").expect("known");
    assert_eq!(known.display_name.as_deref(), Some("Miga 2"));
    test.finish().await;
}

#[tokio::test]
async fn one_node_at_a_time_looks_after_things() {
    let test = TestApp::start().await;
    let Some(other) = another_node(&test).await else { return };
    let work = async { Ok::<_, sea_orm::DbErr>(()) };
    let beside = peers::alone(&test.app.db, 7, async { peers::alone(&other.db, 7, work).await }).await;
    assert_eq!(beside.expect("ran"), Some(None), "the other one finds it taken");
    let after = peers::alone(&other.db, 7, async { Ok::<_, sea_orm::DbErr>(()) }).await;
    assert_eq!(after.expect("ran"), Some(()));
    test.finish().await;
}
