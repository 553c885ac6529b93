//! Handing a refused upload back with the causes in it.

use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, Worksheet};
use std::collections::HashMap;

use super::read::{RawCell, RawSheet};
use super::write::{
    Names, column_letters, comment, date_format, heading_format, instant_format, text_format, write_instant,
    write_text,
};
use crate::PrintError;

/// Something wrong in an uploaded sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    pub sheet: String,
    /// As Excel shows it, from 1: [`super::RawRow::number`].
    pub row: u32,
    /// From 0; none when the whole row is meant.
    pub column: Option<usize>,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

/// The uploaded rows again, in their places, with the wrong cells coloured, the causes as comments and a
/// sheet 错误说明 in front that lists them.
pub fn xlsx_mark(sheets: &[RawSheet], errors: &[CellError]) -> Result<Vec<u8>, PrintError> {
    let mut book = Workbook::new();
    let mut names = Names::default();
    let summary = names.claim("错误说明");
    let page = book.add_worksheet();
    page.set_name(summary)?;
    write_summary(page, errors)?;
    for sheet in sheets {
        let mut causes: HashMap<(u32, usize), Vec<&str>> = HashMap::new();
        for error in errors.iter().filter(|error| error.sheet == sheet.name) {
            causes
                .entry((error.row, error.column.unwrap_or(0)))
                .or_default()
                .push(&error.message);
        }
        let page = book.add_worksheet();
        page.set_name(names.claim(&sheet.name))?;
        write_marked(page, sheet, causes)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_summary(page: &mut Worksheet, errors: &[CellError]) -> Result<(), PrintError> {
    let heading = heading_format();
    let columns = [
        ("序号", 6.0),
        ("工作表", 18.0),
        ("行", 8.0),
        ("列", 8.0),
        ("原因", 80.0),
    ];
    for (index, (name, width)) in (0..).zip(columns) {
        page.set_column_width(index, width)?
            .write_string_with_format(0, index, name, &heading)?;
    }
    page.set_freeze_panes(1, 0)?;
    let text = text_format();
    for (row, error) in (1..).zip(errors) {
        page.write_number(row, 0, row)?;
        write_text(page, row, 1, &error.sheet, &text)?;
        page.write_number(row, 2, error.row)?;
        write_text(
            page,
            row,
            3,
            &error.column.map(column_letters).unwrap_or_default(),
            &text,
        )?;
        write_text(page, row, 4, &error.message, &text)?;
    }
    page.autofilter(0, 0, errors.len() as u32, columns.len() as u16 - 1)?;
    Ok(())
}

fn write_marked(
    page: &mut Worksheet,
    sheet: &RawSheet,
    causes: HashMap<(u32, usize), Vec<&str>>,
) -> Result<(), PrintError> {
    let plain = Formats::new(|format| format);
    let wrong = Formats::new(|format| {
        format
            .set_background_color(Color::RGB(0xFF_C7_CE))
            .set_font_color(Color::RGB(0x9C_00_06))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x9C_00_06))
    });
    let mut widths: Vec<usize> = Vec::new();
    for row in &sheet.rows {
        for (index, cell) in row.cells.iter().enumerate() {
            let formats = if causes.contains_key(&(row.number, index)) {
                &wrong
            } else {
                &plain
            };
            write_raw(page, row.number - 1, index as u16, cell, formats)?;
            if widths.len() <= index {
                widths.resize(index + 1, 8);
            }
            let width: usize = cell
                .text()
                .chars()
                .take(40)
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum();
            widths[index] = widths[index].max(width + 2).min(40);
        }
    }
    for (index, width) in (0..).zip(widths) {
        page.set_column_width(index, width as f64)?;
    }
    for ((row, column), messages) in causes {
        let found = sheet.rows.binary_search_by_key(&row, |raw| raw.number);
        let filled = found.is_ok_and(|at| sheet.rows[at].cell(column) != &RawCell::Empty);
        let row = row.saturating_sub(1);
        let index = column as u16;
        if !filled {
            page.write_blank(row, index, &wrong.text)?;
        }
        page.insert_note(row, index, &comment(&messages.join("\n")))?;
    }
    Ok(())
}

struct Formats {
    text: Format,
    number: Format,
    date: Format,
    instant: Format,
}

impl Formats {
    fn new(style: impl Fn(Format) -> Format) -> Self {
        Formats {
            text: style(text_format()),
            number: style(Format::new()),
            date: style(date_format()),
            instant: style(instant_format()),
        }
    }
}

fn write_raw(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &RawCell,
    formats: &Formats,
) -> Result<(), PrintError> {
    match cell {
        RawCell::Empty => {}
        RawCell::Text(text) | RawCell::Error(text) => write_text(page, row, column, text, &formats.text)?,
        RawCell::Number(number) => {
            page.write_number_with_format(row, column, *number, &formats.number)?;
        }
        RawCell::Date(date) => {
            let midnight = date.and_time(chrono::NaiveTime::MIN);
            write_instant(page, row, column, midnight, &formats.date)?;
        }
        RawCell::Instant(instant) => write_instant(page, row, column, *instant, &formats.instant)?,
        RawCell::Bool(value) => {
            page.write_boolean_with_format(row, column, *value, &formats.number)?;
        }
    }
    Ok(())
}
