//! Sheets: what is written to Excel and what is read back.

mod csv;
mod mark;
mod read;
mod write;

use chrono::{NaiveDate, NaiveDateTime};

pub use csv::{csv_read, csv_write};
pub use mark::{CellError, xlsx_mark};
pub use read::{RawCell, RawRow, RawSheet, xlsx_read};
pub use write::xlsx_write;

/// A sheet to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The tab's name; characters that Excel refuses are replaced, long names cut.
    pub name: String,
    /// A title in a row of its own above the headings.
    pub title: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a written sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub heading: String,
    pub kind: Kind,
    /// Width in characters of the default font; a Chinese character takes two.
    pub width: f64,
    /// Shown as a comment on the heading.
    pub note: Option<String>,
    /// Offered as a drop-down list.
    pub choices: Option<Vec<String>>,
    /// The heading is marked with `*`.
    pub required: bool,
}

impl Column {
    /// A column with a width that fits its heading and kind, no note, no choices, not required.
    pub fn new(heading: impl Into<String>, kind: Kind) -> Self {
        let heading = heading.into();
        let least = match kind {
            Kind::Text => 12.0,
            Kind::Int | Kind::Decimal(_) | Kind::Bool => 8.0,
            Kind::Date | Kind::Money => 12.0,
            Kind::Instant => 18.0,
        };
        let width = (heading.chars().count() as f64 * 2.0 + 4.0).max(least);
        Column {
            heading,
            kind,
            width,
            note: None,
            choices: None,
            required: false,
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Also identity numbers, phone numbers and codes: Excel keeps all their digits.
    Text,
    Int,
    /// A number with so many decimal places.
    Decimal(u8),
    Date,
    /// A date with a time of day.
    Instant,
    /// Yuan with two places.
    Money,
    /// 是 or 否.
    Bool,
}

impl Kind {
    /// The kind in words, for the guide.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Text => "文本",
            Kind::Int => "整数",
            Kind::Decimal(_) => "小数",
            Kind::Date => "日期",
            Kind::Instant => "日期时间",
            Kind::Money => "金额（元）",
            Kind::Bool => "是/否",
        }
    }
}

/// A value to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Int(i64),
    /// `units` ÷ 10^`scale`: 12.50 is `{ units: 1250, scale: 2 }`.
    Decimal {
        units: i64,
        scale: u8,
    },
    Date(NaiveDate),
    /// Local time.
    Instant(NaiveDateTime),
    /// Cents (分).
    Money(i64),
    Bool(bool),
}

/// The sheet 填写说明 for a sheet: one line for each column. Write it after the sheet itself.
pub fn guide(sheet: &Sheet) -> Sheet {
    const CHOICES_SHOWN: usize = 30;
    let text = |heading: &str, width: f64| Column {
        width,
        ..Column::new(heading, Kind::Text)
    };
    let rows = sheet.columns.iter().map(|column| {
        let choices = column.choices.as_deref().unwrap_or_default();
        let mut offered = choices
            .iter()
            .take(CHOICES_SHOWN)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("、");
        if choices.len() > CHOICES_SHOWN {
            offered.push_str(&format!("……共 {} 项，见下拉列表", choices.len()));
        }
        let required = if column.required { "必填" } else { "" };
        let cells = [
            &column.heading,
            required,
            column.kind.label(),
            &offered,
            column.note.as_deref().unwrap_or(""),
        ];
        cells
            .into_iter()
            .map(|cell| Cell::Text(cell.to_owned()))
            .collect()
    });
    Sheet {
        name: "填写说明".into(),
        title: None,
        columns: vec![
            text("列名", 20.0),
            text("是否必填", 10.0),
            text("类型", 12.0),
            text("可选值", 50.0),
            text("说明", 50.0),
        ],
        rows: rows.collect(),
    }
}

/// A heading as the register knows it: without the mark of a required column and without spaces around.
pub fn plain_heading(heading: &str) -> &str {
    heading.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '＊'))
}
