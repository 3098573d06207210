//! The gateway over HTTP, with Graph and the model played by servers of ours.
//!
//! `TEST_DATABASE_URL=postgres://...` runs the same suite on PostgreSQL.

mod support;

mod access;
mod audit;
mod consent;
mod delivery;
mod epoch_laws;
mod erase;
mod fact_lock;
mod feed;
mod formats;
mod full_disk;
mod health;
mod inbound;
mod inbox;
mod intake;
mod knowledge;
mod laws;
mod media;
mod members;
mod nodes;
mod notices;
mod numbers;
mod operation;
mod outbound;
mod overload;
mod plans;
mod process;
mod promises;
mod queue_model;
mod setup;
mod shield;
mod stats;
mod status_laws;
mod storage;
mod structure;
mod templates;
mod torture;
mod turns;
