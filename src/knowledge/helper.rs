//! Reading in a process of its own: whatever a malformed file does to its reader, the gateway goes on.
//!
//! The helper is this program again (`read-knowledge`), without settings, environment or network. It gets the file on its
//! standard input and answers in JSON; its memory and its time are bounded by the system.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rlimit::Resource;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::{Format, Passage, cut, read};

/// The command that runs the helper.
pub const COMMAND: &str = "read-knowledge";

/// Address space, of which a heap takes much more than it uses.
const MEMORY_BYTES: u64 = 2 * 1024 * 1024 * 1024;
const PROCESSOR_TIME: Duration = Duration::from_secs(60);
/// Also for a helper that waits and takes no processor's time.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of an answer: 50,000 passages of 1,200 characters, in UTF-8 and escaped.
const MAX_ANSWER_BYTES: u64 = 512 * 1024 * 1024;

/// What came of a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cut {
    pub passages: Vec<Passage>,
    /// What was read and how.
    pub report: Map<String, Value>,
}

/// What is wrong with the file, for its uploader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

/// Reads a file and cuts it: text at once, everything else in a helper, which is `program` run again.
pub async fn read_file(program: &Path, name: &str, bytes: Vec<u8>) -> Result<Cut, Refused> {
    if Format::of(name).is_none_or(Format::is_text) {
        let name = name.to_owned();
        let cut = tokio::task::spawn_blocking(move || read_here(&name, &bytes)).await;
        // A panic is our fault and the file's misfortune: the uploader hears of it, the process goes on.
        return cut.unwrap_or_else(|_| Err(fault("it panicked")));
    }
    let helper = in_helper(program, name, &bytes);
    match tokio::time::timeout(PATIENCE, helper).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => Err(fault(&error.to_string())),
        Err(_) => Err(too_hard()),
    }
}

async fn in_helper(program: &Path, name: &str, bytes: &[u8]) -> std::io::Result<Result<Cut, Refused>> {
    let mut helper = Command::new(program)
        .args([COMMAND, "--name", name])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (mut stdin, stdout) = match (helper.stdin.take(), helper.stdout.take()) {
        (Some(stdin), Some(stdout)) => (stdin, stdout),
        _ => return Err(std::io::Error::other("the helper has no pipes")),
    };
    let mut answer = Vec::new();
    let mut stdout = stdout.take(MAX_ANSWER_BYTES);
    let write = async move {
        // It may have refused the file before it has read all of it.
        let _ = stdin.write_all(bytes).await;
        drop(stdin);
    };
    let ((), read) = tokio::join!(write, stdout.read_to_end(&mut answer));
    read?;
    let status = helper.wait().await?;
    if !status.success() {
        tracing::warn!(helper.status = %status, "a knowledge file was too hard for its reader");
        return Ok(Err(too_hard()));
    }
    serde_json::from_slice(&answer).map_err(std::io::Error::other)
}

/// The helper itself: standard input to standard output. An error is its end.
pub fn run(name: &str) -> std::io::Result<()> {
    // Where the system knows no such limit, time is bounded all the same.
    let _ = rlimit::setrlimit(Resource::AS, MEMORY_BYTES, MEMORY_BYTES);
    let _ = rlimit::setrlimit(Resource::CPU, PROCESSOR_TIME.as_secs(), PROCESSOR_TIME.as_secs());
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let answer = serde_json::to_vec(&read_here(name, &bytes))?;
    std::io::stdout().lock().write_all(&answer)
}

fn read_here(name: &str, bytes: &[u8]) -> Result<Cut, Refused> {
    let readable = read(name, bytes).map_err(|error| Refused(error.to_string()))?;
    let passages = cut(&readable).map_err(|error| Refused(error.to_string()))?;
    Ok(Cut { passages, report: readable.report })
}

fn too_hard() -> Refused {
    let words = "The file takes too long to read, or too much memory. Split it, save it again in the program it was made \
        with, or upload its text.";
    Refused(words.to_owned())
}

fn fault(problem: &str) -> Refused {
    tracing::error!(error = problem, "a knowledge file could not be read");
    Refused("The file could not be read because of a fault in the gateway. Please report it.".to_owned())
}
