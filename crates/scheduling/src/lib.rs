//! Offerings (任务落实, B4) and the timetable (课务, B5): who teaches what to whom, when and where, from the programme to
//! the week that is on the wall.
//!
//! [`offering`] is the register; [`model`] turns it into the scheduling core's school and back; [`run`] searches beside
//! the requests; [`drafts`] keeps what was found and moved by hand; [`publish`] writes the lessons of dataset T10.
mod board;
mod desk;
pub mod drafts;
mod editor;
mod effect;
pub mod facts;
pub mod feed;
pub mod fill;
mod grid;
pub mod model;
#[cfg(test)]
mod model_test;
mod moving;
pub mod offering;
mod pick;
pub mod publish;
mod rules;
pub mod run;
pub mod settings;
mod setup;
mod view;
pub mod week;

use kernel::app::{MenuPage, Migration};
use kernel::http::{Gate, Routes};
use kernel::register::spec::RegisterSpec;
use people::roles::{DEPARTMENT_HEAD, TEACHING_OFFICE};

pub use offering::{Need, Offering, Part};

/// Tables that are not registers.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0030_scheduling",
        sql: include_str!("../migrations/0030_scheduling.sql"),
    },
    Migration {
        name: "0031_redo",
        sql: include_str!("../migrations/0031_redo.sql"),
    },
];

/// The registers of this capability.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Offering>()]
}

/// Who makes timetables.
const OFFICE: &[&str] = &[TEACHING_OFFICE];
/// Who says who teaches what.
const KEEPERS: &[&str] = &[TEACHING_OFFICE, DEPARTMENT_HEAD];

/// Menu entries, in the group `teaching`.
pub fn pages() -> Vec<MenuPage> {
    let entry = |title, href, roles| MenuPage {
        group: "teaching",
        title,
        href,
        roles,
    };
    vec![
        entry("课表", view::HERE, &[]),
        entry("任务落实", board::HERE, KEEPERS),
        entry("排课", desk::HERE, OFFICE),
    ]
}

/// Routes of the offerings, the drafts and the week.
pub fn routes() -> Routes {
    const KEEP: Gate = Gate::Roles(KEEPERS);
    const MAKE: Gate = Gate::Roles(OFFICE);
    Routes::new()
        .get("/offerings", KEEP, board::page)
        .post("/offerings/generate", MAKE, board::generate)
        .post("/offerings/copy", MAKE, board::copy)
        .post("/offerings/{id}/teacher", KEEP, board::assign)
        .get("/scheduling", MAKE, desk::page)
        .get("/scheduling/setup", MAKE, setup::page)
        .post("/scheduling/setup", MAKE, setup::write::save)
        .post("/scheduling/setup/close", MAKE, setup::write::close)
        .post("/scheduling/setup/away", MAKE, setup::write::leave)
        .post("/scheduling/setup/remove", MAKE, setup::write::drop_one)
        .post("/scheduling/runs", MAKE, desk::start)
        .get("/scheduling/compare", MAKE, desk::compare)
        .get("/scheduling/{id}", MAKE, editor::page)
        .get("/scheduling/{id}/progress", MAKE, desk::progress)
        .post("/scheduling/{id}/cancel", MAKE, desk::cancel)
        .get("/scheduling/{id}/places", MAKE, moving::show_places)
        .post("/scheduling/{id}/move", MAKE, moving::shift)
        .post("/scheduling/{id}/undo", MAKE, moving::undo)
        .post("/scheduling/{id}/redo", MAKE, moving::redo)
        .post("/scheduling/{id}/lock", MAKE, moving::lock)
        .post("/scheduling/{id}/publish", MAKE, desk::publish)
        .post("/scheduling/{id}/title", MAKE, desk::rename)
        .post("/scheduling/{id}/delete", MAKE, desk::delete)
        .get("/timetable", Gate::Login, view::page)
        .get("/timetable/export.xlsx", Gate::Login, view::export)
        .post("/timetable/feed", Gate::Login, feed::make)
        .post("/timetable/feed/revoke", Gate::Login, feed::revoke)
        .get("/timetable/ical/{file}", Gate::Public, feed::serve)
}
