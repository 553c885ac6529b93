//! The one source of "now". Injected, so that tests and the demo can stand still.
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always the same instant.
    Fixed(DateTime<Utc>),
}

/// Schools in mainland China share one zone, UTC+8, without daylight saving.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset")
}

impl Clock {
    /// A clock that stands at `text`, an RFC 3339 instant or a date (then 09:00 in Shanghai).
    pub fn fixed(text: &str) -> Option<Clock> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Clock::Fixed(at.with_timezone(&Utc)));
        }
        let day: NaiveDate = text.parse().ok()?;
        Some(Clock::Fixed(instant_at(day.and_hms_opt(9, 0, 0)?)))
    }

    /// The present instant, cut to milliseconds so that both databases keep it exactly.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Clock::System => Utc::now(),
            Clock::Fixed(at) => *at,
        };
        Utc.timestamp_millis_opt(now.timestamp_millis())
            .single()
            .unwrap_or(now)
    }

    /// Today's date in Shanghai.
    pub fn today(&self) -> NaiveDate {
        local(self.now()).date()
    }
}

/// An instant as wall-clock time in Shanghai.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone()).naive_local()
}

/// Wall-clock time in Shanghai as an instant.
pub fn instant_at(wall: NaiveDateTime) -> DateTime<Utc> {
    (wall - chrono::Duration::hours(8)).and_utc()
}

/// Date and time of day as the school sees them: `2026-11-23 14:05`.
pub fn minute(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}
