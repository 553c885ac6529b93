//! How dates, periods and lessons are written.
use crate::held::{How, Lesson, Slot, Timetable, Why};
use crate::load::Names;
use calendar::weekday_name;
use chrono::{Datelike, NaiveDate};

/// `11月24日 星期二`
pub fn day(date: NaiveDate) -> String {
    format!(
        "{}月{}日 {}",
        date.month(),
        date.day(),
        weekday_name(date.weekday())
    )
}

/// `第3—4节`
pub fn periods(period: u8, periods: u8) -> String {
    match periods {
        0 | 1 => format!("第{period}节"),
        more => format!("第{period}—{}节", period.saturating_add(more - 1)),
    }
}

/// `24数控1班《机械制图》`
pub fn lesson(slot: &Slot, names: &Names) -> String {
    format!("{}《{}》", names.of(slot.class), names.of(slot.course))
}

/// How a lesson came to be where it is; empty when as planned.
pub fn how(lesson: &Lesson, slot: &Slot, names: &Names) -> String {
    match lesson.how {
        How::Planned => String::new(),
        How::Covered => format!("代课（原{}）", names.of(slot.teacher)),
        How::Moved(from) => format!("调课（原{}{}）", day(from), periods(slot.period, slot.periods)),
        How::MadeUp(from) => format!("补课（补{}）", day(from)),
    }
}

/// Why a lesson is not held.
pub fn why(why: &Why, table: &Timetable) -> String {
    match why {
        Why::Event(at) => table.events[*at].title.clone(),
        Why::Dropped(_) => "停课".into(),
        Why::Moved(_, date, period) => format!("调到{}第{period}节", day(*date)),
    }
}
