//! The gateway over HTTP, with Graph and the model played by servers of ours.
//!
//! `TEST_DATABASE_URL=postgres://...` runs the same suite on PostgreSQL.

mod support;

mod access;
mod delivery;
mod full_disk;
mod intake;
mod knowledge;
mod numbers;
mod operation;
mod overload;
mod process;
mod promises;
mod shield;
mod structure;
mod torture;
mod turns;
