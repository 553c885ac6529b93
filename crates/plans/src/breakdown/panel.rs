//! What the board and a commitment's page show of the breakdown.
use super::read::{Assigned, Line, load, may_assign};
use super::{draw, new_href};
use crate::assignment::CLOSED;
use crate::model::{Commitment, Kind};
use kernel::app::Scope;
use kernel::error::Result;
use kernel::page::{self, Kind as Weight, Narrow, Tone};
use maud::{Markup, html};

/// The board's cell: how many assignments, how many of them done; or the way to break it down. It names nobody, for
/// the board is the same for all who look.
pub(crate) fn cell(c: &Commitment, assigned: &[Assigned], may: bool) -> Markup {
    let live: Vec<&Assigned> = assigned.iter().filter(|one| one.is_live()).collect();
    let done = live.iter().filter(|one| one.state == CLOSED).count();
    html! {
        @if !live.is_empty() { a href={ "/board/" (c.id) "#breakdown" } { "办结 " (done) "/" (live.len()) " 项" } " " }
        @if may { (page::link_button("分解任务", &new_href(c), None, Weight::Quiet)) }
        @else if live.is_empty() { "—" }
    }
}

/// The assignments of one commitment; those the person may not open are counted.
pub(crate) async fn panel(scope: &Scope, c: &Commitment) -> Result<Markup> {
    if c.kind == Kind::Result {
        return Ok(html! {});
    }
    let assigned = load(scope, Some(c.id)).await?.remove(&c.id).unwrap_or_default();
    let may = may_assign(scope);
    let (today, line) = (scope.today(), Line::new(c.clone(), assigned));
    if line.assigned.is_empty() && !may {
        return Ok(html! {});
    }
    let (open, closed): (Vec<&Assigned>, Vec<&Assigned>) = line.assigned.iter().partition(|one| one.open);
    let actions = html! { @if may { (page::link_button("分解任务", &new_href(c), None, Weight::Plain)) } };
    let head = html! { tr {
        (page::th("任务事项")) (page::th("责任部门")) (page::th("责任人")) (page::th("完成期限")) (page::th("状态")) (page::th("进度"))
    } };
    let body = html! {
        @if line.assigned.is_empty() { p.muted { "还没有分解到部门和个人。" } }
        @if !open.is_empty() {
            (page::table("责任分解", Narrow::Cards, head, html! {
                @for one in &open {
                    (page::row(&one.href(), html! {
                        (page::td("任务事项", html! { a href=(one.href()) { (one.item) } }))
                        (page::td("责任部门", html! { (one.unit.1) }))
                        (page::td("责任人", html! { (one.person) }))
                        (page::td_date("完成期限", html! { (one.due) }))
                        (page::td("状态", draw::state(one, today)))
                        (page::td("进度", draw::bar(one, today)))
                    }))
                }
            }))
        }
        @if !closed.is_empty() { p { "另有 " (closed.len()) " 项由其他部门办理：" (page::badge(Tone::Muted, "办结")) " " (draw::bar_of(&closed)) } }
    };
    Ok(html! { div id="breakdown" { (page::panel("责任分解", actions, body)) } })
}
