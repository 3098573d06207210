//! What a message costs where no network is: `cargo bench`. The claim is measured with ten and with ten thousand jobs
//! waiting, since its cost must not grow with them.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use entity::state::JobKind;
use entity::{ConversationId, MessageId, WorkspaceId};
use serde_json::json;
use switchboard::delivery::{MAX_CHARS, split, to_whatsapp};
use switchboard::prompt::{Budget, Facts, Line, PromptInput, PromptPassage, Speaker, Templates, assemble};
use switchboard::store::jobs::{self, Job, Order};
use switchboard::store::{self, Durability};
use switchboard::whatsapp::{signature, webhook};

fn webhook_body() -> Vec<u8> {
    let message = |place: usize| {
        json!({"id": format!("wamid.{place}"), "from": "15550002222", "timestamp": "1764000000", "type": "text",
            "text": {"body": "What time do you open on Sunday?"}})
    };
    let messages: Vec<_> = (0..10).map(message).collect();
    json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "1060000000001"},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": "15550002222", "user_id": "US.1382"}],
        "messages": messages}}]}]})
    .to_string()
    .into_bytes()
}

fn door(criterion: &mut Criterion) {
    let body = webhook_body();
    let header = "sha256=0000000000000000000000000000000000000000000000000000000000000000";
    let claimed = signature::parse(header).expect("a signature");
    criterion.bench_function("signature of a webhook with ten messages", |bencher| {
        bencher.iter(|| signature::verify(black_box("app secret"), &body, &claimed));
    });
    criterion.bench_function("routes of a webhook with ten messages", |bencher| {
        bencher.iter(|| webhook::routes(black_box(&body)));
    });
    criterion.bench_function("reading a webhook with ten messages", |bencher| {
        bencher.iter(|| {
            let value: serde_json::Value = serde_json::from_slice(black_box(&body)).expect("JSON");
            let changes = webhook::changes(&value).expect("changes");
            changes.iter().map(|change| webhook::messages(change.value).len()).sum::<usize>()
        });
    });
}

fn prompt(criterion: &mut Criterion) {
    let templates = Templates::load(None).expect("templates");
    let said = "We are open from 8:00 to 13:00 on Sundays, and from 7:00 to 18:00 on all other days.";
    let history: Vec<Line> = (0..80)
        .map(|place| Line {
            speaker: if place % 2 == 0 { Speaker::Customer } else { Speaker::Agent },
            text: format!("{place}: {said}"),
        })
        .collect();
    let passages: Vec<PromptPassage> = (0..12)
        .map(|place| PromptPassage { source: format!("hours.md > {place}"), text: said.repeat(10), tokens: 250 })
        .collect();
    criterion.bench_function("prompt with 80 messages and 12 passages", |bencher| {
        bencher.iter(|| {
            let input = PromptInput {
                instructions: "You are the assistant of Miga Bakery.",
                facts: Facts { business_name: Some("Miga"), contact_name: Some("Ana"), now: "Saturday".to_owned() },
                passages: &passages,
                history: &history,
                question: &["What time do you open on Sunday?".to_owned()],
                budget: Budget {
                    model: "gpt-4o-mini".to_owned(),
                    context_tokens: 16_000,
                    output_tokens: 600,
                    tools_tokens: 200,
                },
            };
            assemble(&templates, black_box(&input)).expect("a prompt")
        });
    });
}

fn delivery(criterion: &mut Criterion) {
    let reply =
        "## Opening hours\n\n- **Sunday**: 8:00 to 13:00\n- *Monday*: [closed](https://miga.example)\n\nSee you!\n\n";
    let long = reply.repeat(100);
    criterion.bench_function("a short reply into WhatsApp's dialect and bubbles", |bencher| {
        bencher.iter(|| split(&to_whatsapp(black_box(reply)), MAX_CHARS));
    });
    criterion.bench_function("a reply of 10,000 characters", |bencher| {
        bencher.iter(|| split(&to_whatsapp(black_box(&long)), MAX_CHARS));
    });
}

fn claim(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for waiting in [10, 10_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        let db = runtime.block_on(async {
            let db = store::connect(&url, 4).await.expect("a database");
            migration::Migrator::up(db.schema()).await.expect("a schema");
            let workspace_id = WorkspaceId::generate(1);
            store::write_as(&db, Durability::Crash, async |tx| {
                for _ in 0..waiting {
                    let (conversation_id, message_id) = (ConversationId::generate(1), MessageId::generate(1));
                    let job = Job::SendMessage { conversation_id, message_id };
                    jobs::enqueue(tx, &workspace_id, &job, 1, 1).await?;
                }
                Ok::<_, sea_orm::DbErr>(())
            })
            .await
            .expect("jobs");
            db
        });
        criterion.bench_function(&format!("claim and give back with {waiting} jobs waiting"), |bencher| {
            bencher.iter(|| {
                runtime.block_on(async {
                    let claims = jobs::claim(&db, JobKind::SendMessage, 1, Order::Due, 2, 3).await.expect("a claim");
                    jobs::postpone(db.bookkeeper(), &claims[0], 1, None).await.expect("written").expect("held");
                });
            });
        });
        runtime.block_on(db.close());
    }
}

criterion_group!(benches, door, prompt, delivery, claim);
criterion_main!(benches);
