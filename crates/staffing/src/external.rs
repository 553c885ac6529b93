use chrono::{Days, Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, FINANCE, PERSONNEL, RESEARCH_LEAD, TEACHING_OFFICE, VICE_PRINCIPAL,
};
use people::{Staff, Unit};

choice!(
    /// 聘用类型
    ExternalKind {
        PartTime = "part_time" "外聘兼职教师",
        Mentor = "mentor" "产业导师",
        Master = "master" "技能大师",
        Retired = "retired" "返聘教师",
        Counsellor = "counsellor" "校外辅导员",
    }
);

choice!(
    /// 人员来源
    ExternalSource {
        Company = "company" "行业企业",
        College = "college" "高等院校",
        School = "school" "其他学校",
        Institute = "institute" "科研院所",
        Retired = "retired" "退休人员",
        Free = "free" "自由职业",
    }
);

/// Days before the end of a contract on which a decision is asked for.
const NOTICE: Days = Days::new(30);
/// Longest usual contract (兼职教师聘期一般一学期至两年).
const LONGEST: Months = Months::new(24);

/// 外聘教师与产业导师：聘任审批、合同、课时费标准和联系方式。系部提出，教务处、人事处审批，聘前必须查询违法犯罪记录。
#[derive(Clone, Debug, Register)]
#[register(
    id = "external_teacher",
    title = "外聘教师",
    group = "staff",
    systems = "E6",
    label = "name",
    unique = "contract",
    within = "unit",
    owner = "contact"
)]
pub struct ExternalTeacher {
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", code = "sex")]
    pub sex: Code,
    #[field(label = "聘用类型", list, filter)]
    pub kind: ExternalKind,
    #[field(label = "兼职岗位", list, filter, code = "zz_parttime_post")]
    pub post: Code,
    #[field(label = "人员来源", filter)]
    pub source: ExternalSource,
    #[field(label = "工作单位", list, max = 60)]
    pub employer: String,
    #[field(label = "职称或技能等级", max = 40)]
    pub title: Option<String>,
    #[field(label = "身份证号", sealed, max = 18)]
    pub id_number: Option<String>,
    #[field(label = "手机号", sealed, max = 20)]
    pub phone: String,
    #[field(label = "收款账户", sealed, max = 80, help = "开户行和账号，发放课时费用")]
    pub bank: Option<String>,
    #[field(label = "聘用部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "校内联系人", help = "负责课务和考勤的教师")]
    pub contact: Ref<Staff>,
    #[field(label = "任教课程或任务", list, max = 80)]
    pub subject: String,
    #[field(label = "聘用理由", max = 300, help = "师资缺口、岗位技能需要等")]
    pub reason: LongText,
    #[field(label = "聘期开始", list)]
    pub starts_on: NaiveDate,
    #[field(label = "聘期结束", list, filter)]
    pub ends_on: NaiveDate,
    #[field(label = "计划课时", max = 2000)]
    pub hours: i64,
    #[field(label = "课时费（元）", help = "每课时")]
    pub fee: Money,
    #[field(label = "合同编号", max = 40)]
    pub contract: Option<String>,
    #[field(
        label = "违法犯罪查询日期",
        help = "聘前查询，以后每年查询（未成年人保护法第六十二条）"
    )]
    pub cleared_on: Option<NaiveDate>,
    #[field(label = "合同与资质", help = "合同、证书扫描件")]
    pub files: Files,
}

impl Rules for ExternalTeacher {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[
                Stage::by("teaching", "教务处", &[Who::Role(TEACHING_OFFICE)]),
                Stage::by("personnel", "人事处", &[personnel()]).needs(&["cleared_on"]),
                Stage::by("leader", "分管副校长", &[Who::Role(VICE_PRINCIPAL)]),
            ],
            "待签合同",
        )
        .still_open("待签合同")
        .done("已聘任")
        .done("聘期已满")
        .dropped("已解聘")
        .step("sign", "签订合同", &["待签合同"], "已聘任", &[personnel()])
        .needs(&["contract"])
        .within_days(7)
        .step("end", "聘期届满", &["已聘任"], "聘期已满", &[personnel()])
        .step("dismiss", "解聘", &["已聘任"], "已解聘", &[personnel()])
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let serving = || Filter::state("已聘任");
        vec![
            indicator(
                "external_teachers",
                "外聘教师数",
                "聘期内的外聘教师和产业导师",
                "人",
                Measure::Count { of: serving() },
            )
            .also(&["兼职教师数", "外聘教师"]),
            indicator(
                "external_mentors",
                "产业导师数",
                "聘期内的产业导师和技能大师",
                "人",
                Measure::Count {
                    of: serving()
                        .and("kind", Op::Not, "part_time")
                        .and("kind", Op::Not, "retired")
                        .and("kind", Op::Not, "counsellor"),
                },
            )
            .also(&["产业导师", "聘请产业导师"]),
            // 教师〔2023〕9号: 兼职教师占专兼职教师总数一般不超过30%, i.e. 3 to 7 full-time teachers.
            indicator(
                "external_ratio",
                "外聘与专任教师之比",
                "聘期内的外聘教师 ÷ 在职专任教师（占专兼职总数30%以内即不超过42.9%）",
                "%",
                Measure::Rate {
                    of: serving(),
                    per: "staff".into(),
                    all: crate::who::teachers(),
                },
            )
            .also(&["兼职教师比例"]),
            indicator(
                "external_from_company",
                "企业兼职教师占比",
                "来自行业企业的 ÷ 聘期内的外聘教师",
                "%",
                Measure::Share {
                    of: Filter::is("source", "company"),
                    among: serving(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PERSONNEL, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Own),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(COOPERATION_OFFICE, Reach::School),
            may_read(FINANCE, Reach::School).unmasked(),
            may_read(people::roles::TEACHER, Reach::Own).unmasked(),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "外聘教师聘任申请",
                "人事处",
                "系部提出，教务处、人事处和分管副校长审批；聘前查询违法犯罪记录，签合同后上课",
            )
            .for_roles(&[DEPARTMENT_HEAD, PERSONNEL]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("approval", "外聘教师聘任审批表")
                .fields(&[
                    "name", "sex", "kind", "post", "source", "employer", "title", "unit", "subject", "reason",
                    "starts_on", "ends_on", "hours", "fee",
                ])
                .approvals()
                .signatures(&["聘用部门负责人"]),
            certificate(
                "letter",
                "聘书",
                "兹聘请 {name} 先生（女士）担任我校 {kind}，承担 {subject}，聘期自 {starts_on} 至 {ends_on}。",
            )
            .in_states(&["已聘任"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .identity(
                self.id_number.as_deref(),
                None,
                Some(&self.sex.0),
                "id_number",
                "id_number",
            )
            .phone(Some(&self.phone), "phone")
            .in_order(self.starts_on, self.ends_on, "ends_on", "聘期结束不能早于开始")
            .refuse(self.fee.0 < 0, "fee", "课时费不能为负数")
            .not_after_today(self.cleared_on, ctx.today, "cleared_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let long = self
            .starts_on
            .checked_add_months(LONGEST)
            .is_some_and(|last| self.ends_on > last);
        let stale = self
            .cleared_on
            .and_then(|day| day.checked_add_months(Months::new(12)))
            .is_some_and(|due| due < ctx.today);
        let ending = (ctx.today..=ctx.today + NOTICE).contains(&self.ends_on);
        Checks::new()
            .refuse(long, "ends_on", "聘期一般不超过两年")
            .refuse(stale, "cleared_on", "违法犯罪记录查询已超过一年，请重新查询")
            .refuse(ending, "ends_on", "聘期30天内届满，请决定是否续聘")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ExternalTeacher {
        ExternalTeacher {
            name: "潘工".into(),
            sex: Code("1".into()),
            kind: ExternalKind::Mentor,
            post: Code("3".into()),
            source: ExternalSource::Company,
            employer: "启明精密机械有限公司".into(),
            title: None,
            id_number: None,
            phone: "13812345678".into(),
            bank: None,
            unit: Ref::new(Uuid::nil()),
            contact: Ref::new(Uuid::nil()),
            subject: "数控编程与加工".into(),
            reason: LongText("缺少五轴加工实践教师".into()),
            starts_on: test_day() - Days::new(20),
            ends_on: test_day() + Days::new(120),
            hours: 64,
            fee: Money(8000),
            contract: None,
            cleared_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn contract_and_numbers_are_checked() {
        assert!(refused(&sample()).is_empty());
        let phone = ExternalTeacher {
            phone: "123".into(),
            ..sample()
        };
        assert_eq!(refused(&phone), ["phone"]);
        let id = ExternalTeacher {
            id_number: Some("11010519491231002X".into()),
            ..sample()
        };
        assert_eq!(refused(&id), ["sex"]);
        let days = ExternalTeacher {
            ends_on: test_day() - Days::new(21),
            ..sample()
        };
        assert_eq!(refused(&days), ["ends_on"]);
    }

    #[test]
    fn nobody_is_engaged_without_the_yearly_clearance() {
        let flow = ExternalTeacher::flow();
        let personnel = flow.find("approve_personnel").expect("a step");
        assert_eq!(personnel.needs, ["cleared_on"]);
        let stale = ExternalTeacher {
            cleared_on: Some(test_day() - Days::new(366)),
            ..sample()
        };
        assert_eq!(doubted(&stale), ["cleared_on"]);
        let ending = ExternalTeacher {
            ends_on: test_day() + NOTICE,
            ..sample()
        };
        assert_eq!(doubted(&ending), ["ends_on"]);
    }
}
