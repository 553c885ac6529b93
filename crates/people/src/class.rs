use crate::checks::Checks;
use crate::roles::{ADMIN, STUDENT_OFFICE, TEACHING_OFFICE, directory};
use crate::{Room, Staff, Unit};
use chrono::Datelike;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::indicator::{DutyScope, Filter, IndicatorSpec, Measure, indicator};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

choice!(
    /// 班级状态; weekly duties are expected of classes at school only.
    ClassStatus {
        Attending = "attending" "在校",
        Interning = "interning" "岗位实习",
        Graduated = "graduated" "已毕业",
        Dissolved = "dissolved" "已撤并",
    }
);

/// 行政班：入学年、专业、班主任和固定教室。由教务处和学生处维护；授权可给到班级。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class",
    title = "班级",
    group = "school",
    systems = "B4, D3",
    label = "name",
    key = "name",
    unique = "name",
    within = "unit",
    owner = "teacher",
    anchor
)]
pub struct Class {
    #[field(label = "班级名称", list, max = 45)]
    pub name: String,
    #[field(label = "所属系部", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "入学年", list, filter, max = 2100)]
    pub entry_year: i64,
    #[field(label = "专业代码", max = 10, help = "专业目录（2021年）六位代码")]
    pub major_code: String,
    #[field(label = "专业名称", list, filter, max = 34)]
    pub major: String,
    #[field(label = "学制", filter, code = "XZDM")]
    pub length: Code,
    #[field(label = "培养类型", filter, code = "ZZXSLXDM")]
    pub track: Code,
    #[field(label = "班主任", list)]
    pub teacher: Option<Ref<Staff>>,
    #[field(label = "固定教室", list)]
    pub room: Option<Ref<Room>>,
    #[field(label = "班级状态", list, filter)]
    pub status: ClassStatus,
}

impl Class {
    /// The condition for classes at school, as indicators count them.
    pub fn at_school() -> Filter {
        Filter::is("status", "attending")
    }

    /// Each class at school, as the scope of a duty.
    pub fn each_at_school() -> DutyScope {
        DutyScope::Each {
            register: "class".into(),
            only: Some(("status".into(), "attending".into())),
        }
    }
}

impl Rules for Class {
    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE, STUDENT_OFFICE, ADMIN])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![indicator(
            "classes_attending",
            "在校班级数",
            "状态为在校的行政班",
            "个",
            Measure::Count {
                of: Class::at_school(),
            },
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let next = i64::from(ctx.today.year()) + 1;
        let six = self.major_code.len() == 6 && self.major_code.bytes().all(|b| b.is_ascii_digit());
        Checks::new()
            .refuse(
                !(2000..=next).contains(&self.entry_year),
                "entry_year",
                format!("入学年应在2000年至{next}年之间"),
            )
            .refuse(!six, "major_code", "专业代码应为六位数字")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let here = matches!(self.status, ClassStatus::Attending | ClassStatus::Interning);
        Checks::new()
            .refuse(here && self.teacher.is_none(), "teacher", "这个班还没有班主任")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{doubted, refused};
    use uuid::Uuid;

    fn sample() -> Class {
        Class {
            name: "2025级机电1班".into(),
            unit: Ref::new(Uuid::nil()),
            entry_year: 2025,
            major_code: "660301".into(),
            major: "机电技术应用".into(),
            length: Code("3".into()),
            track: Code("0".into()),
            teacher: Some(Ref::new(Uuid::nil())),
            room: None,
            status: ClassStatus::Attending,
        }
    }

    #[test]
    fn year_and_major_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert!(
            refused(&Class {
                entry_year: 2027,
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Class {
                entry_year: 2028,
                ..sample()
            }),
            ["entry_year"]
        );
        assert_eq!(
            refused(&Class {
                entry_year: 25,
                ..sample()
            }),
            ["entry_year"]
        );
        assert_eq!(
            refused(&Class {
                major_code: "66030".into(),
                ..sample()
            }),
            ["major_code"]
        );
        assert_eq!(
            refused(&Class {
                major_code: "66030A".into(),
                ..sample()
            }),
            ["major_code"]
        );
    }

    #[test]
    fn a_class_without_a_class_teacher_is_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Class {
                teacher: None,
                ..sample()
            }),
            ["teacher"]
        );
        assert!(
            doubted(&Class {
                teacher: None,
                status: ClassStatus::Graduated,
                ..sample()
            })
            .is_empty()
        );
    }
}
