use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};
use people::{Course, Staff, Unit, UnitKind};

choice!(
    /// 检查层级
    FileCheckLevel {
        Own = "own" "教师自查",
        Group = "group" "教研室检查",
        Department = "department" "系部检查",
        School = "school" "教务处抽查",
    }
);

choice!(
    /// 资料状况
    FileState {
        Good = "good" "齐全规范",
        Weak = "weak" "有欠缺",
        Missing = "missing" "没有",
        NotDue = "not_due" "不要求",
    }
);

/// 教学资料自查：授课计划、教案、作业批改、教学日志和成绩记录的自查与检查，有欠缺的限期补齐。教师自查，教研室复核，教务处抽查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teaching_file_check",
    title = "教学资料自查",
    group = "teaching",
    systems = "B13, B12",
    label = "teacher, course, checked_on",
    date = "checked_on",
    due = "due",
    within = "group",
    owner = "teacher"
)]
pub struct TeachingFileCheck {
    #[field(label = "任课教师", list, filter)]
    pub teacher: Ref<Staff>,
    #[field(label = "教研室", list, filter)]
    pub group: Ref<Unit>,
    #[field(label = "检查层级", list, filter)]
    pub level: FileCheckLevel,
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "课程", list)]
    pub course: Ref<Course>,
    #[field(label = "授课计划")]
    pub plan: FileState,
    #[field(label = "应备教案数", max = 500)]
    pub lessons_due: i64,
    #[field(label = "已备教案数", max = 500)]
    pub lessons_ready: i64,
    #[field(label = "教案质量", help = "目标、过程、板书或任务单、教学反思")]
    pub lessons: FileState,
    #[field(label = "作业批改次数", max = 100)]
    pub homework_times: i64,
    #[field(label = "作业批改")]
    pub homework: FileState,
    #[field(label = "教学日志")]
    pub journal: FileState,
    #[field(label = "过程成绩记录")]
    pub marks: FileState,
    #[field(label = "课程思政体现")]
    pub ideology: FileState,
    #[field(label = "检查结论", list, filter, help = "自动判定：没有欠缺为合格")]
    pub passed: Option<bool>,
    #[field(label = "欠缺与要求", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "补齐期限", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "补齐日期")]
    pub mended_on: Option<NaiveDate>,
}

impl TeachingFileCheck {
    fn complete_and_good(&self) -> bool {
        let items = [
            self.plan,
            self.lessons,
            self.homework,
            self.journal,
            self.marks,
            self.ideology,
        ];
        self.lessons_ready >= self.lessons_due
            && items
                .iter()
                .all(|item| matches!(item, FileState::Good | FileState::NotDue))
    }
}

impl Rules for TeachingFileCheck {
    fn flow() -> Flow {
        let reviewers = [
            Who::Role(RESEARCH_LEAD),
            Who::Role(DEPARTMENT_HEAD),
            Who::Role(TEACHING_OFFICE),
        ];
        Flow::starts("待复核")
            .open("待补齐")
            .done("已通过")
            .step("pass", "复核通过", &["待复核"], "已通过", &reviewers)
            .when(Guard::is("passed", "true"))
            .within_days(7)
            .signed("复核意见")
            .step("demand", "限期补齐", &["待复核"], "待补齐", &reviewers)
            .when(Guard::not("passed", "true"))
            .needs(&["problem", "due"])
            .within_days(7)
            .step(
                "mend",
                "补齐后再提交",
                &["待补齐"],
                "待复核",
                &[Who::Field("teacher".into()), Who::Creator],
            )
            .needs(&["mended_on"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "teaching_file_check_monthly",
                "教学资料检查",
                1,
                Every::Month,
                Unit::each(UnitKind::Group),
                Filter::all(),
            )
            .also(&["教学资料自查", "教学常规检查", "教案作业检查"]),
            duty(
                "teaching_file_check_school",
                "教务处教学资料抽查",
                1,
                Every::Term,
                Unit::each(UnitKind::Group),
                Filter::is("level", "school"),
            )
            .also(&["教学资料抽查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "teaching_file_checks",
                "教学资料检查份数",
                "教学资料自查和检查记录条数",
                "份",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "teaching_file_passed",
                "教学资料合格率",
                "结论为合格的检查 ÷ 全部检查",
                "%",
                Measure::Share {
                    of: Filter::is("passed", true),
                    among: Filter::all(),
                },
            )
            .also(&["教案合格率", "教学常规合格率"]),
            indicator(
                "teaching_file_mended",
                "教学资料问题整改率",
                "已通过的检查 ÷ 全部检查",
                "%",
                Measure::Share {
                    of: Filter::state("已通过"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("check", "教学资料检查表")
                .fields(&[
                    "teacher",
                    "group",
                    "course",
                    "level",
                    "checked_on",
                    "plan",
                    "lessons_due",
                    "lessons_ready",
                    "lessons",
                    "homework_times",
                    "homework",
                    "journal",
                    "marks",
                    "ideology",
                    "passed",
                    "problem",
                    "due",
                    "mended_on",
                ])
                .approvals()
                .signatures(&["任课教师", "检查人"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["passed"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.passed = Some(self.complete_and_good());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let problem = filled(self.problem.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(
                self.homework == FileState::Good && self.homework_times == 0,
                "homework_times",
                "作业批改齐全的，批改次数应大于0",
            )
            .refuse(
                self.due.is_some() && !problem,
                "problem",
                "填写了补齐期限，请写明欠缺与要求",
            )
            .in_order(self.checked_on, self.due, "due", "补齐期限不能早于检查日期")
            .in_order(
                self.checked_on,
                self.mended_on,
                "mended_on",
                "补齐日期不能早于检查日期",
            )
            .not_after_today(self.mended_on, ctx.today, "mended_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> TeachingFileCheck {
        TeachingFileCheck {
            teacher: Ref::new(Uuid::nil()),
            group: Ref::new(Uuid::nil()),
            level: FileCheckLevel::Own,
            checked_on: test_day(),
            course: Ref::new(Uuid::nil()),
            plan: FileState::Good,
            lessons_due: 16,
            lessons_ready: 16,
            lessons: FileState::Good,
            homework_times: 4,
            homework: FileState::Good,
            journal: FileState::Good,
            marks: FileState::NotDue,
            ideology: FileState::Good,
            passed: None,
            problem: None,
            due: None,
            mended_on: None,
        }
    }

    #[test]
    fn one_gap_fails_the_check() {
        assert!(sample().complete_and_good());
        for gap in [
            TeachingFileCheck {
                lessons_ready: 15,
                ..sample()
            },
            TeachingFileCheck {
                journal: FileState::Weak,
                ..sample()
            },
            TeachingFileCheck {
                marks: FileState::Missing,
                ..sample()
            },
        ] {
            assert!(!gap.complete_and_good());
        }
    }

    #[test]
    fn a_term_to_mend_says_what_is_lacking() {
        assert!(refused(&sample()).is_empty());
        let due = TeachingFileCheck {
            due: test_day().pred_opt(),
            homework_times: 0,
            ..sample()
        };
        assert_eq!(refused(&due), ["homework_times", "problem", "due"]);
    }

    #[test]
    fn what_lacks_something_is_not_passed() {
        let flow = TeachingFileCheck::flow();
        assert_eq!(
            flow.find("pass").expect("a step").when,
            Some(Guard::is("passed", "true"))
        );
        assert!(
            !flow
                .find("pass")
                .expect("a step")
                .who
                .contains(&Who::Field("teacher".into()))
        );
    }
}
