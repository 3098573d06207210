//! Long text becomes bubbles, and nothing but white space at the cuts is lost.

use switchboard::delivery::split;
use unicode_segmentation::UnicodeSegmentation;

/// For any text and any limit: Meta counts characters.
pub fn holds(text: &str, max_chars: usize) {
    let parts = split(text, max_chars);
    let mut rest = text.trim();
    for part in &parts {
        assert!(!part.trim().is_empty(), "an empty part of {text:?}");
        assert!(part.chars().count() <= max_chars.max(1), "{part:?} is longer than {max_chars}");
        let stripped = rest.strip_prefix(part.as_str());
        let after = stripped.unwrap_or_else(|| panic!("{part:?} is not what comes next of {rest:?}"));
        check_cut(rest, part, after, max_chars);
        rest = after.trim_start();
    }
    assert_eq!(rest, "", "left over of {text:?}");
}

/// A cut falls inside a word only where the word is too long for a part, and inside a character as it is seen only
/// where that is.
fn check_cut(rest: &str, part: &str, after: &str, max_chars: usize) {
    if after.is_empty() || after.starts_with(char::is_whitespace) || part.ends_with(char::is_whitespace) {
        return;
    }
    let seen = rest.graphemes(true).next().map_or(0, |seen| seen.chars().count());
    let whole = rest.grapheme_indices(true).any(|(place, _)| place == part.len());
    assert!(whole || seen > max_chars, "{part:?} ends inside a character of {rest:?}");
    let inside = part.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
    // A mark may hang on the space after a sentence.
    let sentence = rest.split_sentence_bound_indices().any(|(place, _)| place == part.len());
    assert!(!inside || sentence || !part.contains(char::is_whitespace), "{part:?} ends inside a word of {rest:?}");
}
