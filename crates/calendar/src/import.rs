//! Reading a year's holidays and make-up days from a file a school keeps.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

use crate::day_table::{DayTable, SpecialDay, SpecialKind};
use crate::term::PLAUSIBLE_YEARS;
use crate::weekday_name;

/// Columns of the file, the last optional.
const COLUMNS: [&str; 4] = ["日期", "类型", "名称", "按星期几上课"];

/// One thing wrong in an imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// Line of a CSV file, or position in the list of a JSON file, from 1.
    pub line: usize,
    /// What is wrong, in the words of the reader.
    pub cause: String,
}

/// Everything wrong in an imported file; nothing of it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// 行 in CSV, 项 in JSON.
    unit: &'static str,
    /// Problems in the order of the file.
    pub problems: Vec<LineProblem>,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            let comma = if at == 0 { "" } else { "；" };
            write!(f, "{comma}第{}{}：{}", problem.line, self.unit, problem.cause)?;
        }
        Ok(())
    }
}

impl DayTable {
    /// Reads a CSV file (commas or tabs) with the headings 日期, 类型 (放假, 调休, 上班), 名称 and, optionally,
    /// 按星期几上课. Empty lines and lines beginning with `#` are skipped.
    pub fn from_csv(text: &str) -> Result<Self, ImportError> {
        let mut lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let Some((heading_line, heading)) = lines.next() else {
            return Err(single(
                "行",
                1,
                "文件没有内容，首行应为 日期,类型,名称,按星期几上课".to_owned(),
            ));
        };
        let headings = cells(heading);
        let mut places = [None; 4];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            *place = headings.iter().position(|heading| heading == column);
        }
        if let Some(missing) = COLUMNS
            .iter()
            .zip(places)
            .take(3)
            .find(|(_, place)| place.is_none())
        {
            return Err(single("行", heading_line, format!("表头缺少“{}”列", missing.0)));
        }
        collect(
            "行",
            lines.map(|(line, text)| {
                let values = cells(text);
                let cell = |column: usize| {
                    places[column]
                        .and_then(|at| values.get(at))
                        .map_or_else(String::new, Clone::clone)
                };
                (line, Ok([cell(0), cell(1), cell(2), cell(3)]))
            }),
        )
    }

    /// Reads a JSON list of objects with the same four names as the CSV headings.
    pub fn from_json(text: &str) -> Result<Self, ImportError> {
        let rows: Vec<Value> =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
                single(
                    "行",
                    error.line().max(1),
                    format!("不是有效的 JSON 列表（{error}）"),
                )
            })?;
        if rows.is_empty() {
            return Err(single("行", 1, "列表没有内容".to_owned()));
        }
        collect(
            "项",
            rows.iter().enumerate().map(|(at, row)| (at + 1, json_cells(row))),
        )
    }
}

type Row = (usize, Result<[String; 4], String>);

/// Checks all rows and reports every fault at once.
fn collect(unit: &'static str, rows: impl Iterator<Item = Row>) -> Result<DayTable, ImportError> {
    let mut days: BTreeMap<NaiveDate, SpecialDay> = BTreeMap::new();
    let mut seen: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (line, row) in rows {
        match row.and_then(|cells| parse_row(&cells)) {
            Ok((date, day)) => {
                if let Some(first) = seen.insert(date, line) {
                    problems.push(LineProblem {
                        line,
                        cause: format!("{date} 与第{first}{unit}重复"),
                    });
                }
                days.insert(date, day);
            }
            Err(cause) => problems.push(LineProblem { line, cause }),
        }
    }
    if problems.is_empty() {
        Ok(DayTable::from_days(days))
    } else {
        Err(ImportError { unit, problems })
    }
}

fn parse_row([date, kind, name, stands_for]: &[String; 4]) -> Result<(NaiveDate, SpecialDay), String> {
    let date = parse_date(date)?;
    let kind = match kind.as_str() {
        "放假" | "休" => SpecialKind::Off,
        "调休" | "调休放假" => SpecialKind::Exchanged,
        "上班" | "调休上班" | "班" => SpecialKind::Work,
        "" => return Err("“类型”为空，应填 放假、调休 或 上班".to_owned()),
        other => return Err(format!("“类型”为“{other}”，应填 放假、调休 或 上班")),
    };
    if name.is_empty() {
        return Err("“名称”为空".to_owned());
    }
    let stands_for = if stands_for.is_empty() {
        None
    } else {
        Some(parse_weekday(stands_for)?)
    };
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    if kind == SpecialKind::Work && !weekend {
        return Err(format!(
            "{date} 是{}，本来上课，不能列为上班日",
            weekday_name(date.weekday())
        ));
    }
    if kind != SpecialKind::Work && stands_for.is_some() {
        return Err(format!("{date} 是{}，不应填“按星期几上课”", kind.label()));
    }
    Ok((
        date,
        SpecialDay {
            kind,
            name: name.clone(),
            stands_for,
            derived: false,
        },
    ))
}

/// 2027-01-01, 2027/1/1, 2027.1.1, 20270101 or 2027年1月1日.
fn parse_date(text: &str) -> Result<NaiveDate, String> {
    if text.is_empty() {
        return Err("“日期”为空".to_owned());
    }
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
        .filter(|date| PLAUSIBLE_YEARS.contains(&date.year()))
        .ok_or_else(|| format!("“{text}”不是日期，应写作 2027-01-01"))
}

/// 一, 星期一, 周一, 礼拜一 or 1.
fn parse_weekday(text: &str) -> Result<Weekday, String> {
    let day = ["星期", "周", "礼拜"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    match day {
        "一" | "1" => Ok(Weekday::Mon),
        "二" | "2" => Ok(Weekday::Tue),
        "三" | "3" => Ok(Weekday::Wed),
        "四" | "4" => Ok(Weekday::Thu),
        "五" | "5" => Ok(Weekday::Fri),
        "六" | "6" => Ok(Weekday::Sat),
        "日" | "天" | "7" => Ok(Weekday::Sun),
        _ => Err(format!("“按星期几上课”为“{text}”，应填 一 至 日")),
    }
}

fn cells(line: &str) -> Vec<String> {
    let separator = if line.contains('\t') { '\t' } else { ',' };
    line.split(separator)
        .map(|cell| cell.trim().trim_matches('"').trim().to_owned())
        .collect()
}

fn json_cells(row: &Value) -> Result<[String; 4], String> {
    let object = row.as_object().ok_or("应为一个对象，含 日期、类型、名称")?;
    if let Some(unknown) = object.keys().find(|key| !COLUMNS.contains(&key.as_str())) {
        return Err(format!("不认识“{unknown}”，应为 {}", COLUMNS.join("、")));
    }
    let mut cells: [String; 4] = Default::default();
    for (cell, column) in cells.iter_mut().zip(COLUMNS) {
        *cell = match object.get(column) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(format!("“{column}”应为文字")),
        };
    }
    Ok(cells)
}

fn single(unit: &'static str, line: usize, cause: String) -> ImportError {
    ImportError {
        unit,
        problems: vec![LineProblem { line, cause }],
    }
}
