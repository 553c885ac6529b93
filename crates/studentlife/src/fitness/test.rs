use crate::terms::school_year;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, HEALTH_OFFICE, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE,
};
use people::{Staff, Student};

/// 体质健康测试：按《国家学生体质健康标准》（2014年修订）每学年测一次，填各项成绩和单项得分，自动算体重指数、总分和等级。由体育教师登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "fitness_test",
    title = "体质健康测试",
    group = "student",
    systems = "D11",
    label = "student, school_year",
    unique = "student, school_year",
    date = "tested_on",
    within = "student",
    owner = "tester"
)]
pub struct FitnessTest {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "性别", filter, code = "sex", help = "决定力量和耐力测试项目")]
    pub sex: Code,
    #[field(label = "测试日期", list, filter)]
    pub tested_on: NaiveDate,
    #[field(label = "学年", list, filter, max = 9, help = "按测试日期自动填写")]
    pub school_year: Option<String>,
    #[field(label = "测试教师", list)]
    pub tester: Ref<Staff>,
    #[field(label = "免予执行", filter, help = "病残等原因，凭医疗证明并经学校核准")]
    pub exempt: bool,
    #[field(label = "免测原因", max = 100)]
    pub exempt_reason: Option<String>,
    #[field(label = "身高（厘米）")]
    pub height: Option<Decimal<1>>,
    #[field(label = "体重（千克）")]
    pub weight: Option<Decimal<1>>,
    #[field(label = "体重指数", help = "自动计算")]
    pub bmi: Option<Decimal<1>>,
    #[field(label = "肺活量（毫升）", max = 9999)]
    pub lung: Option<i64>,
    #[field(label = "50米跑（秒）")]
    pub sprint: Option<Decimal<1>>,
    #[field(label = "坐位体前屈（厘米）", help = "够不到0点的也填正数，并勾选下一项")]
    pub reach: Option<Decimal<1>>,
    #[field(label = "体前屈未到0点", help = "成绩按负数计")]
    pub reach_short: bool,
    #[field(label = "立定跳远（厘米）", max = 400)]
    pub jump: Option<i64>,
    #[field(
        label = "引体或仰卧起坐",
        max = 120,
        help = "男生引体向上，女生一分钟仰卧起坐（次）"
    )]
    pub strength: Option<i64>,
    #[field(label = "耐力跑（秒）", max = 1200, help = "男生1000米，女生800米，换算成秒")]
    pub endurance: Option<i64>,
    #[field(label = "体重指数得分", max = 100)]
    pub bmi_points: Option<i64>,
    #[field(label = "肺活量得分", max = 100)]
    pub lung_points: Option<i64>,
    #[field(label = "50米跑得分", max = 100)]
    pub sprint_points: Option<i64>,
    #[field(label = "体前屈得分", max = 100)]
    pub reach_points: Option<i64>,
    #[field(label = "立定跳远得分", max = 100)]
    pub jump_points: Option<i64>,
    #[field(label = "引体仰卧得分", max = 100)]
    pub strength_points: Option<i64>,
    #[field(label = "耐力跑得分", max = 100)]
    pub endurance_points: Option<i64>,
    #[field(label = "加分", max = 20, help = "力量和耐力两项各不超过10分")]
    pub bonus: Option<i64>,
    #[field(label = "总分", list, help = "各单项得分齐全后自动计算")]
    pub total: Option<Decimal<1>>,
    #[field(
        label = "等级",
        list,
        filter,
        code = "fitness",
        help = "90、80、60分为界，自动评定"
    )]
    pub grade: Option<Code>,
}

impl FitnessTest {
    /// Points of the items with their weights in per cent (国家学生体质健康标准, 高中: 15, 15, 20, 10, 10, 10, 20).
    fn points(&self) -> [(Option<i64>, i64); 7] {
        [
            (self.bmi_points, 15),
            (self.lung_points, 15),
            (self.sprint_points, 20),
            (self.reach_points, 10),
            (self.jump_points, 10),
            (self.strength_points, 10),
            (self.endurance_points, 20),
        ]
    }

    /// The total in tenths, when every item has its points.
    fn sum(&self) -> Option<i64> {
        let standard = self
            .points()
            .iter()
            .map(|(points, weight)| points.map(|points| points * weight))
            .sum::<Option<i64>>()?;
        Some((standard + 5) / 10 + self.bonus.unwrap_or(0) * 10)
    }
}

/// The code of a total in tenths: 优秀 from 90, 良好 from 80, 及格 from 60.
fn grade_of(total: i64) -> Code {
    let code = match total {
        900.. => "1",
        800.. => "2",
        600.. => "3",
        _ => "4",
    };
    Code(code.into())
}

impl Rules for FitnessTest {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "fitness_test_year",
                "学生体质健康测试",
                1,
                Every::Year,
                school_wide(),
                Filter::all(),
            )
            .also(&["体质测试", "体质健康监测"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let graded = || Filter::all().and("grade", Op::AtLeast, "1");
        vec![
            indicator(
                "fitness_pass",
                "体质健康合格率",
                "等级为及格以上的 ÷ 有等级的测试",
                "%",
                Measure::Share {
                    of: graded().and("grade", Op::AtMost, "3"),
                    among: graded(),
                },
            )
            .also(&["体质测试合格率", "学生体质达标率", "体质健康达标率"]),
            indicator(
                "fitness_good",
                "体质健康优良率",
                "等级为优秀、良好的 ÷ 有等级的测试",
                "%",
                Measure::Share {
                    of: graded().and("grade", Op::AtMost, "2"),
                    among: graded(),
                },
            )
            .also(&["体质优良率"]),
            indicator(
                "fitness_coverage",
                "体质健康测试率",
                "测试过的在校生 ÷ 在校生（免测的也计入）",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["体质测试覆盖率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(HEALTH_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "bmi", "total", "grade"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.school_year = Some(school_year(self.tested_on));
        self.bmi = match (self.height, self.weight) {
            // Tenths of a centimetre and of a kilogram; rounded to tenths of kg/m².
            (Some(height), Some(weight)) if height.0 > 0 => {
                let square = height.0 * height.0;
                Some(Decimal((weight.0 * 1_000_000 + square / 2) / square))
            }
            _ => None,
        };
        let total = self.sum().filter(|_| !self.exempt);
        self.total = total.map(Decimal);
        self.grade = total.map(grade_of);
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("card", "学生体质健康测试登记卡")
                .fields(&["student", "sex", "tested_on", "school_year"])
                .heading("成绩")
                .fields(&[
                    "height",
                    "weight",
                    "bmi",
                    "lung",
                    "sprint",
                    "reach",
                    "jump",
                    "strength",
                    "endurance",
                ])
                .heading("评定")
                .fields(&["bonus", "total", "grade"])
                .signatures(&["体育教师", "班主任"]),
            list_form(
                "list",
                "体质健康测试成绩表",
                &[
                    "student",
                    "sex",
                    "lung",
                    "sprint",
                    "reach",
                    "jump",
                    "strength",
                    "endurance",
                    "total",
                    "grade",
                ],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let outside =
            |value: Option<i64>, low: i64, high: i64| value.is_some_and(|v| !(low..=high).contains(&v));
        let tenths = |value: Option<Decimal<1>>| value.map(|v| v.0);
        Checks::new()
            .not_after_today(self.tested_on, ctx.today, "tested_on")
            .refuse(
                !matches!(self.sex.0.as_str(), "1" | "2"),
                "sex",
                "请选择男或女，测试项目按性别确定",
            )
            .refuse(
                self.exempt && !filled(self.exempt_reason.as_deref()),
                "exempt_reason",
                "免予执行的请写明原因",
            )
            .refuse(
                outside(tenths(self.height), 1_000, 2_300),
                "height",
                "身高应在100至230厘米之间",
            )
            .refuse(
                outside(tenths(self.weight), 200, 2_500),
                "weight",
                "体重应在20至250千克之间",
            )
            .refuse(
                outside(tenths(self.sprint), 50, 250),
                "sprint",
                "50米跑应在5至25秒之间",
            )
            .refuse(
                outside(tenths(self.reach), 0, 500),
                "reach",
                "坐位体前屈应在0至50厘米之间，够不到0点的另勾选",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let boy = self.sex.0 == "1";
        let some = self.points().iter().any(|(points, _)| points.is_some());
        Checks::new()
            .refuse(
                boy && self.strength.is_some_and(|count| count > 50),
                "strength",
                "男生引体向上超过50次，请核对",
            )
            .refuse(
                self.endurance.is_some_and(|seconds| seconds < 140),
                "endurance",
                "耐力跑成绩过快，请核对是否已换算成秒",
            )
            .refuse(
                some && self.sum().is_none(),
                "total",
                "单项得分不全，总分和等级暂不计算",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    fn sample() -> FitnessTest {
        FitnessTest {
            student: some(),
            sex: Code("1".into()),
            tested_on: day(0),
            school_year: None,
            tester: some(),
            exempt: false,
            exempt_reason: None,
            height: Some(Decimal(1_750)),
            weight: Some(Decimal(650)),
            bmi: None,
            lung: Some(4_000),
            sprint: Some(Decimal(74)),
            reach: Some(Decimal(12)),
            reach_short: true,
            jump: Some(235),
            strength: Some(8),
            endurance: Some(245),
            bmi_points: Some(100),
            lung_points: Some(80),
            sprint_points: Some(78),
            reach_points: Some(60),
            jump_points: Some(76),
            strength_points: Some(50),
            endurance_points: Some(72),
            bonus: None,
            total: None,
            grade: None,
        }
    }

    fn completed(mut test: FitnessTest) -> FitnessTest {
        test.complete(&Ctx {
            today: day(0),
            new: true,
        });
        test
    }

    #[test]
    fn points_weigh_up_to_a_grade() {
        // 15 + 12 + 15.6 + 6 + 7.6 + 5 + 14.4
        let test = completed(sample());
        assert_eq!(test.total, Some(Decimal(756)));
        assert_eq!(test.grade, Some(Code("3".into())));
        assert_eq!(test.bmi, Some(Decimal(212)));
        let best = completed(FitnessTest {
            bonus: Some(5),
            ..sample()
        });
        assert_eq!(
            (best.total, best.grade),
            (Some(Decimal(806)), Some(Code("2".into())))
        );
    }

    #[test]
    fn what_is_missing_gives_no_grade() {
        let part = FitnessTest {
            jump_points: None,
            ..sample()
        };
        assert_eq!(completed(part.clone()).grade, None);
        assert_eq!(doubted(&part), ["total"]);
        let exempt = FitnessTest {
            exempt: true,
            ..sample()
        };
        assert_eq!(completed(exempt.clone()).total, None);
        assert_eq!(refused(&exempt), ["exempt_reason"]);
    }

    #[test]
    fn impossible_results_are_refused() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&FitnessTest {
                height: Some(Decimal(175)),
                ..sample()
            }),
            ["height"]
        );
        assert_eq!(
            refused(&FitnessTest {
                sprint: Some(Decimal(7)),
                ..sample()
            }),
            ["sprint"]
        );
        assert_eq!(
            refused(&FitnessTest {
                sex: Code("9".into()),
                ..sample()
            }),
            ["sex"]
        );
        assert_eq!(
            doubted(&FitnessTest {
                endurance: Some(4),
                ..sample()
            }),
            ["endurance"]
        );
    }
}
