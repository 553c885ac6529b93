//! My week (本周待办): what is due, what is late, what waits for me.
use crate::board::Line;
use crate::detail::small_table;
use crate::model::{Binding, Commitment, Kind};
use crate::readings;
use crate::standing::State;
use crate::{duties, store};
use chrono::{Datelike, Days};
use kernel::access;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::page::{self, Narrow, Tone};
use kernel::term;
use kernel::work::tasks::{self, Task};
use maud::{Markup, html};

/// Address of the page.
pub const HERE: &str = "/week";

/// At most this many records are listed; the rest is on the page of tasks.
const SHOWN: usize = 40;

struct Owed {
    title: String,
    unit: String,
    window: String,
    due: chrono::NaiveDate,
    late: bool,
    missing: u32,
    href: String,
}

/// GET /week
pub async fn page(scope: Scope) -> Result<Markup> {
    let all = store::published_commitments(&scope).await?;
    let known = readings::refresh(&scope, &all).await?;
    let today = scope.today();
    let sunday = today + Days::new(u64::from(6 - today.weekday().num_days_from_monday()));
    let mine = |c: &&Commitment| c.owner.is_some() && c.owner == scope.actor.staff;
    let lines: Vec<Line> = all
        .iter()
        .filter(mine)
        .map(|commitment| {
            let reading = known.get(&commitment.id);
            Line {
                commitment,
                reading,
                state: reading.map_or(State::NoData, |r| r.state),
            }
        })
        .collect();
    let (late, rest): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|l| l.state.is_open());
    let soon: Vec<Line> = rest
        .into_iter()
        .filter(|l| {
            l.commitment.kind == Kind::Task
                && l.commitment.done_on.is_none()
                && l.commitment
                    .due_on
                    .is_some_and(|due| due <= sunday + Days::new(7))
        })
        .collect();
    let mut waiting = tasks::of(&scope).await?;
    let more = waiting.len() > SHOWN;
    let count = waiting.len();
    waiting.truncate(SHOWN);
    let owed = owed(&scope, &all).await?;
    let (owed_late, owed_now): (Vec<&Owed>, Vec<&Owed>) = owed.iter().partition(|o| o.late);
    let nothing = late.is_empty() && soon.is_empty() && waiting.is_empty() && owed.is_empty();
    let body = html! {
        (page::page_header("本周待办", "与您有关的滞后承诺、近期到期的任务、等您处理的记录，以及您所管班级和部门的例行工作。", page::print_button()))
        @if nothing { (page::empty("本周没有待办", "没有滞后、到期或等您处理的事项。", html! {})) }
        @if !late.is_empty() { (page::flush_panel("滞后和未达的承诺", page::badge(Tone::Late, &late.len().to_string()), small_table(&late, today))) }
        @if !waiting.is_empty() { (page::flush_panel("等您处理的记录", waiting_actions(count, more), waiting_table(&waiting, today))) }
        @if !owed_late.is_empty() { (page::flush_panel("逾期的例行工作", page::badge(Tone::Late, &owed_late.len().to_string()), owed_table(&owed_late))) }
        @if !owed_now.is_empty() { (page::flush_panel("本期应办的例行工作", page::badge(Tone::Info, &owed_now.len().to_string()), owed_table(&owed_now))) }
        @if !soon.is_empty() { (page::flush_panel("两周内到期的任务", page::badge(Tone::Info, &soon.len().to_string()), small_table(&soon, today))) }
    };
    frame::page(&scope, Frame::new("本周待办", HERE), body).await
}

/// Duties of the units that the person's grants cover: class teachers and department heads see theirs.
async fn owed(scope: &Scope, all: &[Commitment]) -> Result<Vec<Owed>> {
    let paths: Vec<&str> = scope
        .actor
        .grants
        .iter()
        .filter(|g| !g.path.is_empty())
        .map(|g| g.path.as_str())
        .collect();
    let today = scope.today();
    let calendar = term::load(scope).await?;
    let mut owed = vec![];
    for commitment in all.iter().filter(|c| c.kind == Kind::Duty) {
        let mine = commitment.owner.is_some() && commitment.owner == scope.actor.staff;
        let Binding::Duty(id) = &commitment.binding else {
            continue;
        };
        let Some((spec, duty)) = duties::find(scope, id) else {
            continue;
        };
        if !mine && (paths.is_empty() || access::writable(&scope.actor, spec) == access::Rows::None) {
            continue;
        }
        let Some((_, term)) = calendar.term_at(today) else {
            continue;
        };
        for path in if mine {
            vec![commitment.path.as_str()]
        } else {
            paths.clone()
        } {
            let narrowed = Commitment {
                path: path.to_owned(),
                ..commitment.clone()
            };
            let whole = matches!(duty.scope, kernel::register::indicator::DutyScope::School);
            if whole && !mine {
                continue;
            }
            let standing =
                duties::standing(scope, &narrowed, spec, duty, term, &calendar.days, today).await?;
            for unit in &standing.units {
                for (at, window) in standing
                    .windows
                    .iter()
                    .enumerate()
                    .filter(|(_, w)| w.from <= today)
                {
                    let missing = u32::from(window.times).saturating_sub(unit.done[at]);
                    let recent = window.due + Days::new(28) >= today;
                    if missing > 0 && recent {
                        owed.push(Owed {
                            title: commitment.title.clone(),
                            unit: unit.label.clone(),
                            window: window.label.clone(),
                            due: window.due,
                            late: window.due < today,
                            missing,
                            href: match &standing.field {
                                Some(field) => format!("/r/{}/new?f.{field}={}", spec.id, unit.id),
                                None => format!("/r/{}/new", spec.id),
                            },
                        });
                    }
                }
            }
        }
    }
    owed.sort_by(|a, b| (a.due, &a.unit).cmp(&(b.due, &b.unit)));
    owed.truncate(100);
    Ok(owed)
}

fn waiting_actions(count: usize, more: bool) -> Markup {
    html! {
        (page::badge(Tone::Warn, &count.to_string()))
        a href="/hall/tasks" { @if more { "查看全部，可批量办理" } @else { "批量办理" } }
    }
}

fn waiting_table(list: &[Task], today: chrono::NaiveDate) -> Markup {
    page::table(
        "等您处理的记录",
        Narrow::Cards,
        html! { tr { (page::th("台账")) (page::th("记录")) (page::th("状态")) (page::th("期限")) } },
        html! {
            @for item in list {
                @let href = item.href();
                (page::row(&href, html! {
                    (page::td("台账", html! { (item.spec.title) }))
                    (page::td("记录", html! { a href=(href) { (item.record.label.full()) } }))
                    (page::td("状态", html! { (item.record.state) }))
                    (page::td("期限", html! { @match item.due { Some(due) if due < today => (page::state_dot(Tone::Late, &format!("{due} 已逾期"))), Some(due) => (due), None => "—" } }))
                }))
            }
        },
    )
}

fn owed_table(list: &[&Owed]) -> Markup {
    page::table(
        "例行工作",
        Narrow::Cards,
        html! { tr { (page::th("例行工作")) (page::th("单位")) (page::th("时段")) (page::th("最晚")) (page::th_num("还差")) (page::th("操作")) } },
        html! {
            @for item in list { tr {
                (page::td("例行工作", html! { (item.title) }))
                (page::td("单位", html! { (item.unit) }))
                (page::td("时段", html! { (item.window) }))
                (page::td("最晚", html! { @if item.late { (page::state_dot(Tone::Late, &format!("{}", item.due))) } @else { (item.due) } }))
                (page::td_num("还差", item.missing))
                (page::td("操作", html! { a href=(item.href) { "去登记" } }))
            } }
        },
    )
}
