//! The list of plans, and the form that takes a plan in.
use super::HERE;
use super::import::{self, Import, Imported};
use super::suggest;
use crate::model::{Plan, PlanState};
use crate::store;
use axum::extract::{Multipart, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result, Violation};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, Input, Kind, Narrow, Tone};
use kernel::register::field::ChoiceList;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// `?done=` of a page.
#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// How many commitments of a plan there are, and how far they are.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    live: i64,
    open: i64,
    uncovered: i64,
}

async fn counts(scope: &Scope) -> Result<HashMap<Uuid, Counts>> {
    let sql = "select plan_id, cast(sum(case when status <> 'rejected' then 1 else 0 end) as bigint), \
               cast(sum(case when status = 'suggested' then 1 else 0 end) as bigint), \
               cast(sum(case when status <> 'rejected' and kind in ('target', 'duty') \
               and binding not in ('indicator', 'duty') then 1 else 0 end) as bigint) \
               from commitment where school_id = $1 group by plan_id";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter()
        .map(|row| {
            let counts = Counts {
                live: row.at(1)?,
                open: row.at(2)?,
                uncovered: row.at(3)?,
            };
            Ok((row.at(0)?, counts))
        })
        .collect()
}

/// The tone of a plan's state.
pub(crate) fn tone(state: PlanState) -> Tone {
    match state {
        PlanState::Draft | PlanState::Revision => Tone::Warn,
        PlanState::Published => Tone::Ok,
        PlanState::Merged | PlanState::Dropped => Tone::Muted,
    }
}

/// GET /plans
pub async fn list(scope: Scope, Query(done): Query<Done>) -> Result<Markup> {
    let plans = store::plans_of(&scope).await?;
    let counts = counts(&scope).await?;
    let calendar = kernel::term::load(&scope).await?;
    let units: HashMap<Uuid, String> = suggest::units(&scope)
        .await?
        .into_iter()
        .map(|u| (u.id, u.name))
        .collect();
    let editor = scope.actor.holds(store::EDITORS);
    let new = html! { @if editor { (page::new_button("导入计划", "/plans/new")) } };
    let head = html! { tr {
        (page::th("计划")) (page::th("学期")) (page::th("单位")) (page::th("状态")) (page::th_num("版本"))
        (page::th_num("承诺")) (page::th_num("待确认")) (page::th_num("无台账可算"))
    } };
    let row = |plan: &Plan| {
        let n = counts.get(&plan.id).copied().unwrap_or_default();
        let href = href(plan);
        let term = calendar.term(plan.term).map(|t| t.name()).unwrap_or_default();
        let unit = plan
            .unit
            .and_then(|id| units.get(&id))
            .map_or("全校", String::as_str);
        page::row(
            &href,
            html! {
                (page::td("计划", html! { a href=(href) { (plan.title) } }))
                (page::td("学期", html! { (term) }))
                (page::td("单位", html! { (unit) }))
                (page::td("状态", page::badge(tone(plan.state), plan.state.label())))
                (page::td_num("版本", if plan.version == 0 { "—".into() } else { format!("第{}版", plan.version) }))
                (page::td_num("承诺", n.live))
                (page::td_num("待确认", n.open))
                (page::td_num("无台账可算", n.uncovered))
            },
        )
    };
    let body = html! {
        (page::page_header("工作计划", "导入计划原文，逐条确认承诺并连到台账，发布后自动对照进展。", new.clone()))
        @if plans.is_empty() {
            (page::empty("还没有工作计划", "把本学期的工作计划（Word、文本或网页）导入，系统会读出其中的指标、例行工作和任务。", new))
        } @else {
            (page::table("工作计划", Narrow::Cards, head, html! { @for plan in &plans { (row(plan)) } }))
        }
    };
    frame::page(&scope, Frame::new("工作计划", HERE).done(done.done), body).await
}

/// Where a plan is opened: open ones in the review, published ones as a document.
fn href(plan: &Plan) -> String {
    if plan.open() {
        format!("/plans/{}/review", plan.id)
    } else {
        format!("/plans/{}", plan.id)
    }
}

/// What was typed into the form.
#[derive(Clone, Debug, Default)]
struct Typed {
    id: String,
    title: String,
    unit: String,
    term: String,
    text: String,
    file: Option<(String, Vec<u8>)>,
}

/// GET /plans/new
pub async fn form(scope: Scope) -> Result<Markup> {
    let typed = Typed {
        id: Uuid::now_v7().to_string(),
        ..Typed::default()
    };
    render(&scope, &typed, &[]).await
}

async fn render(scope: &Scope, typed: &Typed, faults: &[Violation]) -> Result<Markup> {
    let error = |name: &str| {
        faults
            .iter()
            .find(|v| v.field == name)
            .map(|v| v.message.as_str())
    };
    let calendar = kernel::term::load(scope).await?;
    let terms: Vec<(String, String)> = calendar
        .terms
        .iter()
        .rev()
        .map(|(id, t)| (id.to_string(), t.name()))
        .collect();
    let units: Vec<(String, String)> = suggest::units(scope)
        .await?
        .into_iter()
        .filter(|u| store::may_edit(scope, &u.path))
        .map(|u| (u.id.to_string(), u.name))
        .collect();
    let errors: Vec<(&str, &str)> = faults
        .iter()
        .map(|v| (v.field.as_str(), v.message.as_str()))
        .collect();
    let fields = html! {
        input type="hidden" name="id" value=(typed.id);
        (page::form_errors(&errors))
        (page::form_section("计划原文", html! {
            (page::file(&Input { name: "file", label: "上传文件", help: Some("Word（.docx）、文本（.txt）或网页（.html），不超过 10 MB"), error: error("file"), wide: true, ..Input::default() }, ".docx,.txt,.html,.htm"))
            (page::textarea(&Input { name: "text", label: "或直接粘贴正文", value: &typed.text, help: Some("从 Word、网页或公文系统复制过来即可，条目编号一并保留"), error: error("text"), wide: true, ..Input::default() }, 14))
        }))
        (page::form_section("归属（不填的按正文识别，导入后还可以改）", html! {
            (page::text(&Input { name: "title", label: "标题", value: &typed.title, error: error("title"), max_length: Some(120), wide: true, ..Input::default() }))
            (page::select(&Input { name: "term", label: "学期", value: &typed.term, error: error("term"), ..Input::default() }, &terms, Some("按正文识别")))
            (page::select(&Input { name: "unit", label: "单位", value: &typed.unit, error: error("unit"), ..Input::default() }, &units, Some("按正文识别，没有写明的为全校")))
        }))
    };
    let buttons = html! { (page::submit("读取并开始确认", Kind::Primary)) (page::link_button("取消", HERE, None, Kind::Plain)) };
    let body = html! {
        (page::page_header("导入计划", "系统先读出全部承诺，再由您逐条确认；读的过程不改动原文。", html! {}))
        (page::record_form(HERE, true, fields, buttons))
    };
    frame::page(scope, Frame::new("导入计划", HERE).crumb("工作计划", HERE), body).await
}

/// POST /plans
pub async fn create(scope: Scope, parts: Multipart) -> Result<Response> {
    let typed = typed(parts).await?;
    match read_in(&scope, &typed).await {
        Ok(imported) => {
            let first = imported
                .doubt
                .map(|doubt| format!("。{doubt}"))
                .unwrap_or_default();
            let done = escape(&format!("已读出全部承诺，请逐条确认{first}"));
            Ok(Redirect::to(&format!("/plans/{}/review?done={done}", imported.plan.id)).into_response())
        }
        Err(Error::Invalid(faults)) => {
            let page = render(&scope, &typed, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn typed(mut parts: Multipart) -> Result<Typed> {
    let unread = |_| Error::Bad("上传的内容没有完整收到，请重试".into());
    let mut typed = Typed::default();
    while let Some(part) = parts.next_field().await.map_err(unread)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(unread)?;
            if !file_name.is_empty() || !bytes.is_empty() {
                typed.file = Some((file_name, bytes.to_vec()));
            }
            continue;
        }
        let value = part.text().await.map_err(unread)?;
        match name.as_str() {
            "id" => typed.id = value,
            "title" => typed.title = value,
            "unit" => typed.unit = value,
            "term" => typed.term = value,
            "text" => typed.text = value,
            _ => {}
        }
    }
    Ok(typed)
}

async fn read_in(scope: &Scope, typed: &Typed) -> Result<Imported> {
    let id_of = |name: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => text
            .parse::<Uuid>()
            .map(Some)
            .map_err(|_| Error::invalid(name, "请从列表中选择")),
    };
    let (field, file_name, bytes) = match &typed.file {
        Some((name, bytes)) => ("file", name.clone(), bytes.clone()),
        None if typed.text.trim().is_empty() => {
            return Err(Error::invalid("file", "请上传计划文件，或把正文粘贴到下面"));
        }
        None => ("text", String::new(), typed.text.clone().into_bytes()),
    };
    let how = Import {
        id: id_of("id", &typed.id)?,
        title: Some(typed.title.clone()),
        unit: id_of("unit", &typed.unit)?,
        term: id_of("term", &typed.term)?,
        file_name,
    };
    // Unpacking a Word file takes a while: off the async threads.
    let name = how.file_name.clone();
    let text = tokio::task::spawn_blocking(move || plantext::text_of(&bytes, &name))
        .await
        .map_err(|error| anyhow::anyhow!("reading a file: {error}"))?
        .map_err(|error| Error::invalid(field, error.to_string()))?;
    import::take_in(scope, text, how)
        .await
        .map_err(|error| match error {
            // What is wrong with the text is said at the field it came from.
            Error::Invalid(faults) => Error::Invalid(
                faults
                    .into_iter()
                    .map(|v| {
                        if v.field == "text" {
                            Violation::new(field, v.message)
                        } else {
                            v
                        }
                    })
                    .collect(),
            ),
            other => other,
        })
}
