use crate::audience::own_for_all;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{PRINCIPAL, UNION};

choice!(
    /// 慰问事由
    CareKind {
        Festival = "festival" "节日慰问",
        Birthday = "birthday" "生日慰问",
        Wedding = "wedding" "结婚慰问",
        Birth = "birth" "生育慰问",
        Illness = "illness" "生病住院",
        Bereavement = "bereavement" "亲属去世",
        Retirement = "retirement" "退休离岗",
        Hardship = "hardship" "困难补助",
    }
);

/// 工会慰问：会员婚、育、病、丧、退休和困难的慰问申请、审批和发放，事由加密。由工会管理，会员或分工会代为申请。
#[derive(Clone, Debug, Register)]
#[register(
    id = "union_care",
    title = "工会慰问",
    group = "office",
    systems = "G8",
    label = "member, kind, asked_on",
    date = "asked_on",
    within = "member",
    owner = "member"
)]
pub struct UnionCare {
    #[field(label = "会员", list)]
    pub member: Ref<Staff>,
    #[field(label = "慰问事由", list, filter)]
    pub kind: CareKind,
    #[field(label = "申请日期", list, filter)]
    pub asked_on: NaiveDate,
    #[field(label = "代申请人", help = "分工会代为申请的填写")]
    pub agent: Option<Ref<Staff>>,
    #[field(label = "具体情况", sealed, max = 300)]
    pub situation: Option<LongText>,
    #[field(
        label = "慰问金（元）",
        list,
        help = "住院、丧事等按工会规定的标准；发慰问品的填折价"
    )]
    pub amount: Money,
    #[field(label = "发放日期", list)]
    pub given_on: Option<NaiveDate>,
    #[field(label = "慰问人")]
    pub giver: Option<Ref<Staff>>,
    #[field(label = "证明材料", help = "住院、婚育等证明；可不传")]
    pub files: Files,
}

/// Amount from which the principal approves as well: 2,000 yuan in fen; the school's own rule.
const LARGE: i64 = 200_000;

impl Rules for UnionCare {
    fn flow() -> Flow {
        let union = [Who::Role(UNION)];
        Flow::approvals(
            &[
                Stage::by("union", "工会", &union),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).when(Guard::above("amount", LARGE)),
            ],
            "待发放",
        )
        .still_open("待发放")
        .done("已慰问")
        .step("give", "登记发放", &["待发放"], "已慰问", &union)
        .needs(&["given_on", "giver"])
        .within_days(7)
        .signed("慰问人")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let given = || Filter::state("已慰问");
        vec![
            indicator(
                "union_cares",
                "慰问教职工人次",
                "已慰问的人次",
                "人次",
                Measure::Count { of: given() },
            )
            .also(&["走访慰问教职工", "慰问职工"]),
            indicator(
                "union_care_sum",
                "慰问金支出",
                "已慰问的金额合计",
                "元",
                Measure::Sum {
                    of: given(),
                    field: "amount".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        own_for_all(&[UNION])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "工会慰问申请",
                "工会",
                "会员婚、育、住院、亲属去世、退休和困难可以申请，附证明；两千元以内工会审批，一周内发放",
            )
            .quick(&["member", "kind", "asked_on", "amount", "situation", "files"]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "工会会员慰问审批表")
                .fields(&["member", "kind", "asked_on", "amount", "agent"])
                .approvals()
                .fields(&["given_on", "giver"])
                .signatures(&["领取人", "经办人"]),
            list_form(
                "receipt",
                "慰问金发放表",
                &["member", "kind", "amount", "given_on"],
                &["签收"],
            ),
        ]
    }

    // Kinds of care: 《基层工会经费收支管理办法》(总工办发〔2017〕32号) 第八条.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.asked_on, ctx.today, "asked_on")
            .refuse(self.amount.0 <= 0, "amount", "慰问金应大于0")
            .refuse(
                self.kind == CareKind::Hardship && self.situation.is_none(),
                "situation",
                "困难补助请写明具体情况",
            )
            .in_order(
                self.asked_on,
                self.given_on,
                "given_on",
                "发放日期不能早于申请日期",
            )
            .not_after_today(self.given_on, ctx.today, "given_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn hardship_is_told() {
        let mut record = UnionCare {
            member: Ref::new(Uuid::nil()),
            kind: CareKind::Illness,
            asked_on: test_day(),
            agent: None,
            situation: None,
            amount: Money(50_000),
            given_on: None,
            giver: None,
            files: Files::default(),
        };
        assert!(refused(&record).is_empty());
        record.kind = CareKind::Hardship;
        record.amount = Money(0);
        assert_eq!(refused(&record), ["amount", "situation"]);
    }
}
