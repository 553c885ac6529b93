use crate::Class;
use crate::checks::{Checks, filled, years_between};
use crate::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, ENROLMENT_OFFICE, OFFICE, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER,
    TEACHING_OFFICE, TRAINING_OFFICE,
};
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};

choice!(
    /// 监护人关系
    Guardian {
        Father = "father" "父亲",
        Mother = "mother" "母亲",
        Grandparent = "grandparent" "祖父母或外祖父母",
        Relative = "relative" "其他亲属",
        Other = "other" "其他监护人",
    }
);

/// 学生：身份、班级、就读方式、监护人和学籍状态。由学生处（学籍）维护；班主任可看本班，教师可查名册。
#[derive(Clone, Debug, Register)]
#[register(
    id = "student",
    title = "学生",
    group = "school",
    systems = "D1",
    label = "name",
    key = "number",
    unique = "number; id_number",
    within = "class"
)]
pub struct Student {
    #[field(label = "学号", list, max = 20)]
    pub number: String,
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", list, filter, code = "sex")]
    pub sex: Code,
    #[field(label = "证件类型", code = "id_document")]
    pub id_kind: Code,
    #[field(label = "证件号", sealed, max = 20)]
    pub id_number: Option<String>,
    #[field(label = "出生日期")]
    pub birth: NaiveDate,
    #[field(label = "民族", filter, code = "ethnic")]
    pub ethnic: Code,
    #[field(label = "政治面貌", filter, code = "political")]
    pub political: Code,
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "就读方式", list, filter, code = "boarding")]
    pub boarding: Code,
    #[field(label = "招生对象", filter, code = "enrol_target")]
    pub origin: Option<Code>,
    #[field(label = "户籍性质", filter, code = "zz_hukou")]
    pub household: Option<Code>,
    #[field(label = "家庭住址", sealed, max = 200)]
    pub address: Option<String>,
    #[field(label = "困难程度", filter, code = "hardship", help = "按当年认定结果填写")]
    pub hardship: Option<Code>,
    #[field(label = "学生电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "监护人姓名", sealed, max = 36)]
    pub guardian: Option<String>,
    #[field(label = "监护人关系")]
    pub guardian_is: Option<Guardian>,
    #[field(label = "监护人电话", sealed, max = 20)]
    pub guardian_phone: Option<String>,
    #[field(label = "入学日期")]
    pub enrolled_on: NaiveDate,
    #[field(label = "学籍状态", list, filter, code = "student_status")]
    pub status: Code,
    #[field(label = "离校日期", help = "毕业、退学、转出等离校后填写")]
    pub left_on: Option<NaiveDate>,
}

/// 退学, 流失, 毕业, 结业, 肄业, 转出, 死亡, 开除: the student has left.
const LEFT: [&str; 8] = ["03", "06", "07", "08", "09", "10", "11", "14"];

impl Student {
    /// Whether the student has left the school for good.
    pub fn has_left(&self) -> bool {
        LEFT.contains(&self.status.0.as_str())
    }

    /// The condition for students at school (在读), as indicators count them.
    pub fn at_school() -> Filter {
        Filter::is("status", "01")
    }
}

impl Rules for Student {
    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit).unmasked(),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Unit),
            may_read(SAFETY_OFFICE, Reach::School),
            may_read(TRAINING_OFFICE, Reach::School),
            may_read(ENROLMENT_OFFICE, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "students_at_school",
                "在校生数",
                "学籍状态为在读的学生",
                "人",
                Measure::Count {
                    of: Student::at_school(),
                },
            )
            .also(&["在校学生数", "在籍学生数"]),
            indicator(
                "students_boarding",
                "住校生数",
                "在读且就读方式为住校的学生",
                "人",
                Measure::Count {
                    of: Student::at_school().and("boarding", Op::Is, "2"),
                },
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let resident = self.id_kind.0 == "1";
        let number = self.id_number.as_deref();
        let age = years_between(self.birth, ctx.today);
        let guarded = filled(self.guardian.as_deref()) && filled(self.guardian_phone.as_deref());
        let next_autumn = NaiveDate::from_ymd_opt(ctx.today.year() + 1, 12, 31);
        Checks::new()
            .identity(
                number.filter(|_| resident),
                Some(self.birth),
                Some(&self.sex.0),
                "id_number",
                "birth",
            )
            .refuse(
                !(10..=60).contains(&age),
                "birth",
                "出生日期与中职学生的年龄不符，请核对",
            )
            .phone(self.phone.as_deref(), "phone")
            .phone(self.guardian_phone.as_deref(), "guardian_phone")
            .refuse(
                age < 18 && !self.has_left() && !guarded,
                "guardian",
                "未满18周岁的学生须有监护人姓名和电话",
            )
            .in_order(
                self.birth,
                self.enrolled_on,
                "enrolled_on",
                "入学日期不能早于出生日期",
            )
            .in_order(
                self.enrolled_on,
                next_autumn,
                "enrolled_on",
                "入学日期晚于明年，请核对",
            )
            .in_order(
                self.enrolled_on,
                self.left_on,
                "left_on",
                "离校日期不能早于入学日期",
            )
            .refuse(
                self.has_left() && self.left_on.is_none(),
                "left_on",
                "学籍状态为离校，请填写离校日期",
            )
            .refuse(
                !self.has_left() && self.left_on.is_some(),
                "left_on",
                "学籍状态不是离校，不应有离校日期",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let age = years_between(self.birth, ctx.today);
        Checks::new()
            .refuse(
                age < 14,
                "birth",
                "不满14周岁，处理其个人信息须取得监护人同意（个人信息保护法第三十一条）",
            )
            .refuse(
                self.id_kind.0 == "1" && self.id_number.is_none(),
                "id_number",
                "没有身份证号，学籍和资助上报会缺项",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::check_digit;
    use crate::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn id(digits: &str) -> Option<String> {
        check_digit(digits).map(|last| format!("{digits}{last}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn sample() -> Student {
        Student {
            number: "20250101".into(),
            name: "王小明".into(),
            sex: Code("1".into()),
            id_kind: Code("1".into()),
            id_number: id("37082820090520123"),
            birth: day("2009-05-20"),
            ethnic: Code("01".into()),
            political: Code("03".into()),
            class: Ref::new(Uuid::nil()),
            boarding: Code("2".into()),
            origin: Some(Code("111".into())),
            household: Some(Code("1".into())),
            address: None,
            hardship: None,
            phone: None,
            guardian: Some("王建国".into()),
            guardian_is: Some(Guardian::Father),
            guardian_phone: Some("13812345678".into()),
            enrolled_on: day("2025-09-01"),
            status: Code("01".into()),
            left_on: None,
        }
    }

    #[test]
    fn the_identity_number_agrees_with_birth_and_sex() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Student {
                id_number: Some("370828200905201230".into()),
                ..sample()
            }),
            ["id_number"]
        );
        assert_eq!(
            refused(&Student {
                birth: day("2009-05-21"),
                ..sample()
            }),
            ["birth"]
        );
        assert_eq!(
            refused(&Student {
                sex: Code("2".into()),
                ..sample()
            }),
            ["sex"]
        );
        let passport = Student {
            id_kind: Code("A".into()),
            id_number: Some("E12345678".into()),
            ..sample()
        };
        assert!(refused(&passport).is_empty());
    }

    #[test]
    fn a_minor_has_a_guardian_to_ring() {
        assert_eq!(
            refused(&Student {
                guardian: None,
                ..sample()
            }),
            ["guardian"]
        );
        assert_eq!(
            refused(&Student {
                guardian_phone: None,
                ..sample()
            }),
            ["guardian"]
        );
        assert_eq!(
            refused(&Student {
                guardian_phone: Some("110".into()),
                ..sample()
            }),
            ["guardian_phone"]
        );
        let adult = Student {
            birth: day("2006-05-20"),
            id_number: id("37082820060520123"),
            ..sample()
        };
        assert!(
            refused(&Student {
                guardian: None,
                guardian_phone: None,
                ..adult
            })
            .is_empty()
        );
    }

    #[test]
    fn days_and_status_agree() {
        assert_eq!(
            refused(&Student {
                status: Code("07".into()),
                ..sample()
            }),
            ["left_on"]
        );
        assert_eq!(
            refused(&Student {
                left_on: Some(test_day()),
                ..sample()
            }),
            ["left_on"]
        );
        let left = Student {
            status: Code("03".into()),
            left_on: Some(test_day()),
            ..sample()
        };
        assert!(refused(&left).is_empty());
        assert_eq!(
            refused(&Student {
                left_on: Some(day("2024-01-01")),
                ..left
            }),
            ["left_on"]
        );
        assert_eq!(
            refused(&Student {
                enrolled_on: day("2028-09-01"),
                ..sample()
            }),
            ["enrolled_on"]
        );
        assert_eq!(
            refused(&Student {
                enrolled_on: day("2008-09-01"),
                ..sample()
            }),
            ["enrolled_on"]
        );
        let child = Student {
            birth: day("2020-05-20"),
            id_number: None,
            ..sample()
        };
        assert_eq!(refused(&child), ["birth"]);
    }

    #[test]
    fn the_young_and_those_without_a_number_are_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Student {
                id_number: None,
                ..sample()
            }),
            ["id_number"]
        );
        let young = Student {
            birth: day("2012-05-20"),
            id_number: id("37082820120520123"),
            ..sample()
        };
        assert_eq!(doubted(&young), ["birth"]);
    }

    #[test]
    fn only_those_who_ring_home_see_sealed_fields() {
        let open: Vec<_> = Student::access()
            .into_iter()
            .filter(|a| a.sealed)
            .map(|a| (a.role, a.read))
            .collect();
        let expected = [
            (STUDENT_OFFICE, Reach::School),
            (TEACHING_OFFICE, Reach::School),
            (CLASS_TEACHER, Reach::Unit),
        ];
        assert_eq!(open, expected);
    }
}
