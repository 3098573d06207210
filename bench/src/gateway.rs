//! The gateway under measurement, and its management API.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::client;
use crate::process::{Process, Usage};

pub const ADMIN_KEY: &str = "bench-admin-key-0123456789-0123456789";
pub const APP_SECRET: &str = "bench-app-secret";
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// An upload and the work behind it may take a while.
const API_TIMEOUT: Duration = Duration::from_secs(120);
/// Quiet time and pacing are lifted: they are waits by plan, not the gateway's own time.
const SETTINGS: [(&str, &str); 5] = [
    ("TURN__QUIET_MS", "0"),
    ("DELIVERY__NUMBER_PER_SEC", "0"),
    ("DELIVERY__PAIR_PER_MINUTE", "0"),
    ("SHIELD__ENABLED", "false"),
    ("LOG__FILTER", "error"),
];

/// What a gateway is started with.
#[derive(Debug, Clone)]
pub struct Launch {
    pub binary: PathBuf,
    pub folder: PathBuf,
    pub database_url: String,
    pub graph_url: String,
    pub model_url: String,
    /// Further settings, as `SECTION__KEY` and value.
    pub more: Vec<(&'static str, String)>,
}

/// The gateway beside this program.
pub fn binary() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("switchboard"))
}

pub struct Gateway {
    process: Process,
    http: reqwest::Client,
}

impl Gateway {
    pub async fn start(launch: &Launch) -> anyhow::Result<Self> {
        let process = Process::start("/health/ready", |listen| {
            let mut command = Command::new(&launch.binary);
            command.arg("serve").current_dir(&launch.folder);
            for (key, value) in SETTINGS {
                command.env(format!("SWITCHBOARD__{key}"), value);
            }
            for (key, value) in &launch.more {
                command.env(format!("SWITCHBOARD__{key}"), value);
            }
            command
                .env("SWITCHBOARD__SERVER__LISTEN", listen)
                .env("SWITCHBOARD__DATABASE__URL", &launch.database_url)
                .env("SWITCHBOARD__SECRETS__MASTER_KEY", MASTER_KEY)
                .env("SWITCHBOARD__ADMIN__KEY", ADMIN_KEY)
                .env("SWITCHBOARD__META__GRAPH_URL", &launch.graph_url)
                .env("SWITCHBOARD__META__APP_SECRET", APP_SECRET)
                .env("SWITCHBOARD__MODEL__BASE_URL", &launch.model_url);
            command
        });
        Ok(Self { process: process.await?, http: client::http(API_TIMEOUT)? })
    }

    pub fn base(&self) -> &str {
        &self.process.base
    }

    pub fn started_in(&self) -> Duration {
        self.process.started_in
    }

    pub fn usage(&self) -> anyhow::Result<Usage> {
        self.process.usage()
    }

    pub fn forget_peak(&self) -> anyhow::Result<()> {
        self.process.forget_peak()
    }

    pub fn stop(self) -> anyhow::Result<()> {
        self.process.stop()
    }

    /// Answers the agent's id.
    pub async fn make_agent(&self) -> anyhow::Result<String> {
        let agent = json!({"name": "Bench", "instructions": "You are the assistant of a bakery."});
        let agent = self.post("/agents", agent).await?;
        agent["id"].as_str().map(str::to_owned).context("the agent has no id")
    }

    pub async fn make_number(&self, number: &simulator::Number, agent_id: &str, mode: &str) -> anyhow::Result<()> {
        let number = json!({"phone_number_id": number.phone_number_id, "waba_id": number.waba_id,
            "agent_id": agent_id, "access_token": "token", "mode": mode});
        self.post("/numbers", number).await.map(drop)
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.http.get(self.url(path)).bearer_auth(ADMIN_KEY)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        read(self.http.post(self.url(path)).bearer_auth(ADMIN_KEY).json(&body)).await
    }

    pub async fn upload(&self, agent_id: &str, name: &str, text: String) -> anyhow::Result<()> {
        let file = reqwest::multipart::Part::bytes(text.into_bytes()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", file);
        let path = self.url(&format!("/agents/{agent_id}/knowledge"));
        read(self.http.post(path).bearer_auth(ADMIN_KEY).multipart(form)).await.map(drop)
    }

    /// A file to be sent; answers what the gateway made of it.
    pub async fn upload_media(&self, name: &str, size: u64, bytes: reqwest::Body) -> anyhow::Result<Value> {
        let file = reqwest::multipart::Part::stream_with_length(bytes, size).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", file);
        read(self.http.post(self.url("/media")).bearer_auth(ADMIN_KEY).multipart(form)).await
    }

    /// A file's bytes, on their way.
    pub async fn media(&self, id: &str) -> anyhow::Result<reqwest::Response> {
        let request = self.http.get(self.url(&format!("/media/{id}"))).bearer_auth(ADMIN_KEY);
        Ok(request.send().await?.error_for_status()?)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.process.base)
    }
}

async fn read(request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let (status, path) = (answer.status(), answer.url().path().to_owned());
    let body = answer.text().await?;
    anyhow::ensure!(status.is_success(), "{path} answered {status}: {body:.300}");
    Ok(serde_json::from_str(&body)?)
}

/// The size of the binary in MiB.
pub fn binary_mib(binary: &Path) -> anyhow::Result<f64> {
    Ok(std::fs::metadata(binary)?.len() as f64 / 1024.0 / 1024.0)
}
