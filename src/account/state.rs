//! What is known of a number's health: as it is stored with the number, and what follows from it.

use entity::state::{HealthSource, HealthStatus};
use entity::{HealthRecordId, health_record, number};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::telling::NumberChange;
use crate::clock::Millis;

pub const QUALITY_LOW: &str = "quality_red";
pub const NAME_REJECTED: &str = "name_rejected";
pub const ACCOUNT_RESTRICTED: &str = "account_restricted";
pub const ACCOUNT_DISABLED: &str = "account_disabled";
pub const ACCOUNT_DELETED: &str = "account_deleted";
pub const ACCOUNT_REJECTED: &str = "account_rejected";
pub const OFFBOARDED: &str = "offboarded";
pub const ACCOUNT_TROUBLES: &[&str] =
    &[ACCOUNT_RESTRICTED, ACCOUNT_DISABLED, ACCOUNT_DELETED, ACCOUNT_REJECTED, OFFBOARDED];

const AVAILABLE: &str = "AVAILABLE";
const NO_TOKEN: &str = "The number has no access token: set access_token.";
const HELD: &str = "Meta refuses this number's credentials, so what it sends waits. Set a new access_token, or mend its account at Meta and check again.";

/// What is wrong and what to do, with a stable word for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: String,
    pub message: String,
}

impl Problem {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

/// A trouble that Meta told of by webhook and has not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub code: String,
    pub message: String,
    pub at: Millis,
    /// When it ends by itself.
    pub until: Option<Millis>,
}

/// What the access token may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub valid: bool,
    pub scopes: Vec<String>,
    /// `None` when it does not expire.
    pub expires_at: Option<Millis>,
}

/// The number's fields in Meta's words; what was never told is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    pub verified_name: Option<String>,
    pub name_status: Option<String>,
    pub quality_rating: Option<String>,
    pub messaging_limit: Option<String>,
    pub throughput: Option<String>,
    pub status: Option<String>,
    pub platform: Option<String>,
    pub can_send: Option<String>,
    pub token: Option<Token>,
    pub subscribed: Option<bool>,
}

impl State {
    /// What is told now, and what was known before where nothing is told.
    fn over(self, before: Self) -> Self {
        Self {
            verified_name: self.verified_name.or(before.verified_name),
            name_status: self.name_status.or(before.name_status),
            quality_rating: self.quality_rating.or(before.quality_rating),
            messaging_limit: self.messaging_limit.or(before.messaging_limit),
            throughput: self.throughput.or(before.throughput),
            status: self.status.or(before.status),
            platform: self.platform.or(before.platform),
            can_send: self.can_send.or(before.can_send),
            token: self.token.or(before.token),
            subscribed: self.subscribed.or(before.subscribed),
        }
    }
}

/// All that is known of a number's health, as `numbers.health` holds it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    pub checked_at: Option<Millis>,
    /// What the last check found.
    pub problems: Vec<Problem>,
    /// What was told by webhook and still holds.
    pub told: Vec<Told>,
    #[serde(flatten)]
    pub state: State,
}

impl Known {
    pub fn of(number: &number::Model) -> Self {
        // Nothing, or what another version wrote: the next check tells it anew.
        number.health.clone().and_then(|health| serde_json::from_value(health).ok()).unwrap_or_default()
    }

    pub fn to_json(&self) -> Value {
        json!(self)
    }

    /// Everything that is wrong by now: what Meta told first, then what was found.
    pub fn problems(&self, now: Millis) -> Vec<Problem> {
        let told = self.told.iter().filter(|told| told.until.is_none_or(|until| until > now));
        let mut problems: Vec<Problem> = told.map(|told| Problem::new(&told.code, &told.message)).collect();
        for problem in &self.problems {
            if !problems.iter().any(|told| told.code == problem.code) {
                problems.push(problem.clone());
            }
        }
        problems
    }

    /// Whether the number can do its work, and in words what to do.
    pub fn status(&self, number: &number::Model, now: Millis) -> (HealthStatus, String) {
        if number.held_until.is_some() {
            return (HealthStatus::Held, HELD.to_owned());
        }
        if number.access_token.is_none() {
            return (HealthStatus::Trouble, NO_TOKEN.to_owned());
        }
        match self.problems(now).into_iter().next() {
            Some(problem) => (HealthStatus::Trouble, problem.message),
            None if self.checked_at.is_none() => (HealthStatus::Unknown, "Not checked yet: POST to check.".to_owned()),
            None => (HealthStatus::Ok, "All is well.".to_owned()),
        }
    }

    /// Takes in what a check found. `reached` says that Graph told of the number itself.
    pub fn take_check(&mut self, state: State, problems: Vec<Problem>, reached: bool, now: Millis) {
        self.checked_at = Some(now);
        self.problems = problems;
        self.told.retain(|told| told.until.is_none_or(|until| until > now));
        if !reached {
            return;
        }
        self.state = state.over(std::mem::take(&mut self.state));
        let can_send = self.state.can_send.as_deref() == Some(AVAILABLE);
        let has_name_status = self.state.name_status.is_some();
        // What Graph says now counts more than what was told; a restriction with an end lasts until then.
        self.told.retain(|told| match told.code.as_str() {
            QUALITY_LOW => false,
            NAME_REJECTED => !has_name_status,
            _ => told.until.is_some() || !can_send,
        });
    }

    /// Takes in what a webhook told, whose sentence is `summary`.
    pub fn take_change(&mut self, change: &NumberChange, summary: &str, at: Millis) {
        let state = &mut self.state;
        match change {
            NumberChange::VerifiedName(name) => state.verified_name = Some(name.clone()),
            NumberChange::NameStatus(status) => state.name_status = Some(status.clone()),
            NumberChange::Quality(quality) => state.quality_rating = Some(quality.clone()),
            NumberChange::Limit(limit) => state.messaging_limit = Some(limit.clone()),
            NumberChange::Throughput(level) => state.throughput = Some(level.clone()),
            NumberChange::Trouble { code, until } => {
                self.told.retain(|told| told.code != *code);
                let told = Told { code: (*code).to_owned(), message: summary.to_owned(), at, until: *until };
                self.told.insert(0, told);
            }
            NumberChange::Over(codes) => {
                self.told.retain(|told| !codes.contains(&told.code.as_str()));
                self.problems.retain(|problem| !codes.contains(&problem.code.as_str()));
            }
        }
    }

    /// A record of how the number is now.
    pub fn to_record(&self, number: &number::Model, source: HealthSource, now: Millis) -> health_record::Model {
        health_record::Model {
            id: HealthRecordId::generate(now),
            workspace_id: number.workspace_id.clone(),
            number_id: number.id.clone(),
            source,
            status: self.status(number, now).0,
            state: json!(self.state),
            problems: json!(self.problems(now)),
            at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESTRICTED: NumberChange = NumberChange::Trouble { code: ACCOUNT_RESTRICTED, until: Some(100) };

    #[test]
    fn what_was_told_lasts_until_its_end_or_until_meta_says_otherwise() {
        let mut known = Known::default();
        known.take_change(&RESTRICTED, "restricted", 1);
        known.take_change(&RESTRICTED, "restricted again", 2);
        assert_eq!(known.problems(50), [Problem::new(ACCOUNT_RESTRICTED, "restricted again")]);
        assert_eq!(known.problems(100), []);
        known.take_change(&NumberChange::Over(ACCOUNT_TROUBLES), "", 3);
        assert!(known.told.is_empty());
    }

    #[test]
    fn what_graph_says_counts_more_than_what_was_told() {
        let mut known = Known::default();
        known.take_change(&NumberChange::Trouble { code: QUALITY_LOW, until: None }, "red", 1);
        known.take_change(&NumberChange::Trouble { code: ACCOUNT_DISABLED, until: None }, "disabled", 1);
        known.take_change(&NumberChange::Limit("TIER_2K".to_owned()), "", 1);
        known.take_check(State::default(), Vec::new(), false, 2);
        assert_eq!(known.problems(2).len(), 2, "Graph was not reached");
        known.take_check(State::default(), Vec::new(), true, 3);
        assert_eq!(known.problems(3), [Problem::new(ACCOUNT_DISABLED, "disabled")]);
        let can_send = State { can_send: Some(AVAILABLE.to_owned()), ..State::default() };
        known.take_check(can_send, Vec::new(), true, 4);
        assert_eq!((known.problems(4), known.state.messaging_limit.as_deref()), (Vec::new(), Some("TIER_2K")));
    }

    #[test]
    fn what_an_earlier_version_wrote_is_read() {
        let health = json!({"checked_at": 5, "problems": [{"code": "a", "message": "b"}]});
        let known: Known = serde_json::from_value(health).expect("read");
        assert_eq!((known.checked_at, known.problems), (Some(5), vec![Problem::new("a", "b")]));
    }
}
