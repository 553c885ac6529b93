//! The search box of every page (全局搜索): people, records and plans by Chinese text or pinyin initials.
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::Result;
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, FilterBar};
use crate::register::query::{self, ListQuery};
use axum::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

/// Hits shown of each register; the rest is one click away in its list.
const SHOWN: i64 = 8;

#[derive(Deserialize)]
pub struct Params {
    #[serde(default)]
    q: String,
}

/// GET /search
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let q: String = params.q.trim().chars().take(60).collect();
    let mut found = vec![];
    if !q.is_empty() {
        for spec in scope.registers.iter() {
            if access::readable(&scope.actor, &scope.app.roles, spec) == Rows::None {
                continue;
            }
            let wanted = ListQuery {
                q: q.clone(),
                per: SHOWN,
                ..ListQuery::default()
            };
            let hits = query::list(&scope, spec, &wanted, &[]).await?;
            if hits.total > 0 {
                found.push((spec, hits));
            }
        }
    }
    let body = html! {
        (page::page_header("搜索", "人员、场所和各类台账；可以输入汉字、编号或拼音首字母，多个词用空格隔开。", html! {}))
        (page::filter_bar(&FilterBar { action: "/search", query: Some(&q), placeholder: "汉字、拼音首字母、编号", ..FilterBar::default() }))
        @if q.is_empty() {
            (page::empty("请输入要找的内容", "例如姓名“张伟”或首字母“zw”。", html! {}))
        } @else if found.is_empty() {
            (page::empty("没有找到", "换个词试试；没有权限查看的记录不会出现在这里。", html! {}))
        }
        @for (spec, hits) in &found {
            @let all = format!("/r/{}?q={}", spec.id, escape(&q));
            (page::panel(&spec.title, html! { a href=(all) { "共 " (hits.total) " 条" } }, html! {
                ul.inline-list {
                    @for record in &hits.records {
                        li { a href={ "/r/" (spec.id) "/" (record.id) } { (record.label.full()) } }
                    }
                }
            }))
        }
    };
    frame::page(&scope, Frame::new("搜索", ""), body).await
}
