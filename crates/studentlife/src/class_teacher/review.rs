use crate::terms::month;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, PERSONNEL, STUDENT_OFFICE};
use people::{Class, Staff};

choice!(
    /// 考核等次
    ReviewGrade {
        A = "a" "A（优秀）",
        B = "b" "B（良好）",
        C = "c" "C（合格）",
        D = "d" "D（不合格）",
    }
);

/// 班主任月考核：按常规、安全、育人活动、家校沟通和材料五项打分，自动算总分和等次；班主任确认，有异议可申诉。由学生处考核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class_teacher_review",
    title = "班主任月考核",
    group = "student",
    systems = "D4",
    label = "teacher, month",
    unique = "class, month",
    date = "reviewed_on",
    within = "class",
    owner = "teacher"
)]
pub struct ClassTeacherReview {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "班主任", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "考核日期", list, filter, help = "考核月份内的任意一天，一般为月末")]
    pub reviewed_on: NaiveDate,
    #[field(label = "考核月份", list, filter, max = 7, help = "按考核日期自动填写")]
    pub month: Option<String>,
    #[field(label = "班级常规（30）", help = "卫生、纪律、两操、仪容，来自常规检查")]
    pub routine: Decimal<1>,
    #[field(label = "安全稳定（20）")]
    pub safety: Decimal<1>,
    #[field(label = "育人活动（20）", help = "班会、主题教育、谈心")]
    pub activity: Decimal<1>,
    #[field(label = "家校沟通（15）", help = "家访、家长会")]
    pub family: Decimal<1>,
    #[field(label = "材料与会议（15）")]
    pub paper: Decimal<1>,
    #[field(label = "奖励加分", help = "不超过5分")]
    pub bonus: Option<Decimal<1>>,
    #[field(label = "一票否决", filter, help = "师德失范、责任安全事故、瞒报欺凌等")]
    pub veto: bool,
    #[field(label = "扣分与加分说明", max = 500)]
    pub note: Option<LongText>,
    #[field(label = "总分", list, help = "自动计算")]
    pub total: Option<Decimal<1>>,
    #[field(label = "等次", list, filter, help = "自动评定：90、80、60分为界")]
    pub grade: Option<ReviewGrade>,
    #[field(label = "申诉理由", max = 300)]
    pub appeal: Option<LongText>,
    #[field(label = "复核结论", max = 300)]
    pub answer: Option<LongText>,
}

impl ClassTeacherReview {
    fn parts(&self) -> [(&'static str, Decimal<1>, i64); 5] {
        [
            ("routine", self.routine, 300),
            ("safety", self.safety, 200),
            ("activity", self.activity, 200),
            ("family", self.family, 150),
            ("paper", self.paper, 150),
        ]
    }
}

impl Rules for ClassTeacherReview {
    fn flow() -> Flow {
        let teacher = || Who::Field("teacher".into());
        Flow::starts("待确认")
            .open("申诉中")
            .done("已确认")
            .step(
                "confirm",
                "确认",
                &["待确认"],
                "已确认",
                &[teacher(), Who::Role(STUDENT_OFFICE)],
            )
            .within_days(5)
            .signed("班主任")
            .step("appeal", "申诉", &["待确认"], "申诉中", &[teacher()])
            .needs(&["appeal"])
            .step(
                "answer",
                "复核",
                &["申诉中"],
                "已确认",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .needs(&["answer"])
            .within_days(5)
            .signed("学生处复核")
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "class_teacher_review_month",
                "班主任月考核",
                1,
                Every::Month,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["班主任考核", "班主任量化考核"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let graded = || Filter::all().and("grade", Op::AtLeast, "a");
        vec![
            indicator(
                "class_teacher_review_pass",
                "班级管理合格率",
                "等次不是不合格的 ÷ 班主任月考核",
                "%",
                Measure::Share {
                    of: graded().and("grade", Op::Not, "d"),
                    among: graded(),
                },
            )
            .also(&["班主任考核合格率"]),
            indicator(
                "class_teacher_review_best",
                "班主任考核优秀率",
                "等次为A的 ÷ 班主任月考核",
                "%",
                Measure::Share {
                    of: graded().and("grade", Op::Is, "a"),
                    among: graded(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(CLASS_TEACHER, Reach::Own),
            may_read(PERSONNEL, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["month", "total", "grade"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.month = Some(month(self.reviewed_on));
        let sum: i64 = self.parts().iter().map(|(_, points, _)| points.0).sum();
        let total = sum + self.bonus.map_or(0, |bonus| bonus.0);
        self.total = Some(Decimal(total));
        self.grade = Some(match total {
            _ if self.veto => ReviewGrade::D,
            900.. => ReviewGrade::A,
            800.. => ReviewGrade::B,
            600.. => ReviewGrade::C,
            _ => ReviewGrade::D,
        });
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "summary",
            "班主任月考核汇总表",
            &[
                "class", "teacher", "month", "routine", "safety", "activity", "family", "paper", "bonus",
                "total", "grade",
            ],
            &["班主任签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let mut checks = Checks::new().not_after_today(self.reviewed_on, ctx.today, "reviewed_on");
        for (field, points, full) in self.parts() {
            checks = checks.refuse(
                !(0..=full).contains(&points.0),
                field,
                format!("应在0至{}分之间", full / 10),
            );
        }
        checks
            .refuse(
                self.bonus.is_some_and(|bonus| !(0..=50).contains(&bonus.0)),
                "bonus",
                "奖励加分应在0至5分之间",
            )
            .refuse(self.veto && !said(&self.note), "note", "一票否决须写明事由")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some, text};

    fn sample() -> ClassTeacherReview {
        ClassTeacherReview {
            class: some(),
            teacher: some(),
            reviewed_on: day(0),
            month: None,
            routine: Decimal(280),
            safety: Decimal(200),
            activity: Decimal(180),
            family: Decimal(130),
            paper: Decimal(110),
            bonus: None,
            veto: false,
            note: None,
            total: None,
            grade: None,
            appeal: None,
            answer: None,
        }
    }

    #[test]
    fn points_make_the_grade_and_a_veto_undoes_it() {
        let graded = |mut review: ClassTeacherReview| {
            review.complete(&Ctx {
                today: day(0),
                new: true,
            });
            (review.total.map(|t| t.0), review.grade)
        };
        assert_eq!(graded(sample()), (Some(900), Some(ReviewGrade::A)));
        assert_eq!(
            graded(ClassTeacherReview {
                paper: Decimal(100),
                ..sample()
            })
            .1,
            Some(ReviewGrade::B)
        );
        let vetoed = ClassTeacherReview {
            veto: true,
            ..sample()
        };
        assert_eq!(graded(vetoed.clone()).1, Some(ReviewGrade::D));
        assert_eq!(refused(&vetoed), ["note"]);
        assert!(
            refused(&ClassTeacherReview {
                note: text("瞒报伤害事故"),
                ..vetoed
            })
            .is_empty()
        );
    }

    #[test]
    fn no_item_exceeds_its_points() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ClassTeacherReview {
                family: Decimal(151),
                ..sample()
            }),
            ["family"]
        );
        assert_eq!(
            refused(&ClassTeacherReview {
                bonus: Some(Decimal(60)),
                ..sample()
            }),
            ["bonus"]
        );
    }

    #[test]
    fn whoever_is_assessed_does_not_answer_the_appeal() {
        let flow = ClassTeacherReview::flow();
        assert_eq!(
            flow.find("answer").expect("a step").who,
            [Who::Role(STUDENT_OFFICE)]
        );
    }
}
