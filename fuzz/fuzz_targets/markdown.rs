//! Any text as what a model writes and as what somebody uploads.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/laws/cut.rs"]
mod cut;
#[path = "../../tests/it/laws/dialect.rs"]
mod dialect;

fuzz_target!(|markdown: &str| {
    dialect::holds(markdown);
    cut::holds("a.md", markdown.as_bytes());
});
