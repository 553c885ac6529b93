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
use people::checks::{Checks, filled, said};
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, GATE_KEEPER, GENERAL_AFFAIRS, OFFICE, PRINCIPAL, TEACHER,
    VICE_PRINCIPAL,
};
use people::{Staff, Unit};

choice!(
    /// 交流方向
    ExchangeDirection {
        Guests = "guests" "来访接待",
        Out = "out" "外出交流",
        Online = "online" "线上交流",
    }
);

choice!(
    /// 交流对象
    PartnerKind {
        School = "school" "国内院校",
        Government = "government" "政府部门",
        Enterprise = "enterprise" "企业行业",
        Expert = "expert" "专家学者",
        Taiwan = "taiwan" "港澳台",
        Foreign = "foreign" "国（境）外",
    }
);

/// 交流来访：来访接待、外出交流和讲学的申请与记录，涉外的经校长批准并填外事备案号。由办公室管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "exchange_visit",
    title = "对外交流",
    group = "partners",
    systems = "H3",
    label = "partner, held_on",
    date = "held_on",
    due = "held_on",
    within = "department",
    owner = "host"
)]
pub struct ExchangeVisit {
    #[field(label = "交流方向", list, filter)]
    pub direction: ExchangeDirection,
    #[field(label = "交流单位", list, max = 80)]
    pub partner: String,
    #[field(label = "对象类别", list, filter)]
    pub kind: PartnerKind,
    #[field(label = "国家或地区", filter, max = 40)]
    pub country: String,
    #[field(label = "日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "天数", max = 60)]
    pub days: i64,
    #[field(label = "事由", list, max = 100)]
    pub topic: String,
    #[field(label = "对方人数", list, max = 500)]
    pub guests: i64,
    #[field(label = "对方领队", max = 40)]
    pub guide: Option<String>,
    #[field(label = "我方人数", max = 500)]
    pub ours: i64,
    #[field(label = "承办部门", list, filter)]
    pub department: Option<Ref<Unit>>,
    #[field(label = "负责人", list)]
    pub host: Ref<Staff>,
    #[field(
        label = "接待方案",
        max = 500,
        help = "行程、场地、陪同、用餐；公务接待凭公函"
    )]
    pub plan: LongText,
    #[field(label = "公函或邀请函号", max = 40)]
    pub letter: Option<String>,
    #[field(
        label = "外事备案号",
        max = 40,
        help = "国（境）外、港澳台来访须报外事部门备案"
    )]
    pub filing: Option<String>,
    #[field(label = "预算（元）")]
    pub budget: Money,
    #[field(label = "实际支出（元）")]
    pub cost: Option<Money>,
    #[field(label = "交流情况", max = 800)]
    pub summary: Option<LongText>,
    #[field(label = "签署意向", max = 200, help = "签了协议或意向的写明")]
    pub outcome: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub files: Files,
    #[field(label = "涉外", filter, help = "由对象类别得出")]
    pub foreign: Option<bool>,
}

impl ExchangeVisit {
    fn is_foreign(&self) -> bool {
        matches!(self.kind, PartnerKind::Taiwan | PartnerKind::Foreign)
    }
}

impl Rules for ExchangeVisit {
    fn flow() -> Flow {
        let host = [Who::Field("host".into()), Who::Role(OFFICE)];
        Flow::approvals(
            &[
                Stage::by("office", "办公室", &[Who::Role(OFFICE)]).days(2),
                Stage::by("deputy", "分管校长", &[Who::Role(VICE_PRINCIPAL)]),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).when(Guard::is("foreign", "true")),
            ],
            "待开展",
        )
        .still_open("待开展")
        .done("已完成")
        .dropped("已取消")
        .step("finish", "登记结果", &["待开展"], "已完成", &host)
        .needs(&["cost", "summary"])
        .within_days(10)
        .step("cancel", "取消", &["待开展"], "已取消", &host)
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let done = || Filter::state("已完成");
        let count = |of| Measure::Count { of };
        vec![
            indicator(
                "exchange_visits",
                "对外交流次数",
                "已完成的来访接待、外出和线上交流",
                "次",
                count(done()),
            )
            .also(&["交流来访次数", "接待来访批次"]),
            indicator(
                "exchange_visit_foreign",
                "国际交流次数",
                "已完成的涉外、涉港澳台交流",
                "次",
                count(done().and("foreign", Op::Is, true)),
            )
            .also(&["国际交流活动", "人文交流活动"]),
            indicator(
                "exchange_visit_guests",
                "接待来访人次",
                "已完成来访接待的对方人数合计",
                "人次",
                Measure::Sum {
                    of: done().and("direction", Op::Is, "guests"),
                    field: "guests".into(),
                },
            ),
            indicator(
                "exchange_visit_experts",
                "专家讲学次数",
                "已完成的专家学者来访",
                "次",
                count(done().and("kind", Op::Is, "expert")),
            )
            .also(&["专家来校讲学", "学术交流活动"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(OFFICE, Reach::School),
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(GENERAL_AFFAIRS, Reach::School),
            may_read(GATE_KEEPER, Reach::School),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "来访接待与对外交流",
                "办公室",
                "至少提前3天申请，附公函或邀请函；涉外来访须先办外事备案，由校长批准",
            )
            .quick(&[
                "direction",
                "partner",
                "kind",
                "country",
                "held_on",
                "days",
                "topic",
                "guests",
                "ours",
                "host",
                "plan",
                "budget",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "公务接待（对外交流）审批单")
                .fields(&[
                    "direction",
                    "partner",
                    "kind",
                    "country",
                    "held_on",
                    "days",
                    "topic",
                    "guests",
                    "guide",
                    "ours",
                    "department",
                    "host",
                    "letter",
                    "filing",
                    "budget",
                ])
                .fields(&["plan"])
                .approvals(),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["foreign"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.foreign = Some(self.is_foreign());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let reported = said(&self.summary);
        let coming = self.direction == ExchangeDirection::Guests;
        Checks::new()
            .refuse(self.days == 0, "days", "天数至少为1")
            .refuse(coming && self.guests == 0, "guests", "来访接待请填写对方人数")
            .refuse(
                self.is_foreign() && coming && reported && !filled(self.filing.as_deref()),
                "filing",
                "国（境）外、港澳台来访须填写外事备案号",
            )
            .refuse(
                reported && self.held_on > ctx.today,
                "held_on",
                "活动还没有开展，不能填写结果",
            )
            .refuse(self.budget.0 < 0, "budget", "预算不能为负数")
            .refuse(
                self.cost.is_some_and(|money| money.0 < 0),
                "cost",
                "实际支出不能为负数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 《党政机关国内公务接待管理规定》: 公务外出应发公函，接待单位凭公函接待；陪餐人数对方10人以内不超过3人，
        // 超过10人的不超过三分之一。
        let most = if self.guests <= 10 { 3 } else { self.guests / 3 };
        let official = self.direction == ExchangeDirection::Guests
            && matches!(self.kind, PartnerKind::School | PartnerKind::Government);
        Checks::new()
            .refuse(
                official && !filled(self.letter.as_deref()),
                "letter",
                "公务接待凭公函，请填写公函号",
            )
            .refuse(
                official && self.ours > most,
                "ours",
                format!("陪同人数偏多，用餐陪餐不得超过{most}人"),
            )
            .refuse(
                self.cost.is_some_and(|cost| cost.0 > self.budget.0),
                "cost",
                "实际支出超过预算，请说明",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ExchangeVisit {
        ExchangeVisit {
            direction: ExchangeDirection::Guests,
            partner: "河谷县职业技术学校".into(),
            kind: PartnerKind::School,
            country: "中国".into(),
            held_on: test_day(),
            days: 1,
            topic: "专业建设交流".into(),
            guests: 8,
            guide: None,
            ours: 3,
            department: None,
            host: Ref::new(Uuid::nil()),
            plan: LongText("座谈、参观实训楼".into()),
            letter: Some("河职函〔2026〕9号".into()),
            filing: None,
            budget: Money(100_000),
            cost: Some(Money(64_000)),
            summary: Some(LongText("达成联合教研意向".into())),
            outcome: None,
            files: Files::default(),
            foreign: None,
        }
    }

    #[test]
    fn guests_from_abroad_are_filed_and_go_to_the_principal() {
        assert!(refused(&sample()).is_empty());
        let mut foreign = ExchangeVisit {
            kind: PartnerKind::Foreign,
            country: "泰国".into(),
            ..sample()
        };
        assert_eq!(refused(&foreign), ["filing"]);
        foreign.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(foreign.foreign, Some(true));
        let flow = ExchangeVisit::flow();
        assert_eq!(
            flow.find("approve_deputy").expect("a step").forks,
            [(Guard::is("foreign", "true"), "待校长审批".into())]
        );
    }

    #[test]
    fn official_receptions_are_modest() {
        assert!(doubted(&sample()).is_empty());
        let lavish = ExchangeVisit {
            letter: None,
            ours: 4,
            cost: Some(Money(100_001)),
            ..sample()
        };
        assert_eq!(doubted(&lavish), ["letter", "ours", "cost"]);
        let nobody = ExchangeVisit {
            guests: 0,
            ..sample()
        };
        assert_eq!(refused(&nobody), ["guests"]);
    }
}
