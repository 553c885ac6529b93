//! The demo school (演示学校): people, places and texts that are plausible and unreal, made from a seed.
//!
//! [`Generator::new`] takes the seed; [`Generator::school`] makes the people and places, [`Generator::texts`] words for
//! the records of a term, [`plan_text`] the school's own work plan. All this is pure. [`fill`] puts the school with ten
//! weeks of records, a published plan and accounts into an empty installation.

mod assemble;
pub mod catalog;
mod generator;
pub mod identity;
mod install;
mod names;
mod places;
mod plan;
mod rng;
mod school;
mod texts;

pub use assemble::SCHOOL_NAME;
pub use generator::Generator;
pub use install::{DemoAccount, fill};
pub use places::{AREAS, CITY, SOURCE_SCHOOLS};
pub use plan::plan_text;
pub use rng::Rng;
pub use school::*;
pub use texts::{Accident, HazardText, Texts};
