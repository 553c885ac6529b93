//! The heat map of duties (例行热力图): units against windows, red where something is missing.
use crate::duties::{self, DutyStanding};
use crate::model::{Binding, Commitment, Kind};
use crate::store;
use axum::extract::Query;
use calendar::Term;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::page::{self, HeatCell, HeatMap, HeatRow, HeatScale, Input};
use kernel::register::spec::RegisterSpec;
use kernel::register::web::coverage_map;
use kernel::term;
use maud::{Markup, html};
use serde::Deserialize;

/// Address of the page.
pub const HERE: &str = "/duties";

#[derive(Deserialize)]
pub struct Params {
    #[serde(default)]
    duty: String,
}

/// GET /duties
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let all = store::published_commitments(&scope).await?;
    let bound: Vec<&Commitment> = all
        .iter()
        .filter(|c| c.kind == Kind::Duty && matches!(c.binding, Binding::Duty(_)))
        .collect();
    let options: Vec<(String, String)> = bound
        .iter()
        .map(|c| (c.id.to_string(), format!("{}（{}）", c.title, c.promise())))
        .collect();
    let calendar = term::load(&scope).await?;
    let mut standings = vec![];
    for commitment in bound
        .iter()
        .filter(|c| params.duty.is_empty() || c.id.to_string() == params.duty)
    {
        let plan = store::plan(&scope, commitment.plan).await?;
        let (Binding::Duty(id), Some(term)) = (&commitment.binding, calendar.term(plan.term)) else {
            continue;
        };
        let Some((spec, duty)) = duties::find(&scope, id) else {
            continue;
        };
        let standing = duties::standing(
            &scope,
            commitment,
            spec,
            duty,
            term,
            &calendar.days,
            scope.today(),
        )
        .await?;
        standings.push((*commitment, spec, standing, term));
    }
    let body = html! {
        (page::page_header("例行热力图", "每项例行工作在各班级、各部门各周的应办与已办；只算教学日，节假日不欠。", page::print_button()))
        @if bound.is_empty() {
            (page::empty("还没有绑定台账的例行工作", "在计划审阅中为“每周、每月”的承诺选定台账后，这里显示完成情况。", html! {}))
        } @else {
            form.filters method="get" action=(HERE) data-autosubmit="" {
                (page::select(&Input { name: "duty", label: "例行工作", value: &params.duty, ..Input::default() }, &options, Some("全部（总览）")))
            }
            @if params.duty.is_empty() {
                (overview(&standings, scope.today()))
            } @else {
                @for (commitment, spec, standing, _) in &standings { (one(commitment, spec, standing, scope.today())) }
            }
        }
    };
    frame::page(&scope, Frame::new("例行热力图", HERE), body).await
}

fn one(commitment: &Commitment, spec: &RegisterSpec, standing: &DutyStanding, today: NaiveDate) -> Markup {
    let totals = standing.totals(today);
    let note = format!(
        "应办 {} 次，已办 {} 次，缺 {} 处",
        totals.owed, totals.done, totals.short
    );
    let title = format!("{}（{}）", commitment.title, commitment.promise());
    let link = html! { (note) " · " a href={ "/board/" (commitment.id) } { "承诺详情" } };
    page::panel(
        &title,
        link,
        coverage_map(standing, today, &commitment.title, spec),
    )
}

type Standing<'a> = (
    &'a Commitment,
    &'a std::sync::Arc<RegisterSpec>,
    DutyStanding,
    &'a Term,
);

/// All duties against the weeks of the term: what fell due in the week, over all units.
fn overview(standings: &[Standing<'_>], today: NaiveDate) -> Markup {
    let Some((_, _, _, term)) = standings.first() else {
        return html! {};
    };
    let last = term.week_of(today.min(term.end())).unwrap_or(1);
    let columns: Vec<String> = (1..=last).map(|week| format!("{week}周")).collect();
    let mut rows: Vec<(usize, HeatRow)> = standings
        .iter()
        .map(|(commitment, _, standing, term)| {
            let cells = (1..=last)
                .map(|week| week_cell(standing, term, week, today))
                .collect();
            let label = format!("{}（{}）", commitment.title, commitment.promise());
            let href = Some(format!("{HERE}?duty={}", commitment.id));
            (standing.totals(today).short, HeatRow { label, href, cells })
        })
        .collect();
    rows.sort_by_key(|(short, _)| std::cmp::Reverse(*short));
    let rows: Vec<HeatRow> = rows.into_iter().map(|(_, row)| row).collect();
    page::panel(
        "各项例行工作按周完成情况",
        html! { "点左侧名称看各单位" },
        page::heat_map(&HeatMap {
            caption: "各项例行工作按周完成情况",
            corner: "例行工作",
            columns: &columns,
            rows: &rows,
            scale: HeatScale::Progress,
            current: Some(usize::from(last) - 1),
        }),
    )
}

/// What fell due in one week of the term, over all units of a duty.
fn week_cell(standing: &DutyStanding, term: &Term, week: u8, today: NaiveDate) -> HeatCell {
    let (mut owed, mut done, mut waiting) = (0, 0, false);
    for (at, window) in standing.windows.iter().enumerate() {
        if term.week_of(window.due) != Some(week) {
            continue;
        }
        waiting |= window.due >= today;
        for unit in &standing.units {
            owed += u32::from(window.times);
            done += unit.done[at].min(u32::from(window.times));
        }
    }
    let mut cell = HeatCell::share(done, owed);
    if let Some(percent) = (done * 100).checked_div(owed) {
        cell.text = format!("{percent}%");
        if waiting && done < owed {
            cell.label = format!("本周到期，{}", cell.label);
            cell.level = None;
        }
    }
    cell
}
