//! Against those who would cost the business more than they bring: load can be malice.
//!
//! - `wallet`  budgets in tokens and money, taken from before a model is called
//! - `flood`   a customer who writes without end is answered in few turns
//! - `bots`    another bot on the other side is recognised, and the conversation goes quiet

pub mod bots;
pub mod flood;
mod wallet;

pub use wallet::{Metered, Wallet};
