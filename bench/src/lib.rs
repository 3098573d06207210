//! Load for the gateway and what it does to it, as a library: the tests run a short form of the torture.

pub mod bare;
mod client;
pub mod console;
pub mod database;
mod dice;
mod disk;
pub mod faults;
mod gateway;
pub mod history;
pub mod intake;
mod ledger;
mod load;
pub mod media;
pub mod memory;
mod model;
mod peers;
mod process;
mod report;
pub mod retrieval;
mod seed;
mod site;
pub mod stats;
pub mod torture;
pub mod walk;
mod wire;
