//! `/day`: what is really held on a date (当日课表), by class, teacher or room.
use crate::held::{Day, Lesson, Timetable};
use crate::load::{self, Names};
use crate::words;
use axum::extract::Query;
use calendar::DayKind;
use chrono::{Days, NaiveDate};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::page::{self, FilterBar, Input, Kind, Narrow, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/day";

/// What the page is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    date: Option<String>,
    class: Option<String>,
    teacher: Option<String>,
    room: Option<String>,
}

struct Wanted {
    date: NaiveDate,
    class: Option<Uuid>,
    teacher: Option<Uuid>,
    room: Option<Uuid>,
}

impl Wanted {
    fn of(scope: &Scope, asked: &Asked) -> Result<Wanted> {
        let id = |value: &Option<String>| match value.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| Error::NotFound),
        };
        let date = match asked.date.as_deref().map(str::trim) {
            None | Some("") => scope.today(),
            Some(text) => text
                .parse()
                .map_err(|_| Error::Bad("日期请写成 2026-11-23 的样子".into()))?,
        };
        Ok(Wanted {
            date,
            class: id(&asked.class)?,
            teacher: id(&asked.teacher)?,
            room: id(&asked.room)?,
        })
    }

    fn chosen(&self) -> usize {
        [self.class, self.teacher, self.room].iter().flatten().count()
    }

    fn address(&self, date: NaiveDate) -> String {
        let mut address = format!("{HERE}?date={date}");
        for (name, id) in [
            ("class", self.class),
            ("teacher", self.teacher),
            ("room", self.room),
        ] {
            if let Some(id) = id {
                address.push_str(&format!("&{name}={id}"));
            }
        }
        address
    }
}

/// GET /day
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    load::need_timetable(&scope)?;
    let mut wanted = Wanted::of(&scope, &asked)?;
    let table = load::timetable(&scope, wanted.date).await?;
    let names = Names::load(&scope).await?;
    // Whoever teaches comes for their own lessons.
    let own = scope
        .actor
        .staff
        .filter(|staff| table.slots.iter().any(|slot| slot.teacher == *staff));
    if wanted.chosen() == 0 && asked.teacher.is_none() {
        wanted.teacher = own;
    }
    let day = table.on(wanted.date);
    let [before, after] = [wanted.date - Days::new(1), wanted.date + Days::new(1)];
    let body = html! {
        (page::page_header("当日课表", "这一天实际要上的课：调休按所替的星期上课，调代课和考试、活动安排已计入。", html! {
            (page::link_button("前一天", &wanted.address(before), None, Kind::Plain))
            (page::link_button("后一天", &wanted.address(after), None, Kind::Plain))
            (page::print_button())
        }))
        (filters(&wanted, &names))
        (page::callout(tone(&day), &heading(&day), html! { p { (note(&day)) } }))
        @if wanted.chosen() > 0 { (lessons(&wanted, &table, &day, &names)) }
        (changes(&wanted, &table, &day, &names))
    };
    frame::page(&scope, Frame::new("当日课表", HERE), body).await
}

fn filters(wanted: &Wanted, names: &Names) -> Markup {
    let date = wanted.date.to_string();
    let pick = |name: &'static str, label: &'static str, id: Option<Uuid>| {
        let value = id.map(|id| id.to_string()).unwrap_or_default();
        let shown = id.map_or("", |id| names.of(id));
        let url = format!("/r/{}/pick", if name == "teacher" { "staff" } else { name });
        let input = Input {
            name,
            label,
            value: &value,
            ..Input::default()
        };
        page::reference(&input, &url, shown)
    };
    let fields = html! {
        (page::date(&Input { name: "date", label: "日期", value: &date, ..Input::default() }))
        (pick("class", "班级", wanted.class))
        (pick("teacher", "教师", wanted.teacher))
        (pick("room", "场所", wanted.room))
    };
    page::filter_bar(&FilterBar {
        action: HERE,
        fields: Some(fields),
        active: wanted.chosen(),
        ..FilterBar::default()
    })
}

fn heading(day: &Day) -> String {
    match day.week {
        Some(week) => format!("{} 第{week}周", words::day(day.date)),
        None => words::day(day.date),
    }
}

fn tone(day: &Day) -> Tone {
    match day.kind {
        DayKind::Teaching { .. } => Tone::Info,
        DayKind::Makeup { .. } => Tone::Warn,
        _ => Tone::Muted,
    }
}

fn note(day: &Day) -> String {
    let kind = match &day.kind {
        DayKind::Teaching { .. } => "教学日".to_owned(),
        DayKind::Weekend => "周末".into(),
        DayKind::Holiday { name } => format!("{name}放假"),
        DayKind::Makeup {
            name,
            stands_for: Some(weekday),
        } => format!("{name}调休上班，按{}的课表上课", calendar::weekday_name(*weekday)),
        DayKind::Makeup { name, .. } => {
            format!("{name}调休上班，还没有定按星期几的课表上课，请教务处在校历里设置")
        }
        DayKind::Outside => "不在学期内".into(),
    };
    format!(
        "{kind}。全校上课{}次，不按课表的{}次。",
        day.lessons.len(),
        day.missing.len()
            + day
                .lessons
                .iter()
                .filter(|lesson| lesson.change.is_some())
                .count()
    )
}

fn lessons(wanted: &Wanted, table: &Timetable, day: &Day, names: &Names) -> Markup {
    let fits = |lesson: &&Lesson| {
        wanted.class.is_none_or(|id| table.slots[lesson.slot].class == id)
            && wanted.teacher.is_none_or(|id| lesson.teacher == id)
            && wanted.room.is_none_or(|id| lesson.room == id)
    };
    let found: Vec<&Lesson> = day.lessons.iter().filter(fits).collect();
    let whose: Vec<&str> = [wanted.class, wanted.teacher, wanted.room]
        .into_iter()
        .flatten()
        .map(|id| names.of(id))
        .collect();
    let title = format!("{} 的课", whose.join(" "));
    if found.is_empty() {
        return page::empty(&title, "这一天没有课。", html! {});
    }
    let head = html! { tr { (page::th("节次")) (page::th("课程")) (page::th("班级")) (page::th("教师")) (page::th("地点")) (page::th("说明")) } };
    let body = html! { @for lesson in &found {
        @let slot = &table.slots[lesson.slot];
        @let how = words::how(lesson, slot, names);
        tr {
            (page::td_date("节次", html! { (words::periods(lesson.period, lesson.periods)) }))
            (page::td("课程", html! { (names.of(slot.course)) }))
            (page::td("班级", html! { a href={ (HERE) "?date=" (day.date) "&class=" (slot.class) } { (names.of(slot.class)) } }))
            (page::td("教师", html! { a href={ (HERE) "?date=" (day.date) "&teacher=" (lesson.teacher) } { (names.of(lesson.teacher)) } }))
            (page::td("地点", html! { (names.of(lesson.room)) }))
            (page::td("说明", html! { @if how.is_empty() { "—" } @else { (page::badge(Tone::Warn, &how)) } }))
        }
    } };
    page::flush_panel(
        &title,
        page::badge(Tone::Info, &format!("{}次", found.len())),
        page::table(&title, Narrow::Cards, head, body),
    )
}

/// Everything that differs from the timetable; for the chosen class or teacher when there is one.
fn changes(wanted: &Wanted, table: &Timetable, day: &Day, names: &Names) -> Markup {
    let concerned = |slot: usize, teacher: Uuid| {
        let slot = &table.slots[slot];
        wanted.class.is_none_or(|id| slot.class == id)
            && wanted
                .teacher
                .is_none_or(|id| teacher == id || slot.teacher == id)
    };
    let moved: Vec<&Lesson> = day
        .lessons
        .iter()
        .filter(|lesson| lesson.change.is_some() && concerned(lesson.slot, lesson.teacher))
        .collect();
    let missing: Vec<_> = day
        .missing
        .iter()
        .filter(|missing| concerned(missing.slot, table.slots[missing.slot].teacher))
        .collect();
    let clashes = day.clashes(&table.slots);
    let head = html! { tr { (page::th("节次")) (page::th("课")) (page::th("教师")) (page::th("变动")) } };
    let body = html! {
        @for lesson in &moved {
            @let slot = &table.slots[lesson.slot];
            tr {
                (page::td_date("节次", html! { (words::periods(lesson.period, lesson.periods)) }))
                (page::td("课", html! { (words::lesson(slot, names)) }))
                (page::td("教师", html! { (names.of(lesson.teacher)) }))
                (page::td("变动", html! { (words::how(lesson, slot, names)) }))
            }
        }
        @for missing in &missing {
            @let slot = &table.slots[missing.slot];
            tr {
                (page::td_date("节次", html! { (words::periods(slot.period, slot.periods)) }))
                (page::td("课", html! { (words::lesson(slot, names)) }))
                (page::td("教师", html! { (names.of(slot.teacher)) }))
                (page::td("变动", html! { (words::why(&missing.why, table)) }))
            }
        }
    };
    let count = moved.len() + missing.len();
    html! {
        @if !clashes.is_empty() {
            (page::callout(Tone::Bad, "有冲突", html! { ul {
                @for (one, other) in clashes.iter().take(10) {
                    @let [a, b] = [&day.lessons[*one], &day.lessons[*other]];
                    li { (words::periods(a.period, a.periods)) "：" (words::lesson(&table.slots[a.slot], names)) "（" (names.of(a.teacher)) "）与" (words::lesson(&table.slots[b.slot], names)) "（" (names.of(b.teacher)) "）" }
                }
            } }))
        }
        @if count == 0 { (page::empty("没有变动", "这一天按课表上课。", html! {})) }
        @else { (page::flush_panel("当天变动", page::badge(Tone::Warn, &count.to_string()), page::table("当天变动", Narrow::Cards, head, body))) }
    }
}
