//! The worker of the durable queue: it claims, runs, renews and settles jobs.
//!
//! Each kind has a pool of its own, so that slow models never keep sends waiting, nor indexing either of them.

mod check_number;
mod erase_contact;
mod fetch_media;
mod index_file;
mod sync_templates;
mod worker;

pub use worker::{Pool, Workers, run_due};
