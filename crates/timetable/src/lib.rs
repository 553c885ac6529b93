//! The scheduling model and its solvers (排课). Pure: no database, no web, no clock but the time limit.
//!
//! - [`cbctt`]: curriculum-based course timetabling (ITC-2007 track 3), reader, validator and a specialised kernel.
//! - [`xhstt`]: high-school timetabling, all sixteen constraint kinds, over the general core.
//! - [`fet`]: files of the program FET, the constraint kinds of five public samples.
//! - [`file`]: any of these files by its content.
//! - [`school`]: a vocational school's week over the same core, with constraints in the school's words.
//!
//! Every solver is *anytime*: it takes a [`Control`] (time limit or iteration budget, threads, seed, cancel flag,
//! progress callback) and hands back the best it found, never worse than what it was given.

pub mod cbctt;
mod control;
mod engine;
mod error;
pub mod fet;
pub mod file;
mod rng;
pub mod school;
pub mod xhstt;
mod xml;

pub use control::{Control, Outcome, Progress};
pub use engine::CostFunction;
pub use error::ReadError;
