//! The page 排课: drafts of a term, starting a search, following it, comparing two results.
use crate::drafts::{self, Costs, Draft, State};
use crate::run::{self, Budget};
use crate::{editor, facts, model, pick, publish, settings, setup};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Redirect;
use kernel::app::Scope;
use kernel::clock::local;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::page::{self, FilterBar, Input, Kind as Weight, Narrow, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/scheduling";

/// Seconds a search may take, as the form offers them.
const SECONDS: [(&str, &str); 5] = [
    ("15", "15 秒"),
    ("60", "1 分钟"),
    ("180", "3 分钟"),
    ("600", "10 分钟"),
    ("1800", "30 分钟"),
];

/// What the page shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    term: String,
    #[serde(default)]
    done: Option<String>,
}

/// The state of a draft in words.
pub fn state(draft: &Draft) -> Markup {
    match draft.state {
        State::Running => page::badge(Tone::Info, "正在排课"),
        State::Failed => page::badge(Tone::Bad, "没有排成"),
        State::Interrupted => page::badge(Tone::Warn, "中断"),
        State::Ready if draft.costs.hard > 0 => page::badge(Tone::Late, "有冲突"),
        State::Ready if draft.published_at.is_some() => page::badge(Tone::Ok, "已发布"),
        State::Ready => page::badge(Tone::Ok, "可发布"),
    }
}

/// GET /scheduling
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let (term_id, term) = facts::term_of(&scope, pick::id(&params.term)).await?;
    let facts = facts::load(&scope, &term).await?;
    let settings = settings::load(&scope, term_id).await?;
    let built = model::build(&facts, &settings);
    let grave = setup::lacks(&facts, &settings, &built)
        .iter()
        .filter(|lack| lack.grave)
        .count();
    let mut list = vec![];
    for draft in drafts::all(&scope, term_id).await? {
        list.push(match draft.state {
            State::Running => run::current(&scope, draft.id).await?,
            _ => draft,
        });
    }
    let id = term_id.to_string();
    let setup_at = format!("{}?term={term_id}", setup::HERE);
    let body = html! {
        (page::page_header("排课", &format!("{}：先检查设置，再运行；结果可以手工调整、锁定后再排，满意后发布。", term.name()), page::link_button("设置与检查", &setup_at, None, Weight::Plain)))
        (page::filter_bar(&FilterBar { action: HERE, fields: Some(pick::terms(&scope, term_id).await?), ..FilterBar::default() }))
        @if grave > 0 { (page::callout(Tone::Warn, "数据还不齐", html! { "有 " (grave) " 项须补，" a href=(setup_at) { "去看看" } "。可以先试排，补齐后才能发布。" })) }
        (page::panel("运行排课", html! {}, html! {
            form.record-form method="post" action="/scheduling/runs" {
                input type="hidden" name="term" value=(id);
                (page::form_grid(html! {
                    (page::select(&Input { name: "base", label: "从哪里开始", help: Some("从已有方案开始的，锁定的课不动"), ..Input::default() }, &ready(&list), Some("空白课表")))
                    (page::select(&Input { name: "seconds", label: "时间上限", value: "60", ..Input::default() }, &SECONDS, None))
                }))
                p { (page::submit("开始排课", Weight::Primary)) }
            }
        }))
        @if list.is_empty() {
            (page::empty("还没有方案", "运行一次排课，或在任务落实里复制上学期的课表。", html! {}))
        } @else {
            (table(&list))
        }
        @if ready(&list).len() > 1 { (page::panel("比较两个方案", html! {}, html! {
            form.record-form method="get" action="/scheduling/compare" {
                (page::form_grid(html! {
                    (page::select(&Input { name: "a", label: "方案", form: "a-", ..Input::default() }, &ready(&list), None))
                    (page::select(&Input { name: "b", label: "与", value: &ready(&list)[1].0, form: "b-", ..Input::default() }, &ready(&list), None))
                }))
                p { (page::submit("比较", Weight::Plain)) }
            }
        })) }
    };
    frame::page(&scope, Frame::new("排课", HERE).done(params.done), body).await
}

fn ready(list: &[Draft]) -> Vec<(String, String)> {
    let ready = list.iter().filter(|draft| draft.state == State::Ready);
    ready
        .map(|draft| (draft.id.to_string(), draft.title.clone()))
        .collect()
}

fn table(list: &[Draft]) -> Markup {
    page::table(
        "方案",
        Narrow::Cards,
        html! { tr { (page::th("方案")) (page::th("状态")) (page::th_num("必须项冲突")) (page::th_num("尽量项代价")) (page::th_num("没排上")) (page::th("建立")) (page::th("说明")) } },
        html! { @for draft in list {
            @let href = editor::href(draft.id);
            (page::row(&href, html! {
                (page::td("方案", html! { a href=(href) { (draft.title) } }))
                (page::td("状态", state(draft)))
                (page::td_num("必须项冲突", draft.costs.hard))
                (page::td_num("尽量项代价", draft.costs.soft))
                (page::td_num("没排上", draft.costs.unplaced))
                (page::td_date("建立", html! { (local(draft.created_at).format("%m-%d %H:%M")) }))
                (page::td("说明", html! { (draft.message) }))
            }))
        } },
    )
}

/// What to start from.
#[derive(Debug, Deserialize)]
pub struct Start {
    #[serde(default)]
    term: String,
    #[serde(default)]
    base: String,
    #[serde(default)]
    seconds: String,
    /// A budget of moves instead of time, so that the same seed gives the same timetable.
    #[serde(default)]
    moves: String,
    #[serde(default)]
    seed: String,
    /// Whether only what must move moves.
    #[serde(default)]
    least: bool,
}

/// POST /scheduling/runs
pub async fn start(scope: Scope, Form(form): Form<Start>) -> Result<Redirect> {
    let (term, _) = facts::term_of(&scope, pick::id(&form.term)).await?;
    let budget = Budget {
        seconds: form.seconds.parse().unwrap_or(60).clamp(5, 1800),
        moves: form.moves.parse().ok(),
        seed: form.seed.parse().unwrap_or(1),
        least: form.least,
    };
    let id = run::start(&scope, term, pick::id(&form.base), budget).await?;
    Ok(Redirect::to(&editor::href(id)))
}

/// What a search says, asked for twice a second.
pub fn live(draft: &Draft) -> Markup {
    let Some(now) = run::now(draft.id) else {
        // It ended meanwhile: the whole page is another one.
        return html! { section.panel hx-get=(editor::href(draft.id)) hx-trigger="load" hx-target="body" hx-push-url="false" {
            p { "排课已结束。" a href=(editor::href(draft.id)) { "查看结果" } }
        } };
    };
    let url = format!("{HERE}/{}/progress", draft.id);
    let cost = |value: i64| {
        if now.hard < 0 {
            "—".to_owned()
        } else {
            value.to_string()
        }
    };
    let (hard, soft, moves, seconds) = (
        cost(now.hard),
        cost(now.soft),
        format!("{}", now.moves / 1000),
        now.seconds.to_string(),
    );
    let stat = |label, value, unit, note| page::Stat {
        label,
        value,
        unit,
        note,
        ..page::Stat::default()
    };
    html! {
        section.panel hx-get=(url) hx-trigger="every 500ms" hx-swap="outerHTML" {
            div.panel-body aria-live="polite" {
                (page::stats(&[
                    stat("必须项冲突", &hard, "", "为 0 才能发布"),
                    stat("尽量项代价", &soft, "", "越小越好"),
                    stat("已尝试", &moves, "千步", ""),
                    stat("用时", &seconds, "秒", ""),
                ]))
                (page::progress(now.seconds.min(draft.seconds.max(1) as u64), draft.seconds.max(1) as u64, Tone::Info))
                @if now.cancelled { p { "正在取消……" } } @else {
                    form.inline method="post" action={ (HERE) "/" (draft.id) "/cancel" } { (page::submit("取消，保留最好的结果", Weight::Plain)) }
                }
                p.quiet-text { "可以离开这个页面，排课会继续；结果在“排课”里。" }
            }
        }
    }
}

/// GET /scheduling/{id}/progress
pub async fn progress(scope: Scope, Path(id): Path<String>) -> Result<Markup> {
    Ok(live(&run::current(&scope, pick::must(&id)?).await?))
}

/// POST /scheduling/{id}/cancel
pub async fn cancel(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    let draft = run::current(&scope, pick::must(&id)?).await?;
    run::cancel(draft.id);
    Ok(Redirect::to(&editor::href(draft.id)))
}

/// From when a published timetable holds.
#[derive(Debug, Deserialize)]
pub struct From {
    /// The week of term; the first possible when empty.
    #[serde(default)]
    from: String,
}

/// POST /scheduling/{id}/publish
pub async fn publish(scope: Scope, Path(id): Path<String>, Form(form): Form<From>) -> Result<Redirect> {
    let id = pick::must(&id)?;
    let from = match form.from.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::Bad("请选择生效周".into()))?),
    };
    let done = publish::publish(&scope, id, from, None).await?;
    let mut said = format!(
        "已发布：新增 {} 条，变更 {}，取消 {}，不变 {}",
        done.added, done.changed, done.gone, done.same
    );
    if done.stranded > 0 {
        said.push_str(&format!(
            "；有 {} 条已生效的调代课涉及变动的课，请到调代课台账核对",
            done.stranded
        ));
    }
    Ok(Redirect::to(&pick::done(&editor::href(id), &said)))
}

/// A new title.
#[derive(Debug, Deserialize)]
pub struct Title {
    #[serde(default)]
    title: String,
}

/// POST /scheduling/{id}/title
pub async fn rename(scope: Scope, Path(id): Path<String>, Form(form): Form<Title>) -> Result<Redirect> {
    let draft = run::current(&scope, pick::must(&id)?).await?;
    drafts::rename(&scope, &draft, &form.title).await?;
    Ok(Redirect::to(&pick::done(&editor::href(draft.id), "方案已改名")))
}

/// POST /scheduling/{id}/delete
pub async fn delete(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    let draft = run::current(&scope, pick::must(&id)?).await?;
    drafts::delete(&scope, &draft).await?;
    let here = format!("{HERE}?term={}", draft.term);
    Ok(Redirect::to(&pick::done(
        &here,
        &format!("已删除{}", draft.title),
    )))
}

/// Which two.
#[derive(Debug, Deserialize)]
pub struct Two {
    #[serde(default)]
    a: String,
    #[serde(default)]
    b: String,
}

/// GET /scheduling/compare
pub async fn compare(scope: Scope, Query(two): Query<Two>) -> Result<Markup> {
    let a = run::current(&scope, pick::must(&two.a)?).await?;
    let b = run::current(&scope, pick::must(&two.b)?).await?;
    if a.term != b.term {
        return Err(Error::Bad("两个方案不是同一个学期的".into()));
    }
    let at = |draft: &Draft| -> BTreeSet<(Uuid, usize, usize, usize)> {
        draft
            .places
            .iter()
            .map(|p| (p.offering, p.block, p.day, p.period))
            .collect()
    };
    let (of_a, of_b) = (at(&a), at(&b));
    let same = of_a.intersection(&of_b).count();
    let names: BTreeSet<(bool, &str)> = a
        .costs
        .lines
        .iter()
        .chain(&b.costs.lines)
        .map(|line| (!line.hard, line.label.as_str()))
        .collect();
    let cost = |costs: &Costs, key: &(bool, &str)| {
        costs
            .lines
            .iter()
            .find(|line| (!line.hard, line.label.as_str()) == *key)
            .map_or((0, 0), |line| (line.count, line.cost))
    };
    let head = |draft: &Draft| html! { a href=(editor::href(draft.id)) { (draft.title) } };
    let better = |one: i64, other: i64| if one < other { "更好" } else { "" };
    let body = html! {
        (page::page_header("比较方案", &format!("同一时间的课 {same} 节，不同的 {} 节。", of_a.len().max(of_b.len()) - same), html! {}))
        (page::table("比较方案", Narrow::Scroll,
            html! { tr { (page::th("要求")) (page::th("程度")) th.num scope="col" { (head(&a)) } th.num scope="col" { (head(&b)) } } },
            html! {
                @for (label, one, other) in [("必须项冲突", a.costs.hard, b.costs.hard), ("尽量项代价", a.costs.soft, b.costs.soft), ("没排上的课", a.costs.unplaced as i64, b.costs.unplaced as i64)] {
                    tr { th scope="row" { (label) } td { "合计" } td.num { (one) " " (better(one, other)) } td.num { (other) " " (better(other, one)) } }
                }
                @for key in &names {
                    @let (one, other) = (cost(&a.costs, key), cost(&b.costs, key));
                    tr {
                        th scope="row" { (key.1) } td { @if key.0 { "尽量" } @else { "必须" } }
                        td.num { (one.1) "（" (one.0) " 处）" (better(one.1, other.1)) }
                        td.num { (other.1) "（" (other.0) " 处）" (better(other.1, one.1)) }
                    }
                }
            },
        ))
    };
    frame::page(&scope, Frame::new("比较方案", HERE).crumb("排课", HERE), body).await
}
