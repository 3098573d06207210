//! Everything that can go wrong between Meta and a gateway, switched on one by one.
//!
//! All of it is off at first. Chance comes from a seeded generator, so a run can be repeated.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{codes, media::AddressRule};

/// The switches, as `PUT /sim/faults` takes them; what is left out is off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Share of webhooks that are posted twice.
    pub duplicate_webhooks: f64,
    /// Extra delay of webhooks, at live pace.
    pub late_ms: u64,
    /// Webhooks leave in reverse order, within what is queued at that moment.
    pub reverse: bool,
    /// Up to so many inbound messages in one webhook; 0 and 1 mean one each.
    pub batch: usize,
    /// Statuses wait until this is switched off.
    pub hold_statuses: bool,
    /// Statuses never leave.
    pub drop_statuses: bool,
    pub status_order: StatusOrder,
    /// The first status is posted, and its answer awaited, before the send is answered.
    pub status_before_answer: bool,
    /// Refusals: the first that fires answers the send, which is then not accepted.
    pub answers: Vec<Answer>,
    /// The send is accepted, but the connection breaks without an answer.
    pub accept_then_drop: Option<Chance>,
    /// The send is not accepted, and the connection stays silent until it breaks.
    pub hang: Option<Hang>,
    /// The send is accepted, but answered so much later.
    pub accept_then_hang: Option<Hang>,
    /// The send is accepted, but answered with HTTP 500, code 131000.
    pub accept_then_500: Option<Chance>,
    /// The send is accepted, then a `failed` status follows instead of `delivered` and `read`.
    pub fail_status: Option<FailStatus>,
    /// Refuse free messages to customers who have not written within 24 hours.
    pub window_check: bool,
    /// Meta's rates hold: 80 sends a second from a number (130429), 45 at once and then one in six seconds to the same
    /// person (131056).
    pub limits: bool,
    /// So many marketing templates reach one person in 24 hours; more fail later with 131049.
    pub marketing_per_user: Option<u32>,
    /// The addresses of files have expired by the time they arrive.
    pub expired_media_urls: bool,
    /// The address of a file is good for so many downloads.
    pub downloads_per_media_url: Option<u32>,
    /// Refusals of calls about files: upload, look-up, download and deletion.
    pub media_answers: Vec<Answer>,
    /// Refusals of every other call that is not a send: templates, numbers, profiles and so on.
    pub management_answers: Vec<Answer>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            duplicate_webhooks: 0.0,
            late_ms: 0,
            reverse: false,
            batch: 0,
            hold_statuses: false,
            drop_statuses: false,
            status_order: StatusOrder::Normal,
            status_before_answer: false,
            answers: Vec::new(),
            accept_then_drop: None,
            hang: None,
            accept_then_hang: None,
            accept_then_500: None,
            fail_status: None,
            window_check: true,
            limits: false,
            marketing_per_user: None,
            expired_media_urls: false,
            downloads_per_media_url: None,
            media_answers: Vec::new(),
            management_answers: Vec::new(),
        }
    }
}

impl Faults {
    /// How addresses of files behave.
    pub(crate) fn address_rule(&self) -> AddressRule {
        AddressRule { expired: self.expired_media_urls, downloads: self.downloads_per_media_url }
    }

    /// What is wrong with these switches, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let hangs = [&self.hang, &self.accept_then_hang].into_iter().flatten();
        let mut seconds = hangs.clone().map(|hang| hang.secs);
        if let Some(secs) = seconds.find(|secs| Duration::try_from_secs_f64(*secs).is_err()) {
            return Some(format!("secs must be a time that can pass, not {secs}"));
        }
        let answers = self.answers.iter().chain(&self.media_answers).chain(&self.management_answers);
        if let Some(odd) = answers.clone().find(|answer| !answer.has_http()) {
            return Some(format!("http must be between 400 and 599, not {}", odd.http));
        }
        let chances = [&self.accept_then_drop, &self.accept_then_500].into_iter().flatten().map(|chance| chance.share);
        let shares = chances
            .chain(hangs.map(|hang| hang.share))
            .chain(answers.map(|answer| answer.share))
            .chain(self.fail_status.iter().map(|fail| fail.share))
            .chain([self.duplicate_webhooks]);
        let odd = shares.into_iter().find(|share| !(0.0..=1.0).contains(share))?;
        Some(format!("a share must be between 0 and 1, not {odd}"))
    }
}

/// In which order the statuses of one message come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusOrder {
    #[default]
    Normal,
    Reversed,
    ReadOnly,
}

/// How often something happens: by chance, and at most so many times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    #[serde(default = "always")]
    pub share: f64,
    #[serde(default)]
    pub times: Option<u32>,
}

/// A refusal of a send. With no code, the answer is not Graph's JSON but a page from something in between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    pub code: Option<i64>,
    /// Left out, it is the one Meta's table has for the code.
    #[serde(default)]
    pub http: u16,
    #[serde(default = "always")]
    pub share: f64,
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(default)]
    pub retry_after_secs: Option<u64>,
}

impl Answer {
    fn has_http(&self) -> bool {
        (400..600).contains(&self.http) || (self.http == 0 && self.code.is_some())
    }

    fn refusal(&self) -> Before {
        let http = match self.code {
            Some(code) if self.http == 0 => codes::of(code).1,
            _ => self.http,
        };
        Before::Refuse { code: self.code, http, retry_after_secs: self.retry_after_secs }
    }
}

/// Silence for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hang {
    #[serde(default = "always")]
    pub share: f64,
    #[serde(default)]
    pub times: Option<u32>,
    pub secs: f64,
}

impl Hang {
    fn pause(&self) -> Duration {
        Duration::try_from_secs_f64(self.secs).unwrap_or_default()
    }
}

/// A `failed` status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailStatus {
    pub code: i64,
    #[serde(default = "always")]
    pub share: f64,
    #[serde(default)]
    pub times: Option<u32>,
}

fn always() -> f64 {
    1.0
}

/// What befalls a send before it is looked at.
pub(crate) enum Before {
    Hang(Duration),
    Refuse { code: Option<i64>, http: u16, retry_after_secs: Option<u64> },
}

/// What befalls the answer of a send that was accepted.
pub(crate) enum After {
    Drop,
    Hang(Duration),
    Error,
}

/// The switches at work, with their dice.
pub(crate) struct Dice {
    pub(crate) faults: Faults,
    state: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { faults: Faults::default(), state: seed }
    }

    pub(crate) fn before(&mut self) -> Option<Before> {
        let Self { faults, state } = self;
        if let Some(hang) = &mut faults.hang
            && fires(state, hang.share, &mut hang.times)
        {
            return Some(Before::Hang(hang.pause()));
        }
        first_answer(state, &mut faults.answers)
    }

    /// What befalls a call about a file.
    pub(crate) fn before_media(&mut self) -> Option<Before> {
        first_answer(&mut self.state, &mut self.faults.media_answers)
    }

    /// What befalls any other call that is not a send.
    pub(crate) fn before_management(&mut self) -> Option<Before> {
        first_answer(&mut self.state, &mut self.faults.management_answers)
    }

    pub(crate) fn after(&mut self) -> Option<After> {
        let Self { faults, state } = self;
        if let Some(drop) = &mut faults.accept_then_drop
            && fires(state, drop.share, &mut drop.times)
        {
            return Some(After::Drop);
        }
        if let Some(hang) = &mut faults.accept_then_hang
            && fires(state, hang.share, &mut hang.times)
        {
            return Some(After::Hang(hang.pause()));
        }
        let error = faults.accept_then_500.as_mut()?;
        fires(state, error.share, &mut error.times).then_some(After::Error)
    }

    /// The code a message fails with after it was accepted.
    pub(crate) fn failure(&mut self) -> Option<i64> {
        let fail = self.faults.fail_status.as_mut()?;
        fires(&mut self.state, fail.share, &mut fail.times).then_some(fail.code)
    }

    pub(crate) fn twice(&mut self) -> bool {
        fires(&mut self.state, self.faults.duplicate_webhooks, &mut None)
    }
}

fn first_answer(state: &mut u64, answers: &mut [Answer]) -> Option<Before> {
    let mut answers = answers.iter_mut();
    let answer = answers.find_map(|answer| fires(state, answer.share, &mut answer.times).then_some(answer))?;
    Some(answer.refusal())
}

fn fires(state: &mut u64, share: f64, times: &mut Option<u32>) -> bool {
    if *times == Some(0) || share <= 0.0 || (share < 1.0 && draw(state) >= share) {
        return false;
    }
    if let Some(left) = times {
        *left -= 1;
    }
    true
}

/// SplitMix64, between 0 and 1: all the randomness a fault needs.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_fires_as_often_as_it_was_told_and_no_more() {
        let mut dice = Dice::new(1);
        dice.faults.accept_then_500 = Some(Chance { share: 1.0, times: Some(2) });
        let fired = (0..5).filter(|_| dice.after().is_some()).count();
        assert_eq!(fired, 2);
    }

    #[test]
    fn the_same_seed_rolls_the_same_dice() {
        let roll = |seed| {
            let mut dice = Dice::new(seed);
            dice.faults.duplicate_webhooks = 0.5;
            (0..64).map(|_| dice.twice()).collect::<Vec<_>>()
        };
        assert_eq!(roll(7), roll(7));
        assert_ne!(roll(7), roll(8));
        assert!((10..54).contains(&roll(7).iter().filter(|twice| **twice).count()));
    }

    #[test]
    fn a_misspelt_switch_is_refused() {
        let error = serde_json::from_str::<Faults>(r#"{"hold_status": true}"#).expect_err("no such switch");
        assert!(error.to_string().contains("unknown field `hold_status`"), "{error}");
    }
}
