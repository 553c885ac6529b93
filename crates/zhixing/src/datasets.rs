//! `zhixing datasets`: the 61 national tables, where each column comes from, and a table's rows as a file.
use crate::assemble::{self, Place};
use crate::cli::print_out;
use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use feeds::export::{self, Form};
use feeds::rows::{self, Row, Tally};
use feeds::source::{self, Source, Table};
use kernel::app::{Registers, Scope};
use kernel::seal::log::{self, Via};
use std::path::Path;

/// The school of a single installation.
const SCHOOL: i64 = 1;

fn registers() -> Registers {
    Registers::new(assemble::registers())
}

/// `zhixing datasets [--json]`.
pub fn list(json: bool) -> Result<()> {
    let tables = source::tables(&registers());
    if json {
        let all: Vec<serde_json::Value> = tables.iter().map(Table::json).collect();
        return print_out(&(serde_json::to_string_pretty(&all)? + "\n"));
    }
    let mut out = String::new();
    for table in &tables {
        let from = table.register.as_ref().map_or("", |spec| spec.id.as_str());
        let sources = table.sources.iter().filter(|source| **source != Source::None);
        out.push_str(&format!(
            "T{:<3} {:<9} {:<22} {:>2}/{:<2} {}\n",
            table.set.no,
            table.kind.code(),
            from,
            sources.count(),
            table.set.columns.len(),
            table.set.title
        ));
    }
    print_out(&out)
}

/// `T16`, `t16`, `16` or the name it is pushed under.
fn table_named(name: &str) -> Result<Table> {
    let tables = source::tables(&registers());
    let number = name.trim_start_matches(['T', 't']).parse::<u8>().ok();
    tables
        .into_iter()
        .find(|table| Some(table.set.no) == number || table.set.table.eq_ignore_ascii_case(name))
        .with_context(|| format!("没有数据表 {name}，应为 T1 至 T61"))
}

/// `zhixing datasets export T16 --out file.json`. Rows with faults are named and left out.
pub async fn export(
    place: &Place,
    name: &str,
    out: &Path,
    reason: Option<&str>,
    day: Option<NaiveDate>,
) -> Result<()> {
    let table = table_named(name)?;
    let form = out
        .file_name()
        .and_then(|name| Form::of_name(&name.to_string_lossy()))
        .context("输出文件应以 .json 或 .xlsx 结尾")?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if table.has_sealed() && reason.is_none() {
        bail!("T{} 含保密字段，请用 --reason 说明用途", table.set.no);
    }
    let app = assemble::open(place).await?;
    let scope = Scope::system(&app, SCHOOL, "命令行");
    let rows = rows::rows(&scope, &table, day).await?;
    let tally = Tally::of(&rows);
    if let (true, Some(reason), Some(spec)) = (table.has_sealed(), reason, &table.register) {
        let reason = format!("{reason}：数据填报表{}", table.set.no);
        log::note(&scope, Via::Export, &spec.id, None, tally.good, &reason).await?;
    }
    app.db.close().await;
    let bytes = match form {
        Form::Json => export::json(&table, &rows),
        Form::Xlsx => print::xlsx_write(&export::sheets(&table, &rows)).context("不能生成表格")?,
    };
    std::fs::write(out, bytes).with_context(|| format!("不能写入 {}", out.display()))?;
    print_out(&report(&table, &rows, tally))
}

/// How many rows are in the file, and what is wrong with the others.
fn report(table: &Table, rows: &[Row], tally: Tally) -> String {
    let mut text = format!(
        "T{} {}：写出 {} 条，办理中 {} 条，有误 {} 条\n",
        table.set.no, table.set.title, tally.good, tally.waiting, tally.bad
    );
    for row in rows.iter().filter(|row| !row.is_good() && !row.waiting) {
        let place = match (&table.register, row.record) {
            (Some(spec), Some(id)) => format!("/r/{}/{id}", spec.id),
            _ => table.set.table.clone(),
        };
        for fault in &row.faults {
            let column = &table.set.columns[fault.column];
            text.push_str(&format!(
                "✗ {place} {}（{}）：{}\n",
                column.name, column.title, fault.message
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use feeds::source::Kind;

    #[test]
    fn every_mandatory_column_has_a_source() {
        let tables = source::tables(&registers());
        assert_eq!(tables.len(), 61);
        let missing: Vec<String> = tables
            .iter()
            .flat_map(|table| {
                let pairs = table.set.columns.iter().zip(&table.sources);
                pairs
                    .filter(|(column, source)| column.required && **source == Source::None)
                    .map(|(column, _)| format!("T{}.{} {}", table.set.no, column.name, column.title))
            })
            .collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn every_table_has_one_register_and_only_counts_have_none() {
        let registers = registers();
        for table in source::tables(&registers) {
            let feeding = source::registers_of(&registers, table.set.no);
            let most = usize::from(table.kind != Kind::Computed);
            assert_eq!(feeding.len(), most, "T{}", table.set.no);
        }
        let counted = source::tables(&registers)
            .into_iter()
            .filter(|t| t.kind == Kind::Computed);
        assert_eq!(counted.map(|table| table.set.no).collect::<Vec<_>>(), [27]);
    }

    #[test]
    fn what_machines_feed_says_where_it_comes_in() {
        let registers = registers();
        let table = source::table(&registers, 12).expect("table 12").json();
        assert_eq!(table["kind"], "feed");
        assert_eq!(table["import"], "/api/registers/feed_t12");
        assert_eq!(table["template"], "/r/feed_t12/template.xlsx");
        let through = source::table(&registers, 40).expect("table 40").json();
        let class = through["columns"].as_array().expect("columns").iter();
        let class = class
            .clone()
            .find(|column| column["column"] == "BJMC")
            .expect("the class");
        assert_eq!(class["source"], "bed_check.student → class");
        assert_eq!(through["import"], serde_json::Value::Null);
    }

    #[test]
    fn only_contacts_of_enterprises_are_sealed() {
        let sealed: Vec<(u8, &str)> = source::tables(&registers())
            .iter()
            .flat_map(|table| {
                let pairs = table.set.columns.iter().zip(&table.sealed);
                pairs
                    .filter(|(_, sealed)| **sealed)
                    .map(|(column, _)| (table.set.no, column.name.as_str()))
            })
            .collect();
        assert_eq!(sealed, [(15, "JDLXRXM"), (15, "LXRDH")]);
    }

    #[test]
    fn a_table_is_known_by_number_and_by_name() {
        for name in ["T16", "t16", "16", "ODS_ZZSXSJBSJ", "ods_zzsxsjbsj"] {
            assert_eq!(table_named(name).expect(name).set.no, 16);
        }
        assert!(table_named("T62").is_err());
    }
}
