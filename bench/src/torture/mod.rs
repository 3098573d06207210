//! The fault matrix: gateways are killed at random points, again and again, while customers write and everything around
//! fails; at the end a checker counts what became of every message. All chance comes from one seed.
//!
//! Read `cell` first: one run, on what `stage` builds and tears down. `load` writes, `killer` kills, `weather` makes the faults, `checker` counts from the
//! simulator's own record, `report` prints.

mod api;
mod cell;
mod checker;
mod killer;
mod load;
mod matrix;
mod model;
mod nodes;
mod recovery;
mod report;
mod stage;
mod token;
mod weather;

pub use cell::{Cell, Outcome};
pub use checker::Verdict;
pub use load::{Book, phone};
pub use matrix::{Settings, run};
pub use model::{Manners, Model};
pub use stage::{Setting, Stage};
pub use token::{Token, tokens};
pub use weather::Profile;
