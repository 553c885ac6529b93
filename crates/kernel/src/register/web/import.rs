//! Excel in: headings, cells and references of a sheet to drafts, with every fault named by sheet, row and column.
use super::enter::is_unchanged;
use super::sheet::{STATE, entered};
use super::values;
use crate::access;
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::register::query::select_sql;
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::register::store::{self, Draft, Label, Record};
use crate::schema::table;
use crate::value::Value;
use print::{CellError, RawCell, RawRow, RawSheet};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows in which the headings are looked for.
const HEADING_ROWS: usize = 10;
/// Digits a number cell may have before Excel has certainly lost some.
const SAFE_DIGITS: usize = 15;

/// An uploaded sheet, read and checked. Nothing has been written.
pub struct Reading {
    /// The drafts in the order of the sheet; complete only when there are no faults.
    pub drafts: Vec<Draft>,
    /// The sheet the rows came from.
    pub sheet: RawSheet,
    /// Heading of each column of the sheet that is read.
    pub headings: Vec<(usize, String)>,
    /// Rows with something in them below the headings.
    pub rows: Vec<RawRow>,
    /// Everything wrong.
    pub faults: Vec<CellError>,
    /// What was left aside, in words.
    pub notes: Vec<String>,
}

/// Reads the bytes of an `.xlsx` or `.csv` file.
pub fn open(name: &str, bytes: &[u8]) -> Result<Vec<RawSheet>> {
    let refuse = |error: print::UploadError| Error::Bad(error.to_string());
    if name.to_lowercase().ends_with(".csv") || name.to_lowercase().ends_with(".txt") {
        return print::csv_read("csv", bytes)
            .map(|sheet| vec![sheet])
            .map_err(refuse);
    }
    print::xlsx_read(bytes).map_err(refuse)
}

/// Reads and checks the sheet that fits the register best.
pub async fn read(scope: &Scope, spec: &RegisterSpec, sheets: Vec<RawSheet>) -> Result<Reading> {
    let (sheet, heading_at) = best_sheet(spec, sheets)?;
    let mut reading = Reading {
        drafts: vec![],
        headings: vec![],
        rows: sheet.rows[heading_at + 1..].to_vec(),
        faults: vec![],
        notes: vec![],
        sheet,
    };
    let columns = reading.read_headings(spec, heading_at);
    if reading.rows.is_empty() && reading.faults.is_empty() {
        let row = reading.sheet.rows[heading_at].number;
        reading.fault(row, None, "表头下面没有数据".into());
    }
    if !reading.faults.is_empty() {
        return Ok(reading);
    }
    let known = References::load(scope, spec).await?;
    let present = Present::load(scope, spec, &columns, &reading.rows).await?;
    reading.read_rows(scope, spec, &columns, &known, &present);
    reading.check(scope, spec, &columns).await?;
    Ok(reading)
}

/// The sheet and the row of it that hold the most headings of the register.
fn best_sheet(spec: &RegisterSpec, sheets: Vec<RawSheet>) -> Result<(RawSheet, usize)> {
    let mut best: Option<(usize, usize, usize)> = None;
    for (at, sheet) in sheets.iter().enumerate() {
        for (row_at, row) in sheet.rows.iter().take(HEADING_ROWS).enumerate() {
            let known = |cell: &&RawCell| heading_field(spec, &cell.text()).is_some();
            let count = row.cells.iter().filter(known).count();
            if count > 0 && best.is_none_or(|(most, _, _)| count > most) {
                best = Some((count, at, row_at));
            }
        }
    }
    let Some((_, at, row_at)) = best else {
        let wanted: Vec<&str> = entered(spec).map(|(_, f)| f.label.as_str()).collect();
        return Err(Error::Bad(format!(
            "文件里没有找到{}的表头，第一行应有这些列：{}。请下载模板填写",
            spec.title,
            wanted.join("、")
        )));
    };
    let sheet = sheets.into_iter().nth(at).unwrap_or_default();
    Ok((sheet, row_at))
}

fn heading_field(spec: &RegisterSpec, heading: &str) -> Option<usize> {
    let plain = print::plain_heading(heading);
    spec.fields.iter().position(|f| f.label == plain)
}

impl Reading {
    fn fault(&mut self, row: u32, column: Option<usize>, message: String) {
        self.faults.push(CellError {
            sheet: self.sheet.name.clone(),
            row,
            column,
            message,
        });
    }

    /// The column of each field; headings that fit no field, stand twice or are missing are faults.
    fn read_headings(&mut self, spec: &RegisterSpec, heading_at: usize) -> HashMap<usize, usize> {
        let mut columns: HashMap<usize, usize> = HashMap::new();
        let row = self.sheet.rows[heading_at].clone();
        for (column, cell) in row.cells.iter().enumerate() {
            let heading = cell.text();
            let plain = print::plain_heading(&heading);
            if plain.is_empty() {
                continue;
            }
            match heading_field(spec, &heading) {
                Some(at) if spec.fields[at].kind == FieldKind::Files => {
                    self.notes
                        .push(format!("“{plain}”列是附件，不能由表格导入，已跳过"));
                }
                Some(at) if spec.computed.contains(&at) => {
                    self.notes
                        .push(format!("“{plain}”列由系统算出，文件中的值不采用"));
                }
                Some(at) => {
                    if columns.insert(at, column).is_some() {
                        self.fault(row.number, Some(column), format!("“{plain}”列出现了两次"));
                    }
                    self.headings.push((column, plain.to_owned()));
                }
                None if plain == STATE => {
                    let first = spec.flow.initial();
                    self.notes
                        .push(format!("“{STATE}”列只供查看：导入的记录一律从“{first}”开始"));
                }
                None => self.fault(
                    row.number,
                    Some(column),
                    format!("没有“{plain}”这一列，请删除或改成模板中的列名"),
                ),
            }
        }
        let missing = |required: bool| -> Vec<&str> {
            entered(spec)
                .filter(|(at, f)| f.required == required && !columns.contains_key(at))
                .map(|(_, f)| f.label.as_str())
                .collect()
        };
        let (needed, optional) = (missing(true).join("、"), missing(false).join("、"));
        if !needed.is_empty() {
            self.fault(row.number, None, format!("缺少必填的列：{needed}"));
        }
        if !optional.is_empty() {
            self.notes.push(format!("文件中没有这些列，将留空：{optional}"));
        }
        columns
    }

    fn read_rows(
        &mut self,
        scope: &Scope,
        spec: &RegisterSpec,
        columns: &HashMap<usize, usize>,
        known: &References,
        present: &Present,
    ) {
        // Ids fall along the sheet: lists without a date show the newest first, so the order of the sheet stays.
        let mut ids: Vec<Uuid> = (0..self.rows.len()).map(|_| Uuid::now_v7()).collect();
        ids.reverse();
        let rows = std::mem::take(&mut self.rows);
        let all = rows.len();
        for (row, id) in rows.into_iter().zip(ids) {
            let there = present.find(&row);
            let mut values = Vec::with_capacity(spec.fields.len());
            let before = self.faults.len();
            for (at, field) in spec.fields.iter().enumerate() {
                if spec.computed.contains(&at) {
                    let known = there.map(|record| record.values[at].clone());
                    values.push(known.unwrap_or(Value::Null(field.kind.sql())));
                    continue;
                }
                let column = columns.get(&at).copied();
                let cell = column.map_or(&RawCell::Empty, |column| row.cell(column));
                match read_cell(scope, field, cell, known, there.map(|record| &record.values[at])) {
                    Ok(value) => values.push(value),
                    Err(why) => {
                        self.fault(row.number, column, why);
                        values.push(Value::Null(field.kind.sql()));
                    }
                }
            }
            let same = |at: &usize| there.is_some_and(|record| same(&record.values[*at], &values[*at]));
            if before == self.faults.len() && there.is_some() && columns.keys().all(same) {
                continue;
            }
            self.rows.push(row);
            self.drafts.push(Draft {
                id,
                ..Draft::new(values)
            });
        }
        let unchanged = all - self.rows.len();
        if unchanged > 0 {
            self.notes
                .push(format!("{unchanged} 行与已有的记录完全相同，已跳过"));
        }
    }

    /// Adds what the store finds wrong with rows whose cells could all be read.
    async fn check(
        &mut self,
        scope: &Scope,
        spec: &RegisterSpec,
        columns: &HashMap<usize, usize>,
    ) -> Result<()> {
        let unread: std::collections::HashSet<u32> = self.faults.iter().map(|f| f.row).collect();
        let readable: Vec<usize> = (0..self.rows.len())
            .filter(|at| !unread.contains(&self.rows[*at].number))
            .collect();
        let drafts: Vec<Draft> = match unread.is_empty() {
            true => std::mem::take(&mut self.drafts),
            false => readable.iter().map(|at| self.drafts[*at].clone()).collect(),
        };
        let found = store::check_many(scope, spec, &drafts).await?;
        if unread.is_empty() {
            self.drafts = drafts;
        }
        for fault in found {
            let row = self.rows[readable[fault.index]].number;
            for violation in fault.violations {
                let column = spec
                    .index(&violation.field)
                    .and_then(|at| columns.get(&at))
                    .copied();
                self.fault(row, column, violation.message);
            }
        }
        self.faults.sort_by_key(|f| (f.row, f.column));
        Ok(())
    }
}

/// Whether a cell says what the record says already.
fn same(kept: &Value, read: &Value) -> bool {
    let empty = |value: &Value| value.is_null() || value.text() == Some("");
    kept == read || (empty(kept) && empty(read))
}

/// Reads one cell. `there` is the value of the record that the row is about, if it is there already: its mask stands
/// for it.
fn read_cell(
    scope: &Scope,
    field: &FieldSpec,
    cell: &RawCell,
    known: &References,
    there: Option<&Value>,
) -> Result<Value, String> {
    let text = match cell {
        RawCell::Error(code) => return Err(format!("单元格是错误值 {code}，请改正公式后再导入")),
        RawCell::Number(number) => number_text(field, *number)?,
        // Excel does not tell midnight from a day without a time.
        RawCell::Date(day) if field.kind == FieldKind::Instant => format!("{day} 00:00"),
        other => other.text(),
    };
    let text = text.trim();
    if let Some(value) = there.filter(|value| is_unchanged(field, text, value)) {
        return Ok(value.clone());
    }
    if field.sealed && values::is_cover(text) {
        return Err(format!("{}是遮盖后的内容，不能导入", field.label));
    }
    match &field.kind {
        FieldKind::Ref(to) if !text.is_empty() => known.find(field, to, text).map(Value::Id),
        FieldKind::Text { .. } | FieldKind::LongText { .. } if text.is_empty() => {
            Ok(Value::Null(field.kind.sql()))
        }
        _ => values::parse(field, text, &scope.app.codes),
    }
}

/// A number cell as text, refused where Excel has already lost digits.
fn number_text(field: &FieldSpec, number: f64) -> Result<String, String> {
    let words = matches!(
        field.kind,
        FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Ref(_) | FieldKind::Code(_)
    );
    let whole = format!("{:.0}", number.abs());
    if words && whole.len() > SAFE_DIGITS {
        return Err(format!(
            "{}是数值格式，超过 {SAFE_DIGITS} 位的数字已经丢失末尾几位，请把该列设为文本后重新填写",
            field.label
        ));
    }
    if number.fract() == 0.0 {
        return Ok(format!("{number:.0}"));
    }
    // Nine places are more than any field keeps and hide the noise of binary fractions.
    let text = format!("{number:.9}");
    Ok(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// The live records that rows of the sheet are about, by the text of the key's cell.
#[derive(Default)]
struct Present {
    column: Option<usize>,
    records: HashMap<String, Record>,
}

impl Present {
    async fn load(
        scope: &Scope,
        spec: &RegisterSpec,
        columns: &HashMap<usize, usize>,
        rows: &[RawRow],
    ) -> Result<Present> {
        let Some(column) = spec.key.and_then(|key| columns.get(&key)).copied() else {
            return Ok(Present::default());
        };
        let readable = access::readable(&scope.actor, &scope.app.roles, spec);
        let all: Vec<usize> = (0..spec.fields.len()).collect();
        let keys: HashSet<String> = rows.iter().map(|row| key_of(row, column)).collect();
        let keys: Vec<String> = keys.into_iter().filter(|key| !key.is_empty()).collect();
        let mut records = HashMap::new();
        for chunk in keys.chunks(500) {
            let mut args: Vec<Value> = vec![scope.school.into()];
            args.extend(chunk.iter().map(Value::from));
            let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
            let predicate = readable.predicate(&scope.actor, &mut args);
            let sql = format!(
                "{} where t.school_id = $1 and t.void_reason is null and t.key_text in ({}) and {predicate}",
                select_sql(spec, &all),
                places.join(", ")
            );
            for row in scope.db().all(&sql, &args).await? {
                let record = Record::read(spec, &all, &row, &scope.app.seal)?;
                records.insert(record.label.key.clone(), record);
            }
        }
        Ok(Present {
            column: Some(column),
            records,
        })
    }

    fn find(&self, row: &RawRow) -> Option<&Record> {
        self.records.get(&key_of(row, self.column?))
    }
}

fn key_of(row: &RawRow, column: usize) -> String {
    row.cell(column).text().trim().to_owned()
}

/// What references may be called: key, `label（key）`, label.
struct References(HashMap<String, HashMap<String, Vec<Uuid>>>);

impl References {
    async fn load(scope: &Scope, spec: &RegisterSpec) -> Result<References> {
        let mut registers = HashMap::new();
        for field in &spec.fields {
            let FieldKind::Ref(to) = &field.kind else { continue };
            if registers.contains_key(to) {
                continue;
            }
            let sql = format!(
                "select id, label, key_text from {} where school_id = $1 and void_reason is null",
                table(scope.register(to)?)
            );
            let mut names: HashMap<String, Vec<Uuid>> = HashMap::new();
            for row in scope.db().all(&sql, crate::args![scope.school]).await? {
                let (id, label): (Uuid, String) = (row.at(0)?, row.at(1)?);
                let label = Label {
                    label,
                    key: row.at(2)?,
                };
                let mut forms = vec![label.full(), label.label, label.key];
                forms.sort();
                forms.dedup();
                for form in forms.into_iter().filter(|form| !form.is_empty()) {
                    names.entry(form).or_default().push(id);
                }
            }
            registers.insert(to.clone(), names);
        }
        Ok(References(registers))
    }

    fn find(&self, field: &FieldSpec, to: &str, text: &str) -> Result<Uuid, String> {
        let names = self.0.get(to);
        let found = names.and_then(|names| {
            names
                .get(text)
                .or_else(|| names.get(&text.replace('(', "（").replace(')', "）")))
        });
        match found.map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some([]) | None => Err(format!("{}“{text}”没有登记，请先登记或核对名称", field.label)),
            Some(several) => Err(format!(
                "{}“{text}”有 {} 条同名记录，请填编号，或写成“名称（编号）”",
                field.label,
                several.len()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_field() -> FieldSpec {
        FieldSpec {
            name: "number".into(),
            label: "证件号".into(),
            kind: FieldKind::Text { max: 20 },
            required: true,
            list: true,
            filter: false,
            help: String::new(),
            dataset: String::new(),
            sealed: false,
        }
    }

    #[test]
    fn numbers_that_lost_digits_are_refused_in_text_columns() {
        let field = text_field();
        assert_eq!(number_text(&field, 20240101.0).unwrap(), "20240101");
        assert_eq!(number_text(&field, 13_800_000_000.0).unwrap(), "13800000000");
        assert!(
            number_text(&field, 110_101_200_901_011_234.0)
                .unwrap_err()
                .contains("文本")
        );
        let score = FieldSpec {
            kind: FieldKind::Decimal { scale: 1 },
            ..text_field()
        };
        assert_eq!(number_text(&score, 0.1 + 0.2).unwrap(), "0.3");
    }
}
