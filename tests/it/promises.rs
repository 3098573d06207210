//! The promises of the design, each with somebody who tries to break it.

use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use serde_json::json;
use simulator::{Answer, Chance, Customer, Faults, Hang};

use crate::support::{ANA, Says, TestApp, items, text, text_webhook};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_copies_of_one_webhook_make_one_message_one_turn_and_one_bubble() {
    let test = TestApp::start().await;
    let body = text_webhook("1060000000001", "wamid.ONE", ANA, "Hi?");
    let posts = (0..50).map(|_| test.post_webhook(&body));
    assert!(futures_util::future::join_all(posts).await.iter().all(|status| *status == 200));
    test.run_jobs().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    assert_eq!(items(&test.get("/events?limit=100").await).len(), 50);
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    assert_eq!(items(&test.get("/turns").await).len(), 1);
    assert_eq!(test.answers(), ["Hello!"]);
    test.finish().await;
}

#[tokio::test]
async fn a_webhook_that_cannot_be_stored_is_not_accepted() {
    let test = TestApp::start().await;
    test.app.db.close().await;
    let status = test.post_webhook(&text_webhook("1060000000001", "wamid.ONE", ANA, "Hi?")).await;
    assert_eq!(status, 503);
}

#[tokio::test]
async fn ten_fragments_get_one_reply_and_one_finished_completion() {
    let test = TestApp::start().await;
    for number in 0..10 {
        test.ana_writes(&format!("part {number}"));
        test.deliver().await;
        test.run_jobs().await;
        test.advance(Duration::from_millis(400));
    }
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    assert_eq!(test.model.finished(), 1);
    let asked = test.model.requests()[0].to_string();
    assert!((0..10).all(|number| asked.contains(&format!("part {number}"))), "{asked}");
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 10]);
    test.finish().await;
}

#[tokio::test]
async fn a_customer_who_never_pauses_is_answered_when_the_cap_is_reached() {
    let test = TestApp::start().await;
    for number in 0..10 {
        test.ana_writes(&format!("part {number}"));
        test.deliver().await;
        test.run_jobs().await;
        test.advance(Duration::from_millis(900));
    }
    assert_eq!(test.model.finished(), 1, "eight seconds after the first message somebody answers");
    test.settle().await;
    test.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_message_cancels_the_call_and_the_turn_starts_again_with_everything_said() {
    let test = TestApp::start().await;
    test.model.next(Says::WhenTold("never heard".to_owned())).next(Says::Text("Both.".to_owned()));
    test.ana_writes("One rye bread");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let thinking = test.spawn_job(JobKind::Turn);
    test.model.arrived().await;
    test.ana_writes("and two rolls");
    test.deliver().await;
    thinking.await.expect("the turn let go");
    test.settle().await;
    assert_eq!(test.answers(), ["Both."]);
    assert_eq!(test.model.finished(), 1);
    let turns = items(&test.get("/turns").await);
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0]["restarts"], 1);
    let asked = test.model.requests()[1].to_string();
    assert!(asked.contains("One rye bread") && asked.contains("and two rolls"));
    test.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overtaken_call_really_ends_its_connection_is_closed() {
    use tokio::io::AsyncReadExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/v1", listener.local_addr().expect("address"));
    let test = TestApp::start().await;
    test.patch(&format!("/agents/{}", test.agent_id), json!({"model": {"base_url": url}})).await;
    test.ana_writes("One rye bread");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let thinking = test.spawn_job(JobKind::Turn);
    let (mut connection, _) = listener.accept().await.expect("a call");
    let mut request = vec![0; 64 * 1024];
    assert!(connection.read(&mut request).await.expect("a request") > 0);
    test.ana_writes("and two rolls");
    test.deliver().await;
    thinking.await.expect("the turn let go");
    let ended = async { while connection.read(&mut request).await.is_ok_and(|read| read > 0) {} };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("the connection is closed");
    test.patch(&format!("/agents/{}", test.agent_id), json!({"model": {"base_url": null}})).await;
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    test.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_two_restarts_a_turn_runs_to_its_end() {
    let test = TestApp::start().await;
    for _ in 0..3 {
        test.model.next(Says::WhenTold("At last.".to_owned()));
    }
    test.ana_writes("first");
    test.deliver().await;
    for round in 0..3 {
        test.advance(Duration::from_secs(1));
        let thinking = test.spawn_job(JobKind::Turn);
        test.model.arrived().await;
        test.ana_writes(&format!("more {round}"));
        test.deliver().await;
        if round == 2 {
            test.model.go();
        }
        thinking.await.expect("ended");
    }
    test.run_jobs().await;
    assert_eq!(test.answers(), ["At last."]);
    // What came during the third run waits for a turn of its own.
    test.settle().await;
    assert_eq!(test.answers(), ["At last.", "Hello!"]);
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 4]);
    test.finish().await;
}

#[tokio::test]
async fn a_connection_dropped_after_accepting_shows_one_bubble() {
    let test = TestApp::start().await;
    let once = Some(Chance { share: 1.0, times: Some(1) });
    test.simulator.set_faults(Faults { accept_then_drop: once, hold_statuses: true, ..Faults::default() });
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    let sent = items(&test.get("/messages?direction=outbound").await);
    assert_eq!(sent[0]["status"], "unsettled");
    assert_eq!(test.outcomes().await, [None]);
    test.simulator.set_faults(Faults::default());
    test.settle().await;
    test.advance(Duration::from_secs(600));
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    let sent = items(&test.get("/messages?direction=outbound").await);
    assert_eq!((&sent[0]["status"], &sent[0]["sends"]), (&json!("read"), &json!(1)));
    assert_eq!(test.outcomes().await, [Some("answered".to_owned())]);
    test.finish().await;
}

#[tokio::test]
async fn an_unsettled_send_is_repeated_only_after_the_settling_time() {
    let test = TestApp::start().await;
    let once = Some(Hang { share: 1.0, times: Some(1), secs: 10.0 });
    test.simulator.set_faults(Faults { hang: once, ..Faults::default() });
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    assert_eq!(test.answers(), Vec::<String>::new());
    test.advance(Duration::from_secs(44));
    test.run_jobs().await;
    assert_eq!(test.answers(), Vec::<String>::new());
    test.advance(Duration::from_secs(2));
    test.run_jobs().await;
    assert_eq!(test.answers(), ["Hello!"]);
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_status_that_came_in_time_counts_though_it_is_not_yet_applied() {
    let test = TestApp::start().await;
    let once = Some(Chance { share: 1.0, times: Some(1) });
    test.simulator.set_faults(Faults { accept_then_drop: once, hold_statuses: true, ..Faults::default() });
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    test.simulator.set_faults(Faults::default());
    test.simulator.deliver().await;
    test.advance(Duration::from_secs(46));
    test.spawn_job(JobKind::SendMessage).await.expect("the send looked");
    assert_eq!(test.answers(), ["Hello!"], "not repeated before what has come is applied");
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    test.finish().await;
}

#[tokio::test]
async fn a_send_that_is_never_confirmed_becomes_a_task_after_four_repeats() {
    let test = TestApp::start().await;
    let refuse = Answer { code: Some(131_000), http: 500, share: 1.0, times: None, retry_after_secs: None };
    test.simulator.set_faults(Faults { answers: vec![refuse], ..Faults::default() });
    test.ana_writes("Hi?");
    test.deliver().await;
    for _ in 0..40 {
        test.advance(Duration::from_secs(60));
        test.run_jobs().await;
    }
    let sent = items(&test.get("/messages?direction=outbound").await);
    assert_eq!((&sent[0]["status"], &sent[0]["sends"]), (&json!("failed"), &json!(5)));
    assert_eq!(test.outcomes().await, [Some("undelivered".to_owned())]);
    assert_eq!(test.conversation().await["task_reason"], "send_failed");
    test.finish().await;
}

#[tokio::test]
async fn a_person_who_takes_over_between_thinking_and_sending_stops_the_bubble() {
    // The second reply is thought, but has to wait for the pair's pace.
    let test = TestApp::start_with("[delivery]\npair_per_minute = 1\npair_burst = 1").await;
    test.ana_writes("Hi?");
    test.settle().await;
    test.ana_writes("And how much?");
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    let id = test.conversation_id().await;
    let taken = test.post(&format!("/conversations/{id}/take"), json!({})).await;
    assert_eq!(taken["owner"], "human");
    test.advance(Duration::from_secs(120));
    test.run_jobs().await;
    assert_eq!(test.answers(), ["Hello!"]);
    assert_eq!(test.outcomes().await, [Some("answered".to_owned()), Some("human".to_owned())]);
    let sent = items(&test.get("/messages?direction=outbound").await);
    assert_eq!((&sent[0]["status"], &sent[0]["error"]["code"]), (&json!("failed"), &json!("taken_over")));
    // Given back, the agent answers again, but not what was said before.
    test.post(&format!("/conversations/{id}/release"), json!({})).await;
    test.settle().await;
    test.advance(Duration::from_secs(120));
    test.ana_writes("And now?");
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!", "Hello!"]);
    test.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_takes_over_while_the_model_thinks_ends_the_call() {
    let test = TestApp::start().await;
    test.model.next(Says::Hangs);
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    let thinking = test.spawn_job(JobKind::Turn);
    test.model.arrived().await;
    let id = test.conversation_id().await;
    // A person's reply takes the conversation.
    let reply = json!({"content": {"type": "text", "text": {"body": "Marta here, one moment."}}});
    test.post(&format!("/conversations/{id}/messages"), reply).await;
    thinking.await.expect("the turn let go");
    test.settle().await;
    assert_eq!(test.answers(), ["Marta here, one moment."]);
    assert_eq!(test.outcomes().await, [Some("human".to_owned())]);
    assert_eq!(test.model.finished(), 0);
    test.finish().await;
}

#[tokio::test]
async fn an_unsettled_bubble_is_not_repeated_after_a_person_took_over() {
    let test = TestApp::start().await;
    let once = Some(Hang { share: 1.0, times: Some(1), secs: 10.0 });
    test.simulator.set_faults(Faults { hang: once, ..Faults::default() });
    test.ana_writes("Hi?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    let id = test.conversation_id().await;
    test.post(&format!("/conversations/{id}/take"), json!({})).await;
    test.advance(Duration::from_secs(600));
    test.run_jobs().await;
    assert_eq!(test.answers(), Vec::<String>::new());
    assert_eq!(test.outcomes().await, [Some("human".to_owned())]);
    test.finish().await;
}

#[tokio::test]
async fn ten_minutes_without_graph_cost_nobody_an_answer() {
    let test = TestApp::start().await;
    let refuse = Answer { code: Some(130_429), http: 429, share: 1.0, times: None, retry_after_secs: None };
    test.simulator.set_faults(Faults { answers: vec![refuse], ..Faults::default() });
    let ben = Customer::with_phone("15550003333");
    test.ana_writes("Hi?");
    test.writes(&ben, "Are you there?");
    test.deliver().await;
    for _ in 0..60 {
        test.advance(Duration::from_secs(10));
        test.run_jobs().await;
    }
    assert_eq!(test.answers(), Vec::<String>::new());
    assert_eq!(test.outcomes().await, [None, None]);
    test.simulator.set_faults(Faults::default());
    test.advance(Duration::from_secs(60));
    test.settle().await;
    assert_eq!(test.answers(), ["Hello!"]);
    assert_eq!(test.simulator.bubbles("15550003333").len(), 2);
    assert_eq!(test.outcomes().await, vec![Some("answered".to_owned()); 2]);
    test.finish().await;
}

#[tokio::test]
async fn conversations_never_wait_for_each_other() {
    let test = TestApp::start().await;
    let once = Some(Hang { share: 1.0, times: Some(1), secs: 10.0 });
    test.simulator.set_faults(Faults { hang: once, ..Faults::default() });
    test.ana_writes("First?");
    test.deliver().await;
    test.advance(Duration::from_secs(1));
    test.run_jobs().await;
    test.writes(&Customer::with_phone("15550003333"), "Second?");
    test.settle().await;
    assert_eq!(test.answers(), Vec::<String>::new(), "Ana's send is unsettled");
    assert_eq!(test.simulator.bubbles("15550003333").len(), 2);
    test.advance(Duration::from_secs(60));
    test.settle().await;
    test.finish().await;
}

#[tokio::test]
async fn a_workspace_sees_itself_only() {
    let test = TestApp::start().await;
    test.upload("hours.md", b"# Hours\n\nWe open at eight.").await;
    test.ana_writes("Hi?");
    test.settle().await;
    let other = text(&test.post("/workspaces", json!({"name": "Other"})).await, "admin_key");
    for list in ["/numbers", "/agents", "/conversations", "/messages", "/turns", "/events", "/jobs"] {
        let (status, body) = test.call(Method::GET, list, &other, None).await;
        assert_eq!((status, items(&body).len()), (200, 0), "{list}");
    }
    let file = text(&items(&test.get(&format!("/agents/{}/knowledge", test.agent_id)).await)[0], "id");
    let message = text(&items(&test.get("/messages").await)[0], "id");
    let turn = text(&items(&test.get("/turns").await)[0], "id");
    let event = text(&items(&test.get("/events").await)[0], "id");
    let contact = text(&items(&test.get("/contacts").await)[0], "id");
    let conversation = test.conversation_id().await;
    let (agent, number) = (&test.agent_id, &test.number_id);
    let reply = json!({"content": {"type": "text", "text": {"body": "x"}}});
    for (method, path, body) in [
        (Method::GET, format!("/numbers/{number}"), None),
        (Method::PATCH, format!("/numbers/{number}"), Some(json!({"mode": "inactive"}))),
        (Method::DELETE, format!("/numbers/{number}"), None),
        (Method::POST, format!("/numbers/{number}/check"), None),
        (Method::GET, format!("/agents/{agent}"), None),
        (Method::PATCH, format!("/agents/{agent}"), Some(json!({"name": "mine"}))),
        (Method::DELETE, format!("/agents/{agent}"), None),
        (Method::GET, format!("/agents/{agent}/versions"), None),
        (Method::GET, format!("/agents/{agent}/versions/1"), None),
        (Method::GET, format!("/agents/{agent}/knowledge"), None),
        (Method::POST, format!("/agents/{agent}/knowledge/search"), Some(json!({"query": "eight"}))),
        (Method::POST, format!("/agents/{agent}/try"), Some(json!({"message": "Hi"}))),
        (Method::GET, format!("/knowledge/{file}"), None),
        (Method::DELETE, format!("/knowledge/{file}"), None),
        (Method::GET, format!("/knowledge/{file}/passages"), None),
        (Method::GET, format!("/knowledge/{file}/content"), None),
        (Method::GET, format!("/contacts/{contact}/timeline"), None),
        (Method::GET, format!("/contacts/{contact}/export"), None),
        (Method::DELETE, format!("/contacts/{contact}"), None),
        (Method::GET, format!("/conversations/{conversation}"), None),
        (Method::GET, format!("/conversations/{conversation}/messages"), None),
        (Method::POST, format!("/conversations/{conversation}/messages"), Some(reply)),
        (Method::POST, format!("/conversations/{conversation}/take"), None),
        (Method::POST, format!("/conversations/{conversation}/release"), None),
        (Method::POST, format!("/conversations/{conversation}/read"), None),
        (Method::GET, format!("/messages/{message}"), None),
        (Method::GET, format!("/turns/{turn}"), None),
        (Method::GET, format!("/events/{event}"), None),
        (Method::POST, format!("/events/{event}/replay"), None),
    ] {
        let (status, body) = test.call(method.clone(), &path, &other, body).await;
        assert_eq!((status, &body["code"]), (404, &json!("not_found")), "{method} {path}: {body}");
    }
    let stolen = json!({"phone_number_id": "77", "agent_id": agent});
    let (status, body) = test.call(Method::POST, "/numbers", &other, Some(stolen)).await;
    assert_eq!((status, &body["errors"][0]["field"]), (422, &json!("agent_id")));
    assert_eq!(test.conversation().await["owner"], "agent");
    test.finish().await;
}

#[tokio::test]
async fn secrets_never_come_back_out() {
    let test = TestApp::start().await;
    let secrets = json!({"access_token": "EAAG-very-secret", "app_secret": "app-very-secret", "verify_token": "verify-very-secret"});
    let number = test.patch(&format!("/numbers/{}", test.number_id), secrets).await;
    assert_eq!((&number["has_access_token"], &number["has_app_secret"]), (&json!(true), &json!(true)));
    let model = json!({"model": {"api_key": "sk-very-secret"}});
    let agent = test.patch(&format!("/agents/{}", test.agent_id), model).await;
    assert_eq!(agent["model"]["has_api_key"], true);
    let key = text(&test.post("/keys", json!({"name": "k", "role": "viewer"})).await, "key");
    let mut seen = String::new();
    for list in ["/numbers", "/agents", "/keys", "/events", "/workspaces", "/jobs"] {
        seen += &test.get(list).await.to_string();
    }
    seen += &test.get(&format!("/agents/{}/versions", test.agent_id)).await.to_string();
    seen += &format!("{:?}", test.app.settings);
    seen += &format!("{:?}", test.app);
    let db = test.app.db.writer();
    let rows = switchboard::store::numbers::list_all_after(db, None, 10).await.expect("rows");
    seen += &format!("{rows:?}");
    if test.database.is_embedded() {
        use sea_orm::ConnectionTrait;
        db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("checkpoint");
        seen += &String::from_utf8_lossy(&std::fs::read(test.database.path("test.db")).expect("file"));
    }
    for secret in
        ["very-secret", key.as_str(), crate::support::ADMIN_KEY, crate::support::APP_SECRET, crate::support::MASTER_KEY]
    {
        assert!(!seen.contains(secret), "{secret} came out");
    }
    test.finish().await;
}
