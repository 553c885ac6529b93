//! The journal view (操作留痕).
use crate::app::Scope;
use crate::clock::local;
use crate::error::Result;
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::journal::{self, Search};
use crate::page::{self, FilterBar, Input, Kind, Narrow};
use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    register: String,
    page: Option<i64>,
}

/// GET /journal
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let at = params.page.unwrap_or(1).clamp(1, 100_000);
    let wanted = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let search = Search {
        register: wanted(&params.register),
        record: None,
        actor: wanted(params.q.trim()),
    };
    // One more than a page tells whether there is a next one, without counting millions.
    let mut lines = journal::read(&scope, &search, (at - 1) * PER_PAGE, PER_PAGE + 1).await?;
    let more = lines.len() as i64 > PER_PAGE;
    lines.truncate(PER_PAGE as usize);
    let title = |id: &str| match scope.registers.get(id) {
        Some(spec) => spec.title.clone(),
        None => match id {
            "account" => "账号与权限",
            "calendar" => "校历",
            crate::files::usage::NOUN => "附件",
            "plan" | "commitment" => "工作计划",
            "summary" => "工作总结",
            other => other,
        }
        .to_owned(),
    };
    let mut options: Vec<(String, String)> = scope
        .registers
        .iter()
        .map(|r| (r.id.clone(), r.title.clone()))
        .collect();
    options.extend(
        [
            ("plan", "工作计划"),
            ("account", "账号与权限"),
            ("calendar", "校历"),
        ]
        .map(|(a, b)| (a.into(), b.into())),
    );
    let href = |n: i64| {
        format!(
            "/journal?q={}&register={}&page={n}",
            escape(&params.q),
            escape(&params.register)
        )
    };
    let body = html! {
        (page::page_header("操作留痕", "每一次写入都留有时间、人员、前后内容和原因，只增不改。", html! {}))
        (page::filter_bar(&FilterBar {
            action: "/journal", query: Some(&params.q), placeholder: "操作人姓名", active: usize::from(!params.register.is_empty()),
            fields: Some(page::select(&Input { name: "register", label: "台账", value: &params.register, ..Input::default() }, &options, Some("全部"))),
            ..FilterBar::default()
        }))
        @if lines.is_empty() { (page::empty("没有留痕记录", "换个筛选条件试试。", html! {})) } @else {
            (page::table("操作留痕", Narrow::Cards, html! { tr { (page::th("时间")) (page::th("操作人")) (page::th("台账")) (page::th("动作")) (page::th("原因")) (page::th("记录")) } }, html! {
                @for line in &lines { tr {
                    (page::td("时间", html! { (local(line.at).format("%Y-%m-%d %H:%M:%S")) }))
                    (page::td("操作人", html! { (line.actor) }))
                    (page::td("台账", html! { (title(&line.register)) }))
                    (page::td("动作", html! { (line.action) }))
                    (page::td("原因", html! { (line.reason.as_deref().unwrap_or("")) }))
                    (page::td("记录", html! { @if scope.registers.get(&line.register).is_some() { a href={ "/r/" (line.register) "/" (line.record) } { "查看" } } }))
                } }
            }))
            p {
                @if at > 1 { (page::link_button("上一页", &href(at - 1), None, Kind::Plain)) " " }
                @if more { (page::link_button("下一页", &href(at + 1), None, Kind::Plain)) }
            }
        }
    };
    frame::page(&scope, Frame::new("操作留痕", "/journal"), body).await
}
