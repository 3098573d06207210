//! How long to wait until the customer seems to have finished.

use crate::clock::Millis;
use crate::config;

const DEFAULT_MS: Millis = 1_200;
/// After a text that plainly is complete.
const COMPLETE_MS: Millis = 700;
/// When more is plainly coming.
const MORE_COMING_MS: Millis = 2_500;
/// Words that nobody ends with, in the languages most written here.
const UNFINISHED: [&str; 14] =
    ["and", "or", "but", "with", "y", "o", "pero", "con", "e", "mas", "und", "oder", "et", "ou"];

/// The quiet time after a message. A set one is exact; only the default adapts to what was written.
pub fn quiet_ms(settings: &config::Turn, kind: &str, text: Option<&str>) -> Millis {
    match settings.quiet_ms {
        Some(exact) => i64::try_from(exact).unwrap_or(i64::MAX),
        None => adapted(kind, text.unwrap_or_default().trim()),
    }
}

fn adapted(kind: &str, text: &str) -> Millis {
    // A tapped button is a whole answer.
    if matches!(kind, "button" | "interactive") {
        return COMPLETE_MS;
    }
    // Pictures and voice notes tend to be followed by words.
    if kind != "text" {
        return MORE_COMING_MS;
    }
    let last_word = text.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let more_coming =
        text.ends_with("...") || text.ends_with(['…', ',', ':', ';', '-']) || UNFINISHED.contains(&last_word.as_str());
    if more_coming {
        MORE_COMING_MS
    } else if text.ends_with(['?', '!', '.', '？', '！', '。', '؟']) {
        COMPLETE_MS
    } else {
        DEFAULT_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_adapts_to_what_was_written() {
        for (kind, text, expected) in [
            ("text", "do you have rye bread", DEFAULT_MS),
            ("text", "Do you have rye bread?", COMPLETE_MS),
            ("text", "hi,", MORE_COMING_MS),
            ("text", "I would like two rolls and", MORE_COMING_MS),
            ("text", "wait...", MORE_COMING_MS),
            ("image", "", MORE_COMING_MS),
            ("button", "Yes", COMPLETE_MS),
            ("text", "", DEFAULT_MS),
        ] {
            assert_eq!(adapted(kind, text), expected, "{kind} {text}");
        }
    }

    #[test]
    fn a_set_quiet_time_is_exact() {
        let settings = crate::config::Settings::with_overrides("[turn]\nquiet_ms = 0").expect("valid");
        assert_eq!(quiet_ms(&settings.turn, "text", Some("and")), 0);
    }
}
