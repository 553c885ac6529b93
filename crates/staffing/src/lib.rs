//! Teachers (师资队伍): leave, qualifications, training, pairs, contests, external teachers, lesson observation,
//! appraisal and research.
mod appraisal;
mod attendance;
mod certificate;
mod contest;
mod credit;
mod dual;
mod external;
mod external_check;
mod external_hours;
mod honour;
mod leave;
mod leave_days;
mod observation;
mod outing;
mod pair;
mod pair_task;
mod patrol;
mod practice;
mod project;
mod quality;
mod result;
mod training;
mod who;

pub use appraisal::{Ethics, StaffAppraisal};
pub use attendance::{AttendanceKind, AttendanceSource, StaffAttendance, Verdict};
pub use certificate::{CertificateKind, TeacherCertificate};
pub use contest::{TeacherContest, TeacherContestKind};
pub use credit::TrainingCredit;
pub use dual::{DualLevel, DualRecognition};
pub use external::{ExternalKind, ExternalSource, ExternalTeacher};
pub use external_check::{ExternalCheck, ExternalResult, ExternalWay, Rating};
pub use external_hours::ExternalHours;
pub use honour::{HonourKind, TeacherHonour, TermResult};
pub use leave::{HalfDay, LeaveKind, LeaveRoute, StaffLeave};
pub use observation::{LessonGrade, LessonObservation, ObservationKind};
pub use outing::{OutingKind, StaffOuting};
pub use pair::{MentorPair, PairKind, PairResult};
pub use pair_task::{MentorTask, TaskQuality, TenOnes};
pub use patrol::{ClassPatrol, Weekday};
pub use practice::{EnterprisePractice, PracticeMode, PracticeResult};
pub use project::{ProjectKind, ProjectResult, ResearchProject};
pub use quality::{QualityGrade, TeachingQuality};
pub use result::{ResearchResult, ResultKind};
pub use training::{StaffTraining, TrainingKind, TrainingResult};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<StaffLeave>(),
        RegisterSpec::of::<StaffOuting>(),
        RegisterSpec::of::<StaffAttendance>(),
        RegisterSpec::of::<TeacherCertificate>(),
        RegisterSpec::of::<DualRecognition>(),
        RegisterSpec::of::<StaffTraining>(),
        RegisterSpec::of::<TrainingCredit>(),
        RegisterSpec::of::<EnterprisePractice>(),
        RegisterSpec::of::<MentorPair>(),
        RegisterSpec::of::<MentorTask>(),
        RegisterSpec::of::<TeacherContest>(),
        RegisterSpec::of::<TeacherHonour>(),
        RegisterSpec::of::<ExternalTeacher>(),
        RegisterSpec::of::<ExternalHours>(),
        RegisterSpec::of::<ExternalCheck>(),
        RegisterSpec::of::<StaffAppraisal>(),
        RegisterSpec::of::<LessonObservation>(),
        RegisterSpec::of::<ClassPatrol>(),
        RegisterSpec::of::<TeachingQuality>(),
        RegisterSpec::of::<ResearchProject>(),
        RegisterSpec::of::<ResearchResult>(),
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
