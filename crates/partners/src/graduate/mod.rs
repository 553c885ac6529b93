//! Graduates (毕业去向): further study, employment, those without a place, and what became of them later.
mod employment;
mod follow_up;
mod further_study;
mod unplaced;

pub use employment::Employment;
pub use follow_up::{Destination, FollowUp, FollowUpMeans, FollowUpRound, Satisfaction};
pub use further_study::FurtherStudy;
pub use unplaced::Unplaced;

use kernel::register::flow::{Flow, RETURNED, Who};
use kernel::register::indicator::{Filter, Op};
use kernel::register::spec::{Access, Reach, may_read, may_write};
use people::roles::{CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, STUDENT_OFFICE};

/// The class teacher reports, the office verifies against the evidence.
fn verified() -> Flow {
    let office = [Who::Role(ENROLMENT_OFFICE)];
    Flow::starts("待核实")
        .open(RETURNED)
        .done("已核实")
        .step("verify", "核实", &["待核实"], "已核实", &office)
        .within_days(10)
        .signed("招生就业处意见")
        .step("return", "退回修改", &["待核实", "已核实"], RETURNED, &office)
        .with_note()
        .step(
            "resubmit",
            "重新提交",
            &[RETURNED],
            "待核实",
            &[Who::Creator, Who::Role(CLASS_TEACHER)],
        )
        .editable(&["待核实", RETURNED])
}

/// Whoever keeps and reads the destinations of graduates.
fn keepers() -> Vec<Access> {
    vec![
        may_write(ENROLMENT_OFFICE, Reach::School),
        may_write(CLASS_TEACHER, Reach::Unit),
        may_write(DEPARTMENT_HEAD, Reach::Unit),
        may_read(STUDENT_OFFICE, Reach::School),
        may_read(COOPERATION_OFFICE, Reach::School),
    ]
}

/// Graduates among the students (学籍状态为毕业), as indicators count them.
fn graduates() -> Filter {
    Filter::all().and("status", Op::Is, "07")
}
