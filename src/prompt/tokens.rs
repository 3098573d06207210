//! Counting tokens, offline. The tables are large and load when first needed: about 45 MB and a quarter of a second.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use moka::sync::Cache;
use tiktoken_rs::CoreBPE;
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};

/// Paragraphs whose count is remembered.
const REMEMBERED: u64 = 20_000;
/// Shorter ones are counted as quickly as remembered.
const SHORT_BYTES: usize = 64;

/// How many tokens `text` is for `model`; for models nobody knows, by `o200k_base`.
///
/// Counted paragraph by paragraph and remembered, since instructions, passages and history come again with every turn.
/// A token hardly ever spans a blank line, so the parts add up to the whole or very little more.
pub fn count(model: &str, text: &str) -> usize {
    let (table, name) = table(model);
    text.split_inclusive("\n\n").map(|paragraph| count_paragraph(table, name, paragraph)).sum()
}

fn count_paragraph(table: &CoreBPE, name: &'static str, paragraph: &str) -> usize {
    let counted = || table.encode_ordinary(paragraph).len();
    if paragraph.len() < SHORT_BYTES {
        return counted();
    }
    static COUNTS: LazyLock<Cache<u64, usize>> = LazyLock::new(|| Cache::new(REMEMBERED));
    // With keys of its own for each process, so that nobody can make texts that collide.
    static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let key = HASHER.hash_one((name, paragraph));
    COUNTS.get_with(key, counted)
}

/// Loads the table of `model`, so that a first customer does not wait for it.
pub fn warm_up(model: &str) {
    table(model);
}

fn table(model: &str) -> (&'static CoreBPE, &'static str) {
    match get_tokenizer(model) {
        Some(Tokenizer::Cl100kBase) => (tiktoken_rs::cl100k_base_singleton(), "cl100k"),
        _ => (tiktoken_rs::o200k_base_singleton(), "o200k"),
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

    #[test]
    fn parts_add_up_to_the_whole() {
        let text = include_str!("../../prompts/system.md");
        let whole = table("gpt-4o").0.encode_ordinary(text).len();
        for _ in 0..2 {
            let counted = count("gpt-4o", text);
            assert!(counted >= whole && counted <= whole + whole / 50, "{counted} {whole}");
        }
    }
}
