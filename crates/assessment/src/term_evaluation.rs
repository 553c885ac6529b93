use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE};
use people::{Class, Staff, Student};

choice!(
    /// 综合评价等次
    Standing {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Fair = "3" "合格",
        Poor = "4" "不合格",
    }
);

/// 综合成绩与评价：每个学生每学期一条，思想政治、文化课、专业技能、体质、实训和实习成绩合成综合评价，附班主任评语。班主任填写，系部审核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "term_evaluation",
    title = "综合成绩与评价",
    group = "assessment",
    systems = "B8, D7",
    label = "student, year, term",
    unique = "student, year, term",
    date = "evaluated_on",
    within = "student",
    owner = "teacher"
)]
pub struct TermEvaluation {
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        dataset = "T34.XN",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM", dataset = "T34.XQM")]
    pub term: Code,
    #[field(label = "学生", list, dataset = "T34.XH:number, T34.XSXM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "班级",
        list,
        filter,
        dataset = "T34.BJ:name, T34.NJ:entry_year, T34.ZYMC:major"
    )]
    pub class: Ref<Class>,
    #[field(label = "班主任", help = "填写评语的班主任")]
    pub teacher: Ref<Staff>,
    #[field(label = "评价日期")]
    pub evaluated_on: NaiveDate,
    #[field(label = "思想政治成绩", list, dataset = "T34.SXZZCJ")]
    pub morals: Option<Decimal<1>>,
    #[field(label = "文化课成绩", list, dataset = "T34.WHKCJ")]
    pub culture: Option<Decimal<1>>,
    #[field(label = "专业技能课成绩", list, dataset = "T34.ZYJNKCCJ")]
    pub skills: Option<Decimal<1>>,
    #[field(label = "体质健康成绩", list, dataset = "T34.XSTZJKCJ")]
    pub fitness: Option<Decimal<1>>,
    #[field(label = "综合实训成绩", list, dataset = "T34.ZHSXCJ")]
    pub training: Option<Decimal<1>>,
    #[field(label = "岗位实习成绩", dataset = "T34.GWSXCJ", help = "没有实习的学期不填")]
    pub internship: Option<Decimal<1>>,
    #[field(
        label = "综合评价成绩",
        list,
        dataset = "T34.ZHPJ",
        help = "各项齐全时自动合成：思想政治20、文化课20、专业技能25、体质10、实训15、实习10"
    )]
    pub total: Option<Decimal<1>>,
    #[field(label = "综合评价等次", list, filter, help = "自动评定：85、75、60分为界")]
    pub standing: Option<Standing>,
    #[field(label = "班主任评语", max = 500)]
    pub comment: Option<LongText>,
}

impl TermEvaluation {
    /// The scores with their weights.
    fn parts(&self) -> [(&'static str, Option<Decimal<1>>, i64); 6] {
        [
            ("morals", self.morals, 20),
            ("culture", self.culture, 20),
            ("skills", self.skills, 25),
            ("fitness", self.fitness, 10),
            ("training", self.training, 15),
            ("internship", self.internship, 10),
        ]
    }

    /// The weighted mean; `None` while a score other than the internship's is missing. Without an internship its weight
    /// falls to the others.
    fn mean(&self) -> Option<i64> {
        let (mut sum, mut weights) = (0, 0);
        for (name, score, weight) in self.parts() {
            match score {
                Some(score) => {
                    sum += score.0 * weight;
                    weights += weight;
                }
                None if name == "internship" => {}
                None => return None,
            }
        }
        Some((sum * 2 + weights) / (weights * 2))
    }
}

impl Rules for TermEvaluation {
    fn flow() -> Flow {
        let teacher = [Who::Role(CLASS_TEACHER), Who::Field("teacher".into())];
        let department = [Who::Role(DEPARTMENT_HEAD), Who::Role(STUDENT_OFFICE)];
        Flow::starts("待填写")
            .open("待审核")
            .done("已公布")
            .step("submit", "提交审核", &["待填写"], "待审核", &teacher)
            .needs(&["total", "comment"])
            .step("publish", "审核公布", &["待审核"], "已公布", &department)
            .within_days(7)
            .signed("系部意见")
            .step("return", "退回", &["待审核", "已公布"], "待填写", &department)
            .with_note()
            .editable(&["待填写"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "term_evaluation_class",
                "学生综合素质评价",
                1,
                Every::Term,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["综合素质评价", "学期综合评价", "学生评语"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let done = || Filter::state("已公布");
        vec![
            indicator(
                "term_evaluation_coverage",
                "综合素质评价覆盖率",
                "已公布综合评价的学生 ÷ 在读学生",
                "%",
                Measure::Coverage {
                    of: done(),
                    field: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["综合评价完成率", "学生综合评价覆盖率"]),
            indicator(
                "term_evaluation_good",
                "综合评价优良率",
                "等次为优秀、良好的综合评价 ÷ 已公布的综合评价",
                "%",
                Measure::Share {
                    of: done().and("standing", Op::AtMost, "2"),
                    among: done(),
                },
            ),
            indicator(
                "term_evaluation_passed",
                "学生综合评价合格率",
                "等次合格以上的综合评价 ÷ 已公布的综合评价",
                "%",
                Measure::Share {
                    of: done().and("standing", Op::AtMost, "3"),
                    among: done(),
                },
            )
            .also(&["德育考核合格率", "操行合格率"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "学生学期综合评价报告单")
                .text("{student}同学的家长：您好！现将您孩子本学期的成绩和表现报告如下，请签署意见后由学生带回。")
                .fields(&[
                    "class",
                    "student",
                    "year",
                    "term",
                    "morals",
                    "culture",
                    "skills",
                    "fitness",
                    "training",
                    "internship",
                    "total",
                    "standing",
                ])
                .heading("班主任评语")
                .text("{comment}")
                .signatures(&["班主任", "家长意见（签字）"]),
            list_form(
                "class",
                "班级综合评价汇总表",
                &[
                    "student", "morals", "culture", "skills", "fitness", "training", "total", "standing",
                ],
                &[],
            )
            .by("class"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["standing"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        if let Some(mean) = self.mean() {
            self.total = Some(Decimal(mean));
        }
        self.standing = self.total.map(|total| match total.0 {
            850.. => Standing::Excellent,
            750.. => Standing::Good,
            600.. => Standing::Fair,
            _ => Standing::Poor,
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let total = ("total", self.total, 0);
        self.parts()
            .into_iter()
            .chain([total])
            .fold(Checks::new(), |checks, (name, score, _)| {
                let outside = score.is_some_and(|score| !(0..=1000).contains(&score.0));
                checks.refuse(outside, name, "成绩应在0至100分之间")
            })
            .school_year(self.year, ctx.today, "year")
            .not_after_today(self.evaluated_on, ctx.today, "evaluated_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> TermEvaluation {
        let score = |score| Some(Decimal(score));
        TermEvaluation {
            year: 2025,
            term: Code("1".into()),
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            evaluated_on: test_day(),
            morals: score(900),
            culture: score(800),
            skills: score(860),
            fitness: score(700),
            training: score(880),
            internship: None,
            total: None,
            standing: None,
            comment: None,
        }
    }

    fn totalled(mut evaluation: TermEvaluation) -> (Option<i64>, Option<Standing>) {
        evaluation.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        (evaluation.total.map(|total| total.0), evaluation.standing)
    }

    #[test]
    fn the_total_is_the_weighted_mean() {
        // 180 + 160 + 215 + 70 + 132 = 757 of 900
        assert_eq!(totalled(sample()), (Some(841), Some(Standing::Good)));
        let interned = TermEvaluation {
            internship: Some(Decimal(950)),
            ..sample()
        };
        assert_eq!(totalled(interned), (Some(852), Some(Standing::Excellent)));
        let open = TermEvaluation {
            fitness: None,
            ..sample()
        };
        assert_eq!(totalled(open), (None, None));
    }

    #[test]
    fn scores_lie_within_the_scale() {
        assert!(refused(&sample()).is_empty());
        let wrong = TermEvaluation {
            morals: Some(Decimal(1001)),
            internship: Some(Decimal(-1)),
            year: 26,
            ..sample()
        };
        assert_eq!(refused(&wrong), ["morals", "internship", "year"]);
    }
}
