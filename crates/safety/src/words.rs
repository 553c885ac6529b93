//! The small words the rules of this capability share.
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock;
use kernel::register::field::LongText;

/// Whether a text of several lines says something.
pub fn said(text: &Option<LongText>) -> bool {
    text.as_ref().is_some_and(|text| !text.0.trim().is_empty())
}

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
