//! Tables: a header and rows, whatever file they come from.

use super::ReadError;

const MAX_COLUMNS: usize = 500;
/// The most of a line that is looked at to find the separator of a CSV file.
const SNIFF_BYTES: usize = 64 * 1024;

/// A table; every row has as many fields as the header, and some of them are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in its file: the line, or the row of the sheet, from 1.
    pub number: u32,
    pub fields: Vec<String>,
}

impl Table {
    /// A table that somebody can answer from.
    pub fn checked(self) -> Result<Self, ReadError> {
        match (self.header.len(), self.rows.is_empty()) {
            (columns, _) if columns > MAX_COLUMNS => Err(ReadError::TooManyColumns(columns)),
            (_, true) => Err(ReadError::NoRows),
            _ => Ok(self),
        }
    }
}

/// Reads text whose fields are separated by `separator`, or by what the header holds most of.
pub fn from_text(text: &str, separator: Option<u8>) -> Result<Table, ReadError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or_else(|| separator_of(text)))
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(|error| refused(&error))?.iter().map(str::to_owned).collect();
    // Before the rows are held: a line of separators would make each of them as wide.
    if header.len() > MAX_COLUMNS {
        return Err(ReadError::TooManyColumns(header.len()));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let fields = record.iter().map(str::to_owned).collect();
        rows.push(Row { number: u32::try_from(line).unwrap_or(u32::MAX), fields });
    }
    Table { header, rows }.checked()
}

/// The separator that the header line holds most of, outside quotes.
fn separator_of(text: &str) -> u8 {
    let end = text.len().min(SNIFF_BYTES);
    let header = text.as_bytes()[..end].split(|&byte| byte == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in header {
        match byte {
            b'"' => quoted = !quoted,
            _ if !quoted => {
                if let Some(count) = counts.iter_mut().find(|(separator, _)| *separator == byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
    }
    // The first of equals: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

fn refused(error: &csv::Error) -> ReadError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            ReadError::Ragged { line, found: *len, expected: *expected_len }
        }
        _ => ReadError::Csv { line, problem: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_tables_say_which_line_and_what_to_do() {
        let ragged = from_text("a,b\n1,2\n1,2,3\n", None).expect_err("ragged");
        assert_eq!(ragged, ReadError::Ragged { line: 3, found: 3, expected: 2 });
        assert!(ragged.to_string().contains("Line 3 has 3 fields"));
        assert_eq!(from_text("a,b\n", None), Err(ReadError::NoRows));
        let wide = ",".repeat(9_999_999);
        assert_eq!(from_text(&format!("{wide}\n1\n"), None), Err(ReadError::TooManyColumns(10_000_000)));
    }
}
