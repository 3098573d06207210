//! What is measured, as a process of its own, and what the operating system counts of it. Only Linux counts so.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::client;

/// Linux counts processor time in ticks of this length.
const TICKS_PER_SEC: f64 = 100.0;
const READY_PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// A server on a port of this machine; it ends when it is dropped.
pub struct Process {
    child: Child,
    pub base: String,
    /// From its start until it first answered.
    pub started_in: Duration,
}

/// Processor time, and memory in MiB, now and at its highest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    pub cpu_secs: f64,
    pub memory: f64,
    pub peak_memory: f64,
    /// KiB it caused to be written to disk.
    pub written_kib: f64,
}

impl Process {
    /// Starts what `command` makes of an address `127.0.0.1:PORT`, and waits until a GET of `ready_path` is answered with 200.
    pub async fn start(ready_path: &str, command: impl FnOnce(&str) -> Command) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let mut command = command(&listen);
        let program = command.get_program().display().to_string();
        let started = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn();
        let child = child.with_context(|| format!("{program} cannot be started: build the workspace first"))?;
        let mut process = Self { child, base: format!("http://{listen}"), started_in: Duration::ZERO };
        process.wait_until_ready(&program, ready_path, started).await?;
        process.started_in = started.elapsed();
        Ok(process)
    }

    async fn wait_until_ready(&mut self, program: &str, path: &str, started: Instant) -> anyhow::Result<()> {
        let http = client::http(Duration::from_secs(2))?;
        while started.elapsed() < READY_PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("{program} ended by itself: {status}");
            }
            let answer = http.get(format!("{}{path}", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        bail!("{program} did not become ready within {READY_PATIENCE:?}")
    }

    pub fn usage(&self) -> anyhow::Result<Usage> {
        usage_of(&self.child.id().to_string())
    }

    /// Lets the highest memory begin again from what is taken now.
    pub fn forget_peak(&self) -> anyhow::Result<()> {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(&path, "5").with_context(|| format!("{path} cannot be written"))
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().context("kill")?;
        anyhow::ensure!(asked.success(), "process {} took no signal", self.child.id());
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor seconds of this very process.
pub fn own_cpu_secs() -> anyhow::Result<f64> {
    Ok(usage_of("self")?.cpu_secs)
}

fn usage_of(process: &str) -> anyhow::Result<Usage> {
    let folder = Path::new("/proc").join(process);
    let stat = std::fs::read_to_string(folder.join("stat"))?;
    let (_, after_name) = stat.rsplit_once(") ").context("a stat line")?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    let status = std::fs::read_to_string(folder.join("status"))?;
    let io = std::fs::read_to_string(folder.join("io"))?;
    let named = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|figure| figure.parse::<f64>().ok()).unwrap_or(0.0)
    };
    Ok(Usage {
        cpu_secs: (ticks(11) + ticks(12)) / TICKS_PER_SEC,
        memory: named(&status, "VmRSS:") / 1024.0,
        peak_memory: named(&status, "VmHWM:") / 1024.0,
        written_kib: named(&io, "write_bytes:") / 1024.0,
    })
}
