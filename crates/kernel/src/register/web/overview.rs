//! What the keeper of a register needs first (概览): what is open and late, the course of the term, who still owes what.
use super::Rights;
use crate::access::Rows;
use crate::app::Scope;
use crate::args;
use crate::error::Result;
use crate::http::escape;
use crate::page::{self, HeatCell, HeatMap, HeatRow, HeatScale, Stat, Tone};
use crate::register::coverage::{self, DutyStanding, DutyUnit, Question};
use crate::register::flow::StateKind;
use crate::register::indicator::DutySpec;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::schema::{column, table};
use crate::term::{self, Calendar};
use crate::value::Value;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use calendar::Term;
use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};
use serde_json::json;

/// Units on the matrix; those with gaps come first, the rest is one click away.
const MOST_UNITS: usize = 6;

/// Whether there is anything to show above the list.
pub fn offered(spec: &RegisterSpec) -> bool {
    spec.date.is_some() || !spec.duties.is_empty() || spec.due.is_some()
}

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    duty: String,
    #[serde(default)]
    all: String,
}

/// `GET /r/{register}/overview`: a fragment the list fetches, kept rendered until something it shows changes.
pub async fn show(
    scope: Scope,
    Path(register): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let rights = Rights::of(&scope, &spec);
    let basis = spec
        .duties
        .iter()
        .flat_map(|duty| coverage::basis(&spec, duty))
        .chain([spec.id.as_str(), "calendar"]);
    let key = format!(
        "overview|{}|{}|{}|{}|{}|{}|{}",
        scope.school,
        spec.id,
        asked.duty,
        asked.all,
        rights.key(&scope),
        scope.today(),
        scope.revision_of(basis).await?
    );
    let body = scope
        .app
        .cache
        .kept(key, body(&scope, &spec, &rights, &asked))
        .await?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response())
}

async fn body(scope: &Scope, spec: &RegisterSpec, rights: &Rights, asked: &Asked) -> Result<Markup> {
    let calendar = term::load(scope).await?;
    let Some((_, term)) = calendar.term_at(scope.today()) else {
        return Ok(html! {});
    };
    let duty = spec
        .duties
        .iter()
        .find(|d| d.id == asked.duty)
        .or(spec.duties.first());
    Ok(html! {
        (numbers(scope, spec, rights, term).await?)
        div.overview-parts {
            (weeks(scope, spec, rights, term).await?)
            @if let Some(duty) = duty {
                (matrix(scope, spec, rights, duty, &calendar, term, !asked.all.is_empty()).await?)
            }
        }
    })
}

/// Open, late, this week, this term.
async fn numbers(scope: &Scope, spec: &RegisterSpec, rights: &Rights, term: &Term) -> Result<Markup> {
    let today = scope.today();
    let mut args: Vec<Value> = args![scope.school].to_vec();
    let rows = rights.read.predicate(&scope.actor, &mut args);
    let mut bind = |value: Value| {
        args.push(value);
        format!("${}", args.len())
    };
    let count = |condition: String| {
        format!("cast(coalesce(sum(case when {condition} then 1 else 0 end), 0) as bigint)")
    };
    let open = spec.flow.names(StateKind::Open);
    let states = open
        .iter()
        .map(|name| bind((*name).into()))
        .collect::<Vec<_>>()
        .join(", ");
    let is_open = match open.is_empty() {
        true => "1 = 0".to_owned(),
        false => format!("t.state in ({states})"),
    };
    let late = spec.due.map(|at| {
        let due = column(&spec.fields[at]);
        format!("{is_open} and t.{due} < {}", bind(today.into()))
    });
    let since = |day: NaiveDate, bind: &mut dyn FnMut(Value) -> String| -> Option<String> {
        let date = &spec.fields[spec.date?];
        let value: Value = match date.kind {
            FieldKind::Instant => {
                crate::clock::instant_at(day.and_hms_opt(0, 0, 0).expect("midnight")).into()
            }
            _ => day.into(),
        };
        Some(format!("t.{} >= {}", column(date), bind(value)))
    };
    let monday = today - chrono::Days::new(chrono::Datelike::weekday(&today).num_days_from_monday().into());
    let in_term = since(term.start(), &mut bind);
    let in_week = since(monday, &mut bind);
    let never = || "1 = 0".to_owned();
    let sql = format!(
        "select {}, {}, {}, {} from {} t where t.school_id = $1 and t.void_reason is null and {rows}",
        count(is_open.clone()),
        count(late.clone().unwrap_or_else(never)),
        count(in_term.clone().unwrap_or_else(never)),
        count(in_week.clone().unwrap_or_else(never)),
        table(spec)
    );
    let row = scope.db().one(&sql, &args).await?;
    let (is_open, late_count, term_count, week_count): (i64, i64, i64, i64) =
        (row.at(0)?, row.at(1)?, row.at(2)?, row.at(3)?);
    let texts = [is_open, late_count, term_count, week_count].map(|n| n.to_string());
    let mut hrefs: Vec<String> = vec![];
    let base = format!("/r/{}", spec.id);
    // One open state is a list by itself; several have tabs of their own.
    hrefs.push(match open.as_slice() {
        [one] => format!("{base}?state={}", escape(one)),
        _ => String::new(),
    });
    hrefs.push(match (spec.due, open.first()) {
        (Some(at), Some(first)) => format!(
            "{base}?state={}&f.{}=..{}",
            escape(first),
            spec.fields[at].name,
            today - chrono::Days::new(1)
        ),
        _ => String::new(),
    });
    let dated = |from: NaiveDate| match spec.date {
        Some(at) => format!("{base}?f.{}={from}..", spec.fields[at].name),
        None => String::new(),
    };
    hrefs.push(dated(term.start()));
    hrefs.push(dated(monday));
    let link = |at: usize| (!hrefs[at].is_empty()).then_some(hrefs[at].as_str());
    let mut shown: Vec<(usize, &str, Option<Tone>)> = vec![];
    if spec.flow.has_steps() {
        if late.is_some() {
            shown.push((1, "逾期未办", (late_count > 0).then_some(Tone::Late)));
        }
        shown.push((0, "未办结", None));
    }
    if spec.date.is_some() {
        shown.push((3, "本周", None));
        shown.push((2, "本学期", None));
    }
    let stats: Vec<Stat<'_>> = shown
        .iter()
        .map(|(at, label, tone)| Stat {
            label,
            value: &texts[*at],
            unit: "条",
            tone: *tone,
            href: link(*at),
            ..Stat::default()
        })
        .collect();
    Ok(html! { @if !stats.is_empty() { (page::stats(&stats)) } })
}

/// Records by week of the term, what is done against what is open.
async fn weeks(scope: &Scope, spec: &RegisterSpec, rights: &Rights, term: &Term) -> Result<Markup> {
    let (Some(at), Some(last)) = (spec.date, term.week_of(scope.today().min(term.end()))) else {
        return Ok(html! {});
    };
    let field = &spec.fields[at];
    let name = column(field);
    let mut args: Vec<Value> = args![scope.school].to_vec();
    let rows = rights.read.predicate(&scope.actor, &mut args);
    let instant = |day: NaiveDate| crate::clock::instant_at(day.and_hms_opt(0, 0, 0).expect("midnight"));
    let (from, to): (Value, Value) = match field.kind {
        FieldKind::Instant => (
            instant(term.start()).into(),
            instant(term.end() + chrono::Days::new(1)).into(),
        ),
        FieldKind::Date => (term.start().into(), term.end().into()),
        _ => return Ok(html! {}),
    };
    args.push(from);
    let first = args.len();
    args.push(to);
    let sql = format!(
        "select t.{name}, t.state, count(*) from {} t where t.school_id = $1 and t.void_reason is null and {rows} \
         and t.{name} >= ${first} and t.{name} <= ${} group by t.{name}, t.state",
        table(spec),
        args.len()
    );
    let weeks = usize::from(last);
    let (mut done, mut open) = (vec![0i64; weeks], vec![0i64; weeks]);
    for row in scope.db().all(&sql, &args).await? {
        let day = match field.kind {
            FieldKind::Instant => crate::clock::local(row.at::<DateTime<Utc>>(0)?).date(),
            _ => row.at::<NaiveDate>(0)?,
        };
        let (state, count): (String, i64) = (row.at(1)?, row.at(2)?);
        let Some(week) = term
            .week_of(day)
            .map(usize::from)
            .filter(|week| (1..=weeks).contains(week))
        else {
            continue;
        };
        match spec.flow.kind_of(&state) {
            StateKind::Open => open[week - 1] += count,
            StateKind::Done => done[week - 1] += count,
            StateKind::Dropped => {}
        }
    }
    if done.iter().chain(&open).all(|count| *count == 0) {
        return Ok(html! {});
    }
    let labels: Vec<String> = (1..=weeks).map(|week| format!("{week}周")).collect();
    let flows = spec.flow.has_steps();
    let mut series = vec![
        json!({"name": if flows { "已办结" } else { "登记" }, "type": "bar", "stack": "all", "data": done}),
    ];
    let mut heads = vec!["周次", if flows { "已办结" } else { "登记" }];
    if flows {
        series.push(json!({"name": "未办结", "type": "bar", "stack": "all", "data": open}));
        heads.push("未办结");
    }
    let figures: Vec<(String, Vec<String>)> = labels
        .iter()
        .enumerate()
        .map(|(week, label)| {
            let mut cells = vec![done[week].to_string()];
            if flows {
                cells.push(open[week].to_string());
            }
            (label.clone(), cells)
        })
        .collect();
    let option = json!({
        "tooltip": {"trigger": "axis"},
        "legend": {"show": flows, "top": 0},
        "grid": {"left": 36, "right": 8, "top": if flows { 28 } else { 12 }, "bottom": 24},
        "xAxis": {"type": "category", "data": labels},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    });
    let title = format!("{}：本学期各周", spec.title);
    Ok(page::chart(
        &format!("weeks-{}", spec.id),
        &title,
        &option,
        page::figures(&heads, &figures),
    ))
}

async fn matrix(
    scope: &Scope,
    spec: &RegisterSpec,
    rights: &Rights,
    duty: &DutySpec,
    calendar: &Calendar,
    term: &Term,
    all: bool,
) -> Result<Markup> {
    let path = match &rights.read {
        Rows::All => "",
        Rows::Some { paths, .. } if !paths.is_empty() => paths
            .iter()
            .min_by_key(|path| path.len())
            .map_or("", String::as_str),
        _ => return Ok(html! {}),
    };
    let today = scope.today();
    let question = Question {
        cadence: Some(duty.cadence()),
        path,
        term,
        days: &calendar.days,
        until: today,
    };
    let mut standing = coverage::standing(scope, spec, duty, question).await?;
    if standing.units.is_empty() {
        return Ok(html! {});
    }
    let totals = standing.totals(today);
    let gaps = |unit: &DutyUnit| {
        (0..standing.windows.len())
            .filter(|at| standing.late(unit, *at, today))
            .count()
    };
    let mut units = standing.units.clone();
    units.sort_by_key(|unit| std::cmp::Reverse(gaps(unit)));
    let (many, complete) = (units.len(), units.iter().filter(|unit| gaps(unit) == 0).count());
    if !all {
        units.truncate(MOST_UNITS);
    }
    standing.units = units;
    let here = format!("/r/{}/overview", spec.id);
    let fetch =
        |duty: &DutySpec, all: bool| format!("{here}?duty={}{}", duty.id, if all { "&all=1" } else { "" });
    Ok(html! {
        section.overview-matrix {
            header {
                strong { (duty.title) }
                span { "应办 " (totals.owed) "，已办 " (totals.done) "，缺 " (totals.short) " 处" }
                @for other in spec.duties.iter().filter(|other| other.id != duty.id) {
                    a href={ "/r/" (spec.id) } hx-get=(fetch(other, false)) hx-target="#overview" { (other.title) }
                }
            }
            (coverage_map(&standing, today, &duty.title, spec))
            @if many > MOST_UNITS {
                p {
                    "共 " (many) " 个单位，" (complete) " 个无缺漏。"
                    @if all {
                        a href={ "/r/" (spec.id) } hx-get=(fetch(duty, false)) hx-target="#overview" { "收起" }
                    } @else {
                        a href={ "/r/" (spec.id) } hx-get=(fetch(duty, true)) hx-target="#overview" { "显示全部" }
                    }
                }
            }
        }
    })
}

/// The map of one duty; units with the most gaps come first.
pub fn coverage_map(standing: &DutyStanding, today: NaiveDate, caption: &str, spec: &RegisterSpec) -> Markup {
    let begun: Vec<usize> = (0..standing.windows.len())
        .filter(|at| standing.windows[*at].from <= today)
        .collect();
    // A daily duty has too many windows for a page: the last ones tell.
    let shown: Vec<usize> = begun.iter().rev().take(20).rev().copied().collect();
    let columns: Vec<String> = shown
        .iter()
        .map(|at| standing.windows[*at].label.clone())
        .collect();
    let gaps = |unit: &DutyUnit| begun.iter().filter(|at| standing.late(unit, **at, today)).count();
    let mut units: Vec<&DutyUnit> = standing.units.iter().collect();
    units.sort_by_key(|unit| std::cmp::Reverse(gaps(unit)));
    let date = spec.date.map(|at| spec.fields[at].name.clone());
    let rows: Vec<HeatRow> = units
        .iter()
        .map(|unit| HeatRow {
            label: unit.label.clone(),
            href: None,
            cells: shown
                .iter()
                .map(|at| {
                    let window = &standing.windows[*at];
                    let mut cell = HeatCell::share(unit.done[*at], u32::from(window.times));
                    if unit.done[*at] == 0 && window.due >= today {
                        cell = HeatCell {
                            text: "待办".into(),
                            label: format!("{}前办", window.due),
                            ..HeatCell::default()
                        };
                    }
                    cell.label = format!("{} {}：{}", unit.label, window.label, cell.label);
                    cell.href = date
                        .as_ref()
                        .map(|d| format!("/r/{}?f.{d}={}..{}", spec.id, window.from, window.to));
                    cell
                })
                .collect(),
        })
        .collect();
    if rows.is_empty() || columns.is_empty() {
        return page::empty("还没有到应办的时间", "学期开始后按周、按月显示。", html! {});
    }
    let current = shown
        .iter()
        .position(|at| standing.windows[*at].from <= today && today <= standing.windows[*at].to);
    page::heat_map(&HeatMap {
        caption,
        corner: "单位",
        columns: &columns,
        rows: &rows,
        scale: HeatScale::Progress,
        current,
    })
}
