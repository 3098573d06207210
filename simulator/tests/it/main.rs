//! The simulator over HTTP, with a small gateway of our own that takes its webhooks.

#![expect(clippy::disallowed_methods, reason = "tests of a peer with a clock and clients of its own")]

mod desk;
mod faults;
mod graph;
mod inbound;
mod media;
mod numbers;
mod sends;
mod steering;
mod templates;
mod webhooks;
