//! The console in a browser, over an inbox such as a large team's: how soon it is there, and how smoothly it scrolls.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::Value;

use crate::database::Choice;
use crate::gateway::ADMIN_KEY;
use crate::report::{Table, short};
use crate::seed::{self, History};
use crate::site::Site;

/// Messages of each conversation beside the long one.
const EACH: usize = 2;
const OPENS_WITHIN_MS: f64 = 1_000.0;

#[derive(Args)]
pub struct Settings {
    #[arg(long, default_value_t = 50_000)]
    pub conversations: usize,
    /// Messages in one of them.
    #[arg(long, default_value_t = 100_000)]
    pub messages: usize,
    /// Where the console's sources are, with what `npm ci` installs.
    #[arg(long, default_value = "console")]
    pub console: PathBuf,
    /// Runs no browser: the gateway stays until Ctrl-C, to be looked at.
    #[arg(long)]
    pub stay: bool,
}

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let site = Site::build(&Choice::Sqlite, 1).await?;
    site.start_answering().await?.stop()?;
    let history = History {
        conversations: settings.conversations,
        messages: settings.conversations * EACH,
        long: settings.messages,
    };
    let ledger = site.ledger().await?;
    seed::history(&ledger, history).await?;
    ledger.fill(&last_messages()).await?;
    drop(ledger);
    let gateway = site.start().await?;
    if settings.stay {
        println!("{}  key {ADMIN_KEY}", gateway.base());
        tokio::signal::ctrl_c().await?;
    } else {
        let measured = drive(&settings, gateway.base()).await?;
        table(&settings, &measured).print();
        let opened = measured["inbox_ms"].as_f64().context("no inbox_ms")?;
        ensure!(opened < OPENS_WITHIN_MS, "the inbox took {opened} ms to open");
    }
    drop(gateway);
    site.strike().await
}

/// Conversations know their last message, and were written to one after another.
fn last_messages() -> Vec<String> {
    vec![
        "UPDATE conversations SET last_message_id = (SELECT max(m.id) FROM messages m
            WHERE m.conversation_id = conversations.id)"
            .to_owned(),
        "UPDATE conversations SET last_message_at = (SELECT m.created_at FROM messages m
            WHERE m.id = conversations.last_message_id)"
            .to_owned(),
    ]
}

/// What the browser measured.
async fn drive(settings: &Settings, base: &str) -> anyhow::Result<Value> {
    let mut command = Command::new("npm");
    command
        .args(["run", "--silent", "speed"])
        .current_dir(&settings.console)
        .env("CONSOLE_URL", base)
        .env("CONSOLE_KEY", ADMIN_KEY)
        .env("LONG_PHONE", seed::phone(0))
        .stderr(Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || command.output()).await?.context("npm cannot be run")?;
    ensure!(output.status.success(), "the browser's run failed");
    serde_json::from_slice(&output.stdout).context("the browser's run said something else than JSON")
}

fn table(settings: &Settings, measured: &Value) -> Table {
    let title = format!(
        "The console over {} conversations, {} messages in one of them, {} runs each",
        settings.conversations, settings.messages, measured["runs"]
    );
    let mut table = Table::new(title, &["what", "measured"]);
    let figure = |name: &str| short(measured[name].as_f64().unwrap_or(f64::NAN));
    table.row(["inbox, from the address to the first rows, p50 ms".to_owned(), figure("inbox_ms")]);
    table.row(["the long conversation, from the click to its bubbles, p50 ms".to_owned(), figure("chat_ms")]);
    table.row(["frames while the list scrolls, p95 ms".to_owned(), figure("list_frame_p95_ms")]);
    table.row(["frames while the chat scrolls back, p95 ms".to_owned(), figure("chat_frame_p95_ms")]);
    table.row(["messages scrolled past".to_owned(), figure("scrolled_messages")]);
    table.row(["compressed script of the first load, kB".to_owned(), figure("script_kb")]);
    table.row(["heap of the page after that, MB".to_owned(), figure("heap_mb")]);
    table
}
