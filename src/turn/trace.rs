//! The why card: what a turn saw and did, as it is stored with it.

use serde::Serialize;

use super::fact_lock::Verdict;
use crate::prompt::Account;

#[derive(Debug, Clone, Default, Serialize)]
pub struct Trace {
    /// How long the oldest message waited until the turn began, in milliseconds.
    pub waited_ms: i64,
    pub restarts: i32,
    pub passages: Vec<TracePassage>,
    pub prompt: Option<Account>,
    /// Each model that was asked, and how that ended.
    pub models: Vec<TraceModel>,
    pub tools: Vec<TraceTool>,
    /// Where the words came from: `model`, `passage` or `holding`.
    pub source: &'static str,
    pub hand_over: Option<String>,
    /// What the fact lock thought of the reply; null where the agent has none, or no model wrote it.
    pub fact_lock: Option<Verdict>,
    /// Characters of the reply that were cut off because it was too long to send.
    pub reply_cut_chars: usize,
    pub think_ms: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct TracePassage {
    pub file_id: String,
    pub file_name: String,
    pub heading: Option<String>,
    pub page: Option<i32>,
    pub row: Option<i32>,
    pub score: f32,
    pub coverage: f32,
    pub tokens: usize,
    /// Its first words, to know it by.
    pub begins: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct TraceModel {
    pub name: String,
    /// `ok`, or the kind of error.
    pub result: String,
    pub error: Option<String>,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct TraceTool {
    pub name: String,
    pub ok: bool,
    pub error: Option<String>,
}
