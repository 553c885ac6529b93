use super::Regulation;
use crate::audience::open_to_all;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::OFFICE;
use people::{Staff, Unit};

choice!(
    /// 权力事项大类
    PowerClass {
        Development = "1" "规划与重大决策",
        Personnel = "2" "干部人事管理",
        Finance = "3" "财务资产管理",
        Teaching = "4" "教育教学管理",
        Student = "5" "招生与学生管理",
    }
);

choice!(
    /// 决定主体
    Decider {
        Committee = "committee" "党委会",
        Office = "office" "校长办公会",
        Congress = "congress" "教职工代表大会",
        Leader = "leader" "分管校领导",
        Unit = "unit" "主管部门",
    }
);

choice!(
    /// 权力风险等级
    PowerRisk {
        High = "1" "高",
        Middle = "2" "中",
        Low = "3" "低",
    }
);

/// 权限清单：学校管理权限事项，谁来决定、按什么程序、多长时间、怎么公开，以及在线办理的服务。由办公室维护，教代会通过后施行，全校可查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "power",
    title = "权限清单",
    group = "office",
    systems = "G4",
    label = "number, name",
    key = "number",
    unique = "number",
    date = "drafted_on",
    within = "unit",
    owner = "holder"
)]
pub struct Power {
    #[field(label = "编号", list, max = 10, help = "大类号加序号，如 3-02")]
    pub number: String,
    #[field(label = "权力事项", list, max = 60)]
    pub name: String,
    #[field(label = "大类", list, filter)]
    pub class: PowerClass,
    #[field(label = "主管部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "责任人", list)]
    pub holder: Ref<Staff>,
    #[field(label = "决定主体", list, filter)]
    pub decider: Decider,
    #[field(label = "行使依据", max = 300, help = "法律法规、上级文件或学校制度")]
    pub basis: LongText,
    #[field(label = "依据制度", help = "制度库中的制度")]
    pub regulation: Option<Ref<Regulation>>,
    #[field(label = "行使程序", max = 1000, help = "按顺序写每一步由谁做什么")]
    pub procedure: LongText,
    #[field(label = "办理时限（工作日）", max = 365)]
    pub days: Option<i64>,
    #[field(label = "风险等级", filter)]
    pub risk: PowerRisk,
    #[field(label = "监督方式", max = 200)]
    pub oversight: Option<String>,
    #[field(label = "公开方式", max = 100, help = "校务公开栏、网站、教代会报告等")]
    pub disclosure: Option<String>,
    #[field(label = "在线办理", list, filter)]
    pub online: bool,
    #[field(
        label = "对应服务事项",
        max = 60,
        help = "服务大厅里的名称，如 发文申请、教职工请假"
    )]
    pub service: Option<String>,
    #[field(label = "拟定日期")]
    pub drafted_on: NaiveDate,
    #[field(label = "教代会通过日期")]
    pub adopted_on: Option<NaiveDate>,
}

impl Rules for Power {
    fn flow() -> Flow {
        let office = [Who::Role(OFFICE)];
        Flow::starts("拟定")
            .done("施行")
            .dropped("已取消")
            .step("adopt", "教代会通过", &["拟定"], "施行", &office)
            .needs(&["adopted_on", "disclosure"])
            .signed("教代会意见")
            .step("change", "调整", &["施行"], "拟定", &office)
            .with_note()
            .step("cancel", "取消", &["拟定", "施行"], "已取消", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let force = || Filter::state("施行");
        vec![
            indicator(
                "powers",
                "权限清单事项数",
                "施行中的管理权限事项",
                "项",
                Measure::Count { of: force() },
            )
            .standing()
            .also(&["管理权限事项", "管理权限清单"]),
            indicator(
                "power_online",
                "权限事项在线办理率",
                "可在线办理的施行事项 ÷ 施行事项",
                "%",
                Measure::Share {
                    of: force().and("online", Op::Is, true),
                    among: force(),
                },
            )
            .standing()
            .also(&["一网通办率", "在线办理率"]),
            indicator(
                "power_timed",
                "权限事项限时办理率",
                "写明办理时限的施行事项 ÷ 施行事项",
                "%",
                Measure::Share {
                    of: force().and("days", Op::AtLeast, 1_i64),
                    among: force(),
                },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        open_to_all(&[OFFICE])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("card", "权力事项登记表").fields(&[
                "number",
                "name",
                "class",
                "unit",
                "holder",
                "decider",
                "basis",
                "regulation",
                "procedure",
                "days",
                "risk",
                "oversight",
                "disclosure",
                "online",
                "service",
                "adopted_on",
            ]),
            list_form(
                "list",
                "学校管理权限清单",
                &[
                    "number",
                    "name",
                    "unit",
                    "decider",
                    "procedure",
                    "days",
                    "disclosure",
                ],
                &[],
            )
            .by("class"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.online && !filled(self.service.as_deref()),
                "service",
                "在线办理的请写对应的服务事项",
            )
            .refuse(
                self.risk == PowerRisk::High && self.decider == Decider::Unit,
                "decider",
                "高风险事项不能由部门单独决定",
            )
            .refuse(
                self.risk == PowerRisk::High && !filled(self.oversight.as_deref()),
                "oversight",
                "高风险事项请写明监督方式",
            )
            .not_after_today(self.drafted_on, ctx.today, "drafted_on")
            .in_order(
                self.drafted_on,
                self.adopted_on,
                "adopted_on",
                "通过日期不能早于拟定日期",
            )
            .not_after_today(self.adopted_on, ctx.today, "adopted_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_risky_power_is_not_in_one_hand() {
        let mut record = Power {
            number: "3-02".into(),
            name: "大额采购".into(),
            class: PowerClass::Finance,
            unit: Ref::new(Uuid::nil()),
            holder: Ref::new(Uuid::nil()),
            decider: Decider::Committee,
            basis: LongText("政府采购法".into()),
            regulation: None,
            procedure: LongText("申请、论证、审议、采购、验收".into()),
            days: Some(20),
            risk: PowerRisk::High,
            oversight: Some("纪检全程监督".into()),
            disclosure: None,
            online: true,
            service: Some("采购申请".into()),
            drafted_on: test_day(),
            adopted_on: None,
        };
        assert!(refused(&record).is_empty());
        record.decider = Decider::Unit;
        record.oversight = None;
        assert_eq!(refused(&record), ["decider", "oversight"]);
        record.risk = PowerRisk::Low;
        record.service = None;
        assert_eq!(refused(&record), ["service"]);
    }
}
