use chrono::{Datelike, NaiveDate};

/// Whether a school year, given by the year it starts in, can be meant: from 2000 to the coming one.
pub(crate) fn known(year: i64, today: NaiveDate) -> bool {
    (2000..=i64::from(today.year()) + 1).contains(&year)
}

/// What is said of another one.
pub(crate) const UNKNOWN: &str = "请填学年的起始年份，如2026—2027学年填2026";
