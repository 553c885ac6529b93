//! Work plans, targets, duties, the board and the summary (计划与总结).
//!
//! A plan's text is read into sections and commitments ([`model`]), which people confirm and bind in the import wizard
//! and publish as a version. Everything is read and written through [`store`].
pub mod assignment;
mod board;
mod breakdown;
mod detail;
mod document;
pub mod duties;
mod heat;
pub mod model;
pub mod publish;
pub mod readings;
pub mod standing;
pub mod store;
pub mod summary;
mod week;
pub mod wizard;

use kernel::app::{MenuPage, Migration};
use kernel::http::{Gate, Routes};
use kernel::register::spec::RegisterSpec;

pub use readings::spawn_daily;

/// The tables of plans, readings and summaries.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0010_plans",
    sql: include_str!("../migrations/0010_plans.sql"),
}];

/// The registers of this capability.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<assignment::Assignment>()]
}

/// Menu entries, in the group `plan`.
pub fn pages() -> Vec<MenuPage> {
    let entry = |title, href| MenuPage {
        group: "plan",
        title,
        href,
        roles: &[],
    };
    vec![
        entry("计划看板", board::HERE),
        entry("责任分解", breakdown::HERE),
        entry("本周待办", week::HERE),
        entry("例行热力图", heat::HERE),
        entry("工作计划", wizard::HERE),
        entry("工作总结", summary::HERE),
    ]
}

/// Routes of the board, the week, the heat map, the wizard and the summary.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", Gate::Login, board::home)
        .get("/board", Gate::Login, board::board)
        .get("/board/{id}", Gate::Login, detail::page)
        .post("/board/{id}/readings", Gate::Login, detail::type_in)
        .post("/board/{id}/done", Gate::Login, detail::done)
        .post("/board/{id}/undone", Gate::Login, detail::undone)
        .get("/duties", Gate::Login, heat::page)
        .get("/week", Gate::Login, week::page)
        .merge(breakdown::routes())
        .merge(wizard::routes())
        .merge(publish::routes())
        .merge(document::routes())
        .merge(summary::routes())
}
