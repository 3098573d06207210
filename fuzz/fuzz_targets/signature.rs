//! Any header, secret and body, one a line.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/laws/signature.rs"]
mod law;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut next = || lines.next().unwrap_or_default();
    law::holds(next(), next(), next().as_bytes());
});
