use crate::who::teachers;
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, RESEARCH_OFFICE, TEACHER, TEACHING_OFFICE};
use people::{Class, Course, Staff};

choice!(
    /// 评价等级; the codes sort from high to low.
    QualityGrade {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Passed = "3" "合格",
        Poor = "4" "不合格",
    }
);

/// Fewer voices could be recognised.
const FEWEST: i64 = 5;

/// 教学质量评价：每学期各班对任课教师所教课程的评价结果，按国家教学质量与评价数据口径填写。由教务处登记，教师只看到自己的结果。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teaching_quality",
    title = "教学质量评价",
    group = "teaching",
    systems = "E5, B11",
    label = "class, course, teacher",
    unique = "class, course, teacher, school_year, term",
    date = "finished_on",
    within = "class",
    owner = "teacher"
)]
pub struct TeachingQuality {
    #[field(
        label = "班级",
        list,
        filter,
        dataset = "T19.BJ:name, T19.NJ:entry_year, T19.ZYMC:major, T19.ZYDM:major_code"
    )]
    pub class: Ref<Class>,
    #[field(
        label = "课程",
        list,
        filter,
        dataset = "T19.KCH:code, T19.KCMC:name, T19.KCFLM:form"
    )]
    pub course: Ref<Course>,
    #[field(label = "任课教师", list, dataset = "T19.RKJS:name")]
    pub teacher: Ref<Staff>,
    #[field(label = "评价完成日期", list, filter, dataset = "T19.PJWXRQ")]
    pub finished_on: NaiveDate,
    #[field(label = "学年", filter, max = 9, dataset = "T19.XN", help = "自动填写")]
    pub school_year: Option<String>,
    #[field(label = "学期", filter, code = "XQDM", dataset = "T19.XQM", help = "自动填写")]
    pub term: Option<Code>,
    #[field(label = "应评学生数", max = 500)]
    pub expected: i64,
    #[field(label = "参评学生数", list, max = 500, dataset = "T19.CPXXS")]
    pub raters: i64,
    #[field(label = "参评率（%）", help = "自动计算")]
    pub turnout: Option<Decimal<1>>,
    #[field(
        label = "课程质量评价",
        list,
        dataset = "T19.KCZLPJ",
        help = "平均分，满分100"
    )]
    pub score: Decimal<1>,
    #[field(label = "评价等级", list, filter, help = "90优秀 80良好 60合格")]
    pub grade: Option<QualityGrade>,
    #[field(label = "集中意见", max = 1000, help = "归纳学生意见，不写个人")]
    pub opinion: Option<LongText>,
    #[field(label = "改进措施", max = 500)]
    pub improvement: Option<LongText>,
}

impl Rules for TeachingQuality {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "teaching_quality_term",
                "学期学生评教",
                1,
                Every::Term,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["学生评教", "教学质量评价", "评教"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "teaching_quality_good",
                "学生评教优良率",
                "评价等级为优秀、良好的 ÷ 全部评价",
                "%",
                Measure::Share {
                    of: Filter::all().and("grade", Op::AtMost, "2"),
                    among: Filter::all(),
                },
            )
            .also(&["学生评教满意率", "教学满意度", "评教优良率"]),
            indicator(
                "teaching_quality_coverage",
                "评教教师覆盖率",
                "有评价结果的在职专任教师 ÷ 在职专任教师",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "teacher".into(),
                    all: teachers(),
                },
            ),
            indicator(
                "teaching_quality_raters",
                "学生参评人次",
                "参评学生数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "raters".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_read(RESEARCH_OFFICE, Reach::School),
            may_read(PERSONNEL, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "term", "turnout", "grade"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let (year, month) = (self.finished_on.year(), self.finished_on.month());
        let (from, term) = match month {
            8.. => (year, "1"),
            1 => (year - 1, "1"),
            _ => (year - 1, "2"),
        };
        self.school_year = Some(format!("{from}-{}", from + 1));
        self.term = Some(Code(term.into()));
        self.turnout = (self.expected > 0).then(|| Decimal(self.raters * 1000 / self.expected));
        self.grade = Some(match self.score.0 {
            900.. => QualityGrade::Excellent,
            800.. => QualityGrade::Good,
            600.. => QualityGrade::Passed,
            _ => QualityGrade::Poor,
        });
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "summary",
            "学期评教结果汇总表",
            &["class", "course", "teacher", "raters", "score", "grade"],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.finished_on, ctx.today, "finished_on")
            .refuse(
                self.raters > self.expected,
                "raters",
                "参评学生数不能多于应评学生数",
            )
            .refuse(
                !(0..=1000).contains(&self.score.0),
                "score",
                "评价分应在0至100之间",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let low = self.expected > 0 && self.raters * 10 < self.expected * 8;
        let poor = self.score.0 < 600 && !crate::who::says(&self.improvement);
        Checks::new()
            .refuse(
                self.raters < FEWEST,
                "raters",
                "参评人数过少，容易看出是谁，结果不宜公布",
            )
            .refuse(low, "raters", "参评率不足80%，建议补评")
            .refuse(poor, "improvement", "评价不合格，请写明改进措施")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample(day: NaiveDate, score: i64) -> TeachingQuality {
        let mut record = TeachingQuality {
            class: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            finished_on: day,
            school_year: None,
            term: None,
            expected: 40,
            raters: 36,
            turnout: None,
            score: Decimal(score),
            grade: None,
            opinion: None,
            improvement: None,
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn year_term_and_grade_follow() {
        let told = |day: &str| {
            let record = sample(day.parse().expect("a day"), 900);
            (
                record.school_year.expect("a year"),
                record.term.expect("a term").0,
            )
        };
        assert_eq!(told("2026-01-12"), ("2025-2026".into(), "1".into()));
        assert_eq!(told("2026-06-12"), ("2025-2026".into(), "2".into()));
        assert_eq!(told("2026-11-12"), ("2026-2027".into(), "1".into()));
        let record = sample(test_day(), 899);
        assert_eq!(
            (record.grade, record.turnout),
            (Some(QualityGrade::Good), Some(Decimal(900)))
        );
    }

    #[test]
    fn voices_are_counted_and_kept_unknown() {
        assert!(refused(&sample(test_day(), 900)).is_empty());
        let more = TeachingQuality {
            raters: 41,
            ..sample(test_day(), 900)
        };
        assert_eq!(refused(&more), ["raters"]);
        let few = TeachingQuality {
            raters: 4,
            expected: 4,
            ..sample(test_day(), 900)
        };
        assert_eq!(doubted(&few), ["raters"]);
        assert_eq!(refused(&sample(test_day(), 1001)), ["score"]);
    }

    #[test]
    fn a_teacher_sees_only_their_own() {
        let access = TeachingQuality::access();
        let teacher = access.iter().find(|a| a.role == TEACHER).expect("access");
        assert_eq!((teacher.read, teacher.write), (Reach::Own, None));
    }
}
