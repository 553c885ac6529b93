use crate::Enterprise;
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
use people::checks::{Checks, said};
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, FINANCE, OFFICE, TEACHER, TRAINING_OFFICE,
    VICE_PRINCIPAL,
};
use people::{Staff, Unit};

choice!(
    /// 合作类别
    AgreementKind {
        Frame = "frame" "校企合作框架",
        Base = "base" "共建实训基地",
        Order = "order" "订单培养",
        Apprentice = "apprentice" "现代学徒制",
        College = "college" "产业学院",
        Internship = "internship" "岗位实习",
        Course = "course" "课程教材共建",
        Training = "training" "员工培训",
        Service = "service" "技术服务",
        Donation = "donation" "捐赠设备",
    }
);

/// 校企合作协议：系部拟签，校企合作处审核，涉及收支的经财务，分管校长批准后签署；到期前续签或终止。由校企合作处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "cooperation_agreement",
    title = "校企合作协议",
    group = "partners",
    systems = "H1",
    label = "title",
    key = "number",
    unique = "number",
    date = "drafted_on",
    due = "ends_on",
    within = "department",
    owner = "responsible"
)]
pub struct CooperationAgreement {
    #[field(label = "协议编号", list, max = 30, help = "学校自编，如 校企2026-018")]
    pub number: String,
    #[field(label = "协议名称", list, max = 100)]
    pub title: String,
    #[field(label = "合作企业", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "合作类别", list, filter)]
    pub kind: AgreementKind,
    #[field(label = "合作系部", list, filter, help = "全校性协议不填，由校企合作处发起")]
    pub department: Option<Ref<Unit>>,
    #[field(label = "学校负责人", list)]
    pub responsible: Ref<Staff>,
    #[field(label = "拟签日期", filter)]
    pub drafted_on: NaiveDate,
    #[field(label = "生效日期", list)]
    pub starts_on: NaiveDate,
    #[field(label = "到期日期", list, filter)]
    pub ends_on: NaiveDate,
    #[field(label = "合作内容", max = 1000)]
    pub content: LongText,
    #[field(label = "学校责任", max = 500)]
    pub school_duty: LongText,
    #[field(label = "企业责任", max = 500)]
    pub partner_duty: LongText,
    #[field(label = "企业投入（元）", help = "设备、资金、奖学金等折合金额，没有不填")]
    pub investment: Option<Money>,
    #[field(label = "学校收支（元）", help = "协议约定学校收取或支付的金额，没有不填")]
    pub amount: Option<Money>,
    #[field(label = "续签自")]
    pub renews: Option<Ref<CooperationAgreement>>,
    #[field(label = "签署日期")]
    pub signed_on: Option<NaiveDate>,
    #[field(label = "履行情况", max = 500, help = "到期或终止时填写")]
    pub result: Option<LongText>,
    #[field(label = "协议扫描件")]
    pub files: Files,
}

impl Rules for CooperationAgreement {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        let stages = [
            Stage::by(
                "department",
                "系部",
                &[Who::Role(DEPARTMENT_HEAD), office[0].clone()],
            ),
            Stage::by("cooperation", "校企合作处", &office).days(5),
            Stage::by("finance", "财务处", &[Who::Role(FINANCE)]).when(Guard::above("amount", 0)),
            Stage::by("principal", "分管校长", &[Who::Role(VICE_PRINCIPAL)]).days(5),
        ];
        Flow::approvals(&stages, "待签署")
            .still_open("待签署")
            .open("履行中")
            .done("已到期")
            .dropped("已终止")
            .step("sign", "签署生效", &["待签署"], "履行中", &office)
            .needs(&["signed_on"])
            .within_days(30)
            .step("expire", "到期归档", &["履行中"], "已到期", &office)
            .needs(&["result"])
            .step("end", "提前终止", &["待签署", "履行中"], "已终止", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "cooperation_agreements",
                "校企合作协议数",
                "签署日期已填且未终止的协议",
                "份",
                Measure::Count {
                    of: Filter::all().dated("signed_on").and("state", Op::Not, "已终止"),
                },
            )
            .standing(),
            indicator(
                "cooperation_agreements_signed",
                "新签校企合作协议数",
                "期内签署且未终止的协议",
                "份",
                Measure::Count {
                    of: Filter::all().dated("signed_on").and("state", Op::Not, "已终止"),
                },
            )
            .by("signed_on")
            .also(&["签订校企合作协议", "新签合作协议"]),
            indicator(
                "cooperation_investment",
                "企业投入金额",
                "已签署协议约定的企业投入合计",
                "元",
                Measure::Sum {
                    of: Filter::all().dated("signed_on"),
                    field: "investment".into(),
                },
            )
            .also(&["企业提供设备值", "引进企业投入"]),
            indicator(
                "cooperation_agreement_signed",
                "协议签署率",
                "已签署的协议 ÷ 拟签的协议（不含撤回和未批准）",
                "%",
                Measure::Share {
                    of: Filter::all()
                        .dated("signed_on")
                        .and("state", Op::Not, "未批准")
                        .and("state", Op::Not, "已撤回"),
                    among: Filter::all()
                        .and("state", Op::Not, "未批准")
                        .and("state", Op::Not, "已撤回"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TRAINING_OFFICE, Reach::Own),
            may_read(TEACHER, Reach::Own),
            may_read(ENROLMENT_OFFICE, Reach::School),
            may_read(FINANCE, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn service() -> Option<Service> {
        Some(service(
            "校企合作协议签订",
            "校企合作处",
            "系部填报合作内容和双方责任，附协议文本；校企合作处5个工作日内审核，涉及收支的经财务处，分管校长批准后签署",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("review", "校企合作协议审批表")
                .fields(&[
                    "number",
                    "title",
                    "enterprise",
                    "kind",
                    "department",
                    "responsible",
                    "starts_on",
                    "ends_on",
                    "investment",
                    "amount",
                ])
                .fields(&["content", "school_duty", "partner_duty"])
                .approvals(),
            sheet("signing", "校企合作协议签署页")
                .text("甲方：{school}")
                .text("乙方：{enterprise}")
                .text("双方就“{title}”（编号 {number}）达成协议，有效期自 {starts_on} 至 {ends_on}。")
                .fields(&["content", "school_duty", "partner_duty"])
                .signatures(&["甲方（盖章）代表", "乙方（盖章）代表"])
                .in_states(&["待签署", "履行中", "已到期"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let negative = |money: Option<Money>| money.is_some_and(|money| money.0 < 0);
        Checks::new()
            .not_after_today(self.drafted_on, ctx.today, "drafted_on")
            .refuse(
                self.ends_on <= self.starts_on,
                "ends_on",
                "到期日期应晚于生效日期",
            )
            .not_after_today(self.signed_on, ctx.today, "signed_on")
            .in_order(
                self.drafted_on,
                self.signed_on,
                "signed_on",
                "签署日期不能早于拟签日期",
            )
            .refuse(negative(self.investment), "investment", "企业投入不能为负数")
            .refuse(negative(self.amount), "amount", "学校收支填金额，不填负数")
            .refuse(
                self.kind == AgreementKind::Internship && self.amount.is_some_and(|money| money.0 > 0),
                "amount",
                "严禁以营利为目的违规组织实习，岗位实习协议不得约定学校收支（实习管理规定第十一条）",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let soon = (0..=60).contains(&(self.ends_on - ctx.today).num_days());
        let running = self.signed_on.is_some() && !said(&self.result);
        Checks::new()
            .refuse(
                running && soon,
                "ends_on",
                "协议将在60天内到期，请与企业商定续签或终止",
            )
            .refuse(
                running && self.ends_on < ctx.today,
                "ends_on",
                "协议已到期，请续签或归档",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused};
    use uuid::Uuid;

    fn sample() -> CooperationAgreement {
        let text = |text: &str| LongText(text.into());
        CooperationAgreement {
            number: "校企2026-018".into(),
            title: "数控专业订单培养协议".into(),
            enterprise: Ref::new(Uuid::nil()),
            kind: AgreementKind::Order,
            department: None,
            responsible: Ref::new(Uuid::nil()),
            drafted_on: day(-30),
            starts_on: day(-10),
            ends_on: day(700),
            content: text("共同制定培养方案"),
            school_duty: text("组班和教学"),
            partner_duty: text("提供岗位和导师"),
            investment: Some(Money(2_000_000)),
            amount: None,
            renews: None,
            signed_on: Some(day(-12)),
            result: None,
            files: Files::default(),
        }
    }

    #[test]
    fn days_and_amounts_are_checked() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut CooperationAgreement)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.ends_on = r.starts_on), ["ends_on"]);
        assert_eq!(wrong(|r| r.signed_on = Some(day(-31))), ["signed_on"]);
        assert_eq!(wrong(|r| r.signed_on = Some(day(1))), ["signed_on"]);
        assert_eq!(wrong(|r| r.investment = Some(Money(-1))), ["investment"]);
    }

    #[test]
    fn nothing_is_earned_by_internship() {
        let paid = CooperationAgreement {
            kind: AgreementKind::Internship,
            amount: Some(Money(100)),
            ..sample()
        };
        assert_eq!(refused(&paid), ["amount"]);
        assert!(
            refused(&CooperationAgreement {
                kind: AgreementKind::Training,
                ..paid
            })
            .is_empty()
        );
    }

    #[test]
    fn what_ends_soon_is_called_for() {
        assert!(doubted(&sample()).is_empty());
        for end in [60, -1] {
            let ending = CooperationAgreement {
                starts_on: day(-400),
                ends_on: day(end),
                ..sample()
            };
            assert_eq!(doubted(&ending), ["ends_on"]);
        }
    }

    #[test]
    fn money_goes_by_the_finance_office() {
        let flow = CooperationAgreement::flow();
        let step = flow.find("approve_cooperation").expect("a step");
        assert_eq!(step.to, "待分管校长审批");
        assert_eq!(step.forks[0], (Guard::above("amount", 0), "待财务处审批".into()));
    }
}
