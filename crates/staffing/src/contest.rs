use crate::who::self_filed;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, WITHDRAWN, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{RESEARCH_OFFICE, TEACHING_OFFICE};

choice!(
    /// 赛事类别
    TeacherContestKind {
        Ability = "ability" "教学能力大赛",
        ClassTeacher = "class_teacher" "班主任能力大赛",
        Skill = "skill" "技能大赛教师组",
        Lesson = "lesson" "优质课评比",
        Micro = "micro" "微课与课件评比",
        Design = "design" "教学设计评比",
        Basics = "basics" "教师基本功大赛",
        Coach = "coach" "优秀指导教师",
        Other = "other" "其他",
    }
);

/// 教师竞赛：教学能力大赛等教师参赛项目的报名、参赛、成绩和证书核实。参赛教师登记，教科研处核实。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teacher_contest",
    title = "教师竞赛",
    group = "staff",
    systems = "E4",
    label = "name, work",
    date = "held_on",
    within = "leader",
    owner = "leader"
)]
pub struct TeacherContest {
    #[field(label = "赛事名称", list, max = 80)]
    pub name: String,
    #[field(label = "赛事类别", list, filter)]
    pub kind: TeacherContestKind,
    #[field(label = "级别", list, filter, code = "contest_level")]
    pub level: Code,
    #[field(label = "主办单位", max = 60)]
    pub organiser: String,
    #[field(label = "比赛日期", list, filter, help = "分阶段的填决赛或评审日期")]
    pub held_on: NaiveDate,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "团队成员", max = 100, help = "按排名先后，不含负责人")]
    pub members: Option<String>,
    #[field(label = "参赛作品", list, max = 80)]
    pub work: String,
    #[field(label = "组别或专业", max = 40)]
    pub section: Option<String>,
    #[field(label = "获奖类别", code = "award_teacher")]
    pub award_kind: Option<Code>,
    #[field(label = "奖励等级", list, filter, code = "award_grade")]
    pub grade: Option<Code>,
    #[field(label = "获奖日期")]
    pub awarded_on: Option<NaiveDate>,
    #[field(label = "证书编号", max = 40)]
    pub certificate: Option<String>,
    #[field(label = "总结反思", max = 500)]
    pub review: Option<LongText>,
    #[field(label = "证书与作品", help = "获奖的上传证书扫描件")]
    pub files: Files,
}

impl Rules for TeacherContest {
    fn flow() -> Flow {
        let office = || [Who::Role(RESEARCH_OFFICE), Who::Role(TEACHING_OFFICE)];
        Flow::starts("已报名")
            .open("已参赛")
            .open("待核实")
            .done("已获奖")
            .done("未获奖")
            .dropped(WITHDRAWN)
            .step(
                "enter",
                "参赛登记",
                &["已报名"],
                "已参赛",
                &[Who::Creator, office()[0].clone()],
            )
            .step(
                "award",
                "获奖登记",
                &["已报名", "已参赛"],
                "待核实",
                &[Who::Creator, office()[0].clone()],
            )
            .needs(&["grade", "awarded_on", "award_kind"])
            .step(
                "none",
                "未获奖",
                &["已参赛"],
                "未获奖",
                &[Who::Creator, office()[0].clone()],
            )
            .step("verify", "核实证书", &["待核实"], "已获奖", &office())
            .within_days(7)
            .step("return", "退回补正", &["待核实"], "已参赛", &office())
            .with_note()
            .step(
                "quit",
                "退赛",
                &["已报名"],
                WITHDRAWN,
                &[Who::Creator, office()[0].clone()],
            )
            .with_note()
            .editable(&["已报名", "已参赛"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "teacher_contest_school",
                "教学能力校赛",
                1,
                Every::Year,
                school_wide(),
                Filter::is("kind", "ability").and("level", Op::Is, "4"),
            )
            .also(&["教学能力大赛校赛", "教师教学能力比赛"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let won = || Filter::state("已获奖");
        // The codes of 竞赛级别 sort from high to low down to 地市级 (33).
        let above = |code: &str| won().and("level", Op::AtMost, code);
        vec![
            indicator(
                "teacher_contest_entries",
                "教师参赛项目数",
                "报名的教师竞赛项目（退赛的不计）",
                "项",
                Measure::Count {
                    of: Filter::all().and("state", Op::Not, WITHDRAWN),
                },
            )
            .also(&["教师参赛"]),
            indicator(
                "teacher_contest_awards",
                "教师竞赛获奖数",
                "经核实的获奖项目",
                "项",
                Measure::Count { of: won() },
            )
            .also(&["教师获奖数", "教师竞赛获奖"]),
            indicator(
                "teacher_contest_city",
                "市级以上教师获奖数",
                "经核实的市级以上获奖项目",
                "项",
                Measure::Count { of: above("33") },
            )
            .also(&["教师市级以上获奖"]),
            indicator(
                "teacher_contest_province",
                "省级以上教师获奖数",
                "经核实的省级以上获奖项目",
                "项",
                Measure::Count { of: above("3") },
            )
            .also(&["教师省级以上获奖", "教学能力大赛省级获奖"]),
            indicator(
                "teacher_contest_rate",
                "教师竞赛获奖率",
                "经核实获奖的 ÷ 报名的教师竞赛项目（退赛的不计）",
                "%",
                Measure::Share {
                    of: won(),
                    among: Filter::all().and("state", Op::Not, WITHDRAWN),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[RESEARCH_OFFICE, TEACHING_OFFICE])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教师竞赛登记",
                "教科研处",
                "报名时登记，赛后补成绩和证书，教科研处核实后计入业绩",
            )
            .quick(&["name", "kind", "level", "organiser", "held_on", "work"]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "awards",
            "教师竞赛获奖汇总表",
            &[
                "name",
                "level",
                "leader",
                "members",
                "work",
                "grade",
                "awarded_on",
            ],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let graded = self.grade.is_some();
        Checks::new()
            .refuse(
                graded && self.awarded_on.is_none(),
                "awarded_on",
                "填写了奖励等级，请填写获奖日期",
            )
            .in_order(
                self.held_on,
                self.awarded_on,
                "awarded_on",
                "获奖日期不能早于比赛日期",
            )
            .not_after_today(self.awarded_on, ctx.today, "awarded_on")
            .refuse(
                filled(self.certificate.as_deref()) && !graded,
                "grade",
                "填写了证书编号，请选择奖励等级",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.grade.is_some() && self.files.0.is_empty(),
                "files",
                "建议上传获奖证书扫描件，便于核实",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> TeacherContest {
        TeacherContest {
            name: "职业院校教学能力大赛".into(),
            kind: TeacherContestKind::Ability,
            level: Code("33".into()),
            organiser: "市教育局".into(),
            held_on: test_day(),
            leader: Ref::new(Uuid::nil()),
            members: None,
            work: "轴类零件加工".into(),
            section: None,
            award_kind: None,
            grade: None,
            awarded_on: None,
            certificate: None,
            review: None,
            files: Files::default(),
        }
    }

    #[test]
    fn an_award_has_grade_and_day() {
        assert!(refused(&sample()).is_empty());
        let graded = TeacherContest {
            grade: Some(Code("2".into())),
            ..sample()
        };
        assert_eq!(refused(&graded), ["awarded_on"]);
        let early = TeacherContest {
            awarded_on: test_day().pred_opt(),
            ..graded
        };
        assert_eq!(refused(&early), ["awarded_on"]);
        let numbered = TeacherContest {
            certificate: Some("ZS-1".into()),
            ..sample()
        };
        assert_eq!(refused(&numbered), ["grade"]);
    }

    #[test]
    fn whoever_won_does_not_verify() {
        let flow = TeacherContest::flow();
        let verify = flow.find("verify").expect("a step");
        assert!(!verify.who.contains(&Who::Creator));
    }
}
