//! How the sections and their assignments are drawn.
use super::new_href;
use super::page::lines;
use super::read::{self, Assigned, Chapter, Cover, Line};
use crate::assignment::CLOSED;
use crate::board::Names;
use crate::model::{Binding, Kind};
use chrono::NaiveDate;
use kernel::page::{self, Kind as Weight, Narrow, Tone};
use kernel::register::field::ChoiceList;
use maud::{Markup, html};

/// What drawing needs to know besides the rows.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Names of nodes and owners.
    pub names: &'a Names,
    /// Today.
    pub today: NaiveDate,
    /// Whether the person may break something down.
    pub may: bool,
}

impl View<'_> {
    /// Who answers for a commitment by the plan itself.
    pub fn owner(&self, line: &Line) -> &str {
        let owner = line.commitment.owner.and_then(|id| self.names.get(&id));
        owner.map_or("未指定", String::as_str)
    }
}

/// The colour of who carries something.
fn tone(cover: Cover) -> Tone {
    match cover {
        Cover::Assigned => Tone::Ok,
        Cover::Owner => Tone::Info,
        Cover::Ownerless => Tone::Bad,
        Cover::Open => Tone::Warn,
    }
}

/// How many of a section are carried in which way.
fn badges(chapter: &Chapter) -> Markup {
    html! {
        @for (cover, _, label) in Cover::ALL {
            @let count = read::count(&chapter.lines, *cover);
            @if count > 0 { (page::badge(tone(*cover), &format!("{label} {count}"))) " " }
        }
    }
}

fn heading(chapters: &[Chapter], at: usize, several: bool) -> Markup {
    let first = at == 0 || chapters[at - 1].plan != chapters[at].plan;
    html! {
        @if several && first { h2.board-plan { a href={ "/plans/" (chapters[at].plan) } { (chapters[at].plan_title) } } }
    }
}

fn assign_link(view: &View<'_>, line: &Line) -> Markup {
    html! { @if view.may { (page::link_button("分解任务", &new_href(&line.commitment), None, Weight::Quiet)) } }
}

/// The state of an assignment as a coloured word; what is late says so.
pub fn state(one: &Assigned, today: NaiveDate) -> Markup {
    let text = match one.is_late(today) {
        true => format!("{}，逾期", one.state),
        false => one.state.clone(),
    };
    page::state_dot(one.tone(today), &text)
}

/// How far it is.
pub fn bar(one: &Assigned, today: NaiveDate) -> Markup {
    page::progress(one.percent, 100, one.tone(today))
}

/// Sections with their commitments and assignments.
pub fn sections(view: &View<'_>, chapters: &[Chapter], several: bool) -> Markup {
    let head = html! { tr {
        (page::th("计划条目")) (page::th("责任部门")) (page::th("责任人")) (page::th("完成期限")) (page::th("状态"))
        (page::th("进度")) (page::th_actions())
    } };
    html! {
        @for (at, chapter) in chapters.iter().enumerate() {
            (heading(chapters, at, several))
            (page::flush_panel(&chapter.title, badges(chapter), page::table(&chapter.title, Narrow::Cards, head.clone(), html! {
                @for line in &chapter.lines { (rows(view, line)) }
            })))
        }
    }
}

fn rows(view: &View<'_>, line: &Line) -> Markup {
    let (open, closed): (Vec<&Assigned>, Vec<&Assigned>) = line.assigned.iter().partition(|one| one.open);
    let c = &line.commitment;
    let title = html! { a href={ "/board/" (c.id) } { (c.title) } };
    html! {
        @for (at, one) in open.iter().enumerate() {
            (page::row(&one.href(), html! {
                (page::td("计划条目", html! {
                    (title)
                    @if one.item != c.title { br; span.muted { (one.item) } }
                }))
                (page::td("责任部门", html! { (one.unit.1) }))
                (page::td("责任人", html! { a href=(one.href()) { (one.person) } }))
                (page::td_date("完成期限", html! { (one.due) }))
                (page::td("状态", state(one, view.today)))
                (page::td("进度", bar(one, view.today)))
                (page::td_actions(html! { @if at == 0 { (assign_link(view, line)) } }))
            }))
        }
        @if open.is_empty() || !closed.is_empty() {
            tr {
                (page::td("计划条目", title.clone()))
                (page::td("责任部门", html! { @if closed.is_empty() { "—" } @else { "已分解 " (closed.len()) " 项" } }))
                (page::td("责任人", html! { @if line.cover == Cover::Owner { (view.owner(line)) } @else { "—" } }))
                (page::td_date("完成期限", html! { @match c.due_on { Some(due) => (due), None => "—" } }))
                (page::td("状态", page::state_dot(tone(line.cover), line.cover.label())))
                (page::td("进度", html! { @if closed.is_empty() { "—" } @else { (bar_of(&closed)) } }))
                (page::td_actions(html! { @if open.is_empty() { (assign_link(view, line)) } }))
            }
        }
    }
}

/// How many of several are done.
pub fn bar_of(assigned: &[&Assigned]) -> Markup {
    let live: Vec<&&Assigned> = assigned.iter().filter(|one| one.is_live()).collect();
    let done = live.iter().filter(|one| one.state == CLOSED).count();
    page::progress(done as u64, live.len() as u64, Tone::Info)
}

/// Where the value of a commitment comes from, in a word.
pub fn proof(line: &Line) -> &'static str {
    match (&line.commitment.binding, line.commitment.kind) {
        (Binding::Indicator(_), _) => "台账口径自动计算",
        (Binding::Duty(_), _) => "例行台账自动核对",
        (Binding::Manual, _) => "手工填报",
        (Binding::None, Kind::Task) => "报告完成",
        (Binding::None, _) => "没有数据来源",
    }
}

/// What has no live assignment: what nobody carries, then what its owner carries alone.
pub fn uncovered(view: &View<'_>, missing: &[Chapter], owned: &[Chapter], several: bool) -> Markup {
    html! {
        @if missing.is_empty() {
            (page::callout(Tone::Ok, "计划条目全部落实", html! { p { "每一项都分解到了人，或由责任人对台账数据负责。" } }))
        } @else {
            (page::callout(Tone::Warn, &format!("{} 项还没有落实到人", lines(missing).count()), html! { p {
                "任务和手工填报的项目要分解才算落实；由台账数据证明的项目有责任人就算落实，没有责任人的列在这里。"
            } }))
            (bare(view, missing, several))
        }
        @if !owned.is_empty() {
            h2 { "没有分解，由责任人对台账数据负责（" (lines(owned).count()) " 项）" }
            (bare(view, owned, several))
        }
    }
}

fn bare(view: &View<'_>, chapters: &[Chapter], several: bool) -> Markup {
    let head = html! { tr {
        (page::th("计划条目")) (page::th("类别")) (page::th("约定")) (page::th("数据来源")) (page::th("计划责任人"))
        (page::th("情况")) (page::th_actions())
    } };
    html! {
        @for (at, chapter) in chapters.iter().enumerate() {
            (heading(chapters, at, several))
            (page::flush_panel(&chapter.title, badges(chapter), page::table(&chapter.title, Narrow::Cards, head.clone(), html! {
                @for line in &chapter.lines {
                    @let c = &line.commitment;
                    @let href = format!("/board/{}", c.id);
                    (page::row(&href, html! {
                        (page::td("计划条目", html! { a href=(href) { (c.title) } }))
                        (page::td("类别", html! { (c.kind.label()) }))
                        (page::td("约定", html! { (c.promise()) }))
                        (page::td("数据来源", html! { (proof(line)) }))
                        (page::td("计划责任人", html! { (view.owner(line)) }))
                        (page::td("情况", html! {
                            (page::state_dot(tone(line.cover), line.cover.label()))
                            @if let Some(day) = c.done_on { " " (day) " 已报告完成" }
                        }))
                        (page::td_actions(assign_link(view, line)))
                    }))
                }
            })))
        }
    }
}
