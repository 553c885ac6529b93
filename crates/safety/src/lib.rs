//! Campus safety and logistics (安全管理与后勤保障).
//!
//! Inspections (隐患排查) prove that somebody looked, also when nothing was found; hazards (隐患整改) are followed
//! until they are closed; lessons (安全教育) are kept per class; accidents (学生伤害事故) are reported and closed; drills
//! (应急演练) are timed and evaluated. The gate ([`gate`]) knows who came and left, the canteen ([`canteen`]) and the
//! clinic ([`health`]) keep their daily books, [`upkeep`] checks each room and reads the meters.
mod accident;
mod area;
pub mod canteen;
mod drill;
pub mod gate;
mod hazard;
pub mod health;
mod inspection;
mod lesson;
pub mod upkeep;
mod words;

pub use accident::{Accident, AccidentKind, Insurance, Occasion, Severity};
pub use area::Area;
pub use drill::{Drill, DrillGrade, DrillKind};
pub use hazard::{Hazard, HazardLevel, Risk};
pub use inspection::{Inspection, InspectionKind};
pub use lesson::{LessonKind, LessonSubject, SafetyLesson};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Inspection>(),
        RegisterSpec::of::<Hazard>(),
        RegisterSpec::of::<SafetyLesson>(),
        RegisterSpec::of::<Drill>(),
        RegisterSpec::of::<Accident>(),
        RegisterSpec::of::<gate::Visitor>(),
        RegisterSpec::of::<gate::GatePass>(),
        RegisterSpec::of::<gate::VehicleEntry>(),
        RegisterSpec::of::<canteen::CanteenCheck>(),
        RegisterSpec::of::<canteen::FoodSample>(),
        RegisterSpec::of::<canteen::MealCompany>(),
        RegisterSpec::of::<canteen::Disinfection>(),
        RegisterSpec::of::<health::HealthReport>(),
        RegisterSpec::of::<health::SickAbsence>(),
        RegisterSpec::of::<health::InfectionReport>(),
        RegisterSpec::of::<health::ClinicVisit>(),
        RegisterSpec::of::<upkeep::PropertyCheck>(),
        RegisterSpec::of::<upkeep::Meter>(),
        RegisterSpec::of::<upkeep::MeterReading>(),
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
