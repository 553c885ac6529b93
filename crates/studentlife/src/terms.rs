//! The school year, term, month and week a day belongs to, as national datasets and unique rules want them.
use chrono::{Datelike, NaiveDate};
use kernel::register::field::Code;

/// `2026-2027`: a school year begins in August.
pub(crate) fn school_year(day: NaiveDate) -> String {
    let first = day.year() - i32::from(day.month() < 8);
    format!("{first}-{}", first + 1)
}

/// Code of the set XQDM: autumn from August to January, spring from February to July.
pub(crate) fn term(day: NaiveDate) -> Code {
    let autumn = day.month() >= 8 || day.month() == 1;
    Code(if autumn { "1" } else { "2" }.into())
}

/// `2026-11`
pub(crate) fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// `2026-W47`
pub(crate) fn week(day: NaiveDate) -> String {
    let week = day.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn january_still_belongs_to_the_autumn_term() {
        assert_eq!(school_year(day("2026-08-01")), "2026-2027");
        assert_eq!(school_year(day("2027-01-31")), "2026-2027");
        assert_eq!(term(day("2027-01-31")).0, "1");
        assert_eq!(term(day("2027-02-01")).0, "2");
        assert_eq!(school_year(day("2027-07-31")), "2026-2027");
        assert_eq!(term(day("2026-08-01")).0, "1");
    }

    #[test]
    fn the_first_days_of_january_may_belong_to_the_last_week_of_the_year_before() {
        assert_eq!(week(day("2027-01-01")), "2026-W53");
        assert_eq!(month(day("2027-01-01")), "2027-01");
    }
}
