//! Terms and their teaching weeks.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::{DayTable, Parity};

/// Teaching weeks of a standard term, the two examination weeks included.
const STANDARD_WEEKS: u8 = 20;
/// More weeks than any real term; a larger number is a typing error.
const MAX_WEEKS: u8 = 30;
/// Years outside are typing errors; inside, date arithmetic cannot leave chrono's range.
pub(crate) const PLAUSIBLE_YEARS: RangeInclusive<i32> = 1950..=2150;

/// Why a term cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// Week 1 must begin on a Monday.
    #[error("学期第一周须从星期一开始，{0} 是{1}")]
    NotMonday(NaiveDate, &'static str),
    /// Number of weeks out of range.
    #[error("教学周数须在 1 到 30 之间，现为 {0}")]
    Weeks(u8),
    /// The first day lies outside the school year, or the year is no plausible one.
    #[error("{1} 不在{0}内，请核对学年与开学日期")]
    Year(String, NaiveDate),
}

/// First (autumn) or second (spring) term of a school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// 第一学期, from September.
    Autumn,
    /// 第二学期, from February or March.
    Spring,
}

impl Half {
    /// 第一学期 or 第二学期.
    pub fn label(self) -> &'static str {
        match self {
            Self::Autumn => "第一学期",
            Self::Spring => "第二学期",
        }
    }

    /// The vacation that follows: 寒假 or 暑假.
    pub fn vacation(self) -> &'static str {
        match self {
            Self::Autumn => "寒假",
            Self::Spring => "暑假",
        }
    }
}

/// A school year (学年), named by the calendar year of its autumn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear(pub i32);

impl SchoolYear {
    /// The school year a date belongs to; a new one begins on 1 August.
    pub fn of(date: NaiveDate) -> Self {
        Self(if date.month() >= 8 {
            date.year()
        } else {
            date.year() - 1
        })
    }

    /// 2026-2027学年.
    pub fn label(self) -> String {
        format!("{}-{}学年", self.0, self.0.saturating_add(1))
    }
}

/// A term (学期): teaching weeks numbered from 1, each Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "TermFields")]
pub struct Term {
    year: SchoolYear,
    half: Half,
    start: NaiveDate,
    weeks: u8,
}

#[derive(Deserialize)]
struct TermFields {
    year: SchoolYear,
    half: Half,
    start: NaiveDate,
    weeks: u8,
}

impl TryFrom<TermFields> for Term {
    type Error = TermError;

    fn try_from(fields: TermFields) -> Result<Self, TermError> {
        Self::new(fields.year, fields.half, fields.start, fields.weeks)
    }
}

impl Term {
    /// A term whose week 1 begins on `start`, a Monday.
    pub fn new(year: SchoolYear, half: Half, start: NaiveDate, weeks: u8) -> Result<Self, TermError> {
        if start.weekday() != Weekday::Mon {
            return Err(TermError::NotMonday(start, crate::weekday_name(start.weekday())));
        }
        if weeks == 0 || weeks > MAX_WEEKS {
            return Err(TermError::Weeks(weeks));
        }
        if !PLAUSIBLE_YEARS.contains(&year.0) || SchoolYear::of(start) != year {
            return Err(TermError::Year(year.label(), start));
        }
        Ok(Self {
            year,
            half,
            start,
            weeks,
        })
    }

    /// The usual term of a school year, for schools that have not set their own: 20 weeks; autumn from the Monday
    /// nearest 1 September, spring from the first Monday on or after 20 February that is not a holiday.
    pub fn standard(year: SchoolYear, half: Half, days: &DayTable) -> Self {
        let start = match half {
            Half::Autumn => {
                let first = day(year.0, 9, 1);
                match u64::from(first.weekday().num_days_from_monday()) {
                    back @ 0..=3 => first - Days::new(back),
                    late => first + Days::new(7 - late),
                }
            }
            Half::Spring => {
                let mut monday = day(year.0 + 1, 2, 20);
                while monday.weekday() != Weekday::Mon || days.is_holiday(monday) {
                    monday = monday + Days::new(1);
                }
                monday
            }
        };
        Self {
            year,
            half,
            start,
            weeks: STANDARD_WEEKS,
        }
    }

    /// The standard term a date lies in, if it lies in one and not in a vacation.
    pub fn standard_on(date: NaiveDate, days: &DayTable) -> Option<Self> {
        standard_near(date, days)
            .into_iter()
            .find(|term| term.contains(date))
    }

    /// The standard term a date lies in, or in a vacation the one that comes next.
    pub fn standard_on_or_after(date: NaiveDate, days: &DayTable) -> Self {
        let [first, second, third] = standard_near(date, days);
        if date <= first.end() {
            first
        } else if date <= second.end() {
            second
        } else {
            third
        }
    }

    /// The school year.
    pub fn year(&self) -> SchoolYear {
        self.year
    }

    /// First or second term.
    pub fn half(&self) -> Half {
        self.half
    }

    /// Monday of week 1.
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// Number of teaching weeks.
    pub fn weeks(&self) -> u8 {
        self.weeks
    }

    /// Sunday of the last week.
    pub fn end(&self) -> NaiveDate {
        self.start + Days::new(u64::from(self.weeks) * 7 - 1)
    }

    /// From the first Monday to the last Sunday.
    pub fn range(&self) -> RangeInclusive<NaiveDate> {
        self.start..=self.end()
    }

    /// Whether the date lies in one of the teaching weeks.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.range().contains(&date)
    }

    /// 2026-2027学年第一学期.
    pub fn name(&self) -> String {
        format!("{}{}", self.year.label(), self.half.label())
    }

    /// Number of the teaching week a date lies in, from 1.
    pub fn week_of(&self, date: NaiveDate) -> Option<u8> {
        if !self.contains(date) {
            return None;
        }
        u8::try_from((date - self.start).num_days() / 7 + 1).ok()
    }

    /// Monday to Sunday of a teaching week.
    pub fn dates_of(&self, week: u8) -> Option<RangeInclusive<NaiveDate>> {
        if week == 0 || week > self.weeks {
            return None;
        }
        let monday = self.start + Days::new(u64::from(week - 1) * 7);
        Some(monday..=monday + Days::new(6))
    }

    /// Whether a date lies in an odd or an even week (单双周).
    pub fn parity_of(&self, date: NaiveDate) -> Option<Parity> {
        self.week_of(date).map(Parity::of)
    }
}

/// The standard terms that may contain the date or follow it, in order.
fn standard_near(date: NaiveDate, days: &DayTable) -> [Term; 3] {
    let year = SchoolYear::of(date);
    [
        Term::standard(year, Half::Autumn, days),
        Term::standard(year, Half::Spring, days),
        Term::standard(SchoolYear(year.0 + 1), Half::Autumn, days),
    ]
}

/// A date that exists in every year.
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a fixed day of a year within chrono's range")
}
