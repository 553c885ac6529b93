//! The page of one summary: the document with its tools, what it was made from, and settling it.
use super::HERE;
use super::document;
use super::draft::{Body, element};
use super::markup::plain;
use super::read::{self, Kept, Summary};
use super::store;
use crate::model::Plan;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Redirect;
use kernel::app::Scope;
use kernel::clock::minute;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, Input, Kind, Tone};
use kernel::register::values;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// Whether the person may change the summary now.
pub fn writes(scope: &Scope, summary: &Summary, plan: &Plan) -> bool {
    !summary.is_final && crate::store::may_edit(scope, &plan.path)
}

/// `?done=` of a page.
#[derive(Deserialize)]
pub struct Done {
    /// What was just done.
    pub done: Option<String>,
}

/// What the page shows besides the summary.
#[derive(Default)]
pub struct Shown {
    /// What was just done.
    pub done: Option<String>,
    /// The block that is being edited, as its form.
    pub form: Option<(String, Markup)>,
}

/// GET /summaries/{id}
pub async fn page(scope: Scope, Path(id): Path<Uuid>, Query(query): Query<Done>) -> Result<Markup> {
    let shown = Shown {
        done: query.done,
        form: None,
    };
    render(&scope, id, shown).await
}

/// The whole page.
pub async fn render(scope: &Scope, id: Uuid, shown: Shown) -> Result<Markup> {
    let (summary, plan) = read::get(scope, id).await?;
    let blocks = read::blocks(scope, id).await?;
    let writes = writes(scope, &summary, &plan);
    let state = if summary.is_final {
        page::badge(Tone::Ok, "已定稿")
    } else {
        page::badge(Tone::Warn, "草稿")
    };
    let note = format!(
        "期间 {} 至 {}；数字为 {} 的快照，点开就是背后的记录。",
        summary.from,
        summary.to,
        minute(summary.frozen_at)
    );
    let text = html! {
        @for kept in &blocks {
            @match &shown.form {
                Some((anchor, form)) if *anchor == kept.anchor => (form),
                _ => (document::view(&summary, kept, writes)),
            }
        }
    };
    let body = html! {
        (page::page_header_with(&summary.title, state, &note, document::actions(&summary, writes)))
        (page::document(text, aside(&summary, &plan, &blocks, writes)))
        @if writes { (dialogs(&summary)) }
    };
    let frame = Frame::new(summary.title.clone(), HERE)
        .crumb("工作总结", HERE)
        .done(shown.done);
    frame::page(scope, frame, body).await
}

fn aside(summary: &Summary, plan: &Plan, blocks: &[Kept], writes: bool) -> Markup {
    let frozen = minute(summary.frozen_at);
    let headings = blocks
        .iter()
        .filter(|k| matches!(k.draft, Body::Heading { level: 1, .. }) && !k.text().is_empty());
    html! {
        (page::panel("目录", html! {}, html! {
            ul { @for kept in headings { li { a href={ "#" (element(&kept.anchor)) } { (plain(kept.text())) } } } }
        }))
        (page::panel("快照", html! {}, html! {
            p { "计划：" a href={ "/plans/" (plan.id) } { (plan.title) } "（第" (plan.version) "版）" }
            p { "期间：" (summary.from) " 至 " (summary.to) }
            p { "取数时间：" (frozen) }
            p { a href={ "/board?plan=" (plan.id) } { "看现在的进度" } }
        }))
        @if writes { (page::panel("手工修改", html! {}, document::edits(blocks, false))) }
    }
}

fn dialogs(summary: &Summary) -> Markup {
    let date = |name, label, value: &str| {
        page::date(&Input {
            name,
            label,
            value,
            required: true,
            form: "regenerate-",
            ..Input::default()
        })
    };
    let foot = |verb| {
        html! {
            div.dialog-foot {
                button.button.plain type="button" data-close="" { "取消" }
                (page::submit(verb, Kind::Primary))
            }
        }
    };
    html! {
        (page::dialog("regenerate", "重新生成", html! {
            form method="post" action={ (HERE) "/" (summary.id) "/regenerate" } {
                p { "按现在的台账重新取数、重写自动稿。手工修改过的段落保留，自动稿有变化的会标出“原稿已变”。" }
                (document::version_input("regenerate", summary.version, false))
                (date("from", "开始日期", &summary.from.to_string()))
                (date("to", "结束日期", &summary.to.to_string()))
                (foot("重新生成"))
            }
        }))
        (page::dialog("final", "定稿", html! {
            form method="post" action={ (HERE) "/" (summary.id) "/final" } {
                p { "定稿后任何人都不能再修改或重新生成，只能查看和导出。" }
                (document::version_input("final", summary.version, false))
                (foot("定稿"))
            }
        }))
    }
}

/// What the dialog 重新生成 posts.
#[derive(Deserialize)]
pub struct Again {
    version: i64,
    from: String,
    to: String,
}

/// POST /summaries/{id}/regenerate
pub async fn regenerate(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<Again>) -> Result<Redirect> {
    let day = |name: &str, text: &str| values::date(text).map_err(|why| Error::invalid(name, why));
    let period = (day("from", &form.from)?, day("to", &form.to)?);
    store::regenerate(&scope, id, form.version, period).await?;
    Ok(back(id, "已按最新数字重新生成，手工修改都保留着"))
}

/// What the dialog 定稿 posts.
#[derive(Deserialize)]
pub struct Settle {
    version: i64,
}

/// POST /summaries/{id}/final
pub async fn finalise(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<Settle>) -> Result<Redirect> {
    store::finalise(&scope, id, form.version).await?;
    Ok(back(id, "已定稿"))
}

fn back(id: Uuid, done: &str) -> Redirect {
    Redirect::to(&format!("{HERE}/{id}?done={}", escape(done)))
}
