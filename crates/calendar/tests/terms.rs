//! Terms and their weeks.

use calendar::{DayTable, Half, Parity, SchoolYear, Term, TermError};
use chrono::{Datelike, NaiveDate, Weekday};
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn standard_terms_begin_where_schools_begin() {
    let table = DayTable::builtin();
    let starts = [
        (2022, Half::Spring, day(2023, 2, 20)),
        (2023, Half::Autumn, day(2023, 9, 4)),
        (2023, Half::Spring, day(2024, 2, 26)),
        (2024, Half::Autumn, day(2024, 9, 2)),
        (2025, Half::Autumn, day(2025, 9, 1)),
        (2025, Half::Spring, day(2026, 3, 2)), // 23 February is still a holiday
        (2026, Half::Autumn, day(2026, 8, 31)),
    ];
    for (year, half, start) in starts {
        let term = Term::standard(SchoolYear(year), half, &table);
        assert_eq!((term.start(), term.weeks()), (start, 20), "{}", term.name());
    }
}

#[test]
fn a_term_is_named_by_its_school_year() {
    let table = DayTable::builtin();
    let term = Term::standard_on(day(2026, 11, 23), &table).unwrap();
    assert_eq!(term.name(), "2026-2027学年第一学期");
    assert_eq!(term.week_of(day(2026, 11, 23)), Some(13));
    assert_eq!(term.parity_of(day(2026, 11, 23)), Some(Parity::Odd));
    let spring = Term::standard_on(day(2026, 6, 1), &table).unwrap();
    assert_eq!(spring.name(), "2025-2026学年第二学期");
    assert_eq!(SchoolYear::of(day(2026, 7, 31)), SchoolYear(2025));
    assert_eq!(SchoolYear::of(day(2026, 8, 1)), SchoolYear(2026));
}

#[test]
fn a_vacation_leads_to_the_next_term() {
    let table = DayTable::builtin();
    for (date, name) in [
        (day(2026, 2, 1), "2025-2026学年第二学期"),
        (day(2026, 7, 25), "2026-2027学年第一学期"),
        (day(2026, 8, 15), "2026-2027学年第一学期"),
    ] {
        assert_eq!(Term::standard_on(date, &table), None, "{date}");
        assert_eq!(Term::standard_on_or_after(date, &table).name(), name, "{date}");
    }
}

#[test]
fn impossible_terms_are_refused() {
    let year = SchoolYear(2026);
    assert_eq!(
        Term::new(year, Half::Autumn, day(2026, 9, 1), 20),
        Err(TermError::NotMonday(day(2026, 9, 1), "星期二"))
    );
    assert_eq!(
        Term::new(year, Half::Autumn, day(2026, 8, 31), 0),
        Err(TermError::Weeks(0))
    );
    assert_eq!(
        Term::new(year, Half::Autumn, day(2026, 8, 31), 31),
        Err(TermError::Weeks(31))
    );
    assert!(matches!(
        Term::new(SchoolYear(2025), Half::Autumn, day(2026, 8, 31), 20),
        Err(TermError::Year(..))
    ));
    let stored = r#"{"year":2026,"half":"autumn","start":"2026-09-01","weeks":20}"#;
    assert!(
        serde_json::from_str::<Term>(stored)
            .unwrap_err()
            .to_string()
            .contains("星期二")
    );
    let valid = Term::new(year, Half::Autumn, day(2026, 8, 31), 18).unwrap();
    let text = serde_json::to_string(&valid).unwrap();
    assert_eq!(serde_json::from_str::<Term>(&text).unwrap(), valid);
}

proptest! {
    #[test]
    fn weeks_and_dates_agree(mondays in 0u64..250, weeks in 1u8..=30) {
        let start = day(2023, 1, 2) + chrono::Days::new(mondays * 7);
        let term = Term::new(SchoolYear::of(start), Half::Autumn, start, weeks).unwrap();
        for week in 1..=weeks {
            let range = term.dates_of(week).unwrap();
            prop_assert_eq!(range.start().weekday(), Weekday::Mon);
            prop_assert_eq!(range.end().weekday(), Weekday::Sun);
            for date in range.start().iter_days().take(7) {
                prop_assert_eq!(term.week_of(date), Some(week));
            }
        }
        prop_assert_eq!(*term.dates_of(weeks).unwrap().end(), term.end());
        prop_assert_eq!(term.dates_of(0), None);
        prop_assert_eq!(term.dates_of(weeks + 1), None);
        prop_assert_eq!(term.week_of(start.pred_opt().unwrap()), None);
        prop_assert_eq!(term.week_of(term.end().succ_opt().unwrap()), None);
    }

    #[test]
    fn every_date_finds_a_standard_term(offset in 0u64..3000) {
        let date = day(2020, 1, 1) + chrono::Days::new(offset);
        let table = DayTable::builtin();
        let term = Term::standard_on_or_after(date, &table);
        prop_assert!(date <= term.end());
        match Term::standard_on(date, &table) {
            Some(found) => prop_assert_eq!(found, term),
            None => prop_assert!(date < term.start()),
        }
    }
}
