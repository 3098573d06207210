//! Markdown into WhatsApp's dialect: `*bold*`, `_italic_`, `~struck~`, monospace, lists and quotes as WhatsApp shows
//! them. Every word stays; what WhatsApp cannot show becomes plain text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// `markdown` as WhatsApp shows it. Text that is WhatsApp's dialect already comes out as it went in.
pub fn to_whatsapp(markdown: &str) -> String {
    let mut writer = Writer::default();
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        writer.event(event, &markdown[range]);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Of each open list: the next number, if it is a numbered one.
    lists: Vec<Option<u64>>,
    /// Of each open link: where it leads and where its text began.
    links: Vec<(String, usize)>,
    quotes: usize,
    cells: usize,
    in_table_head: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>, source: &str) {
        match event {
            Event::Start(tag) => self.start(tag, source),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) => self.text(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.line(),
            Event::Rule => {
                self.block();
                self.text("———");
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]")),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>, source: &str) {
        match tag {
            Tag::Paragraph if self.lists.is_empty() => self.block(),
            Tag::Heading { .. } => {
                self.block();
                self.text("*");
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.quotes += 1;
                self.text("> ");
            }
            Tag::CodeBlock(kind) => {
                self.block();
                self.text("```");
                if matches!(kind, CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) {
                    self.text("\n");
                }
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.block();
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            // In Markdown *x* leans, in WhatsApp it is bold: a model that writes either means what it sees.
            Tag::Emphasis => self.text(if source.starts_with('*') { "*" } else { "_" }),
            Tag::Strong => self.text("*"),
            Tag::Strikethrough => self.text("~"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.out.len()));
            }
            Tag::Table(_) | Tag::HtmlBlock => self.block(),
            Tag::TableHead => self.in_table_head = true,
            Tag::TableRow => self.line(),
            Tag::TableCell => {
                if self.cells > 0 {
                    self.text(" | ");
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Strong => self.text("*"),
            TagEnd::Emphasis => self.close_emphasis(),
            TagEnd::Strikethrough => self.text("~"),
            TagEnd::BlockQuote(_) => self.quotes -= 1,
            TagEnd::CodeBlock => self.text("```"),
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::Link | TagEnd::Image => self.close_link(),
            TagEnd::TableHead => {
                self.in_table_head = false;
                self.cells = 0;
            }
            TagEnd::TableRow => self.cells = 0,
            _ => {}
        }
    }

    /// The mark that was opened last and is not closed: emphasis nests like brackets.
    fn close_emphasis(&mut self) {
        let open = self.out.rfind(['*', '_']).map(|place| self.out.as_bytes()[place]);
        self.text(if open == Some(b'*') { "*" } else { "_" });
    }

    fn close_link(&mut self) {
        let Some((url, start)) = self.links.pop() else { return };
        let shown = self.out[start..].trim();
        if shown.is_empty() {
            self.text(&url);
        } else if shown != url && url.trim_start_matches("mailto:") != shown {
            self.text(&format!(" ({url})"));
        }
    }

    fn item(&mut self) {
        self.line();
        let depth = self.lists.len().saturating_sub(1);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.out.push_str(&"  ".repeat(depth));
        self.out.push_str(&marker);
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A new line, unless one has just begun.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
            self.out.push_str(&"> ".repeat(self.quotes));
        }
    }

    /// An empty line before the next block.
    fn block(&mut self) {
        let trimmed = self.out.trim_end_matches(['\n', ' ']).len();
        let opens_quote = self.quotes > 0 && self.out.ends_with("> ");
        if trimmed > 0 && !opens_quote {
            self.out.truncate(trimmed);
            self.out.push_str("\n\n");
            self.out.push_str(&"> ".repeat(self.quotes));
        }
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
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
            ("", ""),
        ] {
            assert_eq!(to_whatsapp(markdown), whatsapp, "{markdown}");
        }
    }
}
