//! Whether an optional text says something, and what the tests of rules build their samples from.
use kernel::register::field::LongText;
use people::checks::filled;

/// Whether the text says something.
pub(crate) fn said(text: &Option<LongText>) -> bool {
    filled(text.as_ref().map(|text| text.0.as_str()))
}

#[cfg(test)]
pub(crate) mod testing {
    use chrono::NaiveDate;
    use kernel::register::field::{LongText, Ref};
    use uuid::Uuid;

    /// So many days after the day on which rules are tested.
    pub(crate) fn day(after: i64) -> NaiveDate {
        people::sound::test_day() + chrono::Duration::days(after)
    }

    /// An optional text.
    pub(crate) fn text(text: &str) -> Option<LongText> {
        Some(LongText(text.into()))
    }

    /// A reference to no record in particular.
    pub(crate) fn some<T>() -> Ref<T> {
        Ref::new(Uuid::nil())
    }
}
