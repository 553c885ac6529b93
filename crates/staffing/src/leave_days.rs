//! How long a leave is.
use chrono::{Datelike, NaiveDate, Weekday};

fn is_workday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The day itself or the first day of work after it.
pub(crate) fn next_workday(day: NaiveDate) -> Option<NaiveDate> {
    day.iter_days().find(|day| is_workday(*day))
}

/// Days from `first` to `last`, both counted, in tenths: all of them when the leave runs through days off, else days of
/// work. A leave on days off only, from a duty at the weekend, counts them all.
pub(crate) fn days_of(runs_through: bool, first: NaiveDate, last: NaiveDate) -> i64 {
    let all = ((last - first).num_days() + 1).max(0);
    let work = first
        .iter_days()
        .take(all as usize)
        .filter(|day| is_workday(*day));
    let work = work.count() as i64;
    10 * if runs_through || work == 0 { all } else { work }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::test_day;

    #[test]
    fn days_off_count_only_when_the_leave_runs_through_them() {
        let day = |after| test_day() + chrono::Duration::days(after);
        assert_eq!(test_day().weekday(), Weekday::Mon);
        // Friday to Monday.
        assert_eq!(days_of(false, day(4), day(7)), 20);
        assert_eq!(days_of(true, day(4), day(7)), 40);
        assert_eq!(days_of(false, day(5), day(6)), 20, "a duty at the weekend");
        assert_eq!(days_of(false, day(1), day(0)), 0);
        assert_eq!(next_workday(day(5)), Some(day(7)));
        assert_eq!(next_workday(day(4)), Some(day(4)));
    }
}
