//! The lessons of a date (当日课表). Pure: published timetable, calendar, school events and changes in; lessons out.
//!
//! A date is taught by the timetable of one weekday ([`calendar::DayKind::weekday_taught`]: a make-up day by that of
//! the weekday it stands for; a weekend only if the timetable has lessons on it) in the week of term it lies in. From
//! what is planned then, events (考试周, 运动会) take lessons away, and changes in force (调代课) put somebody else in
//! front of the class, move a lesson, drop it or give it later.
mod day;
mod obstacle;
#[cfg(test)]
mod tests;

pub use obstacle::Obstacle;

use calendar::{DayKind, DayTable, Parity, Term};
use chrono::{NaiveDate, Weekday};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// One entry of the published timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The record.
    pub id: Uuid,
    /// What is taught.
    pub course: Uuid,
    /// To whom.
    pub class: Uuid,
    /// The place of the class in the unit tree.
    pub path: String,
    /// By whom.
    pub teacher: Uuid,
    /// Where.
    pub room: Uuid,
    /// On which weekday.
    pub weekday: Weekday,
    /// First week of term.
    pub first_week: u8,
    /// Last week of term.
    pub last_week: u8,
    /// Only odd or only even weeks.
    pub parity: Option<Parity>,
    /// First period (节次).
    pub period: u8,
    /// How many periods on end.
    pub periods: u8,
    /// How many students.
    pub students: i64,
}

impl Slot {
    /// Whether it is taught in a week of term.
    pub fn runs_in(&self, week: u8) -> bool {
        (self.first_week..=self.last_week).contains(&week)
            && self.parity.is_none_or(|parity| parity == Parity::of(week))
    }
}

/// Whom an event concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody.
    School,
    /// The classes whose place begins so: a department or one class.
    Under(String),
}

/// A school event that takes the place of lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The record.
    pub id: Uuid,
    /// What is on.
    pub title: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// First period of each day.
    pub first_period: u8,
    /// Last period of each day.
    pub last_period: u8,
    /// Whom it concerns.
    pub whom: Whom,
}

impl Event {
    fn takes(&self, date: NaiveDate, path: &str, periods: &RangeInclusive<u8>) -> bool {
        let concerned = match &self.whom {
            Whom::School => true,
            Whom::Under(node) => path.starts_with(node.as_str()),
        };
        concerned
            && (self.from..=self.to).contains(&date)
            && overlap(periods, &(self.first_period..=self.last_period))
    }
}

/// What a change does with a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// 代课: another teacher at the same time.
    Cover,
    /// 调课: at another time; the lesson standing there comes here when it is named.
    Move,
    /// 停课: not at all.
    Drop,
    /// 补课: given later, after it was dropped or lost to a holiday.
    MakeUp,
}

/// A change in force (已生效的调代课).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record.
    pub id: Uuid,
    /// What it does.
    pub action: Action,
    /// The lesson: its entry in the timetable …
    pub slot: Uuid,
    /// … and the date it stands on.
    pub on: NaiveDate,
    /// Who teaches instead.
    pub substitute: Option<Uuid>,
    /// The entry of the lesson whose place it takes.
    pub swap: Option<Uuid>,
    /// Where that lesson goes; to the place of the first when nothing is said.
    pub onward: Option<(NaiveDate, u8)>,
    /// The entry of the lesson that stands there and goes to the place of the first.
    pub third: Option<Uuid>,
    /// The new date and first period.
    pub new_time: Option<(NaiveDate, u8)>,
    /// The new room.
    pub new_room: Option<Uuid>,
}

impl Change {
    /// A change of a lesson with nothing else said.
    pub fn new(id: Uuid, action: Action, slot: Uuid, on: NaiveDate) -> Change {
        Change {
            id,
            action,
            slot,
            on,
            substitute: None,
            swap: None,
            onward: None,
            third: None,
            new_time: None,
            new_room: None,
        }
    }
}

/// How a lesson came to be where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As the timetable says.
    Planned,
    /// By a substitute.
    Covered,
    /// Moved here from this date.
    Moved(NaiveDate),
    /// Made up for the one of this date.
    MadeUp(NaiveDate),
}

/// A lesson that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Position of its entry in [`Timetable::slots`].
    pub slot: usize,
    /// The date on which it is held.
    pub on: NaiveDate,
    /// First period.
    pub period: u8,
    /// How many periods.
    pub periods: u8,
    /// Who teaches it.
    pub teacher: Uuid,
    /// Where.
    pub room: Uuid,
    /// How it came here.
    pub how: How,
    /// The change that brought it here.
    pub change: Option<Uuid>,
}

impl Lesson {
    /// Its periods.
    pub fn span(&self) -> RangeInclusive<u8> {
        span(self.period, self.periods)
    }
}

/// Why a planned lesson is not held as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// An event, by position in [`Timetable::events`].
    Event(usize),
    /// 停课, by a change.
    Dropped(Uuid),
    /// Moved to this date and period, by a change.
    Moved(Uuid, NaiveDate, u8),
}

/// A planned lesson that is not held as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Position of its entry.
    pub slot: usize,
    /// Why.
    pub why: Why,
}

/// What is really held on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// What the calendar says of it.
    pub kind: DayKind,
    /// The week of term.
    pub week: Option<u8>,
    /// What is held, by period and slot.
    pub lessons: Vec<Lesson>,
    /// What is not held as planned.
    pub missing: Vec<Missing>,
}

/// Everything the lessons of a term follow from.
pub struct Timetable {
    /// The term.
    pub term: Term,
    /// Holidays and make-up days.
    pub days: DayTable,
    /// The published timetable.
    pub slots: Vec<Slot>,
    /// Events in place of lessons.
    pub events: Vec<Event>,
    /// Changes in force, oldest first.
    pub changes: Vec<Change>,
    by_id: HashMap<Uuid, usize>,
    /// What each change carries from one time to another.
    carried: Vec<Vec<Carried>>,
    /// Per lesson as planned: the newest change that takes it from where it stands.
    altered: HashMap<(usize, NaiveDate), usize>,
    /// What changes bring to a date, by change and position in `carried`.
    brought: HashMap<NaiveDate, Vec<(usize, usize)>>,
}

/// A lesson that a change carries to another time.
#[derive(Clone, Copy, Debug)]
struct Carried {
    /// Position of its entry.
    slot: usize,
    /// The date on which it was planned.
    from: NaiveDate,
    /// Date and first period at which it is held.
    to: (NaiveDate, u8),
}

/// First to last period.
pub fn span(period: u8, periods: u8) -> RangeInclusive<u8> {
    period..=period.saturating_add(periods.max(1) - 1)
}

/// Whether two runs of periods share one.
pub fn overlap(one: &RangeInclusive<u8>, other: &RangeInclusive<u8>) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}

/// Every date from the first to the last.
pub fn dates(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |date| *date <= to)
}
