use crate::credit;
use crate::words::looked_up;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE};
use people::{Staff, Unit};

choice!(
    /// 经营场所类别; students may not be placed at the last two (职业学校学生实习管理规定 第十六条第五、六项).
    Venue {
        Ordinary = "ordinary" "一般经营场所",
        Entertainment = "entertainment" "营业性娱乐场所",
        Agency = "agency" "人力资源中介（劳务派遣）",
    }
);

choice!(
    /// 合作状态
    Standing {
        Candidate = "candidate" "意向",
        Active = "active" "在合作",
        Paused = "paused" "暂停",
        Ended = "ended" "终止",
        Barred = "barred" "列入不合作名单",
    }
);

choice!(
    /// 合作层次
    Depth {
        Deep = "deep" "深度合作",
        Close = "close" "紧密合作",
        General = "general" "一般合作",
    }
);

choice!(
    /// 职教集团身份
    GroupRole {
        None = "none" "非成员",
        Member = "member" "成员单位",
        Council = "council" "理事单位",
        Lead = "lead" "牵头（副理事长）单位",
    }
);

/// 合作企业：与学校合作的企业和用人单位，协议、基地、实习、就业都引用它。由校企合作处维护，各系登记对接的企业。
#[derive(Clone, Debug, Register)]
#[register(
    id = "enterprise",
    title = "合作企业",
    group = "partners",
    systems = "H1, D12, D13",
    label = "name",
    key = "name",
    unique = "name; credit_code",
    within = "department",
    owner = "liaison"
)]
pub struct Enterprise {
    #[field(label = "单位名称", list, max = 60)]
    pub name: String,
    #[field(label = "信用代码", list, max = 18, help = "营业执照上的18位统一社会信用代码")]
    pub credit_code: String,
    #[field(label = "单位性质", list, filter, code = "DWXZDM")]
    pub nature: Code,
    #[field(label = "所属行业", list, filter, code = "HYDM")]
    pub industry: Code,
    #[field(label = "所属产业", filter, code = "CYDM")]
    pub sector: Code,
    #[field(label = "单位规模", list, filter, code = "JYDWGMDM")]
    pub scale: Code,
    #[field(label = "在岗职工数", max = 1000000, help = "实习学生一般不超过在岗职工的10%")]
    pub employees: i64,
    #[field(label = "经营场所类别", filter)]
    pub venue: Venue,
    #[field(label = "所在区域", list, max = 60, help = "省、市、县（区）")]
    pub place: String,
    #[field(label = "详细地址", max = 120)]
    pub address: String,
    #[field(label = "联系人", sealed, max = 30)]
    pub contact: Option<String>,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "对接系部", list, filter, help = "全校性合作不填")]
    pub department: Option<Ref<Unit>>,
    #[field(label = "学校对接人")]
    pub liaison: Option<Ref<Staff>>,
    #[field(label = "合作层次", list, filter)]
    pub depth: Depth,
    #[field(label = "合作状态", list, filter)]
    pub standing: Standing,
    #[field(label = "职教集团身份", filter)]
    pub group_role: GroupRole,
    #[field(label = "产教融合型企业", filter, help = "列入省级以上名单的选“是”")]
    pub integrated: bool,
    #[field(label = "接收岗位实习", filter)]
    pub takes_interns: bool,
    #[field(label = "开始合作日期")]
    pub since: Option<NaiveDate>,
    #[field(label = "备注", max = 300)]
    pub remark: Option<LongText>,
}

impl Enterprise {
    /// The condition for enterprises that work with the school, as indicators count them.
    pub fn active() -> Filter {
        Filter::is("standing", "active")
    }
}

impl Rules for Enterprise {
    fn indicators() -> Vec<IndicatorSpec> {
        let count = |of| Measure::Count { of };
        vec![
            indicator(
                "enterprises",
                "合作企业数",
                "合作状态为在合作的企业",
                "家",
                count(Enterprise::active()),
            )
            .also(&["校企合作企业数", "合作单位数", "合作企业"]),
            indicator(
                "enterprises_deep",
                "深度合作企业占比",
                "深度合作的在合作企业 ÷ 在合作企业",
                "%",
                Measure::Share {
                    of: Enterprise::active().and("depth", Op::Is, "deep"),
                    among: Enterprise::active(),
                },
            )
            .also(&["深度合作企业比例"]),
            indicator(
                "enterprises_group",
                "职教集团企业数",
                "职教集团的成员、理事和牵头企业",
                "家",
                count(Enterprise::active().and("group_role", Op::Not, "none")),
            )
            .also(&["职教集团成员企业"]),
            indicator(
                "enterprises_internship",
                "岗位实习合作企业数",
                "在合作且接收岗位实习的企业",
                "家",
                count(Enterprise::active().and("takes_interns", Op::Is, true)),
            )
            .also(&["实习企业数", "遴选实习企业"]),
        ]
    }

    fn access() -> Vec<Access> {
        looked_up(&[COOPERATION_OFFICE, ENROLMENT_OFFICE], &[DEPARTMENT_HEAD])
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "directory",
            "合作企业名录",
            &["name", "industry", "scale", "place", "department", "depth"],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let code = credit::fault(&self.credit_code);
        let active = self.standing == Standing::Active;
        Checks::new()
            .refuse(code.is_some(), "credit_code", code.unwrap_or_default())
            .phone(self.phone.as_deref(), "phone")
            .refuse(
                self.takes_interns && self.venue == Venue::Entertainment,
                "takes_interns",
                "不得安排学生到酒吧、夜总会、歌厅、洗浴中心、网吧等营业性娱乐场所实习（实习管理规定第十六条）",
            )
            .refuse(
                self.takes_interns && self.venue == Venue::Agency,
                "takes_interns",
                "不得通过中介机构或有偿代理组织、安排和管理学生实习（实习管理规定第十六条）",
            )
            .refuse(
                self.takes_interns && self.standing == Standing::Barred,
                "takes_interns",
                "列入不合作名单的单位不能接收实习",
            )
            .refuse(
                active && self.since.is_none(),
                "since",
                "在合作的单位请填写开始合作日期",
            )
            .not_after_today(self.since, ctx.today, "since")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let active = self.standing == Standing::Active;
        Checks::new()
            .refuse(active && self.liaison.is_none(), "liaison", "还没有学校对接人")
            .refuse(
                active && self.phone.is_none(),
                "phone",
                "没有联系电话，实习有急事时找不到人",
            )
            .done()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Enterprise {
        Enterprise {
            name: "清岚川拓精密机械有限公司".into(),
            credit_code: "90000000000000000N".into(),
            nature: Code("33".into()),
            industry: Code("C".into()),
            sector: Code("2".into()),
            scale: Code("3".into()),
            employees: 320,
            venue: Venue::Ordinary,
            place: "清岚市东篱区".into(),
            address: "科创路8号".into(),
            contact: Some("周立".into()),
            phone: Some("13812345678".into()),
            department: None,
            liaison: Some(Ref::new(Uuid::nil())),
            depth: Depth::Deep,
            standing: Standing::Active,
            group_role: GroupRole::Member,
            integrated: false,
            takes_interns: true,
            since: Some(test_day()),
            remark: None,
        }
    }

    #[test]
    fn the_credit_code_is_checked() {
        assert!(refused(&sample()).is_empty());
        let slipped = Enterprise {
            credit_code: "900000000000000001".into(),
            ..sample()
        };
        assert_eq!(refused(&slipped), ["credit_code"]);
    }

    #[test]
    fn nobody_is_placed_where_students_may_not_be() {
        for venue in [Venue::Entertainment, Venue::Agency] {
            let place = Enterprise { venue, ..sample() };
            assert_eq!(refused(&place), ["takes_interns"]);
            assert!(
                refused(&Enterprise {
                    takes_interns: false,
                    ..place
                })
                .is_empty()
            );
        }
        let barred = Enterprise {
            standing: Standing::Barred,
            ..sample()
        };
        assert_eq!(refused(&barred), ["takes_interns"]);
    }

    #[test]
    fn whoever_works_with_the_school_has_a_beginning_and_a_contact() {
        assert_eq!(
            refused(&Enterprise {
                since: None,
                ..sample()
            }),
            ["since"]
        );
        assert_eq!(
            doubted(&Enterprise {
                liaison: None,
                phone: None,
                ..sample()
            }),
            ["liaison", "phone"]
        );
    }
}
