//! Meta's door: verify, store the event once, answer at once. Then, on our own time, apply it.
//!
//! What is refused: a wrong or missing signature (401), a body over Meta's own limit (413), everything while no app
//! secret is known (503). What is stored is never lost: the answer is 200 only after the commit.

pub mod apply;
mod batch;
mod door;

pub use batch::{Batch, run_batches};
pub use door::{Door, routes};
