use super::{graduates, keepers, verified};
use crate::Enterprise;
use chrono::{Datelike, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::Flow;
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::{Class, Student};

/// 毕业生就业：毕业生直接就业、灵活就业和创业的登记，班主任填报，招生就业处凭合同或证明核实。是国家数据集“毕业去向【就业】”的来源。
#[derive(Clone, Debug, Register)]
#[register(
    id = "employment",
    title = "毕业生就业",
    group = "enrolment",
    systems = "D13",
    label = "student, employer",
    unique = "student, year",
    date = "registered_on",
    within = "class"
)]
pub struct Employment {
    #[field(label = "学生", list, dataset = "T42.XH:number, T42.XM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "毕业班级",
        list,
        filter,
        dataset = "T42.ZYMC:major, T42.ZYDM:major_code, T42.BJMC:name"
    )]
    pub class: Ref<Class>,
    #[field(label = "毕业年份", list, filter, max = 2100)]
    pub year: i64,
    #[field(
        label = "就业单位",
        list,
        max = 60,
        help = "自主创业的填写企业或店铺名称",
        dataset = "T42.JYDWMC"
    )]
    pub employer: String,
    #[field(label = "校企合作单位", filter, dataset = "T42.SFXQHZDW")]
    pub partner: bool,
    #[field(label = "合作企业", help = "是校企合作单位的请选择")]
    pub enterprise: Option<Ref<Enterprise>>,
    #[field(label = "单位行业", list, filter, code = "HYDM", dataset = "T42.JYDWHYM")]
    pub industry: Code,
    #[field(label = "单位性质", filter, code = "DWXZDM", dataset = "T42.JYDWXZM")]
    pub nature: Code,
    #[field(label = "单位规模", filter, code = "JYDWGMDM", dataset = "T42.JYDWGMM")]
    pub scale: Code,
    #[field(label = "就业日期", list, dataset = "T42.JYRQ")]
    pub employed_on: NaiveDate,
    #[field(label = "起薪（元/月）", list, dataset = "T42.QXX")]
    pub wage: Option<Money>,
    #[field(label = "专业对口", list, filter, dataset = "T42.SFDK")]
    pub matching: bool,
    #[field(label = "就业省份", filter, max = 30, dataset = "T42.JYQYSMC")]
    pub province: String,
    #[field(label = "就业城市", list, filter, max = 30, dataset = "T42.JYQYSHIMC")]
    pub city: String,
    #[field(label = "自主创业", filter, dataset = "T42.ZZCY")]
    pub founder: bool,
    #[field(label = "创业项目名称", max = 60, dataset = "T42.CYXMMC")]
    pub project: Option<String>,
    #[field(label = "灵活就业", filter, dataset = "T42.LHJY")]
    pub flexible: bool,
    #[field(label = "工作内容", max = 300, dataset = "T42.GZNR")]
    pub work: LongText,
    #[field(label = "签订劳动合同", filter)]
    pub contract: bool,
    #[field(label = "缴纳社会保险", filter)]
    pub social_insurance: bool,
    #[field(label = "登记日期", filter)]
    pub registered_on: NaiveDate,
    #[field(label = "证明材料", help = "劳动合同、就业证明、营业执照")]
    pub files: Files,
}

impl Rules for Employment {
    fn flow() -> Flow {
        verified()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let share = |of| Measure::Share {
            of,
            among: Filter::all(),
        };
        let count = |of| Measure::Count { of };
        vec![
            indicator(
                "employment_students",
                "就业人数",
                "登记就业的毕业生（不含升学）",
                "人",
                count(Filter::all()),
            )
            .also(&["毕业生就业人数"]),
            indicator(
                "employment_matching",
                "就业对口率",
                "专业对口的就业毕业生 ÷ 登记就业的毕业生",
                "%",
                share(Filter::is("matching", true)),
            )
            .also(&["专业对口就业率", "对口就业率"]),
            indicator(
                "employment_partner",
                "合作企业就业比例",
                "在校企合作单位就业 ÷ 登记就业的毕业生",
                "%",
                share(Filter::is("partner", true)),
            ),
            indicator(
                "employment_contract",
                "劳动合同签订率",
                "签订劳动合同 ÷ 登记就业的毕业生",
                "%",
                share(Filter::is("contract", true)),
            )
            .also(&["就业合同签订率"]),
            indicator(
                "employment_founders",
                "创业人数",
                "自主创业的毕业生",
                "人",
                count(Filter::is("founder", true)),
            )
            .also(&["毕业生创业人数", "自主创业人数"]),
            indicator(
                "employment_coverage",
                "直接就业比例",
                "登记就业的毕业生 ÷ 学籍状态为毕业的学生",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "student".into(),
                    all: graduates(),
                },
            )
            .also(&["毕业生直接就业率"]),
            indicator(
                "employment_formal",
                "稳定就业比例",
                "签订劳动合同且不是灵活就业 ÷ 登记就业的毕业生",
                "%",
                share(Filter::is("contract", true).and("flexible", Op::Is, false)),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        keepers()
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "毕业生就业名册",
            &[
                "class", "student", "employer", "industry", "city", "matching", "wage",
            ],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let next = i64::from(ctx.today.year()) + 1;
        Checks::new()
            .refuse(
                !(2000..=next).contains(&self.year),
                "year",
                format!("毕业年份应在2000年至{next}年之间"),
            )
            .refuse(
                self.partner && self.enterprise.is_none(),
                "enterprise",
                "是校企合作单位，请选择合作企业",
            )
            .refuse(
                !self.partner && self.enterprise.is_some(),
                "partner",
                "选择了合作企业，“校企合作单位”应为是",
            )
            .refuse(
                self.founder && !filled(self.project.as_deref()),
                "project",
                "自主创业的请填写创业项目名称",
            )
            .refuse(
                self.founder && self.contract,
                "contract",
                "自主创业的不签劳动合同，请核对",
            )
            .refuse(self.wage.is_some_and(|wage| wage.0 < 0), "wage", "起薪不能为负数")
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .in_order(
                self.employed_on,
                self.registered_on,
                "registered_on",
                "登记日期不能早于就业日期",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let formal = !self.flexible && !self.founder;
        Checks::new()
            .refuse(
                formal && !self.contract,
                "contract",
                "不是灵活就业，一个月内应签订书面劳动合同（劳动合同法第十条）",
            )
            .refuse(
                self.wage.is_none(),
                "wage",
                "没有起薪，年度质量报告的月收入会缺项",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Employment {
        Employment {
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            year: 2025,
            employer: "清岚川拓精密机械有限公司".into(),
            partner: true,
            enterprise: Some(Ref::new(Uuid::nil())),
            industry: Code("C".into()),
            nature: Code("33".into()),
            scale: Code("3".into()),
            employed_on: test_day(),
            wage: Some(Money(420_000)),
            matching: true,
            province: "清岚省".into(),
            city: "清岚市".into(),
            founder: false,
            project: None,
            flexible: false,
            work: LongText("数控车床操作".into()),
            contract: true,
            social_insurance: true,
            registered_on: test_day(),
            files: Files::default(),
        }
    }

    #[test]
    fn partner_and_enterprise_agree() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Employment {
                enterprise: None,
                ..sample()
            }),
            ["enterprise"]
        );
        assert_eq!(
            refused(&Employment {
                partner: false,
                ..sample()
            }),
            ["partner"]
        );
    }

    #[test]
    fn who_founds_has_a_project_and_no_contract() {
        let founder = Employment {
            founder: true,
            ..sample()
        };
        assert_eq!(refused(&founder), ["project", "contract"]);
        let early = Employment {
            registered_on: test_day().pred_opt().expect("a day"),
            ..sample()
        };
        assert_eq!(refused(&early), ["registered_on"]);
    }

    #[test]
    fn a_contract_is_called_for() {
        let loose = Employment {
            contract: false,
            wage: None,
            ..sample()
        };
        assert_eq!(doubted(&loose), ["contract", "wage"]);
        assert_eq!(
            doubted(&Employment {
                flexible: true,
                ..loose
            }),
            ["wage"]
        );
    }
}
