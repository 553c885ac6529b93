//! Work plans, targets, duties, the board and the summary (计划与总结).
//!
//! A plan's text is read into sections and commitments ([`model`]), which people confirm and bind in the import wizard
//! and publish as a version. Everything is read and written through [`store`].
pub mod model;
pub mod store;

use kernel::app::Migration;

/// The tables of plans, readings and summaries.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0010_plans",
    sql: include_str!("../migrations/0010_plans.sql"),
}];
