//! The pages of an import: upload, dry run, confirmation. All rows are written or none.
use super::import::{self, Reading};
use super::parse_id;
use super::posted::Posted;
use super::sheet::off_thread;
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::frame::{Frame, page};
use crate::http::{XLSX, download, escape};
use crate::jobs::{self, Outcome, Progress};
use crate::page::{self, Icon, Input, Kind, Narrow, Tone};
use crate::register::spec::RegisterSpec;
use crate::register::store::{self, CreateError, Draft};
use anyhow::Context;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Rows shown before the import is confirmed.
const PREVIEW_ROWS: usize = 50;
/// Faults listed on the page; the marked file has all.
const LISTED_FAULTS: usize = 200;
/// Up to so many rows are written while the person waits.
const INLINE_ROWS: usize = 1_000;
/// Rows written between two looks at whether the person has cancelled.
const ROWS_AT_ONCE: usize = 500;
/// How long an upload waits for its confirmation.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// `GET /r/{register}/import`.
pub async fn ask(scope: Scope, Path(register): Path<String>) -> Result<Markup> {
    let spec = scope.register(&register)?.clone();
    let form = upload_form(&spec, None);
    frame(&scope, &spec, form).await
}

async fn frame(scope: &Scope, spec: &RegisterSpec, body: Markup) -> Result<Markup> {
    let base = format!("/r/{}", spec.id);
    let title = format!("导入{}", spec.title);
    let body = html! {
        (page::page_header(&title, "先试读并列出错误，确认后才写入；有一处错误就一条也不写入。", html! {
            (page::link_button("下载模板", &format!("{base}/template.xlsx"), Some(Icon::Download), Kind::Plain))
        }))
        (body)
    };
    page(scope, Frame::new(title, &base).crumb(&spec.title, &base), body).await
}

fn upload_form(spec: &RegisterSpec, error: Option<&str>) -> Markup {
    let input = Input {
        name: "file",
        label: "Excel 文件（.xlsx）或 csv",
        required: true,
        help: Some("列名与模板、导出的文件相同；引用其他台账的列填编号或“名称（编号）”"),
        error,
        wide: true,
        ..Input::default()
    };
    let action = format!("/r/{}/import", spec.id);
    page::panel(
        "",
        html! {},
        page::record_form(
            &action,
            true,
            page::form_grid(page::file(&input, ".xlsx,.csv")),
            page::submit("试读", Kind::Primary),
        ),
    )
}

/// Where an upload waits: only the account that sent it can name it.
fn waiting(scope: &Scope, spec: &RegisterSpec, id: Uuid, kind: &str) -> PathBuf {
    let account = scope.actor.account;
    let name = format!("{}-{account}-{}-{id}.{kind}", scope.school, spec.id);
    scope.app.data.join("imports").join(name)
}

async fn keep(scope: &Scope, spec: &RegisterSpec, name: &str, bytes: Vec<u8>) -> Result<Uuid> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    let id = uuid::Builder::from_random_bytes(random).into_uuid();
    let kind = if name.to_lowercase().ends_with(".xlsx") {
        "xlsx"
    } else {
        "csv"
    };
    let path = waiting(scope, spec, id, kind);
    tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let folder = path.parent().context("an upload lies in a folder")?;
        std::fs::create_dir_all(folder)?;
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > KEPT {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(std::fs::write(path, bytes)?)
    })
    .await
    .context("keeping an upload was interrupted")??;
    Ok(id)
}

/// The upload under the id, for the account that sent it.
async fn kept(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<(&'static str, Vec<u8>)> {
    for kind in ["xlsx", "csv"] {
        if let Ok(bytes) = tokio::fs::read(waiting(scope, spec, id, kind)).await {
            return Ok((kind, bytes));
        }
    }
    Err(Error::Conflict(
        "这次导入已经确认过，或等待超过一天，请重新上传文件".into(),
    ))
}

/// Takes the upload away, so that it is written once however often it is confirmed.
async fn claim(scope: &Scope, spec: &RegisterSpec, id: Uuid, kind: &str) -> Result<()> {
    tokio::fs::remove_file(waiting(scope, spec, id, kind))
        .await
        .map_err(|_| Error::Conflict("这次导入已经确认过".into()))
}

async fn read(scope: &Scope, spec: &RegisterSpec, kind: &'static str, bytes: Vec<u8>) -> Result<Reading> {
    let sheets = tokio::task::spawn_blocking(move || import::open(&format!("x.{kind}"), &bytes))
        .await
        .context("reading a sheet was interrupted")??;
    import::read(scope, spec, sheets).await
}

/// `POST /r/{register}/import`: the dry run.
pub async fn try_out(scope: Scope, Path(register): Path<String>, mut posted: Posted) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let refused = |why: String| {
        let form = upload_form(&spec, Some(&why));
        let (scope, spec) = (scope.clone(), spec.clone());
        async move {
            let page = frame(&scope, &spec, form).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    };
    let Some(at) = posted.files.iter().position(|file| file.field == "file") else {
        return refused("请选择一个文件".into()).await;
    };
    let upload = posted.files.swap_remove(at);
    let kind = match upload.name.to_lowercase() {
        name if name.ends_with(".xlsx") || name.ends_with(".xls") => "xlsx",
        name if name.ends_with(".csv") || name.ends_with(".txt") => "csv",
        _ => return refused("请上传 .xlsx 或 .csv 文件".into()).await,
    };
    let reading = match read(&scope, &spec, kind, upload.bytes.clone()).await {
        Ok(reading) => reading,
        Err(Error::Bad(why)) => return refused(why).await,
        Err(error) => return Err(error),
    };
    let id = keep(&scope, &spec, &format!("x.{kind}"), upload.bytes).await?;
    let status = match reading.faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = frame(&scope, &spec, result(&spec, id, &reading)).await?;
    Ok((status, page).into_response())
}

fn result(spec: &RegisterSpec, id: Uuid, reading: &Reading) -> Markup {
    let action = format!("/r/{}/import/{id}", spec.id);
    let rows = reading.rows.len();
    html! {
        @if reading.faults.is_empty() && rows == 0 {
            (page::callout(Tone::Info, "没有要导入的内容", html! { p { "文件中的每一行都与已有的记录相同。" } }))
            (upload_form(spec, None))
        } @else if reading.faults.is_empty() {
            (page::callout(Tone::Ok, &format!("试读成功：共 {rows} 条，可以导入"), html! {
                form.inline method="post" action=(action) { (page::submit("确认导入", Kind::Primary)) }
            }))
        } @else {
            (page::callout(
                Tone::Bad,
                &format!("共 {rows} 行，发现 {} 处错误，没有写入任何数据", reading.faults.len()),
                html! {
                    p { "请改正后重新上传。带标注的文件里，错误的单元格已标红并写明原因。" }
                    (page::link_button("下载带标注的文件", &format!("{action}/errors.xlsx"), Some(Icon::Download), Kind::Plain))
                },
            ))
            (faults(reading))
        }
        @if !reading.notes.is_empty() {
            (page::callout(Tone::Info, "请留意", html! { ul { @for note in &reading.notes { li { (note) } } } }))
        }
        (preview(reading))
        @if !reading.faults.is_empty() { (upload_form(spec, None)) }
    }
}

fn faults(reading: &Reading) -> Markup {
    let head = html! { tr { @for name in ["工作表", "行", "列", "原因"] { (page::th(name)) } } };
    let heading = |column: Option<usize>| {
        let found = column.and_then(|c| reading.headings.iter().find(|h| h.0 == c));
        match (column, found) {
            (Some(column), Some((_, heading))) => format!("{} {heading}", letters(column)),
            (Some(column), None) => letters(column),
            (None, _) => String::new(),
        }
    };
    let body = html! {
        @for fault in reading.faults.iter().take(LISTED_FAULTS) {
            tr { td { (fault.sheet) } td.num { (fault.row) } td { (heading(fault.column)) } td { (fault.message) } }
        }
    };
    let title = match reading.faults.len() > LISTED_FAULTS {
        true => format!("错误（前 {LISTED_FAULTS} 处）"),
        false => "错误".into(),
    };
    page::flush_panel(&title, html! {}, page::table("错误", Narrow::Scroll, head, body))
}

/// A column as Excel names it.
fn letters(mut column: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return name;
        }
        column = column / 26 - 1;
    }
}

fn preview(reading: &Reading) -> Markup {
    let head =
        html! { tr { (page::th("行")) @for (_, heading) in &reading.headings { (page::th(heading)) } } };
    let body = html! {
        @for row in reading.rows.iter().take(PREVIEW_ROWS) {
            tr {
                td.num { (row.number) }
                @for (column, _) in &reading.headings { td { (row.cell(*column).text()) } }
            }
        }
    };
    let title = format!("预览（前 {} 行）", reading.rows.len().min(PREVIEW_ROWS));
    page::flush_panel(&title, html! {}, page::table("预览", Narrow::Scroll, head, body))
}

/// `GET /r/{register}/import/{id}/errors.xlsx`.
pub async fn marked(scope: Scope, Path((register, id)): Path<(String, String)>) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let (kind, bytes) = kept(&scope, &spec, parse_id(&id)?).await?;
    let reading = read(&scope, &spec, kind, bytes).await?;
    let bytes = off_thread(move || print::xlsx_mark(&[reading.sheet], &reading.faults)).await?;
    Ok(download(&format!("{} 导入错误.xlsx", spec.title), XLSX, bytes))
}

/// `POST /r/{register}/import/{id}`: checks again, then writes.
pub async fn confirm(scope: Scope, Path((register, id)): Path<(String, String)>) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let id = parse_id(&id)?;
    let (kind, bytes) = kept(&scope, &spec, id).await?;
    let reading = read(&scope, &spec, kind, bytes).await?;
    if !reading.faults.is_empty() {
        // Something changed since the dry run, a number taken meanwhile for instance.
        let page = frame(&scope, &spec, result(&spec, id, &reading)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    claim(&scope, &spec, id, kind).await?;
    let rows = reading.drafts.len();
    if rows <= INLINE_ROWS {
        let outcome = write(&scope, &spec, reading.drafts, &Progress::default()).await?;
        return Ok(Redirect::to(&outcome.link).into_response());
    }
    let job = {
        let (scope, spec) = (scope.clone(), spec.clone());
        jobs::start(
            &scope.clone(),
            "import",
            &format!("导入{}", spec.title),
            rows,
            move |progress| async move { write(&scope, &spec, reading.drafts, &progress).await },
        )
        .await?
    };
    Ok(Redirect::to(&format!("/jobs/{job}")).into_response())
}

/// Writes all drafts in one transaction.
async fn write(
    scope: &Scope,
    spec: &Arc<RegisterSpec>,
    drafts: Vec<Draft>,
    progress: &Progress,
) -> Result<Outcome> {
    let total = drafts.len();
    let tx = scope.db().begin().await?;
    let mut written = 0;
    let mut drafts = drafts.into_iter();
    loop {
        progress.at(written, total)?;
        let some: Vec<Draft> = drafts.by_ref().take(ROWS_AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        written += some.len();
        store::create_in(&tx, scope, spec, some)
            .await
            .map_err(|error| match error {
                CreateError::Other(error) => error,
                CreateError::Faults(mut faults) => Error::Invalid(faults.swap_remove(0).violations),
            })?;
    }
    progress.note("正在写入……");
    tx.commit().await?;
    if total > INLINE_ROWS {
        scope.db().analyze(&crate::schema::table(spec)).await?;
    }
    let message = format!("已导入 {total} 条");
    let link = format!("/r/{}?done={}", spec.id, escape(&message));
    Ok(Outcome { message, link })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_excel() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
