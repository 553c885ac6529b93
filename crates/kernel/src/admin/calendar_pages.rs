//! Terms, holidays and make-up days (校历与学期).
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Input, Kind, Narrow, Tone};
use crate::term::{self, Calendar};
use axum::Form;
use axum::extract::{Multipart, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::{DayKind, DayTable, Half, SchoolYear, SpecialKind, Term};
use chrono::{Datelike, NaiveDate, Weekday};
use maud::{Markup, html};
use serde::Deserialize;

const HERE: &str = "/calendar";

#[derive(Deserialize)]
pub struct Params {
    term: Option<uuid::Uuid>,
    done: Option<String>,
}

/// GET /calendar
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    show(&scope, params, None).await
}

async fn show(scope: &Scope, params: Params, error: Option<&Error>) -> Result<Markup> {
    let calendar = term::load(scope).await?;
    let keeper = scope.actor.holds(&["admin", "teaching-office", "office"]);
    let chosen = match params.term {
        Some(id) => calendar.terms.iter().find(|(known, _)| *known == id),
        None => calendar.term_at(scope.today()),
    };
    let terms: Vec<(String, String)> = calendar
        .terms
        .iter()
        .rev()
        .map(|(id, term)| (id.to_string(), term.name()))
        .collect();
    let body = html! {
        (page::page_header("校历与学期", "周次、法定节假日和调休上班日；所有“每周、每月”的例行工作按它推算。", html! { (page::print_button()) }))
        @if let Some(error) = error { (page::callout(Tone::Bad, "没有保存", html! { p { (error.to_string()) } })) }
        @match chosen {
            Some((id, term)) => {
                @if terms.len() > 1 {
                    form.filters method="get" action=(HERE) data-autosubmit="" {
                        (page::select(&Input { name: "term", label: "学期", value: &id.to_string(), ..Input::default() }, &terms, None))
                    }
                }
                @if let Some(note) = calendar.days.provisional_note(term) { (page::callout(Tone::Warn, "放假安排待定", html! { p { (note) } })) }
                (grid(&calendar, term, scope.today()))
                @if keeper { (makeup_panel(&calendar, term)) }
            }
            None => (page::empty("还没有学期", "先设置一个学期，例行工作才能推算。", html! {})),
        }
        @if keeper { (keeper_panels()) }
    };
    frame::page(scope, Frame::new("校历与学期", HERE).done(params.done), body).await
}

fn grid(calendar: &Calendar, term: &Term, today: NaiveDate) -> Markup {
    let head = html! { tr { (page::th("周次")) @for day in ["一", "二", "三", "四", "五", "六", "日"] { (page::th(day)) } (page::th("说明")) } };
    let rows = html! {
        @for week in 1..=term.weeks() {
            @let dates: Vec<NaiveDate> = term.dates_of(week).map(|range| range.start().iter_days().take(7).collect()).unwrap_or_default();
            @let notes: Vec<String> = dates.iter().filter_map(|d| note(calendar, term, *d)).collect();
            tr {
                td { "第" (week) "周" @if week % 2 == 1 { " 单" } @else { " 双" } }
                @for date in &dates {
                    @let kind = calendar.days.kind_of(term, *date);
                    @let tone = match kind { DayKind::Holiday { .. } => Tone::Late, DayKind::Makeup { .. } => Tone::Warn, DayKind::Weekend => Tone::Muted, _ => Tone::Info };
                    td aria-current=[(*date == today).then_some("date")] {
                        @if date.day() == 1 || *date == term.start() { (date.month()) "/" }
                        @match kind {
                            DayKind::Teaching { .. } => { @if *date == today { strong { (date.day()) } } @else { (date.day()) } }
                            _ => (page::badge(tone, &date.day().to_string())),
                        }
                    }
                }
                td { (notes.join("；")) }
            }
        }
    };
    page::flush_panel(
        &term.name(),
        html! { (term.start()) " 至 " (term.end()) },
        page::table("校历", Narrow::Scroll, head, rows),
    )
}

fn note(calendar: &Calendar, term: &Term, date: NaiveDate) -> Option<String> {
    match calendar.days.kind_of(term, date) {
        DayKind::Holiday { name } => {
            let yesterday = calendar.days.holiday_name(date - chrono::Days::new(1));
            (yesterday != Some(name.as_str()) || date.weekday() == Weekday::Mon)
                .then(|| format!("{}月{}日起 {name}", date.month(), date.day()))
        }
        DayKind::Makeup { stands_for, .. } => Some(match stands_for {
            Some(day) => format!(
                "{}月{}日上班，上{}的课",
                date.month(),
                date.day(),
                calendar::weekday_name(day)
            ),
            None => format!("{}月{}日上班，课表待定", date.month(), date.day()),
        }),
        _ => None,
    }
}

fn makeup_panel(calendar: &Calendar, term: &Term) -> Markup {
    let days: Vec<(NaiveDate, Option<Weekday>)> = calendar
        .days
        .iter()
        .filter(|(date, day)| day.kind == SpecialKind::Work && term.contains(*date))
        .map(|(date, day)| (date, day.stands_for))
        .collect();
    let weekdays = [
        ("1", "星期一"),
        ("2", "星期二"),
        ("3", "星期三"),
        ("4", "星期四"),
        ("5", "星期五"),
        ("6", "星期六"),
        ("7", "星期日"),
    ];
    html! {
        @if !days.is_empty() {
            (page::panel("调休上班日按星期几上课", html! {}, html! {
                @for (date, stands_for) in &days {
                    form.filters method="post" action="/calendar/makeup" data-autosubmit="" {
                        input type="hidden" name="day" value=(date);
                        @let now = stands_for.map(|d| d.number_from_monday().to_string()).unwrap_or_default();
                        (page::select(&Input { name: "weekday", label: &format!("{date} {}", calendar::weekday_name(date.weekday())), value: &now, form: &date.to_string(), ..Input::default() }, &weekdays, Some("未定")))
                        (page::submit("保存", Kind::Quiet))
                    }
                }
            }))
        }
    }
}

fn keeper_panels() -> Markup {
    html! {
        (page::panel("设置学期", html! {}, page::record_form("/calendar/terms", false, page::form_grid(html! {
            (page::number(&Input { name: "year", label: "学年（起始年份）", required: true, placeholder: Some("2026 表示 2026—2027 学年"), ..Input::default() }, Default::default()))
            (page::select(&Input { name: "half", label: "学期", required: true, ..Input::default() }, &[("autumn", "第一学期"), ("spring", "第二学期")], None))
            (page::date(&Input { name: "start_on", label: "第一周星期一", required: true, ..Input::default() }))
            (page::number(&Input { name: "weeks", label: "周数", value: "20", required: true, ..Input::default() }, Default::default()))
        }), page::submit("保存学期", Kind::Primary))))
        (page::panel("导入放假安排", html! {}, page::record_form("/calendar/days", true, html! {
            p { "国务院办公厅每年公布后导入：CSV（UTF-8），列为 日期,类型,名称,按星期几上课；类型填 放假、调休 或 上班。2023—2026 年已内置。" }
            (page::file(&Input { name: "file", label: "文件", required: true, ..Input::default() }, ".csv,.json"))
        }, page::submit("导入", Kind::Plain))))
    }
}

#[derive(Deserialize)]
pub struct TermForm {
    year: i32,
    half: String,
    start_on: String,
    weeks: u8,
}

fn done(text: &str) -> Redirect {
    Redirect::to(&format!("{HERE}?done={}", escape(text)))
}

async fn refused(scope: &Scope, error: Error) -> Result<Response> {
    let page = show(
        scope,
        Params {
            term: None,
            done: None,
        },
        Some(&error),
    )
    .await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// POST /calendar/terms
pub async fn add_term(scope: Scope, Form(form): Form<TermForm>) -> Result<Response> {
    let half = if form.half == "spring" {
        Half::Spring
    } else {
        Half::Autumn
    };
    let made = async {
        let start =
            crate::register::values::date(&form.start_on).map_err(|why| Error::invalid("start_on", why))?;
        let term = Term::new(SchoolYear(form.year), half, start, form.weeks)
            .map_err(|error| Error::invalid("start_on", error.to_string()))?;
        term::add_term(&scope, &term).await
    };
    match made.await {
        Ok(_) => Ok(done("学期已保存").into_response()),
        Err(error @ Error::Invalid(_)) => refused(&scope, error).await,
        Err(error) => Err(error),
    }
}

/// POST /calendar/days
pub async fn import_days(scope: Scope, mut form: Multipart) -> Result<Response> {
    let mut text = String::new();
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            let bytes = field
                .bytes()
                .await
                .map_err(|_| Error::Bad("文件没有传完，请重试".into()))?;
            text = String::from_utf8(bytes.to_vec())
                .map_err(|_| Error::Bad("文件不是 UTF-8 编码，请另存为 UTF-8 CSV".into()))?;
        }
    }
    let read = if text.trim_start().starts_with(['{', '[']) {
        DayTable::from_json(&text)
    } else {
        DayTable::from_csv(&text)
    };
    match read {
        Ok(days) => {
            let count = term::set_days(&scope, &days, "导入放假安排").await?;
            Ok(done(&format!("已导入 {count} 天")).into_response())
        }
        Err(error) => refused(&scope, Error::invalid("file", error.to_string())).await,
    }
}

#[derive(Deserialize)]
pub struct MakeupForm {
    day: String,
    weekday: String,
}

/// POST /calendar/makeup
pub async fn set_makeup(scope: Scope, Form(form): Form<MakeupForm>) -> Result<Redirect> {
    let day = crate::register::values::date(&form.day).map_err(|why| Error::invalid("day", why))?;
    let calendar = term::load(&scope).await?;
    let Some(special) = calendar.days.get(day).filter(|d| d.kind == SpecialKind::Work) else {
        return Err(Error::invalid("day", "这一天不是调休上班日"));
    };
    let number: Option<u8> = form.weekday.parse().ok().filter(|n| (1..=7).contains(n));
    let mut changed = special.clone();
    changed.stands_for = number.and_then(|n| Weekday::try_from(n - 1).ok());
    changed.derived = false;
    let mut days = DayTable::default();
    days.set(day, changed);
    term::set_days(&scope, &days, "设置调休课表").await?;
    Ok(done("调休上班日已保存"))
}
