//! `/workload`: a month or the term, teacher by teacher, every line explained.
use super::compute::{Line, Load};
use super::month::{Base, Span, hundredths, in_force, month_of, month_text, visible};
use crate::load::{self, Names};
use axum::extract::Query;
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::http::{XLSX, download};
use kernel::page::{self, FilterBar, Input, Kind, Narrow, Stat};
use kernel::register::web::off_thread;
use kernel::term;
use maud::{Markup, html};
use people::roles::TEACHING_OFFICE;
use print::{Cell, Column, Sheet};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/workload";

/// What the page is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    month: Option<String>,
    span: Option<String>,
    teacher: Option<String>,
    done: Option<String>,
}

/// What was asked for, read.
struct Wanted {
    span: Span,
    month: String,
    term: bool,
    teacher: Option<Uuid>,
}

impl Wanted {
    async fn of(scope: &Scope, asked: &Asked) -> Result<Wanted> {
        let month = match asked.month.as_deref().map(str::trim) {
            None | Some("") => month_text(scope.today()),
            Some(text) => text.to_owned(),
        };
        let mut span = month_of(&month)?;
        let term = asked.span.as_deref() == Some("term");
        if term {
            let calendar = term::load(scope).await?;
            if let Some((_, term)) = calendar.term_at(span.to.min(scope.today())) {
                span = Span {
                    from: term.start(),
                    to: term.end(),
                };
            }
        }
        let teacher = asked.teacher.as_deref().and_then(|id| id.parse().ok());
        Ok(Wanted {
            span,
            month,
            term,
            teacher,
        })
    }

    fn title(&self) -> String {
        match self.term {
            true => format!("本学期 {} 至 {}", self.span.from, self.span.to),
            false => self.month.clone(),
        }
    }

    fn address(&self, path: &str) -> String {
        let span = if self.term { "&span=term" } else { "" };
        format!("{path}?month={}{span}", self.month)
    }
}

/// The loads a person may see, by name, with what stands for the month's statement.
struct Seen {
    base: Base,
    rows: Vec<(Uuid, String, Load)>,
    rule: String,
}

async fn seen(scope: &Scope, wanted: &Wanted) -> Result<Seen> {
    let people = visible(scope).await?;
    let base = Base::load(scope, wanted.span).await?;
    let version = in_force(scope, wanted.span.to).await?;
    let (rule, by) = match &version {
        Some(version) => (version.rule.name.clone(), version.rule.coefficients()),
        None => ("样例系数（还没有启用的计算办法）".to_owned(), Default::default()),
    };
    let mut rows: Vec<(Uuid, String, Load)> = base
        .loads(&by)
        .into_iter()
        .filter_map(|(id, load)| Some((id, people.get(&id)?.clone(), load)))
        .filter(|(id, _, _)| wanted.teacher.is_none_or(|teacher| teacher == *id))
        .collect();
    rows.sort_by(|a, b| (-a.2.weighted, &a.1).cmp(&(-b.2.weighted, &b.1)));
    Ok(Seen { base, rows, rule })
}

/// GET /workload
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    load::need_timetable(&scope)?;
    let mut wanted = Wanted::of(&scope, &asked).await?;
    let office = scope.actor.holds(&[TEACHING_OFFICE]);
    let only_own = visible(&scope).await?.len() == 1;
    if only_own {
        wanted.teacher = scope.actor.staff;
    }
    let seen = seen(&scope, &wanted).await?;
    let states = states(&scope, &wanted.month).await?;
    let names = Names::load(&scope).await?;
    let sum = |of: fn(&Load) -> i64| -> i64 { seen.rows.iter().map(|row| of(&row.2)).sum() };
    let [weighted, periods, covered] = [sum(|l| l.weighted), sum(|l| l.periods), sum(|l| l.covered)];
    let stat = |label, value, unit| Stat {
        label,
        value,
        unit,
        ..Stat::default()
    };
    let (weighted, periods, covered) = (hundredths(weighted), periods.to_string(), covered.to_string());
    let teachers = seen.rows.len().to_string();
    let body = html! {
        (page::page_header("教学工作量", &format!("按实际上过的课计算（代课、调课、停课已计入），计算办法：{}。", seen.rule), html! {
            (page::link_button("导出Excel", &wanted.address("/workload/export.xlsx"), None, Kind::Plain))
            (page::link_button("计算办法", "/workload/formula", None, Kind::Plain))
            (page::link_button("月报台账", "/r/workload_statement", None, Kind::Plain))
        }))
        (filters(&wanted, &names))
        @if office && !wanted.term && wanted.teacher.is_none() {
            form.actions method="post" action="/workload/statements" {
                input type="hidden" name="month" value=(wanted.month);
                (page::submit(&format!("生成{}月报并请教师确认", wanted.month), Kind::Primary))
                small { "已确认的不变；未确认的按现在的课表和办法更新。" }
            }
        }
        (page::stats(&[stat("教师", &teachers, "人"), stat("实际上课", &periods, "节"), stat("其中代课", &covered, "节"), stat("折算工作量", &weighted, "课时")]))
        @match wanted.teacher {
            Some(_) => { @for (_, name, load) in &seen.rows { (explained(name, load, &names, &seen.base, &wanted)) } @if seen.rows.is_empty() { (page::empty("没有工作量", "这段时间没有上过课。", html! {})) } }
            None => { (everyone(&seen.rows, &states, &wanted)) }
        }
    };
    frame::page(&scope, Frame::new("教学工作量", HERE).done(asked.done), body).await
}

fn filters(wanted: &Wanted, names: &Names) -> Markup {
    let teacher = wanted.teacher.map(|id| id.to_string()).unwrap_or_default();
    let input = Input {
        name: "month",
        label: "月份",
        value: &wanted.month,
        max_length: Some(7),
        ..Input::default()
    };
    let fields = html! {
        (page::text(&input))
        (page::select(&Input { name: "span", label: "范围", value: if wanted.term { "term" } else { "" }, ..Input::default() }, &[("", "本月"), ("term", "所在学期")], None))
        (page::reference(&Input { name: "teacher", label: "教师", value: &teacher, ..Input::default() }, "/r/staff/pick", wanted.teacher.map_or("", |id| names.of(id))))
    };
    page::filter_bar(&FilterBar {
        action: HERE,
        fields: Some(fields),
        active: usize::from(wanted.teacher.is_some()) + usize::from(wanted.term),
        ..FilterBar::default()
    })
}

fn everyone(
    rows: &[(Uuid, String, Load)],
    states: &HashMap<Uuid, (Uuid, String)>,
    wanted: &Wanted,
) -> Markup {
    let head = html! { tr { (page::th("教师")) (page::th_num("实际节数")) (page::th_num("代课")) (page::th_num("由他人代课")) (page::th_num("折算工作量")) (page::th("月报")) } };
    let body = html! { @for (id, name, load) in rows {
        @let href = format!("{}&teacher={id}", wanted.address(HERE));
        (page::row(&href, html! {
            (page::td("教师", html! { a href=(href) { (name) } }))
            (page::td_num("实际节数", load.periods))
            (page::td_num("代课", load.covered))
            (page::td_num("由他人代课", load.lost))
            (page::td_num("折算工作量", hundredths(load.weighted)))
            (page::td("月报", html! { @match states.get(id) {
                Some((record, state)) => a href={ "/r/workload_statement/" (record) } { (state) },
                None => "未生成",
            } }))
        }))
    } };
    let title = format!("{} 工作量", wanted.title());
    page::flush_panel(&title, html! {}, page::table(&title, Narrow::Cards, head, body))
}

fn explained(name: &str, load: &Load, names: &Names, base: &Base, wanted: &Wanted) -> Markup {
    let head = html! { tr { (page::th("内容")) (page::th_num("次数")) (page::th("计算")) (page::th_num("折算")) (page::th("日期")) } };
    let body = html! {
        @for line in &load.lines { tr {
            (page::td("内容", html! { (what(line, names)) }))
            (page::td_num("次数", line.lessons))
            (page::td("计算", html! { (formula(line)) }))
            (page::td_num("折算", hundredths(line.weighted)))
            (page::td("日期", html! { (dates(line, base)) }))
        } }
    };
    let title = format!("{name} {} 共{}课时", wanted.title(), hundredths(load.weighted));
    let note = html! { small { "实际" (load.periods) "节，其中代课" (load.covered) "节；由他人代课" (load.lost) "节不计" } };
    page::flush_panel(&title, note, page::table(&title, Narrow::Cards, head, body))
}

fn what(line: &Line, names: &Names) -> String {
    let Some(course) = line.course else {
        return line.title.clone();
    };
    let classes: Vec<&str> = line.classes.iter().map(|class| names.of(*class)).collect();
    let covered = if line.covered { "（代课）" } else { "" };
    format!("《{}》{}{covered}", names.of(course), classes.join("、"))
}

/// `12节 × 重复课0.90 × 实训分组1.40`
fn formula(line: &Line) -> String {
    let unit = if line.title.starts_with("实习指导") {
        "周·人"
    } else {
        "节"
    };
    let factors = line
        .factors
        .iter()
        .map(|(name, value)| format!(" × {name}{}", hundredths(*value)));
    format!("{}{unit}{}", line.periods, factors.collect::<String>())
}

/// Each date on which a line was taught leads to what was held that day.
fn dates(line: &Line, base: &Base) -> Markup {
    let Some(course) = line.course else {
        return html! { (line.dates.0) " 至 " (line.dates.1) };
    };
    let held = |day: &&crate::held::Day| {
        day.lessons.iter().any(|lesson| {
            let slot = &base.table.slots[lesson.slot];
            let covered = lesson.teacher != slot.teacher;
            slot.course == course && line.classes.contains(&slot.class) && covered == line.covered
        })
    };
    let class = line.classes.first().copied().unwrap_or_default();
    html! { @for day in base.days.iter().filter(held) {
        a href={ "/day?date=" (day.date) "&class=" (class) } { (day.date.format("%m-%d")) } " "
    } }
}

/// The statements of a month by teacher.
async fn states(scope: &Scope, month: &str) -> Result<HashMap<Uuid, (Uuid, String)>> {
    let sql = "select f_teacher, id, state from r_workload_statement where school_id = $1 and f_month = $2 and \
               void_reason is null";
    let rows = scope.db().all(sql, args![scope.school, month]).await?;
    rows.iter()
        .map(|row| Ok((row.at(0)?, (row.at(1)?, row.at(2)?))))
        .collect()
}

/// GET /workload/export.xlsx
pub async fn export(scope: Scope, Query(asked): Query<Asked>) -> Result<axum::response::Response> {
    load::need_timetable(&scope)?;
    let wanted = Wanted::of(&scope, &asked).await?;
    let seen = seen(&scope, &wanted).await?;
    let names = Names::load(&scope).await?;
    let totals = seen.rows.iter().map(|(_, name, load)| {
        vec![
            Cell::Text(name.clone()),
            Cell::Int(load.periods),
            Cell::Int(load.covered),
            Cell::Int(load.lost),
            Cell::Text(hundredths(load.weighted)),
        ]
    });
    let lines = seen.rows.iter().flat_map(|(_, name, load)| {
        load.lines.iter().map(|line| {
            vec![
                Cell::Text(name.clone()),
                Cell::Text(what(line, &names)),
                Cell::Int(line.lessons),
                Cell::Text(formula(line)),
                Cell::Text(hundredths(line.weighted)),
            ]
        })
    });
    let column = |heading: &&str| {
        let number = ["实际节数", "代课节数", "由他人代课", "次数"].contains(heading);
        Column::new(
            *heading,
            if number {
                print::Kind::Int
            } else {
                print::Kind::Text
            },
        )
    };
    let sheet = |name: &str, headings: &[&str], rows| Sheet {
        name: name.into(),
        title: Some(format!("{} 教学工作量（{}）", wanted.title(), seen.rule)),
        columns: headings.iter().map(column).collect(),
        rows,
    };
    let sheets = vec![
        sheet(
            "汇总",
            &["教师", "实际节数", "代课节数", "由他人代课", "折算工作量"],
            totals.collect(),
        ),
        sheet("明细", &["教师", "内容", "次数", "计算", "折算"], lines.collect()),
    ];
    let bytes = off_thread(move || print::xlsx_write(&sheets)).await?;
    Ok(download(
        &format!("教学工作量 {}.xlsx", wanted.month),
        XLSX,
        bytes,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_explains_itself() {
        let line = Line {
            course: None,
            classes: vec![],
            title: String::new(),
            covered: false,
            lessons: 6,
            periods: 12,
            factors: vec![("重复课", 90), ("实训分组", 140)],
            weighted: 1512,
            dates: Default::default(),
        };
        assert_eq!(formula(&line), "12节 × 重复课0.90 × 实训分组1.40");
    }
}
