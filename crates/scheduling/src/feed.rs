//! A person's timetable as a calendar feed (iCalendar): an address with a secret, revocable at any time.
use crate::settings::Settings;
use crate::week::{self, Held, Whose};
use crate::{facts, pick, settings, view};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use kernel::app::{App, Scope};
use kernel::clock::instant_at;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::journal::{self, Entry};
use kernel::page::{self, Kind as Weight};
use kernel::{args, auth, term};
use lessons::held::{self, Timetable};
use lessons::{Names, words};
use maud::{Markup, html};
use std::sync::Arc;
use uuid::Uuid;

/// The box below the timetable: whether the person has a feed.
pub async fn panel(scope: &Scope) -> Result<Markup> {
    let Some(staff) = scope.actor.staff else {
        return Ok(html! {});
    };
    let sql =
        "select count(*) from timetable_feed where school_id = $1 and staff_id = $2 and revoked_at is null";
    let count: i64 = scope.db().one(sql, args![scope.school, staff]).await?.at(0)?;
    Ok(page::panel(
        "手机日历订阅",
        html! {},
        html! {
            p { "把自己的课表订阅到手机或电脑的日历里，课表变了日历自动更新。地址相当于钥匙，只给自己用。" }
            (page::post_button(if count > 0 { "更换订阅地址" } else { "生成订阅地址" }, "/timetable/feed", Weight::Plain))
            @if count > 0 { " " (page::post_button("停用订阅", "/timetable/feed/revoke", Weight::Quiet)) }
        },
    ))
}

fn own(scope: &Scope) -> Result<Uuid> {
    let missing = || Error::Bad("您的账号没有关联教职工，没有个人课表".into());
    scope.actor.staff.ok_or_else(missing)
}

async fn revoke_all(tx: &kernel::db::Db, scope: &Scope, staff: Uuid) -> Result<u64> {
    let sql = "update timetable_feed set revoked_at = $3 where school_id = $1 and staff_id = $2 and revoked_at is null";
    tx.run(sql, args![scope.school, staff, scope.now()]).await
}

async fn note(tx: &kernel::db::Db, scope: &Scope, staff: Uuid, action: &str) -> Result<()> {
    let entry = Entry {
        register: "timetable".into(),
        record: staff,
        version: 1,
        action: action.into(),
        before: None,
        after: None,
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await
}

/// POST /timetable/feed: a new address; the old one ends. It is shown once, only its digest is kept.
pub async fn make(scope: Scope) -> Result<Markup> {
    let staff = own(&scope)?;
    let secret = format!("{}-{}", scope.school, auth::random_hex(20));
    let tx = scope.db().begin().await?;
    revoke_all(&tx, &scope, staff).await?;
    tx.run(
        "insert into timetable_feed (school_id, id, staff_id, digest, created_at) values ($1, $2, $3, $4, $5)",
        args![scope.school, Uuid::now_v7(), staff, auth::digest(&secret), scope.now()],
    )
    .await?;
    note(&tx, &scope, staff, "生成日历订阅").await?;
    tx.commit().await?;
    let address = format!("/timetable/ical/{secret}.ics");
    let body = html! {
        (page::page_header("日历订阅地址", "请现在复制保存：地址只显示这一次，丢失了可以随时更换。", html! {}))
        (page::panel("地址", html! {}, html! {
            p.feed-address { a href=(address) { (address) } }
            p { "在手机“日历—添加订阅日历”里填写本系统的网址加上面的地址。" }
            (page::link_button("回到课表", view::HERE, None, Weight::Plain))
        }))
    };
    frame::page(
        &scope,
        Frame::new("日历订阅", view::HERE).crumb("课表", view::HERE),
        body,
    )
    .await
}

/// POST /timetable/feed/revoke
pub async fn revoke(scope: Scope) -> Result<Redirect> {
    let staff = own(&scope)?;
    let tx = scope.db().begin().await?;
    revoke_all(&tx, &scope, staff).await?;
    note(&tx, &scope, staff, "停用日历订阅").await?;
    tx.commit().await?;
    Ok(Redirect::to(&pick::done(view::HERE, "已停用日历订阅")))
}

/// GET /timetable/ical/{file}, for whoever has the secret.
pub async fn serve(State(app): State<Arc<App>>, Path(file): Path<String>) -> Result<Response> {
    let secret = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let school: i64 = secret
        .split_once('-')
        .and_then(|(school, _)| school.parse().ok())
        .ok_or(Error::NotFound)?;
    let scope = Scope::system(&app, school, "日历订阅");
    let sql =
        "select staff_id from timetable_feed where school_id = $1 and digest = $2 and revoked_at is null";
    let row = scope
        .db()
        .opt(sql, args![school, auth::digest(secret)])
        .await?
        .ok_or(Error::NotFound)?;
    let staff: Uuid = row.at(0)?;
    let calendar = term::load(&scope).await?;
    let (term_id, term) = facts::term_of(&scope, None).await?;
    let settings = settings::load(&scope, term_id).await?;
    let table = lessons::of_term(&scope, &term, &calendar.days).await?;
    let names = Names::load(&scope).await?;
    let text = ics(&table, &names, staff, &settings, scope.now());
    Ok((
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        text,
    )
        .into_response())
}

/// When a lesson begins and ends.
fn span(date: NaiveDate, held: &Held, settings: &Settings) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let clock = |period: u8| {
        let start = settings.start(usize::from(period).saturating_sub(1));
        NaiveTime::parse_from_str(start.get(..4)?, "%H%M").ok()
    };
    let span = held::span(held.period, held.periods);
    let begin = date.and_time(clock(*span.start())?);
    let end = date.and_time(clock(*span.end())?) + Duration::minutes(settings.minutes);
    // Periods that the settings do not know last as long as they say.
    let end = if end > begin {
        end
    } else {
        begin + Duration::minutes(settings.minutes * i64::from(held.periods))
    };
    Some((instant_at(begin), instant_at(end)))
}

/// Text as RFC 5545 wants it: escaped, in lines of at most 75 bytes.
fn line(out: &mut String, name: &str, value: &str) {
    let escaped = value
        .replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n");
    let mut width = 0;
    for c in format!("{name}:{escaped}").chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The calendar of a person for a term: an event for every lesson that is really held.
pub fn ics(table: &Timetable, names: &Names, staff: Uuid, settings: &Settings, now: DateTime<Utc>) -> String {
    let mut out = String::new();
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Zhixing//Timetable//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", "我的课表"),
    ] {
        line(&mut out, name, value);
    }
    let utc = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    for number in 1..=table.term.weeks() {
        for day in week::of(table, names, Some(Whose::Teacher(staff)), number) {
            for (nth, held) in day.lessons.iter().enumerate() {
                let Some((begin, end)) = span(day.date, held, settings) else {
                    continue;
                };
                let mut what = format!("{}，第{number}周", words::periods(held.period, held.periods));
                if !held.note.is_empty() {
                    what.push_str(&format!("，{}", held.note));
                }
                for (name, value) in [
                    ("BEGIN", "VEVENT"),
                    (
                        "UID",
                        &format!("{}-{}-{nth}-{staff}@zhixing", day.date, held.period),
                    ),
                    ("DTSTAMP", &utc(now)),
                    ("DTSTART", &utc(begin)),
                    ("DTEND", &utc(end)),
                    ("SUMMARY", &format!("{} {}", held.course, held.classes.join("、"))),
                    ("LOCATION", &held.room),
                    ("DESCRIPTION", &what),
                    ("END", "VEVENT"),
                ] {
                    line(&mut out, name, value);
                }
            }
        }
    }
    line(&mut out, "END", "VCALENDAR");
    out
}
