//! Who stands for the staff of a school when a register is open to all of them.
use kernel::register::spec::{Access, Reach, Role, may_read, may_write};
use people::roles::{
    AID_OFFICE, CLASS_TEACHER, COOPERATION_OFFICE, COUNSELLOR, DEPARTMENT_HEAD, DORM_KEEPER,
    ENROLMENT_OFFICE, FINANCE, GENERAL_AFFAIRS, HEALTH_OFFICE, IT_CENTER, OFFICE, PARTY_OFFICE, PERSONNEL,
    PRINCIPAL, RESEARCH_LEAD, RESEARCH_OFFICE, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE,
    TRAINING_OFFICE, UNION, VICE_PRINCIPAL, YOUTH_LEAGUE,
};

/// Every role that members of staff hold, the administrator of the machine and the gate left out.
pub(crate) const STAFF: [Role; 25] = [
    PRINCIPAL,
    VICE_PRINCIPAL,
    OFFICE,
    PARTY_OFFICE,
    TEACHING_OFFICE,
    STUDENT_OFFICE,
    SAFETY_OFFICE,
    ENROLMENT_OFFICE,
    TRAINING_OFFICE,
    GENERAL_AFFAIRS,
    PERSONNEL,
    RESEARCH_OFFICE,
    FINANCE,
    COOPERATION_OFFICE,
    AID_OFFICE,
    YOUTH_LEAGUE,
    COUNSELLOR,
    DORM_KEEPER,
    HEALTH_OFFICE,
    IT_CENTER,
    UNION,
    DEPARTMENT_HEAD,
    RESEARCH_LEAD,
    CLASS_TEACHER,
    TEACHER,
];

/// The keepers keep all of it, everybody else on the staff what is his own.
pub(crate) fn own_for_all(keepers: &[Role]) -> Vec<Access> {
    with_keepers(keepers, |role| may_write(role, Reach::Own))
}

/// The keepers keep all of it, everybody else on the staff reads what names him as owner.
pub(crate) fn named_may_read(keepers: &[Role]) -> Vec<Access> {
    with_keepers(keepers, |role| may_read(role, Reach::Own))
}

/// The keepers keep all of it, everybody else on the staff reads all of it.
pub(crate) fn open_to_all(keepers: &[Role]) -> Vec<Access> {
    with_keepers(keepers, |role| may_read(role, Reach::School))
}

fn with_keepers(keepers: &[Role], others: impl Fn(Role) -> Access) -> Vec<Access> {
    STAFF
        .into_iter()
        .map(|role| match keepers.contains(&role) {
            true => may_write(role, Reach::School),
            false => others(role),
        })
        .collect()
}
