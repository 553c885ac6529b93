//! The days of the demo term: ten full teaching weeks lie behind, whatever today is.

use anyhow::Result;
use calendar::{Cadence, DayTable, Every, Half, Occurrence, SchoolYear, Term, occurrences};
use chrono::{DateTime, Datelike, Days as Count, NaiveDate, Utc};
use kernel::clock::{Clock, instant_at};

use crate::Rng;

/// Days before today in whose week the term begins: ten weeks.
const BEHIND: u64 = 70;
/// Weeks of the term.
const WEEKS: u8 = 20;
/// Office hours, first and last, in which records are written.
pub const OFFICE_HOURS: (u32, u32) = (8, 17);
/// Hours in which class teachers write up a visit.
pub const EVENING: (u32, u32) = (17, 21);

/// The term with its teaching days up to today.
pub struct Days {
    /// The term.
    pub term: Term,
    /// Today.
    pub today: NaiveDate,
    now: DateTime<Utc>,
    table: DayTable,
    taught: Vec<NaiveDate>,
}

impl Days {
    /// The days as seen from the clock.
    pub fn new(clock: &Clock) -> Result<Self> {
        let today = clock.today();
        let back = today - Count::new(BEHIND);
        let start = back - Count::new(u64::from(back.weekday().num_days_from_monday()));
        let half = match start.month() {
            8.. | 1 => Half::Autumn,
            _ => Half::Spring,
        };
        let term = Term::new(SchoolYear::of(start), half, start, WEEKS)?;
        let table = DayTable::builtin();
        let taught = table.teaching_days(&term, start..=today);
        Ok(Self {
            term,
            today,
            now: clock.now(),
            table,
            taught,
        })
    }

    /// The teaching days from `from` to `to` that are not in the future.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> &[NaiveDate] {
        let first = self.taught.partition_point(|day| *day < from);
        let last = self.taught.partition_point(|day| *day <= to);
        &self.taught[first..last.max(first)]
    }

    /// One of [`Days::between`], if there is any.
    pub fn pick(&self, rng: &mut Rng, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
        let days = self.between(from, to);
        (!days.is_empty()).then(|| *rng.pick(days))
    }

    /// A teaching day of the term so far.
    pub fn any(&self, rng: &mut Rng) -> NaiveDate {
        *rng.pick(&self.taught)
    }

    /// Teaching days of a week that are not in the future.
    pub fn week(&self, week: u8) -> &[NaiveDate] {
        match self.term.dates_of(week) {
            Some(dates) => self.between(*dates.start(), *dates.end()),
            None => &[],
        }
    }

    /// The first teaching day so far of a week, or of the nearest week before it that has one.
    pub fn in_week(&self, week: u8) -> NaiveDate {
        (1..=week)
            .rev()
            .find_map(|week| self.week(week).first())
            .copied()
            .unwrap_or(self.taught[0])
    }

    /// The weeks begun so far.
    pub fn weeks(&self) -> std::ops::RangeInclusive<u8> {
        1..=self.term.week_of(self.today).unwrap_or(WEEKS)
    }

    /// The `count`-th teaching day after `day`, if it has come.
    pub fn after(&self, day: NaiveDate, count: usize) -> Option<NaiveDate> {
        let next = self.taught.partition_point(|known| *known <= day);
        self.taught.get(next + count.max(1) - 1).copied()
    }

    /// The last teaching day up to `day`; the first of the term when there is none.
    pub fn at_or_before(&self, day: NaiveDate) -> NaiveDate {
        let next = self.taught.partition_point(|known| *known <= day);
        self.taught[next.saturating_sub(1)]
    }

    /// How many days ago.
    pub fn age(&self, day: NaiveDate) -> i64 {
        (self.today - day).num_days()
    }

    /// What a cadence owes, of the windows that have begun.
    pub fn windows(&self, times: u16, every: Every) -> Vec<Occurrence> {
        let mut windows = occurrences(&self.term, &self.table, &Cadence::new(times, every));
        windows.retain(|window| window.from <= self.today);
        windows
    }

    /// Whether a window lies behind.
    pub fn is_past(&self, window: &Occurrence) -> bool {
        window.due < self.today
    }

    /// An instant on the day within hours of the clock, never in the future.
    pub fn at(&self, rng: &mut Rng, day: NaiveDate, (first, last): (u32, u32)) -> DateTime<Utc> {
        let (hour, minute) = (rng.between(first, last), rng.between(0, 59));
        let wall = day.and_hms_opt(hour, minute, 0).expect("an hour of the day");
        instant_at(wall).min(self.now)
    }
}
