//! What people work with: filters, counts, a page around a message, search, notes, drafts, and why it went as it did.

use std::time::Duration;

use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use simulator::Customer;

use crate::support::{ADMIN_KEY, ANA, Says, TestApp, items, text};

const NOBODY: &str = "01J9ZC3V8K2M4N6P8R0T2V4X6Z";

fn eva() -> Customer {
    Customer { name: "Éva Öz".to_owned(), ..Customer::with_phone("36205550001") }
}

/// Ana, Éva and one who goes by a username have each been answered, in this order.
async fn three() -> TestApp {
    let test = TestApp::start().await;
    for customer in [Customer::with_phone(ANA), eva(), Customer::with_username("breadlover", "Ben Cook")] {
        test.writes(&customer, "Are you open?");
        test.settle().await;
        test.advance(Duration::from_secs(60));
    }
    test
}

/// Whom a list of conversations shows, by name.
async fn names(test: &TestApp, query: &str) -> Vec<String> {
    let list = test.get(&format!("/conversations?{query}")).await;
    items(&list).iter().map(|shown| text(&shown["contact"], "name")).collect()
}

async fn execute(test: &TestApp, sql: &str) {
    test.app.db.writer().execute_unprepared(sql).await.expect("executed");
}

#[tokio::test]
async fn conversations_are_found_by_who_writes() {
    let test = three().await;
    let ana = Customer::with_phone(ANA);
    for (q, expected) in [
        ("éva", vec!["Éva Öz"]),
        ("ÖZ", vec!["Éva Öz"]),
        ("BREADL", vec!["Ben Cook"]),
        ("%2B36%2020%20555", vec!["Éva Öz"]),
        ("%28555%29%20000-2222", vec![ana.name.as_str()]),
        (&ana.user_id[3..10], vec![ana.name.as_str()]),
        ("nobody", vec![]),
        ("%25", vec![]),
        ("_", vec![]),
    ] {
        assert_eq!(names(&test, &format!("q={q}")).await, expected, "{q}");
    }
    // In the list's own order, page by page.
    assert_eq!(names(&test, "q=e&limit=100").await.first().map(String::as_str), Some("Ben Cook"));
    let first = test.get("/conversations?q=1&limit=1").await;
    let second = test.get(&format!("/conversations?q=1&limit=1&cursor={}", text(&first, "next_cursor"))).await;
    assert_ne!(items(&first)[0]["id"], items(&second)[0]["id"]);
    for wrong in ["q=", "q=%20", "q=%00", &format!("q={}", "x".repeat(101))] {
        assert_eq!(test.call(Method::GET, &format!("/conversations?{wrong}"), ADMIN_KEY, None).await.0, 400, "{wrong}");
    }
    test.finish().await;
}

#[tokio::test]
async fn many_matches_are_found_in_the_lists_order() {
    let test = three().await;
    // More contacts than are named one by one.
    execute(
        &test,
        "INSERT INTO contacts (id, workspace_id, phone, name, created_at, updated_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 700)
        SELECT 'con_' || n, (SELECT id FROM workspaces), '1555' || n, 'Éva ' || n, 1, 1 FROM numbers",
    )
    .await;
    assert_eq!(names(&test, "q=EVA").await, Vec::<String>::new());
    assert_eq!(names(&test, "q=%C3%89VA").await, ["Éva Öz"]);
    test.finish().await;
}

#[tokio::test]
async fn conversations_are_filtered_by_agent_taker_and_window() {
    let test = three().await;
    let all = names(&test, "").await;
    assert_eq!(all.len(), 3);
    assert_eq!(names(&test, &format!("agent_id={}", test.agent_id)).await, all);
    assert_eq!(names(&test, &format!("agent_id=agt_{NOBODY}")).await, Vec::<String>::new());
    // A number without an agent of its own is its workspace's default agent's.
    let number = format!("/numbers/{}", test.number_id);
    test.patch(&number, json!({"agent_id": null})).await;
    assert_eq!(names(&test, &format!("agent_id={}", test.agent_id)).await, Vec::<String>::new());
    let workspace = text(&items(&test.get("/workspaces").await)[0], "id");
    test.patch(&format!("/workspaces/{workspace}"), json!({"default_agent_id": test.agent_id})).await;
    assert_eq!(names(&test, &format!("agent_id={}", test.agent_id)).await, all);

    let desk = test.post("/keys", json!({"name": "Desk", "role": "operator"})).await;
    let conversations = items(&test.get("/conversations").await);
    let take = |place: usize| format!("/conversations/{}/take", text(&conversations[place], "id"));
    let (_, taken) = test.call(Method::POST, &take(0), &text(&desk, "key"), Some(json!({}))).await;
    assert_eq!((&taken["taken_by"], &taken["taken_by_name"]), (&desk["id"], &json!("Desk")));
    test.post(&take(1), json!({})).await;
    assert_eq!(names(&test, &format!("taken_by={}", text(&desk, "id"))).await, all[..1]);
    assert_eq!(names(&test, "taken_by=me").await, all[1..2]);
    assert_eq!(names(&test, &format!("taken_by=mem_{NOBODY}")).await, Vec::<String>::new());
    assert_eq!(names(&test, "owner=human").await, all[..2]);

    // Meta tells seconds, and the three wrote within one: by our clock a minute lies between them.
    execute(&test, "UPDATE conversations SET window_closes_at = last_message_at + 86400000").await;
    assert_eq!(names(&test, "window=open").await, all);
    assert_eq!(names(&test, "window=closing").await, Vec::<String>::new());
    test.advance(Duration::from_secs(22 * 60 * 60));
    assert_eq!(names(&test, "window=closing").await, all);
    let newest = text(&items(&test.get("/conversations").await)[0], "window_closes_at");
    let newest: chrono::DateTime<chrono::Utc> = newest.parse().expect("a time");
    let left = newest.timestamp_millis() - test.app.now();
    test.advance(Duration::from_millis(u64::try_from(left - 1).expect("it is open yet")));
    assert_eq!(names(&test, "window=closed").await, all[1..], "the first two wrote earlier");
    assert_eq!(names(&test, "window=open").await, all[..1]);
    assert_eq!(names(&test, "window=closed&taken_by=me&q=va").await, all[1..2]);
    for wrong in ["window=ajar", "taken_by=you", "taken_by=", "agent_id=1"] {
        assert_eq!(test.call(Method::GET, &format!("/conversations?{wrong}"), ADMIN_KEY, None).await.0, 400, "{wrong}");
    }
    test.finish().await;
}

#[tokio::test]
async fn the_inbox_counts_what_people_work_through() {
    let test = three().await;
    let conversations = items(&test.get("/conversations").await);
    let path = |place: usize| format!("/conversations/{}", text(&conversations[place], "id"));
    test.post(&format!("{}/take", path(0)), json!({})).await;
    test.post(&format!("{}/read", path(1)), json!({})).await;
    test.model.next(Says::Calls("hand_over", json!({"reason": "wants a person"})));
    test.writes(&eva(), "A person, please.");
    test.settle().await;
    let desk = test.post("/keys", json!({"name": "Desk", "role": "viewer"})).await;
    let expected = json!({"conversations": 3, "unread": 3, "human": 2, "mine": 1, "tasks": 1, "closing": 0});
    assert_eq!(test.get("/inbox").await, expected);
    let (_, of_desk) = test.call(Method::GET, "/inbox", &text(&desk, "key"), None).await;
    assert_eq!((&of_desk["mine"], &of_desk["human"]), (&json!(0), &json!(2)));
    test.advance(Duration::from_secs(23 * 60 * 60));
    assert_eq!(test.get("/inbox").await["closing"], 3);
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    let (_, empty) = test.call(Method::GET, "/inbox", &text(&other, "admin_key"), None).await;
    assert_eq!(empty, json!({"conversations": 0, "unread": 0, "human": 0, "mine": 0, "tasks": 0, "closing": 0}));
    test.finish().await;
}

#[tokio::test]
async fn a_conversation_is_read_around_a_message_and_on_in_both_directions() {
    let test = TestApp::start_with("[shield]\nenabled = false").await;
    test.patch(&format!("/agents/{}", test.agent_id), json!({"mode": "paused"})).await;
    for number in 0..25 {
        test.ana_writes(&format!("Message {number}"));
    }
    test.settle().await;
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    let all = items(&test.get(&format!("{path}?limit=100")).await);
    assert_eq!(all.len(), 25);
    let page = async |query: &str| {
        let page = test.get(&format!("{path}?{query}")).await;
        let cursor = |name: &str| page[name].as_str().map(str::to_owned);
        (items(&page), cursor("next_cursor"), cursor("previous_cursor"))
    };
    let (middle, older, newer) = page(&format!("around={}&limit=5", text(&all[12], "id"))).await;
    assert_eq!(middle, all[10..15]);
    let (older_items, _, back) = page(&format!("cursor={}&limit=100", older.expect("more"))).await;
    assert_eq!(older_items, all[15..]);
    let (newer_items, on, newest) = page(&format!("after={}&limit=6", newer.expect("more"))).await;
    assert_eq!(newer_items, all[4..10], "the nearest, newest first");
    let (first, _, nothing) = page(&format!("after={}&limit=6", newest.expect("more"))).await;
    assert_eq!((first, nothing), (all[..4].to_vec(), None));
    assert_eq!(page(&format!("cursor={}&limit=3", on.expect("more"))).await.0, all[10..13]);
    assert_eq!(page(&format!("after={}&limit=3", back.expect("more"))).await.0, all[12..15]);
    // At both ends, and on a page of one.
    let (items_here, older, newer) = page(&format!("around={}&limit=10", text(&all[0], "id"))).await;
    assert_eq!((items_here, newer), (all[..5].to_vec(), None));
    assert!(older.is_some());
    let (items_here, older, _) = page(&format!("around={}&limit=10", text(&all[24], "id"))).await;
    assert_eq!((items_here, older), (all[19..].to_vec(), None));
    let (one, older, newer) = page(&format!("around={}&limit=1", text(&all[7], "id"))).await;
    assert_eq!((one, older), (all[7..8].to_vec(), Some(text(&all[7], "id"))));
    assert_eq!(page(&format!("after={}&limit=1", newer.expect("more"))).await.0, all[6..7]);
    let (newest, _, nothing) = page("limit=3").await;
    assert_eq!((newest, nothing), (all[..3].to_vec(), None));
    for (wrong, expected) in [
        (format!("around=msg_{NOBODY}"), 404),
        (format!("around={}&cursor=x", text(&all[0], "id")), 400),
        ("after=x&cursor=y".to_owned(), 400),
        ("around=x".to_owned(), 400),
        ("after=%00".to_owned(), 400),
    ] {
        let (status, problem) = test.call(Method::GET, &format!("{path}?{wrong}"), ADMIN_KEY, None).await;
        assert_eq!(status, expected, "{wrong}: {problem}");
    }
    // Somebody else's message is nowhere in it.
    test.writes(&eva(), "Hi?");
    test.settle().await;
    let foreign = text(&test.newest_inbound().await, "id");
    let (status, _) = test.call(Method::GET, &format!("{path}?around={foreign}"), ADMIN_KEY, None).await;
    assert_eq!(status, 404);
    test.finish().await;
}

#[tokio::test]
async fn messages_are_searched_in_any_case_and_a_search_has_its_bounds() {
    let test = three().await;
    test.ana_writes("Haben Sie GRÜNE Brötchen?");
    test.settle().await;
    let found = items(&test.get("/messages?q=gr%C3%BCne%20br%C3%B6t").await);
    assert_eq!(found.iter().map(|message| text(message, "text")).collect::<Vec<_>>(), ["Haben Sie GRÜNE Brötchen?"]);
    assert_eq!(items(&test.get("/messages?q=are%20you%20open&limit=2").await).len(), 2);
    let conversation = text(&found[0], "conversation_id");
    let of_ana = items(&test.get(&format!("/messages?q=open&conversation_id={conversation}")).await);
    assert!(!of_ana.is_empty() && of_ana.iter().all(|message| message["conversation_id"] == conversation.as_str()));
    assert_eq!(items(&test.get("/messages?q=open&direction=outbound").await), Vec::<Value>::new());
    assert_eq!(items(&test.get("/messages?q=%25").await), Vec::<Value>::new());
    // What is said before more messages than one search looks through is for the next page.
    execute(
        &test,
        "INSERT INTO messages (id, workspace_id, conversation_id, number_id, direction, author, kind, text, content, epoch,
            sends, sent_at, created_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20500)
        SELECT 'msg_7ZZZZZZZZZZZZZZZZZZZZ' || (10000 + n), m.workspace_id, m.conversation_id, m.number_id, 'outbound', 'agent',
            'text', 'Nothing.', '{}', 0, 0, 1, 1 FROM numbers, (SELECT * FROM messages ORDER BY id LIMIT 1) m",
    )
    .await;
    let first = test.get("/messages?q=gr%C3%BCne").await;
    assert_eq!(items(&first), Vec::<Value>::new());
    let second = test.get(&format!("/messages?q=gr%C3%BCne&cursor={}", text(&first, "next_cursor"))).await;
    assert_eq!((items(&second), &second["next_cursor"]), (found, &Value::Null));
    for wrong in ["q=", "q=%20%20", &format!("q={}", "x".repeat(101))] {
        assert_eq!(test.call(Method::GET, &format!("/messages?{wrong}"), ADMIN_KEY, None).await.0, 400, "{wrong}");
    }
    test.finish().await;
}

#[tokio::test]
async fn notes_are_for_colleagues_alone() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let path = format!("/conversations/{}/notes", test.conversation_id().await);
    let key = async |name: &str, role: &str| test.post("/keys", json!({"name": name, "role": role})).await;
    let (ben, cleo, viewer) = (key("Ben", "operator").await, key("Cleo", "operator").await, key("V", "viewer").await);
    let secret = "She pays late, the zebra.";
    let (status, note) = test.call(Method::POST, &path, &text(&ben, "key"), Some(json!({ "text": secret }))).await;
    assert_eq!(status, 201);
    assert_eq!(
        note,
        json!({"id": note["id"], "conversation_id": test.conversation_id().await, "author": ben["id"],
            "author_name": "Ben", "text": secret, "created_at": note["created_at"]})
    );
    let second = test.post(&path, json!({"text": "x".repeat(4_000)})).await;
    let (_, listed) = test.call(Method::GET, &path, &text(&viewer, "key"), None).await;
    assert_eq!(items(&listed), [second.clone(), note.clone()], "newest first");
    let page = test.get(&format!("{path}?limit=1")).await;
    let next = test.get(&format!("{path}?limit=1&cursor={}", text(&page, "next_cursor"))).await;
    assert_eq!((items(&next), &next["next_cursor"]), (vec![note.clone()], &Value::Null));

    // Neither a model nor the customer hears of it.
    test.ana_writes("What do you know of me?");
    test.settle().await;
    assert!(test.model.requests().iter().all(|request| !request.to_string().contains("zebra")));
    assert!(test.answers().iter().all(|answer| !answer.contains("zebra")));

    for (who, body, status) in [
        (&viewer, json!({"text": "Hi"}), 403),
        (&ben, json!({}), 400),
        (&ben, json!({"text": "Hi", "more": 1}), 400),
        (&ben, json!({"text": " "}), 422),
        (&ben, json!({"text": "x".repeat(4_001)}), 422),
        (&ben, json!({"text": "a\u{0}b"}), 422),
    ] {
        assert_eq!(test.call(Method::POST, &path, &text(who, "key"), Some(body.clone())).await.0, status, "{body}");
    }
    let one = format!("/notes/{}", text(&note, "id"));
    let delete = async |who: &str, path: &str| test.call(Method::DELETE, path, who, None).await.0;
    assert_eq!(delete(&text(&viewer, "key"), &one).await, 403);
    assert_eq!(delete(&text(&cleo, "key"), &one).await, 403, "somebody else's");
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    assert_eq!(delete(&text(&other, "admin_key"), &one).await, 404);
    assert_eq!(test.call(Method::GET, &path, &text(&other, "admin_key"), None).await.0, 404);
    assert_eq!(delete(&text(&ben, "key"), &one).await, 204);
    assert_eq!(delete(&text(&ben, "key"), &one).await, 404);
    assert_eq!(delete(ADMIN_KEY, &format!("/notes/{}", text(&second, "id"))).await, 204);
    test.finish().await;
}

#[tokio::test]
async fn a_message_tells_who_sent_it() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    assert_eq!(test.newest_message().await["sent_by"], Value::Null, "the agent did");
    let desk = test.post("/keys", json!({"name": "Desk", "role": "operator"})).await;
    let path = format!("/conversations/{}/messages", test.conversation_id().await);
    let content = json!({"content": {"type": "text", "text": {"body": "Here I am."}}});
    let (_, sent) = test.call(Method::POST, &path, &text(&desk, "key"), Some(content)).await;
    assert_eq!(sent["sent_by"], json!({"actor": desk["id"], "name": "Desk"}));
    test.settle().await;
    let why = test.get(&format!("/messages/{}/why", text(&sent, "id"))).await;
    assert_eq!(why["timeline"][0]["what"], "Desk wrote it.");
    assert!(text(&why, "explanation").starts_with("Desk sent it."), "{why}");
    // The name goes with the key, the id stays.
    test.call(Method::DELETE, &format!("/keys/{}", text(&desk, "id")), ADMIN_KEY, None).await;
    assert_eq!(test.newest_message().await["sent_by"], json!({"actor": desk["id"], "name": null}));
    test.finish().await;
}

#[tokio::test]
async fn a_draft_is_what_the_agent_would_say_and_sends_nothing() {
    let test = TestApp::start().await;
    test.ana_writes("Are you open on Sunday?");
    test.settle().await;
    let conversation = test.conversation_id().await;
    let path = format!("/conversations/{conversation}/draft");
    test.post(&format!("/conversations/{conversation}/take"), json!({})).await;
    test.ana_writes("And on Monday?");
    test.ana_writes("Until when?");
    test.settle().await;
    let before = test.get("/messages?limit=100").await;
    test.model.next(Says::Text("On Monday until six.".to_owned()));
    let draft = test.post(&path, json!({})).await;
    assert_eq!((&draft["reply"], &draft["hand_over"]), (&json!("On Monday until six."), &Value::Null));
    let asked = draft["prompt"].as_array().expect("a prompt").iter().map(|line| text(line, "text")).collect::<Vec<_>>();
    let last = asked.last().expect("a question");
    assert!(last.contains("And on Monday?") && last.contains("Until when?") && !last.contains("Sunday"), "{last}");
    assert!(asked.iter().any(|line| line.contains("Are you open on Sunday?")), "{asked:?}");
    test.model.next(Says::Text("Sorry!".to_owned()));
    let told = test.post(&path, json!({"instructions": "Apologise, we are closed."})).await;
    assert_eq!(told["reply"], "Sorry!");
    let request = test.model.requests().pop().expect("asked").to_string();
    assert!(request.contains("Apologise, we are closed."), "{request}");
    assert_eq!(test.get("/messages?limit=100").await, before, "nothing was stored");
    assert_eq!(test.get(&format!("/agents/{}", test.agent_id)).await["version"], 1);

    // A person has answered: the draft is for what was asked last all the same.
    let content = json!({"content": {"type": "text", "text": {"body": "Let me look."}}});
    test.post(&format!("/conversations/{conversation}/messages"), content).await;
    test.settle().await;
    let again = test.post(&path, json!({})).await;
    let last = text(again["prompt"].as_array().expect("a prompt").last().expect("a line"), "text");
    assert!(last.contains("Until when?") && !last.contains("Let me look."), "{last}");

    let viewer = text(&test.post("/keys", json!({"name": "v", "role": "viewer"})).await, "key");
    assert_eq!(test.call(Method::POST, &path, &viewer, Some(json!({}))).await.0, 403);
    for (body, status) in [
        (json!({"instructions": " "}), 422),
        (json!({"instructions": "x".repeat(2_001)}), 422),
        (json!({"wish": "x"}), 400),
    ] {
        assert_eq!(test.call(Method::POST, &path, ADMIN_KEY, Some(body.clone())).await.0, status, "{body}");
    }
    let nobody = format!("/conversations/cnv_{NOBODY}/draft");
    assert_eq!(test.call(Method::POST, &nobody, ADMIN_KEY, Some(json!({}))).await.0, 404);
    test.patch(&format!("/numbers/{}", test.number_id), json!({"agent_id": null})).await;
    let (status, problem) = test.call(Method::POST, &path, ADMIN_KEY, Some(json!({}))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("no_agent")));
    test.finish().await;
}

#[tokio::test]
async fn a_draft_is_counted_against_the_budget() {
    let test = TestApp::start_with("[budget]\ncontact_tokens_per_day = 20000").await;
    test.ana_writes("Hi?");
    test.settle().await;
    let path = format!("/conversations/{}/draft", test.conversation_id().await);
    let used = async || test.get("/usage").await.to_string();
    let before = used().await;
    test.post(&path, json!({})).await;
    assert_ne!(used().await, before);
    execute(&test, "UPDATE usage SET used_tokens = 20000").await;
    let (status, problem) = test.call(Method::POST, &path, ADMIN_KEY, Some(json!({}))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("over_budget")), "{problem}");
    test.finish().await;
}

#[tokio::test]
async fn every_message_tells_why_it_ended_as_it_did() {
    let test = TestApp::start().await;
    let why = async |message: &Value| test.get(&format!("/messages/{}/why", text(message, "id"))).await;
    test.ana_writes("Are you open?");
    test.deliver().await;
    let waiting = why(&test.newest_inbound().await).await;
    assert_eq!((&waiting["outcome"], &waiting["turn"]), (&Value::Null, &Value::Null));
    assert!(text(&waiting, "explanation").contains("waits a moment"), "{waiting}");
    test.settle().await;
    let answered = why(&test.newest_inbound().await).await;
    let steps: Vec<String> =
        answered["timeline"].as_array().expect("a list").iter().map(|step| text(step, "step")).collect();
    assert_eq!(
        steps,
        ["received", "turn_started", "decided", "released", "accepted", "delivered", "read"],
        "{answered}"
    );
    let sentences = answered["timeline"].as_array().expect("a list");
    assert!(sentences.iter().all(|step| text(step, "what").ends_with('.') && step["at"].is_string()));
    let turn = text(&answered["message"], "turn_id");
    assert_eq!(answered["turn"], test.get(&format!("/turns/{turn}")).await);
    let answer = test.newest_message().await;
    assert_eq!(
        (&answered["sends"][0]["message_id"], &answered["sends"][0]["status"]),
        (&answer["id"], &answer["status"])
    );
    assert_eq!(answered["message"], test.newest_inbound().await);
    let of_answer = why(&answer).await;
    assert_eq!(of_answer["turn"], answered["turn"]);
    assert!(text(&of_answer, "explanation").starts_with("The agent decided it."), "{of_answer}");

    // What nobody thought about says why, with a turn or without.
    let agent = format!("/agents/{}", test.agent_id);
    let number = format!("/numbers/{}", test.number_id);
    test.patch(&agent, json!({"mode": "paused"})).await;
    test.ana_writes("Hello?");
    test.settle().await;
    let paused = why(&test.newest_inbound().await).await;
    assert_eq!((&paused["outcome"], paused["sends"].as_array().map(Vec::len)), (&json!("paused"), Some(0)));
    assert!(text(&paused, "explanation").contains("paused"), "{paused}");
    test.patch(&agent, json!({"mode": "active"})).await;
    test.patch(&number, json!({"mode": "inactive"})).await;
    test.ana_writes("Hello?");
    test.settle().await;
    assert!(text(&why(&test.newest_inbound().await).await, "explanation").contains("number is inactive"));
    test.patch(&number, json!({"mode": "active"})).await;
    test.simulator.customer_writes(
        &Customer::with_phone(ANA),
        json!({"type": "reaction", "reaction": {"message_id": answer["wamid"], "emoji": "\u{1f44d}"}}),
    );
    test.settle().await;
    let reaction = why(&test.newest_inbound().await).await;
    assert_eq!((&reaction["turn"], &reaction["outcome_reason"]), (&Value::Null, &json!("a reaction")));
    assert_eq!(reaction["explanation"], "There was nothing to answer: a reaction.");
    test.ana_writes("Stop!");
    test.settle().await;
    let stopped = why(&test.newest_inbound().await).await;
    assert!(text(&stopped, "explanation").contains("does not want to be written to"), "{stopped}");
    let confirmed = why(&test.newest_message().await).await;
    assert!(text(&confirmed, "explanation").starts_with("The gateway sent it by itself."), "{confirmed}");
    assert_eq!(test.call(Method::GET, &format!("/messages/msg_{NOBODY}/why"), ADMIN_KEY, None).await.0, 404);
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    let path = format!("/messages/{}/why", text(&answer, "id"));
    assert_eq!(test.call(Method::GET, &path, &text(&other, "admin_key"), None).await.0, 404);
    test.finish().await;
}

#[tokio::test]
async fn a_failed_reply_tells_what_graph_said() {
    let test = TestApp::start().await;
    let refused =
        simulator::Answer { code: Some(131_026), http: 400, share: 1.0, times: Some(1), retry_after_secs: None };
    test.simulator.set_faults(simulator::Faults { answers: vec![refused], window_check: false, ..Default::default() });
    test.ana_writes("Hi?");
    test.settle().await;
    let why = test.get(&format!("/messages/{}/why", text(&test.newest_inbound().await, "id"))).await;
    assert_eq!(why["outcome"], "undelivered");
    assert_eq!(why["sends"][0]["status"], "failed");
    assert!(text(&why["sends"][0], "result").contains("131026"), "{why}");
    let last = why["timeline"].as_array().expect("a list").last().expect("a step").clone();
    assert_eq!(last["step"], "failed");
    test.finish().await;
}
