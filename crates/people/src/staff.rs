use crate::Unit;
use crate::checks::{Checks, filled};
use crate::roles::{ADMIN, OFFICE, directory};
use chrono::{Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

choice!(
    /// 职称等级; the codes sort from high to low.
    TitleLevel {
        Full = "1" "正高级",
        Senior = "2" "副高级",
        Middle = "3" "中级",
        Junior = "4" "初级",
        None = "9" "未评聘",
    }
);

choice!(
    /// 双师型教师认定等级
    DualQualified {
        None = "none" "未认定",
        Junior = "junior" "初级双师型",
        Middle = "middle" "中级双师型",
        Senior = "senior" "高级双师型",
    }
);

/// 教职工：基本信息、岗位、职称、双师型认定和在职状态。由办公室（人事）维护，全校可查姓名和部门。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff",
    title = "教职工",
    group = "school",
    systems = "E1, I3",
    label = "name",
    key = "number",
    unique = "number; id_number",
    within = "unit"
)]
pub struct Staff {
    #[field(label = "教工号", list, max = 20)]
    pub number: String,
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", list, filter, code = "sex")]
    pub sex: Code,
    #[field(label = "身份证号", sealed, max = 18)]
    pub id_number: Option<String>,
    #[field(label = "出生日期")]
    pub birth: Option<NaiveDate>,
    #[field(label = "政治面貌", filter, code = "political")]
    pub political: Option<Code>,
    #[field(label = "手机号", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "所在部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "教职工类别", list, filter, code = "staff_kind")]
    pub kind: Code,
    #[field(label = "岗位", filter, code = "post_occupation")]
    pub post: Option<Code>,
    #[field(label = "任课类别", filter, code = "post_kind", help = "不任课的不填")]
    pub subject: Option<Code>,
    #[field(label = "职称等级", list, filter)]
    pub title_level: TitleLevel,
    #[field(label = "职称名称", max = 30, help = "如 高级讲师、一级实习指导教师")]
    pub title_name: Option<String>,
    #[field(label = "双师型认定", list, filter)]
    pub dual: DualQualified,
    #[field(label = "有教师资格证", filter)]
    pub certified: bool,
    #[field(label = "来校日期")]
    pub joined_on: Option<NaiveDate>,
    #[field(
        label = "违法犯罪记录查询日期",
        help = "录用前查询一次，以后每年查询（未成年人保护法第六十二条）"
    )]
    pub cleared_on: Option<NaiveDate>,
    #[field(label = "当前状态", list, filter, code = "staff_state")]
    pub status: Code,
}

impl Staff {
    /// The states of those who work at the school now: 在职, 返聘, 延聘, 待退休.
    pub const IN_SERVICE: [&str; 4] = ["11", "04", "12", "13"];

    /// Whether the person works at the school now.
    pub fn in_service(&self) -> bool {
        Staff::IN_SERVICE.contains(&self.status.0.as_str())
    }
}

impl Rules for Staff {
    fn access() -> Vec<Access> {
        directory(&[OFFICE, ADMIN])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let serving = || Filter::is("status", "11");
        let full_time = || serving().and("kind", Op::Is, "11");
        let vocational = || {
            full_time()
                .and("subject", Op::AtLeast, "2")
                .and("subject", Op::AtMost, "3")
        };
        vec![
            indicator(
                "dual_qualified",
                "双师型教师占比",
                "已认定双师型的在职专业课（含实践指导）专任教师 ÷ 在职专业课（含实践指导）专任教师",
                "%",
                Measure::Share {
                    of: vocational().and("dual", Op::Not, "none"),
                    among: vocational(),
                },
            )
            .also(&["双师型教师比例", "双师比", "“双师型”教师", "双师型教师"]),
            indicator(
                "full_time_teachers",
                "专任教师数",
                "在职的专任教师人数",
                "人",
                Measure::Count { of: full_time() },
            )
            .also(&["专任教师"]),
            indicator(
                "senior_title",
                "高级职称占比",
                "正高级和副高级的在职专任教师 ÷ 在职专任教师",
                "%",
                Measure::Share {
                    of: full_time().and("title_level", Op::AtMost, "2"),
                    among: full_time(),
                },
            )
            .also(&["高级职称教师比例"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let vocational = self.subject.as_ref().is_some_and(|s| s.0 == "2" || s.0 == "3");
        Checks::new()
            .identity(
                self.id_number.as_deref(),
                self.birth,
                Some(&self.sex.0),
                "id_number",
                "birth",
            )
            .phone(self.phone.as_deref(), "phone")
            .refuse(
                self.dual != DualQualified::None && !vocational,
                "dual",
                "双师型认定面向专业课教师和实践指导教师，请核对任课类别",
            )
            .refuse(
                self.title_level == TitleLevel::None && filled(self.title_name.as_deref()),
                "title_level",
                "填写了职称名称，请选择职称等级",
            )
            .not_after_today(self.joined_on, ctx.today, "joined_on")
            .not_after_today(self.cleared_on, ctx.today, "cleared_on")
            .in_order(
                self.birth,
                self.joined_on,
                "joined_on",
                "来校日期不能早于出生日期",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let due = self
            .cleared_on
            .and_then(|day| day.checked_add_months(Months::new(12)));
        Checks::new()
            .refuse(
                self.in_service() && due.is_none_or(|due| due < ctx.today),
                "cleared_on",
                "在职人员的违法犯罪记录应每年查询，现无记录或已超过一年",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Staff {
        Staff {
            number: "T0001".into(),
            name: "李敏".into(),
            sex: Code("2".into()),
            id_number: Some("11010519491231002X".into()),
            birth: NaiveDate::from_ymd_opt(1949, 12, 31),
            political: Some(Code("01".into())),
            phone: Some("13812345678".into()),
            unit: Ref::new(Uuid::nil()),
            kind: Code("11".into()),
            post: Some(Code("10".into())),
            subject: Some(Code("2".into())),
            title_level: TitleLevel::Senior,
            title_name: Some("高级讲师".into()),
            dual: DualQualified::Middle,
            certified: true,
            joined_on: NaiveDate::from_ymd_opt(1970, 9, 1),
            cleared_on: Some(test_day()),
            status: Code("11".into()),
        }
    }

    #[test]
    fn identity_phone_and_days_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Staff {
                id_number: Some("110105194912310021".into()),
                ..sample()
            }),
            ["id_number"]
        );
        assert_eq!(
            refused(&Staff {
                birth: NaiveDate::from_ymd_opt(1950, 1, 1),
                ..sample()
            }),
            ["birth"]
        );
        assert_eq!(
            refused(&Staff {
                phone: Some("123".into()),
                ..sample()
            }),
            ["phone"]
        );
        assert_eq!(
            refused(&Staff {
                joined_on: NaiveDate::from_ymd_opt(1940, 1, 1),
                ..sample()
            }),
            ["joined_on"]
        );
        assert_eq!(
            refused(&Staff {
                joined_on: test_day().succ_opt(),
                ..sample()
            }),
            ["joined_on"]
        );
        assert_eq!(
            refused(&Staff {
                cleared_on: test_day().succ_opt(),
                ..sample()
            }),
            ["cleared_on"]
        );
    }

    #[test]
    fn only_vocational_teachers_are_dual_qualified() {
        let general = || Some(Code("1".into()));
        assert_eq!(
            refused(&Staff {
                subject: general(),
                ..sample()
            }),
            ["dual"]
        );
        assert_eq!(
            refused(&Staff {
                subject: None,
                ..sample()
            }),
            ["dual"]
        );
        assert!(
            refused(&Staff {
                subject: general(),
                dual: DualQualified::None,
                ..sample()
            })
            .is_empty()
        );
    }

    #[test]
    fn a_title_has_a_level() {
        assert_eq!(
            refused(&Staff {
                title_level: TitleLevel::None,
                ..sample()
            }),
            ["title_level"]
        );
        assert!(
            refused(&Staff {
                title_level: TitleLevel::None,
                title_name: None,
                ..sample()
            })
            .is_empty()
        );
    }

    #[test]
    fn the_yearly_clearance_is_called_for_but_not_forced() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Staff {
                cleared_on: None,
                ..sample()
            }),
            ["cleared_on"]
        );
        assert_eq!(
            doubted(&Staff {
                cleared_on: NaiveDate::from_ymd_opt(2025, 3, 15),
                ..sample()
            }),
            ["cleared_on"]
        );
        assert!(
            doubted(&Staff {
                cleared_on: None,
                status: Code("01".into()),
                ..sample()
            })
            .is_empty()
        );
    }
}
