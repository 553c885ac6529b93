//! The small words the rules of this capability share.
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock;

/// The day of an instant as the school counts days.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    clock::local(at).date()
}

/// An hour of the day on which rules are tested, `days` later.
#[cfg(test)]
pub fn moment(days: i64, hour: u32) -> DateTime<Utc> {
    let day = people::sound::test_day() + chrono::Duration::days(days);
    clock::instant_at(day.and_hms_opt(hour, 0, 0).expect("an hour"))
}
