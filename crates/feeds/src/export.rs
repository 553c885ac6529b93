//! A table's rows as a file.
use crate::rows::Row;
use crate::source::Table;
use print::{Cell, Column, Kind, Sheet};
use serde_json::Value as J;

/// The forms of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An array of objects by column name.
    Json,
    /// A sheet with the column names as headings.
    Xlsx,
}

impl Form {
    /// By the ending of a file name.
    pub fn of_name(name: &str) -> Option<Form> {
        match name.rsplit_once('.')?.1.to_lowercase().as_str() {
            "json" => Some(Form::Json),
            "xlsx" => Some(Form::Xlsx),
            _ => None,
        }
    }

    /// The ending.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Xlsx => "xlsx",
        }
    }
}

/// The rows that can be reported, as JSON.
pub fn json(table: &Table, rows: &[Row]) -> Vec<u8> {
    let all: Vec<J> = rows
        .iter()
        .filter(|row| row.is_good())
        .map(|row| row.json(table))
        .collect();
    let text = serde_json::to_string_pretty(&all).unwrap_or_default();
    (text + "\n").into_bytes()
}

/// The rows that can be reported as a sheet, and what is wrong with the others as a second one.
pub fn sheets(table: &Table, rows: &[Row]) -> Vec<Sheet> {
    let columns = table.set.columns.iter().map(|column| Column {
        note: Some(column.title.clone()),
        required: false,
        ..Column::new(&column.name, Kind::Text)
    });
    let good = rows.iter().filter(|row| row.is_good());
    let data = Sheet {
        name: table.set.table.clone(),
        columns: columns.collect(),
        rows: good
            .map(|row| row.cells.iter().map(|text| cell(text)).collect())
            .collect(),
        ..Sheet::default()
    };
    let faulty = rows.iter().filter(|row| !row.is_good());
    let lines = faulty.flat_map(|row| {
        row.faults.iter().map(|fault| {
            let column = &table.set.columns[fault.column];
            let record = row.record.map_or(String::new(), |id| id.to_string());
            let state = if row.waiting { "办理中" } else { "有误" };
            [state, &record, &column.name, &column.title, &fault.message]
                .map(cell)
                .to_vec()
        })
    });
    let faults = Sheet {
        name: "未报送".into(),
        columns: ["情况", "记录编号", "数据项", "中文简称", "原因"]
            .map(|heading| Column::new(heading, Kind::Text))
            .to_vec(),
        rows: lines.collect(),
        ..Sheet::default()
    };
    match faults.rows.is_empty() {
        true => vec![data],
        false => vec![data, faults],
    }
}

fn cell(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_names_the_form() {
        assert_eq!(Form::of_name("t16.json"), Some(Form::Json));
        assert_eq!(Form::of_name("T16.XLSX"), Some(Form::Xlsx));
        assert_eq!(Form::of_name("t16.csv"), None);
        assert_eq!(Form::of_name("json"), None);
    }
}
