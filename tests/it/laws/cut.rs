//! Every word of an uploaded file is in some passage, and no passage is longer than the bound.

use switchboard::knowledge::{Format, Passage, Readable, cut, read};

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
    for Passage { heading, text } in &passages {
        assert!(text.chars().count() <= LONGEST, "a passage of {} characters", text.chars().count());
        assert!(heading.as_ref().is_none_or(|heading| heading.chars().count() <= LONGEST), "a long heading");
        assert!(!text.trim().is_empty(), "an empty passage");
    }
    check_words(&readable, &passages);
}

fn check_words(readable: &Readable, passages: &[Passage]) {
    let of = |passage: &'_ Passage| format!("{}\n{}\n", passage.heading.as_deref().unwrap_or_default(), passage.text);
    let kept: String = passages.iter().map(of).collect();
    let unquoted = readable.text.replace("\"\"", "\"");
    let text = if readable.format == Format::Csv { unquoted.as_str() } else { readable.text.as_str() };
    // A column that is empty in every row tells nothing; its name is in no passage.
    let from = if readable.format == Format::Csv { header_end(text) } else { 0 };
    for word in text[from..].split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let found = kept.contains(word) || cut_inside(word, &kept);
        assert!(found, "{word:?} of {:?} is in no passage", readable.text);
    }
}

/// A word longer than a passage is cut.
fn cut_inside(word: &str, kept: &str) -> bool {
    word.chars().count() > LONGEST / 2 && kept.replace('\n', "").contains(word)
}

/// A header in quotes may hold line breaks: the rows begin after the first one outside.
fn header_end(text: &str) -> usize {
    let mut quoted = false;
    let mut began = false;
    for (place, char) in text.char_indices() {
        match char {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted && began => return place,
            _ => {}
        }
        began |= !matches!(char, '\n' | '\r');
    }
    text.len()
}
