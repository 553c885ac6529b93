//! Leave and absence (请假与缺勤): national datasets 38 and 39.
mod absence;
mod leave;

pub use absence::StudentAbsence;
pub use leave::StudentLeave;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<StudentLeave>(),
        RegisterSpec::of::<StudentAbsence>(),
    ]
}
