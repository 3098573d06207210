//! The pure parts of the walk, and the queue's claim: what each takes by itself.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use entity::state::JobKind;
use entity::{ConversationId, WorkspaceId};
use switchboard::delivery::{MAX_CHARS, split, to_whatsapp};
use switchboard::prompt::{Budget, Facts, Line, PromptInput, PromptPassage, Speaker, Templates, assemble, tokens};
use switchboard::store::jobs::{self, Job};
use switchboard::store::{self, Db};
use switchboard::whatsapp::{signature, webhook};

const SECRET: &str = "bench-app-secret";
const WEBHOOK: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"2060000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001111","phone_number_id":"1060000000001"},"contacts":[{"profile":{"name":"Ana"},"wa_id":"15550002222","user_id":"US.48588564480753989"}],"messages":[{"id":"wamid.HBg0D01A1FE0565E6751A9FCDEA642EC75B55A=","from":"15550002222","from_user_id":"US.48588564480753989","timestamp":"1795000000","type":"text","text":{"body":"What time do you open on Sunday?"}}]}}]}]}"#;
const MARKDOWN: &str = "# Opening hours\n\nWe are open **every day**, also on *Sunday*:\n\n- Monday to Friday: 7:00 to 18:30\n- Saturday: 7:00 to 14:00\n- Sunday: 8:00 to 13:00\n\nSee [our page](https://miga.example/hours) or ask for `rye`.\n\n| bread | price |\n|---|---|\n| rye | 4.20 |\n| wheat | 3.10 |\n\n";

fn door(criterion: &mut Criterion) {
    let signed = signature::sign(SECRET, WEBHOOK.as_bytes());
    let mut group = criterion.benchmark_group("door");
    group.throughput(Throughput::Bytes(WEBHOOK.len() as u64));
    group.bench_function("signature check", |bencher| {
        bencher.iter(|| {
            let signature = signature::parse(black_box(&signed)).expect("a signature");
            assert!(signature::verify(SECRET, black_box(WEBHOOK.as_bytes()), &signature));
        });
    });
    group.bench_function("routes of a webhook", |bencher| {
        bencher.iter(|| webhook::routes(black_box(WEBHOOK.as_bytes())).expect("a webhook"));
    });
    group.bench_function("messages of a webhook", |bencher| {
        bencher.iter(|| {
            let body = serde_json::from_slice(black_box(WEBHOOK.as_bytes())).expect("JSON");
            let changes = webhook::changes(&body).expect("a webhook");
            changes.iter().map(|change| webhook::messages(change.value).len()).sum::<usize>()
        });
    });
    group.finish();
}

fn prompt(criterion: &mut Criterion) {
    let templates = Templates::compiled_in();
    let text = "On Sunday we are open from 8:00 to 13:00, and close when the last loaf is gone. ".repeat(8);
    let passages: Vec<PromptPassage> = (0..6)
        .map(|number| PromptPassage {
            source: format!("file-{number}.md"),
            text: text.clone(),
            tokens: tokens::count("", &text),
        })
        .collect();
    let history: Vec<Line> = (0..80)
        .map(|number| Line {
            speaker: if number % 2 == 0 { Speaker::Customer } else { Speaker::Agent },
            text: format!("Message {number}: do you have rye bread on Saturday, and what does a loaf cost?"),
        })
        .collect();
    let question = ["What time do you open on Sunday?".to_owned()];
    let mut group = criterion.benchmark_group("prompt");
    for (name, lines) in [("no history", 0), ("80 lines of history", history.len())] {
        let input = PromptInput {
            instructions: "You are the assistant of a bakery. Answer briefly and in the customer's language.",
            facts: Facts {
                business_name: Some("Miga"),
                contact_name: Some("Ana"),
                now: "Saturday, 21 November 2026, 09:30 UTC".to_owned(),
            },
            passages: &passages,
            history: &history[..lines],
            question: &question,
            budget: Budget {
                model: "gpt-4o-mini".to_owned(),
                context_tokens: 16_000,
                output_tokens: 600,
                tools_tokens: 200,
            },
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| assemble(&templates, black_box(&input)).expect("a prompt"))
        });
    }
    group.finish();
}

fn dialect(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("Markdown to bubbles");
    for times in [1, 30] {
        let markdown = MARKDOWN.repeat(times);
        group.throughput(Throughput::Bytes(markdown.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(markdown.len()), &markdown, |bencher, markdown| {
            bencher.iter(|| split(&to_whatsapp(black_box(markdown)), MAX_CHARS));
        });
    }
    group.finish();
}

/// Takes one job while so many wait, each in a lane of its own; each claim meets the same queue.
fn claim(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut group = criterion.benchmark_group("claim one job");
    for waiting in [10, 10_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("jobs.db").display());
        let db = runtime.block_on(queue(&url, waiting));
        group.bench_function(BenchmarkId::from_parameter(format!("{waiting} waiting")), |bencher| {
            bencher.iter_batched(|| (), |()| runtime.block_on(claim_and_postpone(&db)), BatchSize::SmallInput);
        });
    }
    group.finish();
}

async fn queue(url: &str, waiting: usize) -> Db {
    let db = store::connect(url, 4).await.expect("a database");
    migration::Migrator::up(db.schema()).await.expect("a schema");
    let workspace_id = WorkspaceId::generate(0);
    let filled = store::write(&db, async |tx| {
        for _ in 0..waiting {
            let job = Job::Turn { conversation_id: ConversationId::generate(0) };
            jobs::enqueue(tx, &workspace_id, &job, 0, 0).await?;
        }
        Ok::<_, sea_orm::DbErr>(())
    });
    filled.await.expect("a queue");
    db
}

/// Put back, so that the next claim meets as many.
async fn claim_and_postpone(db: &Db) {
    let claims = jobs::claim(db, JobKind::Turn, 1, 1, 10_000).await.expect("claimed");
    jobs::postpone(db.bookkeeper(), &claims[0], 0, None).await.expect("put back");
}

criterion_group! {
    name = pure;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(3));
    targets = door, prompt, dialect, claim
}
criterion_main!(pure);
