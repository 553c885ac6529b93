use crate::who::kept_by;
use chrono::{Datelike, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{PERSONNEL, RESEARCH_OFFICE};

/// 360 hours in five years (教师〔2011〕1号), so 72 a year.
const YEARLY_HOURS: i64 = 72;

/// 年度培训学时认定：每名教师一年一条，公需、专业、校本学时合计后与应修学时比较。由人事处核算，本人核对。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_credit",
    title = "年度培训学时",
    group = "staff",
    systems = "E2",
    label = "teacher, year",
    unique = "teacher, year",
    date = "reckoned_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct TrainingCredit {
    #[field(label = "教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "年度", list, filter, max = 2100)]
    pub year: i64,
    #[field(label = "核算日期", list, filter)]
    pub reckoned_on: NaiveDate,
    #[field(label = "公需学时", list, max = 2000)]
    pub public: i64,
    #[field(label = "专业学时", list, max = 2000, help = "外出培训、企业实践等专业类学时")]
    pub professional: i64,
    #[field(label = "校本学时", list, max = 2000)]
    pub school_based: i64,
    #[field(
        label = "应修学时",
        max = 2000,
        help = "一般每年72学时（五年360学时），不填按72"
    )]
    pub required: Option<i64>,
    #[field(label = "合计学时", list, help = "自动计算")]
    pub total: Option<i64>,
    #[field(label = "是否达标", list, filter, help = "自动判定")]
    pub met: Option<bool>,
    #[field(label = "说明", max = 300, help = "病假、产假等减免情况")]
    pub note: Option<LongText>,
}

impl Rules for TrainingCredit {
    fn flow() -> Flow {
        let keepers = || [Who::Role(PERSONNEL), Who::Role(RESEARCH_OFFICE)];
        let teacher = || Who::Field("teacher".into());
        Flow::starts("待核对")
            .open("有异议")
            .done("已认定")
            .step(
                "agree",
                "核对无误",
                &["待核对"],
                "已认定",
                &[teacher(), Who::Role(PERSONNEL)],
            )
            .within_days(7)
            .signed("本人核对")
            .step("dispute", "提出异议", &["待核对"], "有异议", &[teacher()])
            .with_note()
            .step("answer", "复核答复", &["有异议"], "待核对", &keepers())
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "training_credit_yearly",
                "年度培训学时核算",
                1,
                Every::Year,
                crate::who::each_staff("kind", "11"),
                Filter::all(),
            )
            .also(&["教师培训学时审核"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "training_credit_met",
                "教师培训完成率",
                "合计学时达到应修学时的教师 ÷ 已核算的教师",
                "%",
                Measure::Share {
                    of: Filter::is("met", true),
                    among: Filter::all(),
                },
            )
            .also(&["培训完成率", "培训学时达标率", "继续教育完成率"]),
            indicator(
                "training_credit_hours",
                "核算培训学时",
                "年度核算的合计学时之和",
                "学时",
                Measure::Sum {
                    of: Filter::all(),
                    field: "total".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        kept_by(&[PERSONNEL, RESEARCH_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["total", "met"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let total = self.public + self.professional + self.school_based;
        let required = *self.required.get_or_insert(YEARLY_HOURS);
        self.total = Some(total);
        self.met = Some(total >= required);
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "sheet",
            "年度培训学时核对表",
            &[
                "teacher",
                "public",
                "professional",
                "school_based",
                "total",
                "met",
            ],
            &["本人签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.reckoned_on, ctx.today, "reckoned_on")
            .refuse(
                self.year > i64::from(self.reckoned_on.year()),
                "year",
                "年度不能晚于核算日期的年份",
            )
            .refuse(
                self.required.is_some_and(|hours| hours < YEARLY_HOURS) && !crate::who::says(&self.note),
                "note",
                "应修学时少于72的，请说明减免原因",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn reckoned(professional: i64, required: Option<i64>) -> TrainingCredit {
        let mut credit = TrainingCredit {
            teacher: Ref::new(Uuid::nil()),
            year: 2025,
            reckoned_on: test_day(),
            public: 24,
            professional,
            school_based: 18,
            required,
            total: None,
            met: None,
            note: None,
        };
        credit.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        credit
    }

    #[test]
    fn hours_add_up_to_seventy_two() {
        let enough = reckoned(30, None);
        assert_eq!((enough.total, enough.met), (Some(72), Some(true)));
        assert_eq!(reckoned(29, None).met, Some(false));
        assert!(refused(&enough).is_empty());
    }

    #[test]
    fn fewer_hours_have_a_reason() {
        let fewer = reckoned(0, Some(40));
        assert_eq!(fewer.met, Some(true));
        assert_eq!(refused(&fewer), ["note"]);
        let next = TrainingCredit {
            year: 2027,
            ..reckoned(30, None)
        };
        assert_eq!(refused(&next), ["year"]);
    }
}
