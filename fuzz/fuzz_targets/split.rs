//! Any text in bubbles; its first byte is the limit.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/laws/split.rs"]
mod law;

fuzz_target!(|text: &str| law::holds(text, text.bytes().next().map_or(1, usize::from)));
