//! Writing workbooks: exports, import templates and guides.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet,
};
use std::borrow::Cow;
use std::collections::HashSet;

use super::read::CELL_CHARS_MAX;
use super::{Cell, Column, Kind, Sheet};
use crate::PrintError;

/// The hidden sheet that holds long lists of choices.
const CHOICES_SHEET: &str = "_选项";
/// Excel's limit for a list written into the validation itself.
const INLINE_CHOICES_CHARS_MAX: usize = 255;
/// Rows below the data that still get the drop-downs: a template is filled in, an export is continued.
const ROWS_AHEAD: u32 = 2_000;
const EXCEL_ROWS_MAX: usize = 1_048_575;

/// Writes sheets into one workbook.
pub fn xlsx_write(sheets: &[Sheet]) -> Result<Vec<u8>, PrintError> {
    let mut book = Workbook::new();
    let styles = Styles::new();
    let mut names = Names::default();
    let mut lists: Vec<&[String]> = Vec::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(names.claim(&sheet.name))?;
        write_sheet(page, sheet, &styles, &mut lists)?;
    }
    if !lists.is_empty() {
        let page = book.add_worksheet();
        page.set_name(CHOICES_SHEET)?.set_hidden(true);
        for (column, list) in (0..).zip(&lists) {
            for (row, choice) in (0..).zip(list.iter()) {
                page.write_string(row, column, choice)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn write_sheet<'a>(
    page: &mut Worksheet,
    sheet: &'a Sheet,
    styles: &Styles,
    lists: &mut Vec<&'a [String]>,
) -> Result<(), PrintError> {
    let count = sheet.rows.len();
    if count >= EXCEL_ROWS_MAX {
        return Err(PrintError::TooLarge {
            what: "行数",
            count,
            limit: EXCEL_ROWS_MAX,
        });
    }
    let last_column = sheet.columns.len().saturating_sub(1) as u16;
    let mut header = 0;
    if let Some(title) = &sheet.title {
        if last_column > 0 {
            page.merge_range(0, 0, 0, last_column, title, &styles.title)?;
        } else {
            page.write_with_format(0, 0, title, &styles.title)?;
        }
        page.set_row_height(0, 28)?;
        header = 1;
    }
    page.set_row_height(header, 22)?;
    page.set_freeze_panes(header + 1, 0)?.set_repeat_rows(0, header)?;
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);

    for (column, index) in sheet.columns.iter().zip(0..) {
        write_heading(page, header, index, column, styles)?;
        if let Some(choices) = column.choices.as_deref().filter(|choices| !choices.is_empty()) {
            let last_row = (header + count as u32 + ROWS_AHEAD).min(EXCEL_ROWS_MAX as u32);
            let rule = drop_down(choices, lists)?;
            page.add_data_validation(header + 1, index, last_row, index, &rule)?;
        }
    }
    let formats: Vec<Format> = sheet
        .columns
        .iter()
        .map(|column| format_of(column.kind))
        .collect();
    for (row, cells) in (header + 1..).zip(&sheet.rows) {
        for (index, cell) in (0..).zip(cells) {
            let format = formats.get(usize::from(index)).unwrap_or(&styles.text);
            write_cell(page, row, index, cell, format, styles)?;
        }
    }
    if !sheet.columns.is_empty() {
        page.autofilter(header, 0, header + count as u32, last_column)?;
    }
    Ok(())
}

fn write_heading(
    page: &mut Worksheet,
    row: u32,
    index: u16,
    column: &Column,
    styles: &Styles,
) -> Result<(), PrintError> {
    let (heading, format) = if column.required {
        (Cow::Owned(format!("*{}", column.heading)), &styles.required)
    } else {
        (Cow::Borrowed(column.heading.as_str()), &styles.heading)
    };
    page.set_column_width(index, column.width)?;
    page.set_column_format(index, &format_of(column.kind))?;
    page.write_string_with_format(row, index, heading.as_ref(), format)?;
    if let Some(note) = &column.note {
        page.insert_note(row, index, &comment(note))?;
    }
    Ok(())
}

/// A list in the rule itself when it is short, else in the hidden sheet.
fn drop_down<'a>(choices: &'a [String], lists: &mut Vec<&'a [String]>) -> Result<DataValidation, PrintError> {
    let chars: usize = choices.iter().map(|choice| choice.chars().count() + 1).sum();
    let inline =
        chars <= INLINE_CHOICES_CHARS_MAX && !choices.iter().any(|choice| choice.contains([',', '"']));
    let rule = if inline {
        DataValidation::new().allow_list_strings(choices)?
    } else {
        let known = lists.iter().position(|list| *list == choices);
        let column = known.unwrap_or_else(|| {
            lists.push(choices);
            lists.len() - 1
        });
        let letters = column_letters(column);
        DataValidation::new().allow_list_formula(Formula::new(format!(
            "='{CHOICES_SHEET}'!${letters}$1:${letters}${}",
            choices.len()
        )))
    };
    Ok(rule
        .set_error_title("请从列表中选择")?
        .set_error_message("此列只能填写下拉列表中的内容。")?)
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    format: &Format,
    styles: &Styles,
) -> Result<(), PrintError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => write_text(page, row, column, text, &styles.text)?,
        // Excel keeps 15 digits of a number.
        Cell::Int(value) if value.unsigned_abs() < 1_000_000_000_000_000 => {
            page.write_number_with_format(row, column, *value as f64, format)?;
        }
        Cell::Int(value) => write_text(page, row, column, &value.to_string(), &styles.text)?,
        Cell::Decimal { units, scale } => {
            let value = *units as f64 / 10f64.powi(i32::from(*scale));
            page.write_number_with_format(row, column, value, format)?;
        }
        Cell::Money(cents) => {
            page.write_number_with_format(row, column, *cents as f64 / 100.0, format)?;
        }
        Cell::Bool(value) => write_text(page, row, column, if *value { "是" } else { "否" }, &styles.text)?,
        Cell::Date(date) => write_instant(page, row, column, date.and_time(NaiveTime::MIN), &styles.date)?,
        Cell::Instant(instant) => write_instant(page, row, column, *instant, &styles.instant)?,
    }
    Ok(())
}

pub(super) fn write_text(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), PrintError> {
    const CUT: &str = "……（超过单元格长度，已截断）";
    let mut text = Cow::Borrowed(text);
    if text.contains('\r') {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if text.len() > CELL_CHARS_MAX && text.chars().count() > CELL_CHARS_MAX {
        let kept = text.chars().take(CELL_CHARS_MAX - CUT.chars().count());
        text = Cow::Owned(kept.chain(CUT.chars()).collect());
    }
    if text.is_empty() {
        return Ok(());
    }
    page.write_string_with_format(row, column, text.as_ref(), format)?;
    Ok(())
}

/// A real Excel date; before March 1900, where Excel's calendar is wrong, text.
pub(super) fn write_instant(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    instant: NaiveDateTime,
    format: &Format,
) -> Result<(), PrintError> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)
        .expect("a date")
        .and_time(NaiveTime::MIN);
    let first = NaiveDate::from_ymd_opt(1900, 3, 1)
        .expect("a date")
        .and_time(NaiveTime::MIN);
    let end = NaiveDate::from_ymd_opt(10_000, 1, 1)
        .expect("a date")
        .and_time(NaiveTime::MIN);
    if instant < first || instant >= end {
        return write_text(page, row, column, &instant.format("%Y-%m-%d").to_string(), format);
    }
    let since = instant - epoch;
    let serial = since.num_days() as f64 + (since.num_milliseconds() % 86_400_000) as f64 / 86_400_000.0;
    page.write_number_with_format(row, column, serial, format)?;
    Ok(())
}

pub(super) fn comment(text: &str) -> Note {
    let lines = text
        .lines()
        .map(|line| 1 + line.chars().count() / 18)
        .sum::<usize>()
        .max(2);
    Note::new(text.chars().take(2_000).collect::<String>())
        .add_author_prefix(false)
        .set_width(260)
        .set_height(20 + 18 * lines.min(20) as u32)
}

/// `0` → `A`, `27` → `AB`.
pub(super) fn column_letters(column: usize) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.insert(0, char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters
}

fn format_of(kind: Kind) -> Format {
    match kind {
        Kind::Text | Kind::Bool => text_format(),
        Kind::Int => Format::new().set_num_format("0"),
        Kind::Decimal(0) => Format::new().set_num_format("0"),
        Kind::Decimal(scale) => {
            Format::new().set_num_format(format!("0.{}", "0".repeat(usize::from(scale.min(15)))))
        }
        Kind::Date => date_format(),
        Kind::Instant => instant_format(),
        Kind::Money => Format::new().set_num_format("#,##0.00"),
    }
}

pub(super) fn text_format() -> Format {
    Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

pub(super) fn date_format() -> Format {
    Format::new()
        .set_num_format("yyyy-mm-dd")
        .set_align(FormatAlign::Left)
}

pub(super) fn instant_format() -> Format {
    Format::new()
        .set_num_format("yyyy-mm-dd hh:mm:ss")
        .set_align(FormatAlign::Left)
}

/// Formats made once for a workbook.
struct Styles {
    title: Format,
    heading: Format,
    required: Format,
    text: Format,
    date: Format,
    instant: Format,
}

impl Styles {
    fn new() -> Self {
        let heading = heading_format();
        Styles {
            title: Format::new()
                .set_bold()
                .set_font_size(16)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            required: heading.clone().set_font_color(Color::RGB(0xB4_23_18)),
            heading,
            text: text_format(),
            date: date_format(),
            instant: instant_format(),
        }
    }
}

pub(super) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_num_format("@")
        .set_background_color(Color::RGB(0xE8_EE_F7))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xB7_C3_D6))
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
}

/// Sheet names in use: Excel compares them without case and allows 31 characters.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A legal name near the wanted one that no other sheet has.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        const CHARS_MAX: usize = 31;
        let legal: String = wanted
            .chars()
            .map(|c| {
                if c.is_control() || "[]:*?/\\".contains(c) {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let legal = legal.trim().trim_matches('\'');
        let legal = if legal.is_empty() { "工作表" } else { legal };
        let cut = |chars: usize| {
            legal
                .chars()
                .take(chars)
                .collect::<String>()
                .trim_matches('\'')
                .to_owned()
        };
        let mut name = cut(CHARS_MAX / 2 * 2);
        let mut next = 2;
        while name.eq_ignore_ascii_case(CHOICES_SHEET) || !self.0.insert(name.to_lowercase()) {
            name = format!("{}({next})", cut(CHARS_MAX - 6));
            next += 1;
        }
        name
    }
}
