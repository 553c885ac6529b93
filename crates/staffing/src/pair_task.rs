use crate::MentorPair;
use crate::who::self_filed;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, each, indicator,
};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::RESEARCH_OFFICE;

choice!(
    /// “十个一”任务
    TenOnes {
        Plan = "plan" "一份成长规划",
        Book = "book" "读一本教育专著",
        Notes = "notes" "一本听课笔记",
        Design = "design" "一份优秀教案",
        Lesson = "lesson" "一节汇报课",
        Courseware = "courseware" "一个课件或微课",
        Paper = "paper" "一份试卷命制",
        Article = "article" "一篇论文或案例",
        Story = "story" "一篇教育叙事",
        Summary = "summary" "一份学期总结",
    }
);

choice!(
    /// 完成质量
    TaskQuality {
        Good = "good" "优良",
        Fair = "fair" "合格",
        Redo = "redo" "需重做",
    }
);

/// 结对活动：师徒每月的指导活动和“十个一”任务成果，徒弟登记，师傅点评确认。
#[derive(Clone, Debug, Register)]
#[register(
    id = "mentor_task",
    title = "结对活动",
    group = "staff",
    systems = "E3",
    label = "pair, task, done_on",
    date = "done_on",
    within = "pair",
    owner = "apprentice"
)]
pub struct MentorTask {
    #[field(label = "结对", list)]
    pub pair: Ref<MentorPair>,
    #[field(label = "徒弟", list)]
    pub apprentice: Ref<Staff>,
    #[field(label = "师傅", list)]
    pub mentor: Ref<Staff>,
    #[field(label = "活动日期", list, filter)]
    pub done_on: NaiveDate,
    #[field(label = "任务", list, filter, help = "“十个一”中的哪一项")]
    pub task: TenOnes,
    #[field(label = "题目或内容", list, max = 100)]
    pub topic: String,
    #[field(label = "过程与收获", max = 1000)]
    pub content: LongText,
    #[field(label = "成果", help = "教案、笔记、课件等，可不传")]
    pub product: Files,
    #[field(label = "师傅点评", max = 500)]
    pub comment: Option<LongText>,
    #[field(label = "完成质量", list, filter)]
    pub quality: Option<TaskQuality>,
}

impl Rules for MentorTask {
    fn flow() -> Flow {
        let mentor = || Who::Field("mentor".into());
        Flow::starts("待师傅点评")
            .open("待重做")
            .done("已完成")
            .step("accept", "点评确认", &["待师傅点评"], "已完成", &[mentor()])
            .needs(&["comment", "quality"])
            .fork(Guard::is("quality", "redo"), "待重做")
            .within_days(7)
            .signed("师傅点评")
            .step("redo", "重做提交", &["待重做"], "待师傅点评", &[Who::Creator])
            .editable(&["待师傅点评", "待重做"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "mentor_task_monthly",
                "师徒结对活动",
                1,
                Every::Month,
                each("mentor_pair"),
                Filter::all(),
            )
            .also(&["结对活动", "师徒活动", "青蓝工程活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "mentor_tasks",
                "十个一任务完成数",
                "师傅确认完成的任务",
                "项",
                Measure::Count {
                    of: Filter::state("已完成"),
                },
            )
            .also(&["十个一完成数", "“十个一”"]),
            indicator(
                "mentor_task_pairs",
                "结对活动覆盖率",
                "有活动记录的结对 ÷ 未解除的结对",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "pair".into(),
                    all: Filter::all().and("state", Op::Not, "已解除"),
                },
            ),
            indicator(
                "mentor_task_good",
                "结对任务优良率",
                "评为优良的任务 ÷ 已完成的任务",
                "%",
                Measure::Share {
                    of: Filter::is("quality", "good"),
                    among: Filter::state("已完成"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[RESEARCH_OFFICE])
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(
                self.mentor.id == self.apprentice.id,
                "mentor",
                "师傅和徒弟不能是同一人",
            )
            .refuse(
                self.quality == Some(TaskQuality::Redo) && !crate::who::says(&self.comment),
                "comment",
                "需重做的，请写明问题和要求",
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
    fn a_task_to_redo_says_why() {
        let task = MentorTask {
            pair: Ref::new(Uuid::nil()),
            apprentice: Ref::new(Uuid::from_u128(1)),
            mentor: Ref::new(Uuid::from_u128(2)),
            done_on: test_day(),
            task: TenOnes::Lesson,
            topic: "汇报课".into(),
            content: LongText("按任务单上了一节汇报课".into()),
            product: Files::default(),
            comment: None,
            quality: None,
        };
        assert!(refused(&task).is_empty());
        let redo = MentorTask {
            quality: Some(TaskQuality::Redo),
            ..task.clone()
        };
        assert_eq!(refused(&redo), ["comment"]);
        let tomorrow = MentorTask {
            done_on: test_day().succ_opt().expect("a day"),
            ..task
        };
        assert_eq!(refused(&tomorrow), ["done_on"]);
    }

    #[test]
    fn only_the_mentor_accepts() {
        let flow = MentorTask::flow();
        let accept = flow.find("accept").expect("a step");
        assert_eq!(accept.who, [Who::Field("mentor".into())]);
    }
}
