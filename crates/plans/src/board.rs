//! The plan board (计划看板): every promise of the published plans with its actual value, state and way to the rows.
use crate::breakdown::{self, ByCommitment};
use crate::duties;
use crate::model::{Binding, Commitment, Kind, Plan, Section, plain};
use crate::readings::{self, Reading};
use crate::standing::{self, State};
use crate::store;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, FilterBar, Input, Kind as Weight, Narrow, Stat, Tone};
use kernel::register::field::ChoiceList;
use kernel::register::indicator::{Filter, Measure};
use kernel::register::query;
use kernel::schema::table;
use kernel::term;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Address of the board.
pub const HERE: &str = "/board";

/// What the board is filtered by; all in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    plan: String,
    #[serde(default)]
    node: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    done: Option<String>,
}

impl Params {
    fn active(&self) -> usize {
        [&self.plan, &self.node, &self.owner, &self.state]
            .iter()
            .filter(|v| !v.is_empty())
            .count()
    }
}

/// GET / leads to the board.
pub async fn home(_: Scope, Query(params): Query<Params>) -> Response {
    match params.done {
        Some(done) => Redirect::to(&format!("{HERE}?done={}", escape(&done))).into_response(),
        None => Redirect::to(HERE).into_response(),
    }
}

/// Everything the board shows of one commitment.
pub(crate) struct Line<'a> {
    pub commitment: &'a Commitment,
    pub reading: Option<&'a Reading>,
    pub state: State,
}

/// GET /board
pub async fn board(scope: Scope, Query(params): Query<Params>) -> Result<Response> {
    let key = cache_key(&scope, &params).await?;
    let body = scope.app.cache.kept(key, body(&scope, &params)).await?;
    frame::around(&scope, Frame::new("计划看板", HERE).done(params.done), body).await
}

/// The board depends on every register it reads from, on the plans and on the day: the sum of all revisions, the day,
/// the filters and whether the person may break commitments down. Who else looks does not matter: published plans are
/// for everyone in the school.
async fn cache_key(scope: &Scope, params: &Params) -> Result<String> {
    let revision = scope.revision_of_all().await?;
    Ok(format!(
        "board {} {revision} {} {} {:?}",
        scope.school,
        scope.today(),
        breakdown::may_assign(scope),
        (
            &params.plan,
            &params.node,
            &params.owner,
            &params.state,
            &params.q
        )
    ))
}

async fn body(scope: &Scope, params: &Params) -> Result<Markup> {
    let all = store::published_commitments(scope).await?;
    let known = readings::refresh(scope, &all).await?;
    let plans: Vec<Plan> = store::plans_of(scope)
        .await?
        .into_iter()
        .filter(|p| p.published_at.is_some() && p.revises.is_none())
        .collect();
    let names = labels(scope, &all).await?;
    let path = match params.node.parse::<Uuid>() {
        Ok(id) => all.iter().find(|c| c.node == Some(id)).map(|c| c.path.clone()),
        Err(_) => None,
    };
    let lines: Vec<Line> = all
        .iter()
        .filter(|c| c.kind != Kind::Result)
        .map(|commitment| {
            let reading = known.get(&commitment.id);
            Line {
                commitment,
                reading,
                state: reading.map_or(State::NoData, |r| r.state),
            }
        })
        .filter(|line| {
            let c = line.commitment;
            (params.plan.is_empty() || c.plan.to_string() == params.plan)
                && path.as_ref().is_none_or(|p| c.path.starts_with(p.as_str()))
                && (params.owner.is_empty() || c.owner.is_some_and(|o| o.to_string() == params.owner))
                && (params.q.is_empty() || c.title.contains(&params.q) || c.quote.contains(&params.q))
        })
        .collect();
    let count = |state: State| lines.iter().filter(|l| l.state == state).count();
    let counts: Vec<(State, usize)> = State::ALL
        .iter()
        .map(|(state, _, _)| (*state, count(*state)))
        .collect();
    let shown: Vec<&Line> = lines
        .iter()
        .filter(|l| params.state.is_empty() || l.state.code() == params.state)
        .collect();
    let trends = readings::lines(scope, scope.today() - chrono::Days::new(140)).await?;
    let assigned = breakdown::load(scope, None).await?;
    let seen = Seen {
        names: &names,
        trends: &trends,
        assigned: &assigned,
        may_assign: breakdown::may_assign(scope),
    };
    Ok(html! {
        (page::page_header("计划看板", "每一项承诺的真实进度，数字都来自台账，点开就是背后的记录。", html! {
            (page::link_button("责任分解", breakdown::HERE, None, Weight::Plain))
            (page::link_button("例行热力图", "/duties", None, Weight::Plain))
            (page::link_button("本周待办", "/week", None, Weight::Plain))
            (page::print_button())
        }))
        @if all.is_empty() {
            (page::empty("还没有已发布的工作计划", "导入工作计划，确认其中的承诺并发布后，这里就会显示每项承诺的进度。", page::link_button("导入工作计划", "/plans/new", None, Weight::Primary)))
        } @else {
            (stat_row(&counts, lines.len(), params))
            (filters(params, &plans, &all, &names))
            @for plan in plans.iter().filter(|p| params.plan.is_empty() || p.id.to_string() == params.plan) {
                (plan_panel(scope, plan, &shown, &seen).await?)
            }
        }
    })
}

fn stat_row(counts: &[(State, usize)], total: usize, params: &Params) -> Markup {
    let href = |code: &str| {
        format!(
            "{HERE}?state={code}&plan={}&node={}&owner={}&q={}",
            params.plan,
            params.node,
            params.owner,
            escape(&params.q)
        )
    };
    let texts: Vec<(String, String)> = counts
        .iter()
        .map(|(state, count)| (count.to_string(), href(state.code())))
        .collect();
    let total_text = total.to_string();
    let all = href("");
    let mut stats = vec![Stat {
        label: "承诺",
        value: &total_text,
        unit: "项",
        href: Some(&all),
        ..Stat::default()
    }];
    stats.extend(
        counts
            .iter()
            .zip(&texts)
            .map(|((state, count), (text, href))| Stat {
                label: state.label(),
                value: text,
                unit: "项",
                tone: (*count > 0).then(|| state.tone()),
                href: Some(href),
                ..Stat::default()
            }),
    );
    page::stats(&stats)
}

fn filters(params: &Params, plans: &[Plan], all: &[Commitment], names: &Names) -> Markup {
    let plan_options: Vec<(String, String)> = plans
        .iter()
        .map(|p| (p.id.to_string(), p.title.clone()))
        .collect();
    let distinct = |ids: Vec<Uuid>| {
        let mut list: Vec<(String, String)> = ids
            .into_iter()
            .filter_map(|id| names.get(&id).map(|n| (id.to_string(), n.clone())))
            .collect();
        list.sort_by(|a, b| a.1.cmp(&b.1));
        list.dedup();
        list
    };
    let nodes = distinct(all.iter().filter_map(|c| c.node).collect());
    let owners = distinct(all.iter().filter_map(|c| c.owner).collect());
    let states: Vec<(&str, &str)> = State::ALL
        .iter()
        .map(|(_, code, label)| (*code, *label))
        .collect();
    let fields = html! {
        @if plan_options.len() > 1 {
            (page::select(&Input { name: "plan", label: "计划", value: &params.plan, ..Input::default() }, &plan_options, Some("全部计划")))
        }
        (page::select(&Input { name: "node", label: "部门", value: &params.node, ..Input::default() }, &nodes, Some("全部部门")))
        (page::select(&Input { name: "owner", label: "责任人", value: &params.owner, ..Input::default() }, &owners, Some("全部责任人")))
        (page::select(&Input { name: "state", label: "状态", value: &params.state, ..Input::default() }, &states, Some("全部状态")))
    };
    page::filter_bar(&FilterBar {
        action: HERE,
        query: Some(&params.q),
        placeholder: "承诺内容",
        fields: Some(fields),
        active: params.active(),
        ..FilterBar::default()
    })
}

/// Labels of nodes and owners by id.
pub(crate) type Names = HashMap<Uuid, String>;

/// Reads the labels of every node and owner named by commitments.
pub(crate) async fn labels(scope: &Scope, commitments: &[Commitment]) -> Result<Names> {
    let mut names = Names::new();
    for register in ["unit", "class", "staff"] {
        let Ok(spec) = scope.register(register) else {
            continue;
        };
        let mut args: Vec<kernel::value::Value> = args![scope.school].to_vec();
        let wanted: Vec<Uuid> = commitments
            .iter()
            .flat_map(|c| [c.node, c.owner])
            .flatten()
            .collect();
        let mut places = vec![];
        for id in wanted.into_iter().collect::<std::collections::HashSet<_>>() {
            args.push(id.into());
            places.push(format!("${}", args.len()));
        }
        if places.is_empty() {
            return Ok(names);
        }
        let sql = format!(
            "select id, label from {} where school_id = $1 and id in ({})",
            table(spec),
            places.join(", ")
        );
        for row in scope.db().all(&sql, &args).await? {
            names.insert(row.at(0)?, row.at(1)?);
        }
    }
    Ok(names)
}

/// What rows show besides their commitments.
struct Seen<'a> {
    names: &'a Names,
    trends: &'a HashMap<Uuid, Vec<f64>>,
    assigned: &'a ByCommitment,
    may_assign: bool,
}

async fn plan_panel(scope: &Scope, plan: &Plan, shown: &[&Line<'_>], seen: &Seen<'_>) -> Result<Markup> {
    let sections = store::sections(scope, plan.id).await?;
    let mine: Vec<&&Line> = shown.iter().filter(|l| l.commitment.plan == plan.id).collect();
    let calendar = term::load(scope).await?;
    let term = calendar.term(plan.term);
    let mut groups: Vec<(Option<&Section>, Vec<&&Line>)> = vec![];
    for line in mine {
        let section = top_section(&sections, line.commitment.start);
        match groups
            .iter_mut()
            .find(|(s, _)| s.map(|s| s.id) == section.map(|s| s.id))
        {
            Some((_, lines)) => lines.push(line),
            None => groups.push((section, vec![line])),
        }
    }
    let head = html! { tr {
        (page::th("承诺")) (page::th("约定")) (page::th("实际")) (page::th("状态")) (page::th("走势"))
        (page::th("到期预测")) (page::th("期限")) (page::th("责任")) (page::th("分解")) (page::th("记录"))
    } };
    Ok(html! {
        h2.board-plan { a href={ "/plans/" (plan.id) } { (plan.title) } }
        @if groups.is_empty() { (page::empty("没有符合条件的承诺", "换个筛选条件试试。", html! {})) }
        @for (section, lines) in &groups {
            @let title = section.map_or_else(|| "其他".to_owned(), Section::name);
            (page::flush_panel(&title, summary_badges(lines), page::table(&title, Narrow::Cards, head.clone(), html! {
                @for line in lines { (row(scope, line, seen, term)) }
            })))
        }
    })
}

/// The outermost section that holds the offset.
pub(crate) fn top_section(sections: &[Section], start: i64) -> Option<&Section> {
    let level = sections.iter().map(|s| s.level).min()?;
    sections
        .iter()
        .filter(|s| s.level == level)
        .rfind(|s| s.start <= start && start < s.end)
}

fn summary_badges(lines: &[&&Line]) -> Markup {
    html! {
        @for (state, _, label) in State::ALL {
            @let count = lines.iter().filter(|l| l.state == *state).count();
            @if count > 0 { (page::badge(state.tone(), &format!("{label} {count}"))) " " }
        }
    }
}

fn row(scope: &Scope, line: &Line, seen: &Seen<'_>, term: Option<&calendar::Term>) -> Markup {
    let c = line.commitment;
    let href = format!("/board/{}", c.id);
    let name = |id: Option<Uuid>| id.and_then(|id| seen.names.get(&id)).map_or("", String::as_str);
    let assigned = seen.assigned.get(&c.id).map_or(&[][..], Vec::as_slice);
    let coming = match (term, line.reading.and_then(|r| r.actual), &c.binding) {
        (Some(term), Some(actual), Binding::Indicator(_)) => {
            let run = readings::run_of(c, term, scope.today());
            Some(standing::forecast(actual, readings::course_of(scope, c), run))
        }
        _ => None,
    };
    let due = c.due_on.or(term.map(calendar::Term::end));
    page::row(
        &href,
        html! {
            (page::td("承诺", html! { a href=(href) { (c.title) } }))
            (page::td("约定", html! { (c.promise()) }))
            (page::td("实际", html! { span.figure { (actual_text(c, line.reading)) } }))
            (page::td("状态", page::state_dot(line.state.tone(), line.state.label())))
            (page::td("走势", page::sparkline(seen.trends.get(&c.id).map_or(&[], Vec::as_slice), &c.title)))
            (page::td("到期预测", html! { @if let Some(coming) = coming { (standing::forecast_text(c, coming)) } @else { "—" } }))
            (page::td("期限", html! { @if c.kind == Kind::Duty { "全学期" } @else if let Some(due) = due { (due) } }))
            (page::td("责任", html! { (name(c.node)) @if c.owner.is_some() { " " (name(c.owner)) } }))
            (page::td("分解", breakdown::cell(c, assigned, seen.may_assign)))
            (page::td("记录", html! { @match rows_href(scope, c, term) { Some(rows) => a href=(rows) { "查看" }, None => (source_text(c)) } }))
        },
    )
}

fn unit(c: &Commitment) -> &str {
    c.unit.as_deref().unwrap_or("")
}

/// The actual value with what it is made of: `62.5%（1500/2400）`.
pub(crate) fn actual_text(c: &Commitment, reading: Option<&Reading>) -> String {
    let Some(reading) = reading else {
        return "—".into();
    };
    match (c.kind, &c.binding) {
        (Kind::Task, Binding::None | Binding::Manual) if reading.actual.is_none() => {
            c.done_on.map_or("未完成".into(), |day| format!("{day} 完成"))
        }
        (_, Binding::Duty(_)) => {
            format!("{}/{}次", reading.numerator, reading.denominator.unwrap_or(0))
        }
        _ => match (reading.actual, reading.denominator) {
            (None, _) => "—".into(),
            (Some(actual), Some(all)) => format!("{}%（{}/{all}）", plain(actual), reading.numerator),
            (Some(actual), None) => format!("{}{}", plain(actual), unit(c)),
        },
    }
}

/// What stands where no rows can be shown.
fn source_text(c: &Commitment) -> Markup {
    html! { @if c.binding == Binding::Manual { (page::badge(Tone::Muted, "手工填报")) } @else { "—" } }
}

/// The address of the very rows behind a commitment's number.
pub(crate) fn rows_href(scope: &Scope, c: &Commitment, term: Option<&calendar::Term>) -> Option<String> {
    let (spec, filter, date, standing): (_, Filter, _, bool) = match &c.binding {
        Binding::Indicator(id) => {
            let (spec, indicator) = readings::indicator(scope, id)?;
            let filter = match &indicator.measure {
                Measure::Count { of }
                | Measure::CountDistinct { of, .. }
                | Measure::Sum { of, .. }
                | Measure::Coverage { of, .. }
                | Measure::Rate { of, .. } => of.clone(),
                // All rows of the denominator: those that do not fulfil are what people look for.
                Measure::Share { among, .. } => among.clone(),
            };
            (spec, filter, indicator.dated(spec), indicator.standing)
        }
        Binding::Duty(id) => {
            let (spec, duty) = duties::find(scope, id)?;
            (spec, duty.of.clone(), spec.date.map(|at| &spec.fields[at]), false)
        }
        _ => return None,
    };
    let mut href = format!("/r/{}?{}", spec.id, query::url_of(spec, &filter));
    if let (Some(term), Some(date)) = (term, date) {
        let from = if standing {
            String::new()
        } else {
            term.start().to_string()
        };
        href.push_str(&format!("&f.{}={from}..{}", date.name, term.end()));
    }
    if !c.path.is_empty() {
        href.push_str(&format!("&path={}", escape(&c.path)));
    }
    Some(href)
}
