//! Curriculum-based course timetabling, ITC-2007 track 3, formulation UD2 (the `.ctt` files).
//!
//! [`read`](Instance::read) parses a file, [`solve`] searches, [`check`] scores a solution and shares no code with the
//! search, so that one can disprove the other.

mod anneal;
mod check;
mod kernel;
#[cfg(test)]
mod kernel_test;
mod model;
mod read;
mod rooms;
mod solution;

pub use anneal::{Solved, solve, solve_from};
pub use check::{Score, check};
pub use model::{Course, Curriculum, Instance, Room};
pub use solution::{Place, Solution};
