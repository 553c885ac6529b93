//! Lessons as they are really held (课堂实施): what is taught on a date, who stands in for whom, what that counts for.
//!
//! | module | |
//! |---|---|
//! | [`held`] | the lessons of a date, pure |
//! | `load` | what they follow from, read from the registers |
//! | [`words`] | how dates, periods and changes are written |
//! | `substitution`, `event` | the registers that change them |
//! | `rank`, `plan`, `plan_page` | an absence, the lessons it hits, what can be done |
//! | `day_page` | what is held on a date |
//! | `workload` | what lessons really taught count for |
//! | `training` | training rooms: logged in two taps, usage, reports drafted |
pub mod held;
pub mod words;

mod day_page;
mod event;
mod load;
mod plan;
mod plan_page;
mod rank;
mod substitution;
mod training;
mod workload;

pub use event::{EventKind, TeachingEvent};
pub use load::{Names, of_term, periods_of};
pub use plan::{Absence, Ground, Hit};
pub use plan_page::{leave_address, request};
pub use rank::{Offer, Way};
pub use substitution::{CALLED_OFF, Cause, IN_FORCE, Kind, Substitution};
pub use workload::compute::{Coefficients, Load};
pub use workload::extra::{ExtraKind, GRANTED, WorkloadExtra};
pub use workload::month::loads_of;
pub use workload::rule::{ENACTED, WorkloadRule};
pub use workload::statement::{CONFIRMED, DISPUTED, WAITING, WorkloadStatement};

use kernel::app::MenuPage;
use kernel::http::{Gate, Routes};
use kernel::register::spec::RegisterSpec;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, PERSONNEL, PRINCIPAL, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE,
    VICE_PRINCIPAL,
};

/// Who arranges for lost lessons.
const ARRANGE: &[&str] = &[TEACHING_OFFICE, DEPARTMENT_HEAD, TEACHER];

/// Who sees workload: all of it, that of their department or their own.
const WORKLOAD: &[&str] = &[
    TEACHING_OFFICE,
    PERSONNEL,
    PRINCIPAL,
    VICE_PRINCIPAL,
    DEPARTMENT_HEAD,
    CLASS_TEACHER,
    TEACHER,
];
/// Who logs the use of training rooms and reports on it.
const TRAIN: &[&str] = &[TRAINING_OFFICE, DEPARTMENT_HEAD, TEACHER, TEACHING_OFFICE];
/// Who issues statements and edits the formula.
const OFFICE: &[&str] = &[TEACHING_OFFICE];

/// Menu entries.
pub const PAGES: [MenuPage; 4] = [
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
    MenuPage {
        group: "teaching",
        title: "教学工作量",
        href: workload::page::HERE,
        roles: WORKLOAD,
    },
    MenuPage {
        group: "training",
        title: "实训使用",
        href: training::page::HERE,
        roles: TRAIN,
    },
];

/// Routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(day_page::HERE, Gate::Login, day_page::page)
        .get(plan_page::HERE, Gate::Roles(ARRANGE), plan_page::page)
        .post(plan_page::HERE, Gate::Roles(ARRANGE), plan_page::ask)
        .get(workload::page::HERE, Gate::Roles(WORKLOAD), workload::page::page)
        .get(
            "/workload/export.xlsx",
            Gate::Roles(WORKLOAD),
            workload::page::export,
        )
        .get(
            workload::formula_page::HERE,
            Gate::Roles(WORKLOAD),
            workload::formula_page::page,
        )
        .post(
            workload::formula_page::HERE,
            Gate::Roles(OFFICE),
            workload::formula_page::save,
        )
        .post(
            "/workload/statements",
            Gate::Roles(OFFICE),
            workload::issue::issue,
        )
        .get(training::page::HERE, Gate::Roles(TRAIN), training::page::page)
        .post(training::page::HERE, Gate::Roles(TRAIN), training::page::tap)
        .get(training::report::HERE, Gate::Roles(TRAIN), training::report::page)
        .get(
            "/training-use/report.docx",
            Gate::Roles(TRAIN),
            training::report::word,
        )
}

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Substitution>(),
        RegisterSpec::of::<TeachingEvent>(),
        RegisterSpec::of::<WorkloadRule>(),
        RegisterSpec::of::<WorkloadExtra>(),
        RegisterSpec::of::<WorkloadStatement>(),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), teaching::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
