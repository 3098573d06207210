//! Load for the gateway and what it does to it, as a library: the tests run a short form of the torture.

mod client;
pub mod faults;
mod model;
mod process;
mod report;
pub mod torture;
pub mod walk;
