//! Registers a school draws itself (自定义台账): a [`Drawing`] in the page becomes the same [`RegisterSpec`] that a
//! struct declares, so list, form, Excel, REST, flow, journal and prints are those of every register.
//!
//! A drawing is a draft until it is published; publishing makes or extends its table and puts the register among the
//! school's own. Later versions may add fields, hide them and change words; what was written stays.
mod drawing;
mod editor;
mod flow;
mod page;
mod shelf;
mod spec;
mod store;

pub use drawing::{Drawing, DrawnDuty, DrawnField, DrawnFlow, DrawnIndicator, DrawnStage};
pub use shelf::{PREFIX, load, prepare};
pub use store::{Drawn, create, get, list, publish, retire, save, versions};

use crate::app::{MenuPage, Migration};
use crate::http::{Gate, Routes};

/// The tables.
pub const MIGRATION: Migration = Migration {
    name: "0004_drawn",
    sql: include_str!("../../migrations/0004_drawn.sql"),
};

/// Who may draw.
const DESIGNERS: &[&str] = &["admin", "register-designer"];

/// The menu entry.
pub const PAGE: MenuPage = MenuPage {
    group: "system",
    title: "自定义台账",
    href: page::HERE,
    roles: DESIGNERS,
};

/// The pages.
pub fn routes() -> Routes {
    const GATE: Gate = Gate::Roles(DESIGNERS);
    Routes::new()
        .get("/drawn", GATE, page::list)
        .post("/drawn", GATE, page::begin)
        .post("/drawn/import", GATE, page::import)
        .get("/drawn/{id}", GATE, page::show)
        .post("/drawn/{id}", GATE, page::save)
        .get("/drawn/{id}/try", GATE, page::try_form)
        .post("/drawn/{id}/try", GATE, page::try_out)
        .post("/drawn/{id}/publish", GATE, page::publish)
        .post("/drawn/{id}/retire", GATE, page::retire)
        .get("/drawn/{id}/file", GATE, page::file)
}
