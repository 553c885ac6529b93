//! FET files (`.fet`): the constraint kinds of the five public samples this project measures against. Any other kind is
//! refused by name with its line, never ignored.
//!
//! A constraint at 100 % is hard; a lower percentage is soft with a tenth of it as weight; 0 % does not count.

#[cfg(test)]
mod agree_test;
mod check;
mod compile;
mod model;
mod read;
mod read_constraint;
mod rules;
mod solution;
mod solve;

pub use check::{Score, check};
pub use model::{Activity, Constraint, Institution, Kind, Room, Who};
pub use solution::{Place, Solution};
pub use solve::{Solved, solve};
