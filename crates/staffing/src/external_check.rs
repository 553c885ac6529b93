use crate::ExternalTeacher;
use crate::who::says;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, each, indicator,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};
use people::{Class, Staff};

choice!(
    /// 检查方式
    ExternalWay {
        Lesson = "lesson" "随堂听课",
        Papers = "papers" "常规资料检查",
    }
);

choice!(
    /// 单项评定
    Rating {
        Good = "good" "好",
        Fair = "fair" "一般",
        Poor = "poor" "差",
        Unchecked = "unchecked" "未查",
    }
);

choice!(
    /// 检查结论; computed from the items.
    ExternalResult {
        Good = "good" "好",
        Fair = "fair" "合格",
        Poor = "poor" "需整改",
    }
);

/// 外聘教师检查：对外聘教师随堂听课和教案、进度、作业、成绩等常规资料的检查，有问题的限期整改。系部和教务处登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "external_check",
    title = "外聘教师检查",
    group = "staff",
    systems = "E6, B11",
    label = "external, way, checked_on",
    date = "checked_on",
    due = "mend_by",
    within = "external",
    owner = "checker"
)]
pub struct ExternalCheck {
    #[field(label = "外聘教师", list, filter)]
    pub external: Ref<ExternalTeacher>,
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "检查方式", list, filter)]
    pub way: ExternalWay,
    #[field(label = "检查人", list)]
    pub checker: Ref<Staff>,
    #[field(label = "班级")]
    pub class: Option<Ref<Class>>,
    #[field(label = "课题", max = 60, help = "随堂听课填写")]
    pub topic: Option<String>,
    #[field(label = "教案")]
    pub plan: Rating,
    #[field(label = "授课进度")]
    pub progress: Rating,
    #[field(label = "教学日志")]
    pub log: Rating,
    #[field(label = "作业批改")]
    pub homework: Rating,
    #[field(label = "成绩记录")]
    pub marks: Rating,
    #[field(label = "课堂管理与安全")]
    pub classroom: Rating,
    #[field(label = "课堂得分", help = "随堂听课填写，满分100")]
    pub score: Option<Decimal<1>>,
    #[field(label = "结论", list, filter, help = "自动判定")]
    pub result: Option<ExternalResult>,
    #[field(label = "意见与要求", max = 500)]
    pub opinion: LongText,
    #[field(label = "整改期限", list)]
    pub mend_by: Option<NaiveDate>,
    #[field(label = "整改情况", max = 500)]
    pub mended: Option<LongText>,
    #[field(label = "整改日期")]
    pub mended_on: Option<NaiveDate>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

impl ExternalCheck {
    fn ratings(&self) -> [Rating; 6] {
        [
            self.plan,
            self.progress,
            self.log,
            self.homework,
            self.marks,
            self.classroom,
        ]
    }

    /// Poor when an item is poor or the lesson fails; good when every item looked at is good and the lesson is.
    fn verdict(&self) -> ExternalResult {
        let ratings = self.ratings();
        let score = self.score.map(|score| score.0);
        if ratings.contains(&Rating::Poor) || score.is_some_and(|score| score < 600) {
            ExternalResult::Poor
        } else if ratings.contains(&Rating::Fair) || score.is_some_and(|score| score < 800) {
            ExternalResult::Fair
        } else {
            ExternalResult::Good
        }
    }
}

impl Rules for ExternalCheck {
    fn flow() -> Flow {
        let department = || Who::Role(DEPARTMENT_HEAD);
        Flow::starts("待反馈")
            .open("待整改")
            .open("待复查")
            .done("已完成")
            .step(
                "feedback",
                "反馈本人",
                &["待反馈"],
                "已完成",
                &[
                    Who::Field("checker".into()),
                    department(),
                    Who::Role(TEACHING_OFFICE),
                ],
            )
            .fork(Guard::is("result", "poor"), "待整改")
            .within_days(3)
            .signed("检查人反馈")
            .step(
                "mend",
                "整改完成",
                &["待整改"],
                "待复查",
                &[Who::Field("checker".into()), department()],
            )
            .needs(&["mended", "mended_on"])
            .step(
                "accept",
                "复查通过",
                &["待复查"],
                "已完成",
                &[department(), Who::Role(TEACHING_OFFICE)],
            )
            .signed("复查意见")
            .step(
                "again",
                "退回重改",
                &["待复查"],
                "待整改",
                &[department(), Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        let of = |id: &str, title: &str, way: &str| {
            duty(
                id,
                title,
                1,
                Every::Term,
                each("external_teacher"),
                Filter::is("way", way),
            )
        };
        vec![
            of("external_check_lesson", "外聘教师听课", "lesson")
                .also(&["外聘教师随堂听课", "外聘教师听课检查"]),
            of("external_check_papers", "外聘教师常规资料检查", "papers")
                .also(&["外聘教师教学常规检查", "外聘教师资料检查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let covered = |way: &str| Measure::Coverage {
            of: Filter::is("way", way),
            field: "external".into(),
            all: Filter::state("已聘任"),
        };
        vec![
            indicator(
                "external_check_listened",
                "外聘教师听课覆盖率",
                "听过课的外聘教师 ÷ 聘期内的外聘教师",
                "%",
                covered("lesson"),
            )
            .also(&["外聘教师听课率"]),
            indicator(
                "external_check_inspected",
                "外聘教师资料检查率",
                "检查过常规资料的外聘教师 ÷ 聘期内的外聘教师",
                "%",
                covered("papers"),
            )
            .also(&["外聘教师常规检查率"]),
            indicator(
                "external_check_passed",
                "外聘教师检查合格率",
                "结论为好或合格的检查 ÷ 全部检查",
                "%",
                Measure::Share {
                    of: Filter::all().and("result", Op::Not, "poor"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(PERSONNEL, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["result"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.result = Some(self.verdict());
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("check", "外聘教师检查记录单")
                .fields(&[
                    "external",
                    "checked_on",
                    "way",
                    "checker",
                    "class",
                    "topic",
                    "plan",
                    "progress",
                    "log",
                    "homework",
                    "marks",
                    "classroom",
                    "score",
                    "result",
                    "opinion",
                ])
                .signatures(&["检查人", "外聘教师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let listened = self.way == ExternalWay::Lesson;
        let nothing = self.ratings().iter().all(|rating| *rating == Rating::Unchecked);
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(nothing, "plan", "至少评定一项")
            .refuse(
                listened && self.score.is_none(),
                "score",
                "随堂听课请填写课堂得分",
            )
            .refuse(!listened && self.score.is_some(), "score", "资料检查不填课堂得分")
            .refuse(
                self.score.is_some_and(|score| !(0..=1000).contains(&score.0)),
                "score",
                "课堂得分应在0至100之间",
            )
            .refuse(
                self.verdict() == ExternalResult::Poor && self.mend_by.is_none(),
                "mend_by",
                "需整改的，请填写整改期限",
            )
            .in_order(
                self.checked_on,
                self.mend_by,
                "mend_by",
                "整改期限不能早于检查日期",
            )
            .in_order(
                self.checked_on,
                self.mended_on,
                "mended_on",
                "整改日期不能早于检查日期",
            )
            .not_after_today(self.mended_on, ctx.today, "mended_on")
            .refuse(
                self.mended_on.is_some() && !says(&self.mended),
                "mended",
                "填写了整改日期，请写明整改情况",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample(score: Option<i64>, homework: Rating) -> ExternalCheck {
        let mut check = ExternalCheck {
            external: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            way: if score.is_some() {
                ExternalWay::Lesson
            } else {
                ExternalWay::Papers
            },
            checker: Ref::new(Uuid::nil()),
            class: None,
            topic: None,
            plan: Rating::Good,
            progress: Rating::Good,
            log: Rating::Unchecked,
            homework,
            marks: Rating::Unchecked,
            classroom: Rating::Good,
            score: score.map(Decimal),
            result: None,
            opinion: LongText("资料齐全".into()),
            mend_by: None,
            mended: None,
            mended_on: None,
            files: Files::default(),
        };
        check.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        check
    }

    #[test]
    fn the_result_is_the_worst_item() {
        let result = |score, homework| sample(score, homework).result;
        assert_eq!(result(None, Rating::Good), Some(ExternalResult::Good));
        assert_eq!(result(None, Rating::Fair), Some(ExternalResult::Fair));
        assert_eq!(result(Some(790), Rating::Good), Some(ExternalResult::Fair));
        assert_eq!(result(Some(590), Rating::Good), Some(ExternalResult::Poor));
        assert!(refused(&sample(Some(900), Rating::Good)).is_empty());
        assert_eq!(refused(&sample(None, Rating::Poor)), ["mend_by"]);
    }

    #[test]
    fn a_lesson_has_a_score_and_a_problem_is_mended() {
        let lesson = ExternalCheck {
            way: ExternalWay::Lesson,
            ..sample(None, Rating::Good)
        };
        assert_eq!(refused(&lesson), ["score"]);
        let papers = ExternalCheck {
            way: ExternalWay::Papers,
            ..sample(Some(900), Rating::Good)
        };
        assert_eq!(refused(&papers), ["score"]);
        let spec = kernel::register::spec::RegisterSpec::of::<ExternalCheck>();
        let feedback = spec.flow.find("feedback").expect("a step");
        let to = |check: ExternalCheck| feedback.target(&spec, &check.to_values()).to_owned();
        assert_eq!(to(sample(None, Rating::Good)), "已完成");
        assert_eq!(to(sample(None, Rating::Poor)), "待整改");
    }
}
