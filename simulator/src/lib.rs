//! WhatsApp on your desk: a small model of Meta's Cloud API.
//!
//! It plays Meta for `switchboard demo`, for the gateway's tests and for the benchmarks: customers write on a phone
//! page, signed webhooks leave for the gateway, and what the gateway sends through the Graph API shows up as bubbles
//! whose ticks turn blue. It knows nothing of the gateway's code, so the two can disagree, and that is the point.
//!
//! One message walks through the modules in this order:
//!
//! - `customer`  who writes; `phones` what stands on their screens, `bubble` by bubble, as `reading` puts it in words
//! - `inbound`   what becomes of a message a customer writes; `media` keeps the files of both sides
//! - `wire`      a webhook's bytes and their signature
//! - `queue`     webhooks waiting to leave; `courier` takes them to the gateway
//! - `graph`     the Graph API the gateway answers through, with Meta's error table in `codes`
//! - `templates` what may be sent outside the window; `standing` how each number stands; `limits` how fast it may send
//! - `account`   what Meta tells the business about those: verdicts, quality, names
//! - `faults`    everything that can go wrong between the two, on request; `breaker` cuts connections for it
//! - `steering`  `/sim`, where people and tests take hold of it; `feed` and `journal` are its eyes, `tellings` its memory of
//!   what the gateway took
//!
//! All state is in memory and bounded, files apart, which lie on disk and are bounded too. Nothing here is a security boundary: serve it on localhost.

#![expect(clippy::disallowed_methods, reason = "a peer of the gateway: it has a clock and a client of its own")]

mod account;
mod breaker;
mod bubble;
mod codes;
mod courier;
mod customer;
mod doors;
mod faults;
mod feed;
mod graph;
mod inbound;
mod journal;
mod limits;
mod media;
mod phones;
mod queue;
mod reading;
mod settings;
mod simulator;
mod standing;
mod steering;
mod tellings;
mod templates;
mod wire;

pub use bubble::{Bubble, BubbleStatus, Reaction, Side};
pub use customer::Customer;
pub use faults::{Answer, Chance, FailStatus, Faults, Hang, StatusOrder};
pub use journal::Recorded;
pub use settings::{Number, Pace, Settings};
pub use simulator::Simulator;
pub use tellings::Told;
pub use wire::sign;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks even after a panic elsewhere: every critical section here leaves its data whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
