//! How training rooms are used (实训室使用): what the timetable foresees, what was logged. Pure.
use crate::held::{Lesson, Timetable};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Periods of a school day in which a training room can be used.
pub const PERIODS_A_DAY: i64 = 8;

/// A use that was logged.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The record.
    pub id: Uuid,
    /// The training room.
    pub room: Uuid,
    /// The date.
    pub on: NaiveDate,
    /// First period.
    pub period: u8,
    /// How many periods.
    pub periods: i64,
    /// How many students.
    pub present: i64,
    /// Whether the class was instructed before.
    pub briefed: bool,
    /// Whether the room was left tidy.
    pub tidied: bool,
    /// Whether something is broken or was.
    pub faulty: bool,
    /// What was noted.
    pub remark: String,
}

/// The use of one room in one span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Lessons the timetable foresaw.
    pub planned: i64,
    /// Of these, lessons that were logged.
    pub logged: i64,
    /// Periods logged, other uses included.
    pub periods: i64,
    /// Periods in which the room could have been used.
    pub possible: i64,
}

impl Use {
    /// Periods used of those possible, in whole percent.
    pub fn rate(&self) -> Option<i64> {
        (self.possible > 0).then(|| (self.periods * 100 + self.possible / 2) / self.possible)
    }

    /// The sum of two.
    pub fn and(self, other: Use) -> Use {
        Use {
            planned: self.planned + other.planned,
            logged: self.logged + other.logged,
            periods: self.periods + other.periods,
            possible: self.possible + other.possible,
        }
    }
}

/// The use of each room from one date to another; `rooms` leads from the place to the training room there.
pub fn uses(
    table: &Timetable,
    (from, to): (NaiveDate, NaiveDate),
    rooms: &HashMap<Uuid, Uuid>,
    logs: &[Logged],
) -> BTreeMap<Uuid, Use> {
    let mut found: BTreeMap<Uuid, Use> = rooms.values().map(|room| (*room, Use::default())).collect();
    for day in table.between(from, to) {
        if !day.kind.is_teaching() {
            continue;
        }
        for one in found.values_mut() {
            one.possible += PERIODS_A_DAY;
        }
        for lesson in &day.lessons {
            let Some(room) = rooms.get(&lesson.room) else {
                continue;
            };
            let one = found.entry(*room).or_default();
            one.planned += 1;
            one.logged += i64::from(log_of(logs, *room, lesson).is_some());
        }
    }
    for log in logs.iter().filter(|log| (from..=to).contains(&log.on)) {
        found.entry(log.room).or_default().periods += log.periods;
    }
    found
}

/// The log of a lesson in a training room, if it was written.
pub fn log_of<'a>(logs: &'a [Logged], room: Uuid, lesson: &Lesson) -> Option<&'a Logged> {
    logs.iter()
        .find(|log| log.room == room && log.on == lesson.on && log.period == lesson.period)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held::Slot;
    use calendar::{DayTable, Half, SchoolYear, Term};
    use chrono::Weekday;

    #[test]
    fn planned_and_logged_uses_are_counted_by_room() {
        let id = Uuid::from_u128;
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let slot = |number: u128, weekday| Slot {
            id: id(number),
            course: id(11),
            class: id(21),
            path: String::new(),
            teacher: id(1),
            room: id(31),
            weekday,
            first_week: 1,
            last_week: 18,
            parity: None,
            period: 3,
            periods: 2,
            students: 40,
        };
        let term = Term::new(SchoolYear(2026), Half::Autumn, day("2026-08-31"), 20).expect("a term");
        let slots = vec![slot(1, Weekday::Mon), slot(2, Weekday::Wed)];
        let table = Timetable::new(term, DayTable::builtin(), slots, vec![], vec![]);
        let log = |on: &str, period| Logged {
            id: id(50),
            room: id(41),
            on: day(on),
            period,
            periods: 2,
            present: 38,
            briefed: true,
            tidied: true,
            faulty: false,
            remark: String::new(),
        };
        let logs = [log("2026-11-16", 3), log("2026-11-17", 1), log("2026-11-24", 3)];
        let rooms = HashMap::from([(id(31), id(41))]);
        let week = (day("2026-11-16"), day("2026-11-22"));
        let found = uses(&table, week, &rooms, &logs);
        let expected = Use {
            planned: 2,
            logged: 1,
            periods: 4,
            possible: 40,
        };
        assert_eq!(found[&id(41)], expected);
        assert_eq!((expected.rate(), Use::default().rate()), (Some(10), None));
    }
}
