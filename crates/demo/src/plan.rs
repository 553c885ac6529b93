//! The demo school's own work plan.

use calendar::{Half, Term};
use chrono::Datelike;

use crate::SCHOOL_NAME;

const TEMPLATE: &str = include_str!("plan.txt");

/// The work plan of the demo school for a term: its name, entry years and months put in.
///
/// The months of the term count from September in autumn and from March in spring, so that a date such as 月底前 lies
/// within the term.
pub fn plan_text(term: &Term) -> String {
    let year = term.year().0;
    let first_month = match term.half() {
        Half::Autumn => 9,
        Half::Spring => term.start().month().max(3),
    };
    let mut text = TEMPLATE
        .replace("{学校}", SCHOOL_NAME)
        .replace("{学年}", &term.year().label())
        .replace("{学期}", term.half().label())
        .replace("{下年级}", &format!("{}级", year + 1))
        .replace("{二年级}", &format!("{}级", year - 1))
        .replace("{三年级}", &format!("{}级", year - 2));
    for at in 0..5 {
        let month = (first_month - 1 + at) % 12 + 1;
        text = text.replace(&format!("{{月{}}}", at + 1), &format!("{month}月"));
    }
    text
}
