//! Webhooks that wait to leave, in order of when they are due.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{bubble::BubbleStatus, settings::Number};

/// More than this waits only if nobody has answered for long; newcomers are then turned away.
const MAX_WAITING: usize = 500_000;

/// Inbound messages to be gathered leave together at the end of such a slot.
const GATHER: Duration = Duration::from_millis(50);

/// One thing to tell the gateway.
pub(crate) struct Parcel {
    /// The number it belongs to; none if a whole body names no number we know.
    pub(crate) number: Option<Arc<Number>>,
    /// What keeps order: things with the same lane never overtake each other.
    pub(crate) lane: u64,
    pub(crate) load: Load,
    pub(crate) attempts: u32,
    place: u64,
}

impl Parcel {
    pub(crate) fn new(number: Option<Arc<Number>>, lane: u64, load: Load) -> Self {
        Self { number, lane, load, attempts: 0, place: 0 }
    }
}

pub(crate) enum Load {
    Inbound {
        /// Messages of the system come without.
        contact: Option<Value>,
        message: Value,
    },
    Status {
        wamid: String,
        status: BubbleStatus,
        error: Option<i64>,
        contact: Option<Value>,
        body: Value,
    },
    /// Meta's verdict on a template: what it is turns out as it leaves.
    Review {
        template_id: u64,
    },
    /// A body as it is to be posted.
    Whole(Value),
}

/// When something may leave.
#[derive(Clone, Copy)]
pub(crate) enum Due {
    Now,
    In(Duration),
    /// At the end of the current slot, together with others.
    Gathered(Duration),
}

pub(crate) struct Queue {
    waiting: BTreeMap<(Duration, u64), Parcel>,
    /// Statuses a fault holds back.
    held: Vec<Parcel>,
    placed: u64,
    started: Instant,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { waiting: BTreeMap::new(), held: Vec::new(), placed: 0, started: Instant::now() }
    }

    /// Takes in a parcel; false if there is no room.
    pub(crate) fn push(&mut self, mut parcel: Parcel, due: Due) -> bool {
        if self.len() >= MAX_WAITING {
            return false;
        }
        self.placed += 1;
        parcel.place = self.placed;
        self.put_back(parcel, due);
        true
    }

    /// Takes back a parcel that could not be delivered, at the place it had.
    pub(crate) fn put_back(&mut self, parcel: Parcel, due: Due) {
        let due = match due {
            Due::Now => Duration::ZERO,
            Due::In(delay) => self.started.elapsed() + delay,
            Due::Gathered(delay) => end_of_slot(self.started.elapsed() + delay),
        };
        self.waiting.insert((due, parcel.place), parcel);
    }

    /// Sets a parcel aside until `release`.
    pub(crate) fn hold(&mut self, parcel: Parcel) {
        self.held.push(parcel);
    }

    pub(crate) fn release(&mut self) {
        for parcel in std::mem::take(&mut self.held) {
            self.put_back(parcel, Due::Now);
        }
    }

    pub(crate) fn take_all(&mut self) -> Vec<Parcel> {
        std::mem::take(&mut self.waiting).into_values().collect()
    }

    pub(crate) fn take_due(&mut self) -> Vec<Parcel> {
        let later = self.waiting.split_off(&(self.started.elapsed(), u64::MAX));
        std::mem::replace(&mut self.waiting, later).into_values().collect()
    }

    /// How long until the next one is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        let ((due, _), _) = self.waiting.first_key_value()?;
        Some(due.saturating_sub(self.started.elapsed()))
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.held.len()
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.held.clear();
    }
}

fn end_of_slot(time: Duration) -> Duration {
    let slots = time.as_millis() / GATHER.as_millis() + 1;
    GATHER * u32::try_from(slots).unwrap_or(u32::MAX)
}
