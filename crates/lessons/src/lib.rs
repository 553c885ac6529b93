//! Lessons as they are really held (课堂实施): what is taught on a date, who stands in for whom, what that counts for.
//!
//! | module | |
//! |---|---|
//! | [`held`] | the lessons of a date, pure |
//! | `load` | what they follow from, read from the registers |
//! | `substitution`, `event` | the registers that change them |
//! | `rank`, `plan`, `plan_page` | an absence, the lessons it hits, what can be done |
//! | `day_page` | what is held on a date |
pub mod held;

mod day_page;
mod event;
mod load;
mod plan;
mod plan_page;
mod rank;
mod substitution;
mod words;

pub use event::{EventKind, TeachingEvent};
pub use substitution::{CALLED_OFF, Cause, IN_FORCE, Kind, Substitution};

use kernel::app::MenuPage;
use kernel::http::{Gate, Routes};
use kernel::register::spec::RegisterSpec;
use people::roles::{DEPARTMENT_HEAD, TEACHER, TEACHING_OFFICE};

/// Who arranges for lost lessons.
const ARRANGE: &[&str] = &[TEACHING_OFFICE, DEPARTMENT_HEAD, TEACHER];

/// Menu entries.
pub const PAGES: [MenuPage; 2] = [
    MenuPage {
        group: "teaching",
        title: "当日课表",
        href: day_page::HERE,
        roles: &[],
    },
    MenuPage {
        group: "teaching",
        title: "调代课安排",
        href: plan_page::HERE,
        roles: ARRANGE,
    },
];

/// Routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(day_page::HERE, Gate::Login, day_page::page)
        .get(plan_page::HERE, Gate::Roles(ARRANGE), plan_page::page)
        .post(plan_page::HERE, Gate::Roles(ARRANGE), plan_page::ask)
}

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Substitution>(),
        RegisterSpec::of::<TeachingEvent>(),
    ]
}
