use super::Purchase;
use super::purchase::{FundSource, department, everyone_asks};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{FINANCE, GENERAL_AFFAIRS, PRINCIPAL, VICE_PRINCIPAL};
use people::{Staff, Unit};

choice!(
    /// 报销类别
    ExpenseKind {
        Travel = "travel" "差旅费",
        Training = "training" "培训费",
        Meeting = "meeting" "会议费",
        Reception = "reception" "公务接待费",
        Vehicle = "vehicle" "公务用车费",
        Office = "office" "办公用品",
        Material = "material" "实训耗材",
        Repair = "repair" "维修费",
        Labour = "labour" "劳务费",
        Contest = "contest" "竞赛费用",
        Other = "other" "其他",
    }
);

/// 经费报销：经办人凭票据报销，部门确认、财务审核票据和预算，按金额逐级审批后付款。由财务处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "expense_claim",
    title = "经费报销",
    group = "office",
    systems = "G6, I1",
    label = "purpose, claimed_on",
    date = "claimed_on",
    within = "unit",
    owner = "claimant"
)]
pub struct ExpenseClaim {
    #[field(label = "报销日期", list, filter)]
    pub claimed_on: NaiveDate,
    #[field(label = "报销部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "经办人", list)]
    pub claimant: Ref<Staff>,
    #[field(label = "报销类别", list, filter)]
    pub kind: ExpenseKind,
    #[field(label = "事由", list, max = 80)]
    pub purpose: String,
    #[field(label = "发生起始日期")]
    pub from: NaiveDate,
    #[field(label = "发生结束日期")]
    pub to: NaiveDate,
    #[field(label = "报销金额（元）", list)]
    pub amount: Money,
    #[field(label = "票据张数", max = 1000)]
    pub receipts: i64,
    #[field(label = "费用明细", max = 1000)]
    pub detail: Option<LongText>,
    #[field(label = "资金来源", filter)]
    pub source: FundSource,
    #[field(label = "预算项目", max = 60)]
    pub budget_item: String,
    #[field(label = "对应采购", help = "经采购的，选择采购申请")]
    pub purchase: Option<Ref<Purchase>>,
    #[field(
        label = "审批依据",
        max = 60,
        help = "出差、会议、培训、接待的，填审批单或公函编号"
    )]
    pub basis: Option<String>,
    #[field(label = "冲销借款（元）")]
    pub loan: Option<Money>,
    #[field(label = "核定金额（元）", list, help = "财务审核后的金额")]
    pub allowed: Option<Money>,
    #[field(label = "付款日期", list)]
    pub paid_on: Option<NaiveDate>,
    #[field(label = "记账凭证号", max = 40)]
    pub voucher: Option<String>,
    #[field(label = "票据附件")]
    pub files: Files,
}

/// Above these amounts in fen the next one decides (an example school's rule).
const LEADER_ABOVE: i64 = 300_000;
const PRINCIPAL_ABOVE: i64 = 2_000_000;

impl Rules for ExpenseClaim {
    fn flow() -> Flow {
        let finance = [Who::Role(FINANCE)];
        let stages = [
            department(),
            Stage::by("finance", "财务", &finance).needs(&["allowed"]).days(5),
            Stage::by("leader", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::above("amount", LEADER_ABOVE)),
            Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)])
                .when(Guard::above("amount", PRINCIPAL_ABOVE)),
        ];
        Flow::approvals(&stages, "待付款")
            .still_open("待付款")
            .done("已付款")
            .step("pay", "付款", &["待付款"], "已付款", &finance)
            .needs(&["paid_on", "voucher"])
            .within_days(7)
            .signed("出纳付款")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let paid = || Filter::state("已付款");
        vec![
            indicator(
                "expense_claim_amount",
                "经费报销金额",
                "已付款的核定金额合计",
                "元",
                Measure::Sum {
                    of: paid(),
                    field: "allowed".into(),
                },
            ),
            indicator(
                "expense_claim_reception",
                "公务接待费",
                "已付款的公务接待费核定金额合计",
                "元",
                Measure::Sum {
                    of: paid().and("kind", Op::Is, "reception"),
                    field: "allowed".into(),
                },
            )
            .also(&["三公经费", "接待费"]),
            indicator(
                "expense_claim_count",
                "报销单数",
                "已付款的报销条数",
                "笔",
                Measure::Count { of: paid() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.push(may_write(FINANCE, Reach::School));
        access.push(may_read(GENERAL_AFFAIRS, Reach::Own));
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "经费报销",
                "财务处",
                "附合规票据，部门和财务审核；3000元以上报分管校长，2万元以上报校长；审核后7日内付款",
            )
            .quick(&[
                "claimed_on",
                "unit",
                "claimant",
                "kind",
                "purpose",
                "from",
                "to",
                "amount",
                "receipts",
                "source",
                "budget_item",
                "basis",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("claim", "经费报销审批单")
                .fields(&[
                    "unit",
                    "claimant",
                    "claimed_on",
                    "kind",
                    "purpose",
                    "from",
                    "to",
                    "amount",
                    "receipts",
                    "source",
                    "budget_item",
                    "purchase",
                    "basis",
                    "loan",
                    "allowed",
                    "detail",
                ])
                .approvals()
                .signatures(&["经办人", "验收人或证明人", "领款人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        // 党政机关 rules on travel, training, meetings and reception: each is approved, or invited by letter, beforehand.
        let needs_basis = matches!(
            self.kind,
            ExpenseKind::Travel | ExpenseKind::Training | ExpenseKind::Meeting | ExpenseKind::Reception
        );
        Checks::new()
            .not_after_today(self.claimed_on, ctx.today, "claimed_on")
            .in_order(self.from, self.to, "to", "发生结束日期不能早于起始日期")
            .in_order(self.to, self.claimed_on, "claimed_on", "报销日期不能早于费用发生")
            .refuse(self.amount.0 <= 0, "amount", "报销金额应大于0")
            .refuse(self.receipts == 0, "receipts", "票据张数应大于0")
            .refuse(
                needs_basis && !filled(self.basis.as_deref()),
                "basis",
                "差旅、培训、会议、接待须填写事前审批单或公函编号",
            )
            .refuse(
                self.allowed
                    .is_some_and(|allowed| allowed.0 < 0 || allowed > self.amount),
                "allowed",
                "核定金额不能为负，也不能超过报销金额",
            )
            .refuse(
                self.loan.is_some_and(|loan| loan.0 < 0),
                "loan",
                "冲销借款不能为负数",
            )
            .in_order(
                self.claimed_on,
                self.paid_on,
                "paid_on",
                "付款日期不能早于报销日期",
            )
            .not_after_today(self.paid_on, ctx.today, "paid_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                (self.claimed_on - self.to).num_days() > 60,
                "claimed_on",
                "费用发生超过60天才报销，请说明",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ExpenseClaim {
        ExpenseClaim {
            claimed_on: test_day(),
            unit: Ref::new(Uuid::nil()),
            claimant: Ref::new(Uuid::nil()),
            kind: ExpenseKind::Travel,
            purpose: "参加省级培训".into(),
            from: test_day() - chrono::Days::new(5),
            to: test_day() - chrono::Days::new(3),
            amount: Money(120_000),
            receipts: 4,
            detail: None,
            source: FundSource::Public,
            budget_item: "教师培训".into(),
            purchase: None,
            basis: Some("出差〔2026〕12".into()),
            loan: None,
            allowed: None,
            paid_on: None,
            voucher: None,
            files: Files::default(),
        }
    }

    #[test]
    fn what_was_not_approved_beforehand_is_not_paid() {
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        let bare = ExpenseClaim {
            basis: None,
            ..sample()
        };
        assert_eq!(refused(&bare), ["basis"]);
        let goods = ExpenseClaim {
            kind: ExpenseKind::Office,
            ..bare
        };
        assert!(refused(&goods).is_empty());
    }

    #[test]
    fn no_more_is_allowed_than_was_claimed() {
        let more = ExpenseClaim {
            allowed: Some(Money(120_001)),
            ..sample()
        };
        assert_eq!(refused(&more), ["allowed"]);
        let old = ExpenseClaim {
            from: test_day() - chrono::Days::new(80),
            to: test_day() - chrono::Days::new(61),
            ..sample()
        };
        assert_eq!(doubted(&old), ["claimed_on"]);
    }
}
