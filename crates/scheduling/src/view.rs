//! The page 课表: the published week of a class, a teacher, a room or the whole school; print, Excel, calendar feed.
use crate::grid::{self, Week};
use crate::settings::{self, Settings};
use crate::week::{self, Day, Held, Whose};
use crate::{editor, facts, feed, pick};
use axum::extract::Query;
use axum::response::Response;
use calendar::Term;
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::{XLSX, download};
use kernel::page::{self, FilterBar, Icon, Input, Kind as Weight, Tone};
use kernel::register::web::off_thread;
use kernel::term;
use lessons::Names;
use lessons::held::{self, Slot, Timetable};
use maud::{Markup, html};
use print::{Cell, Column, Kind, Sheet};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/timetable";

/// What the page shows; all in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    term: String,
    #[serde(default)]
    week: String,
    /// `class`, `teacher`, `room` or `school`.
    #[serde(default)]
    by: String,
    #[serde(default)]
    of: String,
    /// Short for `by=class&of=…`.
    #[serde(default)]
    class: String,
    #[serde(default)]
    done: Option<String>,
}

/// What was asked for, read.
struct Shown {
    term_id: Uuid,
    term: Term,
    week: u8,
    by: &'static str,
    of: Option<Uuid>,
    name: String,
    choice: Vec<(String, String)>,
    table: Timetable,
    names: Names,
    days: Vec<Day>,
    settings: Settings,
}

fn key(slot: &Slot, by: &str) -> Uuid {
    match by {
        "teacher" => slot.teacher,
        "room" => slot.room,
        _ => slot.class,
    }
}

/// Everybody or everything that has a week: classes, teachers (those who stand in as well) or rooms.
fn subjects(table: &Timetable, names: &Names, by: &str) -> Vec<(String, String)> {
    let mut ids: BTreeSet<Uuid> = table.slots.iter().map(|slot| key(slot, by)).collect();
    if by == "teacher" {
        ids.extend(table.changes.iter().filter_map(|change| change.substitute));
    }
    let named: BTreeSet<(&str, Uuid)> = ids.into_iter().map(|id| (names.of(id), id)).collect();
    named
        .into_iter()
        .map(|(name, id)| (id.to_string(), name.to_owned()))
        .collect()
}

async fn shown(scope: &Scope, params: &Params) -> Result<Shown> {
    let (term_id, term) = facts::term_of(scope, pick::id(&params.term)).await?;
    let calendar = term::load(scope).await?;
    let settings = settings::load(scope, term_id).await?;
    let table = lessons::of_term(scope, &term, &calendar.days).await?;
    let names = Names::load(scope).await?;
    let running = term.week_of(scope.today()).unwrap_or(1);
    let week = match params.week.trim() {
        "" => running,
        text => text.parse().unwrap_or(0),
    };
    if week == 0 || week > term.weeks() {
        return Err(Error::Bad(format!(
            "本学期有 {} 周，没有第 {} 周",
            term.weeks(),
            params.week
        )));
    }
    let own = scope.actor.staff.filter(|staff| week::teaches(&table, *staff));
    let by = match params.by.as_str() {
        "class" => "class",
        "teacher" => "teacher",
        "room" => "room",
        "school" => "school",
        _ if own.is_some() && params.class.is_empty() => "teacher",
        _ => "class",
    };
    let choice = subjects(&table, &names, by);
    let asked = pick::id(&params.of).or_else(|| pick::id(&params.class));
    let mine = own.filter(|_| by == "teacher");
    let of = asked
        .or(mine)
        .or_else(|| choice.first().and_then(|first| pick::id(&first.0)))
        .filter(|_| by != "school");
    let name = of
        .and_then(|id| choice.iter().find(|one| one.0 == id.to_string()))
        .map_or_else(String::new, |one| one.1.clone());
    let whose = of.map(|id| match by {
        "teacher" => Whose::Teacher(id),
        "room" => Whose::Room(id),
        _ => Whose::Class(id),
    });
    let days = week::of(&table, &names, whose, week);
    Ok(Shown {
        term_id,
        term,
        week,
        by,
        of,
        name,
        choice,
        table,
        names,
        days,
        settings,
    })
}

impl Shown {
    fn title(&self) -> String {
        match self.by {
            "school" => format!("{} 第{}周 全校课表", self.term.name(), self.week),
            _ => format!("{} 第{}周 {}", self.term.name(), self.week, self.name),
        }
    }

    fn href(&self, at: &str, week: u8) -> String {
        let of = self.of.map(|id| id.to_string()).unwrap_or_default();
        format!(
            "{HERE}{at}?term={}&week={week}&by={}&of={of}",
            self.term_id, self.by
        )
    }

    /// The periods of a day: those of the settings, and later ones that lessons stand in.
    fn periods(&self) -> usize {
        let planned = self.table.slots.iter();
        let planned = planned.map(|slot| held::span(slot.period, slot.periods));
        let lessons = self.days.iter().flat_map(|day| &day.lessons);
        let last = planned
            .chain(lessons.map(|lesson| held::span(lesson.period, lesson.periods)))
            .map(|span| usize::from(*span.end()))
            .max()
            .unwrap_or(0);
        self.settings.grid().periods().max(last)
    }
}

fn head(day: &Day) -> Markup {
    html! {
        (calendar::weekday_name(day.date.weekday())) small { (day.date.format("%m-%d")) }
        @if !day.note.is_empty() { (page::badge(if day.off { Tone::Muted } else { Tone::Warn }, &day.note)) }
    }
}

fn rest<'a>(held: &'a Held, by: &str, classes: &'a str, teachers: &'a str) -> [&'a str; 3] {
    [
        if by == "class" && held.classes.len() < 2 {
            ""
        } else {
            classes
        },
        if by == "teacher" && held.teachers.len() < 2 {
            ""
        } else {
            teachers
        },
        if by == "room" { "" } else { &held.room },
    ]
}

/// GET /timetable
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let shown = shown(&scope, &params).await?;
    let (today, week) = (scope.today(), shown.week);
    let weeks: Vec<(String, String)> = (1..=shown.term.weeks())
        .map(|n| (n.to_string(), week_label(&shown.term, n)))
        .collect();
    let (of, number) = (
        shown.of.map(|id| id.to_string()).unwrap_or_default(),
        week.to_string(),
    );
    let label = match shown.by {
        "teacher" => "教师",
        "room" => "场所",
        _ => "班级",
    };
    let fields = html! {
        (pick::terms(&scope, shown.term_id).await?)
        (page::select(&Input { name: "week", label: "周次", value: &number, ..Input::default() }, &weeks, None))
        (page::select(&Input { name: "by", label: "查看", value: shown.by, ..Input::default() }, &[("class", "按班级"), ("teacher", "按教师"), ("room", "按场所、实训室"), ("school", "全校（A3）")], None))
        @if shown.by != "school" { (page::select(&Input { name: "of", label, value: &of, ..Input::default() }, &shown.choice, None)) }
    };
    let actions = html! {
        @if week > 1 { (page::link_button("上一周", &shown.href("", week - 1), None, Weight::Plain)) }
        @if week < shown.term.weeks() { (page::link_button("下一周", &shown.href("", week + 1), None, Weight::Plain)) }
        (page::link_button("Excel", &shown.href("/export.xlsx", week), Some(Icon::Download), Weight::Plain))
        (page::print_button())
    };
    let taught: u32 = shown
        .days
        .iter()
        .filter(|day| !day.off)
        .map(|day| {
            day.lessons
                .iter()
                .map(|held| u32::from(held.periods))
                .sum::<u32>()
        })
        .sum();
    let body = html! {
        (page::page_header(&shown.title(), &format!("{}，本周 {taught} 节。", week_label(&shown.term, week)), actions))
        (page::filter_bar(&FilterBar { action: HERE, fields: Some(fields), ..FilterBar::default() }))
        @if shown.table.slots.is_empty() {
            (page::empty("还没有发布课表", "教务处在“排课”里发布后，这里就有课表。", html! {}))
        } @else if shown.by == "school" { (school(&shown)) } @else { (draw(&scope, &shown, today).await?) }
        div.feed-box { (feed::panel(&scope).await?) }
    };
    frame::page(&scope, Frame::new("课表", HERE).done(params.done), body).await
}

/// `第12周（11-23至11-29）`
pub fn week_label(term: &Term, week: u8) -> String {
    match term.dates_of(week) {
        Some(dates) => format!(
            "第{week}周（{}至{}）",
            dates.start().format("%m-%d"),
            dates.end().format("%m-%d")
        ),
        None => format!("第{week}周"),
    }
}

async fn draw(scope: &Scope, shown: &Shown, today: NaiveDate) -> Result<Markup> {
    let heads = shown
        .days
        .iter()
        .map(|day| html! { span.today[day.date == today] { (head(day)) } })
        .collect();
    let periods = (0..shown.periods())
        .map(|p| {
            let start = shown.settings.start(p);
            html! { "第" (p + 1) "节" small { (start.get(..2).unwrap_or("")) ":" (start.get(2..).unwrap_or("")) } }
        })
        .collect();
    let mut week = Week::new(shown.title(), heads, periods);
    for (column, day) in shown.days.iter().enumerate() {
        for held in &day.lessons {
            let (classes, teachers) = (held.classes.join("、"), held.teachers.join("、"));
            for (n, period) in held::span(held.period, held.periods).enumerate() {
                let cell = grid::lesson(&held.course, &rest(held, shown.by, &classes, &teachers), n > 0);
                let note = (n == 0 && !held.note.is_empty()).then_some(held.note.as_str());
                week.add(column, usize::from(period) - 1, grid::noted(cell, note));
            }
        }
        for lost in &day.lost {
            let cell = grid::lost(&lost.course, &lost.note);
            week.add(column, usize::from(lost.period) - 1, cell);
        }
    }
    // What else is fixed in the week: class meetings, research meetings.
    if let Some(of) = shown.of.filter(|_| !shown.settings.closed.is_empty()) {
        let facts = facts::load(scope, &shown.term).await?;
        for closing in shown
            .settings
            .closed
            .iter()
            .filter(|one| editor::closing_concerns(&facts, one.of, shown.by, of))
        {
            for (column, _) in shown.days.iter().enumerate().filter(|(_, day)| {
                !day.off && day.date.weekday().num_days_from_monday() as usize == closing.day
            }) {
                for period in closing.from..=closing.to {
                    week.add(column, period, html! { div.lesson.fixed { (closing.reason) } });
                }
            }
        }
    }
    Ok(week.draw())
}

/// Cells of the whole school: by class, by day, by period.
fn of_school(shown: &Shown) -> Vec<(String, Vec<Vec<String>>)> {
    let periods = shown.periods();
    let mut rows: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for slot in &shown.table.slots {
        rows.entry(shown.names.of(slot.class))
            .or_insert_with(|| vec![vec![String::new(); periods]; shown.days.len()]);
    }
    for (column, day) in shown.days.iter().enumerate() {
        for held in &day.lessons {
            for class in &held.classes {
                for period in held::span(held.period, held.periods) {
                    let cell = rows
                        .get_mut(class.as_str())
                        .and_then(|cells| cells[column].get_mut(usize::from(period) - 1));
                    if let Some(cell) = cell {
                        if !cell.is_empty() {
                            cell.push('/');
                        }
                        cell.push_str(&format!("{} {}", held.course, held.teachers.join("、")));
                    }
                }
            }
        }
    }
    rows.into_iter()
        .map(|(name, cells)| (name.to_owned(), cells))
        .collect()
}

fn school(shown: &Shown) -> Markup {
    let periods = shown.periods();
    html! { div.timetable.whole-school { (page::table(
        &shown.title(),
        page::Narrow::Scroll,
        html! {
            tr { th scope="col" rowspan="2" { "班级" } @for day in &shown.days { th scope="colgroup" colspan=(periods) { (head(day)) } } }
            tr { @for _ in &shown.days { @for p in 0..periods { th scope="col" { (p + 1) } } } }
        },
        html! { @for (class, days) in of_school(shown) { tr {
            th scope="row" { (class) }
            @for cells in days { @for cell in cells { td { (cell) } } }
        } } },
    )) } }
}

fn column(heading: String, width: f64) -> Column {
    Column {
        width,
        ..Column::new(heading, Kind::Text)
    }
}

fn text(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

/// GET /timetable/export.xlsx
pub async fn export(scope: Scope, Query(params): Query<Params>) -> Result<Response> {
    let shown = shown(&scope, &params).await?;
    let periods = shown.periods();
    let day_name = |day: &Day| {
        let note = if day.note.is_empty() {
            String::new()
        } else {
            format!("（{}）", day.note)
        };
        format!(
            "{} {}{note}",
            calendar::weekday_name(day.date.weekday()),
            day.date.format("%m-%d")
        )
    };
    let (columns, rows) = match shown.by {
        "school" => {
            let mut columns = vec![column("班级".into(), 24.0)];
            for day in &shown.days {
                columns.extend((1..=periods).map(|p| column(format!("{} 第{p}节", day_name(day)), 16.0)));
            }
            let rows = of_school(&shown).into_iter().map(|(class, days)| {
                let mut row = vec![text(&class)];
                row.extend(days.iter().flatten().map(|cell| text(cell)));
                row
            });
            (columns, rows.collect())
        }
        _ => {
            let mut columns = vec![column("节次".into(), 10.0)];
            columns.extend(shown.days.iter().map(|day| column(day_name(day), 26.0)));
            let rows = (0..periods).map(|p| {
                let mut row = vec![text(&format!("第{}节", p + 1))];
                for day in &shown.days {
                    let now = day.lessons.iter().filter(|held| {
                        let span = held::span(held.period, held.periods);
                        span.map(usize::from).any(|period| period == p + 1)
                    });
                    let words: Vec<String> = now
                        .map(|held| {
                            let (classes, teachers) = (held.classes.join("、"), held.teachers.join("、"));
                            let rest = rest(held, shown.by, &classes, &teachers);
                            let rest: Vec<&str> = rest.into_iter().filter(|text| !text.is_empty()).collect();
                            let rest = rest.join(" ");
                            let words = [held.course.as_str(), &rest, &held.note];
                            words
                                .iter()
                                .filter(|text| !text.is_empty())
                                .copied()
                                .collect::<Vec<_>>()
                                .join(" ")
                        })
                        .collect();
                    row.push(text(&words.join("/")));
                }
                row
            });
            (columns, rows.collect())
        }
    };
    let title = shown.title();
    let sheet = Sheet {
        name: "课表".into(),
        title: Some(title.clone()),
        columns,
        rows,
    };
    let bytes = off_thread(move || print::xlsx_write(&[sheet])).await?;
    Ok(download(&format!("{title}.xlsx"), XLSX, bytes))
}
