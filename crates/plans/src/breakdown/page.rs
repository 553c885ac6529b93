//! The page 责任分解: sections of the published plans, filters, the tab of what nobody carries.
use super::draw;
use super::read::{self, Assigned, Chapter, Cover, Line};
use super::{HERE, may_assign};
use crate::assignment::{CALLED_OFF, CLOSED, HANDED_IN, UNDERWAY, UNSIGNED};
use crate::board::labels;
use crate::model::{Commitment, Plan};
use axum::extract::Query;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, FilterBar, Input, Kind as Weight, Stat, Tab, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// The filter for what is late, beside the states of the flow.
const LATE: &str = "late";
/// The tab of what nobody carries.
const UNCOVERED: &str = "uncovered";

/// What the page is filtered by; all in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    plan: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    tab: String,
}

impl Params {
    /// The plan asked for.
    pub fn plan(&self) -> Option<Uuid> {
        self.plan.parse().ok()
    }

    /// Whether the tab 未分解 is asked for.
    pub fn uncovered(&self) -> bool {
        self.tab == UNCOVERED
    }

    fn filters(&self) -> bool {
        !self.unit.is_empty() || !self.state.is_empty()
    }

    fn wants(&self, one: &Assigned, today: NaiveDate) -> bool {
        let state = match self.state.as_str() {
            "" => true,
            LATE => one.is_late(today),
            state => one.state == state,
        };
        state && (self.unit.is_empty() || one.unit.0.to_string() == self.unit)
    }

    /// What is left of the sections: with a filter only the assignments that fit, and the commitments that have some.
    pub fn narrow(&self, chapters: &[Chapter], today: NaiveDate) -> Vec<Chapter> {
        let mut kept = chapters.to_vec();
        for chapter in kept.iter_mut().filter(|_| self.filters()) {
            for line in &mut chapter.lines {
                line.assigned.retain(|one| self.wants(one, today));
            }
            chapter.lines.retain(|line| !line.assigned.is_empty());
        }
        kept.retain(|chapter| !chapter.lines.is_empty());
        kept
    }

    /// The address with these filters and another tab or state.
    fn href(&self, at: &str, tab: &str, state: &str) -> String {
        format!(
            "{at}?plan={}&unit={}&state={}&tab={tab}",
            escape(&self.plan),
            escape(&self.unit),
            escape(state)
        )
    }
}

/// The sections with only what has no live assignment: first what nobody carries, then what its owner carries alone.
pub fn without_assignment(chapters: &[Chapter], missing: bool) -> Vec<Chapter> {
    let wanted = |line: &&Line| match missing {
        true => line.cover.is_missing(),
        false => line.cover == Cover::Owner,
    };
    chapters
        .iter()
        .map(|chapter| Chapter {
            lines: chapter.lines.iter().filter(wanted).cloned().collect(),
            ..chapter.clone()
        })
        .filter(|chapter| !chapter.lines.is_empty())
        .collect()
}

/// GET /breakdown
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let (plans, chapters) = read::chapters(&scope, params.plan()).await?;
    let commitments: Vec<Commitment> = lines(&chapters).map(|l| l.commitment.clone()).collect();
    let names = labels(&scope, &commitments).await?;
    let (today, may) = (scope.today(), may_assign(&scope));
    let view = draw::View {
        names: &names,
        today,
        may,
    };
    let several = plans.len() > 1;
    let export = params.href(&format!("{HERE}/export.xlsx"), &params.tab, &params.state);
    let missing = without_assignment(&chapters, true);
    let body = html! {
        (page::page_header("责任分解", "计划的每一项分到哪个部门、哪个人，办到什么程度；没有人负责的单独列出。", html! {
            (page::link_button("导出 Excel", &export, None, Weight::Plain))
            (page::link_button("全部任务", "/r/assignment", None, Weight::Plain))
            (page::print_button())
        }))
        @if plans.is_empty() {
            (page::empty("还没有已发布的工作计划", "计划发布后，在这里把每一项分解到部门和个人。", html! { a href="/plans" { "工作计划" } }))
        } @else {
            (stats(&params, &chapters, today))
            (page::tabs("责任分解", &[
                Tab { title: "分解情况", href: &params.href(HERE, "", &params.state), active: !params.uncovered(), count: None },
                Tab { title: "未分解", href: &params.href(HERE, UNCOVERED, &params.state), active: params.uncovered(), count: Some(lines(&missing).count() as u64) },
            ]))
            @if params.uncovered() {
                (plan_filter(&params, &plans))
                (draw::uncovered(&view, &missing, &without_assignment(&chapters, false), several))
            } @else {
                (filters(&params, &plans, &chapters))
                @let shown = params.narrow(&chapters, today);
                @if shown.is_empty() { (page::empty("没有符合条件的任务", "换个筛选条件试试。", html! {})) }
                (draw::sections(&view, &shown, several))
            }
        }
    };
    frame::page(&scope, Frame::new("责任分解", HERE), body).await
}

/// All lines of the sections.
pub fn lines(chapters: &[Chapter]) -> impl Iterator<Item = &Line> {
    chapters.iter().flat_map(|chapter| &chapter.lines)
}

fn stats(params: &Params, chapters: &[Chapter], today: NaiveDate) -> Markup {
    let assigned: Vec<&Assigned> = lines(chapters).flat_map(|line| &line.assigned).collect();
    let live = assigned.iter().filter(|a| a.is_live());
    let state = |state: &str| live.clone().filter(|a| a.state == state).count();
    let total = lines(chapters).count();
    let missing = lines(chapters).filter(|line| line.cover.is_missing()).count();
    let figures = [
        ("计划承诺", total, None, params.href(HERE, "", "")),
        (
            "已分解",
            read::count(lines(chapters), Cover::Assigned),
            None,
            params.href(HERE, "", ""),
        ),
        (
            "责任人负责",
            read::count(lines(chapters), Cover::Owner),
            None,
            params.href(HERE, UNCOVERED, ""),
        ),
        (
            "未分解",
            missing,
            Some(Tone::Bad),
            params.href(HERE, UNCOVERED, ""),
        ),
        (
            UNSIGNED,
            state(UNSIGNED),
            Some(Tone::Warn),
            params.href(HERE, "", UNSIGNED),
        ),
        (
            HANDED_IN,
            state(HANDED_IN),
            None,
            params.href(HERE, "", HANDED_IN),
        ),
        (
            "逾期",
            live.clone().filter(|a| a.is_late(today)).count(),
            Some(Tone::Late),
            params.href(HERE, "", LATE),
        ),
        (
            CLOSED,
            state(CLOSED),
            Some(Tone::Ok),
            params.href(HERE, "", CLOSED),
        ),
    ];
    let texts: Vec<String> = figures.iter().map(|f| f.1.to_string()).collect();
    let stats: Vec<Stat<'_>> = figures
        .iter()
        .zip(&texts)
        .map(|((label, count, tone, href), text)| Stat {
            label,
            value: text,
            unit: "项",
            tone: tone.filter(|_| *count > 0),
            href: Some(href),
            ..Stat::default()
        })
        .collect();
    page::stats(&stats)
}

fn plan_select(params: &Params, plans: &[Plan]) -> Markup {
    let options: Vec<(String, String)> = plans
        .iter()
        .map(|p| (p.id.to_string(), p.title.clone()))
        .collect();
    html! {
        @if options.len() > 1 {
            (page::select(&Input { name: "plan", label: "计划", value: &params.plan, ..Input::default() }, &options, Some("全部计划")))
        }
    }
}

fn plan_filter(params: &Params, plans: &[Plan]) -> Markup {
    html! {
        @if plans.len() > 1 {
            (page::filter_bar(&FilterBar {
                action: HERE,
                fields: Some(plan_select(params, plans)),
                active: usize::from(!params.plan.is_empty()),
                hidden: &[("tab", UNCOVERED)],
                ..FilterBar::default()
            }))
        }
    }
}

fn filters(params: &Params, plans: &[Plan], chapters: &[Chapter]) -> Markup {
    let mut units: Vec<(String, String)> = lines(chapters)
        .flat_map(|line| &line.assigned)
        .map(|one| (one.unit.0.to_string(), one.unit.1.clone()))
        .collect();
    units.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    units.dedup();
    let mut states = vec![(LATE, "逾期")];
    states.extend([UNSIGNED, UNDERWAY, HANDED_IN, CLOSED, CALLED_OFF].map(|state| (state, state)));
    let fields = html! {
        (plan_select(params, plans))
        (page::select(&Input { name: "unit", label: "责任部门", value: &params.unit, ..Input::default() }, &units, Some("全部部门")))
        (page::select(&Input { name: "state", label: "状态", value: &params.state, ..Input::default() }, &states, Some("全部状态")))
    };
    let active = [&params.plan, &params.unit, &params.state];
    page::filter_bar(&FilterBar {
        action: HERE,
        fields: Some(fields),
        active: active.iter().filter(|v| !v.is_empty()).count(),
        ..FilterBar::default()
    })
}
