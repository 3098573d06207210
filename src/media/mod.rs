//! Files, both ways: a customer's are fetched from Meta before its address expires, an operator's are brought to Meta once
//! for each number. What a file is, its bytes tell, not its sender.

mod fetch;
mod outgoing;
mod sniff;

pub use fetch::{FetchError, fetch};
pub use outgoing::{PrepareError, forget_unknown, prepare, stored_ids};
pub use sniff::{is_shown_inline, kind_of, media_type};

/// The last part of what somebody calls a file, without characters that no file name needs.
pub fn clean_name(name: &str) -> Option<String> {
    const MAX_CHARS: usize = 240;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|char| !char.is_control() && !is_direction(*char)).take(MAX_CHARS).collect();
    let clean = clean.trim().trim_matches('.').trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// Marks that turn text around can make `exe.jpg` out of `gpj.exe`.
fn is_direction(char: char) -> bool {
    matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_names_a_file_and_no_place() {
        for (name, clean) in [
            ("menu.pdf", Some("menu.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("..\\..\\boot.ini", Some("boot.ini")),
            ("a\r\nSet-Cookie: x.pdf", Some("aSet-Cookie: x.pdf")),
            ("photo\u{202e}gpj.exe", Some("photogpj.exe")),
            ("..", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(clean_name(name).as_deref(), clean, "{name:?}");
        }
        assert_eq!(clean_name(&"é".repeat(500)).map(|name| name.chars().count()), Some(240));
    }
}
