use crate::who::{says, self_filed};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, RESEARCH_OFFICE};

choice!(
    /// 课题类别
    ProjectKind {
        Planning = "planning" "教育科学规划课题",
        Reform = "reform" "教学改革课题",
        Special = "special" "专项课题",
        School = "school" "校本课题",
        Joint = "joint" "校企合作课题",
        Small = "small" "微型课题",
    }
);

choice!(
    /// 结题等级
    ProjectResult {
        Excellent = "excellent" "优秀",
        Good = "good" "良好",
        Passed = "passed" "合格",
        Failed = "failed" "不予结题",
    }
);

/// 教科研课题：申报、立项、开题、中期检查、结题鉴定全过程，按节点期限催办。由教科研处管理，课题负责人登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "research_project",
    title = "教科研课题",
    group = "teaching",
    systems = "B17",
    label = "title",
    unique = "number",
    date = "applied_on",
    due = "next_due",
    within = "leader",
    owner = "leader"
)]
pub struct ResearchProject {
    #[field(label = "课题名称", list, max = 100)]
    pub title: String,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "课题组成员", max = 200, help = "按承担任务先后，不含负责人")]
    pub members: Option<String>,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(label = "课题类别", list, filter)]
    pub kind: ProjectKind,
    #[field(label = "立项单位", max = 60, help = "申报到哪里，如 市教育科学研究院")]
    pub organ: String,
    #[field(label = "申报日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "研究内容", max = 1000, help = "问题、目标、方法、预期成果")]
    pub content: LongText,
    #[field(label = "学术诚信承诺", help = "承诺未重复申报、无抄袭造假，成果署名如实")]
    pub integrity: bool,
    #[field(label = "经费（元）")]
    pub funds: Option<Money>,
    #[field(label = "立项编号", list, max = 40)]
    pub number: Option<String>,
    #[field(label = "立项日期")]
    pub established_on: Option<NaiveDate>,
    #[field(label = "开题期限")]
    pub open_by: Option<NaiveDate>,
    #[field(label = "中期检查期限")]
    pub midterm_by: Option<NaiveDate>,
    #[field(label = "结题期限", list, filter)]
    pub close_by: Option<NaiveDate>,
    #[field(label = "当前节点期限", help = "自动取下一节点")]
    pub next_due: Option<NaiveDate>,
    #[field(label = "开题日期")]
    pub opened_on: Option<NaiveDate>,
    #[field(label = "中期检查日期")]
    pub midterm_on: Option<NaiveDate>,
    #[field(label = "中期意见", max = 500)]
    pub midterm: Option<LongText>,
    #[field(label = "结题报告摘要", max = 1000)]
    pub report: Option<LongText>,
    #[field(label = "结题日期")]
    pub closed_on: Option<NaiveDate>,
    #[field(label = "结题等级", filter)]
    pub result: Option<ProjectResult>,
    #[field(label = "材料", help = "申报书、开题报告、中期报告、结题材料")]
    pub files: Files,
}

impl Rules for ResearchProject {
    fn flow() -> Flow {
        let office = || Who::Role(RESEARCH_OFFICE);
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD), office()]),
                Stage::by("research", "教科研处", &[office()]).days(7),
            ],
            "待立项",
        )
        .still_open("待立项")
        .open("待开题")
        .open("研究中")
        .open("待结题")
        .open("待鉴定")
        .done("已结题")
        .dropped("未立项")
        .dropped("已撤项")
        .step("establish", "立项", &["待立项"], "待开题", &[office()])
        .needs(&["number", "established_on", "open_by", "midterm_by", "close_by"])
        .signed("立项意见")
        .step("decline", "未获立项", &["待立项"], "未立项", &[office()])
        .step("open", "开题", &["待开题"], "研究中", &[Who::Creator, office()])
        .needs(&["opened_on"])
        .step("midterm", "中期检查", &["研究中"], "待结题", &[office()])
        .needs(&["midterm_on", "midterm"])
        .signed("中期检查意见")
        .step(
            "report",
            "申请结题",
            &["待结题"],
            "待鉴定",
            &[Who::Creator, office()],
        )
        .needs(&["report"])
        .step("close", "结题鉴定", &["待鉴定"], "已结题", &[office()])
        .needs(&["closed_on", "result"])
        .fork(Guard::is("result", "failed"), "待结题")
        .signed("鉴定意见")
        .step(
            "cancel",
            "撤项",
            &["待开题", "研究中", "待结题"],
            "已撤项",
            &[office()],
        )
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let established = || Filter::all().dated("established_on");
        vec![
            indicator(
                "research_projects_applied",
                "课题申报数",
                "申报的课题",
                "项",
                Measure::Count { of: Filter::all() },
            )
            .also(&["申报课题"]),
            indicator(
                "research_projects",
                "课题立项数",
                "申报并已立项的课题",
                "项",
                Measure::Count { of: established() },
            )
            .also(&["立项课题", "课题", "教科研课题", "课题数"]),
            indicator(
                "research_projects_city",
                "市级以上课题立项数",
                "已立项的市级以上课题",
                "项",
                Measure::Count {
                    // 级别: 10国家级, 20省部级, 30地市级.
                    of: established().and("level", Op::AtMost, "30"),
                },
            )
            .also(&["市级以上课题", "市级课题"]),
            indicator(
                "research_project_rate",
                "课题立项率",
                "已立项的 ÷ 申报的课题",
                "%",
                Measure::Share {
                    of: established(),
                    among: Filter::all(),
                },
            ),
            indicator(
                "research_project_opened",
                "课题按期开题率",
                "开题日期不晚于开题期限的 ÷ 已开题的课题",
                "%",
                Measure::Share {
                    of: Filter::all().and("opened_on", Op::AtMostField, "open_by"),
                    among: Filter::all().dated("opened_on"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[RESEARCH_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["next_due"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.next_due = match (self.opened_on, self.midterm_on) {
            (None, _) => self.open_by,
            (Some(_), None) => self.midterm_by,
            (Some(_), Some(_)) => self.close_by,
        };
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "课题申报",
                "教科研处",
                "系部和教科研处审核后推荐；立项后按开题、中期、结题节点办理",
            )
            .quick(&[
                "title",
                "members",
                "level",
                "kind",
                "organ",
                "content",
                "integrity",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("application", "教科研课题申报审批表")
                .fields(&[
                    "title",
                    "leader",
                    "members",
                    "level",
                    "kind",
                    "organ",
                    "applied_on",
                    "funds",
                    "content",
                ])
                .text("本课题组承诺：未重复申报，研究过程与数据真实，引用注明出处，成果署名如实，如有违反愿承担责任。")
                .approvals()
                .signatures(&["课题负责人", "学校（盖章）"]),
            sheet("closing", "课题结题鉴定表")
                .fields(&[
                    "title",
                    "number",
                    "leader",
                    "members",
                    "established_on",
                    "opened_on",
                    "midterm_on",
                    "closed_on",
                    "report",
                    "result",
                ])
                .approvals()
                .signatures(&["课题负责人", "鉴定组组长"])
                .in_states(&["待鉴定", "已结题"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let established = self.established_on.is_some();
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(!self.integrity, "integrity", "课题组须作出学术诚信承诺才能申报")
            .refuse(
                self.funds.is_some_and(|funds| funds.0 < 0),
                "funds",
                "经费不能为负数",
            )
            .refuse(
                established && !filled(self.number.as_deref()),
                "number",
                "填写了立项日期，请填写立项编号",
            )
            .in_order(
                self.applied_on,
                self.established_on,
                "established_on",
                "立项日期不能早于申报日期",
            )
            .not_after_today(self.established_on, ctx.today, "established_on")
            .in_order(
                self.established_on,
                self.open_by,
                "open_by",
                "开题期限不能早于立项日期",
            )
            .in_order(
                self.open_by,
                self.midterm_by,
                "midterm_by",
                "中期期限不能早于开题期限",
            )
            .in_order(
                self.midterm_by,
                self.close_by,
                "close_by",
                "结题期限不能早于中期期限",
            )
            .in_order(
                self.established_on,
                self.opened_on,
                "opened_on",
                "开题日期不能早于立项日期",
            )
            .not_after_today(self.opened_on, ctx.today, "opened_on")
            .in_order(
                self.opened_on,
                self.midterm_on,
                "midterm_on",
                "中期检查不能早于开题",
            )
            .not_after_today(self.midterm_on, ctx.today, "midterm_on")
            .in_order(
                self.midterm_on,
                self.closed_on,
                "closed_on",
                "结题日期不能早于中期检查",
            )
            .not_after_today(self.closed_on, ctx.today, "closed_on")
            .refuse(
                self.closed_on.is_some() && !says(&self.report),
                "report",
                "填写了结题日期，请填写结题报告摘要",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.closed_on.is_none() && self.next_due.is_some_and(|due| due < ctx.today);
        Checks::new()
            .refuse(late, "next_due", "当前节点期限已过，请尽快办理或申请延期")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn day(before: u64) -> Option<NaiveDate> {
        Some(test_day() - Days::new(before))
    }

    fn sample() -> ResearchProject {
        ResearchProject {
            title: "任务驱动的钳工实训评价研究".into(),
            leader: Ref::new(Uuid::nil()),
            members: None,
            level: Code("30".into()),
            kind: ProjectKind::Planning,
            organ: "市教育科学研究院".into(),
            applied_on: test_day() - Days::new(60),
            content: LongText("以任务单为载体改进评价".into()),
            integrity: true,
            funds: None,
            number: Some("SJK2026-12".into()),
            established_on: day(40),
            open_by: day(10),
            midterm_by: Some(test_day() + Days::new(100)),
            close_by: Some(test_day() + Days::new(300)),
            next_due: None,
            opened_on: None,
            midterm_on: None,
            midterm: None,
            report: None,
            closed_on: None,
            result: None,
            files: Files::default(),
        }
    }

    fn due(mut project: ResearchProject) -> ResearchProject {
        project.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        project
    }

    #[test]
    fn integrity_is_promised_and_days_follow_each_other() {
        assert!(refused(&sample()).is_empty());
        let silent = ResearchProject {
            integrity: false,
            ..sample()
        };
        assert_eq!(refused(&silent), ["integrity"]);
        let unnumbered = ResearchProject {
            number: None,
            ..sample()
        };
        assert_eq!(refused(&unnumbered), ["number"]);
        let early = ResearchProject {
            opened_on: day(41),
            ..sample()
        };
        assert_eq!(refused(&early), ["opened_on"]);
        let closed = ResearchProject {
            closed_on: day(1),
            ..sample()
        };
        assert_eq!(refused(&closed), ["report"]);
    }

    #[test]
    fn the_next_milestone_is_due() {
        let waiting = due(sample());
        assert_eq!(waiting.next_due, day(10));
        assert_eq!(doubted(&waiting), ["next_due"]);
        let running = due(ResearchProject {
            opened_on: day(20),
            ..sample()
        });
        assert_eq!(running.next_due, running.midterm_by);
        assert!(doubted(&running).is_empty());
        let ending = due(ResearchProject {
            midterm_on: day(5),
            ..running
        });
        assert_eq!(ending.next_due, ending.close_by);
    }
}
