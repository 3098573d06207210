//! STOP and START, blocks, and the windows in which a business may write.

use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::Faults;
use switchboard::turn;

use crate::support::{ADMIN_KEY, ANA, Says, TestApp, items, text};

async fn contact(test: &TestApp) -> Value {
    items(&test.get("/contacts").await).remove(0)
}

#[tokio::test]
async fn stop_ends_what_machines_do_and_start_brings_it_back() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    test.ana_writes("Stop!");
    test.settle().await;
    let answers = test.answers();
    assert_eq!(answers.len(), 2);
    assert!(answers[1].contains("unsubscribed"), "{answers:?}");
    assert_eq!(contact(&test).await["consent"], "opted_out");

    test.ana_writes("What time do you open?");
    test.ana_writes("stop");
    test.settle().await;
    assert_eq!(test.answers().len(), 2, "confirmed once, and silent then");
    let outcomes = test.outcomes().await;
    assert_eq!(outcomes[1..], vec![Some("opted_out".to_owned()); 3]);

    test.ana_writes("START");
    test.settle().await;
    assert_eq!(test.answers().len(), 3);
    test.ana_writes("What time do you open?");
    test.settle().await;
    assert_eq!(test.answers().len(), 4);
    let id = text(&contact(&test).await, "id");
    let said = items(&test.get(&format!("/contacts/{id}/consents")).await);
    let told: Vec<_> =
        said.iter().map(|said| (text(said, "state"), text(said, "source"), text(said, "evidence"))).collect();
    let row = |state: &str, word: &str| (state.to_owned(), "keyword".to_owned(), word.to_owned());
    assert_eq!(told, [row("opted_in", "start"), row("opted_out", "stop")]);
    test.finish().await;
}

#[tokio::test]
async fn a_reply_that_was_thought_when_the_customer_opts_out_never_leaves() {
    let test = TestApp::start().await;
    test.simulator.set_access_token(Some("refused"));
    test.ana_writes("Hi?");
    test.simulator.deliver().await;
    test.run_jobs().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    test.ana_writes("unsubscribe");
    test.deliver().await;
    test.simulator.set_access_token(None);
    test.patch(&format!("/numbers/{}", test.number_id), json!({"access_token": "new"})).await;
    test.settle().await;
    let answers = test.answers();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].contains("unsubscribed"), "{answers:?}");
    assert_eq!(test.outcomes().await[0].as_deref(), Some("opted_out"));
    test.finish().await;
}

#[tokio::test]
async fn a_turn_that_thinks_when_the_customer_opts_out_is_dropped() {
    let test = TestApp::start().await;
    test.model.next(Says::Hangs);
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let thinking = test.spawn_job(JobKind::Turn);
    test.model.arrived().await;
    test.ana_writes("STOP");
    test.deliver().await;
    thinking.await.expect("the turn ends");
    test.settle().await;
    assert_eq!(test.answers().len(), 1, "{:?}", test.answers());
    assert_eq!(test.outcomes().await, vec![Some("opted_out".to_owned()); 2]);
    test.finish().await;
}

#[tokio::test]
async fn a_workspace_adds_words_and_replies_of_its_own() {
    let test = TestApp::start().await;
    let workspace = items(&test.get("/workspaces").await).remove(0);
    let words = json!({"opt_out": ["No gracias"], "opt_out_reply": "You are off the list."});
    test.patch(&format!("/workspaces/{}", text(&workspace, "id")), json!({"consent_words": words})).await;
    test.ana_writes("no gracias");
    test.settle().await;
    assert_eq!(test.answers(), ["You are off the list."]);
    test.finish().await;
}

#[tokio::test]
async fn marketing_is_stopped_in_whatsapp_itself_and_operators_note_what_they_hear() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let user_id = text(&contact(&test).await, "user_id");
    let preference = |value: &str, at: i64| {
        json!({"contacts": [{"wa_id": ANA}], "user_preferences": [{"wa_id": ANA, "user_id": user_id,
        "detail": "User requested", "category": "marketing_messages", "value": value, "timestamp": at}]})
    };
    assert_eq!(test.tell("user_preferences", preference("stop", 1_790_000_000)).await, 200);
    test.settle().await;
    assert_eq!(contact(&test).await["marketing"], "opted_out");
    // An older word that comes late changes nothing.
    assert_eq!(test.tell("user_preferences", preference("resume", 1_780_000_000)).await, 200);
    test.settle().await;
    assert_eq!(contact(&test).await["marketing"], "opted_out");

    let id = text(&contact(&test).await, "id");
    let noted = test
        .post(&format!("/contacts/{id}/consent"), json!({"state": "opted_out", "note": "told us in the shop"}))
        .await;
    assert_eq!((&noted["consent"], &noted["consent_source"]), (&json!("opted_out"), &json!("operator")));
    test.ana_writes("Hello?");
    test.settle().await;
    assert_eq!(test.newest_inbound().await["outcome"], "opted_out");
    // A person may still answer, and is told.
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    let sent = test.post(&path, json!({"content": {"type": "text", "text": {"body": "Sorry to see you go"}}})).await;
    assert_eq!(sent["warnings"][0]["code"], "opted_out", "{sent}");
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_blocked_contact_is_answered_by_nobody_and_kept_out_at_meta() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let id = text(&contact(&test).await, "id");
    let blocked = test.post(&format!("/contacts/{id}/block"), json!({})).await;
    assert_eq!(blocked["at_meta"][0]["ok"], true, "{blocked}");
    assert!(blocked["contact"]["blocked_at"].is_string());
    let told = json!({"messages": [{"id": "wamid.b", "from": ANA, "timestamp": "1790000000", "type": "text", "text": {"body": "Let me in"}}]});
    assert_eq!(test.tell("messages", told).await, 200);
    test.settle().await;
    assert_eq!(test.newest_inbound().await["outcome"], "blocked");
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    let send = json!({"content": {"type": "text", "text": {"body": "x"}}});
    let (status, problem) = test.call(Method::POST, &path, ADMIN_KEY, Some(send)).await;
    assert_eq!((status, &problem["code"]), (422, &json!("blocked")));
    let unblocked = test.post(&format!("/contacts/{id}/unblock"), json!({})).await;
    assert_eq!((&unblocked["contact"]["blocked_at"], &unblocked["at_meta"][0]["ok"]), (&json!(null), &json!(true)));
    test.ana_writes("Thank you");
    test.settle().await;
    assert_eq!(test.newest_inbound().await["outcome"], "answered");
    test.finish().await;
}

#[tokio::test]
async fn somebody_is_asked_to_look_before_a_window_closes() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let id = test.conversation_id().await;
    test.post(&format!("/conversations/{id}/take"), json!({})).await;
    test.ana_writes("Are you there?");
    test.settle().await;
    test.advance(Duration::from_secs(22 * 60 * 60));
    assert_eq!(turn::window::look(&test.app).await.expect("looked"), 0);
    test.advance(Duration::from_secs(65 * 60));
    assert_eq!(turn::window::look(&test.app).await.expect("looked"), 1);
    assert_eq!(turn::window::look(&test.app).await.expect("looked"), 0, "once");
    assert_eq!(test.conversation().await["task_reason"], "window_closing");
    let notice = items(&test.get("/notices?field=window_closing").await).remove(0);
    assert_eq!((&notice["severity"], &notice["body"]["conversation_id"]), (&json!("warning"), &json!(id)));
    test.finish().await;
}

#[tokio::test]
async fn an_agent_has_a_template_for_a_reply_that_comes_too_late() {
    let test = TestApp::start().await;
    let template = json!({"name": "order_update", "language": "en", "parameters": ["{{contact_name}}", "1"]});
    test.patch(&format!("/agents/{}", test.agent_id), json!({"window_template": template})).await;
    test.simulator.set_faults(serde_json::from_value(json!({"window_check": true})).expect("faults"));
    // Written two days ago: Graph refuses what is not a template.
    let at = test.app.now() / 1000 - 48 * 60 * 60;
    let late = json!({"type": "text", "text": {"body": "Hi?"}, "timestamp": at.to_string()});
    test.simulator.customer_writes(&simulator::Customer::with_phone(ANA), late);
    test.settle().await;
    let sent = items(&test.get("/messages?direction=outbound").await);
    let kinds: Vec<_> = sent.iter().map(|message| (text(message, "type"), text(message, "status"))).collect();
    let row = |kind: &str, status: &str| (kind.to_owned(), status.to_owned());
    assert_eq!(kinds, [row("template", "read"), row("text", "failed")]);
    assert_eq!(sent[1]["error"]["reason"], "window_closed");
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    test.simulator.set_faults(Faults { window_check: false, ..Faults::default() });
    test.finish().await;
}
