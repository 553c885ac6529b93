//! How often a duty is owed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Odd or even teaching weeks (单周, 双周).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// 单周: weeks 1, 3, 5 …
    Odd,
    /// 双周: weeks 2, 4, 6 …
    Even,
}

impl Parity {
    /// Parity of a week number.
    pub fn of(week: u8) -> Self {
        if week % 2 == 1 { Self::Odd } else { Self::Even }
    }

    /// 单周 or 双周.
    pub fn label(self) -> &'static str {
        match self {
            Self::Odd => "单周",
            Self::Even => "双周",
        }
    }
}

/// The period a duty recurs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// 每天: each teaching day.
    Day,
    /// 每周: each teaching week, Monday to Sunday.
    Week,
    /// 每半月: to the 15th, from the 16th.
    HalfMonth,
    /// 每月.
    Month,
    /// 每季度: quarters of the calendar year.
    Quarter,
    /// 每学期.
    Term,
    /// 每年, 每学年.
    Year,
    /// 节前, 假前: before each holiday of three days or more and before the vacation.
    BeforeHoliday,
}

/// How often a duty is owed: `times` in every `interval` periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cadence {
    /// How many times per window; 0 is read as 1.
    pub times: u16,
    /// The period.
    pub every: Every,
    /// Periods to a window: 2 with [`Every::Month`] is every two months; 0 is read as 1.
    #[serde(default = "one")]
    pub interval: u8,
    /// Only odd or only even weeks; means something with [`Every::Week`] and [`Every::Day`].
    #[serde(default)]
    pub weeks: Option<Parity>,
}

fn one() -> u8 {
    1
}

impl Cadence {
    /// `times` per period.
    pub fn new(times: u16, every: Every) -> Self {
        Self {
            times,
            every,
            interval: 1,
            weeks: None,
        }
    }

    /// The same with windows of several periods.
    pub fn with_interval(self, interval: u8) -> Self {
        Self { interval, ..self }
    }

    /// The same in odd or even weeks only.
    pub fn in_weeks(self, parity: Parity) -> Self {
        Self {
            weeks: Some(parity),
            ..self
        }
    }
}

/// As a plan would put it: 每周2次, 每两个月1次, 每单周1次, 节前1次.
impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.times.max(1);
        let interval = self.interval.max(1);
        let parity = self.weeks.map_or("", Parity::label);
        let count = match interval {
            2 => "两".to_owned(),
            n => n.to_string(),
        };
        match (self.every, interval) {
            (Every::BeforeHoliday, _) => write!(f, "节前{times}次"),
            (Every::Week, 1) if self.weeks.is_some() => write!(f, "每{parity}{times}次"),
            (Every::Week, 1) => write!(f, "每周{times}次"),
            (Every::Week, _) if self.weeks.is_some() => write!(f, "每{count}个{parity}{times}次"),
            (Every::Week, _) => write!(f, "每{count}周{times}次"),
            (Every::Day, 1) => write!(f, "{parity}每天{times}次"),
            (Every::Day, _) => write!(f, "{parity}每{count}天{times}次"),
            (Every::HalfMonth, 1) => write!(f, "每半月{times}次"),
            (Every::HalfMonth, _) => write!(f, "每{count}个半月期{times}次"),
            (Every::Month, 1) => write!(f, "每月{times}次"),
            (Every::Month, _) => write!(f, "每{count}个月{times}次"),
            (Every::Quarter, 1) => write!(f, "每季度{times}次"),
            (Every::Quarter, _) => write!(f, "每{count}个季度{times}次"),
            (Every::Term, 1) => write!(f, "每学期{times}次"),
            (Every::Term, _) => write!(f, "每{count}个学期{times}次"),
            (Every::Year, 1) => write!(f, "每学年{times}次"),
            (Every::Year, _) => write!(f, "每{count}年{times}次"),
        }
    }
}
