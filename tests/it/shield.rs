//! Load that is malice: budgets hold, floods are folded, and two bots do not talk until the money is gone.

use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::Customer;
use switchboard::config::Settings;

use crate::support::{ADMIN_KEY, Says, TestApp, items};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn end_of_all(test: &TestApp) -> Vec<String> {
    test.outcomes().await.into_iter().map(|outcome| outcome.expect("every message has an outcome")).collect()
}

async fn used(test: &TestApp, scope: &str) -> Vec<i64> {
    let used = items(&test.get(&format!("/usage?scope={scope}")).await);
    used.iter().map(|used| used["tokens"].as_i64().expect("tokens")).collect()
}

#[tokio::test]
async fn a_contact_whose_budget_is_used_up_asks_no_model_until_the_next_day() {
    // The model says that each call took 110 tokens; the most a call could take is about 1000.
    let test = TestApp::start_with("[budget]\ncontact_tokens_per_day = 1300").await;
    for words in ["one", "two", "three", "four", "five"] {
        test.ana_writes(words);
        test.settle().await;
    }
    let outcomes = end_of_all(&test).await;
    let answered = outcomes.iter().filter(|outcome| *outcome == "answered").count();
    assert!((1..5).contains(&answered), "{outcomes:?}");
    assert_eq!(outcomes[4], "over_budget");
    assert_eq!(test.model.requests().len(), answered, "nobody is asked any more");
    assert_eq!(used(&test, "contact").await, [110 * answered as i64], "what was not used was put back");
    let conversation = test.conversation().await;
    assert_eq!((&conversation["task"], &conversation["task_reason"]), (&json!("open"), &json!("over_budget")));
    let last = items(&test.get("/messages?direction=inbound&limit=1").await);
    assert!(
        last[0]["outcome_reason"].as_str().is_some_and(|reason| reason.contains("contact's budget (1300 tokens)")),
        "{last:?}"
    );

    test.writes(&Customer::with_phone("15550003333"), "I have spent nothing yet");
    test.settle().await;
    assert_eq!(test.model.requests().len(), answered + 1, "another contact has its own");

    test.advance(DAY);
    test.ana_writes("good morning");
    test.settle().await;
    assert_eq!(test.model.requests().len(), answered + 2);
    test.finish().await;
}

#[tokio::test]
async fn turns_side_by_side_do_not_spend_the_same_tokens() {
    let test = TestApp::start_with("[budget]\nnumber_tokens_per_day = 1300").await;
    test.model.always(Says::WhenTold("Hello!".to_owned()));
    test.ana_writes("one");
    test.writes(&Customer::with_phone("15550003333"), "two");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let first = test.spawn_job(JobKind::Turn);
    test.model.arrived().await;
    let second = test.spawn_job(JobKind::Turn);
    second.await.expect("ends without the model");
    test.model.go();
    first.await.expect("ends");
    test.settle().await;
    let mut outcomes = end_of_all(&test).await;
    outcomes.sort();
    assert_eq!(outcomes, ["answered", "over_budget"]);
    test.finish().await;
}

#[tokio::test]
async fn a_turn_ends_within_its_own_budget_of_money() {
    let prices = "[budget]\nturn_money = 0.002\n[prices]\n\"gpt-4o-mini\" = { prompt = 1.0, completion = 2.0 }";
    let test = TestApp::start_with(prices).await;
    test.model.always(Says::Calls("search_knowledge", json!({"query": "bread"})));
    test.ana_writes("bread?");
    test.settle().await;
    assert_eq!(end_of_all(&test).await, ["over_budget"]);
    let calls = test.model.requests().len();
    assert!((1..5).contains(&calls), "{calls} calls, where a model that only ever calls tools gets five");
    test.patch(&format!("/agents/{}", test.agent_id), json!({"model": {"name": "unpriced"}})).await;
    let (status, problem) = test
        .call(Method::POST, &format!("/agents/{}/try", test.agent_id), ADMIN_KEY, Some(json!({"message": "Hi"})))
        .await;
    assert_eq!((status, &problem["code"]), (409, &json!("over_budget")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("unpriced")), "{problem}");
    test.finish().await;
}

#[test]
fn a_budget_of_money_wants_prices() {
    let error = Settings::with_overrides("[budget]\ncontact_money_per_day = 1.0").expect_err("no prices");
    assert!(error.to_string().contains("[prices]"), "{error}");
}

const WORDS: [&str; 7] = ["bread", "rolls", "cake", "open", "when", "where", "how much"];

/// Writes a message each second for five minutes, working meanwhile; how often the model was asked.
async fn flood(test: &TestApp) -> usize {
    for second in 0..300 {
        test.ana_writes(WORDS[second % WORDS.len()]);
        test.simulator.deliver().await;
        test.run_jobs().await;
        test.advance(Duration::from_secs(1));
        test.run_jobs().await;
    }
    test.advance(Duration::from_secs(60));
    test.settle().await;
    test.model.requests().len()
}

#[tokio::test]
async fn a_flood_is_answered_in_few_turns_and_no_message_is_left_over() {
    let settings = "[delivery]\npair_per_minute = 0\nnumber_per_sec = 0\n";
    let test = TestApp::start_with(settings).await;
    let asked = flood(&test).await;
    assert!((8..=40).contains(&asked), "{asked} calls for 300 messages");
    let page = test.get("/messages?direction=inbound&limit=100").await;
    assert!(items(&page).iter().all(|message| message["outcome"] == "answered"), "{page}");
    test.finish().await;

    let test = TestApp::start_with(&format!("{settings}[shield]\nenabled = false")).await;
    let without = flood(&test).await;
    assert!(without > 2 * asked, "{without} calls without the shield, {asked} with it");
    test.finish().await;
}

/// Another bot answers our every answer with the same words.
async fn two_bots(test: &TestApp, rounds: usize) {
    for round in 0..rounds {
        test.ana_writes(&format!("Thank you, your ticket {round} has been received."));
        test.settle().await;
    }
}

#[tokio::test]
async fn another_bot_is_recognised_and_one_person_is_told() {
    let test = TestApp::start().await;
    two_bots(&test, 12).await;
    let outcomes = end_of_all(&test).await;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "answered").count(), 7, "{outcomes:?}");
    assert!(outcomes[7..].iter().all(|outcome| outcome == "loop"), "{outcomes:?}");
    assert_eq!(test.model.requests().len(), 7);
    let conversation = test.conversation().await;
    assert_eq!((&conversation["task"], &conversation["task_reason"]), (&json!("open"), &json!("loop")));
    assert_eq!(items(&test.get("/conversations?task=open").await).len(), 1);

    // A person looks at it and gives it back.
    let id = test.conversation_id().await;
    test.post(
        &format!("/conversations/{id}/messages"),
        json!({"content": {"type": "text", "text": {"body": "Hi, who is there?"}}}),
    )
    .await;
    test.post(&format!("/conversations/{id}/release"), Value::Null).await;
    test.ana_writes("Sorry, that was my robot. When do you open?");
    test.settle().await;
    assert_eq!(end_of_all(&test).await.last().map(String::as_str), Some("answered"));
    test.finish().await;
}

#[tokio::test]
async fn a_shield_that_is_off_lets_bots_talk() {
    let test = TestApp::start_with("[shield]\nenabled = false").await;
    two_bots(&test, 10).await;
    assert!(end_of_all(&test).await.iter().all(|outcome| outcome == "answered"));
    test.finish().await;
}

#[tokio::test]
async fn usage_is_asked_for_by_a_day_of_the_calendar() {
    let test = TestApp::start().await;
    for (day, status) in [("2026-11-21", 200), ("2026-02-31", 400), ("", 400), ("yesterday", 400)] {
        let (answered, body) = test.call(Method::GET, &format!("/usage?day={day}"), ADMIN_KEY, None).await;
        assert_eq!(answered, status, "{day}: {body}");
    }
    test.finish().await;
}
