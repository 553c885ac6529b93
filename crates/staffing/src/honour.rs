use crate::who::self_filed;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::PERSONNEL;

choice!(
    /// 称号类别
    HonourKind {
        Master = "master" "教学名师",
        Leader = "leader" "专业带头人",
        Backbone = "backbone" "骨干教师",
        NewStar = "new_star" "教坛新秀",
        Craftsman = "craftsman" "技能大师",
        ClassTeacher = "class_teacher" "名班主任",
        Special = "special" "特级教师",
        Studio = "studio" "名师工作室主持人",
        SkillStudio = "skill_studio" "技能大师工作室主持人",
        Commended = "commended" "优秀教师",
    }
);

choice!(
    /// 任期考核
    TermResult {
        Excellent = "excellent" "优秀",
        Passed = "passed" "合格",
        Failed = "failed" "不合格",
    }
);

/// 名师与工作室：名师、带头人、骨干教师等称号和名师工作室的授予、任期和考核。由人事处管理，本人上传证书。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teacher_honour",
    title = "名师与工作室",
    group = "staff",
    systems = "E4",
    label = "teacher, kind",
    unique = "teacher, kind, granted_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct TeacherHonour {
    #[field(label = "教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "称号类别", list, filter)]
    pub kind: HonourKind,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(label = "工作室名称", list, max = 60, help = "工作室主持人填写")]
    pub studio: Option<String>,
    #[field(label = "工作室成员", max = 200)]
    pub members: Option<String>,
    #[field(label = "授予单位", max = 60)]
    pub issuer: String,
    #[field(label = "文号", max = 40)]
    pub number: Option<String>,
    #[field(label = "授予日期", list)]
    pub granted_on: NaiveDate,
    #[field(label = "任期至", list, filter, help = "没有任期的不填")]
    pub term_until: Option<NaiveDate>,
    #[field(label = "任期任务", max = 500, help = "带教、课程、课题、技术服务等")]
    pub tasks: Option<LongText>,
    #[field(label = "任务完成情况", max = 1000)]
    pub progress: Option<LongText>,
    #[field(label = "任期考核", list, filter)]
    pub result: Option<TermResult>,
    #[field(label = "证书文件", help = "可不传")]
    pub files: Files,
}

impl Rules for TeacherHonour {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::starts("待核实")
            .done("任期内")
            .open("待任期考核")
            .done("期满合格")
            .dropped("已取消")
            .step("verify", "核实", &["待核实"], "任期内", &[personnel()])
            .within_days(7)
            .step(
                "report",
                "提交任期总结",
                &["任期内"],
                "待任期考核",
                &[Who::Creator, personnel()],
            )
            .needs(&["progress"])
            .step("judge", "任期考核", &["待任期考核"], "期满合格", &[personnel()])
            .needs(&["result"])
            .fork(Guard::is("result", "failed"), "已取消")
            .signed("考核意见")
            .step(
                "cancel",
                "取消称号",
                &["待核实", "任期内"],
                "已取消",
                &[personnel()],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let serving = || Filter::state("任期内");
        vec![
            indicator(
                "teacher_honours",
                "名师骨干教师数",
                "任期内有称号的不同教师",
                "人",
                Measure::CountDistinct {
                    of: serving(),
                    field: "teacher".into(),
                },
            )
            .also(&["骨干教师数", "名师数", "专业带头人数"]),
            indicator(
                "teacher_honours_city",
                "市级以上名师数",
                "任期内市级以上称号的不同教师",
                "人",
                Measure::CountDistinct {
                    // 级别: 10国家级, 20省部级, 30地市级.
                    of: serving().and("level", Op::AtMost, "30"),
                    field: "teacher".into(),
                },
            )
            .also(&["市级以上骨干教师", "市级以上名师"]),
            indicator(
                "teacher_studios",
                "名师工作室数",
                "任期内的名师工作室",
                "个",
                Measure::Count {
                    of: serving().and("kind", Op::Is, "studio"),
                },
            )
            .also(&["名师工作室"]),
            indicator(
                "teacher_skill_studios",
                "技能大师工作室数",
                "任期内的技能大师工作室",
                "个",
                Measure::Count {
                    of: serving().and("kind", Op::Is, "skill_studio"),
                },
            )
            .also(&["技能大师工作室"]),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[PERSONNEL])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("term", "名师（工作室）任期考核表")
                .fields(&[
                    "teacher",
                    "kind",
                    "level",
                    "studio",
                    "granted_on",
                    "term_until",
                    "tasks",
                    "progress",
                    "result",
                ])
                .approvals()
                .signatures(&["本人", "人事处"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let studio = matches!(self.kind, HonourKind::Studio | HonourKind::SkillStudio);
        Checks::new()
            .not_after_today(self.granted_on, ctx.today, "granted_on")
            .in_order(
                self.granted_on,
                self.term_until,
                "term_until",
                "任期不能早于授予日期",
            )
            .refuse(
                studio && !filled(self.studio.as_deref()),
                "studio",
                "工作室主持人请填写工作室名称",
            )
            .refuse(
                self.result.is_some() && !crate::who::says(&self.progress),
                "progress",
                "任期考核前请填写任务完成情况",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let ending = self
            .term_until
            .is_some_and(|until| until <= ctx.today + Days::new(90));
        Checks::new()
            .refuse(
                ending && self.result.is_none(),
                "term_until",
                "任期90天内届满，请准备任期考核",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> TeacherHonour {
        TeacherHonour {
            teacher: Ref::new(Uuid::nil()),
            kind: HonourKind::Backbone,
            level: Code("30".into()),
            studio: None,
            members: None,
            issuer: "市教育局".into(),
            number: None,
            granted_on: test_day() - Days::new(300),
            term_until: Some(test_day() + Days::new(700)),
            tasks: None,
            progress: None,
            result: None,
            files: Files::default(),
        }
    }

    #[test]
    fn a_studio_has_a_name_and_a_result_its_report() {
        assert!(refused(&sample()).is_empty());
        let studio = TeacherHonour {
            kind: HonourKind::Studio,
            ..sample()
        };
        assert_eq!(refused(&studio), ["studio"]);
        let judged = TeacherHonour {
            result: Some(TermResult::Passed),
            ..sample()
        };
        assert_eq!(refused(&judged), ["progress"]);
        let ending = TeacherHonour {
            term_until: Some(test_day() + Days::new(90)),
            ..sample()
        };
        assert_eq!(doubted(&ending), ["term_until"]);
    }
}
