//! How long after a kill work went on.

use chrono::{DateTime, TimeDelta, Utc};

/// For each answered message: when it was taken, and when its answer stood on the phone.
#[derive(Debug, Default)]
pub struct Answers(pub Vec<(DateTime<Utc>, DateTime<Utc>)>);

/// The slowest of a cell.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Recovery {
    /// Until the first answer to something taken before the kill.
    pub resumed: TimeDelta,
    /// Until the last of them, with all faults and kills that came in between.
    pub caught_up: TimeDelta,
}

impl Answers {
    pub fn recovery(&self, kills: &[DateTime<Utc>]) -> Recovery {
        let mut slowest = Recovery::default();
        for kill in kills {
            let in_hand = self.0.iter().filter(|(taken, answered)| taken <= kill && answered > kill);
            let waited: Vec<TimeDelta> = in_hand.map(|(_, answered)| *answered - kill).collect();
            slowest.resumed = slowest.resumed.max(waited.iter().copied().min().unwrap_or_default());
            slowest.caught_up = slowest.caught_up.max(waited.iter().copied().max().unwrap_or_default());
        }
        slowest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_in_hand_counts() {
        let at = |secs| DateTime::from_timestamp(secs, 0).expect("a time");
        let answers = Answers(vec![(at(1), at(2)), (at(1), at(7)), (at(2), at(5)), (at(4), at(30))]);
        let recovery = answers.recovery(&[at(3)]);
        assert_eq!(recovery, Recovery { resumed: TimeDelta::seconds(2), caught_up: TimeDelta::seconds(4) });
    }
}
