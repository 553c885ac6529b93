//! 排课数据 (T10) is reported by the day: today the lessons of tomorrow (当天报送第二天的数据), each with its own date,
//! week, teacher and room, as they are really held. What a term's timetable says of a lesson is only where it begins.
use crate::rows::{self, Row};
use crate::source::Table;
use chrono::{Datelike, Days, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use kernel::term;
use lessons::held::{How, Lesson, Timetable};
use std::collections::HashMap;
use uuid::Uuid;

/// The table of lessons.
pub const LESSONS: u8 = 10;
/// Its columns that follow from the day rather than from the term's timetable.
pub const OF_THE_DAY: [&str; 9] = [
    "ZC", "XQJ", "SKJC", "SKRQ", "SKSJ", "JGH", "SKDD", "JSH", "SKDDLBM",
];
/// How far ahead a day with lessons is looked for: beyond the longest holidays.
const AHEAD: u64 = 70;

/// Names and numbers behind a changed lesson.
struct Facts {
    /// When each period begins, as the table says it.
    starts: HashMap<u8, String>,
    numbers: HashMap<Uuid, String>,
    rooms: HashMap<Uuid, [String; 3]>,
}

impl Facts {
    async fn load(scope: &Scope, starts: HashMap<u8, String>) -> Result<Facts> {
        let (db, school) = (scope.db(), args![scope.school]);
        let staff = db
            .all("select id, f_number from r_staff where school_id = $1", school)
            .await?;
        let rooms = db
            .all(
                "select id, f_name, f_number, f_kind from r_room where school_id = $1",
                school,
            )
            .await?;
        Ok(Facts {
            starts,
            numbers: staff
                .iter()
                .map(|row| Ok((row.at(0)?, row.at(1)?)))
                .collect::<Result<_>>()?,
            rooms: rooms
                .iter()
                .map(|row| Ok((row.at(0)?, [row.at(1)?, row.at(2)?, row.at(3)?])))
                .collect::<Result<_>>()?,
        })
    }
}

/// The day asked for, else the next one with lessons after today; none outside the terms.
pub async fn day(scope: &Scope, asked: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    if asked.is_some() {
        return Ok(asked);
    }
    let calendar = term::load(scope).await?;
    let ahead = (1..=AHEAD).map(|days| scope.today() + Days::new(days));
    let mut teaching = ahead.filter(|date| {
        calendar
            .terms
            .iter()
            .any(|(_, term)| calendar.days.is_teaching(term, *date))
    });
    Ok(teaching.next())
}

/// The rows of one day from those of the term's timetable, which bring everything a day does not change.
pub async fn rows(scope: &Scope, table: &Table, term_rows: Vec<Row>, date: NaiveDate) -> Result<Vec<Row>> {
    let calendar = term::load(scope).await?;
    let within = |term: &calendar::Term| (term.start()..=term.end()).contains(&date);
    let Some((_, term)) = calendar.terms.iter().find(|(_, term)| within(term)) else {
        return Ok(vec![]);
    };
    let timetable = lessons::of_term(scope, term, &calendar.days).await?;
    let day = timetable.on(date);
    let known: HashMap<Uuid, Row> = term_rows
        .into_iter()
        .filter_map(|row| Some((row.record?, row)))
        .collect();
    let at = table.set.columns.iter().position(|column| column.name == "SKSJ");
    let start =
        |slot: &lessons::held::Slot| Some((slot.period, known.get(&slot.id)?.cells.get(at?)?.clone()));
    let facts = Facts::load(scope, timetable.slots.iter().filter_map(start).collect()).await?;
    let held = day.lessons.iter().filter_map(|lesson| {
        let row = known.get(&timetable.slots[lesson.slot].id)?;
        Some(dated(scope, table, row, (&timetable, &facts), lesson, day.week))
    });
    Ok(held.collect())
}

/// One lesson of a date.
fn dated(
    scope: &Scope,
    table: &Table,
    row: &Row,
    (timetable, facts): (&Timetable, &Facts),
    lesson: &Lesson,
    week: Option<u8>,
) -> Row {
    let slot = &timetable.slots[lesson.slot];
    let mut row = row.clone();
    let mut set = |name: &str, text: String| {
        let at = table.set.columns.iter().position(|column| column.name == name);
        if let Some(cell) = at.and_then(|at| row.cells.get_mut(at)) {
            *cell = text;
        }
    };
    // The same lesson of the same day keeps its key, whoever teaches it then.
    let came = match lesson.how {
        How::Moved(from) | How::MadeUp(from) => from,
        How::Planned | How::Covered => lesson.on,
    };
    let key = Uuid::new_v5(&slot.id, format!("{came} {}", lesson.on).as_bytes());
    set("ZJSJWYXBS", key.simple().to_string().to_uppercase());
    set("ZC", week.map_or_else(String::new, |week| week.to_string()));
    set("XQJ", calendar::weekday_name(lesson.on.weekday()).to_owned());
    let span = lesson.span();
    set(
        "SKJC",
        match span.start() == span.end() {
            true => lesson.period.to_string(),
            false => format!("{}-{}", span.start(), span.end()),
        },
    );
    if let Some(start) = facts.starts.get(&lesson.period) {
        set("SKSJ", start.clone());
    }
    set("SKRQ", lesson.on.format("%Y%m%d").to_string());
    if let Some(number) = facts.numbers.get(&lesson.teacher) {
        set("JGH", number.clone());
    }
    if let Some([name, number, kind]) = facts.rooms.get(&lesson.room) {
        set("SKDD", name.clone());
        set("JSH", number.clone());
        set("SKDDLBM", kind.clone());
    }
    row.faults = rows::faults(table, &row.cells, &scope.app.codes);
    row
}
