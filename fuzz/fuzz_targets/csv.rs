//! Any bytes as an uploaded table.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/laws/cut.rs"]
mod law;

fuzz_target!(|bytes: &[u8]| law::holds("a.csv", bytes));
