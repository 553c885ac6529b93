//! Who files, who keeps, and which teachers are counted: shared by the registers of this crate.
use kernel::register::field::LongText;
use kernel::register::indicator::{DutyScope, Filter, Op};
use kernel::register::spec::{Access, Reach, Role, may_read, may_write};
use people::checks::filled;
use people::roles::{DEPARTMENT_HEAD, roles};

/// Everyone who works at the school files for themselves, `keepers` keep the whole register, heads of departments see
/// what their people filed.
pub(crate) fn self_filed(keepers: &[Role]) -> Vec<Access> {
    with_heads(keepers, |role| may_write(role, Reach::Own))
}

/// `keepers` keep the whole register, everyone sees what is about themselves, heads of departments see their people's.
pub(crate) fn kept_by(keepers: &[Role]) -> Vec<Access> {
    with_heads(keepers, |role| may_read(role, Reach::Own))
}

fn with_heads(keepers: &[Role], others: impl Fn(Role) -> Access) -> Vec<Access> {
    let mut access: Vec<Access> = roles()
        .iter()
        .map(|role| match keepers.contains(&role.id) {
            true => may_write(role.id, Reach::School),
            false => others(role.id),
        })
        .collect();
    if !keepers.contains(&DEPARTMENT_HEAD) {
        access.push(may_read(DEPARTMENT_HEAD, Reach::Unit));
    }
    access
}

/// 在职专任教师 among the staff.
pub(crate) fn teachers() -> Filter {
    Filter::is("status", "11").and("kind", Op::Is, "11")
}

/// 在职专业课（含实践指导）专任教师 among the staff.
pub(crate) fn vocational() -> Filter {
    teachers()
        .and("subject", Op::AtLeast, "2")
        .and("subject", Op::AtMost, "3")
}

/// Each member of staff whose `field` has the `code`, as the scope of a duty.
pub(crate) fn each_staff(field: &str, code: &str) -> DutyScope {
    DutyScope::Each {
        register: "staff".into(),
        only: Some((field.into(), code.into())),
    }
}

/// Whether an optional text says something.
pub(crate) fn says(text: &Option<LongText>) -> bool {
    filled(text.as_ref().map(|text| text.0.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::roles::{PERSONNEL, TEACHER};

    #[test]
    fn whoever_files_writes_only_their_own() {
        let access = self_filed(&[PERSONNEL]);
        let reach = |role: Role| {
            access
                .iter()
                .filter(|a| a.role == role)
                .map(|a| (a.read, a.write))
                .collect::<Vec<_>>()
        };
        assert_eq!(reach(TEACHER), [(Reach::Own, Some(Reach::Own))]);
        assert_eq!(reach(PERSONNEL), [(Reach::School, Some(Reach::School))]);
        assert_eq!(
            reach(DEPARTMENT_HEAD),
            [(Reach::Own, Some(Reach::Own)), (Reach::Unit, None)]
        );
        let kept = kept_by(&[PERSONNEL]);
        assert!(kept.iter().all(|a| a.write.is_none() || a.role == PERSONNEL));
    }
}
