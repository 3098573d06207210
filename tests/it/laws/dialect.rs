//! Markdown becomes WhatsApp's dialect, and every word stays.

use switchboard::delivery::to_whatsapp;

/// For any Markdown. What is no word of the text: references (`&amp;`), the number of a list's item, the language of a
/// code block, a line break in HTML, the label that ties a link to its target.
pub fn holds(markdown: &str) {
    let shown = to_whatsapp(markdown);
    // Lists and quotes are shown with marks of a bounded length; a line of them takes no more than that.
    assert!(shown.len() <= 64 + markdown.len() * 24, "{} bytes became {}", markdown.len(), shown.len());
    if markdown.contains('&') || markdown.contains("][") {
        return;
    }
    for word in words(markdown) {
        assert!(shown.contains(word), "{word:?} of {markdown:?} is not in {shown:?}");
    }
}

fn words(markdown: &str) -> impl Iterator<Item = &str> {
    let runs = markdown.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    runs.filter(move |word| {
        let place = word.as_ptr() as usize - markdown.as_ptr() as usize;
        let (before, after) = (markdown[..place].trim_end_matches([' ', '\t']), &markdown[place + word.len()..]);
        let is_item = word.bytes().all(|byte| byte.is_ascii_digit()) && after.starts_with(['.', ')']);
        let is_language = before.ends_with("```") || before.ends_with("~~~");
        let is_line_break = word.eq_ignore_ascii_case("br") && before.ends_with(['<', '/']);
        !is_item && !is_language && !is_line_break
    })
}
