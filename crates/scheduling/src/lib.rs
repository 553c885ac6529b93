//! Offerings (任务落实, B4) and the timetable (课务, B5): who teaches what to whom, when and where, from the programme to
//! the week that is on the wall.
//!
//! [`offering`] is the register; [`model`] turns it into the scheduling core's school and back; [`run`] searches beside
//! the requests; [`drafts`] keeps what was found and moved by hand; [`publish`] writes the lessons of dataset T10.
pub mod drafts;
pub mod facts;
pub mod fill;
pub mod model;
pub mod offering;
pub mod publish;
pub mod run;
pub mod settings;

use kernel::app::Migration;
use kernel::register::spec::RegisterSpec;

pub use offering::{Need, Offering, Part};

/// Tables that are not registers.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0030_scheduling",
    sql: include_str!("../migrations/0030_scheduling.sql"),
}];

/// The registers of this capability.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Offering>()]
}
