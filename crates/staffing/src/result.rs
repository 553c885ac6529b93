use crate::ResearchProject;
use crate::who::self_filed;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::RESEARCH_OFFICE;

choice!(
    /// 成果类别
    ResultKind {
        Paper = "paper" "论文",
        Book = "book" "论著与教材",
        Closing = "closing" "课题结题",
        TeachingAward = "teaching_award" "教学成果奖",
        ResearchAward = "research_award" "科研成果奖",
        Patent = "patent" "专利",
        Software = "software" "软件著作权",
        Standard = "standard" "标准与教学资源",
        Case = "case" "案例获奖",
    }
);

impl ResultKind {
    /// Whether it is a prize and has a grade.
    fn is_award(self) -> bool {
        matches!(
            self,
            ResultKind::TeachingAward | ResultKind::ResearchAward | ResultKind::Case
        )
    }
}

/// 教科研成果：论文、论著教材、课题结题、教学成果奖、专利等的登记和核实。本人登记，教科研处核实后计入业绩。
#[derive(Clone, Debug, Register)]
#[register(
    id = "research_result",
    title = "教科研成果",
    group = "teaching",
    systems = "B17",
    label = "title",
    unique = "kind, title, author",
    date = "published_on",
    within = "author",
    owner = "author"
)]
pub struct ResearchResult {
    #[field(label = "成果名称", list, max = 100)]
    pub title: String,
    #[field(label = "成果类别", list, filter)]
    pub kind: ResultKind,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(label = "第一完成人", list)]
    pub author: Ref<Staff>,
    #[field(label = "其他完成人", max = 200, help = "按署名先后")]
    pub others: Option<String>,
    #[field(label = "发表或授予日期", list, filter)]
    pub published_on: NaiveDate,
    #[field(label = "刊物或授予单位", list, max = 80)]
    pub organ: String,
    #[field(label = "刊号或证书号", max = 60, help = "刊号、书号、专利号或证书编号")]
    pub number: Option<String>,
    #[field(label = "获奖等级", filter, code = "award_grade", help = "获奖成果填写")]
    pub grade: Option<Code>,
    #[field(label = "来源课题")]
    pub project: Option<Ref<ResearchProject>>,
    #[field(label = "内容提要", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "诚信声明", help = "内容真实、署名如实、未一稿多投")]
    pub integrity: bool,
    #[field(label = "核实日期")]
    pub verified_on: Option<NaiveDate>,
    #[field(label = "佐证材料", help = "封面、目录、正文或证书")]
    pub files: Files,
}

impl Rules for ResearchResult {
    fn flow() -> Flow {
        let office = || Who::Role(RESEARCH_OFFICE);
        Flow::starts("待核实")
            .open("退回补正")
            .done("已核实")
            .dropped("不予认定")
            .step("verify", "核实", &["待核实"], "已核实", &[office()])
            .needs(&["verified_on"])
            .within_days(7)
            .step("return", "退回补正", &["待核实"], "退回补正", &[office()])
            .with_note()
            .step("refuse", "不予认定", &["待核实"], "不予认定", &[office()])
            .with_note()
            .step("resubmit", "重新提交", &["退回补正"], "待核实", &[Who::Creator])
            .step("withdraw", "撤销认定", &["已核实"], "不予认定", &[office()])
            .with_note()
            .editable(&["待核实", "退回补正"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let verified = || Filter::state("已核实");
        let of = |kind: &str| Measure::Count {
            of: verified().and("kind", Op::Is, kind),
        };
        vec![
            indicator(
                "research_results",
                "教科研成果数",
                "经核实的成果",
                "项",
                Measure::Count { of: verified() },
            )
            .also(&["教科研成果", "科研成果"]),
            indicator("research_papers", "论文发表数", "经核实的论文", "篇", of("paper"))
                .also(&["发表论文", "论文"]),
            indicator(
                "research_closed",
                "课题结题数",
                "经核实的课题结题",
                "项",
                of("closing"),
            )
            .also(&["结题课题", "课题结题"]),
            indicator(
                "research_awards",
                "教学成果奖数",
                "经核实的教学成果奖",
                "项",
                of("teaching_award"),
            )
            .also(&["教学成果奖"]),
            indicator(
                "research_results_city",
                "市级以上教科研成果数",
                "经核实的市级以上成果",
                "项",
                Measure::Count {
                    // 级别: 10国家级, 20省部级, 30地市级.
                    of: verified().and("level", Op::AtMost, "30"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[RESEARCH_OFFICE])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教科研成果登记",
                "教科研处",
                "附封面、目录、正文或证书；教科研处核实后计入业绩",
            )
            .quick(&[
                "title",
                "kind",
                "level",
                "published_on",
                "organ",
                "number",
                "grade",
                "integrity",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "summary",
            "教科研成果汇总表",
            &[
                "title",
                "kind",
                "level",
                "author",
                "organ",
                "published_on",
                "grade",
            ],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.published_on, ctx.today, "published_on")
            .refuse(
                !self.integrity,
                "integrity",
                "请确认内容真实、署名如实、未一稿多投",
            )
            .refuse(
                self.kind.is_award() && self.grade.is_none(),
                "grade",
                "获奖成果请选择获奖等级",
            )
            .refuse(
                !self.kind.is_award() && self.grade.is_some(),
                "grade",
                "只有获奖成果填写获奖等级",
            )
            .in_order(
                self.published_on,
                self.verified_on,
                "verified_on",
                "核实日期不能早于发表或授予日期",
            )
            .not_after_today(self.verified_on, ctx.today, "verified_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                !filled(self.number.as_deref()),
                "number",
                "没有刊号或证书号，核实时需看原件",
            )
            .refuse(
                self.kind == ResultKind::Closing && self.project.is_none(),
                "project",
                "课题结题请选择来源课题",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample(kind: ResultKind, grade: Option<&str>) -> ResearchResult {
        ResearchResult {
            title: "项目化实训评价的实践".into(),
            kind,
            level: Code("20".into()),
            author: Ref::new(Uuid::nil()),
            others: None,
            published_on: test_day(),
            organ: "职业教育研究".into(),
            number: Some("CN00-0000".into()),
            grade: grade.map(|code| Code(code.into())),
            project: None,
            summary: None,
            integrity: true,
            verified_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn prizes_have_grades_and_others_none() {
        assert!(refused(&sample(ResultKind::Paper, None)).is_empty());
        assert!(refused(&sample(ResultKind::TeachingAward, Some("2"))).is_empty());
        assert_eq!(refused(&sample(ResultKind::TeachingAward, None)), ["grade"]);
        assert_eq!(refused(&sample(ResultKind::Paper, Some("2"))), ["grade"]);
        assert_eq!(doubted(&sample(ResultKind::Closing, None)), ["project"]);
    }

    #[test]
    fn honesty_is_declared() {
        let silent = ResearchResult {
            integrity: false,
            ..sample(ResultKind::Paper, None)
        };
        assert_eq!(refused(&silent), ["integrity"]);
    }
}
