//! `GET /hall`: what the person may start, by office; what they start often comes first.
use super::{HALL, tabs};
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::args;
use crate::error::Result;
use crate::frame::{self, Frame};
use crate::page::{self, FilterBar, ServiceCard};
use crate::register::search;
use crate::register::service::Service;
use crate::register::spec::RegisterSpec;
use axum::extract::Query;
use chrono::Duration;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// Days in which own requests count as frequent.
const RECENT_DAYS: i64 = 90;
/// Most cards among the frequent ones.
const FREQUENT: usize = 4;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    done: Option<String>,
}

/// Whether the person may start requests in the register.
pub fn may_start(scope: &Scope, spec: &RegisterSpec) -> bool {
    let Some(service) = &spec.service else {
        return false;
    };
    access::writable(&scope.actor, spec) != Rows::None
        && (service.starters.is_empty() || scope.actor.holds(&service.starters))
}

struct Offer<'a> {
    spec: &'a RegisterSpec,
    service: &'a Service,
    href: String,
    used: i64,
}

/// How often the person made records lately, by register.
async fn used(scope: &Scope) -> Result<HashMap<String, i64>> {
    let since = scope.now() - Duration::days(RECENT_DAYS);
    let rows = scope
        .db()
        .all(
            "select register, count(*) from journal where school_id = $1 and account_id = $2 and at >= $3 \
             and action = '新建' group by register",
            args![scope.school, scope.actor.account, since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// The page.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let used = used(&scope).await?;
    let offers: Vec<Offer> = scope
        .app
        .registers
        .iter()
        .filter(|spec| may_start(&scope, spec))
        .filter_map(|spec| {
            let service = spec.service.as_ref()?;
            Some(Offer {
                spec,
                service,
                href: format!("/r/{}/new", spec.id),
                used: used.get(&spec.id).copied().unwrap_or(0),
            })
        })
        .filter(|offer| found(offer, asked.q.trim()))
        .collect();
    let mut frequent: Vec<&Offer> = offers.iter().filter(|offer| offer.used > 0).collect();
    frequent.sort_by_key(|offer| std::cmp::Reverse(offer.used));
    frequent.truncate(FREQUENT);
    let mut offices: BTreeMap<&str, Vec<&Offer>> = BTreeMap::new();
    let mut order: Vec<&str> = vec![];
    for offer in &offers {
        let office = offer.service.office.as_str();
        if !order.contains(&office) {
            order.push(office);
        }
        offices.entry(office).or_default().push(offer);
    }
    let body = html! {
        (page::page_header("服务大厅", "从这里发起申请；办到哪一步、在谁手里，在“我的申请”里看。", html! {}))
        (tabs(&scope, HALL).await?)
        (page::filter_bar(&FilterBar { action: HALL, query: Some(&asked.q), placeholder: "事项、部门、拼音首字母", target: Some("services"), ..FilterBar::default() }))
        div #services {
            @if offers.is_empty() {
                @if asked.q.is_empty() { (page::empty("没有可以发起的事项", "您的岗位暂时没有可发起的申请；如有疑问请联系系统管理员。", html! {})) }
                @else { (page::empty("没有找到事项", "换个词再试，或清空搜索看全部事项。", html! {})) }
            }
            @if !frequent.is_empty() { (page::panel("常用", html! {}, cards(&frequent))) }
            @for office in &order { (page::panel(office, html! {}, cards(&offices[office]))) }
        }
    };
    frame::page(&scope, Frame::new("服务大厅", HALL).done(asked.done), body).await
}

fn found(offer: &Offer<'_>, q: &str) -> bool {
    if q.is_empty() {
        return true;
    }
    let service = offer.service;
    let text = search::text_of([
        service.title.as_str(),
        &service.office,
        &service.hint,
        &offer.spec.title,
    ]);
    q.to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}

fn cards(offers: &[&Offer<'_>]) -> Markup {
    let cards: Vec<ServiceCard<'_>> = offers
        .iter()
        .map(|offer| ServiceCard {
            title: &offer.service.title,
            hint: &offer.service.hint,
            href: &offer.href,
            note: "",
        })
        .collect();
    page::service_cards(&cards)
}
