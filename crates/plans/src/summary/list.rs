//! The list of summaries, and the form that begins one.
use super::HERE;
use super::page::Done;
use super::{read, store};
use crate::model::{Plan, PlanState};
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::clock::minute;
use kernel::error::{Error, Result, Violation};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, Input, Kind, Narrow, Tone};
use kernel::register::values;
use kernel::term;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// GET /summaries
pub async fn page(scope: Scope, Query(query): Query<Done>) -> Result<Markup> {
    let summaries = read::list(&scope).await?;
    let new = html! { @if scope.actor.holds(crate::store::EDITORS) { (page::new_button("新建总结", "/summaries/new")) } };
    let head = html! { tr {
        (page::th("总结")) (page::th("计划")) (page::th("期间")) (page::th("状态")) (page::th("最近修改"))
    } };
    let body = html! {
        (page::page_header("工作总结", "选定计划和期间，由台账数字起草；每个数字都连着背后的记录，改过的文字重新生成时保留。", new.clone()))
        @if summaries.is_empty() {
            (page::empty("还没有总结", "计划发布并有了记录以后，就可以起草总结。", new))
        } @else {
            (page::table("工作总结", Narrow::Cards, head, html! {
                @for (summary, plan) in &summaries {
                    @let href = format!("{HERE}/{}", summary.id);
                    (page::row(&href, html! {
                        (page::td("总结", html! { a href=(href) { (summary.title) } }))
                        (page::td("计划", html! { (plan.title) }))
                        (page::td_date("期间", html! { (summary.from) " 至 " (summary.to) }))
                        (page::td("状态", if summary.is_final { page::badge(Tone::Ok, "已定稿") } else { page::badge(Tone::Warn, "草稿") }))
                        (page::td_date("最近修改", html! { (minute(summary.updated_at)) }))
                    }))
                }
            }))
        }
    };
    frame::page(&scope, Frame::new("工作总结", HERE).done(query.done), body).await
}

/// What is typed into the form.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    id: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    title: String,
}

/// GET /summaries/new
pub async fn form(scope: Scope, Query(mut typed): Query<Typed>) -> Result<Markup> {
    typed.id = Uuid::now_v7().to_string();
    render(&scope, &typed, &[]).await
}

/// The published plans whose summary the person may write.
async fn plans(scope: &Scope) -> Result<Vec<Plan>> {
    let mut plans = crate::store::plans_of(scope).await?;
    plans.retain(|p| p.state == PlanState::Published && crate::store::may_edit(scope, &p.path));
    Ok(plans)
}

async fn render(scope: &Scope, typed: &Typed, faults: &[Violation]) -> Result<Markup> {
    let error = |name: &str| {
        faults
            .iter()
            .find(|v| v.field == name)
            .map(|v| v.message.as_str())
    };
    let errors: Vec<(&str, &str)> = faults
        .iter()
        .map(|v| (v.field.as_str(), v.message.as_str()))
        .collect();
    let options: Vec<(String, String)> = plans(scope)
        .await?
        .into_iter()
        .map(|p| (p.id.to_string(), p.title))
        .collect();
    let only = match options.as_slice() {
        [(id, _)] if typed.plan.is_empty() => id.clone(),
        _ => typed.plan.clone(),
    };
    let input = |name, label, value| Input {
        name,
        label,
        value,
        error: error(name),
        ..Input::default()
    };
    let fields = html! {
        input type="hidden" name="id" value=(typed.id);
        (page::form_errors(&errors))
        (page::form_grid(html! {
            (page::select(&Input { required: true, wide: true, ..input("plan", "工作计划", &only) }, &options, Some("请选择")))
            (page::date(&Input { help: Some("不填为学期开始"), ..input("from", "开始日期", &typed.from) }))
            (page::date(&Input { help: Some("不填为今天，学期已结束的为学期最后一天"), ..input("to", "结束日期", &typed.to) }))
            (page::text(&Input { help: Some("不填按计划标题拟定，之后可以改"), max_length: Some(120), wide: true, ..input("title", "标题", &typed.title) }))
        }))
    };
    let buttons = html! { (page::submit("取数并起草", Kind::Primary)) (page::link_button("取消", HERE, None, Kind::Plain)) };
    let body = html! {
        (page::page_header("新建总结", "数字按结束日期那天的台账冻结成快照，之后台账再变也不影响这份总结。", html! {}))
        @if options.is_empty() {
            (page::empty("没有可以总结的计划", "先发布工作计划，再写总结。", page::link_button("工作计划", "/plans", None, Kind::Plain)))
        } @else { (page::record_form(HERE, false, fields, buttons)) }
    };
    frame::page(scope, Frame::new("新建总结", HERE).crumb("工作总结", HERE), body).await
}

/// POST /summaries
pub async fn create(scope: Scope, Form(typed): Form<Typed>) -> Result<Response> {
    match begin(&scope, &typed).await {
        Ok(id) => {
            let done = escape("已按快照起草，可以逐段修改");
            Ok(Redirect::to(&format!("{HERE}/{id}?done={done}")).into_response())
        }
        Err(Error::Invalid(faults)) => {
            let page = render(&scope, &typed, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn begin(scope: &Scope, typed: &Typed) -> Result<Uuid> {
    let id = typed.id.parse().unwrap_or_else(|_| Uuid::now_v7());
    let plan = typed
        .plan
        .parse()
        .map_err(|_| Error::invalid("plan", "请选择计划"))?;
    let plan = crate::store::plan(scope, plan).await?;
    let calendar = term::load(scope).await?;
    let term = calendar.term(plan.term).ok_or(Error::NotFound)?;
    let day = |name: &str, text: &str, otherwise: NaiveDate| match text.trim() {
        "" => Ok(otherwise),
        text => values::date(text).map_err(|why| Error::invalid(name, why)),
    };
    let from = day("from", &typed.from, term.start())?;
    let to = day("to", &typed.to, scope.today().min(term.end()))?;
    store::create(scope, id, &plan, Some(&typed.title), (from, to)).await?;
    Ok(id)
}
