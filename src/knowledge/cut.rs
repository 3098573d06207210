//! Text into passages: Markdown along its headings, a row of a table with its header, plain text at its paragraphs.
//!
//! A passage's text is the source's own words; only white space at its ends is dropped.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use text_splitter::{MarkdownSplitter, TextSplitter};

use super::read::{Body, Part, Readable, Table};

/// A passage's length in characters: enough for an answer, small enough that several fit into a prompt.
const CHARS: std::ops::Range<usize> = 400..1_200;
const MAX_PASSAGES: usize = 50_000;
const MAX_NESTED: usize = 100;
const MAX_TITLE_CHARS: usize = 150;

/// A piece of a file, and where it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The headings above it, outermost first, joined by ` > `.
    pub heading: Option<String>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The row of a table, or the line it begins at, from 1.
    pub row: Option<u32>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The file makes more than 50,000 passages. Split it into several files, for several agents if need be.")]
pub struct TooManyPassages;

/// Cuts a file into passages.
pub fn cut(readable: &Readable) -> Result<Vec<Passage>, TooManyPassages> {
    let mut passages = Vec::new();
    for part in &readable.parts {
        passages.extend(cut_part(part));
        if passages.len() > MAX_PASSAGES {
            return Err(TooManyPassages);
        }
    }
    Ok(passages)
}

fn cut_part(part: &Part) -> Vec<Passage> {
    let mut passages = match &part.body {
        Body::Text(text) => cut_text(text),
        Body::Markdown(text) => cut_markdown(text),
        Body::Table(table) => cut_table(table),
    };
    let title = part.title.as_deref().map(shortened);
    for passage in &mut passages {
        passage.page = part.page;
        passage.heading = match (&title, passage.heading.take()) {
            (Some(title), Some(heading)) => Some(format!("{title} > {heading}")),
            (title, heading) => heading.or_else(|| title.clone()),
        };
    }
    passages
}

fn cut_text(text: &str) -> Vec<Passage> {
    TextSplitter::new(CHARS)
        .chunks(text)
        .map(|chunk| Passage { text: chunk.to_owned(), ..Passage::default() })
        .collect()
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
        passages.extend(chunks.map(|chunk| Passage {
            heading: heading.clone(),
            text: chunk.to_owned(),
            ..Passage::default()
        }));
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

fn cut_table(table: &Table) -> Vec<Passage> {
    let labels: Vec<String> = table.header.iter().map(|name| shortened(name)).collect();
    let mut passages = Vec::new();
    if labels != table.header {
        passages.extend(cut_text(&table.header.join("\n")));
    }
    for row in &table.rows {
        let fields: Vec<String> = labels
            .iter()
            .zip(&row.fields)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| if name.is_empty() { value.clone() } else { format!("{name}: {value}") })
            .collect();
        // One passage, unless the row is longer than that.
        let of_row = cut_text(&fields.join("\n"));
        passages.extend(of_row.into_iter().map(|passage| Passage { row: Some(row.number), ..passage }));
        if passages.len() > MAX_PASSAGES {
            break;
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::read::read;

    fn cut_as(name: &str, text: &str) -> Vec<Passage> {
        cut(&read(name, text.as_bytes()).expect("readable")).expect("cut")
    }

    fn texts(passages: &[Passage]) -> Vec<&str> {
        passages.iter().map(|passage| passage.text.as_str()).collect()
    }

    #[test]
    fn markdown_is_cut_along_its_headings() {
        let text = "Before.\n\n# Shop\n\n## Hours\n\nSunday 8 to 13.\n\n## Prices *now*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# Other\n\nText.\n";
        let passages = cut_as("a.md", text);
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
        let passages = cut_as("a.md", &format!("# Long\n\n{body}"));
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
            let passages = cut_as("a.csv", text);
            assert_eq!(texts(&passages), ["name: Rye bread\nprice: 4.20", "name: Roll, plain\nprice: 0.60"], "{text}");
        }
    }

    #[test]
    fn a_heading_is_left_out_only_where_it_stands_above_the_next() {
        for (markdown, expected) in [
            ("# One\n\n# Two\n", vec!["# One", "# Two"]),
            ("# FAQ\n\n## Parking: behind the house\n", vec!["## Parking: behind the house"]),
            ("Before.\n\n---\n\n# Shop\n\nText.\n", vec!["Before.\n\n---", "# Shop\n\nText."]),
            ("#1 in town\n\n# Shop\n\nText.\n", vec!["#1 in town", "# Shop\n\nText."]),
        ] {
            assert_eq!(texts(&cut_as("a.md", markdown)), expected, "{markdown}");
        }
    }

    #[test]
    fn nothing_above_a_passage_is_longer_than_a_line() {
        let long = "long ".repeat(10_000);
        let passages = cut_as("a.md", &format!("# {long}\n\n{long}"));
        assert!(passages.iter().all(|passage| passage.heading.as_ref().expect("a heading").len() < 200));
        let passages = cut_as("a.csv", &format!("{long},b\n1,{long}\n"));
        assert!(passages.iter().all(|passage| passage.text.chars().count() <= CHARS.end));
    }
}
