//! What every measurement stands on: a folder, a database, Graph and the model, and gateways between them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use simulator::{Pace, Simulator};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::database::{Choice, Database};
use crate::gateway::{self, APP_SECRET, Gateway, Launch};
use crate::ledger::Ledger;
use crate::load::Load;
use crate::model;

const LOOK_AGAIN: Duration = Duration::from_millis(5);

pub struct Site {
    pub simulator: Simulator,
    pub numbers: Vec<simulator::Number>,
    database: Database,
    launch: Launch,
    _folder: Folder,
    _served: DropGuard,
}

impl Site {
    pub async fn build(choice: &Choice, numbers: usize) -> anyhow::Result<Self> {
        let folder = Folder::make()?;
        let database = Database::make(choice, &folder.0, false).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let launch = Launch {
            binary: gateway::binary()?,
            folder: folder.0.clone(),
            database_url: database.url(),
            graph_url: format!("http://{}", listener.local_addr()?),
            model_url: model::start().await?,
            more: Vec::new(),
        };
        let numbers: Vec<simulator::Number> = (0..numbers).map(number).collect();
        let simulator = Simulator::new(simulator::Settings {
            app_secret: APP_SECRET.to_owned(),
            pace: Pace::Instant,
            numbers: numbers.clone(),
            ..simulator::Settings::new("http://unset")
        });
        let served = CancellationToken::new();
        tokio::spawn(simulator.clone().serve(listener, served.clone().cancelled_owned()));
        Ok(Self { simulator, numbers, database, launch, _folder: folder, _served: served.drop_guard() })
    }

    /// What the gateways to come are set to beside the usual.
    pub fn set(&mut self, more: Vec<(&'static str, String)>) {
        self.launch.more = more;
    }

    /// The gateways to come are made of another binary than the one beside this program.
    pub fn run_binary(&mut self, binary: &Path) {
        self.launch.binary = binary.to_owned();
    }

    /// Starts a gateway that knows nobody yet, and lets Graph's webhooks go to it.
    pub async fn start(&self) -> anyhow::Result<Gateway> {
        let gateway = Gateway::start(&self.launch).await?;
        self.simulator.set_webhook_url(&format!("{}/webhook", gateway.base()));
        Ok(gateway)
    }

    /// The same, with an agent on all numbers.
    pub async fn start_answering(&self) -> anyhow::Result<Gateway> {
        let gateway = self.start().await?;
        let agent_id = gateway.make_agent().await?;
        for number in &self.numbers {
            gateway.make_number(number, &agent_id, "active").await?;
        }
        Ok(gateway)
    }

    /// Customers who write to whatever answers at `base`.
    pub fn load(&self, base: &str) -> Load {
        Load::new(self.simulator.clone(), base)
    }

    pub async fn ledger(&self) -> anyhow::Result<Ledger> {
        Ledger::open(&self.database).await
    }

    /// Waits until Graph has told everything, all of it is applied, and no job is left.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let ledger = self.ledger().await?;
        loop {
            ledger.drained().await?;
            if self.simulator.queued() == 0 {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn folder(&self) -> &Path {
        &self.launch.folder
    }

    pub fn binary(&self) -> &Path {
        &self.launch.binary
    }

    pub fn graph_url(&self) -> &str {
        &self.launch.graph_url
    }

    pub fn model_url(&self) -> &str {
        &self.launch.model_url
    }

    /// Takes everything down once the gateways have gone.
    pub async fn strike(self) -> anyhow::Result<()> {
        self.database.remove().await
    }
}

fn number(place: usize) -> simulator::Number {
    let first = simulator::Number::default();
    if place == 0 {
        return first;
    }
    simulator::Number {
        phone_number_id: format!("10700{place:08}"),
        display_phone_number: format!("+1 555 {place:07}"),
        ..first
    }
}

/// A folder of our own; it goes when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn make() -> anyhow::Result<Self> {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("switchboard-bench-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
