//! What Meta tells of accounts, numbers and templates, and what is asked about them: notices, health, the templates kept.
//!
//! Changes come by webhook ([`apply`]) and are looked for on a schedule ([`schedule`]), since webhooks of these fields go
//! to the app's default URL only and may never come here. What Graph answers counts more than what was told before.

mod apply;
mod health;
mod hold;
mod schedule;
mod state;
mod telling;
pub mod templates;

pub use apply::apply;
pub use health::{Checked, check};
pub use hold::{begin_hold, end_hold};
pub use schedule::schedule;
pub use state::{Known, Problem, State, Token};
