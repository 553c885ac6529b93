//! Reading an uploaded workbook, with a limit on everything it could make large.

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::io::{self, Cursor, Read};

use crate::UploadError;

pub(super) const BYTES_MAX_MB: usize = 20;
const UNPACKED_MAX_MB: usize = 300;
pub(super) const ROWS_MAX: u32 = 200_000;
pub(super) const COLUMNS_MAX: u32 = 1_000;
/// Excel's own limit for one cell.
pub(super) const CELL_CHARS_MAX: usize = 32_767;
/// Text held for one workbook: shared strings may be repeated in every cell.
pub(super) const TEXT_MAX_MB: usize = 200;
/// Cells held for one workbook.
const CELLS_MAX: usize = 8_000_000;

/// A sheet as it was found: nothing is interpreted, blank rows are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawSheet {
    pub name: String,
    pub rows: Vec<RawRow>,
}

/// A row that has at least one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawRow {
    /// As Excel shows it, from 1.
    pub number: u32,
    /// From column A on; cells after the last value are left out.
    pub cells: Vec<RawCell>,
}

impl RawRow {
    /// The cell of a column (from 0); empty beyond the last value.
    pub fn cell(&self, column: usize) -> &RawCell {
        self.cells.get(column).unwrap_or(&RawCell::Empty)
    }
}

/// A cell as it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RawCell {
    #[default]
    Empty,
    Text(String),
    /// A number. An 18-digit identity number that arrives here has already lost its last digits.
    Number(f64),
    Date(NaiveDate),
    /// A date with a time of day.
    Instant(NaiveDateTime),
    Bool(bool),
    /// An error value such as `#N/A`.
    Error(String),
}

impl RawCell {
    /// The cell as a person reads it.
    pub fn text(&self) -> String {
        match self {
            RawCell::Empty => String::new(),
            RawCell::Text(text) | RawCell::Error(text) => text.clone(),
            RawCell::Number(number) => number.to_string(),
            RawCell::Date(date) => date.format("%Y-%m-%d").to_string(),
            RawCell::Instant(instant) => instant.format("%Y-%m-%d %H:%M:%S").to_string(),
            RawCell::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        }
    }

    fn is_empty(&self) -> bool {
        *self == RawCell::Empty
    }
}

/// Reads the visible sheets of an `.xlsx` file.
pub fn xlsx_read(bytes: &[u8]) -> Result<Vec<RawSheet>, UploadError> {
    check_container(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refused)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut budget = Budget::default();
    names
        .into_iter()
        .map(|name| read_sheet(&mut book, name, &mut budget))
        .collect()
}

/// What one workbook has taken so far.
#[derive(Default)]
struct Budget {
    text_bytes: usize,
    cells: usize,
}

fn read_sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: String,
    budget: &mut Budget,
) -> Result<RawSheet, UploadError> {
    let mut cells = book.worksheet_cells_reader(&name).map_err(refused)?;
    let mut rows: Vec<RawRow> = Vec::new();
    // Cell by cell, not as a range: a range of A1 and XFD1048576 would be a table of 17 billion cells.
    while let Some(cell) = cells.next_cell().map_err(refused)? {
        let (row, column) = cell.get_position();
        let value = raw(cell.get_value());
        if value.is_empty() {
            continue;
        }
        if row >= ROWS_MAX {
            return Err(UploadError::TooManyRows {
                sheet: name,
                limit: ROWS_MAX,
            });
        }
        if column >= COLUMNS_MAX {
            return Err(UploadError::TooManyColumns {
                sheet: name,
                row: row + 1,
                limit: COLUMNS_MAX,
            });
        }
        place(&mut rows, row + 1, column as usize, value, budget)?;
    }
    Ok(RawSheet { name, rows })
}

/// Puts a value into its row. Rows and cells of a well-formed sheet come in order; others are refused.
fn place(
    rows: &mut Vec<RawRow>,
    number: u32,
    column: usize,
    value: RawCell,
    budget: &mut Budget,
) -> Result<(), UploadError> {
    let out_of_order = || UploadError::NotWorkbook(format!("第 {number} 行的位置有误"));
    match rows.last() {
        Some(last) if last.number > number => return Err(out_of_order()),
        Some(last) if last.number == number => {}
        _ => rows.push(RawRow {
            number,
            cells: Vec::new(),
        }),
    }
    let cells = &mut rows.last_mut().expect("pushed above").cells;
    if column < cells.len() {
        return Err(out_of_order());
    }
    budget.cells += column + 1 - cells.len();
    if let RawCell::Text(text) = &value {
        budget.text_bytes += text.len();
    }
    if budget.cells > CELLS_MAX || budget.text_bytes > TEXT_MAX_MB << 20 {
        return Err(UploadError::TooManyUnpackedBytes {
            limit_mb: UNPACKED_MAX_MB,
        });
    }
    cells.resize(column, RawCell::Empty);
    cells.push(value);
    Ok(())
}

fn raw(value: &DataRef<'_>) -> RawCell {
    match value {
        DataRef::Empty => RawCell::Empty,
        DataRef::Int(number) => RawCell::Number(*number as f64),
        DataRef::Float(number) => RawCell::Number(*number),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(value) => RawCell::Bool(*value),
        DataRef::DateTime(serial) if serial.is_datetime() => serial
            .as_datetime()
            .map_or(RawCell::Number(serial.as_f64()), instant_or_date),
        DataRef::DateTime(duration) => RawCell::Number(duration.as_f64()),
        DataRef::DateTimeIso(text) => text
            .parse::<NaiveDateTime>()
            .map(instant_or_date)
            .or_else(|_| text.parse::<NaiveDate>().map(RawCell::Date))
            .unwrap_or_else(|_| text_cell(text)),
        DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => RawCell::Error(error.to_string()),
    }
}

fn instant_or_date(instant: NaiveDateTime) -> RawCell {
    if instant.time() == NaiveTime::MIN {
        RawCell::Date(instant.date())
    } else {
        RawCell::Instant(instant)
    }
}

fn text_cell(text: &str) -> RawCell {
    if text.is_empty() {
        return RawCell::Empty;
    }
    RawCell::Text(text.chars().take(CELL_CHARS_MAX).collect())
}

/// Refuses what is not a workbook and what unpacks to too much. Sizes in a zip directory may lie, so the
/// entries are unpacked once, without keeping them.
fn check_container(bytes: &[u8]) -> Result<(), UploadError> {
    const OLE: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
    check_bytes(bytes)?;
    if bytes.starts_with(&OLE) {
        return Err(UploadError::OldOrEncrypted);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(refused)?;
    let mut left = (UNPACKED_MAX_MB << 20) as u64;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(refused)?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(refused)?;
        left = left
            .checked_sub(unpacked)
            .ok_or(UploadError::TooManyUnpackedBytes {
                limit_mb: UNPACKED_MAX_MB,
            })?;
    }
    Ok(())
}

pub(super) fn check_bytes(bytes: &[u8]) -> Result<(), UploadError> {
    if bytes.is_empty() {
        return Err(UploadError::Empty);
    }
    if bytes.len() > BYTES_MAX_MB << 20 {
        return Err(UploadError::TooManyBytes {
            limit_mb: BYTES_MAX_MB,
        });
    }
    Ok(())
}

fn refused(error: impl std::fmt::Display) -> UploadError {
    UploadError::NotWorkbook(error.to_string())
}
