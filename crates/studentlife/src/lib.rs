//! Students' life (学生工作): everything the student office, class teachers and their partners keep about students.
//!
//! Home visits (家访) cover every student at school; moral education (德育活动) feeds national dataset 51; applicants
//! (招生报名) run from the first enquiry to registration. Families of registers stand in modules of their own: care
//! (欺凌、不良行为、心理), discipline (处分与奖励), attendance (请假与缺勤), class teachers (班主任), aid (资助), clubs
//! (社团), fitness (体质与体育) and dormitories (宿舍).
mod aid;
mod applicant;
mod attendance;
mod care;
mod class_teacher;
mod club;
mod discipline;
mod dorm;
mod fitness;
mod home_visit;
mod moral_activity;
mod terms;

pub use aid::*;
pub use applicant::{Applicant, ApplicantKind, Channel};
pub use attendance::*;
pub use care::*;
pub use class_teacher::*;
pub use club::*;
pub use discipline::*;
pub use dorm::*;
pub use fitness::*;
pub use home_visit::{Contact, HomeVisit, VisitReason, VisitWay};
pub use moral_activity::{MoralActivity, Programme};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    let own = vec![
        RegisterSpec::of::<HomeVisit>(),
        RegisterSpec::of::<MoralActivity>(),
        RegisterSpec::of::<Applicant>(),
    ];
    [
        own,
        attendance::registers(),
        care::registers(),
        discipline::registers(),
        class_teacher::registers(),
        aid::registers(),
        club::registers(),
        fitness::registers(),
        dorm::registers(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
