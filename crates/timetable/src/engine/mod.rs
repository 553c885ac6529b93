//! The general core: events made of meets, resources with a busy row per week pattern, and rules with points of
//! application that keep their cost up to date under every change.
//!
//! XHSTT, the school model and FET files compile to a [`Problem`]; [`anneal`] searches it. A change is carried out by
//! primitive operations on [`State`], which log themselves; the touched rules are then settled once, with an exact early
//! exit, and the whole change is kept or rolled back.

mod anneal;
mod construct;
mod moves;
mod problem;
mod rules;
mod settle;
mod shape;
mod state;
#[cfg(test)]
mod state_test;

pub(crate) use anneal::{Round, Tuning, anneal};
pub(crate) use problem::{Event, Open, Problem};
pub use rules::CostFunction;
pub(crate) use rules::{Custom, Level, Limits, Rule};
pub(crate) use shape::Mask;
pub(crate) use state::{NO_TIME, NONE, Placement, State};
