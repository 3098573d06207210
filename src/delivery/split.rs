//! Long text into bubbles: at paragraphs, else at lines, sentences, words, and only in need inside a word.

use unicode_segmentation::UnicodeSegmentation;

/// Meta's limit for the body of a text message, in characters.
pub const MAX_CHARS: usize = 4096;

/// `text` in parts of at most `max_chars` characters. The parts joined give the text but for white space at the cuts.
pub fn split(text: &str, max_chars: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some(limit) = rest.char_indices().nth(max_chars.max(1)).map(|(place, _)| place) {
        let (part, after) = rest.split_at(cut_before(rest, limit));
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// Where to cut `rest` so that the part before, but for white space at its end, is at most `limit` bytes long: the best
/// boundary in its second half.
fn cut_before(rest: &str, limit: usize) -> usize {
    // White space after the limit goes with the cut: what ends right at the limit still fits.
    let head = &rest[..rest.len() - rest[limit..].trim_start().len()];
    let good = |place: usize| place > 0 && place >= limit / 2;
    let after_last = |mark: &str| head.rfind(mark).map(|place| place + mark.len()).filter(|&place| good(place));
    let sentence = || {
        let starts = head.split_sentence_bound_indices().map(|(place, _)| place);
        starts.chain((head.len() > limit).then_some(head.len())).filter(|&place| good(place)).last()
    };
    let word = || head.rfind(char::is_whitespace).filter(|&place| place > 0);
    let grapheme = || {
        let starts = rest.grapheme_indices(true).map(|(place, _)| place);
        starts.take_while(|&place| place <= limit).last().filter(|&place| place > 0)
    };
    after_last("\n\n").or_else(|| after_last("\n")).or_else(sentence).or_else(word).or_else(grapheme).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeeze(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn cuts_fall_on_paragraphs_then_sentences_then_words() {
        let paragraphs = format!("{}\n\n{}", "a".repeat(60), "b".repeat(60));
        assert_eq!(split(&paragraphs, 100), ["a".repeat(60), "b".repeat(60)]);
        let sentences = "One two three four. Five six seven eight. Nine ten.";
        assert_eq!(split(sentences, 45), ["One two three four. Five six seven eight.", "Nine ten."]);
        assert_eq!(split("word word word word", 10), ["word word", "word word"]);
        assert_eq!(split("word word", 4), ["word", "word"], "a word that just fits is not cut");
        assert_eq!(split("e\u{301}e\u{301}", 2), ["e\u{301}", "e\u{301}"]);
        assert_eq!(split("ab", 1), ["a", "b"]);
    }

    #[test]
    fn nothing_is_lost_and_no_part_is_too_long() {
        let long_word = "x".repeat(10_000);
        let emoji = "👩‍👩‍👧‍👦".repeat(700);
        let text: String = (0..3_000).map(|number| format!("Sentence {number} ends. ")).collect();
        for text in [long_word.as_str(), emoji.as_str(), text.as_str(), "\n\n\n", "short", &"مرحبا بكم ".repeat(2_000)]
        {
            let parts = split(text, MAX_CHARS);
            assert!(parts.iter().all(|part| part.chars().count() <= MAX_CHARS && !part.is_empty()));
            assert_eq!(squeeze(&parts.concat()), squeeze(text));
        }
    }

    #[test]
    fn a_hundred_thousand_characters_are_split_quickly() {
        assert_eq!(split(&"a ".repeat(50_000), MAX_CHARS).len(), 25);
    }
}
