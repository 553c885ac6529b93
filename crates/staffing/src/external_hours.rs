use crate::ExternalTeacher;
use crate::who::says;
use chrono::{Datelike, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, each, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, FINANCE, PERSONNEL, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};

/// 外聘课时确认：每月核对外聘教师的计划课时与实际课时，系部、教务处确认后由财务处发放。校内联系人登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "external_hours",
    title = "外聘课时确认",
    group = "staff",
    systems = "E6",
    label = "external, month",
    unique = "external, month",
    date = "reckoned_on",
    within = "external",
    owner = "contact"
)]
pub struct ExternalHours {
    #[field(label = "外聘教师", list, filter)]
    pub external: Ref<ExternalTeacher>,
    #[field(label = "结算月份", list, filter, help = "选当月任意一天，自动记为当月1日")]
    pub month: NaiveDate,
    #[field(label = "核对日期", list)]
    pub reckoned_on: NaiveDate,
    #[field(label = "校内联系人")]
    pub contact: Ref<Staff>,
    #[field(label = "计划课时", max = 300)]
    pub planned: i64,
    #[field(label = "实际课时", list, help = "按教学日志和巡课记录核对")]
    pub taught: Decimal<1>,
    #[field(label = "缺课课时", list, help = "自动计算")]
    pub missed: Option<Decimal<1>>,
    #[field(label = "差异说明", max = 300, help = "调课、缺课、补课情况")]
    pub note: Option<LongText>,
    #[field(label = "课时费（元）", help = "每课时，按合同")]
    pub fee: Money,
    #[field(label = "应发金额（元）", list, help = "自动计算")]
    pub amount: Option<Money>,
    #[field(label = "发放日期", list)]
    pub paid_on: Option<NaiveDate>,
    #[field(label = "佐证", help = "教学日志等，可不传")]
    pub files: Files,
}

impl Rules for ExternalHours {
    fn flow() -> Flow {
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]),
                Stage::by("teaching", "教务处", &[Who::Role(TEACHING_OFFICE)]),
            ],
            "待发放",
        )
        .still_open("待发放")
        .done("已发放")
        .step("pay", "发放", &["待发放"], "已发放", &[Who::Role(FINANCE)])
        .needs(&["paid_on"])
        .within_days(10)
        .signed("财务处")
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "external_hours_monthly",
                "外聘教师课时确认",
                1,
                Every::Month,
                each("external_teacher"),
                Filter::all(),
            )
            .also(&["外聘教师课时核对", "外聘课时统计"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "external_hours_taught",
                "外聘教师授课课时",
                "已登记的实际课时合计",
                "课时",
                Measure::Sum {
                    of: Filter::all(),
                    field: "taught".into(),
                },
            ),
            indicator(
                "external_hours_amount",
                "外聘教师课时费",
                "已发放的金额合计",
                "元",
                Measure::Sum {
                    of: Filter::state("已发放"),
                    field: "amount".into(),
                },
            ),
            indicator(
                "external_hours_paid",
                "外聘课时费发放率",
                "已发放的课时确认 ÷ 全部课时确认",
                "%",
                Measure::Share {
                    of: Filter::state("已发放"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PERSONNEL, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(FINANCE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["missed", "amount"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.month = self.month.with_day(1).unwrap_or(self.month);
        self.missed = Some(Decimal((self.planned * 10 - self.taught.0).max(0)));
        self.amount = Some(Money(self.fee.0 * self.taught.0 / 10));
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("confirm", "外聘教师课时确认单")
                .fields(&[
                    "external", "month", "planned", "taught", "missed", "fee", "amount", "note",
                ])
                .approvals()
                .signatures(&["外聘教师", "校内联系人"]),
            list_form(
                "pay",
                "外聘教师课时费发放表",
                &["external", "month", "taught", "fee", "amount"],
                &["领款人签名"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let differs = self.taught.0 != self.planned * 10;
        Checks::new()
            .not_after_today(self.reckoned_on, ctx.today, "reckoned_on")
            .in_order(
                self.month.with_day(1),
                self.reckoned_on,
                "reckoned_on",
                "核对日期不能早于结算月份",
            )
            .refuse(
                !(0..=3000).contains(&self.taught.0),
                "taught",
                "实际课时应在0至300之间",
            )
            .refuse(
                differs && !says(&self.note),
                "note",
                "实际课时与计划不一致，请说明",
            )
            .refuse(self.fee.0 < 0, "fee", "课时费不能为负数")
            .not_after_today(self.paid_on, ctx.today, "paid_on")
            .in_order(
                self.reckoned_on,
                self.paid_on,
                "paid_on",
                "发放日期不能早于核对日期",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn hours(planned: i64, tenths: i64, note: Option<&str>) -> ExternalHours {
        let mut record = ExternalHours {
            external: Ref::new(Uuid::nil()),
            month: test_day(),
            reckoned_on: test_day(),
            contact: Ref::new(Uuid::nil()),
            planned,
            taught: Decimal(tenths),
            missed: None,
            note: note.map(|text| LongText(text.into())),
            fee: Money(8050),
            amount: None,
            paid_on: None,
            files: Files::default(),
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn the_amount_follows_from_hours_taught() {
        let record = hours(16, 145, Some("请假一次半"));
        assert_eq!(record.missed, Some(Decimal(15)));
        assert_eq!(record.amount, Some(Money(116_725)));
        assert_eq!(record.month.day(), 1);
        assert!(refused(&record).is_empty());
    }

    #[test]
    fn a_difference_is_explained() {
        assert!(refused(&hours(16, 160, None)).is_empty());
        assert_eq!(refused(&hours(16, 140, None)), ["note"]);
        let next = ExternalHours {
            month: test_day() + chrono::Months::new(1),
            ..hours(16, 160, None)
        };
        assert_eq!(refused(&next), ["reckoned_on"]);
    }
}
