//! What every run needs: a database, the simulator, the model and gateways between them; and the check at the end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use simulator::{Pace, Simulator};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::api::Api;
use super::checker::{self, Account, Verdict};
use super::load::{Book, Written};
use super::model::Model;
use super::nodes::{APP_SECRET, Launch, Nodes};
use super::recovery::Answers;
use crate::client;
use crate::database::{Choice, Database};

/// The longest wait for all to come to its end once the faults are off.
const DRAIN_PATIENCE: Duration = Duration::from_secs(120);
const START_PATIENCE: Duration = Duration::from_secs(60);
/// A record that says nothing new for so long is closed.
const QUIET: Duration = Duration::from_millis(700);

pub struct Setting {
    /// The gateway; none: the one beside this program.
    pub binary: Option<PathBuf>,
    pub database: Choice,
    /// Whether the database is to be taken away for a while.
    pub can_fail: bool,
    pub nodes: usize,
    pub seed: u64,
}

pub struct Stage {
    pub simulator: Simulator,
    pub model: Model,
    pub nodes: Arc<Nodes>,
    pub database: Arc<Database>,
    pub book: Book,
    pub http: reqwest::Client,
    /// Logs.
    pub folder: PathBuf,
    api: Api,
    _served: DropGuard,
}

impl Stage {
    pub async fn build(setting: &Setting) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("switchboard-torture-{}-{}", std::process::id(), unique()));
        std::fs::create_dir_all(&folder)?;
        let database = Arc::new(Database::make(&setting.database, &folder, setting.can_fail).await?);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let model = Model::start(setting.seed).await?;
        let binary = match &setting.binary {
            Some(binary) => std::path::absolute(binary)?,
            None => std::env::current_exe()?.with_file_name("switchboard"),
        };
        let launch = Launch {
            binary,
            folder: folder.clone(),
            database_url: database.url(),
            graph_url: format!("http://{}", listener.local_addr()?),
            model_url: model.base_url.clone(),
        };
        let simulator = Simulator::new(simulator::Settings {
            app_secret: APP_SECRET.to_owned(),
            pace: Pace::Live,
            seed: setting.seed,
            webhook_timeout: Duration::from_secs(3),
            longest_retry: Duration::from_secs(1),
            ..simulator::Settings::new("http://unset")
        });
        let served = CancellationToken::new();
        tokio::spawn(simulator.clone().serve(listener, served.clone().cancelled_owned()));
        let http = client::http(Duration::from_secs(5))?;
        let nodes = Nodes::start(&launch, setting.nodes, &http).await;
        let nodes = Arc::new(nodes.with_context(|| format!("logs are in {}", folder.display()))?);
        let bases = nodes.bases().await;
        simulator.set_webhook_urls(bases.iter().map(|base| format!("{base}/webhook")).collect());
        let api = Api { http: http.clone(), base: bases[0].clone() };
        api.set_up().await?;
        let (book, served) = (Book::default(), served.drop_guard());
        Ok(Self { simulator, model, nodes, database, book, http, folder, api, _served: served })
    }

    /// With all nodes up and the faults off: waits until everything has come to its end, then counts.
    pub async fn check(&self) -> anyhow::Result<(Verdict, Answers)> {
        self.nodes.ready(&self.http, START_PATIENCE).await?;
        let written = self.book.written();
        let account = self.drain(&written).await.with_context(|| format!("logs are in {}", self.folder.display()))?;
        Ok(checker::check(&self.simulator, &written, self.model.mixed(), &account))
    }

    /// Takes everything down; logs stay where promises were broken.
    pub async fn strike(self, keep_logs: bool) -> anyhow::Result<()> {
        self.database.remove().await?;
        let Self { nodes, database, folder, .. } = self;
        drop((nodes, database));
        if !keep_logs {
            std::fs::remove_dir_all(folder)?;
        }
        Ok(())
    }

    /// Waits until Meta has told everything, nothing is left to do and the record stands still; what is not done by
    /// then is for the checker to find.
    async fn drain(&self, written: &[Written]) -> anyhow::Result<Account> {
        let deadline = Instant::now() + DRAIN_PATIENCE;
        let told = |one: &Written| self.simulator.told(&one.wamid).is_some_and(|told| told.taken_at.is_some());
        let mut seen = usize::MAX;
        while Instant::now() < deadline {
            let all_told = self.simulator.queued() == 0 && written.iter().all(told);
            let requests = self.simulator.requests().len();
            if all_told && requests == seen && self.is_idle(written.len()).await? {
                break;
            }
            seen = requests;
            tokio::time::sleep(QUIET).await;
        }
        Ok(Account {
            inbound: self.api.list("/messages?direction=inbound").await?,
            outbound: self.api.list("/messages?direction=outbound").await?,
            dead_jobs: self.api.list("/jobs?status=dead").await?,
        })
    }

    /// Every message has its outcome and no job is left.
    async fn is_idle(&self, messages: usize) -> anyhow::Result<bool> {
        for path in ["/jobs?status=waiting&limit=1", "/jobs?status=running&limit=1"] {
            let page = self.api.get(path).await?;
            if page["items"].as_array().is_none_or(|items| !items.is_empty()) {
                return Ok(false);
            }
        }
        let inbound = self.api.list("/messages?direction=inbound").await?;
        Ok(inbound.len() >= messages && inbound.iter().all(|message| message["outcome"].is_string()))
    }
}

fn unique() -> usize {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
