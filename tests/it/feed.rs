//! The live feed: what changes is told as it changes, and whoever was cut off misses nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use simulator::Customer;
use switchboard::app::App;
use switchboard::serve::{Gateway, Role};
use switchboard::store::{self, Engine};

use crate::support::{ADMIN_KEY, Listener, TestApp, Told, items, text};

const DAY: Duration = Duration::from_secs(25 * 60 * 60);

/// The newest of each thing, in the order told.
fn newest(told: &[Told], event: &str, id: &str) -> Option<Value> {
    let about = |told: &&Told| told.event == event && told.subject() == id;
    told.iter().rev().find(about).map(|told| told.data[event].clone())
}

fn subjects(told: &[Told], event: &str) -> Vec<String> {
    told.iter().filter(|told| told.event == event).map(Told::subject).collect()
}

/// Without the agents that listeners mark a place with.
fn without_marks(mut told: Vec<Told>) -> Vec<Told> {
    told.retain(|told| told.event != "agent" && !(told.event == "gone" && told.subject().starts_with("agt")));
    told
}

/// Each thing is told once.
fn assert_once(told: &[Told]) {
    let mut seen = BTreeSet::new();
    for told in told {
        assert!(seen.insert((told.event.clone(), told.subject())), "{} {} twice", told.event, told.subject());
    }
}

#[tokio::test]
async fn what_changes_is_told_as_the_api_shows_it() {
    let test = TestApp::start().await;
    let mut listener = Listener::open(&test, "").await;
    test.ana_writes("Are you open on Sunday?");
    test.settle().await;
    let told = listener.all(&test).await;
    assert!(told.iter().all(|told| told.data["type"] == told.event.as_str() && told.id.is_some()), "{told:?}");
    let messages = items(&test.get("/messages").await);
    assert_eq!(messages.len(), 2);
    for message in &messages {
        let id = text(message, "id");
        assert_eq!(newest(&told, "message", &id).as_ref(), Some(message), "as it is in the end");
    }
    let conversation = test.conversation().await;
    let id = text(&conversation, "id");
    assert_eq!(newest(&told, "conversation", &id), Some(conversation), "as the list shows it");
    let number = newest(&told, "number", &test.number_id).expect("its first message is told");
    assert!(number["last_interaction_at"].is_string(), "{number}");
    let outcomes = told.iter().filter(|told| told.event == "message" && told.data["message"]["outcome"] == "answered");
    assert!(outcomes.count() >= 1);
    test.finish().await;
}

#[tokio::test]
async fn whoever_was_cut_off_is_told_all_they_missed_once_and_in_order() {
    let test = TestApp::start().await;
    let customers: Vec<Customer> = (0..5).map(|number| Customer::with_phone(&format!("1555000300{number}"))).collect();
    let mut listener = Listener::open(&test, "").await;
    test.writes(&customers[0], "Hi?");
    test.settle().await;
    let first = listener.until(|told| told.event == "message").await;
    let before = listener.last_id.clone();
    drop(listener);

    for customer in &customers {
        test.writes(customer, "Are you open?");
        test.settle().await;
        test.writes(customer, "And on Monday?");
        test.settle().await;
    }
    let conversation = text(&items(&test.get("/conversations").await)[0], "id");
    test.post(&format!("/conversations/{conversation}/take"), json!({})).await;
    let note = test.post(&format!("/conversations/{conversation}/notes"), json!({"text": "Call back."})).await;

    Listener::settle(&test).await;
    let mut listener = Listener::resume(&test, &before).await;
    let told = without_marks(listener.all(&test).await);
    assert_once(&told);
    let ids: Vec<&str> = told.iter().filter_map(|told| told.id.as_deref()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each has a place of its own");
    let known: BTreeSet<String> =
        first.iter().chain(&told).filter(|told| told.event == "message").map(Told::subject).collect();
    let all: BTreeSet<String> =
        items(&test.get("/messages?limit=100").await).iter().map(|message| text(message, "id")).collect();
    assert_eq!(known, all, "none is missing");
    for shown in items(&test.get("/conversations").await) {
        assert_eq!(newest(&told, "conversation", &text(&shown, "id")), Some(shown));
    }
    assert_eq!(newest(&told, "note", &text(&note, "id")), Some(note));

    // From any place on, the rest is the same; also from one within a change, whose first part was told.
    let within = told.iter().position(|told| told.id.as_ref().is_some_and(|id| id.split('-').count() == 3));
    let places = (0..told.len()).step_by(told.len().div_ceil(5)).chain(within);
    assert!(within.is_some(), "a new message changes the list too");
    for (place, at) in places.map(|place| (place, &told[place])) {
        let mut listener = Listener::resume(&test, at.id.as_deref().expect("an id")).await;
        let rest = without_marks(listener.all(&test).await);
        let about = |told: &[Told]| told.iter().map(|told| (told.event.clone(), told.subject())).collect::<Vec<_>>();
        assert_eq!(about(&rest), about(&told[place + 1..]), "from {place} on");
    }
    test.finish().await;
}

#[tokio::test]
async fn several_changes_of_one_message_that_are_read_together_come_once() {
    let test = TestApp::start().await;
    let before = Listener::open(&test, "").await.last_id;
    test.ana_writes("Hi?");
    test.settle().await;
    let rows = test.app.db.reader().query_one_raw(sea_orm::Statement::from_string(
        test.app.db.reader().get_database_backend(),
        "SELECT count(*) AS n FROM changes WHERE kind = 'message'",
    ));
    let rows: i64 = rows.await.expect("asked").expect("a row").try_get("", "n").expect("a number");
    assert!((6..=8).contains(&rows), "a message and its answer write few rows: {rows}");
    Listener::settle(&test).await;
    let mut listener = Listener::open(&test, &format!("?after={before}")).await;
    let told = listener.all(&test).await;
    assert_eq!(subjects(&told, "message").len(), 2, "{told:?}");
    let answer = newest(&told, "message", &text(&test.newest_message().await, "id")).expect("told");
    assert_eq!(answer["status"], test.newest_message().await["status"], "as it is now");
    test.finish().await;
}

#[tokio::test]
async fn a_workspace_hears_of_itself_only() {
    let test = TestApp::start().await;
    let other = test.post("/workspaces", json!({"name": "Other"})).await;
    let key = text(&other, "admin_key");
    let mut ours = Listener::open(&test, "").await;
    let mut theirs = Listener::open_as(&test, "", &key, None).await;
    test.ana_writes("Hi?");
    test.settle().await;
    let conversation = test.conversation_id().await;
    test.post(&format!("/conversations/{conversation}/presence"), json!({"state": "viewing"})).await;
    let made = json!({"name": "Theirs", "instructions": "Be kind."});
    let (_, agent) = test.call(Method::POST, "/agents", &key, Some(made)).await;
    let first = theirs.next().await;
    assert_eq!((first.event.as_str(), first.subject()), ("agent", text(&agent, "id")), "{first:?}");
    let told = ours.all(&test).await;
    assert!(!subjects(&told, "agent").contains(&text(&agent, "id")), "{told:?}");
    // Going on from before all there is tells nothing of the other workspace either.
    let mut theirs = Listener::open_as(&test, "?after=0-0", &key, None).await;
    let (status, _) = test.call(Method::DELETE, &format!("/agents/{}", text(&agent, "id")), &key, None).await;
    assert_eq!(status, 204);
    let told = theirs.until(|told| told.event == "gone").await;
    assert!(told.iter().all(|told| told.subject() == text(&agent, "id")), "{told:?}");
    test.finish().await;
}

#[tokio::test]
async fn a_key_that_is_taken_away_hears_nothing_more() {
    let test = TestApp::start_with("[feed]\nheartbeat_secs = 1").await;
    let made = test.post("/keys", json!({"name": "guest", "role": "viewer"})).await;
    let listener = Listener::open_as(&test, "", &text(&made, "key"), None).await;
    let (status, _) = test.call(Method::DELETE, &format!("/keys/{}", text(&made, "id")), ADMIN_KEY, None).await;
    assert_eq!(status, 204);
    listener.end().await;
    let refused = test.request(Method::GET, "/api/v1/feed").bearer_auth(text(&made, "key")).send().await;
    assert_eq!(refused.expect("answer").status(), 401);
    test.finish().await;
}

#[tokio::test]
async fn a_feed_has_so_many_subscribers_and_a_place_that_is_left_is_free() {
    let test = TestApp::start_with("[feed]\nmax_subscribers = 1\nheartbeat_secs = 1").await;
    let listener = Listener::open(&test, "").await;
    let (status, problem) = test.call(Method::GET, "/feed", ADMIN_KEY, None).await;
    assert_eq!((status, &problem["code"]), (503, &json!("too_many_feeds")));
    drop(listener);
    let free = async {
        while test.app.feed.workspaces().len() == 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), free).await.expect("it is noticed that nobody listens");
    Listener::open(&test, "").await;
    test.finish().await;
}

#[tokio::test]
async fn who_was_away_for_too_long_is_told_to_read_anew() {
    let test = TestApp::start().await;
    let mut listener = Listener::open(&test, "").await;
    test.ana_writes("Hi?");
    test.settle().await;
    listener.all(&test).await;
    let newest = listener.last_id.clone();
    // A place before all there is.
    let old = "0-0".to_owned();
    test.advance(DAY);
    let before = test.app.now() - 24 * 60 * 60 * 1000;
    let dropped = store::changes::drop_before(&test.app.db, before, 10).await.expect("dropped");
    assert!(dropped > 5, "{dropped}");
    for (place, is_reset) in
        [(old.as_str(), true), (newest.as_str(), false), ("nonsense", true), ("9-999999999999", true)]
    {
        let mut listener = Listener::resume(&test, place).await;
        test.patch(&format!("/agents/{}", test.agent_id), json!({"name": "New"})).await;
        test.patch(&format!("/agents/{}", test.agent_id), json!({"name": "Miga"})).await;
        let first = listener.next().await;
        let expected = if is_reset { "reset" } else { "agent" };
        assert_eq!(first.event, expected, "{place}");
        if is_reset {
            // And then it goes on.
            assert_eq!(listener.next().await.event, "agent");
        }
    }
    test.finish().await;
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_not_passed_over() {
    let test = TestApp::start().await;
    if test.app.db.engine() != Engine::Postgres {
        return;
    }
    Listener::settle(&test).await;
    let mut listener = Listener::open(&test, "").await;
    let before = listener.last_id.clone();
    let rename =
        |name: &str| format!("UPDATE agents SET name = '{name}', version = version + 1 WHERE id = '{}'", test.agent_id);
    let late = test.app.db.schema().begin().await.expect("begins");
    late.execute_unprepared(&rename("Late")).await.expect("written");
    let quick = test.post("/agents", json!({"name": "Quick", "instructions": "x"})).await;
    // It is committed, and nobody is told of it before what was begun earlier.
    let waits = tokio::time::timeout(Duration::from_millis(300), listener.next()).await;
    assert!(waits.is_err(), "{waits:?}");
    late.commit().await.expect("commits");
    let told = [listener.next().await, listener.next().await];
    assert_eq!(told.each_ref().map(Told::subject), [test.agent_id.clone(), text(&quick, "id")]);
    let mut again = Listener::resume(&test, &before).await;
    assert_eq!([again.next().await.subject(), again.next().await.subject()], told.map(|told| told.subject()));
    test.finish().await;
}

#[tokio::test]
async fn what_happens_at_one_node_is_told_by_another() {
    let test = TestApp::start().await;
    if test.database.is_embedded() {
        return;
    }
    let other = Arc::new(App::new(test.app.settings.clone(), test.clock.clone()).await.expect("a node"));
    let gateway = Gateway::start(other, "127.0.0.1:0", Role::Web).await.expect("another node");
    let base = format!("http://{}", gateway.address);
    let mut there = Listener::open_at(&base, &test, "", ADMIN_KEY, None).await;
    let mut here = Listener::open(&test, "").await;
    test.ana_writes("Hi?");
    test.settle().await;
    let conversation = test.conversation_id().await;
    let told = there.all(&test).await;
    assert_eq!(subjects(&told, "message").iter().collect::<BTreeSet<_>>().len(), 2, "{told:?}");
    here.all(&test).await;
    // A node that listens is told of a colleague by whichever node; the listening itself takes a moment.
    let heard = async {
        loop {
            test.post(&format!("/conversations/{conversation}/presence"), json!({"state": "typing"})).await;
            let next = tokio::time::timeout(Duration::from_millis(500), there.next_or_end());
            if let Ok(Some(told)) = next.await
                && told.event == "presence"
            {
                return told;
            }
        }
    };
    let heard = tokio::time::timeout(Duration::from_secs(20), heard).await.expect("it is told");
    assert_eq!(heard.data["state"], "typing");
    here.until(|told| told.event == "presence").await;
    // The feed's places are the same at every node.
    let mut moved = Listener::open_at(&test.base, &test, "", ADMIN_KEY, Some(&there.last_id)).await;
    assert!(subjects(&moved.all(&test).await, "message").is_empty());
    drop((there, here, moved));
    gateway.stop().await;
    test.finish().await;
}

#[tokio::test]
async fn a_feed_is_narrowed_to_what_is_wanted() {
    let test = TestApp::start_with("[feed]\nheartbeat_secs = 1").await;
    let ben = Customer::with_phone("15550003333");
    test.ana_writes("Hi?");
    test.settle().await;
    let ana = test.conversation_id().await;
    Listener::settle(&test).await;
    let mut of_ana = Listener::open(&test, &format!("?conversation_id={ana}")).await;
    let mut notes = Listener::open(&test, "?types=note,gone").await;
    let mut elsewhere = Listener::open(&test, "?number_id=num_01J9ZC3V8K2M4N6P8R0T2V4X6Z&types=message,note").await;
    let began = elsewhere.last_id.clone();
    test.writes(&ben, "Hello?");
    test.settle().await;
    let note = test.post(&format!("/conversations/{ana}/notes"), json!({"text": "A good customer."})).await;
    let first = of_ana.next().await;
    assert_eq!((first.event.as_str(), first.subject()), ("note", text(&note, "id")));
    assert_eq!(first.data["note"], note);
    assert_eq!(notes.next().await.event, "note");
    // Its place moves on, though nothing is told.
    let moved = async {
        while elsewhere.last_id == began {
            let next = tokio::time::timeout(Duration::from_millis(1_500), elsewhere.next_or_end()).await;
            assert!(next.is_err(), "{next:?}");
        }
    };
    tokio::time::timeout(Duration::from_secs(20), moved).await.expect("it moves on");
    for wrong in ["types=nonsense", "types=", "types=message,", "conversation_id=1", "number_id=cnv_1"] {
        let (status, problem) = test.call(Method::GET, &format!("/feed?{wrong}"), ADMIN_KEY, None).await;
        assert_eq!(status, 400, "{wrong}: {problem}");
    }
    test.finish().await;
}

#[tokio::test]
async fn presence_is_told_and_kept_nowhere() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let path = format!("/conversations/{}/presence", test.conversation_id().await);
    let mut listener = Listener::open(&test, "").await;
    let viewer = text(&test.post("/keys", json!({"name": "viewer", "role": "viewer"})).await, "key");
    let operator = test.post("/keys", json!({"name": "Ben at the desk", "role": "operator"})).await;
    let said = json!({"state": "viewing"});
    let (status, _) = test.call(Method::POST, &path, &viewer, Some(said.clone())).await;
    assert_eq!(status, 403);
    for state in ["viewing", "typing", "gone"] {
        let (status, _) = test.call(Method::POST, &path, &text(&operator, "key"), Some(json!({"state": state}))).await;
        assert_eq!(status, 204);
        let told = listener.next().await;
        assert_eq!((told.event.as_str(), &told.id), ("presence", &None));
        assert_eq!(
            told.data,
            json!({"type": "presence", "at": told.data["at"], "conversation_id": test.conversation_id().await,
                "actor": operator["id"], "name": "Ben at the desk", "state": state})
        );
    }
    for wrong in [json!({}), json!({"state": "asleep"}), json!({"state": "gone", "more": 1})] {
        let (status, _) = test.call(Method::POST, &path, ADMIN_KEY, Some(wrong)).await;
        assert_eq!(status, 400);
    }
    let nobody = "/conversations/cnv_01J9ZC3V8K2M4N6P8R0T2V4X6Z/presence";
    assert_eq!(test.call(Method::POST, nobody, ADMIN_KEY, Some(said)).await.0, 404);
    test.finish().await;
}

#[tokio::test]
async fn everything_people_set_up_is_told_too() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let conversation = test.conversation_id().await;
    let mut listener = Listener::open(&test, "").await;
    let mut next = async |event: &str| {
        let told = listener.until(|told| told.event == event).await;
        told.into_iter().next_back().expect("one")
    };
    test.patch(&format!("/numbers/{}", test.number_id), json!({"mode": "inactive"})).await;
    assert_eq!(next("number").await.data["number"], test.get(&format!("/numbers/{}", test.number_id)).await);
    test.patch(&format!("/agents/{}", test.agent_id), json!({"mode": "paused"})).await;
    let agent = next("agent").await.data;
    assert_eq!((&agent["mode"], &agent["version"]), (&json!("paused"), &json!(1)));
    let (_, files) = test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    let file = text(&items(&files)[0], "id");
    assert_eq!(next("file").await.data["file"]["status"], "processing");
    test.run_jobs().await;
    assert_eq!(next("file").await.data["file"], test.get(&format!("/knowledge/{file}")).await);
    assert_eq!(test.call(Method::DELETE, &format!("/knowledge/{file}"), ADMIN_KEY, None).await.0, 204);
    let gone = next("gone").await;
    assert_eq!((&gone.data["kind"], gone.subject()), (&json!("file"), file));
    test.tell("account_review_update", json!({"decision": "REJECTED"})).await;
    test.run_jobs().await;
    assert_eq!(next("notice").await.data["notice"], items(&test.get("/notices?limit=1").await)[0]);
    let note = test.post(&format!("/conversations/{conversation}/notes"), json!({"text": "Call back."})).await;
    next("note").await;
    assert_eq!(test.call(Method::DELETE, &format!("/notes/{}", text(&note, "id")), ADMIN_KEY, None).await.0, 204);
    assert_eq!(next("gone").await.subject(), text(&note, "id"));
    test.post(&format!("/conversations/{conversation}/take"), json!({})).await;
    let taken = next("conversation").await.data;
    assert_eq!(
        (&taken["conversation"]["owner"], taken["conversation"]["taken_by_name"].is_string()),
        (&json!("human"), true)
    );
    let contact = text(&test.conversation().await["contact"], "id");
    test.patch(&format!("/contacts/{contact}"), json!({"name": "Ana Maria"})).await;
    assert_eq!(next("conversation").await.data["conversation"]["contact"]["name"], "Ana Maria");
    test.finish().await;
}

#[tokio::test]
async fn a_reaction_tells_of_the_message_it_is_about() {
    let test = TestApp::start().await;
    test.ana_writes("Hi?");
    test.settle().await;
    let answer = test.newest_message().await;
    let mut listener = Listener::open(&test, "?types=message").await;
    test.simulator.customer_writes(
        &Customer::with_phone(crate::support::ANA),
        json!({"type": "reaction", "reaction": {"message_id": answer["wamid"], "emoji": "\u{1f44d}"}}),
    );
    test.settle().await;
    let told = listener.all_of(&test).await;
    let shown = newest(&told, "message", &text(&answer, "id")).expect("it is told");
    assert_eq!(shown["reactions"][0]["emoji"], "\u{1f44d}");
    test.finish().await;
}

impl Listener {
    /// What a listener to messages alone is told until somebody writes the mark.
    async fn all_of(&mut self, test: &TestApp) -> Vec<Told> {
        let wamid = test.writes(&Customer::with_phone("15550009999"), "The mark.");
        test.settle().await;
        self.until(|told| told.data["message"]["wamid"] == wamid.as_str()).await
    }
}

#[tokio::test]
async fn the_stop_ends_a_feed_at_once() {
    let test = TestApp::start().await;
    let listener = Listener::open(&test, "").await;
    let began = std::time::Instant::now();
    let test = test.restart().await;
    listener.end().await;
    assert!(began.elapsed() < Duration::from_secs(8), "open requests would be waited for: {:?}", began.elapsed());
    test.finish().await;
}
