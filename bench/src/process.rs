//! The gateway as a process of its own, and what the operating system counts of it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;

pub const ADMIN_KEY: &str = "bench-admin-key-0123456789-0123456789";
pub const APP_SECRET: &str = "bench-app-secret";
/// Linux counts processor time in ticks of this length.
const TICKS_PER_SEC: f64 = 100.0;

pub struct Gateway {
    child: Child,
    pub base: String,
    folder: PathBuf,
}

/// Processor time and the highest memory so far.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub cpu_secs: f64,
    pub peak_mib: f64,
}

impl Gateway {
    /// Starts the binary beside this one on a database of its own, or on `database_url`.
    pub async fn start(graph_url: &str, model_url: &str, database_url: Option<&str>) -> anyhow::Result<Self> {
        let binary = std::env::current_exe()?.with_file_name("switchboard");
        let folder = std::env::temp_dir().join(format!("switchboard-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let database =
            database_url.map_or_else(|| format!("sqlite://{}", folder.join("bench.db").display()), str::to_owned);
        let child = Command::new(&binary)
            .arg("serve")
            .current_dir(&folder)
            .env("SWITCHBOARD__SERVER__LISTEN", &listen)
            .env("SWITCHBOARD__DATABASE__URL", database)
            .env("SWITCHBOARD__ADMIN__KEY", ADMIN_KEY)
            .env("SWITCHBOARD__META__GRAPH_URL", graph_url)
            .env("SWITCHBOARD__META__APP_SECRET", APP_SECRET)
            .env("SWITCHBOARD__MODEL__BASE_URL", model_url)
            .env("SWITCHBOARD__TURN__QUIET_MS", "0")
            .env("SWITCHBOARD__DELIVERY__NUMBER_PER_SEC", "0")
            .env("SWITCHBOARD__DELIVERY__PAIR_PER_MINUTE", "0")
            .env("SWITCHBOARD__SHIELD__ENABLED", "false")
            .env("SWITCHBOARD__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("{} cannot be started: build the workspace first", binary.display()))?;
        let gateway = Self { child, base: format!("http://{listen}"), folder };
        gateway.wait_until_ready().await?;
        Ok(gateway)
    }

    async fn wait_until_ready(&self) -> anyhow::Result<()> {
        let http = crate::client::http(Duration::from_secs(1))?;
        for _ in 0..500 {
            let answer = http.get(format!("{}/health/ready", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::bail!("the gateway did not become ready within ten seconds")
    }

    /// From /proc: only Linux has it.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        let pid = self.child.id();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (_, after_name) = stat.rsplit_once(") ").context("a stat line")?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak_kib: f64 = peak.and_then(|peak| peak.split_whitespace().next()?.parse().ok()).unwrap_or(0.0);
        Ok(Usage { cpu_secs: (ticks(11) + ticks(12)) / TICKS_PER_SEC, peak_mib: peak_kib / 1024.0 })
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended by itself; its folder is ours alone.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
