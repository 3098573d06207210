//! The gateways as processes: started, killed, frozen, woken, and started again when they end by themselves.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::sync::Mutex;

use super::api::{ADMIN_KEY, Api};

pub const APP_SECRET: &str = "torture-app-secret";
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// As a supervisor would wait.
const RESTART_PAUSE: Duration = Duration::from_millis(100);
pub const LEASE_SECS: u64 = 3;
pub const SETTLE_SECS: u64 = 3;
/// Times shortened so that a long run ends within minutes; all else is the default.
const SETTINGS: [(&str, &str); 11] = [
    ("TURN__QUIET_MS", "150"),
    ("TURN__MAX_WAIT_MS", "1500"),
    ("META__TIMEOUT_SECS", "2"),
    ("MODEL__TIMEOUT_SECS", "2"),
    ("DELIVERY__HOLD_PROBE_SECS", "2"),
    ("DELIVERY__NUMBER_PER_SEC", "0"),
    ("DELIVERY__PAIR_PER_MINUTE", "0"),
    ("SHIELD__ENABLED", "false"),
    ("LOG__FORMAT", "json"),
    ("LOG__FILTER", "warn,switchboard=info"),
    ("MODEL__API_KEY", "model-key"),
];

/// What every node of a cell is started with.
#[derive(Debug, Clone)]
pub struct Launch {
    pub binary: PathBuf,
    /// Logs go here.
    pub folder: PathBuf,
    pub database_url: String,
    pub graph_url: String,
    pub model_url: String,
}

pub struct Node {
    launch: Launch,
    name: String,
    listen: String,
    child: Child,
    /// Ends that nobody asked for.
    pub crashes: usize,
}

impl Node {
    fn start(launch: &Launch, name: String) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let child = spawn(launch, &name, &listen)?;
        Ok(Self { launch: launch.clone(), name, listen, child, crashes: 0 })
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.child = spawn(&self.launch, &self.name, &self.listen)?;
        Ok(())
    }

    /// SIGSTOP.
    pub fn freeze(&self) -> anyhow::Result<()> {
        signal("-STOP", self.child.id())
    }

    /// SIGCONT.
    pub fn wake(&self) -> anyhow::Result<()> {
        signal("-CONT", self.child.id())
    }

    /// Waits until it answers; one that ended by itself is started again, as a supervisor would.
    pub async fn ready(&mut self, http: &reqwest::Client, patience: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience;
        let api = Api { http: http.clone(), base: self.base() };
        // Its own end first: whoever else might answer at its address is not it.
        loop {
            if self.child.try_wait()?.is_some() {
                self.crashes += 1;
                tokio::time::sleep(RESTART_PAUSE).await;
                self.restart()?;
            } else if api.is_ready().await {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{} did not become ready within {patience:?}; its log is {}", self.name, self.log());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.listen)
    }

    fn log(&self) -> String {
        self.launch.folder.join(&self.name).with_extension("log").display().to_string()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Gone already when it was killed on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All nodes of a cell.
pub struct Nodes(pub Vec<Mutex<Node>>);

impl Nodes {
    pub async fn start(launch: &Launch, count: usize, http: &reqwest::Client) -> anyhow::Result<Self> {
        let mut nodes = Vec::with_capacity(count);
        for number in 1..=count {
            let mut node = Node::start(launch, format!("node-{number}"))?;
            node.ready(http, Duration::from_secs(30)).await?;
            nodes.push(Mutex::new(node));
        }
        Ok(Self(nodes))
    }

    pub async fn bases(&self) -> Vec<String> {
        let mut bases = Vec::new();
        for node in &self.0 {
            bases.push(node.lock().await.base());
        }
        bases
    }

    /// All of them up again.
    pub async fn ready(&self, http: &reqwest::Client, patience: Duration) -> anyhow::Result<()> {
        for node in &self.0 {
            node.lock().await.ready(http, patience).await?;
        }
        Ok(())
    }

    pub async fn crashes(&self) -> usize {
        let mut crashes = 0;
        for node in &self.0 {
            crashes += node.lock().await.crashes;
        }
        crashes
    }
}

fn spawn(launch: &Launch, name: &str, listen: &str) -> anyhow::Result<Child> {
    let log = launch.folder.join(name).with_extension("log");
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(&launch.binary);
    command.arg("serve").current_dir(&launch.folder).stdout(log.try_clone()?).stderr(log).stdin(Stdio::null());
    for (key, value) in SETTINGS {
        command.env(format!("SWITCHBOARD__{key}"), value);
    }
    command
        .env("SWITCHBOARD__SERVER__LISTEN", listen)
        .env("SWITCHBOARD__DATABASE__URL", &launch.database_url)
        .env("SWITCHBOARD__SECRETS__MASTER_KEY", MASTER_KEY)
        .env("SWITCHBOARD__ADMIN__KEY", ADMIN_KEY)
        .env("SWITCHBOARD__META__GRAPH_URL", &launch.graph_url)
        .env("SWITCHBOARD__META__APP_SECRET", APP_SECRET)
        .env("SWITCHBOARD__MODEL__BASE_URL", &launch.model_url)
        .env("SWITCHBOARD__JOBS__LEASE_SECS", LEASE_SECS.to_string())
        .env("SWITCHBOARD__DELIVERY__SETTLE_SECS", SETTLE_SECS.to_string());
    command.spawn().with_context(|| format!("{} cannot be started: build the workspace first", launch.binary.display()))
}

fn signal(which: &str, process: u32) -> anyhow::Result<()> {
    let status = Command::new("kill").args([which, &process.to_string()]).status().context("kill")?;
    if !status.success() {
        bail!("process {process} took no {which}");
    }
    Ok(())
}
