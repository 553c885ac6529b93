use super::Asset;
use super::purchase::{department, everyone_asks};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{FINANCE, GENERAL_AFFAIRS, PRINCIPAL, TRAINING_OFFICE, VICE_PRINCIPAL};

choice!(
    /// 处置方式
    DisposalWay {
        Scrap = "scrap" "报废",
        Loss = "loss" "报损",
        Transfer = "transfer" "无偿调拨",
        Donate = "donate" "对外捐赠",
        Sell = "sell" "出售置换",
    }
);

choice!(
    /// 处置原因
    DisposalCause {
        Expired = "expired" "达到使用年限",
        Broken = "broken" "损坏无法修复",
        Costly = "costly" "维修不经济",
        Obsolete = "obsolete" "技术淘汰",
        Unsafe = "unsafe" "存在安全隐患",
        Lost = "lost" "丢失被盗",
        Idle = "idle" "长期闲置",
    }
);

/// 资产处置：报废、报损、调拨资产先申请，总务处鉴定，按原值逐级审批，处置后销账；达到限额的须主管部门批复。
#[derive(Clone, Debug, Register)]
#[register(
    id = "asset_disposal",
    title = "资产处置",
    group = "logistics",
    systems = "C4, G6, I1",
    label = "asset, applied_on",
    date = "applied_on",
    within = "asset",
    owner = "applicant"
)]
pub struct AssetDisposal {
    #[field(label = "资产", list, filter)]
    pub asset: Ref<Asset>,
    #[field(label = "申请日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "申请人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "处置方式", list, filter)]
    pub way: DisposalWay,
    #[field(label = "处置原因", list, filter)]
    pub cause: DisposalCause,
    #[field(label = "原值（元）", list)]
    pub value: Money,
    #[field(label = "净值（元）")]
    pub net_value: Money,
    #[field(label = "已用年数", max = 100)]
    pub used_years: i64,
    #[field(label = "规定年限", max = 100)]
    pub life_years: i64,
    #[field(label = "情况说明", max = 500)]
    pub reason: LongText,
    #[field(label = "技术鉴定意见", max = 500, help = "总务处组织鉴定后填写")]
    pub appraisal: Option<LongText>,
    #[field(label = "主管部门批复", max = 40, help = "原值50万元以上的填批复文号")]
    pub approval_number: Option<String>,
    #[field(label = "处置日期", list)]
    pub disposed_on: Option<NaiveDate>,
    #[field(label = "处置收入（元）", help = "按规定上缴；没有收入填0")]
    pub income: Option<Money>,
    #[field(label = "残值去向", max = 100, help = "回收单位、接收单位")]
    pub receiver: Option<String>,
    #[field(label = "材料", help = "照片、鉴定书等")]
    pub files: Files,
}

/// Above these amounts in fen the next one decides (an example school's rule).
const FINANCE_ABOVE: i64 = 500_000;
const LEADER_ABOVE: i64 = 2_000_000;
const PRINCIPAL_ABOVE: i64 = 10_000_000;
/// From this value on the superior authority replies first; 《行政事业性国有资产管理条例》 leaves the limit to it.
const AUTHORITY_ABOVE: i64 = 50_000_000;

impl Rules for AssetDisposal {
    fn flow() -> Flow {
        let affairs = [Who::Role(GENERAL_AFFAIRS)];
        let stages = [
            department(),
            Stage::by("affairs", "总务", &affairs)
                .needs(&["appraisal"])
                .days(7),
            Stage::by("finance", "财务", &[Who::Role(FINANCE)]).when(Guard::above("value", FINANCE_ABOVE)),
            Stage::by("leader", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::above("value", LEADER_ABOVE)),
            Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)])
                .when(Guard::above("value", PRINCIPAL_ABOVE)),
        ];
        Flow::approvals(&stages, "待处置")
            .still_open("待处置")
            .done("已销账")
            .step("dispose", "处置销账", &["待处置"], "已销账", &affairs)
            .needs(&["disposed_on", "income", "receiver"])
            .within_days(30)
            .signed("处置经办")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let done = || Filter::state("已销账");
        vec![
            indicator(
                "asset_disposal_value",
                "资产处置原值",
                "已销账资产的原值合计",
                "元",
                Measure::Sum {
                    of: done(),
                    field: "value".into(),
                },
            ),
            indicator(
                "asset_disposal_income",
                "资产处置收入",
                "已销账资产的处置收入合计",
                "元",
                Measure::Sum {
                    of: done(),
                    field: "income".into(),
                },
            ),
            indicator(
                "asset_disposal_count",
                "资产处置件数",
                "已销账的处置条数",
                "件",
                Measure::Count { of: done() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.extend([
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(FINANCE, Reach::School),
            may_read(TRAINING_OFFICE, Reach::School),
        ]);
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "资产报废",
                "总务处",
                "保管人申请，总务处鉴定；原值5000元以上财务会签，2万元以上报分管校长，10万元以上报校长",
            )
            .quick(&[
                "asset",
                "applied_on",
                "applicant",
                "way",
                "cause",
                "value",
                "net_value",
                "used_years",
                "life_years",
                "reason",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "固定资产处置审批表")
                .fields(&[
                    "asset",
                    "way",
                    "cause",
                    "applied_on",
                    "applicant",
                    "value",
                    "net_value",
                    "used_years",
                    "life_years",
                    "reason",
                    "appraisal",
                    "approval_number",
                    "disposed_on",
                    "income",
                    "receiver",
                ])
                .approvals()
                .signatures(&["申请人", "资产管理员"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let authority = self.value.0 > AUTHORITY_ABOVE && self.disposed_on.is_some();
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(self.value.0 <= 0, "value", "原值应大于0")
            .refuse(
                self.net_value.0 < 0 || self.net_value > self.value,
                "net_value",
                "净值应在0与原值之间",
            )
            .refuse(
                self.cause == DisposalCause::Expired && self.used_years < self.life_years,
                "cause",
                "还没有达到规定年限，请选择其他原因",
            )
            .refuse(
                authority && !filled(self.approval_number.as_deref()),
                "approval_number",
                "原值50万元以上的资产，须有主管部门批复方可处置",
            )
            .in_order(
                self.applied_on,
                self.disposed_on,
                "disposed_on",
                "处置日期不能早于申请日期",
            )
            .not_after_today(self.disposed_on, ctx.today, "disposed_on")
            .refuse(
                self.income.is_some_and(|income| income.0 < 0),
                "income",
                "处置收入不能为负数",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> AssetDisposal {
        AssetDisposal {
            asset: Ref::new(Uuid::nil()),
            applied_on: test_day(),
            applicant: Ref::new(Uuid::nil()),
            way: DisposalWay::Scrap,
            cause: DisposalCause::Expired,
            value: Money(380_000),
            net_value: Money(0),
            used_years: 9,
            life_years: 6,
            reason: LongText("主板损坏".into()),
            appraisal: None,
            approval_number: None,
            disposed_on: None,
            income: None,
            receiver: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_cause_is_true_and_large_values_need_a_reply() {
        assert!(refused(&sample()).is_empty());
        let young = AssetDisposal {
            used_years: 5,
            ..sample()
        };
        assert_eq!(refused(&young), ["cause"]);
        let large = AssetDisposal {
            value: Money(AUTHORITY_ABOVE + 1),
            disposed_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&large), ["approval_number"]);
        let worth = AssetDisposal {
            net_value: Money(380_001),
            ..sample()
        };
        assert_eq!(refused(&worth), ["net_value"]);
    }
}
