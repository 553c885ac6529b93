//! Terms, teaching weeks, holidays and cadences (校历). Pure.
//!
//! A [`Term`] (学期) is a run of numbered teaching weeks; a [`DayTable`] holds the holidays and make-up days
//! (节假日与调休); together they say what a date is ([`DayKind`]). A [`Cadence`] (每周2次, 每月1次, 节前…) expands
//! to the [`Occurrence`]s (应办) a term owes by [`occurrences`].

mod cadence;
mod day;
mod day_table;
mod expand;
mod import;
mod term;

pub use cadence::{Cadence, Every, Parity};
pub use day::{DayKind, weekday_name, weekday_short};
pub use day_table::{DayTable, PROVISIONAL_NOTE, SpecialDay, SpecialKind};
pub use expand::{Occurrence, occurrences};
pub use import::{ImportError, LineProblem};
pub use term::{Half, SchoolYear, Term, TermError};
