//! Meta's limits as they are computed when the fault switch `limits` is on: how fast one number may write, how fast one
//! number may write to one person, and how much marketing a person gets.
//!
//! Both rates are one rule: an allowance that refills steadily, kept as the moment at which it would be full again.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

/// Beyond this, who has a full allowance again is forgotten.
const MAX_PAIRS: usize = 100_000;

/// One message in six seconds to the same person, up to 45 at once.
const PAIR: Rate = Rate { every_ms: 6_000, burst: 45 };
/// Eighty messages a second from one number.
const NUMBER: Rate = Rate { every_ms: 12, burst: 80 };
const NUMBER_HIGH: Rate = Rate { every_ms: 1, burst: 1000 };

struct Rate {
    every_ms: i64,
    burst: i64,
}

impl Rate {
    /// Takes one from the allowance; false if there is none left.
    fn take(&self, full_again: &mut DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let from = (*full_again).max(now);
        if from - now > TimeDelta::milliseconds(self.every_ms * (self.burst - 1)) {
            return false;
        }
        *full_again = from + TimeDelta::milliseconds(self.every_ms);
        true
    }
}

/// What has been used of each allowance.
#[derive(Default)]
pub(crate) struct Limits {
    numbers: HashMap<String, DateTime<Utc>>,
    pairs: HashMap<(String, String), DateTime<Utc>>,
    /// Marketing templates by person: how many, and since when they count.
    marketing: HashMap<String, (u32, DateTime<Utc>)>,
}

impl Limits {
    /// The code a send is refused with, if a rate is exceeded.
    pub(crate) fn refusal(&mut self, number: &str, person: &str, high: bool, now: DateTime<Utc>) -> Option<i64> {
        let rate = if high { NUMBER_HIGH } else { NUMBER };
        if !rate.take(self.numbers.entry(number.to_owned()).or_insert(now), now) {
            return Some(130_429);
        }
        if self.pairs.len() >= MAX_PAIRS {
            self.pairs.retain(|_, full_again| *full_again > now);
        }
        let pair = self.pairs.entry((number.to_owned(), person.to_owned())).or_insert(now);
        if PAIR.take(pair, now) { None } else { Some(131_056) }
    }

    /// Counts a marketing template to a person; true if it is more than they get in 24 hours.
    pub(crate) fn is_too_much_marketing(&mut self, person: &str, most: u32, now: DateTime<Utc>) -> bool {
        let day_ago = now - TimeDelta::hours(24);
        if self.marketing.len() >= MAX_PAIRS {
            self.marketing.retain(|_, (_, since)| *since > day_ago);
        }
        let (count, since) = self.marketing.entry(person.to_owned()).or_insert((0, now));
        if *since <= day_ago {
            (*count, *since) = (0, now);
        }
        *count = count.saturating_add(1);
        *count > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_a_burst_and_then_one_in_six_seconds() {
        let (mut limits, start) = (Limits::default(), Utc::now());
        let mut send = |at: i64| limits.refusal("1", "a", true, start + TimeDelta::milliseconds(at));
        assert!((0..45).all(|_| send(0).is_none()));
        assert_eq!(send(0), Some(131_056));
        assert_eq!(send(6_000), None);
        assert_eq!(send(6_001), Some(131_056));
    }

    #[test]
    fn a_number_has_eighty_a_second_whoever_they_go_to() {
        let (mut limits, now) = (Limits::default(), Utc::now());
        let refused = (0..81).filter_map(|person| limits.refusal("1", &person.to_string(), false, now)).count();
        assert_eq!(refused, 1);
        assert_eq!(limits.refusal("1", "z", false, now + TimeDelta::seconds(1)), None);
    }

    #[test]
    fn marketing_is_counted_over_a_day() {
        let (mut limits, now) = (Limits::default(), Utc::now());
        let over: Vec<bool> = (0..3).map(|_| limits.is_too_much_marketing("a", 2, now)).collect();
        assert_eq!(over, [false, false, true]);
        assert!(!limits.is_too_much_marketing("a", 2, now + TimeDelta::hours(24)));
    }
}
