//! Teaching, training and teaching research (教学、实训与教研).
//!
//! Majors (专业), what is planned and taught, the materials taught from, teaching research (教研活动); training rooms
//! (实训室) with their safety class, which sets how often they are inspected, bases, projects, logs and 6S; the centre
//! where younger pupils try trades (职业体验中心).
mod experience;
mod majors;
mod materials;
mod practice;
mod programme;
mod research_activity;
mod room_check;
mod training_room;

pub use experience::{Audience, ExperienceBooking, ExperienceCourse, ExperienceSession, HalfDay, Travel};
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
        RegisterSpec::of::<ExperienceCourse>(),
        RegisterSpec::of::<ExperienceBooking>(),
        RegisterSpec::of::<ExperienceSession>(),
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
