//! What the gateway asked of us: every Graph request, bounded, the oldest leave first.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

const MAX_REQUESTS: usize = 200_000;

/// One Graph request and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    pub at: DateTime<Utc>,
    pub method: String,
    pub path: String,
    /// The JSON that was sent; null when there was none or it was not JSON.
    pub body: Value,
    /// The HTTP status answered; 0 when the connection was broken or left hanging.
    pub http: u16,
    /// Whether what it asked for was done, whatever the answer said.
    pub accepted: bool,
    /// The message it made, if it made one.
    pub wamid: Option<String>,
    /// The error code answered.
    pub code: Option<i64>,
}

/// A request as it is kept: the body stays text until somebody looks.
pub(crate) struct Entry {
    pub(crate) at: DateTime<Utc>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    pub(crate) http: u16,
    pub(crate) accepted: bool,
    pub(crate) wamid: Option<String>,
    pub(crate) code: Option<i64>,
}

impl Entry {
    pub(crate) fn open(&self) -> Recorded {
        Recorded {
            at: self.at,
            method: self.method.clone(),
            path: self.path.clone(),
            body: serde_json::from_slice(&self.body).unwrap_or(Value::Null),
            http: self.http,
            accepted: self.accepted,
            wamid: self.wamid.clone(),
            code: self.code,
        }
    }
}

/// The record, with the counters tests ask for most.
#[derive(Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    pub(crate) reads: usize,
    pub(crate) typings: usize,
}

impl Journal {
    pub(crate) fn push(&mut self, entry: Entry) {
        if self.entries.len() == MAX_REQUESTS {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// The last so many, oldest first.
    pub(crate) fn last(&self, limit: usize) -> Vec<Recorded> {
        let skipped = self.entries.len().saturating_sub(limit);
        self.entries.range(skipped..).map(Entry::open).collect()
    }
}
