//! What was promised, counted from the simulator's own record; the management API is asked for outcomes alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use simulator::{Recorded, Side, Simulator, Told};

use super::load::{Written, phone};
use super::nodes::SETTLE_SECS;
use super::recovery::Answers;
use super::token::{Token, stamp, tokens};

/// A status that comes after the settling time may still be under way when the bubble is repeated.
const APPLYING: TimeDelta = TimeDelta::milliseconds(1500);
/// Between the release, from where the settling time runs, and the acceptance.
const RELEASE: TimeDelta = TimeDelta::milliseconds(500);

/// What the gateway says of itself when all is over.
#[derive(Debug, Default)]
pub struct Account {
    pub inbound: Vec<Value>,
    pub outbound: Vec<Value>,
    pub dead_jobs: Vec<Value>,
}

/// The figures of a cell. The first five are broken promises; the rest may be.
#[derive(Debug, Default)]
pub struct Verdict {
    pub lost: usize,
    pub doubled: usize,
    pub out_of_order: usize,
    pub strangers: usize,
    /// Without an outcome, or with one that is not true.
    pub wrong_outcome: usize,
    /// Bubbles repeated because no status of the first came within the settling time: nobody could know better.
    pub repeated: usize,
    /// Given to a person because the model failed, with a bubble that says so.
    pub handed_over: usize,
    pub bubbles: usize,
    /// What was found, a line each.
    pub found: Vec<String>,
}

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.out_of_order + self.strangers + self.wrong_outcome == 0
    }
}

/// A bubble that Graph accepted, and what it answers.
struct Shown {
    at: DateTime<Utc>,
    wamid: String,
    tokens: Vec<Token>,
}

pub struct Checker<'a> {
    simulator: &'a Simulator,
    written: &'a [Written],
    /// By our own message id: every acceptance, in order.
    decisions: BTreeMap<String, Vec<Shown>>,
    verdict: Verdict,
}

/// Counts everything; also answers when each message was answered.
pub fn check(simulator: &Simulator, written: &[Written], mixed: usize, account: &Account) -> (Verdict, Answers) {
    let mut checker = Checker { simulator, written, decisions: BTreeMap::new(), verdict: Verdict::default() };
    checker.verdict.strangers += mixed;
    for request in simulator.requests() {
        checker.sort(&request);
    }
    checker.repeats();
    checker.outcomes(account);
    checker.decided(account);
    checker.order();
    let answers = checker.answers();
    (checker.verdict, answers)
}

impl Checker<'_> {
    fn sort(&mut self, request: &Recorded) {
        let Some(wamid) = request.wamid.clone().filter(|_| request.accepted) else { return };
        self.verdict.bubbles += 1;
        let to = request.body["to"].as_str().unwrap_or_default().trim_start_matches('+').to_owned();
        let text = request.body["text"]["body"].as_str().unwrap_or_default();
        let shown = Shown { at: request.at, wamid, tokens: tokens(text) };
        let known = self.written.iter().any(|written| phone(written.token.customer) == to);
        if !known || shown.tokens.iter().any(|token| phone(token.customer) != to) {
            self.verdict.strangers += 1;
            self.verdict.found.push(format!("a stranger got a bubble: {to} got {text:?}"));
        }
        let decision = request.body["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
        self.decisions.entry(decision).or_default().push(shown);
    }

    /// One bubble per decision, unless nobody could know that the first had got there.
    fn repeats(&mut self) {
        for (decision, shown) in &self.decisions {
            for pair in shown.windows(2) {
                let settled = shown.iter().filter(|earlier| earlier.at < pair[1].at).any(|earlier| {
                    let told = self.simulator.told(&earlier.wamid).and_then(|told| told.taken_at);
                    let in_time = earlier.at + TimeDelta::seconds(SETTLE_SECS as i64) - RELEASE;
                    told.is_some_and(|taken_at| taken_at < in_time || taken_at + APPLYING < pair[1].at)
                });
                let waited = pair[1].at - pair[0].at;
                // The release comes before the acceptance: a little less than the settling time is enough.
                let too_soon = waited + RELEASE < TimeDelta::seconds(SETTLE_SECS as i64);
                if settled || too_soon {
                    self.verdict.doubled += 1;
                    let why = if settled { "its status had come" } else { "before it could settle" };
                    self.verdict.found.push(format!(
                        "a bubble was shown twice, {why}: {decision} {:?} at {} and {} ({} ms later)",
                        pair[0].tokens,
                        pair[0].at,
                        pair[1].at,
                        waited.num_milliseconds()
                    ));
                } else {
                    self.verdict.repeated += 1;
                }
            }
        }
    }

    /// Every message: stored once, one true outcome, one answer.
    fn outcomes(&mut self, account: &Account) {
        let mut by_wamid: HashMap<&str, Vec<&Value>> = HashMap::new();
        for message in &account.inbound {
            by_wamid.entry(message["wamid"].as_str().unwrap_or_default()).or_default().push(message);
        }
        let mut answered_by: HashMap<Token, HashSet<&str>> = HashMap::new();
        for (decision, shown) in &self.decisions {
            for token in shown.iter().flat_map(|shown| &shown.tokens) {
                answered_by.entry(*token).or_default().insert(decision);
            }
        }
        let shown_turns: HashSet<&str> = account
            .outbound
            .iter()
            .filter(|message| self.decisions.contains_key(message["id"].as_str().unwrap_or_default()))
            .filter_map(|message| message["turn_id"].as_str())
            .collect();
        for Written { token, wamid } in self.written {
            let stored = by_wamid.get(wamid.as_str()).map(Vec::as_slice).unwrap_or_default();
            let [message] = stored else {
                let taken = self.simulator.told(wamid).and_then(|told| told.taken_at);
                self.verdict.lost += usize::from(stored.is_empty());
                self.verdict.doubled += stored.len().saturating_sub(1);
                self.verdict.found.push(format!("{token} is stored {} times; taken at {taken:?}", stored.len()));
                continue;
            };
            let answers = answered_by.get(token).map_or(0, HashSet::len);
            let told_so = message["turn_id"].as_str().is_some_and(|turn_id| shown_turns.contains(turn_id));
            let (outcome, reason) = (message["outcome"].as_str(), message["outcome_reason"].as_str().unwrap_or(""));
            match (outcome, answers) {
                (Some("answered"), 1) => {}
                (_, 2..) => {
                    self.verdict.doubled += 1;
                    self.verdict.found.push(format!("{token} was answered twice: {:?}", answered_by[token]));
                }
                (Some("handed_over"), 0) if told_so => self.verdict.handed_over += 1,
                (_, 0) => {
                    self.verdict.lost += 1;
                    self.verdict.found.push(format!("{token} was not answered: {outcome:?} {reason}"));
                }
                _ => {
                    self.verdict.wrong_outcome += 1;
                    self.verdict.found.push(format!("{token} was answered, and is {outcome:?} {reason}"));
                }
            }
        }
    }

    /// Every decision the gateway tells of was shown; every bubble shown was decided.
    fn decided(&mut self, account: &Account) {
        let ids: HashSet<&str> = account.outbound.iter().filter_map(|message| message["id"].as_str()).collect();
        for message in &account.outbound {
            let (id, status) = (message["id"].as_str().unwrap_or_default(), message["status"].as_str().unwrap_or(""));
            let shown = self.decisions.contains_key(id);
            let said = matches!(status, "accepted" | "sent" | "delivered" | "read");
            if shown != said {
                self.verdict.wrong_outcome += 1;
                self.verdict
                    .found
                    .push(format!("bubble {id} is {status}, on the phone: {shown}: {}", message["error"]));
            }
        }
        for unknown in self.decisions.keys().filter(|id| !ids.contains(id.as_str())) {
            self.verdict.lost += 1;
            self.verdict.found.push(format!("bubble {unknown} was shown, and its decision is gone"));
        }
        for job in &account.dead_jobs {
            self.verdict.found.push(format!("a job was given up: {job}"));
        }
    }

    /// On each phone answers stand in the order they were given, and what was asked and taken before something else
    /// was even posted is not answered after it.
    fn order(&mut self) {
        let first_shown: HashSet<&str> =
            self.decisions.values().filter_map(|shown| shown.first()).map(|shown| shown.wamid.as_str()).collect();
        let wamids: HashMap<Token, &str> =
            self.written.iter().map(|written| (written.token, written.wamid.as_str())).collect();
        let told = |token: &Token| wamids.get(token).and_then(|wamid| self.simulator.told(wamid));
        let customers: HashSet<usize> = self.written.iter().map(|written| written.token.customer).collect();
        let mut found = Vec::new();
        for customer in customers {
            let (mut last_stamp, mut newest) = (None, None::<(DateTime<Utc>, Token)>);
            for bubble in self.simulator.bubbles(&phone(customer)) {
                if bubble.from != Side::Business || !first_shown.contains(bubble.wamid.as_str()) {
                    continue;
                }
                let stamped = stamp(&bubble.text);
                if stamped.is_some() && stamped < last_stamp {
                    found.push(format!("out of order: {:?} came after answer {last_stamp:?}", bubble.text));
                }
                last_stamp = last_stamp.max(stamped);
                let named: Vec<(Token, Told)> =
                    tokens(&bubble.text).into_iter().filter_map(|token| Some((token, told(&token)?))).collect();
                let late = named.iter().find_map(|(token, told)| {
                    let (taken_at, newest) = told.taken_at.zip(newest)?;
                    (taken_at < newest.0).then(|| {
                        format!(
                            "{token}, taken at {taken_at}, was answered at {}, after {}, which was posted at {}",
                            bubble.at, newest.1, newest.0
                        )
                    })
                });
                found.extend(late.map(|late| format!("out of order: {late}")));
                newest = named.iter().map(|(token, told)| (told.posted_at, *token)).max().max(newest);
            }
        }
        self.verdict.out_of_order = found.len();
        self.verdict.found.extend(found);
    }

    fn answers(&self) -> Answers {
        let mut first: HashMap<Token, DateTime<Utc>> = HashMap::new();
        for shown in self.decisions.values().flatten() {
            for token in &shown.tokens {
                let at = first.entry(*token).or_insert(shown.at);
                *at = shown.at.min(*at);
            }
        }
        let taken = |written: &Written| self.simulator.told(&written.wamid).and_then(|told| told.taken_at);
        Answers(self.written.iter().filter_map(|one| Some((taken(one)?, *first.get(&one.token)?))).collect())
    }
}
