//! `switchboard demo`: the gateway, WhatsApp on your desk, and a bakery's agent, with no account and no key.
//!
//! The message goes the whole real way; only Meta is played. What is made is kept between starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use entity::private::Text;
use entity::state::{AgentMode, FactLockMode, FileStatus, NumberMode};
use entity::{AgentId, FileId, NumberId, WorkspaceId, agent, agent_version, knowledge_file, number};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use simulator::Simulator;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::knowledge::Format;
use crate::secrets::{number_place, random_api_key, random_token};
use crate::serve::{Gateway, Role};
use crate::store::agents::Current;
use crate::store::jobs::Job;
use crate::{bootstrap, serve, store};

const DATABASE: &str = "sqlite://data/demo.db";
const ADMIN_KEY_FILE: &str = "data/demo.key";
const QUESTION: &str = "What time do you open on Sunday?";
const FIRST_CUSTOMER: &str = "15550002222";
const KNOWLEDGE: [(&str, &str); 3] = [
    ("hours.md", include_str!("../knowledge/hours.md")),
    ("prices.csv", include_str!("../knowledge/prices.csv")),
    ("policies.md", include_str!("../knowledge/policies.md")),
];
const INSTRUCTIONS: &str = include_str!("../knowledge/instructions.md");
/// Longer than any machine needs for three pages; what it still has to do then, it does behind the phone.
const INDEXING_PATIENCE: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const BUSINESS: &str = "Miga Bakery";

/// Runs the demo until `stop`.
pub async fn run(mut settings: Settings, fresh: bool, stop: CancellationToken) -> anyhow::Result<()> {
    let default_url = Settings::with_overrides("").context("the defaults")?.database.url;
    if settings.database.url.expose_secret() == default_url.expose_secret() {
        settings.database.url = SecretString::from(DATABASE);
    }
    let _lock = bootstrap::lock_process(settings.database.url.expose_secret())?;
    if fresh {
        begin_anew(&settings)?;
    }
    let desk = TcpListener::bind(&settings.demo.simulator_listen)
        .await
        .with_context(|| format!("the simulator cannot listen on {}", settings.demo.simulator_listen))?;
    let desk_address = desk.local_addr()?;
    let admin_key = admin_key(&mut settings)?;
    let app_secret = settings.meta.app_secret.get_or_insert_with(|| SecretString::from(random_token(24))).clone();
    let verify_token = settings.meta.verify_token.get_or_insert_with(|| SecretString::from(random_token(24))).clone();
    settings.meta.graph_url = format!("http://{desk_address}");
    let listen = settings.server.listen.clone();
    let answers = who_answers(&settings);

    let mut app = App::new(settings, Arc::new(SystemClock)).await?;
    app.simulator_url = Some(format!("http://{desk_address}"));
    let app = Arc::new(app);
    bootstrap::prepare(&app).await?;
    serve::resume(&app).await?;
    let number = simulator::Number::default();
    seed(&app, &number).await.context("the sample agent cannot be set up")?;
    let gateway = Gateway::start(app.clone(), &listen, Role::All).await.with_context(|| {
        format!("the gateway cannot listen on {listen}: set SWITCHBOARD__SERVER__LISTEN to another address")
    })?;

    let simulator = Simulator::new(simulator::Settings {
        app_secret: app_secret.expose_secret().to_owned(),
        verify_token: verify_token.expose_secret().to_owned(),
        numbers: vec![simulator::Number { verified_name: BUSINESS.to_owned(), ..number }],
        ..simulator::Settings::new(format!("http://{}/webhook", gateway.address))
    });
    let ready = tokio::time::timeout(INDEXING_PATIENCE, indexed(&app));
    ready.await.unwrap_or(Ok(())).context("the sample knowledge cannot be read")?;
    let desk = tokio::spawn(simulator.serve(desk, stop.clone().cancelled_owned()));
    println!(
        "{}",
        welcome(&gateway.address.to_string(), &desk_address.to_string(), admin_key.expose_secret(), &answers)
    );

    stop.cancelled().await;
    println!("Stopping. What was said is kept; `demo --fresh` begins anew.");
    gateway.stop().await;
    desk.await?.context("the simulator did not end well")
}

/// Waits until the agent knows what its files say: somebody may ask as soon as there is a phone.
async fn indexed(app: &App) -> Result<(), sea_orm::DbErr> {
    while store::knowledge::is_indexing(app.db.reader()).await? {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// Removes the demo's own database; one that was set by hand is never touched.
fn begin_anew(settings: &Settings) -> anyhow::Result<()> {
    let url = settings.database.url.expose_secret();
    anyhow::ensure!(
        url == DATABASE,
        "--fresh removes the demo's own database only; you set database.url: empty that one yourself"
    );
    let path = store::database_file(url).unwrap_or_default();
    for ending in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{ending}", path.display()));
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
        }
    }
    Ok(())
}

/// The key that was set, or one that is made once and kept for the next start.
fn admin_key(settings: &mut Settings) -> anyhow::Result<SecretString> {
    if let Some(key) = &settings.admin.key {
        return Ok(key.clone());
    }
    let path = Path::new(ADMIN_KEY_FILE);
    let key = match std::fs::read_to_string(path) {
        Ok(key) => SecretString::from(key.trim().to_owned()),
        Err(_) => {
            let key = random_api_key();
            crate::secrets::write_private(path, key.expose_secret())
                .with_context(|| format!("{ADMIN_KEY_FILE} cannot be written"))?;
            key
        }
    };
    settings.admin.key = Some(key.clone());
    Ok(key)
}

fn who_answers(settings: &Settings) -> String {
    match &settings.model.base_url {
        Some(url) => format!("the model {} at {url}", settings.model.name),
        None => "the offline responder: no model is set, so it quotes the best passage of knowledge/ as it stands.\n                   \
                 Set SWITCHBOARD__MODEL__BASE_URL, __API_KEY and __NAME to talk to a real one"
            .to_owned(),
    }
}

fn welcome(gateway: &str, desk: &str, key: &str, answers: &str) -> String {
    format!(
        "
Switchboard demo: {BUSINESS}'s agent on a WhatsApp that is played on this machine.

  The phone        http://{desk}
  The console      http://{gateway}  (sign in with the key)
  Admin key        {key}
  The API          http://{gateway}/docs
  Who answers      {answers}

Open the phone and write \"{QUESTION}\", or from a shell:

  curl -s -X POST http://{desk}/sim/customers/{FIRST_CUSTOMER}/messages \\
    -H 'content-type: application/json' -d '{{\"type\":\"text\",\"text\":{{\"body\":\"{QUESTION}\"}}}}'
  curl -s http://{gateway}/api/v1/conversations -H 'authorization: Bearer {key}'

Ctrl-C stops it; it keeps its data.
"
    )
}

/// Makes the sample number, agent and knowledge, unless they are there.
async fn seed(app: &App, desk: &simulator::Number) -> anyhow::Result<()> {
    if store::numbers::find_by_phone_number_id(app.db.reader(), &desk.phone_number_id).await?.is_some() {
        return Ok(());
    }
    let workspace = store::workspaces::first(app.db.reader()).await?.context("there is no workspace")?;
    let now = app.now();
    let agent = sample_agent(&workspace.id, now);
    let number = sample_number(app, &workspace.id, &agent.agent.id, desk);
    store::write(&app.db, async |tx| {
        store::agents::insert(tx, &agent).await?;
        store::numbers::insert(tx, number).await?;
        for (name, text) in KNOWLEDGE {
            let file = sample_file(&workspace.id, &agent.agent.id, name, text, now);
            store::knowledge::insert(tx, &file, text.as_bytes().to_vec()).await?;
            let job = Job::IndexFile { agent_id: agent.agent.id.clone(), file_id: file.id };
            store::jobs::enqueue(tx, &workspace.id, &job, now, now).await?;
        }
        Ok::<_, sea_orm::DbErr>(())
    })
    .await?;
    Ok(())
}

fn sample_agent(workspace_id: &WorkspaceId, now: i64) -> Current {
    let id = AgentId::generate(now);
    Current {
        agent: agent::Model {
            id: id.clone(),
            workspace_id: workspace_id.clone(),
            name: BUSINESS.to_owned(),
            mode: AgentMode::Active,
            version: 1,
            knowledge_revision: 0,
            created_at: now,
            updated_at: now,
        },
        version: agent_version::Model {
            agent_id: id,
            version: 1,
            workspace_id: workspace_id.clone(),
            name: BUSINESS.to_owned(),
            instructions: Text::from(INSTRUCTIONS),
            fact_lock: FactLockMode::Off,
            model_name: None,
            temperature: None,
            max_output_tokens: None,
            base_url: None,
            api_key: None,
            window_template: None,
            created_at: now,
            created_by: None,
        },
    }
}

fn sample_number(app: &App, workspace_id: &WorkspaceId, agent_id: &AgentId, desk: &simulator::Number) -> number::Model {
    let now = app.now();
    let id = NumberId::generate(now);
    let token = SecretString::from("the desk takes any token");
    number::Model {
        access_token: Some(app.sealer.seal(&number_place(&id, "access_token"), &token)),
        id,
        workspace_id: workspace_id.clone(),
        phone_number_id: desk.phone_number_id.clone(),
        waba_id: Some(desk.waba_id.clone()),
        display_phone_number: Some(desk.display_phone_number.clone()),
        display_name: Some(BUSINESS.to_owned()),
        agent_id: Some(agent_id.clone()),
        mode: NumberMode::Active,
        app_secret: None,
        app_secret_mac: None,
        verify_token: None,
        verify_token_mac: None,
        held_until: None,
        held_code: None,
        health: None,
        health_due_at: now,
        templates_due_at: now,
        webhook_verified_at: None,
        created_at: now,
        updated_at: now,
    }
}

fn sample_file(
    workspace_id: &WorkspaceId,
    agent_id: &AgentId,
    name: &str,
    text: &str,
    now: i64,
) -> knowledge_file::Model {
    knowledge_file::Model {
        id: FileId::generate(now),
        workspace_id: workspace_id.clone(),
        agent_id: agent_id.clone(),
        name: name.to_owned(),
        media_type: Format::of(name).unwrap_or(Format::Text).media_type().to_owned(),
        size_bytes: text.len() as i64,
        sha256: hex::encode(Sha256::digest(text)),
        status: FileStatus::Processing,
        error: None,
        passages: 0,
        tokens: 0,
        progress: None,
        report: serde_json::json!({}),
        created_at: now,
        updated_at: now,
    }
}
