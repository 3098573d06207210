//! The real binary, killed and started again.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use simulator::{Customer, Pace, Side, Simulator};
use tokio::net::TcpListener;

use crate::support::{ADMIN_KEY, APP_SECRET, FakeModel, MASTER_KEY, TestApp, TestDatabase, VERIFY_TOKEN};

const PATIENCE: Duration = Duration::from_secs(60);

struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(database: &TestDatabase, graph_url: &str, model_url: &str, listen: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_switchboard"))
            .arg("serve")
            .env("SWITCHBOARD__SERVER__LISTEN", listen)
            .env("SWITCHBOARD__DATABASE__URL", &database.url)
            .env("SWITCHBOARD__SECRETS__MASTER_KEY", MASTER_KEY)
            .env("SWITCHBOARD__ADMIN__KEY", ADMIN_KEY)
            .env("SWITCHBOARD__META__GRAPH_URL", graph_url)
            .env("SWITCHBOARD__META__APP_SECRET", APP_SECRET)
            .env("SWITCHBOARD__META__VERIFY_TOKEN", VERIFY_TOKEN)
            .env("SWITCHBOARD__MODEL__BASE_URL", model_url)
            .env("SWITCHBOARD__MODEL__API_KEY", "model-key")
            .env("SWITCHBOARD__TURN__QUIET_MS", "50")
            .env("SWITCHBOARD__DELIVERY__SETTLE_SECS", "2")
            .env("SWITCHBOARD__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("started");
        Self { child, base: format!("http://{listen}") }
    }

    async fn ready(&self, http: &reqwest::Client) {
        until("the gateway is ready", async || {
            let answer = http.get(format!("{}/health/ready", self.base)).send().await;
            answer.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
    }

    fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    async fn post(&self, http: &reqwest::Client, path: &str, body: Value) -> Value {
        let request = http.post(format!("{}/api/v1{path}", self.base)).bearer_auth(ADMIN_KEY).json(&body);
        request.send().await.expect("answer").json().await.expect("JSON")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already when it was killed on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again until it is so; fails after a minute.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < deadline, "never came about: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn answers(simulator: &Simulator, customer: &Customer) -> Vec<String> {
    let phone = customer.phone.as_deref().expect("a phone");
    let bubbles = simulator.bubbles(phone).into_iter();
    bubbles.filter(|bubble| bubble.from == Side::Business).map(|bubble| bubble.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    let database = TestDatabase::create().await;
    let model = FakeModel::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let graph_url = format!("http://{}", listener.local_addr().expect("address"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address").port();
    let listen = format!("127.0.0.1:{port}");
    let simulator = Simulator::new(simulator::Settings {
        app_secret: APP_SECRET.to_owned(),
        verify_token: VERIFY_TOKEN.to_owned(),
        pace: Pace::Instant,
        ..simulator::Settings::new(format!("http://{listen}/webhook"))
    });
    tokio::spawn(simulator.clone().serve(listener, std::future::pending()));
    let http = switchboard::app::http_client(Duration::from_secs(2)).expect("client");

    let mut process = Process::start(&database, &graph_url, &model.base_url, &listen);
    process.ready(&http).await;
    let agent = process.post(&http, "/agents", json!({"name": "Miga", "instructions": "Help."})).await;
    let number = simulator::Number::default();
    let number = json!({"phone_number_id": number.phone_number_id, "agent_id": agent["id"], "access_token": "t"});
    assert!(process.post(&http, "/numbers", number).await["id"].is_string());

    let customers: Vec<Customer> = (0..30).map(|number| Customer::with_phone(&format!("1555100{number:04}"))).collect();
    for (round, group) in customers.chunks(10).enumerate() {
        for (place, customer) in group.iter().enumerate() {
            simulator.customer_writes(customer, json!({"type": "text", "text": {"body": "Hi?"}}));
            if place == 5 {
                // In the middle of whatever it is doing: each round a little later.
                tokio::time::sleep(Duration::from_millis(40 * round as u64)).await;
                process.kill();
                process = Process::start(&database, &graph_url, &model.base_url, &listen);
            }
        }
        process.ready(&http).await;
    }
    until("everybody is answered", async || customers.iter().all(|customer| !answers(&simulator, customer).is_empty()))
        .await;
    let settled = async || {
        let url = format!("{}/api/v1/messages?limit=100&direction=inbound", process.base);
        let list: Value =
            http.get(url).bearer_auth(ADMIN_KEY).send().await.expect("answer").json().await.expect("JSON");
        let items = list["items"].as_array().expect("items").clone();
        items.len() == customers.len() && items.iter().all(|message| message["outcome"] == "answered")
    };
    until("every message has its outcome", settled).await;
    for customer in &customers {
        assert_eq!(answers(&simulator, customer), ["Hello!"], "{customer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_whether_the_gateway_is_ready() {
    let database = TestDatabase::create().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address").port();
    let health = |listen: &str, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
            .arg("health")
            .args(arguments)
            .env("SWITCHBOARD__SERVER__LISTEN", listen)
            // A proxy for the outside must not be asked for the inside.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .output()
            .expect("ran");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let everywhere = format!("0.0.0.0:{port}");
    let (code, words) = health(&everywhere, &[]);
    assert_eq!(code, Some(1));
    assert_eq!(words, format!("The gateway at http://127.0.0.1:{port} is not ready: it does not answer."));

    let process =
        Process::start(&database, "http://127.0.0.1:9", "http://127.0.0.1:9/v1", &format!("127.0.0.1:{port}"));
    process.ready(&switchboard::app::http_client(Duration::from_secs(2)).expect("client")).await;
    let well = (Some(0), format!("The gateway at http://127.0.0.1:{port} is ready."));
    assert_eq!(health(&everywhere, &[]), well);

    let sick = TestApp::start_empty("").await;
    sick.app.db.close().await;
    let (code, words) = health(&everywhere, &["--url", &sick.base]);
    assert_eq!(code, Some(1));
    assert_eq!(words, format!("The gateway at {} is not ready: the database does not answer.", sick.base));
}

#[test]
fn sqlite_refuses_to_be_split_and_to_be_shared() {
    let folder = tempfile::tempdir().expect("tempdir");
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_switchboard"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("ran");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (ok, words) = run(&["serve", "--role", "web"]);
    assert!(!ok && words.contains("PostgreSQL"), "{words}");
    let lock = switchboard::bootstrap::lock_process(&format!(
        "sqlite://{}",
        folder.path().join("data/switchboard.db").display()
    ));
    let lock = lock.expect("locked");
    let (ok, words) = run(&["serve"]);
    assert!(!ok && words.contains("another process"), "{words}");
    drop(lock);
}
