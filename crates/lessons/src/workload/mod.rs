//! Teaching workload (教学工作量): lessons really taught × the school's own formula, by month and term.
//!
//! | module | |
//! |---|---|
//! | `rule`, `extra`, `statement` | the registers: formula versions, what the timetable does not show, monthly statements |
//! | [`compute`] | the formula, pure |
//! | `month` | reads what a span of days needs and computes it |
//! | `page`, `formula_page`, `issue` | what is seen, the formula with its preview, statements issued and exported |
pub mod compute;
pub mod extra;
pub mod formula_page;
pub mod issue;
pub mod month;
pub mod page;
pub mod rule;
pub mod statement;
