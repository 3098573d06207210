//! Any bytes as the body of a webhook.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/it/laws/webhook.rs"]
mod law;

fuzz_target!(|body: &[u8]| law::holds(body));
