//! The simulator over HTTP, with a small gateway of our own that takes its webhooks.

mod desk;
mod faults;
mod graph;
mod steering;
mod webhooks;
