//! The fact lock: what a reply states must stand in its sources, or the reply does not leave.
//!
//! The sources are the instructions, the passages, what tools gave, what the customer and colleagues wrote, and what the
//! agent itself said under the lock. No model is asked for its opinion: the same reply gets the same verdict.

use chrono::{DateTime, Days};
use entity::state::FactLockMode;
use serde::Serialize;

use super::think::Asked;
use crate::clock::Millis;
use crate::facts::{self, Fact, Sources};
use crate::knowledge::Found;
use crate::llm::ChatMessage;
use crate::prompt::Speaker;

/// What is told of a reply that states very much.
const MAX_MISSING: usize = 20;
const MAX_FACT_CHARS: usize = 100;

/// What the lock thinks of a reply.
#[derive(Debug, PartialEq)]
pub enum Judged {
    Passes,
    /// The model writes it again, without these.
    Rewrite(Vec<Missing>),
    /// It did so in vain; why, for a person.
    Refused(String),
}

/// A fact that stands in no source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// `price`, `percentage`, `date`, `time`, `phone`, `email`, `link`, `quantity` or `number`.
    pub kind: &'static str,
    pub text: String,
}

/// How it ended, for the why card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    mode: &'static str,
    /// `clean`, `flagged`, `rewritten` or `refused`.
    verdict: &'static str,
    /// How many facts the reply states.
    facts: usize,
    /// What stood in no source; of a reply that was rewritten, what the first one stated.
    missing: Vec<Missing>,
}

impl Verdict {
    /// Whether the reply did not leave.
    pub fn is_refusal(&self) -> bool {
        self.verdict == REFUSED
    }
}

const CLEAN: &str = "clean";
const FLAGGED: &str = "flagged";
const REWRITTEN: &str = "rewritten";
const REFUSED: &str = "refused";

/// Whether the turn with this trace stated nothing but what stands in its sources.
pub fn vouches_for(trace: &serde_json::Value) -> bool {
    matches!(trace["fact_lock"]["verdict"].as_str(), Some(CLEAN | REWRITTEN))
}

#[derive(Debug)]
pub struct FactLock {
    mode: FactLockMode,
    sources: Sources,
    objected: Vec<Missing>,
    pub verdict: Option<Verdict>,
}

impl FactLock {
    /// The lock of the agent that is asked, with all it may draw from before a tool was called.
    pub fn over(asked: &Asked<'_>, found: &[Found], now: Millis) -> Self {
        let mode = asked.agent.version.fact_lock;
        let mut sources = Sources::default();
        if mode != FactLockMode::Off {
            sources.read(asked.agent.version.instructions.as_str());
            found.iter().for_each(|passage| {
                sources.read(&passage.text);
                sources.read(passage.heading.as_deref().unwrap_or_default());
            });
            asked.question.iter().chain(asked.vouched).for_each(|text| sources.read(text));
            let others = asked.history.iter().filter(|line| line.speaker != Speaker::Agent);
            others.for_each(|line| sources.read(&line.text));
            let names = asked.facts.business_name.iter().chain(&asked.facts.contact_name);
            names.for_each(|name| sources.read(name));
            // Whoever knows what day it is knows tomorrow.
            let today = DateTime::from_timestamp_millis(now).unwrap_or_default().date_naive();
            let tomorrow = today.checked_add_days(Days::new(1));
            [Some(today), tomorrow].into_iter().flatten().for_each(|day| sources.allow(day));
        }
        Self { mode, sources, objected: Vec::new(), verdict: None }
    }

    /// Judges a reply. `said` is what was said after the prompt, with what the tools gave.
    pub fn judge(&mut self, reply: &str, said: &[ChatMessage]) -> Judged {
        if self.mode == FactLockMode::Off {
            return Judged::Passes;
        }
        let mut sources = self.sources.clone();
        for message in said {
            if let ChatMessage::Tool { text, .. } = message {
                sources.read(text);
            }
        }
        let missing: Vec<Missing> = sources.missing(reply).into_iter().take(MAX_MISSING).map(Missing::of).collect();
        let had_objected = !self.objected.is_empty();
        let judged = match (missing.is_empty(), self.mode, had_objected) {
            (true, _, _) | (false, FactLockMode::Off | FactLockMode::Flag, _) => Judged::Passes,
            (false, FactLockMode::Enforce, false) => {
                self.objected.clone_from(&missing);
                return Judged::Rewrite(missing);
            }
            (false, FactLockMode::Enforce, true) => Judged::Refused(reason(&missing)),
        };
        let verdict = match (missing.is_empty(), &judged) {
            (true, _) if had_objected => REWRITTEN,
            (true, _) => CLEAN,
            (false, Judged::Refused(_)) => REFUSED,
            (false, _) => FLAGGED,
        };
        let missing = if verdict == REWRITTEN { self.objected.clone() } else { missing };
        self.note(verdict, facts::facts(reply).len(), missing);
        judged
    }

    /// The model was to write its reply again and did not: why no reply leaves. `None` where it was not.
    pub fn was_left_alone(&mut self) -> Option<String> {
        if self.objected.is_empty() {
            return None;
        }
        let missing = self.objected.clone();
        let reason = reason(&missing);
        self.note(REFUSED, missing.len(), missing);
        Some(reason)
    }

    fn note(&mut self, verdict: &'static str, facts: usize, missing: Vec<Missing>) {
        metrics::counter!("switchboard_fact_lock_total", "verdict" => verdict).increment(1);
        self.verdict = Some(Verdict { mode: self.mode.as_str(), verdict, facts, missing });
    }
}

impl Missing {
    fn of(fact: Fact) -> Self {
        Self { kind: fact.kind.as_str(), text: fact.text.chars().take(MAX_FACT_CHARS).collect() }
    }
}

fn reason(missing: &[Missing]) -> String {
    let told: Vec<&str> = missing.iter().map(|fact| fact.text.as_str()).collect();
    format!("the reply stated what stands in no source: {}", told.join(", "))
}
