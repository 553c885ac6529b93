use chrono::Datelike;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Unit;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, ENROLMENT_OFFICE, PRINCIPAL, STUDENT_OFFICE, TEACHING_OFFICE};

/// 招生计划：每年每专业的计划人数、班数和完成情况。系部申报，招生就业处汇总，校长批准后下达；注册结束填写实际人数。
#[derive(Clone, Debug, Register)]
#[register(
    id = "enrolment_plan",
    title = "招生计划",
    group = "enrolment",
    systems = "D2, B1",
    label = "major, season",
    unique = "season, major_code, track, length",
    date = "declared_on",
    within = "department"
)]
pub struct EnrolmentPlan {
    #[field(label = "招生年度", list, filter, max = 2100)]
    pub season: i64,
    #[field(label = "系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "专业代码", max = 10, help = "专业目录（2021年）六位代码")]
    pub major_code: String,
    #[field(label = "专业名称", list, filter, max = 34)]
    pub major: String,
    #[field(label = "培养类型", list, filter, code = "ZZXSLXDM")]
    pub track: Code,
    #[field(label = "学制", list, filter, code = "XZDM")]
    pub length: Code,
    #[field(label = "申报日期")]
    pub declared_on: NaiveDate,
    #[field(label = "计划人数", list, max = 5000)]
    pub planned: i64,
    #[field(label = "计划班数", list, max = 100)]
    pub classes: i64,
    #[field(label = "去年注册人数", max = 5000)]
    pub previous: Option<i64>,
    #[field(label = "学费（元/学年）", help = "中职学历教育免学费的填0")]
    pub fee: Money,
    #[field(label = "申报理由", max = 500, help = "人才需求、师资、实训条件")]
    pub reason: LongText,
    #[field(label = "主管部门批复文号", max = 40)]
    pub approval: Option<String>,
    #[field(label = "录取人数", max = 5000)]
    pub admitted: Option<i64>,
    #[field(label = "注册人数", list, max = 5000)]
    pub registered: Option<i64>,
    #[field(label = "完成率（%）", list, help = "注册人数 ÷ 计划人数")]
    pub completion: Option<Decimal<1>>,
}

/// More students than this in a class are doubted.
const FULL_CLASS: i64 = 50;

impl Rules for EnrolmentPlan {
    fn flow() -> Flow {
        let office = || Who::Role(ENROLMENT_OFFICE);
        Flow::approvals(
            &[
                Stage::by("enrolment", "招生就业处", &[office()]),
                Stage::by("teaching", "教务处", &[Who::Role(TEACHING_OFFICE)]),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).days(7),
            ],
            "已下达",
        )
        .still_open("已下达")
        .done("已完成")
        .step("finish", "填报完成情况", &["已下达"], "已完成", &[office()])
        .needs(&["admitted", "registered"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let issued = || {
            Filter::all()
                .and("state", Op::Not, "未批准")
                .and("state", Op::Not, "已撤回")
        };
        vec![
            indicator(
                "enrolment_plan_students",
                "计划招生人数",
                "招生计划人数合计（不含未批准和撤回）",
                "人",
                Measure::Sum {
                    of: issued(),
                    field: "planned".into(),
                },
            )
            .also(&["招生计划数", "招生计划人数"]),
            indicator(
                "enrolment_plan_majors",
                "招生专业数",
                "列入招生计划的不同专业",
                "个",
                Measure::CountDistinct {
                    of: issued(),
                    field: "major_code".into(),
                },
            ),
            indicator(
                "enrolment_plan_met",
                "完成计划的专业比例",
                "完成率达到100%的计划 ÷ 已填报完成情况的计划",
                "%",
                Measure::Share {
                    of: Filter::all().and("completion", Op::AtLeast, 1000i64),
                    among: Filter::all().and("completion", Op::AtLeast, 0i64),
                },
            )
            .also(&["招生计划完成率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "招生计划申报表")
                .fields(&[
                    "season",
                    "department",
                    "major",
                    "major_code",
                    "track",
                    "length",
                    "planned",
                    "classes",
                    "previous",
                    "fee",
                ])
                .fields(&["reason"])
                .approvals(),
            list_form(
                "table",
                "招生计划一览表",
                &["department", "major", "length", "planned", "classes", "fee"],
                &["备注"],
            )
            .by("season"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["completion"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.completion = self
            .registered
            .filter(|_| self.planned > 0)
            .map(|registered| Decimal((registered * 1000 + self.planned / 2) / self.planned));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let year = i64::from(self.declared_on.year());
        let six = self.major_code.len() == 6 && self.major_code.bytes().all(|b| b.is_ascii_digit());
        Checks::new()
            .refuse(
                !(year..=year + 1).contains(&self.season),
                "season",
                format!("招生年度应为申报当年（{year}）或下一年"),
            )
            .refuse(!six, "major_code", "专业代码应为六位数字")
            .refuse(self.planned == 0, "planned", "计划人数应大于0")
            .refuse(self.classes == 0, "classes", "计划班数应大于0")
            .refuse(self.fee.0 < 0, "fee", "学费不能为负数")
            .not_after_today(self.declared_on, ctx.today, "declared_on")
            .refuse(
                matches!((self.registered, self.admitted), (Some(r), Some(a)) if r > a),
                "registered",
                "注册人数不能多于录取人数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.classes > 0 && self.planned > self.classes * FULL_CLASS,
                "classes",
                format!("每班超过{FULL_CLASS}人，请核对班数"),
            )
            .refuse(
                self.previous.is_some_and(|last| last * 2 < self.planned),
                "planned",
                "计划人数超过去年注册人数的两倍，请说明依据",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> EnrolmentPlan {
        EnrolmentPlan {
            season: 2026,
            department: Ref::new(Uuid::nil()),
            major_code: "660301".into(),
            major: "机电技术应用".into(),
            track: Code("0".into()),
            length: Code("3".into()),
            declared_on: test_day(),
            planned: 80,
            classes: 2,
            previous: Some(76),
            fee: Money(0),
            reason: LongText("本市装备制造业用工需求稳定".into()),
            approval: None,
            admitted: Some(84),
            registered: Some(79),
            completion: None,
        }
    }

    #[test]
    fn numbers_are_possible() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut EnrolmentPlan)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.season = 2028), ["season"]);
        assert_eq!(wrong(|r| r.major_code = "6603".into()), ["major_code"]);
        assert_eq!(wrong(|r| r.planned = 0), ["planned"]);
        assert_eq!(wrong(|r| r.registered = Some(85)), ["registered"]);
    }

    #[test]
    fn completion_follows_and_leaps_are_doubted() {
        let mut plan = sample();
        plan.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(plan.completion, Some(Decimal(988)));
        let leap = EnrolmentPlan {
            planned: 160,
            ..sample()
        };
        assert_eq!(doubted(&leap), ["classes", "planned"]);
    }
}
