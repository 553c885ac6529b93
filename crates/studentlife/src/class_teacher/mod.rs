//! Class teachers (班主任): appointment, monthly assessment, training and studios.
mod appointment;
mod attendance;
mod review;
mod training;

pub use appointment::{Appointment, AppointmentKind};
pub use attendance::ClassTeacherAttendance;
pub use review::{ClassTeacherReview, ReviewGrade};
pub use training::{ClassTeacherTraining, TrainingKind};

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Appointment>(),
        RegisterSpec::of::<ClassTeacherReview>(),
        RegisterSpec::of::<ClassTeacherTraining>(),
        RegisterSpec::of::<ClassTeacherAttendance>(),
    ]
}
