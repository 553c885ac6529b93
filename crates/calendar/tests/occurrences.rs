//! What cadences owe over a term.

use std::collections::BTreeSet;

use calendar::{
    Cadence, DayKind, DayTable, Every, Half, Occurrence, Parity, SchoolYear, SpecialDay, SpecialKind, Term,
    occurrences,
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn autumn(year: i32) -> Term {
    Term::standard(SchoolYear(year), Half::Autumn, &DayTable::builtin())
}

fn expand(term: &Term, cadence: Cadence) -> Vec<Occurrence> {
    occurrences(term, &DayTable::builtin(), &cadence)
}

fn labels(found: &[Occurrence]) -> Vec<&str> {
    found.iter().map(|occurrence| occurrence.label.as_str()).collect()
}

#[test]
fn a_week_of_holidays_owes_nothing() {
    let term = autumn(2025); // week 6 is 6–12 October 2025: three holidays, so it stays
    assert_eq!(expand(&term, Cadence::new(1, Every::Week)).len(), 20);
    let mut table = DayTable::builtin();
    for date in day(2025, 11, 3).iter_days().take(5) {
        let sports = SpecialDay {
            kind: SpecialKind::Off,
            name: "秋假".into(),
            stands_for: None,
            derived: false,
        };
        table.set(date, sports);
    }
    let found = occurrences(&term, &table, &Cadence::new(2, Every::Week));
    assert_eq!(found.len(), 19);
    assert!(!labels(&found).contains(&"第10周"));
    assert_eq!(
        (found[9].index, found[9].label.as_str(), found[9].times),
        (10, "第11周", 2)
    );
}

#[test]
fn weekly_duties_are_due_on_the_last_teaching_day_of_the_week() {
    let found = expand(&autumn(2026), Cadence::new(1, Every::Week));
    let dues: Vec<NaiveDate> = found.iter().map(|occurrence| occurrence.due).collect();
    assert_eq!(dues[0], day(2026, 9, 4));
    assert_eq!(dues[2], day(2026, 9, 20), "the worked Sunday");
    assert_eq!(dues[3], day(2026, 9, 24), "Friday is 中秋节");
    assert_eq!(dues[4], day(2026, 9, 30));
    assert_eq!(dues[5], day(2026, 10, 10), "the worked Saturday");
}

#[test]
fn odd_weeks_and_fortnights() {
    let term = autumn(2026);
    let odd = expand(&term, Cadence::new(1, Every::Week).in_weeks(Parity::Odd));
    assert_eq!(odd.len(), 10);
    assert!(
        odd.iter()
            .all(|occurrence| term.parity_of(occurrence.due) == Some(Parity::Odd))
    );
    let fortnights = expand(&term, Cadence::new(1, Every::Week).with_interval(2));
    assert_eq!((fortnights.len(), fortnights[0].label.as_str()), (10, "第1—2周"));
    let threes = expand(&term, Cadence::new(1, Every::Week).with_interval(3));
    assert_eq!(
        (threes.len(), threes[5].label.as_str()),
        (6, "第16—20周"),
        "two weeks left over extend the last"
    );
}

#[test]
fn a_stub_of_a_month_joins_its_neighbour() {
    let found = expand(&autumn(2026), Cadence::new(1, Every::Month));
    assert_eq!(labels(&found), ["9月", "10月", "11月", "12月", "1月"]);
    assert_eq!(
        (found[0].from, found[0].due),
        (day(2026, 8, 31), day(2026, 9, 30))
    );
    assert_eq!((found[4].to, found[4].due), (day(2027, 1, 17), day(2027, 1, 15)));
    let spring = Term::new(SchoolYear(2025), Half::Spring, day(2026, 2, 23), 18).unwrap();
    // 24–28 February: five teaching days with the worked Saturday, no stub.
    assert_eq!(
        labels(&expand(&spring, Cadence::new(1, Every::Month))),
        ["2月", "3月", "4月", "5月", "6月"]
    );
    let late = Term::new(SchoolYear(2026), Half::Autumn, day(2026, 8, 31), 18).unwrap();
    let last = expand(&late, Cadence::new(1, Every::Month)).pop().unwrap();
    assert_eq!(
        (last.label.as_str(), last.to),
        ("12月", day(2027, 1, 3)),
        "1 to 3 January teach nothing"
    );
}

#[test]
fn a_month_shortened_by_holidays_only_keeps_its_duty() {
    let mut table = DayTable::builtin();
    for date in day(2026, 11, 1).iter_days().take(28) {
        let closed = SpecialDay {
            kind: SpecialKind::Off,
            name: "停课".into(),
            stands_for: None,
            derived: false,
        };
        table.set(date, closed);
    }
    let found = occurrences(&autumn(2026), &table, &Cadence::new(1, Every::Month));
    assert_eq!(
        (found[2].label.as_str(), found[2].due),
        ("11月", day(2026, 11, 30))
    );
}

#[test]
fn longer_periods() {
    let term = autumn(2026);
    assert_eq!(
        labels(&expand(&term, Cadence::new(1, Every::Month).with_interval(2))),
        ["9—10月", "11—1月"]
    );
    assert_eq!(
        labels(&expand(&term, Cadence::new(1, Every::Quarter))),
        ["第三季度", "第四季度"]
    );
    let halves = expand(&term, Cadence::new(1, Every::HalfMonth));
    assert_eq!(halves.len(), 9);
    assert_eq!(
        (halves[0].label.as_str(), halves[0].from),
        ("9月上半月", day(2026, 8, 31))
    );
    let whole = expand(&term, Cadence::new(3, Every::Term));
    assert_eq!((labels(&whole), whole[0].times), (vec!["第一学期"], 3));
    assert_eq!((whole[0].from, whole[0].due), (term.start(), day(2027, 1, 15)));
    let yearly = expand(&term, Cadence::new(7, Every::Year).with_interval(3));
    assert_eq!((labels(&yearly), yearly[0].times), (vec!["2026-2027学年"], 3));
}

#[test]
fn before_holidays() {
    let found = expand(&autumn(2026), Cadence::new(1, Every::BeforeHoliday));
    assert_eq!(labels(&found), ["中秋节前", "国庆节前", "元旦前", "寒假前"]);
    let windows: Vec<_> = found
        .iter()
        .map(|occurrence| (occurrence.from, occurrence.due))
        .collect();
    assert_eq!(windows[0], (day(2026, 9, 22), day(2026, 9, 24)));
    assert_eq!(windows[1], (day(2026, 9, 28), day(2026, 9, 30)));
    assert_eq!(windows[2], (day(2026, 12, 29), day(2026, 12, 31)));
    assert_eq!(windows[3], (day(2027, 1, 13), day(2027, 1, 15)));
    let together = expand(&autumn(2025), Cadence::new(1, Every::BeforeHoliday));
    assert_eq!(labels(&together), ["国庆节、中秋节前", "元旦前", "寒假前"]);
}

#[test]
fn cadences_read_as_in_a_plan() {
    let said = [
        (Cadence::new(2, Every::Week), "每周2次"),
        (Cadence::new(1, Every::Week).in_weeks(Parity::Even), "每双周1次"),
        (Cadence::new(1, Every::Month).with_interval(2), "每两个月1次"),
        (Cadence::new(7, Every::Year).with_interval(3), "每3年7次"),
        (Cadence::new(0, Every::BeforeHoliday), "节前1次"),
    ];
    for (cadence, text) in said {
        assert_eq!(cadence.to_string(), text);
    }
    let stored: Cadence = serde_json::from_str(r#"{"times":2,"every":"half_month"}"#).unwrap();
    assert_eq!(stored, Cadence::new(2, Every::HalfMonth));
}

fn any_term() -> impl Strategy<Value = Term> {
    (0u64..230, 1u8..=26, any::<bool>()).prop_map(|(mondays, weeks, spring)| {
        let start = day(2023, 1, 2) + Days::new(mondays * 7);
        let half = if spring { Half::Spring } else { Half::Autumn };
        Term::new(SchoolYear::of(start), half, start, weeks).unwrap()
    })
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    let every = prop::sample::select(vec![
        Every::Day,
        Every::Week,
        Every::HalfMonth,
        Every::Month,
        Every::Quarter,
        Every::Term,
        Every::Year,
        Every::BeforeHoliday,
    ]);
    let parity = prop::option::of(prop::sample::select(vec![Parity::Odd, Parity::Even]));
    (0u16..6, every, 0u8..5, parity).prop_map(|(times, every, interval, weeks)| Cadence {
        times,
        every,
        interval,
        weeks,
    })
}

proptest! {
    #[test]
    fn windows_are_ordered_disjoint_and_due_on_teaching_days(term in any_term(), cadence in any_cadence()) {
        let table = DayTable::builtin();
        let found = occurrences(&term, &table, &cadence);
        for (at, occurrence) in found.iter().enumerate() {
            prop_assert_eq!(usize::from(occurrence.index), at + 1);
            prop_assert!(occurrence.times >= 1);
            prop_assert!(term.start() <= occurrence.from && occurrence.to <= term.end());
            prop_assert!((occurrence.from..=occurrence.to).contains(&occurrence.due));
            prop_assert!(!table.is_holiday(occurrence.due));
            let weekend = matches!(occurrence.due.weekday(), Weekday::Sat | Weekday::Sun);
            let worked = table.get(occurrence.due).is_some_and(|day| day.kind == SpecialKind::Work);
            prop_assert_eq!(weekend, worked);
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].to < pair[1].from);
        }
    }

    #[test]
    fn all_teaching_days_are_covered(
        term in any_term(),
        every in prop::sample::select(vec![
            Every::Day, Every::Week, Every::HalfMonth, Every::Month, Every::Quarter, Every::Term, Every::Year,
        ]),
        interval in 1u8..5,
    ) {
        let table = DayTable::builtin();
        let taught: BTreeSet<NaiveDate> = table.teaching_days(&term, term.range()).into_iter().collect();
        let covered: BTreeSet<NaiveDate> = occurrences(&term, &table, &Cadence::new(1, every).with_interval(interval))
            .iter()
            .flat_map(|occurrence| table.teaching_days(&term, occurrence.from..=occurrence.to))
            .collect();
        prop_assert_eq!(covered, taught);
    }

    #[test]
    fn teaching_days_are_weekdays_less_holidays_and_make_up_days(term in any_term()) {
        let table = DayTable::builtin();
        let mut expected = 0;
        for date in term.start().iter_days().take(usize::from(term.weeks()) * 7) {
            let kind = table.kind_of(&term, date);
            if table.get(date).is_some_and(|day| day.kind == SpecialKind::Work) {
                let made_up = matches!(kind, DayKind::Makeup { .. });
                prop_assert!(made_up);
                expected += 1;
            } else if !table.is_holiday(date) && date.weekday().num_days_from_monday() < 5 {
                prop_assert_eq!(kind.weekday_taught(), Some(date.weekday()));
                expected += 1;
            }
        }
        prop_assert_eq!(table.teaching_days(&term, term.range()).len(), expected);
    }
}
