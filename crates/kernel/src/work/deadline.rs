//! Time limits of steps (办理时限), counted in working days since the record came to its state.
use crate::clock::local;
use crate::register::spec::RegisterSpec;
use crate::register::store::Record;
use calendar::{DayTable, SpecialKind};
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whether offices work on the date: a weekday that is no holiday, or a weekend day made up for one. School vacations
/// do not stop the clock.
pub fn is_working(days: &DayTable, date: NaiveDate) -> bool {
    if days.get(date).is_some_and(|day| day.kind == SpecialKind::Work) {
        return true;
    }
    !days.is_holiday(date) && !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The `count`th working day after `from`; the day itself is not counted.
pub fn after(days: &DayTable, from: NaiveDate, count: u16) -> NaiveDate {
    let (mut date, mut left) = (from, count);
    while left > 0 {
        date = date + Days::new(1);
        if is_working(days, date) {
            left -= 1;
        }
    }
    date
}

/// The last day on which a step of those offered in the record's state is in time; none when no limit is set.
pub fn of(spec: &RegisterSpec, record: &Record, days: &DayTable) -> Option<NaiveDate> {
    let limit = spec
        .flow
        .steps
        .iter()
        .filter(|step| {
            step.from.contains(&record.state)
                && step
                    .when
                    .as_ref()
                    .is_none_or(|guard| guard.holds(spec, &record.values))
        })
        .filter_map(|step| step.days)
        .min()?;
    Some(after(days, local(record.state_at).date(), limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn weekends_and_holidays_do_not_count_and_made_up_days_do() {
        let days = DayTable::builtin();
        assert_eq!(
            after(&days, day("2026-11-20"), 1),
            day("2026-11-23"),
            "Friday to Monday"
        );
        assert_eq!(
            after(&days, day("2026-11-21"), 1),
            day("2026-11-23"),
            "Saturday to Monday"
        );
        assert_eq!(
            after(&days, day("2026-09-30"), 1),
            day("2026-10-08"),
            "over the National Day holiday"
        );
        assert!(
            is_working(&days, day("2026-10-10")),
            "a Saturday made up for the holiday"
        );
        assert_eq!(after(&days, day("2026-10-09"), 1), day("2026-10-10"));
        assert_eq!(after(&days, day("2026-11-23"), 0), day("2026-11-23"));
    }
}
