//! What all activities of a branch have in common: when, and how many came.
use crate::audience::own_for_all;
use chrono::NaiveDate;
use kernel::register::indicator::DutyScope;
use kernel::register::spec::{Access, Reach, may_write};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PARTY_OFFICE};

/// First and last day, students and teachers who took part.
pub(super) struct Gathering {
    pub started_on: NaiveDate,
    pub ended_on: NaiveDate,
    pub students: i64,
    pub teachers: i64,
}

impl Gathering {
    /// Refuses days out of order and a gathering of nobody.
    pub fn check(&self, today: NaiveDate) -> Checks {
        Checks::new()
            .not_after_today(self.started_on, today, "started_on")
            .in_order(
                self.started_on,
                self.ended_on,
                "ended_on",
                "结束日期不能早于开始日期",
            )
            .not_after_today(self.ended_on, today, "ended_on")
            .refuse(
                self.students + self.teachers == 0,
                "teachers",
                "请填写参加的教师数或学生数",
            )
    }
}

/// The party office keeps all, a head of department those of the branches of the department, the recorder the own.
pub(super) fn branch_access() -> Vec<Access> {
    let mut access = own_for_all(&[PARTY_OFFICE]);
    access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
    access
}

/// Each branch (党支部) owes it.
pub(super) fn each_branch() -> DutyScope {
    DutyScope::Each {
        register: "party_branch".into(),
        only: Some(("kind".into(), "3".into())),
    }
}

/// Each branch with a committee (支部委员会) owes it.
pub(super) fn each_branch_with_committee() -> DutyScope {
    DutyScope::Each {
        register: "party_branch".into(),
        only: Some(("committee".into(), "branch".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::test_day;

    #[test]
    fn somebody_comes_and_it_ends_after_it_began() {
        let fields = |ended: i64, teachers| {
            let gathering = Gathering {
                started_on: test_day(),
                ended_on: test_day() + chrono::Duration::days(ended),
                students: 0,
                teachers,
            };
            let found = gathering.check(test_day()).done();
            found.into_iter().map(|v| v.field).collect::<Vec<_>>()
        };
        assert!(fields(0, 5).is_empty());
        assert_eq!(fields(-1, 5), ["ended_on"]);
        assert_eq!(fields(1, 5), ["ended_on"]);
        assert_eq!(fields(0, 0), ["teachers"]);
    }
}
