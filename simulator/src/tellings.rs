//! When the gateway was first told of a message, and when it first said 200 to that: what a checker needs to tell a lost
//! message from one that never got through, and a bubble repeated for good reason from one repeated without.
//!
//! Bounded, the oldest leave first.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

const MAX_TELLINGS: usize = 400_000;

/// How the gateway learnt of a customer's message, or of the first status it took of one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub posted_at: DateTime<Utc>,
    /// When a webhook with it was first answered with 2xx.
    pub taken_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(crate) struct Tellings {
    by_wamid: HashMap<String, Told>,
    in_order: VecDeque<String>,
}

impl Tellings {
    pub(crate) fn get(&self, wamid: &str) -> Option<Told> {
        self.by_wamid.get(wamid).copied()
    }

    pub(crate) fn posted(&mut self, wamid: &str, now: DateTime<Utc>) {
        if self.by_wamid.contains_key(wamid) {
            return;
        }
        if self.in_order.len() == MAX_TELLINGS
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.by_wamid.remove(&oldest);
        }
        self.in_order.push_back(wamid.to_owned());
        self.by_wamid.insert(wamid.to_owned(), Told { posted_at: now, taken_at: None });
    }

    pub(crate) fn taken(&mut self, wamid: &str, now: DateTime<Utc>) {
        if let Some(told) = self.by_wamid.get_mut(wamid) {
            told.taken_at.get_or_insert(now);
        }
    }
}
