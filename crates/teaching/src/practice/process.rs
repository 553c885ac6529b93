use crate::{Major, TrainingProject};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE};
use people::{Staff, Student};

/// 实训教学过程：每个学生做一个实训项目的时长、所用软件和结果评价，按国家实训教学过程数据子类填写。指导教师录入或由平台导入。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_process",
    title = "实训教学过程",
    group = "training",
    systems = "C2",
    label = "student, project",
    unique = "student, project, used_on",
    date = "used_on",
    within = "student",
    owner = "teacher"
)]
pub struct TrainingProcess {
    #[field(
        label = "实训项目",
        list,
        filter,
        dataset = "T18.SXXMBH:number, T18.SXXMMC:name"
    )]
    pub project: Ref<TrainingProject>,
    #[field(label = "所属专业", filter, dataset = "T18.SSZY:name, T18.SSZYDM:code")]
    pub major: Ref<Major>,
    #[field(label = "学生", list, dataset = "T18.XH:number, T18.XSXM:name")]
    pub student: Ref<Student>,
    #[field(label = "使用日期", list, filter, dataset = "T18.SYRQ")]
    pub used_on: NaiveDate,
    #[field(
        label = "配套实训软件",
        max = 150,
        dataset = "T18.PTSXRJMC",
        help = "没有软件的写“无”"
    )]
    pub software: String,
    #[field(label = "实训时长（学时）", list, dataset = "T18.XSSXSC")]
    pub hours: Decimal<1>,
    #[field(
        label = "综合评价得分",
        list,
        dataset = "T18.SXJGZHPJ",
        help = "百分制，含职业素养和6S"
    )]
    pub score: Decimal<1>,
    #[field(label = "达标", list, filter, help = "自动判定：60分以上")]
    pub passed: Option<bool>,
    #[field(label = "指导教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "评语", max = 200)]
    pub remark: Option<LongText>,
}

impl Rules for TrainingProcess {
    fn indicators() -> Vec<IndicatorSpec> {
        let all = Filter::all;
        vec![
            indicator(
                "training_process_passed",
                "实训项目达标率",
                "得分60分以上的实训过程 ÷ 全部实训过程",
                "%",
                Measure::Share {
                    of: Filter::is("passed", true),
                    among: all(),
                },
            )
            .also(&["实训合格率", "技能达标率"]),
            indicator(
                "training_process_good",
                "实训项目优良率",
                "得分80分以上的实训过程 ÷ 全部实训过程",
                "%",
                Measure::Share {
                    of: all().and("score", Op::AtLeast, 800),
                    among: all(),
                },
            ),
            indicator(
                "training_process_students",
                "参加实训学生数",
                "实训过程中的不同学生",
                "人",
                Measure::CountDistinct {
                    of: all(),
                    field: "student".into(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "marks",
                "实训项目成绩登记表",
                &["student", "used_on", "hours", "score", "passed"],
                &["学生签名"],
            )
            .by("project"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["passed"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.passed = Some(self.score.0 >= 600);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.used_on, ctx.today, "used_on")
            .refuse(self.hours.0 <= 0, "hours", "实训时长应大于0")
            .refuse(
                !(0..=1000).contains(&self.score.0),
                "score",
                "得分应在0至100分之间",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn hours_and_score_are_checked_and_sixty_passes() {
        let sample = TrainingProcess {
            project: Ref::new(Uuid::nil()),
            major: Ref::new(Uuid::nil()),
            student: Ref::new(Uuid::nil()),
            used_on: test_day(),
            software: "无".into(),
            hours: Decimal(40),
            score: Decimal(600),
            passed: None,
            teacher: Ref::new(Uuid::nil()),
            remark: None,
        };
        assert!(refused(&sample).is_empty());
        let wrong = TrainingProcess {
            hours: Decimal(0),
            score: Decimal(1001),
            ..sample.clone()
        };
        assert_eq!(refused(&wrong), ["hours", "score"]);
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        for (score, passed) in [(600, true), (599, false)] {
            let mut process = TrainingProcess {
                score: Decimal(score),
                ..sample.clone()
            };
            process.complete(&ctx);
            assert_eq!(process.passed, Some(passed));
        }
    }
}
