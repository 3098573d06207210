//! The database of a run: a file on a small file system of its own, a server of our own that can be stopped, or a
//! database made on somebody's server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::str::FromStr;

use anyhow::{Context, bail};
use sea_orm::ConnectionTrait;

/// Room for a run, and soon full.
const FILE_SYSTEM: &str = "size=96m";
const FILE: &str = "switchboard.db";

/// How the command line explains it.
pub const HELP: &str = "sqlite, postgres (a server of its own) or postgres://...";

/// Which database a cell runs on, as the command line says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Sqlite,
    /// A server of our own, from the binaries on this machine.
    Postgres,
    /// A server somebody runs: databases are made and dropped there, but it is not stopped.
    PostgresAt(String),
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Self::PostgresAt(url.to_owned()))
            }
            _ => Err("must be sqlite, postgres (a server of its own) or postgres://...".to_owned()),
        }
    }
}

impl Choice {
    pub fn word(&self) -> &'static str {
        if *self == Self::Sqlite { "SQLite" } else { "PostgreSQL" }
    }
}

/// A database that lasts as long as its cell.
pub enum Database {
    Sqlite { folder: PathBuf, mounted: bool },
    Own(Server),
    Guest { server: String, name: String },
}

impl Database {
    /// `can_fail`: whether it must be possible to take it away for a while.
    pub async fn make(choice: &Choice, folder: &Path, can_fail: bool) -> anyhow::Result<Self> {
        match choice {
            Choice::Sqlite => {
                let folder = folder.join("database");
                std::fs::create_dir_all(&folder)?;
                if can_fail {
                    let folder = folder.display().to_string();
                    run(Command::new("mount").args(["-t", "tmpfs", "-o", FILE_SYSTEM, "tmpfs", &folder]))
                        .context("a full disk needs a small file system, and mounting one needs root")?;
                }
                Ok(Self::Sqlite { folder, mounted: can_fail })
            }
            Choice::Postgres => Ok(Self::Own(Server::start(folder)?)),
            Choice::PostgresAt(_) if can_fail => bail!("only a server of our own is stopped: --database postgres"),
            Choice::PostgresAt(server) => {
                let name = format!("switchboard_bench_{}_{}", std::process::id(), unique());
                let admin = sea_orm::Database::connect(server.as_str()).await?;
                admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
                Ok(Self::Guest { server: server.clone(), name })
            }
        }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { folder, .. } => format!("sqlite://{}", folder.join(FILE).display()),
            Self::Own(server) => format!("postgres://postgres@127.0.0.1:{}/postgres", server.port),
            Self::Guest { server, name } => {
                format!("{}/{name}", server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base))
            }
        }
    }

    /// The file of an embedded one.
    pub fn file(&self) -> Option<PathBuf> {
        if let Self::Sqlite { folder, .. } = self { Some(folder.join(FILE)) } else { None }
    }

    /// Takes it away: the server is stopped, hard or fast; the disk is full to the last byte.
    pub fn fail(&self, hard: bool) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { folder, .. } => fill(&folder.join("ballast")),
            Self::Own(server) => server.stop(if hard { "immediate" } else { "fast" }),
            Self::Guest { .. } => Ok(()),
        }
    }

    pub fn recover(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { folder, .. } => Ok(std::fs::remove_file(folder.join("ballast"))?),
            Self::Own(server) => server.go(),
            Self::Guest { .. } => Ok(()),
        }
    }

    /// What can be dropped only while nobody is connected.
    pub async fn remove(&self) -> anyhow::Result<()> {
        match self {
            Self::Guest { server, name } => {
                let admin = sea_orm::Database::connect(server.as_str()).await?;
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
                Ok(())
            }
            Self::Own(server) => server.stop("immediate"),
            Self::Sqlite { .. } => Ok(()),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Sqlite { folder, mounted: true } = self
            && let Err(error) = run(Command::new("umount").arg("--lazy").arg(&*folder))
        {
            eprintln!("{error:#}");
        }
    }
}

/// A PostgreSQL of our own in a folder of its own, run by a user who is not root.
pub struct Server {
    binaries: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        let binaries = newest_binaries()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let home = folder.join("postgres");
        std::fs::create_dir_all(&home)?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&home))?;
        }
        let server = Self { binaries, data: home.join("data"), port };
        let mut initdb = server.command("initdb");
        initdb.args(["-A", "trust", "-U", "postgres", "-D"]).arg(&server.data);
        run(&mut initdb)?;
        server.go()?;
        Ok(server)
    }

    fn go(&self) -> anyhow::Result<()> {
        let home = self.data.parent().unwrap_or(&self.data);
        let options = format!("-p {} -k {} -c listen_addresses=127.0.0.1", self.port, home.display());
        let mut start = self.command("pg_ctl");
        start.arg("-D").arg(&self.data).arg("-l").arg(home.join("log")).args(["-w", "-o", &options, "start"]);
        // Its server would keep our pipes open.
        let status = start.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status()?;
        if !status.success() {
            bail!("PostgreSQL did not start: see {}", home.join("log").display());
        }
        Ok(())
    }

    fn stop(&self, mode: &str) -> anyhow::Result<()> {
        let mut stop = self.command("pg_ctl");
        run(stop.arg("-D").arg(&self.data).args(["-m", mode, "-w", "stop"])).map(drop)
    }

    /// PostgreSQL refuses to be run by root.
    fn command(&self, name: &str) -> Command {
        let binary = self.binaries.join(name);
        if !is_root() {
            return Command::new(binary);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(binary);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Stopped already at the end of a good run.
        let _ = self.stop("immediate");
    }
}

fn newest_binaries() -> anyhow::Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL's binaries are not installed here")?;
    let newest = versions.flatten().map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    newest.max().context("PostgreSQL's binaries are not installed here")
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// Writes until nothing fits any more.
fn fill(path: &Path) -> anyhow::Result<()> {
    use std::io::Write;
    let mut ballast = std::fs::File::create(path)?;
    let mut size = 1 << 20;
    while size > 0 {
        if ballast.write_all(&vec![0; size]).is_err() {
            size /= 4;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> anyhow::Result<Output> {
    let output = command.output().with_context(|| format!("{command:?} cannot be run"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output)
}

fn unique() -> usize {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
