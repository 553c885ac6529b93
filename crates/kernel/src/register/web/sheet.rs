//! Excel out: the import template and the export, with the same headings.
use super::address::Address;
use super::{Rights, shown, table};
use crate::app::Scope;
use crate::clock::local;
use crate::codes::Codes;
use crate::error::{Error, Result};
use crate::http::{XLSX, download};
use crate::register::query;
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::register::store::Record;
use crate::value::Value;
use anyhow::Context;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use print::{Cell, Column, Kind, Sheet};

/// Most rows of one export.
pub const MOST_ROWS: i64 = 200_000;
/// The heading of the flow's state: written, never read.
pub const STATE: &str = "状态";

/// The fields that have a column in sheets to fill in: no files, and nothing the system works out.
pub fn entered(spec: &RegisterSpec) -> impl Iterator<Item = (usize, &FieldSpec)> {
    let fields = spec.fields.iter().enumerate();
    fields.filter(|(at, field)| field.kind != FieldKind::Files && !spec.computed.contains(at))
}

fn column_of(field: &FieldSpec, codes: &Codes) -> Column {
    let kind = match &field.kind {
        FieldKind::Int { .. } => Kind::Int,
        FieldKind::Decimal { scale } => Kind::Decimal(*scale),
        FieldKind::Money => Kind::Money,
        FieldKind::Date => Kind::Date,
        FieldKind::Instant => Kind::Instant,
        FieldKind::Bool => Kind::Bool,
        _ => Kind::Text,
    };
    let choices: Option<Vec<String>> = match &field.kind {
        FieldKind::Choice(choices) => Some(choices.iter().map(|c| c.label.clone()).collect()),
        FieldKind::Code(set) => codes
            .get(set)
            .map(|set| set.items.iter().map(|item| item.1.clone()).collect()),
        FieldKind::Bool => Some(vec!["是".into(), "否".into()]),
        _ => None,
    };
    let note = match &field.kind {
        FieldKind::Ref(_) => join(&field.help, "填编号，或“名称（编号）”，名称不重复时可只填名称"),
        FieldKind::Text { max } | FieldKind::LongText { max } => join(&field.help, &format!("最多 {max} 字")),
        FieldKind::Date => join(&field.help, "如 2026-09-01"),
        FieldKind::Instant => join(&field.help, "如 2026-09-01 08:30"),
        _ => field.help.clone(),
    };
    Column {
        note: (!note.is_empty()).then_some(note),
        choices,
        required: field.required,
        ..Column::new(&field.label, kind)
    }
}

fn join(first: &str, second: &str) -> String {
    match first.is_empty() {
        true => second.to_owned(),
        false => format!("{first}；{second}"),
    }
}

/// The empty sheet to fill in.
pub fn template_sheet(spec: &RegisterSpec, codes: &Codes) -> Sheet {
    Sheet {
        name: spec.title.clone(),
        columns: entered(spec).map(|(_, field)| column_of(field, codes)).collect(),
        ..Sheet::default()
    }
}

/// The records as a sheet: every field as this person sees it, then the state.
pub fn sheet_of(scope: &Scope, spec: &RegisterSpec, rights: &Rights, records: &[Record]) -> Sheet {
    let mut columns: Vec<Column> = spec
        .fields
        .iter()
        .map(|field| column_of(field, &scope.app.codes))
        .collect();
    let states = table::has_states(spec);
    if states {
        columns.push(Column::new(STATE, Kind::Text));
    }
    let rows = records.iter().map(|record| {
        let open = rights.sees_sealed(scope, record);
        let mut row: Vec<Cell> = (0..spec.fields.len())
            .map(|at| cell_of(scope, spec, record, at, open))
            .collect();
        if states {
            row.push(Cell::Text(record.state.clone()));
        }
        row
    });
    Sheet {
        name: spec.title.clone(),
        rows: rows.collect(),
        columns,
        ..Sheet::default()
    }
}

fn cell_of(scope: &Scope, spec: &RegisterSpec, record: &Record, at: usize, open: bool) -> Cell {
    let field = &spec.fields[at];
    if field.sealed && !open && field.kind != FieldKind::Files {
        return text_cell(shown(scope, spec, record, at, false));
    }
    match (&field.kind, &record.values[at]) {
        (_, Value::Null(_)) => Cell::Empty,
        (FieldKind::Decimal { scale }, Value::Int(units)) => Cell::Decimal {
            units: *units,
            scale: *scale,
        },
        (FieldKind::Money, Value::Int(fen)) => Cell::Money(*fen),
        (_, Value::Int(number)) => Cell::Int(*number),
        (_, Value::Date(day)) => Cell::Date(*day),
        (_, Value::Instant(at)) => Cell::Instant(local(*at)),
        (_, Value::Bool(yes)) => Cell::Bool(*yes),
        (FieldKind::Ref(_), _) => text_cell(record.refs[at].as_ref().map_or(String::new(), |l| l.full())),
        (FieldKind::Files, value) => match crate::files::ids_of(value).len() {
            0 => Cell::Empty,
            count => Cell::Text(format!("{count} 个文件")),
        },
        _ => text_cell(shown(scope, spec, record, at, true)),
    }
}

fn text_cell(text: String) -> Cell {
    match text.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(text),
    }
}

/// Runs the making of a file off the async threads.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, print::PrintError> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .context("making a file was interrupted")?
        .map_err(|error| match error {
            print::PrintError::Upload(why) => Error::Bad(why.to_string()),
            error @ (print::PrintError::TooLarge { .. } | print::PrintError::NoFont) => {
                Error::Bad(error.to_string())
            }
            other => Error::Internal(other.into()),
        })
}

/// `GET /r/{register}/template.xlsx`.
pub async fn template(scope: Scope, Path(register): Path<String>) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let name = format!("{}导入模板.xlsx", spec.title);
    let sheet = template_sheet(&spec, &scope.app.codes);
    let bytes = off_thread(move || {
        let guide = print::guide(&sheet);
        print::xlsx_write(&[sheet, guide])
    })
    .await?;
    Ok(download(&name, XLSX, bytes))
}

/// `GET /r/{register}/export.xlsx` with the filters of the list.
pub async fn export(scope: Scope, Path(register): Path<String>, uri: Uri) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let mut query = Address::read(&spec, &uri)?.query(&spec, &scope)?;
    query.page = 1;
    query.per = MOST_ROWS;
    let all: Vec<usize> = (0..spec.fields.len()).collect();
    let found = query::list(&scope, &spec, &query, &all).await?;
    if found.total > MOST_ROWS {
        return Err(Error::Bad(format!(
            "共 {} 条，一次最多导出 {MOST_ROWS} 条，请先筛选",
            found.total
        )));
    }
    let name = format!("{} {}.xlsx", spec.title, scope.today());
    let rights = Rights::of(&scope, &spec);
    let bytes =
        off_thread(move || print::xlsx_write(&[sheet_of(&scope, &spec, &rights, &found.records)])).await?;
    Ok(download(&name, XLSX, bytes))
}
