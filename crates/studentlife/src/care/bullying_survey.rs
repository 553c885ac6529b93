use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, SAFETY_OFFICE, STUDENT_OFFICE};
use people::{Class, Staff};

/// 防欺凌排查：各班匿名问卷和谈话排查的汇总，只记数量不记姓名；发现线索的另在“欺凌处置”登记。由班主任组织，学生处汇总。
#[derive(Clone, Debug, Register)]
#[register(
    id = "bullying_survey",
    title = "防欺凌排查",
    group = "student",
    systems = "D8",
    label = "class, surveyed_on",
    date = "surveyed_on",
    within = "class",
    owner = "organiser"
)]
pub struct BullyingSurvey {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "排查日期", list, filter)]
    pub surveyed_on: NaiveDate,
    #[field(label = "组织人", list)]
    pub organiser: Ref<Staff>,
    #[field(label = "发放问卷数", max = 200)]
    pub handed_out: i64,
    #[field(label = "收回有效问卷数", list, max = 200)]
    pub valid: i64,
    #[field(label = "谈话学生数", max = 200)]
    pub interviewed: i64,
    #[field(label = "发现线索数", list, max = 100)]
    pub clues: i64,
    #[field(label = "转入处置数", max = 100, help = "已在“欺凌处置”登记的条数")]
    pub passed_on: i64,
    #[field(label = "防治教育内容", max = 300, help = "排查同时开展的防欺凌专题教育")]
    pub lesson: Option<LongText>,
    #[field(label = "分析与措施", max = 500)]
    pub measures: Option<LongText>,
}

impl Rules for BullyingSurvey {
    fn duties() -> Vec<DutySpec> {
        // 未成年人学校保护规定第二十条: the school surveys bullying regularly, and teaches against it.
        vec![
            duty(
                "bullying_survey_class",
                "防欺凌专项排查",
                1,
                Every::Term,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["欺凌排查", "防治学生欺凌", "学生欺凌早发现", "防校园欺凌问卷调查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "bullying_survey_coverage",
                "防欺凌排查覆盖率",
                "排查过的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&["欺凌排查率", "欺凌早发现覆盖率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.surveyed_on, ctx.today, "surveyed_on")
            .refuse(
                self.valid > self.handed_out,
                "valid",
                "收回的有效问卷不能多于发放数",
            )
            .refuse(
                self.passed_on > self.clues,
                "passed_on",
                "转入处置数不能多于发现线索数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.passed_on < self.clues,
                "passed_on",
                "还有线索没有转入处置；发现的线索应逐条调查",
            )
            .refuse(
                self.handed_out > 0 && self.valid * 10 < self.handed_out * 8,
                "valid",
                "有效问卷不足八成，建议补测",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    fn sample() -> BullyingSurvey {
        BullyingSurvey {
            class: some(),
            surveyed_on: day(0),
            organiser: some(),
            handed_out: 40,
            valid: 38,
            interviewed: 6,
            clues: 1,
            passed_on: 1,
            lesson: None,
            measures: None,
        }
    }

    #[test]
    fn the_numbers_agree() {
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&BullyingSurvey {
                valid: 41,
                ..sample()
            }),
            ["valid"]
        );
        assert_eq!(
            refused(&BullyingSurvey {
                passed_on: 2,
                ..sample()
            }),
            ["passed_on"]
        );
        assert_eq!(
            refused(&BullyingSurvey {
                surveyed_on: day(1),
                ..sample()
            }),
            ["surveyed_on"]
        );
        assert_eq!(
            doubted(&BullyingSurvey {
                passed_on: 0,
                valid: 31,
                ..sample()
            }),
            ["passed_on", "valid"]
        );
    }
}
