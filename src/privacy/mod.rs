//! Forgetting a contact, so that nothing here knows them any more; and remembering, by a hash that tells nobody who it
//! was, that they did not want to be written to.

mod erase;
mod suppression;

pub use erase::{begin, go_on};
pub use suppression::{Person, suppressed_at};
