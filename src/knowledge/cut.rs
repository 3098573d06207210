//! Text into passages: Markdown along its headings, a CSV row with its headers, plain text at its paragraphs.
//!
//! A passage's text is the source's own words; only white space at its ends is dropped.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use text_splitter::{MarkdownSplitter, TextSplitter};

use super::read::{Format, Readable};

/// A passage's length in characters: enough for an answer, small enough that several fit into a prompt.
const CHARS: std::ops::Range<usize> = 400..1_200;
const MAX_PASSAGES: usize = 50_000;
const MAX_COLUMNS: usize = 500;
const MAX_NESTED: usize = 100;
const MAX_TITLE_CHARS: usize = 150;
/// The most of a line that is looked at to find the separator of a CSV file.
const SNIFF_BYTES: usize = 64 * 1024;

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The headings above it, outermost first, joined by ` > `.
    pub heading: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    #[error(
        "Line {line} has {found} fields, but the header has {expected}. Put fields that hold a separator or a line break in double quotes, or make every line have {expected} fields."
    )]
    Ragged { line: u64, found: u64, expected: u64 },
    #[error(
        "The table has {0} columns; 500 is the most. Check the separator, or upload only the columns that answer questions."
    )]
    TooManyColumns(usize),
    #[error("The table has a header but no rows. Add rows, or upload it as text.")]
    NoRows,
    #[error("The file makes more than 50,000 passages. Split it into several files, for several agents if need be.")]
    TooManyPassages,
    #[error("The table cannot be read near line {line}: {problem}. Check its quotes and save it as CSV again.")]
    Csv { line: u64, problem: String },
}

/// Cuts a file into passages.
pub fn cut(readable: &Readable) -> Result<Vec<Passage>, CutError> {
    let passages = match readable.format {
        Format::Text => cut_text(&readable.text),
        Format::Markdown => cut_markdown(&readable.text),
        Format::Csv => cut_csv(&readable.text)?,
    };
    if passages.len() > MAX_PASSAGES { Err(CutError::TooManyPassages) } else { Ok(passages) }
}

fn cut_text(text: &str) -> Vec<Passage> {
    TextSplitter::new(CHARS).chunks(text).map(|chunk| Passage { heading: None, text: chunk.to_owned() }).collect()
}

/// A section of a Markdown file, from its heading to the next.
struct Section {
    start: usize,
    /// Where its heading ends.
    body: usize,
    path: Vec<(HeadingLevel, String)>,
}

/// Whether quotes and lists stand within each other deeper than anybody writes them. A Markdown parser looks at all that
/// are open for every line that follows: on such text it takes time without end.
pub fn nests_too_deep(markdown: &str) -> bool {
    markdown.lines().any(|line| {
        let marks = line.as_bytes().windows(2).take_while(|pair| b" \t>-+*0123456789.)".contains(&pair[0]));
        marks.filter(|pair| pair[0] == b'>' || b"-+*.)".contains(&pair[0]) && pair[1] == b' ').count() > MAX_NESTED
    })
}

fn cut_markdown(text: &str) -> Vec<Passage> {
    if nests_too_deep(text) {
        return cut_text(text);
    }
    let sections = sections(text);
    let splitter = MarkdownSplitter::new(CHARS);
    let mut passages = Vec::new();
    for (place, section) in sections.iter().enumerate() {
        let next = sections.get(place + 1);
        let end = next.map_or(text.len(), |next| next.start);
        // A heading with nothing but deeper headings under it would be found in place of the text it names.
        let is_above_the_next = next.is_some_and(|next| next.path.len() > section.path.len());
        if is_above_the_next && text[section.body..end].trim().is_empty() {
            continue;
        }
        let titles: Vec<&str> = section.path.iter().map(|(_, title)| title.as_str()).collect();
        let heading = (!titles.is_empty()).then(|| titles.join(" > "));
        let chunks = splitter.chunks(text[section.start..end].trim());
        passages.extend(chunks.map(|chunk| Passage { heading: heading.clone(), text: chunk.to_owned() }));
    }
    passages
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section { start: 0, body: 0, path: Vec::new() }];
    let mut open: Option<(usize, HeadingLevel, String)> = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => open = Some((range.start, level, String::new())),
            (Event::Text(part) | Event::Code(part) | Event::InlineHtml(part), Some((_, _, title))) => {
                title.push_str(&part)
            }
            (Event::SoftBreak | Event::HardBreak, Some((_, _, title))) => title.push(' '),
            (Event::End(TagEnd::Heading(_)), Some(_)) => {
                if let Some((start, level, title)) = open.take() {
                    let above = sections.last().map(|section| section.path.clone()).unwrap_or_default();
                    let mut path: Vec<_> = above.into_iter().filter(|(other, _)| *other < level).collect();
                    path.push((level, shortened(&title)));
                    sections.push(Section { start, body: range.end, path });
                }
            }
            _ => {}
        }
    }
    sections
}

/// What stands above every passage of a section or a row is short, whatever the file: the whole of it stands once in a
/// passage of its own.
fn shortened(title: &str) -> String {
    match title.char_indices().nth(MAX_TITLE_CHARS) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}

fn cut_csv(text: &str) -> Result<Vec<Passage>, CutError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| csv_error(&error))?.clone();
    if headers.len() > MAX_COLUMNS {
        return Err(CutError::TooManyColumns(headers.len()));
    }
    let labels: Vec<String> = headers.iter().map(shortened).collect();
    let mut passages = Vec::new();
    if labels.iter().zip(&headers).any(|(label, header)| label != header) {
        passages.extend(cut_text(&headers.iter().collect::<Vec<_>>().join("\n")));
    }
    let before_rows = passages.len();
    for record in reader.records() {
        let record = record.map_err(|error| csv_error(&error))?;
        let fields: Vec<String> = labels
            .iter()
            .zip(record.iter())
            .filter(|(_, value)| !value.is_empty())
            .map(|(header, value)| if header.is_empty() { value.to_owned() } else { format!("{header}: {value}") })
            .collect();
        // One passage, unless the row is longer than that.
        passages.extend(cut_text(&fields.join("\n")));
        if passages.len() > MAX_PASSAGES {
            return Err(CutError::TooManyPassages);
        }
    }
    if passages.len() == before_rows { Err(CutError::NoRows) } else { Ok(passages) }
}

/// The separator that the header line holds most of, outside quotes.
fn delimiter(text: &str) -> u8 {
    let end = text.len().min(SNIFF_BYTES);
    let header = text.as_bytes()[..end].split(|&byte| byte == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in header {
        match byte {
            b'"' => quoted = !quoted,
            _ if !quoted => {
                if let Some(count) = counts.iter_mut().find(|(delimiter, _)| *delimiter == byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
    }
    // The first of equals: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

fn csv_error(error: &csv::Error) -> CutError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            CutError::Ragged { line, found: *len, expected: *expected_len }
        }
        _ => CutError::Csv { line, problem: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_as(format: Format, text: &str) -> Result<Vec<Passage>, CutError> {
        cut(&Readable { format, text: text.to_owned(), encoding: "UTF-8" })
    }

    fn texts(passages: &[Passage]) -> Vec<&str> {
        passages.iter().map(|passage| passage.text.as_str()).collect()
    }

    #[test]
    fn markdown_is_cut_along_its_headings() {
        let text = "Before.\n\n# Shop\n\n## Hours\n\nSunday 8 to 13.\n\n## Prices *now*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# Other\n\nText.\n";
        let passages = cut_as(Format::Markdown, text).expect("cut");
        let found: Vec<_> =
            passages.iter().map(|passage| (passage.heading.as_deref(), passage.text.as_str())).collect();
        assert_eq!(
            found,
            [
                (None, "Before."),
                (Some("Shop > Hours"), "## Hours\n\nSunday 8 to 13."),
                (Some("Shop > Prices now"), "## Prices *now*\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
                (Some("Other"), "# Other\n\nText."),
            ]
        );
    }

    #[test]
    fn long_sections_are_split_and_keep_every_word() {
        let body: String = (0..500).map(|number| format!("Sentence number {number} stands here. ")).collect();
        let passages = cut_as(Format::Markdown, &format!("# Long\n\n{body}")).expect("cut");
        assert!(passages.len() > 5);
        assert!(passages.iter().all(|passage| passage.text.chars().count() <= CHARS.end));
        let joined = texts(&passages).join(" ");
        assert!((0..500).all(|number| joined.contains(&format!("Sentence number {number} "))));
    }

    #[test]
    fn a_csv_row_carries_its_headers() {
        for text in
            ["name,price\nRye bread,4.20\n\"Roll, plain\",0.60\n", "name;price\nRye bread;4.20\nRoll, plain;0.60\n"]
        {
            let passages = cut_as(Format::Csv, text).expect("cut");
            assert_eq!(texts(&passages), ["name: Rye bread\nprice: 4.20", "name: Roll, plain\nprice: 0.60"], "{text}");
        }
    }

    #[test]
    fn bad_tables_say_which_line_and_what_to_do() {
        let ragged = cut_as(Format::Csv, "a,b\n1,2\n1,2,3\n").expect_err("ragged");
        assert_eq!(ragged, CutError::Ragged { line: 3, found: 3, expected: 2 });
        assert!(ragged.to_string().contains("Line 3 has 3 fields"));
        assert_eq!(cut_as(Format::Csv, "a,b\n"), Err(CutError::NoRows));
        let wide = ",".repeat(9_999_999);
        assert_eq!(cut_as(Format::Csv, &format!("{wide}\n1\n")), Err(CutError::TooManyColumns(10_000_000)));
    }

    #[test]
    fn a_heading_is_left_out_only_where_it_stands_above_the_next() {
        for (markdown, expected) in [
            ("# One\n\n# Two\n", vec!["# One", "# Two"]),
            ("# FAQ\n\n## Parking: behind the house\n", vec!["## Parking: behind the house"]),
            ("Before.\n\n---\n\n# Shop\n\nText.\n", vec!["Before.\n\n---", "# Shop\n\nText."]),
            ("#1 in town\n\n# Shop\n\nText.\n", vec!["#1 in town", "# Shop\n\nText."]),
        ] {
            assert_eq!(texts(&cut_as(Format::Markdown, markdown).expect("cut")), expected, "{markdown}");
        }
    }

    #[test]
    fn nothing_above_a_passage_is_longer_than_a_line() {
        let long = "long ".repeat(10_000);
        let passages = cut_as(Format::Markdown, &format!("# {long}\n\n{long}")).expect("cut");
        assert!(passages.iter().all(|passage| passage.heading.as_ref().expect("a heading").len() < 200));
        let passages = cut_as(Format::Csv, &format!("{long},b\n1,{long}\n")).expect("cut");
        assert!(passages.iter().all(|passage| passage.text.chars().count() <= CHARS.end));
    }
}
