//! High-school timetabling in the XHSTT format: archives, all sixteen constraint kinds, validator, solver.
//!
//! [`Archive::read`] parses, [`solve`] compiles an instance to the general core and searches it, [`check`] scores a
//! solution from the rules alone.

mod check;
mod compile;
mod model;
mod parts;
mod read;
mod read_constraint;
mod solution;
mod solve;

pub use check::{Score, check};
pub use model::{Archive, Constraint, Event, EventResource, Instance, Kind, Resource};
pub use solution::{Meet, Solution};
pub use solve::{Solved, solve};
