use super::Purchase;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, FINANCE, GENERAL_AFFAIRS, TEACHER, TRAINING_OFFICE};

choice!(
    /// 验收项目结果
    AcceptanceItem {
        Met = "met" "符合",
        Unmet = "unmet" "不符合",
        NotAsked = "not_asked" "不适用",
    }
);

choice!(
    /// 验收结论
    AcceptanceResult {
        Passed = "passed" "合格",
        Partly = "partly" "部分合格",
        Failed = "failed" "不合格",
    }
);

/// 采购验收：货到或完工后，使用部门、资产管理员和第三人共同验收，逐项核对后写结论；不合格的退换整改后再验。
#[derive(Clone, Debug, Register)]
#[register(
    id = "purchase_acceptance",
    title = "采购验收",
    group = "office",
    systems = "G6",
    label = "purchase, inspected_on",
    date = "inspected_on",
    within = "purchase",
    owner = "user"
)]
pub struct PurchaseAcceptance {
    #[field(label = "采购项目", list, filter)]
    pub purchase: Ref<Purchase>,
    #[field(label = "验收日期", list, filter)]
    pub inspected_on: NaiveDate,
    #[field(label = "验收内容", max = 1000, help = "本次到货或完成的内容、数量")]
    pub content: LongText,
    #[field(label = "本次金额（元）", list)]
    pub amount: Money,
    #[field(label = "数量规格")]
    pub quantity: AcceptanceItem,
    #[field(label = "质量性能")]
    pub quality: AcceptanceItem,
    #[field(label = "安装调试")]
    pub running: AcceptanceItem,
    #[field(label = "随货资料", help = "合格证、说明书、保修单")]
    pub documents: AcceptanceItem,
    #[field(label = "使用部门验收人", list)]
    pub user: Ref<Staff>,
    #[field(label = "资产管理员", list)]
    pub asset_keeper: Ref<Staff>,
    #[field(label = "第三验收人", help = "金额较大或专业性强的，请专业人员参加")]
    pub third: Option<Ref<Staff>>,
    #[field(label = "验收结论", list, filter, help = "由各项得出，不用填")]
    pub result: Option<AcceptanceResult>,
    #[field(label = "问题与处理", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "复验日期", list)]
    pub passed_on: Option<NaiveDate>,
    #[field(label = "附件", help = "送货单、照片等")]
    pub files: Files,
}

impl PurchaseAcceptance {
    fn conclusion(&self) -> AcceptanceResult {
        let items = [self.quantity, self.quality, self.running, self.documents];
        let unmet = items
            .iter()
            .filter(|item| **item == AcceptanceItem::Unmet)
            .count();
        match unmet {
            0 => AcceptanceResult::Passed,
            _ if self.quality == AcceptanceItem::Unmet || unmet > 2 => AcceptanceResult::Failed,
            _ => AcceptanceResult::Partly,
        }
    }
}

impl Rules for PurchaseAcceptance {
    fn flow() -> Flow {
        Flow::starts("待确认")
            .open("待复验")
            .done("已通过")
            .step(
                "confirm",
                "验收人确认",
                &["待确认"],
                "已通过",
                &[Who::Field("user".into()), Who::Role(TRAINING_OFFICE)],
            )
            .fork(Guard::not("result", "passed"), "待复验")
            .signed("使用部门验收")
            .step(
                "again",
                "复验合格",
                &["待复验"],
                "已通过",
                &[Who::Field("user".into()), Who::Role(TRAINING_OFFICE)],
            )
            .needs(&["passed_on"])
            .within_days(15)
            .signed("复验意见")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "purchase_acceptance_first",
                "采购一次验收合格率",
                "结论为合格的验收 ÷ 全部验收",
                "%",
                Measure::Share {
                    of: Filter::is("result", "passed"),
                    among: Filter::all(),
                },
            )
            .also(&["验收合格率", "采购验收合格率"]),
            indicator(
                "purchase_acceptance_amount",
                "验收金额",
                "已通过验收的本次金额合计",
                "元",
                Measure::Sum {
                    of: Filter::state("已通过"),
                    field: "amount".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(FINANCE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "采购验收单")
                .fields(&[
                    "purchase",
                    "inspected_on",
                    "amount",
                    "result",
                    "quantity",
                    "quality",
                    "running",
                    "documents",
                    "content",
                    "problem",
                    "passed_on",
                ])
                .signatures(&["使用部门验收人", "资产管理员", "第三验收人", "供应商代表"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["result"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.result = Some(self.conclusion());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let passed = self.conclusion() == AcceptanceResult::Passed;
        let problem = self
            .problem
            .as_ref()
            .is_some_and(|text| !text.0.trim().is_empty());
        Checks::new()
            .not_after_today(self.inspected_on, ctx.today, "inspected_on")
            .refuse(self.amount.0 <= 0, "amount", "本次金额应大于0")
            .refuse(
                self.third
                    .is_some_and(|third| third.id == self.user.id || third.id == self.asset_keeper.id),
                "third",
                "第三验收人应是另外的人",
            )
            .refuse(!passed && !problem, "problem", "有不符合的项目，请写明问题与处理")
            .refuse(
                passed && self.passed_on.is_some(),
                "passed_on",
                "一次验收合格，不需要复验",
            )
            .in_order(
                self.inspected_on,
                self.passed_on,
                "passed_on",
                "复验日期不能早于验收日期",
            )
            .not_after_today(self.passed_on, ctx.today, "passed_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.user.id == self.asset_keeper.id,
                "asset_keeper",
                "使用部门验收人和资产管理员应由两人担任",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> PurchaseAcceptance {
        let met = AcceptanceItem::Met;
        PurchaseAcceptance {
            purchase: Ref::new(Uuid::nil()),
            inspected_on: test_day(),
            content: LongText("焊条20箱".into()),
            amount: Money(58_000),
            quantity: met,
            quality: met,
            running: AcceptanceItem::NotAsked,
            documents: met,
            user: Ref::new(Uuid::from_u128(1)),
            asset_keeper: Ref::new(Uuid::from_u128(2)),
            third: None,
            result: None,
            problem: None,
            passed_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_result_follows_and_shortcomings_are_named() {
        assert!(refused(&sample()).is_empty());
        let papers = PurchaseAcceptance {
            documents: AcceptanceItem::Unmet,
            ..sample()
        };
        assert_eq!(papers.conclusion(), AcceptanceResult::Partly);
        assert_eq!(refused(&papers), ["problem"]);
        let poor = PurchaseAcceptance {
            quality: AcceptanceItem::Unmet,
            ..sample()
        };
        assert_eq!(poor.conclusion(), AcceptanceResult::Failed);
        let again = PurchaseAcceptance {
            passed_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&again), ["passed_on"]);
    }

    #[test]
    fn three_are_three() {
        let two = PurchaseAcceptance {
            third: Some(Ref::new(Uuid::from_u128(1))),
            ..sample()
        };
        assert_eq!(refused(&two), ["third"]);
    }
}
