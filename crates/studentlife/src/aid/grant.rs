use super::Hardship;
use crate::terms::{school_year, term};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::checks::{Checks, filled};
use people::roles::{AID_OFFICE, CLASS_TEACHER, DEPARTMENT_HEAD, FINANCE, STUDENT_OFFICE};

/// 资助申请与发放：奖学金、助学金、勤工助学、困难补助、减免学费的申请、审核、公示和发放，一生一学期同类只享受一次。资助中心管理，财务处发放。
#[derive(Clone, Debug, Register)]
#[register(
    id = "aid_grant",
    title = "资助申请",
    group = "student",
    systems = "D9",
    label = "student, name",
    unique = "student, kind, school_year, term",
    date = "applied_on",
    within = "student"
)]
pub struct AidGrant {
    #[field(label = "学生", list, dataset = "T36.XH:number, T36.XSXM:name")]
    pub student: Ref<Student>,
    #[field(label = "奖助项目名称", list, filter, max = 60, dataset = "T36.JZXMMC")]
    pub name: String,
    #[field(
        label = "奖助项目种类",
        list,
        filter,
        code = "JZXMZLDM",
        dataset = "T36.JZXMZLM"
    )]
    pub kind: Code,
    #[field(label = "困难认定", help = "助学金、困难补助选择本学年的认定")]
    pub hardship: Option<Ref<Hardship>>,
    #[field(
        label = "奖助标准",
        max = 200,
        dataset = "T36.JZBZ",
        help = "如 每生每学年2300元，分两学期发放"
    )]
    pub standard: String,
    #[field(label = "资助单位或个人", max = 60, dataset = "T36.JZDWGR")]
    pub sponsor: String,
    #[field(label = "经费来源", filter, code = "JLZZZJLYDM", dataset = "T36.JFLYM")]
    pub funding: Code,
    #[field(label = "申请日期", list, filter, dataset = "T36.SQRQ")]
    pub applied_on: NaiveDate,
    #[field(label = "学年", filter, max = 9, help = "按申请日期自动填写")]
    pub school_year: Option<String>,
    #[field(label = "学期", filter, code = "XQDM", help = "按申请日期自动填写")]
    pub term: Option<Code>,
    #[field(label = "金额（元）", list)]
    pub amount: Money,
    #[field(label = "申请理由", sealed, max = 600)]
    pub need: LongText,
    #[field(label = "专业年级排名（%）", help = "奖学金填写：名次÷人数")]
    pub rank: Option<Decimal<1>>,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期")]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "审批日期", dataset = "T36.SPSJ")]
    pub decided_on: Option<NaiveDate>,
    #[field(
        label = "审批状态",
        code = "SPZTDM",
        dataset = "T36.SPZTM",
        help = "审批通过的自动填写"
    )]
    pub decision: Option<Code>,
    #[field(label = "收款账户", sealed, max = 40, help = "学生本人社保卡或银行卡")]
    pub account: Option<String>,
    #[field(label = "发放批次", filter, max = 30)]
    pub batch: Option<String>,
    #[field(label = "发放日期", list)]
    pub paid_on: Option<NaiveDate>,
}

/// 助学金 and 困难补助 in the code set: for those in need.
const FOR_NEED: [&str; 2] = ["2", "5"];
/// The national scholarship: 6,000 yuan, for the first 5 % of a major and year, up to 30 % with outstanding merit
/// (中等职业教育国家奖学金评审办法).
const NATIONAL: (&str, i64, i64) = ("国家奖学金", 600_000, 300);

impl Rules for AidGrant {
    fn flow() -> Flow {
        let office = [Who::Role(AID_OFFICE)];
        let class = [Who::Role(CLASS_TEACHER), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("待评议")
            .open("待审核")
            .open("公示中")
            .open("待发放")
            .open("退回修改")
            .done("已发放")
            .dropped("未通过")
            .dropped("已停发")
            .step("review", "评议通过", &["待评议"], "待审核", &class)
            .within_days(5)
            .signed("班级（系部）评议意见")
            .step("return_class", "退回修改", &["待评议"], "退回修改", &class)
            .with_note()
            .step("publish", "审核并公示", &["待审核"], "公示中", &office)
            .needs(&["notice_from", "notice_to"])
            .within_days(5)
            .signed("资助中心意见")
            .step("return", "退回修改", &["待审核"], "退回修改", &office)
            .with_note()
            .step("object", "有异议复核", &["公示中"], "待审核", &office)
            .with_note()
            .step("approve", "批准", &["公示中"], "待发放", &office)
            .needs(&["decided_on"])
            .signed("学校意见")
            .step("refuse", "不通过", &["待审核", "公示中"], "未通过", &office)
            .needs(&["decided_on", "decision"])
            .with_note()
            .step(
                "pay",
                "发放",
                &["待发放"],
                "已发放",
                &[Who::Role(FINANCE), Who::Role(AID_OFFICE)],
            )
            .needs(&["batch", "paid_on"])
            .within_days(15)
            .signed("财务处发放")
            .step("stop", "停发", &["待发放"], "已停发", &office)
            .with_note()
            .step("resubmit", "重新提交", &["退回修改"], "待评议", &[Who::Creator])
            .editable(&["待评议", "退回修改"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let paid = || Filter::state("已发放");
        vec![
            indicator(
                "aid_students",
                "受资助学生数",
                "已发放的不同学生",
                "人",
                Measure::CountDistinct {
                    of: paid(),
                    field: "student".into(),
                },
            )
            .also(&["资助学生人数", "受助学生", "资助困难学生"]),
            indicator(
                "aid_amount",
                "资助金额",
                "已发放的金额合计",
                "元",
                Measure::Sum {
                    of: paid(),
                    field: "amount".into(),
                },
            )
            .also(&["资助资金", "发放助学金"]),
            indicator(
                "aid_paid",
                "资助发放率",
                "已发放的 ÷ 已批准的（待发放、已发放）",
                "%",
                Measure::Share {
                    of: paid().dated("decided_on"),
                    among: Filter::all()
                        .dated("decided_on")
                        .and("state", Op::Not, "未通过")
                        .and("state", Op::Not, "已停发"),
                },
            )
            .also(&["助学金发放率", "资助到位率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(AID_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(FINANCE, Reach::School).unmasked(),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "term"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.school_year = Some(school_year(self.applied_on));
        self.term = Some(term(self.applied_on));
        if self.decided_on.is_some() && self.decision.is_none() {
            self.decision = Some(Code("1".into()));
        }
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "奖助学金申请",
                "资助中心",
                "班主任代学生提出；评议、审核、公示五个工作日后批准，财务处发到学生本人账户",
            )
            .for_roles(&[CLASS_TEACHER, AID_OFFICE])
            .quick(&[
                "student",
                "name",
                "kind",
                "hardship",
                "standard",
                "sponsor",
                "funding",
                "applied_on",
                "amount",
                "need",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "奖助学金申请审批表")
                .fields(&[
                    "student",
                    "name",
                    "kind",
                    "standard",
                    "sponsor",
                    "amount",
                    "applied_on",
                    "rank",
                    "need",
                ])
                .approvals()
                .signatures(&["学生", "监护人"]),
            list_form(
                "notice",
                "拟资助学生公示名单",
                &["student", "name", "amount"],
                &[],
            )
            .in_states(&["公示中"]),
            list_form(
                "pay",
                "资助资金发放表",
                &["student", "name", "amount", "batch"],
                &["领款人签名", "日期"],
            )
            .in_states(&["待发放", "已发放"])
            .by("name"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let (title, amount, rank) = NATIONAL;
        let national = self.name.contains(title);
        let refused = self.decision.as_ref().is_some_and(|code| code.0 == "2");
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(self.amount.0 <= 0, "amount", "金额应大于0")
            .refuse(
                national && self.amount.0 != amount,
                "amount",
                "中等职业教育国家奖学金为每生每年6000元",
            )
            .refuse(
                national && self.rank.is_none_or(|own| !(1..=rank).contains(&own.0)),
                "rank",
                "国家奖学金要求专业年级排名前5%，有突出表现的不超过前30%",
            )
            .refuse(
                self.rank.is_some_and(|own| !(0..=1000).contains(&own.0)),
                "rank",
                "排名应在0至100之间",
            )
            .notice(
                self.applied_on,
                "申请日期",
                [self.notice_from, self.notice_to],
                ["notice_from", "notice_to"],
            )
            .in_order(
                self.applied_on,
                self.decided_on,
                "decided_on",
                "审批日期不能早于申请日期",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(
                self.decided_on.is_some()
                    && !refused
                    && self.notice_to.is_none_or(|to| self.decided_on < Some(to)),
                "decided_on",
                "公示结束后才能批准",
            )
            .in_order(
                self.decided_on,
                self.paid_on,
                "paid_on",
                "发放日期不能早于审批日期",
            )
            .refuse(
                self.paid_on.is_some() && (self.decided_on.is_none() || refused),
                "paid_on",
                "没有批准的不能发放",
            )
            .not_after_today(self.paid_on, ctx.today, "paid_on")
            .refuse(
                self.paid_on.is_some() && !filled(self.batch.as_deref()),
                "batch",
                "填写了发放日期，请填写发放批次",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                FOR_NEED.contains(&self.kind.0.as_str()) && self.hardship.is_none(),
                "hardship",
                "助学金、困难补助一般应有本学年的困难认定（涉农专业的国家助学金除外）",
            )
            .short_notice([self.notice_from, self.notice_to], "notice_to")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    fn sample() -> AidGrant {
        AidGrant {
            student: some(),
            name: "国家助学金".into(),
            kind: Code("2".into()),
            hardship: Some(some()),
            standard: "每生每学年2300元".into(),
            sponsor: "中央和地方财政".into(),
            funding: Code("1".into()),
            applied_on: day(-40),
            school_year: None,
            term: None,
            amount: Money(115_000),
            need: LongText("家庭经济困难".into()),
            rank: None,
            notice_from: Some(day(-30)),
            notice_to: Some(day(-24)),
            decided_on: Some(day(-23)),
            decision: None,
            account: None,
            batch: Some("2026春-1".into()),
            paid_on: Some(day(-10)),
        }
    }

    #[test]
    fn money_follows_notice_and_approval() {
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&AidGrant {
                decided_on: Some(day(-25)),
                ..sample()
            }),
            ["decided_on"]
        );
        assert_eq!(
            refused(&AidGrant {
                decided_on: None,
                ..sample()
            }),
            ["paid_on"]
        );
        assert_eq!(
            refused(&AidGrant {
                batch: None,
                ..sample()
            }),
            ["batch"]
        );
        assert_eq!(
            refused(&AidGrant {
                amount: Money(0),
                ..sample()
            }),
            ["amount"]
        );
        assert_eq!(
            doubted(&AidGrant {
                hardship: None,
                ..sample()
            }),
            ["hardship"]
        );
    }

    #[test]
    fn a_refusal_needs_no_notice() {
        let open = AidGrant {
            notice_from: None,
            notice_to: None,
            batch: None,
            paid_on: None,
            ..sample()
        };
        assert_eq!(refused(&open), ["decided_on"]);
        assert!(
            refused(&AidGrant {
                decision: Some(Code("2".into())),
                ..open.clone()
            })
            .is_empty()
        );
        let mut approved = sample();
        approved.complete(&Ctx {
            today: day(0),
            new: false,
        });
        assert_eq!(approved.decision, Some(Code("1".into())));
        assert_eq!(approved.term, Some(Code("2".into())));
    }

    #[test]
    fn the_national_scholarship_is_for_the_best() {
        let best = AidGrant {
            name: "中等职业教育国家奖学金".into(),
            kind: Code("1".into()),
            amount: Money(600_000),
            rank: Some(Decimal(32)),
            ..sample()
        };
        assert!(refused(&best).is_empty());
        assert_eq!(
            refused(&AidGrant {
                rank: Some(Decimal(310)),
                ..best.clone()
            }),
            ["rank"]
        );
        assert_eq!(
            refused(&AidGrant {
                rank: None,
                ..best.clone()
            }),
            ["rank"]
        );
        assert_eq!(
            refused(&AidGrant {
                amount: Money(500_000),
                ..best
            }),
            ["amount"]
        );
    }

    #[test]
    fn whoever_approves_is_not_the_class() {
        let flow = AidGrant::flow();
        assert_eq!(flow.find("approve").expect("a step").who, [Who::Role(AID_OFFICE)]);
    }
}
