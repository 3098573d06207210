//! `TestApp`: the real gateway on a database of its own, with a clock to advance and its work run by hand.

pub mod browser;
pub mod bucket;
pub mod database;
pub mod feed;
pub mod laws;
pub mod model;

use std::sync::Arc;
use std::time::Duration;

use entity::state::JobKind;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Bubble, Customer, Faults, Pace, Side, Simulator};
use switchboard::app::App;
use switchboard::clock::{Clock, ManualClock, SystemClock};
use switchboard::config::Settings;
use switchboard::serve::{Gateway, Role};
use switchboard::{bootstrap, intake, jobs, telemetry, turn};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use database::TestDatabase;
pub use feed::{Listener, Told};
pub use laws::Laws;
pub use model::{FakeModel, Says};

pub const ADMIN_KEY: &str = "test-admin-key-0123456789-0123456789";
pub const APP_SECRET: &str = "test-app-secret";
pub const VERIFY_TOKEN: &str = "test-verify-token";
pub const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub const ANA: &str = "15550002222";

/// More work than this in one go means that a job comes back forever.
const MAX_STEPS: usize = 10_000;

pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    pub simulator: Simulator,
    pub model: FakeModel,
    pub database: TestDatabase,
    /// Files lie here; it goes with the test.
    media: tempfile::TempDir,
    pub base: String,
    pub number_id: String,
    pub agent_id: String,
    http: reqwest::Client,
    gateway: Gateway,
    stop_simulator: CancellationToken,
}

impl TestApp {
    /// One number, one agent, a fake model, quiet time 1 s.
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// With settings of the test's own, as TOML.
    pub async fn start_with(overrides: &str) -> Self {
        let mut test = Self::start_empty(overrides).await;
        let agent = test
            .post("/agents", json!({"name": "Miga", "instructions": "You are the assistant of Miga Bakery."}))
            .await;
        test.agent_id = text(&agent, "id");
        let number = simulator::Number::default();
        let made = test
            .post(
                "/numbers",
                json!({
                    "phone_number_id": number.phone_number_id, "waba_id": number.waba_id, "agent_id": test.agent_id,
                    "display_phone_number": number.display_phone_number, "display_name": "Miga", "access_token": "token-1",
                }),
            )
            .await;
        test.number_id = text(&made, "id");
        test
    }

    /// Without number and agent.
    pub async fn start_empty(overrides: &str) -> Self {
        telemetry::start_metrics();
        let database = TestDatabase::create().await;
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let model = FakeModel::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let graph_url = format!("http://{}", listener.local_addr().expect("address"));
        let simulator = Simulator::new(simulator::Settings {
            app_secret: APP_SECRET.to_owned(),
            verify_token: VERIFY_TOKEN.to_owned(),
            pace: Pace::Manual,
            ..simulator::Settings::new("http://unset")
        });
        // Most webhooks of these tests come from nobody's phone page.
        simulator.set_faults(Faults { window_check: false, ..Faults::default() });
        let stop_simulator = CancellationToken::new();
        tokio::spawn(simulator.clone().serve(listener, stop_simulator.clone().cancelled_owned()));

        let media = tempfile::tempdir().expect("tempdir");
        let files = format!("[media]\nurl = \"file://{}\"\n", media.path().display());
        let settings = settings(&database.url, &graph_url, &model.base_url, &files, overrides);
        let (app, gateway) = start_gateway(settings, clock.clone()).await;
        let base = format!("http://{}", gateway.address);
        simulator.set_webhook_url(&format!("{base}/webhook"));
        let http = app.http.clone();
        Self {
            app,
            clock,
            simulator,
            model,
            database,
            media,
            base,
            number_id: String::new(),
            agent_id: String::new(),
            http,
            gateway,
            stop_simulator,
        }
    }

    /// Stops the gateway and starts another one on the same database.
    pub async fn restart(self) -> Self {
        let settings = self.app.settings.clone();
        self.gateway.stop().await;
        let (app, gateway) = start_gateway(settings, self.clock.clone()).await;
        let base = format!("http://{}", gateway.address);
        self.simulator.set_webhook_url(&format!("{base}/webhook"));
        Self { app, gateway, base, ..self }
    }

    /// Where files are kept.
    pub fn media_folder(&self) -> std::path::PathBuf {
        self.media.path().to_owned()
    }

    /// Ends the test: a job that is left over fails it.
    pub async fn finish(self) {
        let left = switchboard::store::jobs::count_alive(&self.app.db).await.expect("count");
        assert_eq!(left, 0, "jobs are left over");
        self.gateway.stop().await;
        self.stop_simulator.cancel();
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Applies what was received and runs every job that is due, until nothing is.
    pub async fn run_jobs(&self) {
        for _ in 0..MAX_STEPS {
            let mut ran = intake::apply::run_next(&self.app).await.expect("apply") > 0;
            for kind in [
                JobKind::IndexFile,
                JobKind::FetchMedia,
                JobKind::Turn,
                JobKind::SendMessage,
                JobKind::CheckNumber,
                JobKind::SyncTemplates,
                JobKind::EraseContact,
            ] {
                ran |= jobs::run_due(&self.app, kind).await.expect("run");
            }
            if !ran {
                return;
            }
        }
        panic!("the work does not end");
    }

    /// Delivers what the simulator has queued and applies it, without running jobs.
    pub async fn deliver(&self) {
        self.simulator.deliver().await;
        while intake::apply::run_next(&self.app).await.expect("apply") > 0 {}
    }

    /// Delivers, waits the quiet time out, works, and delivers the statuses, until all is quiet.
    pub async fn settle(&self) {
        for _ in 0..20 {
            let posted = self.simulator.deliver().await;
            self.run_jobs().await;
            self.advance(Duration::from_secs(1));
            self.run_jobs().await;
            if posted == 0 && self.simulator.queued() == 0 {
                return;
            }
        }
    }

    /// Runs one due job of `kind` beside the test.
    pub fn spawn_job(&self, kind: JobKind) -> tokio::task::JoinHandle<()> {
        let app = self.app.clone();
        tokio::spawn(async move {
            assert!(jobs::run_due(&app, kind).await.expect("run"), "a {kind} job is due");
        })
    }

    pub async fn watchdog(&self) -> usize {
        turn::watchdog::look(&self.app).await.expect("look")
    }

    /// Ana writes.
    pub fn ana_writes(&self, words: &str) -> String {
        self.writes(&Customer::with_phone(ANA), words)
    }

    pub fn writes(&self, customer: &Customer, words: &str) -> String {
        self.simulator.customer_writes(customer, json!({"type": "text", "text": {"body": words}}))
    }

    /// What the business has sent to Ana's phone.
    pub fn answers(&self) -> Vec<String> {
        self.business_bubbles().into_iter().map(|bubble| bubble.text).collect()
    }

    pub fn business_bubbles(&self) -> Vec<Bubble> {
        self.simulator.bubbles(ANA).into_iter().filter(|bubble| bubble.from == Side::Business).collect()
    }

    /// Ana's one conversation.
    pub async fn conversation(&self) -> Value {
        let items = items(&self.get("/conversations").await);
        assert_eq!(items.len(), 1, "one conversation: {items:?}");
        items.into_iter().next().expect("one")
    }

    pub async fn conversation_id(&self) -> String {
        text(&self.conversation().await, "id")
    }

    /// Outcomes of inbound messages, in the order they were written.
    pub async fn outcomes(&self) -> Vec<Option<String>> {
        let mut messages = items(&self.get("/messages?direction=inbound&limit=100").await);
        messages.reverse();
        messages.iter().map(|message| message["outcome"].as_str().map(str::to_owned)).collect()
    }

    pub async fn upload(&self, name: &str, bytes: &[u8]) -> (u16, Value) {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", part);
        let url = format!("{}/api/v1/agents/{}/knowledge", self.base, self.agent_id);
        let answer = self.http.post(url).bearer_auth(ADMIN_KEY).multipart(form).send().await.expect("answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, ADMIN_KEY, None).await;
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.call(Method::POST, path, ADMIN_KEY, Some(body)).await;
        assert!((200..300).contains(&status), "POST {path}: {status} {body}");
        body
    }

    pub async fn patch(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.call(Method::PATCH, path, ADMIN_KEY, Some(body)).await;
        assert_eq!(status, 200, "PATCH {path}: {body}");
        body
    }

    /// Calls the API as somebody; the answer's JSON, or null where there is none.
    pub async fn call(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("answer");
        let status = answer.status().as_u16();
        let body = answer.bytes().await.expect("body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Takes hold of the simulator over HTTP, at a path below `/sim`.
    pub async fn steer(&self, method: Method, path: &str, body: impl Into<reqwest::Body>, kind: &str) -> Value {
        let url = format!("{}/sim{path}", self.app.settings.meta.graph_url);
        let request = self.http.request(method, url).header("content-type", kind).body(body);
        let answer = request.send().await.expect("answer");
        let status = answer.status();
        let body = answer.text().await.expect("text");
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }

    /// Ana sends a file; `how` are the simulator's own words for it, such as `type=image&caption=Look`.
    pub async fn ana_sends_file(&self, how: &str, kind: &str, bytes: impl Into<reqwest::Body>) -> String {
        let sent = self.steer(Method::POST, &format!("/customers/{ANA}/media?{how}"), bytes, kind).await;
        text(&sent, "wamid")
    }

    /// A webhook of one change for the first number's account, told now.
    pub async fn tell(&self, field: &str, mut value: Value) -> u16 {
        if value.get("metadata").is_none() {
            value["metadata"] = json!({"display_phone_number": "15550001111", "phone_number_id": "1060000000001"});
        }
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001",
            "changes": [{"field": field, "value": value}]}]});
        self.post_webhook(&body.to_string()).await
    }

    /// The newest message of a customer.
    pub async fn newest_inbound(&self) -> Value {
        items(&self.get("/messages?direction=inbound&limit=1").await).remove(0)
    }

    pub async fn upload_media(&self, name: &str, bytes: &[u8]) -> Value {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", part);
        let url = format!("{}/api/v1/media", self.base);
        let answer = self.http.post(url).bearer_auth(ADMIN_KEY).multipart(form).send().await.expect("answer");
        assert_eq!(answer.status(), 201);
        answer.json().await.expect("JSON")
    }

    /// The newest message of the one conversation, as the API shows it.
    pub async fn newest_message(&self) -> Value {
        items(&self.get("/messages?limit=1").await).remove(0)
    }

    /// A plain request to the gateway.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Posts a body to the webhook, signed.
    pub async fn post_webhook(&self, body: &str) -> u16 {
        self.post_signed("/webhook", APP_SECRET, body.as_bytes()).await
    }

    pub async fn post_signed(&self, path: &str, secret: &str, body: &[u8]) -> u16 {
        let request = self
            .request(Method::POST, path)
            .header("X-Hub-Signature-256", simulator::sign(secret, body))
            .header("content-type", "application/json")
            .body(body.to_vec());
        request.send().await.expect("answer").status().as_u16()
    }
}

async fn start_gateway(settings: Settings, clock: Arc<ManualClock>) -> (Arc<App>, Gateway) {
    let mut app = App::new(settings, clock).await.expect("app");
    app.program = env!("CARGO_BIN_EXE_switchboard").into();
    let app = Arc::new(app);
    bootstrap::prepare(&app).await.expect("prepared");
    // Its work is run by hand.
    let gateway = Gateway::start(app.clone(), "127.0.0.1:0", Role::Web).await.expect("listening");
    (app, gateway)
}

fn settings(database_url: &str, graph_url: &str, model_url: &str, files: &str, overrides: &str) -> Settings {
    let base = format!(
        "[database]\nurl = \"{database_url}\"\nmax_connections = 4\n[secrets]\nmaster_key = \"{MASTER_KEY}\"\n[admin]\nkey = \"{ADMIN_KEY}\"\n\
         [meta]\ngraph_url = \"{graph_url}\"\napp_secret = \"{APP_SECRET}\"\nverify_token = \"{VERIFY_TOKEN}\"\ntimeout_secs = 2\n\
         [model]\nbase_url = \"{model_url}\"\napi_key = \"model-key\"\nretries = 1\ntimeout_secs = 2\n[turn]\nquiet_ms = 1000\n"
    );
    Settings::layered(&[&base, files, overrides]).expect("valid settings")
}

pub fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is text in {value}")).to_owned()
}

pub fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("a list: {list}")).clone()
}

/// A webhook with one text message, as Meta would write it.
pub fn text_webhook(phone_number_id: &str, wamid: &str, from: &str, words: &str) -> String {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "2060000000001", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": phone_number_id},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": from, "user_id": format!("US.{from}")}],
        "messages": [{"id": wamid, "from": from, "from_user_id": format!("US.{from}"),
            "timestamp": (SystemClock.now() / 1000).to_string(), "type": "text", "text": {"body": words}}],
    }}]}]})
    .to_string()
}
