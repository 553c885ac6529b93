//! The rows of a table as the standard wants them, each with what is wrong with it.
use crate::check;
use crate::counts::School;
use crate::daily;
use crate::source::{Source, Table};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::clock::local;
use kernel::codes::Codes;
use kernel::error::{Error, Result};
use kernel::register::flow::StateKind;
use kernel::register::query::{self, ListQuery};
use kernel::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use kernel::register::store::{Label, Record};
use kernel::register::values;
use kernel::schema;
use kernel::value::Value;
use people::datasets::Column;
use serde_json::{Map, Value as J};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most rows made at once.
pub const MOST_ROWS: i64 = 500_000;

/// Something wrong with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Position of the column.
    pub column: usize,
    /// What is wrong; never holds the value.
    pub message: String,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The record it is made from; none when it is only counted.
    pub record: Option<Uuid>,
    /// What people call the record.
    pub label: String,
    /// Values in column order; empty where there is nothing.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Something is still to be done about the record, so that what is missing may yet come: not reported now.
    pub waiting: bool,
}

impl Row {
    /// Whether it can be reported.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Numbers as numbers, nothing as null, everything else as text.
    pub fn json(&self, table: &Table) -> J {
        let pairs = table.set.columns.iter().zip(&self.cells);
        let row: Map<String, J> = pairs
            .map(|(column, text)| (column.name.clone(), json_of(column, text)))
            .collect();
        row.into()
    }
}

fn json_of(column: &Column, text: &str) -> J {
    let number = (["N", "M"].contains(&column.kind.as_str()) && column.code_set.is_none())
        .then(|| serde_json::from_str::<serde_json::Number>(text).ok())
        .flatten();
    match (text, number) {
        ("", _) => J::Null,
        (_, Some(number)) => number.into(),
        (text, None) => text.into(),
    }
}

/// How a table stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that can be reported.
    pub good: usize,
    /// Rows whose record is still under way and not complete.
    pub waiting: usize,
    /// Rows with faults.
    pub bad: usize,
    /// Faults of those rows.
    pub faults: usize,
}

impl Tally {
    /// Of rows.
    pub fn of(rows: &[Row]) -> Tally {
        let mut tally = Tally::default();
        for row in rows {
            match (row.is_good(), row.waiting) {
                (true, _) => tally.good += 1,
                (false, true) => tally.waiting += 1,
                (false, false) => {
                    tally.bad += 1;
                    tally.faults += row.faults.len();
                }
            }
        }
        tally
    }
}

/// All rows of a table; of one reported by the day those of the day, see [`daily::day`]. The table is the school's report
/// and not the reader's list: rows are read by the program, and whoever shows them sees to what the reader may see.
pub async fn rows(scope: &Scope, table: &Table, day: Option<NaiveDate>) -> Result<Vec<Row>> {
    let scope = Scope::system(&scope.app, scope.school, "数据填报");
    let rows = of_register(&scope, table).await?;
    if table.set.no != daily::LESSONS {
        return Ok(rows);
    }
    match daily::day(&scope, day).await? {
        Some(day) => daily::rows(&scope, table, rows, day).await,
        None => Ok(vec![]),
    }
}

async fn of_register(scope: &Scope, table: &Table) -> Result<Vec<Row>> {
    let school = School::read(scope, table).await?;
    let Some(spec) = &table.register else {
        return Ok(vec![finish(scope, table, None, &school, |_, _| String::new())]);
    };
    let mut wanted: Vec<usize> = vec![];
    for source in &table.sources {
        if let Source::Field { at, .. } = source
            && !wanted.contains(at)
        {
            wanted.push(*at);
        }
    }
    let query = ListQuery {
        per: MOST_ROWS,
        ..ListQuery::default()
    };
    let found = query::list(scope, spec, &query, &wanted).await?;
    if found.total > MOST_ROWS {
        return Err(Error::Bad(format!(
            "共 {} 条，一次最多处理 {MOST_ROWS} 条",
            found.total
        )));
    }
    let dropped = |record: &&Record| spec.flow.kind_of(&record.state) != StateKind::Dropped;
    let records: Vec<Record> = found.records.into_iter().filter(|r| dropped(&r)).collect();
    let beyond = beyond(scope, table, spec, &records).await?;
    let codes = &scope.app.codes;
    let rows = records.iter().map(|record| {
        finish(scope, table, Some((spec, record)), &school, |at, through| {
            let column = &table.set.columns[at];
            let Source::Field { at, .. } = &table.sources[at] else {
                return String::new();
            };
            match through {
                None => cell(
                    column,
                    &spec.fields[*at],
                    &record.values[*at],
                    &record.refs[*at],
                    codes,
                ),
                Some(through) => beyond
                    .cell(column, *at, &record.values[*at], through, codes)
                    .unwrap_or_default(),
            }
        })
    });
    Ok(rows.collect())
}

/// Fills the columns and checks them.
fn finish(
    scope: &Scope,
    table: &Table,
    record: Option<(&RegisterSpec, &Record)>,
    school: &School,
    field: impl Fn(usize, Option<&str>) -> String,
) -> Row {
    let id = record.map(|(_, record)| record.id);
    let cells: Vec<String> = table
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| match source {
            Source::Field { through, .. } => field(at, through.as_deref()),
            Source::Computed(computed) => school.value(*computed, id, table.set.no),
            Source::None => String::new(),
        })
        .collect();
    Row {
        record: id,
        label: record.map_or_else(|| table.set.title.clone(), |(_, record)| record.label.full()),
        faults: faults(table, &cells, &scope.app.codes),
        waiting: record.is_some_and(|(spec, record)| spec.flow.kind_of(&record.state) == StateKind::Open),
        cells,
    }
}

/// What the standard refuses of a row.
pub(crate) fn faults(table: &Table, cells: &[String], codes: &Codes) -> Vec<Fault> {
    let pairs = table.set.columns.iter().zip(cells).enumerate();
    let faults = pairs.filter_map(|(at, (column, text))| {
        Some(Fault {
            column: at,
            message: check::fault(column, text, codes)?,
        })
    });
    faults.collect()
}

/// The records that references of a table's register point to.
struct Beyond(
    HashMap<String, (std::sync::Arc<RegisterSpec>, HashMap<Uuid, Record>)>,
    Vec<Option<String>>,
);

impl Beyond {
    fn cell(
        &self,
        column: &Column,
        at: usize,
        value: &Value,
        through: &str,
        codes: &Codes,
    ) -> Option<String> {
        let (spec, records) = self.0.get(self.1[at].as_deref()?)?;
        let record = records.get(&value.id()?)?;
        let at = spec.index(through)?;
        Some(cell(
            column,
            &spec.fields[at],
            &record.values[at],
            &record.refs[at],
            codes,
        ))
    }
}

async fn beyond(scope: &Scope, table: &Table, spec: &RegisterSpec, records: &[Record]) -> Result<Beyond> {
    let targets: Vec<Option<String>> = spec
        .fields
        .iter()
        .map(|field| match &field.kind {
            FieldKind::Ref(to) => Some(to.clone()),
            _ => None,
        })
        .collect();
    let mut asked: HashMap<&str, (HashSet<Uuid>, Vec<usize>)> = HashMap::new();
    let mut done: HashSet<(usize, &str)> = HashSet::new();
    for source in &table.sources {
        let Source::Field {
            at,
            through: Some(through),
        } = source
        else {
            continue;
        };
        let Some(to) = targets[*at].as_deref() else {
            continue;
        };
        let entry = asked.entry(to).or_default();
        let field = scope.register(to)?.index(through);
        entry.1.extend(field.filter(|field| !entry.1.contains(field)));
        if done.insert((*at, to)) {
            entry
                .0
                .extend(records.iter().filter_map(|record| record.values[*at].id()));
        }
    }
    let mut found = HashMap::new();
    for (to, (ids, fields)) in asked {
        let target = scope.register(to)?.clone();
        let records = by_id(scope, &target, &fields, ids.into_iter().collect()).await?;
        found.insert(to.to_owned(), (target, records));
    }
    Ok(Beyond(found, targets))
}

async fn by_id(
    scope: &Scope,
    spec: &RegisterSpec,
    fields: &[usize],
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Record>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|id| Value::Id(*id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "{} where t.school_id = $1 and t.id in ({})",
            query::select_sql(spec, fields),
            places.join(", ")
        );
        for row in scope.db().all(&sql, &args).await? {
            let record = Record::read(spec, fields, &row, &scope.app.seal)?;
            found.insert(record.id, record);
        }
    }
    Ok(found)
}

/// A field's value in the words of the standard.
fn cell(column: &Column, field: &FieldSpec, value: &Value, label: &Option<Label>, codes: &Codes) -> String {
    if let Some(label) = label {
        return label.label.clone();
    }
    match (&field.kind, value) {
        (_, Value::Null(_)) => String::new(),
        (_, Value::Date(day)) => date(column, *day),
        (_, Value::Instant(at)) => {
            let at = local(*at);
            match column.format.as_str() {
                "YYYYMMDD hhmmss" => at.format("%Y%m%d %H%M%S").to_string(),
                "hhmmss" => at.format("%H%M%S").to_string(),
                _ => date(column, at.date()),
            }
        }
        (_, Value::Bool(yes)) if column.code_set.is_some() => String::from(if *yes { "1" } else { "0" }),
        (FieldKind::Money, Value::Int(fen)) => values::scaled(*fen, 2),
        (FieldKind::Int { .. }, Value::Int(year)) if is_school_year(column) => format!("{year}-{}", year + 1),
        // A choice is the standard's code where the standard has codes, otherwise its words.
        (FieldKind::Choice(_) | FieldKind::Code(_), Value::Text(code)) if column.code_set.is_some() => {
            code.clone()
        }
        (_, Value::Text(text)) if column.format == "hhmmss" => time(text.trim()),
        (_, value) => values::show(field, value, codes).trim().to_owned(),
    }
}

/// A time as people write it (`0800`, `8:00`, `08:00-08:45`), by its beginning, in six digits; anything else stays as it is.
fn time(text: &str) -> String {
    let beginning = text.split(['-', '—', '–', '~']).next().unwrap_or(text).trim();
    ["%H%M", "%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|form| chrono::NaiveTime::parse_from_str(beginning, form).ok())
        .map_or_else(|| text.to_owned(), |time| time.format("%H%M%S").to_string())
}

fn is_school_year(column: &Column) -> bool {
    column.format == "YYYY-YYYY" || column.title.starts_with("学年")
}

fn date(column: &Column, day: NaiveDate) -> String {
    let form = match column.format.as_str() {
        "YYYYMM" => "%Y%m",
        "YYYYMMDD hhmmss" => "%Y%m%d 000000",
        _ => "%Y%m%d",
    };
    day.format(form).to_string()
}

/// How many live records there are behind a table; one row for what is only counted.
pub async fn count(scope: &Scope, table: &Table) -> Result<i64> {
    let Some(spec) = &table.register else { return Ok(1) };
    let sql = format!(
        "select count(*) from {} where school_id = $1 and void_reason is null",
        schema::table(spec)
    );
    scope.db().one(&sql, &[scope.school.into()]).await?.at(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::value::SqlType;
    use people::datasets;

    fn column(no: u8, name: &str) -> &'static Column {
        datasets::dataset(no)
            .and_then(|set| set.column(name))
            .expect("a column")
    }

    fn field(kind: FieldKind) -> FieldSpec {
        FieldSpec {
            name: "x".into(),
            label: "X".into(),
            kind,
            required: false,
            list: false,
            filter: false,
            help: String::new(),
            dataset: String::new(),
            sealed: false,
        }
    }

    fn said(no: u8, name: &str, kind: FieldKind, value: Value) -> String {
        let codes = Codes::new(people::codes::code_sets());
        cell(column(no, name), &field(kind), &value, &None, &codes)
    }

    #[test]
    fn values_are_said_as_the_standard_says_them() {
        let day: NaiveDate = "2026-11-03".parse().expect("a day");
        let number = FieldKind::Int { min: 0, max: 9999 };
        assert_eq!(said(6, "PZSZNY", FieldKind::Date, day.into()), "202611");
        assert_eq!(said(7, "SXKSRQ", FieldKind::Date, day.into()), "20261103");
        assert_eq!(
            said(37, "CJSTHDSJ", FieldKind::Date, day.into()),
            "20261103 000000"
        );
        let at: chrono::DateTime<chrono::Utc> = "2026-11-03T14:15:03Z".parse().expect("an instant");
        assert_eq!(said(40, "CQSJ", FieldKind::Instant, at.into()), "20261103 221503");
        assert_eq!(said(10, "KKXND", number.clone(), 2026i64.into()), "2026-2027");
        assert_eq!(said(32, "XN", number.clone(), 2026i64.into()), "2026-2027");
        assert_eq!(said(20, "ZC", number.clone(), 12i64.into()), "12");
        let text = FieldKind::Text { max: 20 };
        assert_eq!(said(10, "SKSJ", text.clone(), "8:05".into()), "080500");
        assert_eq!(said(10, "SKSJ", text.clone(), "0805".into()), "080500");
        assert_eq!(said(10, "SKSJ", text.clone(), "080530".into()), "080530");
        assert_eq!(said(10, "SKSJ", text.clone(), "13:50-14:35".into()), "135000");
        assert_eq!(said(10, "SKSJ", text, "上午".into()), "上午");
        assert_eq!(said(9, "DJ", FieldKind::Money, 4_850i64.into()), "48.5");
        assert_eq!(said(39, "SFCX", FieldKind::Bool, Value::Bool(false)), "0");
        assert_eq!(
            said(39, "QJTS", FieldKind::Decimal { scale: 1 }, 25i64.into()),
            "2.5"
        );
        assert_eq!(said(20, "ZC", number, Value::Null(SqlType::Int)), "");
    }

    #[test]
    fn numbers_are_numbers_in_json() {
        assert_eq!(json_of(column(27, "GJZCRS"), "12"), J::from(12));
        assert_eq!(json_of(column(13, "CQL"), "98.25"), serde_json::json!(98.25));
        assert_eq!(json_of(column(53, "CSLXM"), "1"), J::from("1"), "a code is text");
        assert_eq!(json_of(column(1, "SJGBM"), "320000"), J::from("320000"));
        assert_eq!(json_of(column(1, "SJGBM"), ""), J::Null);
    }
}
