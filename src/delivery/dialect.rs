//! Markdown into WhatsApp's dialect: `*bold*`, `_italic_`, `~struck~`, monospace, lists and quotes as WhatsApp shows
//! them. Every word stays; what WhatsApp cannot show becomes plain text. It takes time in proportion to the text.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::knowledge::nests_too_deep;

/// Deeper lists are shown no further to the right.
const MOST_INDENTS: usize = 8;

/// `markdown` as WhatsApp shows it. Text that is WhatsApp's dialect already comes out as it went in.
pub fn to_whatsapp(markdown: &str) -> String {
    if nests_too_deep(markdown) {
        return markdown.trim().to_owned();
    }
    let mut writer = Writer { source: markdown, ..Writer::default() };
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        writer.event(event, range);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer<'a> {
    source: &'a str,
    out: String,
    /// Of each open list: its last number.
    lists: Vec<u64>,
    links: Vec<Link>,
    /// The targets that were shown.
    shown: HashSet<String>,
    /// Of each open emphasis: how it is marked, and where its text began.
    marks: Vec<(&'static str, usize)>,
    quotes: usize,
    cells: usize,
    /// Where the last cell of the row ended.
    cell_end: usize,
    /// A block has ended: what comes next begins a line.
    ended: bool,
    /// How many elements are open whose whole source is theirs: all but lists and quotes.
    depth: usize,
    /// How far the source belongs to an element that has been seen.
    read: usize,
}

struct Link {
    url: String,
    title: String,
    is_email: bool,
    /// Where its text began.
    start: usize,
}

impl<'a> Writer<'a> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => self.passed_over(range.end),
            _ if self.depth == 0 => self.passed_over(range.start),
            _ => {}
        }
        let end = range.end;
        match event {
            Event::Start(tag) => return self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::InlineHtml(tag) if is_line_break(&tag) => self.line(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) if code.contains("```") => self.text(&code),
            Event::Code(code) if code.contains('`') => self.text(&format!("```{code}```")),
            Event::Code(code) => self.text(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.text("———");
                self.ended = true;
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]")),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
        }
        if self.depth == 0 {
            self.read = self.read.max(end);
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match &tag {
            Tag::BlockQuote(_) | Tag::List(_) => self.read = self.read.max(range.start),
            Tag::Item => {}
            _ => self.depth += 1,
        }
        match tag {
            Tag::Paragraph if self.lists.is_empty() => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.mark("*");
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.quotes += 1;
                if self.quotes == 1 {
                    self.text("> ");
                }
            }
            Tag::CodeBlock(kind) => {
                self.block();
                self.text("```\n");
                // One word is the language; anything else is somebody's words.
                if let CodeBlockKind::Fenced(info) = kind
                    && info.contains(|char: char| !char.is_alphanumeric() && !"+#".contains(char))
                {
                    self.text(&format!("{info}\n"));
                }
            }
            Tag::List(_) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(0);
            }
            Tag::Item => self.item(range.start),
            Tag::Emphasis => self.mark(self.emphasis(&self.source[range])),
            Tag::Strong => self.mark("*"),
            Tag::Strikethrough => self.mark("~"),
            Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. } => {
                let is_email = link_type == LinkType::Email;
                let (url, title) = (dest_url.into_string(), title.into_string());
                self.links.push(Link { url, title, is_email, start: self.out.len() });
            }
            Tag::Table(_) | Tag::HtmlBlock => self.block(),
            Tag::TableHead => self.cell_end = range.end,
            Tag::TableRow => {
                self.line();
                self.cell_end = range.end;
            }
            Tag::TableCell => {
                if self.cells > 0 {
                    self.text(" | ");
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if !matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) {
            self.depth -= 1;
        }
        match tag {
            TagEnd::Heading(_) => {
                self.unmark();
                self.ended = true;
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => self.unmark(),
            TagEnd::CodeBlock => {
                self.text("```");
                self.ended = true;
            }
            TagEnd::BlockQuote(_) => {
                self.quotes -= 1;
                self.ended = true;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.ended = true;
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Table => self.ended = true,
            TagEnd::Link | TagEnd::Image => self.close_link(),
            TagEnd::TableCell => self.cell_end = range.end,
            TagEnd::TableHead | TagEnd::TableRow => self.close_row(range),
            _ => {}
        }
    }

    /// In Markdown *x* leans, in WhatsApp it is bold: a model that writes either means what it sees. Within what is bold
    /// it can only lean.
    fn emphasis(&self, source: &str) -> &'static str {
        let is_bold = source.starts_with("***") || self.marks.iter().any(|(mark, _)| *mark == "*");
        if source.starts_with('*') && !is_bold { "*" } else { "_" }
    }

    /// Begins an emphasis. WhatsApp knows no bold within bold: the second mark would end the first.
    fn mark(&mut self, mark: &'static str) {
        let mark = if self.marks.iter().any(|(open, _)| *open == mark) { "" } else { mark };
        self.text(mark);
        self.marks.push((mark, self.out.len()));
    }

    fn unmark(&mut self) {
        let Some((mark, start)) = self.marks.pop() else { return };
        if self.out.len() == start {
            self.out.truncate(start - mark.len());
        } else {
            self.text(mark);
        }
    }

    fn close_link(&mut self) {
        let Some(Link { url, title, is_email, start }) = self.links.pop() else { return };
        let shown = self.out[start..].trim();
        let target = if shown == url || is_email { "" } else { url.as_str() };
        let title = if title.is_empty() { title } else { format!("\"{title}\"") };
        let told = [target, &title].into_iter().filter(|told| !told.is_empty()).collect::<Vec<_>>().join(" ");
        if shown.is_empty() {
            self.text(&told);
        } else if !told.is_empty() {
            self.text(&format!(" ({told})"));
        }
        self.shown.insert(url);
    }

    /// Cells beyond those of the head are no cells to Markdown, but words.
    fn close_row(&mut self, range: Range<usize>) {
        let beyond = self.source[self.cell_end.min(range.end)..range.end].trim_matches([' ', '\t', '\n', '\r', '|']);
        if has_words(beyond) {
            self.text(" | ");
            self.text(beyond);
        }
        self.cells = 0;
    }

    /// What no element holds up to `to` are the targets of links, gathered. Those that were shown where they are used
    /// need not be shown again; others, such as `[Sunday]: closed`, were never meant as any.
    fn passed_over(&mut self, to: usize) {
        let source = self.source;
        let passed = source.get(self.read..to).unwrap_or_default();
        self.read = self.read.max(to);
        if !has_words(passed) {
            return;
        }
        let lines = passed.lines().map(|line| line.trim_matches([' ', '\t', '>']));
        let unseen = |line: &&str| {
            let target = line.split_once("]:").map(|(_, target)| target.trim());
            has_words(line) && !target.is_some_and(|target| self.shown.contains(target))
        };
        let lines: Vec<&str> = lines.filter(unseen).collect();
        if !lines.is_empty() {
            self.block();
            for line in lines {
                self.line();
                self.text(line);
            }
            self.ended = true;
        }
    }

    fn item(&mut self, start: usize) {
        self.line();
        self.ended = false;
        let source = self.source[start..].trim_start();
        let digits = source.bytes().take_while(u8::is_ascii_digit).count();
        self.read = self.read.max(self.source.len() - source.len() + digits + 1);
        self.out.push_str(&"  ".repeat(self.lists.len().saturating_sub(1).min(MOST_INDENTS)));
        match (source[..digits].parse::<u64>(), self.lists.last_mut()) {
            // The number as it was written, unless all are alike: then they count.
            (Ok(number), Some(last)) => {
                *last = number.max(*last + u64::from(*last > 0));
                self.out.push_str(&format!("{last}. "));
            }
            _ => self.out.push_str("- "),
        }
    }

    fn text(&mut self, text: &str) {
        if self.ended && !text.is_empty() {
            self.line();
            self.out.push_str(&"  ".repeat(self.lists.len().min(MOST_INDENTS)));
        }
        self.out.push_str(text);
    }

    /// A new line, unless one has just begun.
    fn line(&mut self) {
        self.ended = false;
        let begun = self.out.ends_with('\n') || (self.quotes > 0 && self.out.ends_with("> "));
        if !self.out.is_empty() && !begun {
            self.out.push('\n');
            self.quote();
        }
    }

    /// An empty line before the next block.
    fn block(&mut self) {
        self.ended = false;
        let trimmed = self.out.trim_end_matches(['\n', ' ']).len();
        let opens_quote = self.quotes > 0 && self.out.ends_with("> ");
        if trimmed > 0 && !opens_quote {
            self.out.truncate(trimmed);
            self.out.push_str("\n\n");
            self.quote();
        }
    }

    /// WhatsApp knows no quote within a quote.
    fn quote(&mut self) {
        if self.quotes > 0 {
            self.out.push_str("> ");
        }
    }

    fn finish(mut self) -> String {
        self.passed_over(self.source.len());
        self.out.trim().to_owned()
    }
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn is_line_break(html: &str) -> bool {
    let name = html.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_whatsapp() {
        for (markdown, whatsapp) in [
            ("Plain text.", "Plain text."),
            ("**bold** and *also* and _leaning_ and ~~gone~~", "*bold* and *also* and _leaning_ and ~gone~"),
            ("# Title\n\nText", "*Title*\n\nText"),
            ("- one\n- two\n  - deep\n\nafter", "- one\n- two\n  - deep\n\nafter"),
            ("1. one\n2. two", "1. one\n2. two"),
            ("[our site](https://miga.example)", "our site (https://miga.example)"),
            ("<https://miga.example>", "https://miga.example"),
            ("[https://miga.example](https://miga.example)", "https://miga.example"),
            ("![a loaf](https://miga.example/l.jpg)", "a loaf (https://miga.example/l.jpg)"),
            ("```rust\nlet x = 1;\n```", "```\nlet x = 1;\n```"),
            ("Use `code`.", "Use `code`."),
            ("> quoted\n> twice\n\nafter", "> quoted\n> twice\n\nafter"),
            ("line one\nline two", "line one\nline two"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
            ("2 * 3 * 4 = 24, snake_case_name", "2 * 3 * 4 = 24, snake_case_name"),
            ("a < b & c > d", "a < b & c > d"),
            ("Olá 👋 مرحبا", "Olá 👋 مرحبا"),
            ("- one\n\n  more of it\n- two", "- one\n  more of it\n- two"),
            ("1. one\n1. two\n5. five", "1. one\n2. two\n5. five"),
            ("[Sunday]: closed\n[^1]: really", "[Sunday]: closed\n[^1]: really"),
            ("[our site][1]\n\n[1]: https://miga.example", "our site (https://miga.example)"),
            ("[menu](https://miga.example \"all prices\")", "menu (https://miga.example \"all prices\")"),
            ("| a |\n|---|\n| 1 | 2 |", "a\n1 | 2"),
            ("one<br>two", "one\ntwo"),
            ("# **Title**", "*Title*"),
            ("***both*** and _leaning **bold** on_", "_*both*_ and _leaning *bold* on_"),
            ("`` a`b ``", "```a`b```"),
            ("```call us today\nx\n```", "```\ncall us today\nx\n```"),
            ("> one\n> > two", "> one\n\n> two"),
            ("", ""),
        ] {
            assert_eq!(to_whatsapp(markdown), whatsapp, "{markdown}");
        }
    }
}
