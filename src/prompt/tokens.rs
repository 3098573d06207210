//! Counting tokens, offline. The tables are large and load when first needed: about 45 MB and a quarter of a second.

use tiktoken_rs::CoreBPE;
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};

/// How many tokens `text` is for `model`; for models nobody knows, by `o200k_base`.
pub fn count(model: &str, text: &str) -> usize {
    table(model).encode_ordinary(text).len()
}

/// Loads the table of `model`, so that a first customer does not wait for it.
pub fn warm_up(model: &str) {
    table(model);
}

fn table(model: &str) -> &'static CoreBPE {
    match get_tokenizer(model) {
        Some(Tokenizer::Cl100kBase) => tiktoken_rs::cl100k_base_singleton(),
        _ => tiktoken_rs::o200k_base_singleton(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_models_are_counted_too() {
        assert_eq!(count("gpt-4o", "hello world"), 2);
        assert_eq!(count("some-local-model", "hello world"), 2);
        assert_eq!(count("gpt-4", "hello world"), 2);
    }
}
