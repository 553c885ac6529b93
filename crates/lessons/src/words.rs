//! How dates, periods and lessons are written.
use crate::held::{How, Lesson, Obstacle, Slot, Timetable, Why};
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

/// What stands in the way of a change.
pub fn obstacle(obstacle: &Obstacle, table: &Timetable, names: &Names) -> String {
    match obstacle {
        Obstacle::Gone { slot, on } => match table.entry(*slot) {
            Some(entry) => format!(
                "{}{}的{}已另有安排（代课、调课、停课或学校活动），要改请先取消原来的安排",
                day(*on),
                periods(entry.period, entry.periods),
                lesson(entry, names)
            ),
            None => format!("{}的这节课已不在课表里，课表可能重新发布过", day(*on)),
        },
        Obstacle::Event { event, to } => {
            format!("{}第{}节有{}", day(to.0), to.1, table.events[*event].title)
        }
        Obstacle::Clash { lesson: ours, other } => {
            let [one, two] = [ours, other].map(|lesson| &table.slots[lesson.slot]);
            let whose = if ours.teacher == other.teacher {
                ours.teacher
            } else if one.class == two.class {
                one.class
            } else {
                ours.room
            };
            format!(
                "{}{}，{}已有{}",
                day(ours.on),
                periods(other.period, other.periods),
                names.of(whose),
                lesson(two, names)
            )
        }
    }
}
