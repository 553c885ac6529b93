//! Holidays and make-up days (节假日与调休).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::{DayKind, Term};

/// Shown wherever a year's days are not yet announced.
pub const PROVISIONAL_NOTE: &str = "待国务院办公厅通知";

static BUILTIN: LazyLock<DayTable> = LazyLock::new(|| {
    DayTable::from_csv(include_str!("../data/days_cn_2023_2026.csv")).expect("the embedded table is tested")
});

/// What is special about a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SpecialKind {
    /// A holiday, or a weekend joined to one.
    #[serde(rename = "放假")]
    Off,
    /// A day off given in exchange for a worked weekend day.
    #[serde(rename = "调休")]
    Exchanged,
    /// A worked weekend day.
    #[serde(rename = "上班")]
    Work,
}

impl SpecialKind {
    /// 放假, 调休 or 上班.
    pub fn label(self) -> &'static str {
        match self {
            Self::Off => "放假",
            Self::Exchanged => "调休",
            Self::Work => "上班",
        }
    }
}

/// A date that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Off, off in exchange, or worked.
    pub kind: SpecialKind,
    /// Festival.
    pub name: String,
    /// For a worked day: whose timetable is taught.
    pub stands_for: Option<Weekday>,
    /// Whether `stands_for` was derived and is not yet the school's decision.
    pub derived: bool,
}

/// The special days known, by date.
///
/// A year is *announced* once its 1 October is in the table. For a year that is not, the fixed statutory days (元旦,
/// 劳动节, 国庆节) are filled in and [`DayTable::is_provisional`] says so; the lunar festivals stay unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayTable {
    days: BTreeMap<NaiveDate, SpecialDay>,
}

impl DayTable {
    /// The announced days of 2023 to 2026.
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// A table of these days, with the timetables of make-up days derived where they follow from the exchange.
    pub(crate) fn from_days(days: BTreeMap<NaiveDate, SpecialDay>) -> Self {
        let mut table = Self { days };
        table.derive_stand_ins();
        table
    }

    /// Takes in a later import: a year it announces replaces that year whole, single days replace single days.
    pub fn merge(&mut self, newer: Self) {
        let announced: BTreeSet<i32> = newer
            .days
            .keys()
            .map(Datelike::year)
            .filter(|year| newer.announces(*year))
            .collect();
        self.days.retain(|date, _| !announced.contains(&date.year()));
        self.days.extend(newer.days);
        self.derive_stand_ins();
    }

    /// Sets one day, such as a school's own day off.
    pub fn set(&mut self, date: NaiveDate, day: SpecialDay) {
        self.days.insert(date, day);
    }

    /// Sets whose timetable a make-up day teaches; `false` if the date is not a make-up day.
    pub fn set_stands_for(&mut self, date: NaiveDate, weekday: Weekday) -> bool {
        match self.days.get_mut(&date) {
            Some(day) if day.kind == SpecialKind::Work => {
                day.stands_for = Some(weekday);
                day.derived = false;
                true
            }
            _ => false,
        }
    }

    /// What the table itself holds about a date, without the fixed days of a provisional year.
    pub fn get(&self, date: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// All special days held, in order.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }

    /// Whether the days of a year are not announced yet.
    pub fn is_provisional(&self, year: i32) -> bool {
        !self.announces(year)
    }

    /// The note to show for a term that reaches into years not announced: 2027年节假日待国务院办公厅通知.
    pub fn provisional_note(&self, term: &Term) -> Option<String> {
        let years: Vec<String> = (term.start().year()..=term.end().year())
            .filter(|year| self.is_provisional(*year))
            .map(|year| format!("{year}年"))
            .collect();
        (!years.is_empty()).then(|| format!("{}节假日{PROVISIONAL_NOTE}", years.join("、")))
    }

    /// Name of the holiday a date is, in term or out of it.
    pub fn holiday_name(&self, date: NaiveDate) -> Option<&str> {
        match self.days.get(&date) {
            Some(day) if day.kind == SpecialKind::Work => None,
            Some(day) => Some(&day.name),
            None if self.is_provisional(date.year()) => fixed_holiday(date),
            None => None,
        }
    }

    /// Whether the date is a holiday.
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        self.holiday_name(date).is_some()
    }

    /// What a date is within a term.
    pub fn kind_of(&self, term: &Term, date: NaiveDate) -> DayKind {
        if !term.contains(date) {
            return DayKind::Outside;
        }
        if let Some(name) = self.holiday_name(date) {
            return DayKind::Holiday {
                name: name.to_owned(),
            };
        }
        if let Some(day) = self.days.get(&date) {
            return DayKind::Makeup {
                name: day.name.clone(),
                stands_for: day.stands_for,
            };
        }
        match date.weekday() {
            Weekday::Sat | Weekday::Sun => DayKind::Weekend,
            weekday_taught => DayKind::Teaching { weekday_taught },
        }
    }

    /// Whether lessons and duties fall on a date of the term: a weekday that is no holiday, or a make-up day.
    pub fn is_teaching(&self, term: &Term, date: NaiveDate) -> bool {
        self.kind_of(term, date).is_teaching()
    }

    /// The teaching days of the term within a range, in order.
    pub fn teaching_days(&self, term: &Term, range: RangeInclusive<NaiveDate>) -> Vec<NaiveDate> {
        let from = *range.start().max(&term.start());
        let to = *range.end().min(&term.end());
        dates(from, to)
            .filter(|date| self.is_teaching(term, *date))
            .collect()
    }

    fn announces(&self, year: i32) -> bool {
        NaiveDate::from_ymd_opt(year, 10, 1)
            .and_then(|date| self.days.get(&date))
            .is_some_and(|day| day.kind != SpecialKind::Work)
    }

    /// Gives make-up days without a timetable the weekday they are exchanged for: within a festival of a year the
    /// days off in exchange and the worked days, each in order, pair off, provided there are as many of each.
    fn derive_stand_ins(&mut self) {
        let mut festivals: BTreeMap<(i32, String), (Vec<NaiveDate>, Vec<NaiveDate>)> = BTreeMap::new();
        for (date, day) in &self.days {
            let (off, worked) = festivals.entry((date.year(), day.name.clone())).or_default();
            match day.kind {
                SpecialKind::Exchanged => off.push(*date),
                SpecialKind::Work => worked.push(*date),
                SpecialKind::Off => {}
            }
        }
        for (off, worked) in festivals
            .into_values()
            .filter(|(off, worked)| off.len() == worked.len())
        {
            for (off, worked) in off.into_iter().zip(worked) {
                if let Some(day) = self.days.get_mut(&worked)
                    && day.stands_for.is_none()
                {
                    day.stands_for = Some(off.weekday());
                    day.derived = true;
                }
            }
        }
    }
}

/// Every date from `from` to `to`; none if `to` lies before.
pub(crate) fn dates(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(from), |date| date.checked_add_days(Days::new(1)))
        .take_while(move |date| *date <= to)
}

/// The statutory days with a fixed solar date; 2 May and the rest as revised in force from 2025.
fn fixed_holiday(date: NaiveDate) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("元旦"),
        (5, 1) => Some("劳动节"),
        (5, 2) if date.year() >= 2025 => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}
