use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled, said};
use people::roles::{DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, PERSONNEL, PRINCIPAL, TEACHER};

choice!(
    /// 出国（境）性质
    JourneyKind {
        Official = "official" "因公",
        Private = "private" "因私",
    }
);

/// 出国（境）审批：教职工因公、因私出国（境）的申请、批准、证件领用和归国报告。由人事处管理，本人申请。
#[derive(Clone, Debug, Register)]
#[register(
    id = "abroad_request",
    title = "出国（境）审批",
    group = "partners",
    systems = "H3, E7",
    label = "staff, destination",
    date = "leaves_on",
    due = "returns_on",
    within = "staff",
    owner = "staff"
)]
pub struct AbroadRequest {
    #[field(label = "申请人", list)]
    pub staff: Ref<Staff>,
    #[field(label = "性质", list, filter)]
    pub kind: JourneyKind,
    #[field(label = "出国（境）目的", list, filter, code = "CGJMDDM")]
    pub purpose: Code,
    #[field(label = "前往国家（地区）", list, max = 40)]
    pub destination: String,
    #[field(label = "邀请或接待单位", max = 80, help = "因公填写")]
    pub inviter: Option<String>,
    #[field(label = "离境日期", list, filter)]
    pub leaves_on: NaiveDate,
    #[field(label = "回国日期", list)]
    pub returns_on: NaiveDate,
    #[field(label = "在外天数", help = "由起止日期得出，含离、抵境当天")]
    pub days: Option<i64>,
    #[field(label = "事由与行程", max = 800)]
    pub itinerary: LongText,
    #[field(label = "经费预算（元）", help = "因公填写；因私自理")]
    pub budget: Option<Money>,
    #[field(label = "工作安排", max = 200, help = "课程、班级和岗位由谁代")]
    pub cover: LongText,
    #[field(label = "涉密人员", filter, help = "涉密、掌管人财物的人员由党委审查")]
    pub classified: bool,
    #[field(label = "任务批件号", max = 40)]
    pub approval: Option<String>,
    #[field(label = "公示日期", help = "因公团组行前公示不少于5个工作日")]
    pub published_on: Option<NaiveDate>,
    #[field(label = "实际回国日期")]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "证件交回日期", list)]
    pub passport_on: Option<NaiveDate>,
    #[field(label = "归国报告", max = 1500)]
    pub report: Option<LongText>,
    #[field(label = "附件")]
    pub files: Files,
}

/// Within so many days of coming home an official passport is handed in (《因公护照管理规定》: 回国入境后7天内).
const HAND_IN: Days = Days::new(7);

impl Rules for AbroadRequest {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[
                Stage::by("department", "部门", &[Who::Role(DEPARTMENT_HEAD), personnel()]),
                Stage::by("personnel", "人事处", &[personnel()]),
                Stage::by("party", "党委", &[Who::Role(PARTY_OFFICE)]).when(Guard::is("classified", "true")),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).days(5),
            ],
            "已批准",
        )
        .still_open("已批准")
        .open("待交证")
        .done("已办结")
        .step(
            "return",
            "登记回国",
            &["已批准"],
            "待交证",
            &[Who::Field("staff".into()), personnel()],
        )
        .needs(&["returned_on"])
        .step("close", "交回证件办结", &["待交证"], "已办结", &[personnel()])
        .needs(&["passport_on", "report"])
        .within_days(7)
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let gone = || {
            Filter::all()
                .and("state", Op::Not, "未批准")
                .and("state", Op::Not, "已撤回")
        };
        vec![
            indicator(
                "abroad_requests",
                "出国（境）人次",
                "未撤回且未被拒绝的出国（境）申请",
                "人次",
                Measure::Count { of: gone() },
            ),
            indicator(
                "abroad_official",
                "因公出国（境）人次",
                "因公的出国（境）申请",
                "人次",
                Measure::Count {
                    of: gone().and("kind", Op::Is, "official"),
                },
            )
            .also(&["教师国（境）外研修人次"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PERSONNEL, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(PARTY_OFFICE, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn service() -> Option<Service> {
        Some(service(
            "出国（境）申请",
            "人事处",
            "本人申请并安排好课务；部门、人事处各3日，校长5日内审批；涉密人员由党委审查；回国7日内交回证件",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "教职工出国（境）审批表")
                .fields(&[
                    "staff",
                    "kind",
                    "purpose",
                    "destination",
                    "inviter",
                    "leaves_on",
                    "returns_on",
                    "days",
                    "budget",
                    "classified",
                    "approval",
                ])
                .fields(&["itinerary", "cover"])
                .approvals()
                .signatures(&["申请人"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["days"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let days = (self.returns_on - self.leaves_on).num_days() + 1;
        self.days = (days > 0).then_some(days);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let official = self.kind == JourneyKind::Official;
        Checks::new()
            .in_order(
                self.leaves_on,
                self.returns_on,
                "returns_on",
                "回国日期不能早于离境日期",
            )
            .refuse(
                official && !filled(self.inviter.as_deref()),
                "inviter",
                "因公出国（境）请填写邀请或接待单位",
            )
            .refuse(
                !official && self.budget.is_some_and(|money| money.0 > 0),
                "budget",
                "因私出国（境）费用自理，不填经费预算",
            )
            .in_order(
                self.published_on,
                self.leaves_on,
                "published_on",
                "公示应在离境之前",
            )
            .in_order(
                self.leaves_on,
                self.returned_on,
                "returned_on",
                "实际回国日期不能早于离境日期",
            )
            .not_after_today(self.returned_on, ctx.today, "returned_on")
            .refuse(
                self.passport_on.is_some() && self.returned_on.is_none(),
                "returned_on",
                "还没有登记回国，不能交回证件",
            )
            .in_order(
                self.returned_on,
                self.passport_on,
                "passport_on",
                "证件交回日期不能早于回国日期",
            )
            .not_after_today(self.passport_on, ctx.today, "passport_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let limit = self.returned_on.and_then(|day| day.checked_add_days(HAND_IN));
        let late = limit.is_some_and(|limit| self.passport_on.unwrap_or(ctx.today) > limit);
        let away = self.returned_on.is_none() && self.returns_on < ctx.today;
        Checks::new()
            .refuse(late, "passport_on", "回国7天内应交回因公证件")
            .refuse(away, "returned_on", "已过回国日期，请登记实际回国日期")
            .refuse(
                self.returned_on.is_some() && !said(&self.report),
                "report",
                "请提交归国报告",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused};
    use uuid::Uuid;

    fn sample() -> AbroadRequest {
        AbroadRequest {
            staff: Ref::new(Uuid::nil()),
            kind: JourneyKind::Official,
            purpose: Code("43".into()),
            destination: "德国".into(),
            inviter: Some("某职业教育中心".into()),
            leaves_on: day(-20),
            returns_on: day(-10),
            days: None,
            itinerary: LongText("双元制教学法研修".into()),
            budget: Some(Money(4_500_000)),
            cover: LongText("课程由同教研室教师代".into()),
            classified: false,
            approval: Some("清外〔2026〕12号".into()),
            published_on: Some(day(-40)),
            returned_on: Some(day(-10)),
            passport_on: Some(day(-5)),
            report: Some(LongText("完成四个模块的研修".into())),
            files: Files::default(),
        }
    }

    #[test]
    fn official_and_private_journeys_differ() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let uninvited = AbroadRequest {
            inviter: None,
            ..sample()
        };
        assert_eq!(refused(&uninvited), ["inviter"]);
        let private = AbroadRequest {
            kind: JourneyKind::Private,
            ..uninvited
        };
        assert_eq!(refused(&private), ["budget"]);
    }

    #[test]
    fn whoever_is_back_hands_in_the_passport_and_reports() {
        let late = AbroadRequest {
            passport_on: Some(day(-2)),
            report: None,
            ..sample()
        };
        assert_eq!(doubted(&late), ["passport_on", "report"]);
        let lost = AbroadRequest {
            returned_on: None,
            ..sample()
        };
        assert_eq!(refused(&lost), ["returned_on"]);
    }
}
