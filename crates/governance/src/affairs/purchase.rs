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
use people::checks::Checks;
use people::roles::{
    DEPARTMENT_HEAD, FINANCE, GENERAL_AFFAIRS, OFFICE, PRINCIPAL, TRAINING_OFFICE, VICE_PRINCIPAL, roles,
};
use people::{Staff, Unit};

choice!(
    /// 采购项目类别
    PurchaseKind {
        Goods = "goods" "货物",
        Service = "service" "服务",
        Works = "works" "工程",
    }
);

choice!(
    /// 采购方式
    PurchaseWay {
        Tender = "tender" "公开招标",
        Invited = "invited" "邀请招标",
        Negotiation = "negotiation" "竞争性谈判",
        Consultation = "consultation" "竞争性磋商",
        Inquiry = "inquiry" "询价",
        Single = "single" "单一来源",
        Framework = "framework" "框架协议",
        Mall = "mall" "电子卖场",
        Own = "own" "自行采购",
    }
);

choice!(
    /// 资金来源
    FundSource {
        Public = "public" "公用经费",
        Project = "project" "专项资金",
        Business = "business" "事业收入",
        Contest = "contest" "竞赛经费",
        Donation = "donation" "捐赠",
        Other = "other" "其他",
    }
);

/// 采购申请：部门提出，总务处审核，按金额逐级审批，采购后由使用部门验收、资产管理员入账。由总务处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "purchase",
    title = "采购申请",
    group = "office",
    systems = "G6, I1",
    label = "title, applied_on",
    date = "applied_on",
    due = "needed_by",
    within = "unit",
    owner = "applicant"
)]
pub struct Purchase {
    #[field(label = "采购项目", list, max = 80)]
    pub title: String,
    #[field(label = "申请日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "申请部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "申请人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "项目类别", list, filter)]
    pub kind: PurchaseKind,
    #[field(label = "预算金额（元）", list)]
    pub budget: Money,
    #[field(label = "资金来源", filter)]
    pub source: FundSource,
    #[field(label = "预算项目", max = 60, help = "年度预算中的项目名称或编号")]
    pub budget_item: String,
    #[field(label = "采购理由", max = 500)]
    pub reason: LongText,
    #[field(label = "采购清单", max = 2000, help = "品名、规格、数量、单价，一行一项")]
    pub lines: LongText,
    #[field(label = "需要日期", list)]
    pub needed_by: NaiveDate,
    #[field(label = "采购方式", list, filter)]
    pub way: Option<PurchaseWay>,
    #[field(label = "集体决策文号", max = 40, help = "20万元以上，校长办公会纪要编号")]
    pub resolution: Option<String>,
    #[field(label = "供应商", max = 60)]
    pub supplier: Option<String>,
    #[field(label = "成交金额（元）", list)]
    pub price: Option<Money>,
    #[field(label = "合同编号", max = 40)]
    pub contract: Option<String>,
    #[field(label = "下单日期")]
    pub ordered_on: Option<NaiveDate>,
    #[field(label = "约定到货日期")]
    pub deliver_by: Option<NaiveDate>,
    #[field(label = "验收日期", list)]
    pub accepted_on: Option<NaiveDate>,
    #[field(label = "入账凭证号", max = 40)]
    pub voucher: Option<String>,
    #[field(label = "附件", help = "参数、询价单、合同等")]
    pub files: Files,
}

/// Above these amounts in fen the next one decides (an example school's rule; a school states its own in its 采购管理办法).
const LEADER_ABOVE: i64 = 500_000;
const PRINCIPAL_ABOVE: i64 = 5_000_000;
const COUNCIL_ABOVE: i64 = 20_000_000;

/// Everybody asks for themselves; the head of the department sees what his people ask for.
pub(crate) fn everyone_asks() -> Vec<Access> {
    let mut access: Vec<Access> = roles().iter().map(|r| may_write(r.id, Reach::Own)).collect();
    access.push(may_read(DEPARTMENT_HEAD, Reach::Unit));
    access
}

/// The head of the applicant's department; the leader in charge stands in where a unit has none.
pub(crate) fn department() -> Stage {
    Stage::by(
        "department",
        "部门",
        &[Who::Role(DEPARTMENT_HEAD), Who::Role(VICE_PRINCIPAL)],
    )
}

impl Rules for Purchase {
    fn flow() -> Flow {
        let affairs = || [Who::Role(GENERAL_AFFAIRS)];
        let stages = [
            department(),
            Stage::by("affairs", "总务", &affairs()).needs(&["way"]),
            Stage::by("leader", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::above("budget", LEADER_ABOVE)),
            Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)])
                .when(Guard::above("budget", PRINCIPAL_ABOVE)),
            Stage::by("council", "校长办公会", &[Who::Role(OFFICE)])
                .when(Guard::above("budget", COUNCIL_ABOVE))
                .needs(&["resolution"])
                .days(14),
        ];
        Flow::approvals(&stages, "待采购")
            .still_open("待采购")
            .open("待验收")
            .open("待入账")
            .done("已入账")
            .dropped("已终止")
            .step("order", "下单", &["待采购"], "待验收", &affairs())
            .needs(&["supplier", "price", "ordered_on", "deliver_by"])
            .within_days(15)
            // 《行政事业单位内部控制规范（试行）》（财会〔2012〕21号）: buying and accepting are kept apart.
            .step(
                "accept",
                "验收",
                &["待验收"],
                "待入账",
                &[Who::Creator, Who::Role(DEPARTMENT_HEAD)],
            )
            .needs(&["accepted_on"])
            .signed("使用部门验收")
            .step(
                "store",
                "入账",
                &["待入账"],
                "已入账",
                &[Who::Role(FINANCE), Who::Role(GENERAL_AFFAIRS)],
            )
            .needs(&["voucher"])
            .within_days(10)
            .signed("资产入账")
            .step("stop", "终止采购", &["待采购", "待验收"], "已终止", &affairs())
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let accepted = || Filter::all().dated("accepted_on").dated("deliver_by");
        let sum = |id, title, formula, field: &str| {
            indicator(
                id,
                title,
                formula,
                "元",
                Measure::Sum {
                    of: Filter::state("已入账"),
                    field: field.into(),
                },
            )
        };
        vec![
            indicator(
                "purchase_on_time",
                "采购按期到货率",
                "验收日期不晚于约定到货日期的 ÷ 已验收的采购",
                "%",
                Measure::Share {
                    of: accepted().and("accepted_on", Op::AtMostField, "deliver_by"),
                    among: accepted(),
                },
            )
            .also(&["采购完成率"]),
            indicator(
                "purchase_count",
                "采购项目数",
                "已入账的采购申请条数",
                "项",
                Measure::Count {
                    of: Filter::state("已入账"),
                },
            ),
            sum(
                "purchase_price",
                "采购成交金额",
                "已入账采购的成交金额合计",
                "price",
            ),
            sum(
                "purchase_budget",
                "采购预算金额",
                "已入账采购的预算金额合计",
                "budget",
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.extend([
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(FINANCE, Reach::School),
            may_read(OFFICE, Reach::School),
            may_read(TRAINING_OFFICE, Reach::School),
        ]);
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "采购申请",
                "总务处",
                "部门负责人、总务处审批；5000元以上报分管校长，5万元以上报校长，20万元以上上校长办公会",
            )
            .quick(&[
                "title",
                "applied_on",
                "unit",
                "applicant",
                "kind",
                "budget",
                "source",
                "budget_item",
                "reason",
                "lines",
                "needed_by",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "采购申请审批表")
                .fields(&[
                    "title",
                    "kind",
                    "unit",
                    "applicant",
                    "applied_on",
                    "needed_by",
                    "budget",
                    "source",
                    "budget_item",
                    "way",
                    "reason",
                    "lines",
                    "resolution",
                ])
                .approvals()
                .signatures(&["申请人", "部门负责人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(self.budget.0 <= 0, "budget", "预算金额应大于0")
            .in_order(
                self.applied_on,
                self.needed_by,
                "needed_by",
                "需要日期不能早于申请日期",
            )
            .refuse(
                self.price.is_some_and(|price| price.0 <= 0),
                "price",
                "成交金额应大于0",
            )
            .refuse(
                self.price.is_some_and(|price| price > self.budget),
                "price",
                "成交金额不能超过预算金额；确需超出的，请重新申请",
            )
            .in_order(
                self.applied_on,
                self.ordered_on,
                "ordered_on",
                "下单日期不能早于申请日期",
            )
            .in_order(
                self.ordered_on,
                self.deliver_by,
                "deliver_by",
                "约定到货日期不能早于下单日期",
            )
            .in_order(
                self.ordered_on,
                self.accepted_on,
                "accepted_on",
                "验收日期不能早于下单日期",
            )
            .not_after_today(self.accepted_on, ctx.today, "accepted_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let large = self.budget.0 > COUNCIL_ABOVE;
        Checks::new()
            .refuse(
                large && matches!(self.way, Some(PurchaseWay::Own | PurchaseWay::Single)),
                "way",
                "金额较大，请核对是否应公开招标或集中采购",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Purchase {
        Purchase {
            title: "焊接实训耗材".into(),
            applied_on: test_day(),
            unit: Ref::new(Uuid::nil()),
            applicant: Ref::new(Uuid::nil()),
            kind: PurchaseKind::Goods,
            budget: Money(600_000),
            source: FundSource::Public,
            budget_item: "实训耗材".into(),
            reason: LongText("本学期实训".into()),
            lines: LongText("焊条 20箱".into()),
            needed_by: test_day(),
            way: None,
            resolution: None,
            supplier: None,
            price: None,
            contract: None,
            ordered_on: None,
            deliver_by: None,
            accepted_on: None,
            voucher: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_price_keeps_to_the_budget_and_days_are_in_order() {
        assert!(refused(&sample()).is_empty());
        let dear = Purchase {
            price: Some(Money(600_001)),
            ..sample()
        };
        assert_eq!(refused(&dear), ["price"]);
        let early = Purchase {
            ordered_on: Some(test_day()),
            accepted_on: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&early), ["accepted_on"]);
    }

    #[test]
    fn the_amount_decides_who_decides() {
        let flow = Purchase::flow();
        let next = |step: &str, fen: i64| {
            let spec = kernel::register::spec::RegisterSpec::of::<Purchase>();
            let record = Purchase {
                budget: Money(fen),
                ..sample()
            };
            flow.find(step)
                .expect("a step")
                .target(&spec, &record.to_values())
                .to_owned()
        };
        assert_eq!(next("approve_department", 1), "待总务审批");
        assert_eq!(next("approve_affairs", 500_000), "待采购");
        assert_eq!(next("approve_affairs", 500_001), "待分管校长审批");
        assert_eq!(next("approve_leader", 5_000_000), "待采购");
        assert_eq!(next("approve_leader", 5_000_001), "待校长审批");
        assert_eq!(next("approve_principal", 20_000_001), "待校长办公会审批");
    }

    #[test]
    fn who_buys_does_not_accept() {
        let flow = Purchase::flow();
        assert_eq!(
            flow.find("order").expect("a step").who,
            [Who::Role(GENERAL_AFFAIRS)]
        );
        assert!(
            !flow
                .find("accept")
                .expect("a step")
                .who
                .contains(&Who::Role(GENERAL_AFFAIRS))
        );
    }
}
