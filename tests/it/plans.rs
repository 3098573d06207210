//! Every query on the walk finds its rows by an index, on both engines: no statement's cost grows with the history.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use simulator::{Answer, Chance, Faults};
use switchboard::store::{self, Engine};
use tracing::field::{Field, Visit};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::support::{Listener, Says, TestApp, text};

/// Tables that grow with what is said; the others hold what people set up.
const GROWING: [&str; 15] = [
    "messages",
    "conversations",
    "contacts",
    "contact_identities",
    "turns",
    "events",
    "jobs",
    "early_statuses",
    "passages",
    "knowledge_files",
    "knowledge_contents",
    "idempotency_keys",
    "paces",
    "notes",
    "changes",
];

/// Statements that read much by their nature, and seldom: what waits is counted for the metrics, and what is old is
/// swept out.
const SELDOM: [&str; 3] = ["COUNT(", "DELETE FROM paces", "GROUP BY"];

/// Small indexes over what is open, and the statements they are there for: another index would do, and read the history.
const SERVED: [(&str, &[&str]); 3] = [
    ("events_received", &["FROM \"events\"", "ORDER BY \"events\".\"due_at\" ASC"]),
    ("messages_open", &["FROM \"messages\"", "direction = 'inbound'", "\"turn_id\" IS NULL"]),
    ("turns_open", &["FROM \"turns\"", "'restarting'"]),
];

thread_local! {
    /// What the one test that records has seen; other tests run beside it.
    static SEEN: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// Keeps the words of every statement.
struct Recorder;

fn is_statement(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "switchboard::statements"
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_statement(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_statement(metadata)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Self);
    }
}

impl Visit for Recorder {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "sql" {
            SEEN.with_borrow_mut(|seen| seen.as_mut().map(|seen| seen.insert(format!("{value:?}"))));
        }
    }
}

/// One thread, so that everything the gateway does is seen.
#[tokio::test]
async fn every_query_on_the_walk_uses_an_index() {
    // For the whole process: a subscriber of one thread is passed over where another thread came first.
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Recorder))
        .expect("nobody else listens");
    SEEN.set(Some(BTreeSet::new()));
    let test = TestApp::start().await;
    walk(&test).await;
    let statements = SEEN.take().expect("they were recorded");
    assert!(statements.len() > 60, "the walk was seen: {}", statements.len());
    let mut scans = Vec::new();
    for sql in statements.iter().filter(|sql| !SELDOM.iter().any(|seldom| sql.contains(seldom))) {
        let plan = explain(&test, sql).await;
        let growing = |line: &&String| GROWING.iter().any(|table| scans_whole(line, table));
        scans.extend(plan.iter().filter(growing).map(|line| format!("{}\n    {sql}", line.trim())));
    }
    for (index, words) in SERVED {
        let served = statements.iter().find(|sql| words.iter().all(|word| sql.contains(word)));
        let plan = explain(&test, served.unwrap_or_else(|| panic!("{words:?} was not asked"))).await;
        assert!(plan.iter().any(|line| line.contains(index)), "{index} does not serve {words:?}: {plan:?}");
    }
    assert!(scans.is_empty(), "read whole:\n{}", scans.join("\n"));
    test.finish().await;
}

/// Past every station, by the usual way and by the others.
async fn walk(test: &TestApp) {
    test.upload("hours.md", b"# Hours\n\nOn Sunday we are open from 8:00 to 13:00.").await;
    test.run_jobs().await;
    test.ana_writes("Are you open on Sunday?");
    test.settle().await;
    let once = Some(Chance { share: 1.0, times: Some(1) });
    let refused = Answer { code: Some(131_026), http: 400, share: 1.0, times: Some(1), retry_after_secs: None };
    let busy = Answer { code: Some(130_429), http: 429, ..refused.clone() };
    let credentials = Answer { code: Some(190), http: 401, ..refused.clone() };
    for faults in [
        Faults { accept_then_drop: once, drop_statuses: true, ..Faults::default() },
        Faults { status_before_answer: true, ..Faults::default() },
        Faults { answers: vec![refused], ..Faults::default() },
        Faults { answers: vec![busy], ..Faults::default() },
        Faults { answers: vec![credentials], ..Faults::default() },
    ] {
        test.simulator.set_faults(faults);
        test.model.next(Says::Text("A sentence that repeats itself. ".repeat(200)));
        test.ana_writes("Hi?");
        test.settle().await;
        test.advance(Duration::from_secs(120));
        test.settle().await;
    }
    test.simulator.set_faults(Faults::default());
    test.model.next(Says::Calls("hand_over", json!({"reason": "wants a person"})));
    test.ana_writes("A person, please.");
    test.settle().await;
    let conversation = format!("/conversations/{}", text(&test.conversation().await, "id"));
    let content = json!({"content": {"type": "text", "text": {"body": "Here I am."}}});
    test.post(&format!("{conversation}/messages"), content).await;
    test.post(&format!("{conversation}/release"), json!({})).await;
    test.settle().await;
    for list in ["/messages", "/turns", "/events", "/jobs", "/conversations?task=open", "/conversations?owner=agent"] {
        test.get(list).await;
    }
    test.get(&format!("/messages?conversation_id={}", text(&test.conversation().await, "id"))).await;
    for list in
        ["/conversations?q=ana", "/conversations?window=closing&unread=true&taken_by=me", "/inbox", "/messages?q=hi"]
    {
        test.get(list).await;
    }
    let newest = text(&test.newest_inbound().await, "id");
    test.get(&format!("{conversation}/messages?around={newest}")).await;
    test.get(&format!("{conversation}/messages?after={newest}")).await;
    test.post(&format!("{conversation}/notes"), json!({"text": "Call back."})).await;
    test.get(&format!("{conversation}/notes")).await;
    test.get(&format!("/messages/{newest}/why")).await;
    let mut listener = Listener::open(test, "?after=0-0").await;
    listener.until(|told| told.event == "note").await;
    store::changes::drop_before(&test.app.db, test.app.now() + 60_000, 1).await.expect("dropped");
    test.watchdog().await;
}

/// SQLite: SCAN without an index. PostgreSQL, told to avoid it at any price: a Seq Scan.
fn scans_whole(line: &str, table: &str) -> bool {
    let line = line.trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    let place = words.iter().position(|word| *word == "SCAN");
    let by_sqlite = place.is_some_and(|place| words.get(place + 1) == Some(&table)) && !line.contains(" INDEX ");
    by_sqlite
        || line.contains(&format!("Seq Scan on {table} "))
        || line.contains(&format!("Seq Scan on public.{table} "))
}

async fn explain(test: &TestApp, sql: &str) -> Vec<String> {
    use sea_orm::sqlx::{self, Row};
    let db = &test.app.db;
    if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| sql.trim_start().starts_with(word)) {
        return Vec::new();
    }
    if db.engine() == Engine::Sqlite {
        let explain = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = db.walker().query_all_raw(explain).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        return rows.iter().map(|row| row.try_get("", "detail").expect("a detail")).collect();
    }
    let mut connection = db.schema().get_postgres_connection_pool().acquire().await.expect("a connection");
    // A plan that does for any values, as the server keeps it for a statement that comes often.
    let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "NULL").collect::<Vec<_>>();
    let values = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(", ")) };
    let explain = format!(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; PREPARE asked AS {sql}; EXPLAIN EXECUTE asked{values}"
    );
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(explain)).fetch_all(&mut *connection).await;
    sqlx::raw_sql("DEALLOCATE ALL; RESET ALL").execute(&mut *connection).await.expect("reset");
    rows.unwrap_or_else(|error| panic!("{error}: {sql}")).iter().map(|row| row.get(0)).collect()
}
