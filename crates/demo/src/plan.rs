//! The demo school's own work plan.

use calendar::Term;
use chrono::Datelike;

use crate::SCHOOL_NAME;

const TEMPLATE: &str = include_str!("plan.txt");

/// A term that begins on this day of a month or later has its first dates in the next one.
const LATE_START: u32 = 20;

/// The work plan of the demo school for a term: its name and months put in.
///
/// The months count from the one in which the term begins, so that a date such as 月底前 lies within the term.
pub fn plan_text(term: &Term) -> String {
    let start = term.start();
    let first_month = start.month() + u32::from(start.day() >= LATE_START);
    let mut text = TEMPLATE
        .replace("{学校}", SCHOOL_NAME)
        .replace("{学年}", &term.year().label())
        .replace("{学期}", term.half().label());
    for at in 0..5 {
        let month = (first_month - 1 + at) % 12 + 1;
        text = text.replace(&format!("{{月{}}}", at + 1), &format!("{month}月"));
    }
    text
}
