//! Spreadsheets (XLSX, ODS): each sheet is a table. Formulas have the value that was saved with them.

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Sheets, open_workbook_auto_from_rs};

use super::table::{Row, Table};
use super::{Body, Part, ReadError};

/// A header names one column of so many at the least; a line with fewer names is a title above the table.
const NAMED_SHARE: usize = 2;
const MIDNIGHT: &str = " 00:00:00";

/// The sheets that hold something, and the names of those that do not.
pub fn read(bytes: &[u8]) -> Result<(Vec<Part>, Vec<String>), ReadError> {
    let unreadable = |error: &dyn std::fmt::Display| ReadError::Spreadsheet(error.to_string());
    let mut workbook: Sheets<_> = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let (mut parts, mut empty) = (Vec::new(), Vec::new());
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(|error| unreadable(&error))?;
        let (above, table) = table(&range);
        if above.is_empty() && table.rows.is_empty() {
            empty.push(name);
            continue;
        }
        if !above.is_empty() {
            parts.push(Part { page: None, title: Some(name.clone()), body: Body::Text(above) });
        }
        if !table.rows.is_empty() {
            parts.push(Part { page: None, title: Some(name), body: Body::Table(table.checked()?) });
        }
    }
    if parts.is_empty() { Err(ReadError::NoRows) } else { Ok((parts, empty)) }
}

/// What stands above the table, and the table. The first row that names at least half of the columns is the header.
fn table(range: &Range<Data>) -> (String, Table) {
    let first = range.start().map_or(0, |(row, _)| row);
    let columns = range.width();
    let mut rows: Vec<Row> = range
        .rows()
        .zip(first + 1..)
        .map(|(cells, number)| Row { number, fields: cells.iter().map(written).collect() })
        .filter(|row| row.fields.iter().any(|field| !field.is_empty()))
        .collect();
    let named = |row: &Row| row.fields.iter().filter(|field| !field.is_empty()).count();
    let place = rows.iter().position(|row| named(row) * NAMED_SHARE >= columns);
    let Some(place) = place.filter(|place| place + 1 < rows.len()) else {
        return (String::new(), Table { header: vec![String::new(); columns], rows });
    };
    let body = rows.split_off(place + 1);
    let header = rows.pop().map(|row| row.fields).unwrap_or_default();
    let line = |row: Row| row.fields.into_iter().filter(|field| !field.is_empty()).collect::<Vec<_>>().join(" ");
    let above: Vec<String> = rows.into_iter().map(line).collect();
    (above.join("\n"), Table { header, rows: body })
}

/// A cell as its reader would write it.
fn written(cell: &Data) -> String {
    match cell {
        Data::DateTime(_) | Data::DateTimeIso(_) => match cell.as_datetime() {
            // A day has no time of day.
            Some(at) => at.to_string().trim_end_matches(MIDNIGHT).to_owned(),
            None => cell.to_string(),
        },
        // What is shown for an error is no value.
        Data::Error(_) | Data::Empty => String::new(),
        Data::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        _ => cell.to_string().trim().to_owned(),
    }
}
