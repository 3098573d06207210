//! Every word of an uploaded file is in some passage, and no passage is longer than the bound.

use switchboard::knowledge::{Body, Part, Passage, cut, read};

/// Of a passage, in characters.
const LONGEST: usize = 1_200;

/// For any file: it is read and cut, or refused with a sentence.
pub fn holds(name: &str, bytes: &[u8]) {
    let readable = match read(name, bytes) {
        Ok(readable) => readable,
        Err(error) => return assert!(error.to_string().ends_with('.'), "{error}"),
    };
    let passages = match cut(&readable) {
        Ok(passages) => passages,
        Err(error) => return assert!(error.to_string().ends_with('.'), "{error}"),
    };
    for Passage { heading, text, .. } in &passages {
        assert!(text.chars().count() <= LONGEST, "a passage of {} characters", text.chars().count());
        assert!(heading.as_ref().is_none_or(|heading| heading.chars().count() <= LONGEST), "a long heading");
        assert!(!text.trim().is_empty(), "an empty passage");
    }
    check_words(&readable.parts, &passages);
}

fn check_words(parts: &[Part], passages: &[Passage]) {
    let of = |passage: &'_ Passage| format!("{}\n{}\n", passage.heading.as_deref().unwrap_or_default(), passage.text);
    let kept: String = passages.iter().map(of).collect();
    for text in parts.iter().flat_map(texts) {
        for word in text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
            assert!(kept.contains(word) || cut_inside(word, &kept), "{word:?} of {text:?} is in no passage");
        }
    }
}

/// A column that is empty in every row tells nothing; its name is in no passage.
fn texts(part: &Part) -> Vec<&str> {
    match &part.body {
        Body::Text(text) | Body::Markdown(text) => vec![text],
        Body::Table(table) => table.rows.iter().flat_map(|row| &row.fields).map(String::as_str).collect(),
    }
}

/// A word longer than a passage is cut.
fn cut_inside(word: &str, kept: &str) -> bool {
    word.chars().count() > LONGEST / 2 && kept.replace('\n', "").contains(word)
}
