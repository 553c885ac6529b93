//! Training rooms and teaching research (实训与教研).
//!
//! Training rooms (实训室) feed national dataset 16 and carry a safety class, which sets how often they are inspected
//! (实训室安全检查); teaching groups keep their activities (教研活动).
mod majors;
mod materials;
mod practice;
mod programme;
mod research_activity;
mod room_check;
mod school_year;
mod training_room;

pub use majors::{
    Health, Major, MajorChange, MajorProposal, MajorStatus, MajorSurvey, MajorYear, SurveyKind,
};
pub use materials::{
    BookForm, CaseGrade, DigitalResource, Element, FileCheckLevel, FileState, IdeologyCase, ResourceCategory,
    SchoolTextbook, Subject, TeachingFileCheck, Textbook, TextbookAdoption, TextbookRank, TextbookSource,
};
pub use practice::{
    BaseStatus, LogState, LogUse, ProjectStatus, SixSCheck, SixSGrade, SixSLevel, TrainingBase, TrainingLog,
    TrainingProcess, TrainingProject, Trend,
};
pub use programme::{CourseChoice, LessonSlot, PlannedCourse, Weekday, Weeks};
pub use research_activity::{ResearchActivity, ResearchKind, ResearchTopic};
pub use room_check::{CheckLevel, CheckResult, TrainingRoomCheck};
pub use training_room::{HazardCategory, SafetyClass, TrainingRoom};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Major>(),
        RegisterSpec::of::<MajorSurvey>(),
        RegisterSpec::of::<MajorProposal>(),
        RegisterSpec::of::<MajorYear>(),
        RegisterSpec::of::<PlannedCourse>(),
        RegisterSpec::of::<LessonSlot>(),
        RegisterSpec::of::<CourseChoice>(),
        RegisterSpec::of::<Textbook>(),
        RegisterSpec::of::<TextbookAdoption>(),
        RegisterSpec::of::<SchoolTextbook>(),
        RegisterSpec::of::<DigitalResource>(),
        RegisterSpec::of::<IdeologyCase>(),
        RegisterSpec::of::<ResearchActivity>(),
        RegisterSpec::of::<TeachingFileCheck>(),
        RegisterSpec::of::<TrainingBase>(),
        RegisterSpec::of::<TrainingRoom>(),
        RegisterSpec::of::<TrainingProject>(),
        RegisterSpec::of::<TrainingLog>(),
        RegisterSpec::of::<TrainingProcess>(),
        RegisterSpec::of::<SixSCheck>(),
        RegisterSpec::of::<TrainingRoomCheck>(),
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
