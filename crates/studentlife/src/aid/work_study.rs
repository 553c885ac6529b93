use crate::terms::month;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{AID_OFFICE, CLASS_TEACHER, FINANCE, STUDENT_OFFICE};
use people::{Staff, Student, Unit};

/// 勤工助学：校内岗位每人每月的工时和酬金，用人部门登记，资助中心审核，财务处发放。不得安排危险岗位和占用上课时间。
#[derive(Clone, Debug, Register)]
#[register(
    id = "work_study",
    title = "勤工助学",
    group = "student",
    systems = "D9",
    label = "student, month",
    unique = "student, post, month",
    date = "worked_until",
    within = "student",
    owner = "supervisor"
)]
pub struct WorkStudy {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "岗位名称", list, filter, max = 40)]
    pub post: String,
    #[field(label = "勤工类别", list, filter, code = "workstudy_kind")]
    pub kind: Code,
    #[field(label = "用人部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "指导教师", list)]
    pub supervisor: Ref<Staff>,
    #[field(label = "结算日期", filter, help = "结算月份内的最后工作日")]
    pub worked_until: NaiveDate,
    #[field(label = "结算月份", list, filter, max = 7, help = "按结算日期自动填写")]
    pub month: Option<String>,
    #[field(label = "本月工时", list, help = "每月不超过40小时")]
    pub hours: Decimal<1>,
    #[field(label = "小时酬金（元）")]
    pub rate: Money,
    #[field(label = "本月酬金（元）", list, help = "自动计算")]
    pub pay: Option<Money>,
    #[field(label = "工作表现", max = 200)]
    pub remark: Option<LongText>,
    #[field(label = "发放日期", list)]
    pub paid_on: Option<NaiveDate>,
}

/// 高等学校学生勤工助学管理办法（2018年修订）, followed by analogy: eight hours a week, forty a month.
const MONTH: i64 = 400;

impl Rules for WorkStudy {
    fn flow() -> Flow {
        let office = [Who::Role(AID_OFFICE)];
        Flow::starts("待审核")
            .open("待发放")
            .done("已发放")
            .dropped("已退回")
            .step("approve", "审核通过", &["待审核"], "待发放", &office)
            .within_days(5)
            .signed("资助中心意见")
            .step("refuse", "退回", &["待审核"], "已退回", &office)
            .with_note()
            .step(
                "again",
                "重新提交",
                &["已退回"],
                "待审核",
                &[Who::Creator, Who::Field("supervisor".into())],
            )
            .step(
                "pay",
                "发放",
                &["待发放"],
                "已发放",
                &[Who::Role(FINANCE), Who::Role(AID_OFFICE)],
            )
            .needs(&["paid_on"])
            .within_days(10)
            .signed("财务处发放")
            .editable(&["待审核", "已退回"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let valid = || Filter::all().and("state", Op::Not, "已退回");
        vec![
            indicator(
                "work_study_students",
                "勤工助学学生数",
                "有勤工助学工时的不同学生",
                "人",
                Measure::CountDistinct {
                    of: valid(),
                    field: "student".into(),
                },
            )
            .also(&["勤工助学岗位", "勤工俭学岗位数"]),
            indicator(
                "work_study_pay",
                "勤工助学酬金",
                "已发放的酬金合计",
                "元",
                Measure::Sum {
                    of: Filter::state("已发放"),
                    field: "pay".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = vec![
            may_write(AID_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(FINANCE, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
        ];
        access.push(may_write(people::roles::TEACHER, Reach::Own));
        access
    }

    fn computed() -> &'static [&'static str] {
        &["month", "pay"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.month = Some(month(self.worked_until));
        self.pay = Some(Money(self.hours.0.saturating_mul(self.rate.0) / 10));
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "pay",
            "勤工助学酬金发放表",
            &["student", "post", "month", "hours", "rate", "pay"],
            &["领款人签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.worked_until, ctx.today, "worked_until")
            .refuse(
                !(1..=MONTH).contains(&self.hours.0),
                "hours",
                "本月工时应大于0且不超过40小时",
            )
            .refuse(self.rate.0 <= 0, "rate", "小时酬金应大于0")
            .in_order(
                self.worked_until,
                self.paid_on,
                "paid_on",
                "发放日期不能早于结算日期",
            )
            .not_after_today(self.paid_on, ctx.today, "paid_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some};

    #[test]
    fn hours_are_limited_and_paid_by_the_hour() {
        let sample = || WorkStudy {
            student: some(),
            post: "图书整理".into(),
            kind: Code("3".into()),
            unit: some(),
            supervisor: some(),
            worked_until: day(-5),
            month: None,
            hours: Decimal(125),
            rate: Money(1_500),
            pay: None,
            remark: None,
            paid_on: None,
        };
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&WorkStudy {
                hours: Decimal(401),
                ..sample()
            }),
            ["hours"]
        );
        assert_eq!(
            refused(&WorkStudy {
                rate: Money(0),
                ..sample()
            }),
            ["rate"]
        );
        assert_eq!(
            refused(&WorkStudy {
                paid_on: Some(day(-6)),
                ..sample()
            }),
            ["paid_on"]
        );
        let mut record = sample();
        record.complete(&Ctx {
            today: day(0),
            new: true,
        });
        assert_eq!(record.pay, Some(Money(18_750)));
        assert_eq!(record.month.as_deref(), Some("2026-03"));
    }
}
