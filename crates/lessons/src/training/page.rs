//! `/training-use`: today's lessons in training rooms, logged in two taps, and how the rooms are used by week.
use super::read::{self, Room};
use super::usage::{Use, log_of, uses};
use crate::held::{Lesson, Timetable};
use crate::load::{self, Names};
use crate::words;
use axum::extract::{Form, Query};
use axum::response::Redirect;
use chrono::NaiveDate;
use kernel::access;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, FilterBar, Input, Kind, Narrow, Tone};
use kernel::register::Register;
use kernel::register::field::{LongText, Ref};
use kernel::register::store::{self, Draft};
use maud::{Markup, html};
use people::roles::{DEPARTMENT_HEAD, TRAINING_OFFICE};
use serde::Deserialize;
use teaching::{LogState, LogUse, TrainingLog};
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/training-use";
/// Weeks shown.
const WEEKS: u8 = 6;

/// What the page is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    date: Option<String>,
    done: Option<String>,
}

/// A date of the address; today when there is none.
pub fn date_of(scope: &Scope, text: Option<&str>) -> Result<NaiveDate> {
    match text.map(str::trim) {
        None | Some("") => Ok(scope.today()),
        Some(text) => text
            .parse()
            .map_err(|_| Error::Bad("日期请写成 2026-11-23 的样子".into())),
    }
}

/// GET /training-use
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    load::need_timetable(&scope)?;
    let date = date_of(&scope, asked.date.as_deref())?;
    let table = load::timetable(&scope, date).await?;
    let names = Names::load(&scope).await?;
    let rooms = read::rooms(&scope).await?;
    let places = read::by_place(&rooms);
    let logs = read::logs(&scope, table.term.start(), table.term.end()).await?;
    let day = table.on(date);
    let all = scope.actor.holds(&[TRAINING_OFFICE, DEPARTMENT_HEAD]);
    let mine = |lesson: &&Lesson| all || Some(lesson.teacher) == scope.actor.staff;
    let inside = day
        .lessons
        .iter()
        .filter(|lesson| places.contains_key(&lesson.room));
    let lessons: Vec<&Lesson> = inside.filter(mine).collect();
    let text = date.to_string();
    let fields = page::date(&Input {
        name: "date",
        label: "日期",
        value: &text,
        ..Input::default()
    });
    let body = html! {
        (page::page_header("实训使用", "当天课表里在实训室上的课：上完点“已上课”，设备正常就不用再填；有故障的选设备情况、写一句说明。", html! {
            (page::link_button("周报月报", "/training-use/report", None, Kind::Plain))
            (page::link_button("使用记录", "/r/training_log", None, Kind::Plain))
        }))
        (page::filter_bar(&FilterBar { action: HERE, fields: Some(fields), ..FilterBar::default() }))
        @if lessons.is_empty() { (page::empty(&words::day(date), "这一天没有要您登记的实训课。", html! {})) }
        @for lesson in &lessons {
            @let room = places[&lesson.room];
            @let slot = &table.slots[lesson.slot];
            @let title = format!("{} {}", words::periods(lesson.period, lesson.periods), words::lesson(slot, &names));
            @let place = html! { small { (names.of(lesson.room)) " " (names.of(lesson.teacher)) } };
            @match log_of(&logs, room, lesson) {
                Some(log) => (page::panel(&title, place, html! { (page::badge(Tone::Ok, "已登记")) " " a href={ "/r/training_log/" (log.id) } { "实到" (log.present) "人" } })),
                None if date > scope.today() => (page::panel(&title, place, html! { (page::badge(Tone::Muted, "还没上课")) })),
                None => (page::panel(&title, place, log_form(lesson, slot.id, slot.students))),
            }
        }
        (rates(&scope, &table, &rooms, &logs))
    };
    frame::page(&scope, Frame::new("实训使用", HERE).done(asked.done), body).await
}

fn log_form(lesson: &Lesson, slot: Uuid, students: i64) -> Markup {
    let form = format!("{slot}-{}-", lesson.period);
    let students = students.to_string();
    let input = |name, label, value| Input {
        name,
        label,
        value,
        form: &form,
        ..Input::default()
    };
    html! {
        form method="post" action=(HERE) {
            input type="hidden" name="slot" value=(slot);
            input type="hidden" name="date" value=(lesson.on);
            input type="hidden" name="period" value=(lesson.period);
            div.actions { (page::submit_as("已上课，设备正常", "state", "good", Kind::Primary)) }
            details {
                summary { "人数不齐、设备有故障" }
                div.form-grid {
                    (page::number(&input("present", "实到人数", &students), page::Bounds { min: Some("1"), max: Some("500"), step: Some("1"), unit: Some("人") }))
                    (page::text(&Input { max_length: Some(300), ..input("remark", "情况说明", "") }))
                }
                div.actions {
                    (page::submit_as("已上课，小故障已排除", "state", "minor", Kind::Plain))
                    (page::submit_as("已上课，设备停用待修", "state", "broken", Kind::Plain))
                }
            }
        }
    }
}

/// The form of a log.
#[derive(Deserialize)]
pub struct Tapped {
    slot: Uuid,
    date: NaiveDate,
    period: u8,
    state: String,
    present: Option<String>,
    remark: Option<String>,
}

/// POST /training-use: the log of one lesson.
pub async fn tap(scope: Scope, Form(tapped): Form<Tapped>) -> Result<Redirect> {
    load::need_timetable(&scope)?;
    let spec = scope.register("training_log")?;
    if access::writable(&scope.actor, spec) == access::Rows::None {
        return Err(Error::Forbidden("登记实训使用".into()));
    }
    let table = load::timetable(&scope, tapped.date).await?;
    let day = table.on(tapped.date);
    let lesson = day
        .lessons
        .iter()
        .find(|lesson| table.slots[lesson.slot].id == tapped.slot && lesson.period == tapped.period);
    let lesson = lesson.ok_or_else(|| Error::Conflict("这节课已经调走或停课，请刷新页面".into()))?;
    let slot = &table.slots[lesson.slot];
    let places = read::by_place(&read::rooms(&scope).await?);
    let room = places.get(&lesson.room).ok_or(Error::NotFound)?;
    let present = match tapped.present.as_deref().map(str::trim) {
        None | Some("") => slot.students,
        Some(text) => text
            .parse()
            .map_err(|_| Error::invalid("present", "实到人数请写整数"))?,
    };
    let machines = match tapped.state.as_str() {
        "good" => LogState::Good,
        "minor" => LogState::Minor,
        "broken" => LogState::Broken,
        _ => return Err(Error::invalid("state", "请选择设备情况")),
    };
    let remark = tapped.remark.filter(|text| !text.trim().is_empty());
    let record = TrainingLog {
        room: Ref::new(*room),
        used_on: tapped.date,
        period: lesson.period.into(),
        periods: lesson.periods.into(),
        usage: LogUse::Lesson,
        class: Some(Ref::new(slot.class)),
        project: None,
        teacher: Ref::new(lesson.teacher),
        present,
        briefed: true,
        tidied: true,
        machines,
        remark: remark.map(LongText),
        student_lessons: None,
    };
    store::create(&scope, spec, Draft::new(record.to_values())).await?;
    let done = escape("已登记");
    Ok(Redirect::to(&format!("{HERE}?date={}&done={done}", tapped.date)))
}

/// Usage of each room in the last weeks.
fn rates(scope: &Scope, table: &Timetable, rooms: &[Room], logs: &[super::usage::Logged]) -> Markup {
    let today = scope.today().min(table.term.end());
    let Some(now) = table.term.week_of(today) else {
        return html! {};
    };
    let weeks: Vec<u8> = (now.saturating_sub(WEEKS - 1).max(1)..=now).collect();
    let places = read::by_place(rooms);
    let by_week: Vec<_> = weeks
        .iter()
        .filter_map(|week| table.term.dates_of(*week))
        .map(|dates| uses(table, (*dates.start(), (*dates.end()).min(today)), &places, logs))
        .collect();
    let percent = |one: &Use| one.rate().map_or("—".to_owned(), |rate| format!("{rate}%"));
    let head = html! { tr {
        (page::th("实训室"))
        @for week in &weeks { (page::th_num(&format!("第{week}周"))) }
        (page::th_num("合计")) (page::th_num("应登记")) (page::th_num("已登记"))
    } };
    let body = html! { @for room in rooms {
        @let each: Vec<Use> = by_week.iter().map(|week| week.get(&room.id).copied().unwrap_or_default()).collect();
        @let sum = each.iter().fold(Use::default(), |sum, one| sum.and(*one));
        tr {
            (page::td("实训室", html! { a href={ "/r/training_room/" (room.id) } { (room.name) } }))
            @for (week, one) in weeks.iter().zip(&each) { (page::td_num(&format!("第{week}周"), percent(one))) }
            (page::td_num("合计", percent(&sum)))
            (page::td_num("应登记", sum.planned))
            (page::td_num("已登记", sum.logged))
        }
    } };
    let note = html! { small { "使用率＝登记的节数 ÷ 教学日每天8节" } };
    page::flush_panel(
        "实训室使用率",
        note,
        page::table("实训室使用率", Narrow::Cards, head, body),
    )
}
