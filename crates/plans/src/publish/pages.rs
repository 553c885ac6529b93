//! Publishing, revising and the versions as pages.
use super::content::{Change, Difference, differences};
use super::{Outcome, abandon, start_revision};
use crate::model::{Plan, PlanState, Version};
use crate::store;
use crate::wizard::{HERE, Shown, editable, open_plan, render_review};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::clock;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, Narrow, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// What the dialog posts; only a revision asks for it.
#[derive(Deserialize)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

/// POST /plans/{id}/publish
pub async fn publish(scope: Scope, Path(id): Path<Uuid>, Form(why): Form<Why>) -> Result<Response> {
    let plan = open_plan(&scope, id).await?;
    match super::publish(&scope, &plan, &why.reason).await? {
        Outcome::Published { plan, version } => {
            let done = escape(&format!("已发布第{version}版"));
            Ok(Redirect::to(&format!("/plans/{plan}?done={done}")).into_response())
        }
        Outcome::Blocked(obstacles) => {
            let shown = Shown {
                obstacles,
                ..Shown::default()
            };
            let page = render_review(&scope, &plan, shown).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// POST /plans/{id}/revise
pub async fn revise(scope: Scope, Path(id): Path<Uuid>) -> Result<Redirect> {
    let plan = editable(&scope, id).await?;
    if plan.state != PlanState::Published {
        return Err(Error::Conflict("只有已发布的计划才能修订".into()));
    }
    let revision = start_revision(&scope, &plan).await?;
    let done = escape("修订稿已建好：逐条修改后连同理由一起发布，发布前现行版本不变");
    Ok(Redirect::to(&format!("/plans/{revision}/review?done={done}")))
}

/// POST /plans/{id}/drop
pub async fn drop_revision(scope: Scope, Path(id): Path<Uuid>) -> Result<Redirect> {
    let revision = open_plan(&scope, id).await?;
    let original = abandon(&scope, &revision).await?;
    let done = escape("修订已放弃，现行版本不变");
    Ok(Redirect::to(&format!("/plans/{original}?done={done}")))
}

/// Which two versions are compared: the newest with the one before it, unless the address says otherwise.
#[derive(Debug, Default, Deserialize)]
pub struct Pair {
    from: Option<i64>,
    to: Option<i64>,
}

/// GET /plans/{id}/versions
pub async fn versions(scope: Scope, Path(id): Path<Uuid>, Query(pair): Query<Pair>) -> Result<Markup> {
    let plan = store::plan(&scope, id).await?;
    let versions = store::versions(&scope, id).await?;
    let to = pair.to.unwrap_or(plan.version);
    let from = pair.from.unwrap_or(to - 1);
    let compared = if from > 0 && from != to {
        let old = store::version_content(&scope, id, from).await?;
        let new = store::version_content(&scope, id, to).await?;
        Some(differences(&old, &new))
    } else {
        None
    };
    let content = html! {
        (page::page_header("版本", "每次发布都原样封存；两版之间改了什么、为什么改，一目了然。", html! { (page::print_button()) }))
        @if versions.is_empty() {
            (page::empty("还没有发布过", "草稿确认完毕并发布后，这里开始记录版本。", html! {}))
        } @else {
            (page::flush_panel("全部版本", html! {}, list(&plan, &versions)))
        }
        @if let Some(changes) = &compared {
            @if versions.len() > 2 { (chooser(&plan, &versions, from, to)) }
            (page::flush_panel(&format!("第{from}版 → 第{to}版"), html! {}, change_table(changes)))
        }
    };
    let frame = Frame::new("版本", HERE)
        .crumb("工作计划", HERE)
        .crumb(plan.title.as_str(), format!("/plans/{id}"));
    frame::page(&scope, frame, content).await
}

fn list(plan: &Plan, versions: &[Version]) -> Markup {
    let head = html! { tr { (page::th("版本")) (page::th("发布时间")) (page::th("发布人")) (page::th("理由")) (page::th("改动")) } };
    let rows = html! {
        @for v in versions {
            tr {
                (page::td("版本", html! { "第" (v.version) "版" @if v.version == plan.version { " " (page::badge(Tone::Ok, "现行")) } }))
                (page::td("发布时间", html! { (clock::minute(v.at)) }))
                (page::td("发布人", html! { (v.actor) }))
                (page::td("理由", html! { (v.reason) }))
                (page::td("改动", html! {
                    @if v.version > 1 { a href={ "/plans/" (plan.id) "/versions?from=" (v.version - 1) "&to=" (v.version) } { "与上一版比较" } }
                }))
            }
        }
    };
    page::table("版本", Narrow::Cards, head, rows)
}

fn chooser(plan: &Plan, versions: &[Version], from: i64, to: i64) -> Markup {
    let options: Vec<(String, String)> = versions
        .iter()
        .map(|v| (v.version.to_string(), format!("第{}版", v.version)))
        .collect();
    let (from, to) = (from.to_string(), to.to_string());
    let field = |name, label, value| page::Input {
        name,
        label,
        value,
        ..page::Input::default()
    };
    html! {
        form.filters method="get" action={ "/plans/" (plan.id) "/versions" } data-autosubmit="" {
            (page::select(&field("from", "从", &from), &options, None))
            (page::select(&field("to", "到", &to), &options, None))
            button.button.plain type="submit" { "比较" }
        }
    }
}

fn change_table(changes: &[Difference]) -> Markup {
    if changes.is_empty() {
        return page::empty("承诺没有改动", "两版之间没有增加、修改或撤下的承诺。", html! {});
    }
    let head = html! { tr { (page::th("承诺")) (page::th("改动")) (page::th("改前")) (page::th("改后")) } };
    let line = |title: &str, badge: Markup, before: &str, after: &str| {
        html! { tr {
            (page::td("承诺", html! { (title) })) (page::td("改动", badge))
            (page::td("改前", html! { (before) })) (page::td("改后", html! { (after) }))
        } }
    };
    let rows = html! {
        @for d in changes {
            @match &d.change {
                Change::Added(promise) => (line(&d.title, page::badge(Tone::Ok, "新增"), "", promise)),
                Change::Dropped(promise) => (line(&d.title, page::badge(Tone::Bad, "撤下"), promise, "")),
                Change::Changed(fields) => {
                    @for (at, (label, before, after)) in fields.iter().enumerate() {
                        (line(if at == 0 { &d.title } else { "" }, page::badge(Tone::Info, label), before, after))
                    }
                }
            }
        }
    };
    page::table("改动", Narrow::Cards, head, rows)
}
