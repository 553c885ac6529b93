//! What one date is on the teaching calendar.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// What a date is within a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary school day (教学日) with its own weekday's timetable.
    Teaching {
        /// Whose timetable is taught.
        weekday_taught: Weekday,
    },
    /// Saturday or Sunday.
    Weekend,
    /// A statutory holiday, a weekend joined to it, or a day off given in exchange.
    Holiday {
        /// Name of the festival, such as 国庆节.
        name: String,
    },
    /// A weekend day that is worked (调休上班): a teaching day.
    Makeup {
        /// Festival the day is exchanged for.
        name: String,
        /// Whose timetable is taught (按星期几上课); unknown until derived or set by the school.
        stands_for: Option<Weekday>,
    },
    /// Before the first or after the last day of the term.
    Outside,
}

impl DayKind {
    /// Whether lessons and duties fall on this day.
    pub fn is_teaching(&self) -> bool {
        matches!(self, Self::Teaching { .. } | Self::Makeup { .. })
    }

    /// The weekday whose timetable is taught, if the day is taught and the weekday known.
    pub fn weekday_taught(&self) -> Option<Weekday> {
        match self {
            Self::Teaching { weekday_taught } => Some(*weekday_taught),
            Self::Makeup { stands_for, .. } => *stands_for,
            Self::Weekend | Self::Holiday { .. } | Self::Outside => None,
        }
    }
}

/// 一 to 日, as in the columns of a timetable.
pub fn weekday_short(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "一",
        Weekday::Tue => "二",
        Weekday::Wed => "三",
        Weekday::Thu => "四",
        Weekday::Fri => "五",
        Weekday::Sat => "六",
        Weekday::Sun => "日",
    }
}

/// 星期一 to 星期日.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}
