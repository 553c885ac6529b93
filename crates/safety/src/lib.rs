//! Campus safety (安全管理): inspections and the hazards they find, safety lessons, accidents of students.
//!
//! Inspections (隐患排查) prove that somebody looked, also when nothing was found; hazards (隐患整改) are followed
//! until they are closed; lessons (安全教育) are kept per class; accidents (学生伤害事故) are reported and closed.
mod accident;
mod hazard;
mod inspection;
mod lesson;

pub use accident::{Accident, AccidentKind, Insurance, Occasion, Severity};
pub use hazard::{Area, Hazard, HazardLevel, Risk};
pub use inspection::{Inspection, InspectionKind};
pub use lesson::{LessonKind, LessonSubject, SafetyLesson};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Inspection>(),
        RegisterSpec::of::<Hazard>(),
        RegisterSpec::of::<SafetyLesson>(),
        RegisterSpec::of::<Accident>(),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
