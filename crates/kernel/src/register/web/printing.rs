//! On paper: a record as a page or PDF, the list as PDF.
use super::address::Address;
use super::record::{is_address, is_place};
use super::sheet::off_thread;
use super::{Rights, filters, history, parse_id, shown, signature, table};
use crate::app::Scope;
use crate::clock::minute;
use crate::error::{Error, Result};
use crate::frame::{Frame, page};
use crate::http::{PDF, download};
use crate::page::{self, Icon, Kind};
use crate::register::query;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{self, Record};
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use print::{FlowStep, Fonts, List, ListColumn, Template};
use std::sync::{LazyLock, OnceLock};
use tokio::sync::Semaphore;

/// Most rows of a printed list; longer ones belong in Excel.
const MOST_ROWS: i64 = 2_000;

/// At most as many documents are set at once as there are processors.
static PRESSES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// A PDF from a template and its data; fonts come from `data/fonts` and the system.
pub async fn pdf(scope: &Scope, template: Template<'static>, data: serde_json::Value) -> Result<Vec<u8>> {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    let folder = scope.app.data.join("fonts");
    let _press = PRESSES.acquire().await.map_err(anyhow::Error::from)?;
    off_thread(move || {
        let fonts = FONTS.get_or_init(|| Fonts::discover(&[folder]));
        print::pdf(template, &data, fonts)
    })
    .await
}

/// What stands on a printed record.
async fn sheet(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Result<print::Record> {
    let open = Rights::of(scope, spec).sees_sealed(scope, record);
    let mut fields = vec![];
    for (at, field) in spec.fields.iter().enumerate() {
        let value = match field.kind {
            FieldKind::Files => {
                let ids = crate::files::ids_of(&record.values[at]);
                let kept = crate::files::info(scope.db(), scope.school, &ids).await?;
                let names: Vec<String> = kept.into_iter().map(|file| file.name).collect();
                match field.sealed && !open {
                    true => format!("{} 个文件", names.len()),
                    false => names.join("、"),
                }
            }
            _ => shown(scope, spec, record, at, open),
        };
        // A link means nothing on paper.
        if is_place(&value) {
            continue;
        }
        let wide = matches!(field.kind, FieldKind::LongText { .. } | FieldKind::Files);
        fields.push(print::Field {
            label: field.label.clone(),
            value,
            wide,
        });
    }
    if table::has_states(spec) {
        fields.push(print::Field {
            label: "状态".into(),
            value: record.state.clone(),
            wide: false,
        });
    }
    let lines = history::lines(scope, spec, record.id).await?;
    let signed = signature::of(&spec.flow, &lines);
    fields.extend(signed.iter().map(|one| print::Field {
        label: one.heading.clone(),
        value: format!("{}　　{}　{}", one.opinion(), one.name, one.when()),
        wide: true,
    }));
    // Who signed here need not sign on paper.
    let signatures = match signed.is_empty() {
        true => vec!["经办人".into(), "负责人".into()],
        false => vec![],
    };
    Ok(print::Record {
        title: spec.title.clone(),
        school: scope.app.school_name(scope.school),
        number: Some(record.label.key.clone()).filter(|key| !key.is_empty()),
        fields,
        flow: lines
            .into_iter()
            .map(|line| FlowStep {
                step: line.action,
                actor: line.actor,
                time: minute(line.at),
                note: line.reason.unwrap_or_default(),
            })
            .collect(),
        signatures,
        printed_at: minute(scope.now()),
        printed_by: Some(scope.actor.name.clone()),
    })
}

/// `GET /r/{register}/{id}/print`.
pub async fn print_view(scope: Scope, Path((register, id)): Path<(String, String)>) -> Result<Markup> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    let sheet = sheet(&scope, &spec, &record).await?;
    let (base, here) = (format!("/r/{register}"), format!("/r/{register}/{id}"));
    let values: Vec<(String, Markup)> = sheet
        .fields
        .iter()
        .map(|field| {
            let own = is_address(&field.value).then_some("no");
            (
                field.label.clone(),
                html! { span translate=[own] { (field.value) } },
            )
        })
        .collect();
    let body = html! {
        (page::page_header(&sheet.title, &record.label.full(), html! {
            (page::print_button())
            (page::link_button("PDF", &format!("{here}/record.pdf"), Some(Icon::Download), Kind::Plain))
            (page::link_button("返回", &here, None, Kind::Quiet))
        }))
        (page::descriptions(&values))
        table.grid {
            thead { tr { (page::th("环节")) (page::th("经办")) (page::th("时间")) (page::th("说明")) } }
            tbody {
                @for step in &sheet.flow { tr { td { (step.step) } td { (step.actor) } td { (step.time) } td { (step.note) } } }
            }
        }
        p { @for name in &sheet.signatures { (name) "：________________　　" } }
    };
    let frame = Frame::new("打印", &base)
        .crumb(&spec.title, &base)
        .crumb(record.label.full(), &here);
    page(&scope, frame, body).await
}

/// `GET /r/{register}/{id}/record.pdf`.
pub async fn record_pdf(scope: Scope, Path((register, id)): Path<(String, String)>) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    let data = serde_json::to_value(sheet(&scope, &spec, &record).await?).map_err(anyhow::Error::from)?;
    let bytes = pdf(&scope, Template::Record, data).await?;
    Ok(download(
        &format!("{} {}.pdf", spec.title, record.label.label),
        PDF,
        bytes,
    ))
}

/// `GET /r/{register}/list.pdf` with the filters and columns of the list.
pub async fn list_pdf(scope: Scope, Path(register): Path<String>, uri: Uri) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let address = Address::read(&spec, &uri)?;
    let mut query = address.query(&spec, &scope)?;
    query.page = 1;
    query.per = MOST_ROWS;
    let columns = query.shown(&spec);
    let found = query::list(&scope, &spec, &query, &columns).await?;
    if found.total > MOST_ROWS {
        return Err(Error::Bad(format!(
            "共 {} 条，打印清单一次最多 {MOST_ROWS} 条，请先筛选，或导出 Excel",
            found.total
        )));
    }
    let rights = Rights::of(&scope, &spec);
    let mut heads: Vec<ListColumn> = columns.iter().map(|at| head(&spec, *at)).collect();
    if table::has_states(&spec) {
        heads.push(ListColumn {
            heading: "状态".into(),
            ..ListColumn::default()
        });
    }
    let rows = found.records.iter().map(|record| {
        let open = rights.sees_sealed(&scope, record);
        let mut row: Vec<String> = columns
            .iter()
            .map(|at| match spec.fields[*at].kind {
                FieldKind::Files => crate::files::ids_of(&record.values[*at]).len().to_string(),
                _ => shown(&scope, &spec, record, *at, open),
            })
            .collect();
        if table::has_states(&spec) {
            row.push(record.state.clone());
        }
        row
    });
    let list = List {
        title: spec.title.clone(),
        school: scope.app.school_name(scope.school),
        filters: filters::words(&scope, &spec, &address).await?,
        columns: heads,
        rows: rows.collect(),
        summary: Some(format!("共 {} 条", found.total)),
        printed_at: minute(scope.now()),
        printed_by: Some(scope.actor.name.clone()),
        portrait: columns.len() <= 5,
    };
    let data = serde_json::to_value(list).map_err(anyhow::Error::from)?;
    let bytes = pdf(&scope, Template::List, data).await?;
    Ok(download(
        &format!("{} {}.pdf", spec.title, scope.today()),
        PDF,
        bytes,
    ))
}

fn head(spec: &RegisterSpec, at: usize) -> ListColumn {
    let field = &spec.fields[at];
    let align = match field.kind {
        FieldKind::Int { .. } | FieldKind::Decimal { .. } | FieldKind::Money => "right",
        _ => "left",
    };
    ListColumn {
        heading: field.label.clone(),
        align: align.into(),
        ..ListColumn::default()
    }
}
