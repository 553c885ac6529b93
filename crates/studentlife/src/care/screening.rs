use crate::terms::school_year;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{COUNSELLOR, STUDENT_OFFICE};
use people::{Class, Staff};

/// 心理健康测评：每学年各班心理测评和筛查的汇总，只记人数，不记姓名和个人结果。由心理教师登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "mental_screening",
    title = "心理健康测评",
    group = "student",
    systems = "D7",
    label = "class, tested_on",
    unique = "class, school_year, scale",
    date = "tested_on",
    within = "class",
    owner = "organiser"
)]
pub struct MentalScreening {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "测评日期", list, filter)]
    pub tested_on: NaiveDate,
    #[field(label = "学年", list, filter, max = 9, help = "按测评日期自动填写")]
    pub school_year: Option<String>,
    #[field(label = "测评量表", max = 60)]
    pub scale: String,
    #[field(label = "组织人", list)]
    pub organiser: Ref<Staff>,
    #[field(label = "应测人数", max = 200)]
    pub expected: i64,
    #[field(label = "实测人数", list, max = 200)]
    pub tested: i64,
    #[field(label = "需关注人数", list, max = 200)]
    pub flagged: i64,
    #[field(label = "已面谈人数", list, max = 200)]
    pub interviewed: i64,
    #[field(label = "监护人知情同意", help = "测评前已书面告知并取得监护人同意")]
    pub consented: bool,
    #[field(label = "后续安排", max = 500)]
    pub measures: Option<LongText>,
}

impl Rules for MentalScreening {
    fn duties() -> Vec<DutySpec> {
        // 教育部办公厅关于加强学生心理健康管理工作的通知（教思政厅函〔2021〕10号）: once every school year.
        vec![
            duty(
                "mental_screening_class",
                "学生心理健康测评",
                1,
                Every::Year,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["心理普查", "心理健康筛查", "心理测评"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let number = |of| Measure::Sum {
            of: Filter::all(),
            field: String::from(of),
        };
        vec![
            indicator(
                "mental_screening_coverage",
                "心理测评班级覆盖率",
                "测评过的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&["心理健康测评覆盖率", "心理普查率", "心理健康档案建档率"]),
            indicator(
                "mental_screening_tested",
                "心理测评人数",
                "实测人数合计",
                "人",
                number("tested"),
            ),
            indicator(
                "mental_screening_interviewed",
                "测评后面谈人数",
                "已面谈人数合计",
                "人",
                number("interviewed"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COUNSELLOR, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.school_year = Some(school_year(self.tested_on));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.tested_on, ctx.today, "tested_on")
            .refuse(self.tested > self.expected, "tested", "实测人数不能多于应测人数")
            .refuse(
                self.flagged > self.tested,
                "flagged",
                "需关注人数不能多于实测人数",
            )
            .refuse(
                self.interviewed > self.flagged,
                "interviewed",
                "已面谈人数不能多于需关注人数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                !self.consented,
                "consented",
                "未成年学生的心理测评须先取得监护人同意（个人信息保护法第三十一条）",
            )
            .refuse(
                self.interviewed < self.flagged,
                "interviewed",
                "还有需关注的学生没有面谈",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn the_numbers_narrow_down() {
        let sample = || MentalScreening {
            class: some(),
            tested_on: day(0),
            school_year: None,
            scale: "中学生心理健康量表".into(),
            organiser: some(),
            expected: 40,
            tested: 40,
            flagged: 3,
            interviewed: 3,
            consented: true,
            measures: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&MentalScreening {
                tested: 41,
                ..sample()
            }),
            ["tested"]
        );
        assert_eq!(
            refused(&MentalScreening {
                flagged: 41,
                ..sample()
            }),
            ["flagged"]
        );
        assert_eq!(
            refused(&MentalScreening {
                interviewed: 4,
                ..sample()
            }),
            ["interviewed"]
        );
        assert_eq!(
            doubted(&MentalScreening {
                interviewed: 2,
                consented: false,
                ..sample()
            }),
            ["consented", "interviewed"]
        );
        let mut record = sample();
        record.complete(&Ctx {
            today: day(0),
            new: true,
        });
        assert_eq!(record.school_year.as_deref(), Some("2025-2026"));
    }
}
