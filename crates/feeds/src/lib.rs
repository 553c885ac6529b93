//! The national datasets (国家数据标准的 61 张数据表): registers for what machines feed ([`registers`]), where each column
//! of each table comes from ([`source`]), the rows themselves, checked ([`rows`], [`check`]), those of a day ([`daily`]),
//! files of them ([`export`]) and the pages 数据填报.
pub mod check;
mod counts;
pub mod daily;
pub mod evening;
pub mod export;
mod kept;
mod machine;
mod pages;
pub mod rows;
pub mod source;

pub use machine::registers;

use kernel::app::{MenuPage, Migration};
use kernel::http::{Gate, Routes};

/// Tables that are not registers.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0020_datasets",
    sql: include_str!("../migrations/0020_datasets.sql"),
}];

/// Who reports.
const ROLES: &[&str] = &["admin", "it-center", "office", "principal"];

/// The menu entry.
pub const PAGE: MenuPage = MenuPage {
    group: "feeds",
    title: "数据填报",
    href: pages::HERE,
    roles: ROLES,
};

/// Routes of 数据填报.
pub fn routes() -> Routes {
    const GATE: Gate = Gate::Roles(ROLES);
    Routes::new()
        .get("/datasets", GATE, pages::list)
        .post("/datasets/check", GATE, pages::check_all)
        .get("/datasets/{no}", GATE, pages::show)
        .get("/datasets/{no}/rows.json", GATE, pages::get_json)
        .post("/datasets/{no}/rows.json", GATE, pages::post_json)
        .get("/datasets/{no}/rows.xlsx", GATE, pages::get_xlsx)
        .post("/datasets/{no}/rows.xlsx", GATE, pages::post_xlsx)
}
