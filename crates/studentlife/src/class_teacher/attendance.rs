use super::ClassTeacherTraining;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE};
use people::{Class, Staff};

/// 班主任参训：每次培训谁参加、谁请假，计算班主任培训参加率和学时。由学生处按签到表登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class_teacher_attendance",
    title = "班主任参训",
    group = "student",
    systems = "D4",
    label = "teacher, training",
    unique = "training, teacher",
    date = "attended_on",
    within = "class",
    owner = "teacher"
)]
pub struct ClassTeacherAttendance {
    #[field(label = "培训活动", list, filter)]
    pub training: Ref<ClassTeacherTraining>,
    #[field(label = "活动日期", list, filter)]
    pub attended_on: NaiveDate,
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "班主任", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "是否请假", list, filter)]
    pub excused: bool,
    #[field(label = "请假原因", max = 60)]
    pub reason: Option<String>,
    #[field(label = "认定学时")]
    pub hours: Option<Decimal<1>>,
}

impl Rules for ClassTeacherAttendance {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "class_teacher_trained",
                "班主任培训参加率",
                "班主任参加过培训研讨的在校班级 ÷ 在校班级（请假的不计）",
                "%",
                Measure::Coverage {
                    of: Filter::is("excused", false),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&[
                "班主任参训率",
                "班主任培训率",
                "班主任参与德育工作研讨",
                "班主任培训覆盖率",
            ]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "sign",
                "班主任培训签到表",
                &["training", "class", "teacher"],
                &["签名"],
            )
            .by("training"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let credited = self.hours.is_some_and(|hours| hours.0 > 0);
        Checks::new()
            .not_after_today(self.attended_on, ctx.today, "attended_on")
            .refuse(
                self.excused && !filled(self.reason.as_deref()),
                "reason",
                "请假的请写明原因",
            )
            .refuse(self.excused && credited, "hours", "请假的不认定学时")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some};

    #[test]
    fn who_was_excused_earns_no_hours() {
        let sample = || ClassTeacherAttendance {
            training: some(),
            attended_on: day(0),
            class: some(),
            teacher: some(),
            excused: true,
            reason: Some("监考".into()),
            hours: None,
        };
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ClassTeacherAttendance {
                reason: None,
                ..sample()
            }),
            ["reason"]
        );
        assert_eq!(
            refused(&ClassTeacherAttendance {
                hours: Some(Decimal(20)),
                ..sample()
            }),
            ["hours"]
        );
    }
}
