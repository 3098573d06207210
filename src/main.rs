//! The command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use entity::WorkspaceId;
use migration::Migrator;
use secrecy::ExposeSecret;
use switchboard::app::App;
use switchboard::clock::SystemClock;
use switchboard::config::Settings;
use switchboard::knowledge::helper;
use switchboard::secrets::{Sealer, random_api_key, random_master_key, write_private};
use switchboard::serve::{Gateway, Role};
use switchboard::store::Engine;
use switchboard::{api, backup, bootstrap, check, demo, health, rotate, serve, store, telemetry};
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A gateway that lets AI agents answer a business's WhatsApp numbers.
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    /// Settings file; switchboard.toml is read where it exists.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Gateway, simulator and a sample agent: no account and no key needed.
    Demo {
        /// Begin with an empty demo database.
        #[arg(long)]
        fresh: bool,
    },
    /// Run the gateway.
    Serve {
        #[arg(long, value_enum, default_value = "all")]
        role: Role,
    },
    /// Bring the database's schema up, one step down, or show where it is.
    Migrate {
        #[arg(value_enum, default_value = "up")]
        direction: Direction,
    },
    /// Print the management API's document.
    Openapi,
    /// Check settings, database, tokens and model.
    Check,
    /// Ask the running gateway whether it is ready; exit code 1 when it is not.
    Health {
        /// Where it is, such as http://10.0.0.7:8080; the configured listen address unless told.
        #[arg(long)]
        url: Option<String>,
    },
    /// API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Sealed secrets.
    #[command(subcommand)]
    Seal(SealCommand),
    /// Read a knowledge file from standard input, for the gateway itself.
    #[command(name = helper::COMMAND, hide = true)]
    ReadKnowledge {
        #[arg(long)]
        name: String,
    },
    /// Write a copy of the embedded database to FILE, while the gateway runs.
    Backup { file: PathBuf },
    /// Put a backup in the embedded database's place, while the gateway is stopped.
    Restore { file: PathBuf },
}

#[derive(Clone, Copy, ValueEnum)]
enum Direction {
    Up,
    Down,
    Status,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a key and print it once.
    Create(CreateKey),
}

#[derive(Args)]
struct CreateKey {
    /// admin, editor, operator or viewer.
    #[arg(long, value_parser = read_role)]
    role: entity::state::Role,
    /// What it is for.
    #[arg(long, default_value = "command line")]
    name: String,
    /// The workspace it belongs to; the first one unless told.
    #[arg(long)]
    workspace: Option<String>,
}

#[derive(Subcommand)]
enum SealCommand {
    /// Re-encrypt all secrets under a new master key. Stop the gateway first.
    Rotate,
}

fn read_role(word: &str) -> Result<entity::state::Role, String> {
    let found = entity::state::Role::ALL.iter().find(|role| role.as_str() == word);
    found.copied().ok_or_else(|| "must be admin, editor, operator or viewer".to_owned())
}

fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    // It has neither settings nor threads of its own.
    if let Command::ReadKnowledge { name } = &command_line.command {
        return if helper::run(name).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = runtime.context("the runtime cannot start").and_then(|runtime| runtime.block_on(run(command_line)));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("switchboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command_line: CommandLine) -> anyhow::Result<ExitCode> {
    if let Command::Openapi = command_line.command {
        print!("{}", api::document());
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::load(command_line.config.as_deref())?;
    match command_line.command {
        Command::Demo { fresh } => {
            telemetry::start_logs(&settings.log);
            telemetry::start_metrics();
            demo::run(settings, fresh, stop_signal()).await?;
        }
        Command::Serve { role } => run_gateway(settings, role).await?,
        Command::Migrate { direction } => migrate(settings, direction).await?,
        Command::Check => return check::run(settings).await,
        Command::Health { url } => return health::run(&settings, url.as_deref()).await,
        Command::Key(KeyCommand::Create(create)) => create_key(settings, &create).await?,
        Command::Seal(SealCommand::Rotate) => rotate_seal(settings).await?,
        Command::Backup { file } => {
            let db = store::connect(settings.database.url.expose_secret(), settings.database.max_connections).await?;
            backup::backup(&db, &file).await?;
            println!("The database was copied to {}.", file.display());
        }
        Command::Restore { file } => {
            let kept = backup::restore(settings.database.url.expose_secret(), &file).await?;
            println!("The backup is in place. The database from before is kept at {}.", kept.display());
        }
        Command::Openapi | Command::ReadKnowledge { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_gateway(settings: Settings, role: Role) -> anyhow::Result<()> {
    telemetry::start_logs(&settings.log);
    telemetry::start_metrics();
    if settings.is_sqlite() && role != Role::All {
        bail!("--role {role:?} needs PostgreSQL: SQLite serves one process, which does all");
    }
    let _lock = bootstrap::lock_process(settings.database.url.expose_secret())?;
    let listen = settings.server.listen.clone();
    let app = open(settings).await?;
    if let Some(key) = bootstrap::prepare(&app).await? {
        println!("An admin API key was made. It is shown this once, so keep it:\n\n  {}\n", key.expose_secret());
    }
    serve::resume(&app).await?;
    let stop = stop_signal();
    let gateway =
        Gateway::start(app.clone(), &listen, role).await.with_context(|| format!("cannot listen on {listen}"))?;
    tracing::info!(address = %gateway.address, role = ?role, database = ?app.db.engine(), "switchboard is running");
    if app.settings.model.base_url.is_none() {
        tracing::warn!(
            "no model is set: the offline responder quotes the best passage; set SWITCHBOARD__MODEL__BASE_URL"
        );
    }
    stop.cancelled().await;
    tracing::info!("stopping: work in hand may end");
    gateway.stop().await;
    Ok(())
}

async fn open(settings: Settings) -> anyhow::Result<Arc<App>> {
    Ok(Arc::new(App::new(settings, Arc::new(SystemClock)).await?))
}

/// Cancelled by SIGTERM or Ctrl-C; a second one ends the process at once.
fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        cancelled.cancel();
        wait_for_signal().await;
        eprintln!("switchboard: stopped hard");
        std::process::exit(1);
    });
    stop
}

async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened to");
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.expect("signals can be listened to");
}

async fn migrate(settings: Settings, direction: Direction) -> anyhow::Result<()> {
    let db = store::connect(settings.database.url.expose_secret(), settings.database.max_connections).await?;
    match direction {
        Direction::Up => Migrator::up(db.schema()).await?,
        Direction::Down => Migrator::down(db.schema(), Some(1)).await?,
        Direction::Status => {}
    }
    for step in Migrator::status(db.schema()).await? {
        println!("{:<9} {}", if step.applied { "applied" } else { "pending" }, step.name);
    }
    Ok(())
}

async fn create_key(settings: Settings, create: &CreateKey) -> anyhow::Result<()> {
    let app = open(settings).await?;
    let db = app.db.writer();
    let workspace = match &create.workspace {
        Some(id) => store::workspaces::find(db, &WorkspaceId::parse(id)?).await?,
        None => store::workspaces::first(db).await?,
    };
    let workspace = workspace.context("there is no such workspace; serve makes the first one when it starts")?;
    let key = random_api_key();
    store::keys::insert(db, &workspace.id, &create.name, create.role, key.expose_secret(), app.now()).await?;
    println!("{}", key.expose_secret());
    Ok(())
}

async fn rotate_seal(settings: Settings) -> anyhow::Result<()> {
    let _lock = bootstrap::lock_process(settings.database.url.expose_secret())?;
    let set_by_hand = settings.secrets.master_key.is_some();
    let file = settings.secrets.master_key_file.clone();
    let new_file = PathBuf::from(format!("{}.new", file.display()));
    let app = open(settings).await?;
    let key = random_master_key();
    // On disk before anything is sealed under it: a crash in between loses no secret.
    write_private(&new_file, &key).with_context(|| format!("{} cannot be written", new_file.display()))?;
    let new = Sealer::from_base64(&key)?;
    let rotated = rotate::rotate(&app, &new).await;
    if rotated.is_err() {
        std::fs::remove_file(&new_file).context("the unused key cannot be removed")?;
    }
    println!("{} secrets are sealed under a new master key.", rotated?);
    if set_by_hand {
        println!(
            "The new key is in {}. Set it as SWITCHBOARD__SECRETS__MASTER_KEY before the next start.",
            new_file.display()
        );
    } else {
        replace_key(&file, &new_file)?;
        println!("It is in {}; the old one is kept beside it as .old.", file.display());
    }
    if app.db.engine() == Engine::Postgres {
        println!("Give the new key to every node.");
    }
    Ok(())
}

fn replace_key(file: &Path, new_file: &Path) -> anyhow::Result<()> {
    let old = PathBuf::from(format!("{}.old", file.display()));
    if file.exists() {
        std::fs::rename(file, &old).with_context(|| format!("{} cannot be kept", old.display()))?;
    }
    std::fs::rename(new_file, file).with_context(|| format!("{} cannot be replaced", file.display()))
}
