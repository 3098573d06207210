//! An uploaded file into text: its format by its name, and what is in it by the reader of that format.
//!
//! Every refusal is a sentence that tells the uploader what to do.

mod documents;
mod json;
mod plain;
mod sheets;
mod table;

use serde_json::{Map, Value};

pub use table::Table;

/// Meta's own limit for documents is higher; knowledge is mostly text.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// The endings that can be read, as a person is told them.
pub const ENDINGS: &str = ".txt, .md, .csv, .tsv, .xlsx, .ods, .pdf, .docx, .pptx, .html, .json or .jsonl";

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Csv,
    Tsv,
    Json,
    Html,
    Pdf,
    Docx,
    Pptx,
    Xlsx,
    Ods,
}

impl Format {
    /// By the ending of the file's name.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            "tsv" => Some(Self::Tsv),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            "pdf" => Some(Self::Pdf),
            "docx" => Some(Self::Docx),
            "pptx" => Some(Self::Pptx),
            "xlsx" => Some(Self::Xlsx),
            "ods" => Some(Self::Ods),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
            Self::Tsv => "text/tab-separated-values",
            Self::Json => "application/json",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
        }
    }

    /// Whether its reader needs no bounds but those of its input: such files are lines of text.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Csv | Self::Tsv)
    }

    /// What such a file's first bytes are, where it is not text.
    fn begins(self) -> Option<&'static [u8]> {
        match self {
            Self::Pdf => Some(b"%PDF-"),
            Self::Docx | Self::Pptx | Self::Xlsx | Self::Ods => Some(b"PK\x03\x04"),
            _ => None,
        }
    }
}

/// Where the mark of a PDF may stand: some programs write a few bytes before it.
const BEGINNING_BYTES: usize = 1_024;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("The file is empty. Upload one with text in it.")]
    Empty,
    #[error("The file is larger than 20 MiB. Split it into several files.")]
    TooLarge,
    #[error("Files of this kind cannot be read. Upload {ENDINGS}.")]
    UnknownFormat,
    #[error("The file is not what its name says. Open it in the program it was made with, and save it again.")]
    OtherFormat,
    #[error("This is not a text file: it holds binary data. Save it as text (UTF-8) and upload it again.")]
    Binary,
    #[error(
        "Some of the file's characters cannot be read in any encoding we know. Save it as UTF-8 and upload it again."
    )]
    Garbled,
    #[error("The file is locked with a password. Save it without one and upload it again.")]
    Encrypted,
    #[error("The file holds pictures and no text, as a scan does. Have its text recognized (OCR) and upload it again.")]
    NoText,
    #[error("The file has {0} pages; 2,000 is the most. Split it into several files.")]
    TooManyPages(u32),
    #[error("The PDF cannot be read: {0}. Print it to a new PDF, or upload its text.")]
    Pdf(String),
    #[error("The document cannot be read: {0}. Open it, save it again, and upload that.")]
    Office(String),
    #[error("The spreadsheet cannot be read: {0}. Open it, save it again, or save it as CSV.")]
    Spreadsheet(String),
    #[error("The page cannot be read: {0}. Save its text and upload that.")]
    Html(String),
    #[error("The JSON is broken near line {line}: {problem}. Mend it and upload it again.")]
    Json { line: usize, problem: String },
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
    #[error("The table cannot be read near line {line}: {problem}. Check its quotes and save it as CSV again.")]
    Csv { line: u64, problem: String },
}

/// A file that has been read.
#[derive(Debug, PartialEq, Eq)]
pub struct Readable {
    pub parts: Vec<Part>,
    /// What was read and how, for whoever uploaded it.
    pub report: Map<String, Value>,
}

/// A page, a sheet, a record, or all of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub page: Option<u32>,
    /// What stands above all of it, such as the name of a sheet.
    pub title: Option<String>,
    pub body: Body,
}

/// How a part is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Text(String),
    Markdown(String),
    Table(Table),
}

impl Part {
    fn whole(body: Body) -> Vec<Self> {
        vec![Self { page: None, title: None, body }]
    }
}

/// Looks at a file as far as can be done at once: its name, its size, its beginning.
pub fn look(name: &str, bytes: &[u8]) -> Result<Format, ReadError> {
    let format = Format::of(name).ok_or(ReadError::UnknownFormat)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    match format.begins() {
        _ if bytes.is_empty() => Err(ReadError::Empty),
        Some(mark) => {
            let beginning = &bytes[..bytes.len().min(BEGINNING_BYTES)];
            let is_it = beginning.windows(mark.len()).any(|window| window == mark);
            if is_it { Ok(format) } else { Err(ReadError::OtherFormat) }
        }
        None => {
            let (text, _) = plain::decode(bytes)?;
            if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(format) }
        }
    }
}

/// Reads a file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Readable, ReadError> {
    let format = look(name, bytes)?;
    let mut report = Map::new();
    let mut text = || {
        let (text, encoding) = plain::decode(bytes)?;
        report.insert("encoding".to_owned(), encoding.into());
        Ok::<_, ReadError>(text)
    };
    let parts = match format {
        Format::Text => Part::whole(Body::Text(text()?)),
        Format::Markdown => Part::whole(Body::Markdown(text()?)),
        Format::Csv => Part::whole(Body::Table(table::from_text(&text()?, None)?)),
        Format::Tsv => Part::whole(Body::Table(table::from_text(&text()?, Some(b'\t'))?)),
        Format::Json => json::read(&text()?)?,
        Format::Html => documents::html(&text()?)?,
        Format::Docx | Format::Pptx => documents::office(bytes)?,
        Format::Pdf => {
            let (parts, without_text) = documents::pdf(bytes)?;
            report.insert("pages_without_text".to_owned(), without_text.into());
            parts
        }
        Format::Xlsx | Format::Ods => {
            let (parts, empty) = sheets::read(bytes)?;
            report.insert("empty_sheets".to_owned(), empty.into());
            parts
        }
    };
    if parts.is_empty() {
        return Err(ReadError::Empty);
    }
    let rows = parts.iter().map(|part| if let Body::Table(table) = &part.body { table.rows.len() } else { 0 });
    let rows: usize = rows.sum();
    if rows > 0 {
        report.insert("rows".to_owned(), rows.into());
    }
    let pages = parts.iter().filter(|part| part.page.is_some()).count();
    if pages > 0 {
        report.insert("pages".to_owned(), pages.into());
    }
    Ok(Readable { parts, report })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let spanish = "Pan de molde: 3,50 €. Mañana también abrimos a las ocho, señora.";
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(spanish);
        for (bytes, encoding) in [
            (spanish.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", spanish.as_bytes()].concat(), "UTF-8"),
            (latin.into_owned(), "windows-1252"),
            (std::iter::once(0xFEFFu16).chain(spanish.encode_utf16()).flat_map(u16::to_le_bytes).collect(), "UTF-16LE"),
        ] {
            let read = read("a.txt", &bytes).expect(encoding);
            assert_eq!(read.parts, Part::whole(Body::Text(spanish.to_owned())));
            assert_eq!(read.report["encoding"], encoding);
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        for (name, bytes, error) in [
            ("a.txt", b"".to_vec(), ReadError::Empty),
            ("a.md", b" \n\t ".to_vec(), ReadError::Empty),
            ("a.exe", b"MZ".to_vec(), ReadError::UnknownFormat),
            ("noending", b"x".to_vec(), ReadError::UnknownFormat),
            ("a.txt", b"\x7fELF\0\0\0\x01\x02".to_vec(), ReadError::Binary),
            ("a.csv", b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04".to_vec(), ReadError::Binary),
            ("a.pdf", b"just text".to_vec(), ReadError::OtherFormat),
            ("a.xlsx", b"a,b\n1,2\n".to_vec(), ReadError::OtherFormat),
            ("a.html", b"<script>let x = 0;</script>".to_vec(), ReadError::NoText),
            ("a.txt", vec![b'x'; MAX_FILE_BYTES + 1], ReadError::TooLarge),
        ] {
            assert_eq!(read(name, &bytes), Err(error), "{name}");
        }
    }

    #[test]
    fn a_page_of_the_web_becomes_its_text() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><nav>Home | Shop</nav><h1>Hours</h1>\
            <p>Sunday <b>8 to 13</b>.</p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></body>";
        let read = read("a.html", html.as_bytes()).expect("a page");
        let Body::Markdown(text) = &read.parts[0].body else { panic!("no Markdown") };
        assert!(text.contains("# Hours") && text.contains("8 to 13"), "{text}");
        assert!(!text.contains("Home") && !text.contains("p{}"), "{text}");
    }
}
