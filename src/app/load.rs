//! How late this node's work is: what can wait then does, in a stated order.
//!
//! First indexing waits, then statuses; turns wait last, and in turn by number. Storing comes before all of it.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::Millis;

/// Later than this is behind.
const LATE_MS: Millis = 1_000;

/// Measured by whoever does the work, at each look.
#[derive(Debug, Default)]
pub struct Load {
    events_late_ms: AtomicI64,
    turns_late_ms: AtomicI64,
}

impl Load {
    /// The oldest event that was found now was due so long ago.
    pub fn note_events(&self, late_ms: Millis) {
        self.events_late_ms.store(late_ms, Ordering::Relaxed);
        metrics::gauge!("switchboard_events_late_seconds").set(late_ms as f64 / 1000.0);
    }

    /// The oldest turn that was found now was due so long ago.
    pub fn note_turns(&self, late_ms: Millis) {
        self.turns_late_ms.store(late_ms, Ordering::Relaxed);
        metrics::gauge!("switchboard_turns_late_seconds").set(late_ms as f64 / 1000.0);
    }

    pub fn events_are_late(&self) -> bool {
        self.events_late_ms.load(Ordering::Relaxed) > LATE_MS
    }

    pub fn turns_are_late(&self) -> bool {
        self.turns_late_ms.load(Ordering::Relaxed) > LATE_MS
    }
}
