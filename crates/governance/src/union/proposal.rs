use crate::audience::own_for_all;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::UNION;
use people::{Staff, Unit};

choice!(
    /// 提案类别
    ProposalClass {
        Development = "development" "学校发展",
        Teaching = "teaching" "教育教学",
        Students = "students" "学生管理",
        Staff = "staff" "队伍建设",
        Welfare = "welfare" "生活福利",
        Logistics = "logistics" "后勤安全",
        Democracy = "democracy" "民主管理",
    }
);

choice!(
    /// 满意度; the codes sort from high to low.
    Satisfaction {
        Content = "1" "满意",
        Rather = "2" "基本满意",
        Not = "3" "不满意",
    }
);

/// 教代会提案：代表提出、附议、立案、承办、答复到满意度评价的全过程。代表提出，工会（提案工作委员会）立案和督办，承办部门答复。
#[derive(Clone, Debug, Register)]
#[register(
    id = "congress_proposal",
    title = "教代会提案",
    group = "office",
    systems = "G8",
    label = "title",
    date = "submitted_on",
    due = "due",
    owner = "proposer"
)]
pub struct CongressProposal {
    #[field(label = "届次", list, filter, max = 20, help = "如 五届二次")]
    pub session: String,
    #[field(label = "案由", list, max = 60)]
    pub title: String,
    #[field(label = "提案类别", list, filter)]
    pub class: ProposalClass,
    #[field(label = "提案人", list)]
    pub proposer: Ref<Staff>,
    #[field(label = "附议人数", max = 500, help = "提案须有两名以上代表附议")]
    pub seconders: i64,
    #[field(label = "附议人", max = 100)]
    pub names: String,
    #[field(label = "提交日期", list, filter)]
    pub submitted_on: NaiveDate,
    #[field(label = "理由", max = 1000)]
    pub reason: LongText,
    #[field(label = "建议办法", max = 1000)]
    pub suggestion: LongText,
    #[field(label = "提案编号", list, max = 20, help = "立案时编号，如 2026-008")]
    pub number: Option<String>,
    #[field(label = "承办部门", list, filter)]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "承办人", list)]
    pub handler: Option<Ref<Staff>>,
    #[field(label = "答复期限", list, help = "立案后填写；不填时为提交后60天")]
    pub due: Option<NaiveDate>,
    #[field(label = "答复内容", max = 1500)]
    pub reply: Option<LongText>,
    #[field(label = "答复日期")]
    pub replied_on: Option<NaiveDate>,
    #[field(label = "满意度", list, filter)]
    pub satisfaction: Option<Satisfaction>,
    #[field(label = "评价意见", max = 300)]
    pub opinion: Option<LongText>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

impl Rules for CongressProposal {
    fn flow() -> Flow {
        let union = || Who::Role(UNION);
        let proposer = || Who::Field("proposer".into());
        Flow::starts("待审查")
            .open("承办中")
            .open("待评价")
            .done("已办结")
            .done("转为建议")
            .dropped("不予立案")
            .dropped("已撤回")
            .step("file", "立案交办", &["待审查"], "承办中", &[union()])
            .needs(&["number", "unit", "handler"])
            .within_days(10)
            .signed("提案工作委员会")
            .step("advise", "转为建议", &["待审查"], "转为建议", &[union()])
            .needs(&["unit"])
            .with_note()
            .step("refuse", "不予立案", &["待审查"], "不予立案", &[union()])
            .with_note()
            .step(
                "withdraw",
                "撤回",
                &["待审查"],
                "已撤回",
                &[Who::Creator, proposer()],
            )
            .step(
                "reply",
                "答复",
                &["承办中"],
                "待评价",
                &[Who::Field("handler".into()), union()],
            )
            .needs(&["reply", "replied_on"])
            .within_days(60)
            .signed("承办部门")
            .step("rate", "评价", &["待评价"], "已办结", &[proposer(), union()])
            .needs(&["satisfaction"])
            .fork(Guard::is("satisfaction", "3"), "承办中")
            .within_days(15)
            .signed("提案人")
            .editable(&["待审查"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let filed = || Filter::all().and("number", Op::Not, "");
        let rated = || Filter::state("已办结");
        vec![
            indicator(
                "congress_proposals",
                "教代会提案数",
                "代表提交的提案",
                "件",
                Measure::Count { of: Filter::all() },
            )
            .also(&["征集提案", "教代会提案"]),
            indicator(
                "congress_proposal_done",
                "提案办结率",
                "已办结的提案 ÷ 立案的提案",
                "%",
                Measure::Share {
                    of: rated(),
                    among: filed(),
                },
            )
            .also(&["教代会提案办结率", "提案答复率"]),
            indicator(
                "congress_proposal_content",
                "提案满意率",
                "满意和基本满意的提案 ÷ 已办结的提案",
                "%",
                Measure::Share {
                    of: rated().and("satisfaction", Op::AtMost, "2"),
                    among: rated(),
                },
            )
            .also(&["教代会提案满意率"]),
            indicator(
                "congress_proposal_on_time",
                "提案按期答复率",
                "答复日期不晚于期限的已办结提案 ÷ 已办结的提案",
                "%",
                Measure::Share {
                    of: rated().and("replied_on", Op::AtMostField, "due"),
                    among: rated(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        own_for_all(&[UNION])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教代会提案",
                "工会",
                "代表提出、两名以上代表附议；立案后交部门办理，六十日内答复，由提案人评价",
            )
            .quick(&[
                "session",
                "title",
                "class",
                "proposer",
                "seconders",
                "names",
                "submitted_on",
                "reason",
                "suggestion",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("proposal", "教代会提案表")
                .fields(&[
                    "session",
                    "number",
                    "title",
                    "class",
                    "proposer",
                    "seconders",
                    "names",
                    "submitted_on",
                    "reason",
                    "suggestion",
                ])
                .heading("立案与承办")
                .approvals()
                .fields(&[
                    "unit",
                    "handler",
                    "due",
                    "reply",
                    "replied_on",
                    "satisfaction",
                    "opinion",
                ])
                .signatures(&["提案人", "承办部门负责人", "提案工作委员会"]),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.due = self
            .due
            .or_else(|| self.submitted_on.checked_add_days(Days::new(60)));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.submitted_on, ctx.today, "submitted_on")
            .refuse(self.seconders < 2, "seconders", "提案须有两名以上代表附议")
            .in_order(self.submitted_on, self.due, "due", "答复期限不能早于提交日期")
            .in_order(
                self.submitted_on,
                self.replied_on,
                "replied_on",
                "答复日期不能早于提交日期",
            )
            .not_after_today(self.replied_on, ctx.today, "replied_on")
            .refuse(
                self.satisfaction.is_some() && self.replied_on.is_none(),
                "satisfaction",
                "答复后才能评价",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> CongressProposal {
        CongressProposal {
            session: "五届二次".into(),
            title: "改善教师休息室".into(),
            class: ProposalClass::Welfare,
            proposer: Ref::new(Uuid::nil()),
            seconders: 2,
            names: "张老师、李老师".into(),
            submitted_on: test_day(),
            reason: LongText("座位不足".into()),
            suggestion: LongText("增设座椅".into()),
            number: None,
            unit: None,
            handler: None,
            due: None,
            reply: None,
            replied_on: Some(test_day()),
            satisfaction: Some(Satisfaction::Content),
            opinion: None,
            files: Files::default(),
        }
    }

    #[test]
    fn two_second_it_and_nobody_rates_before_the_reply() {
        assert!(refused(&sample()).is_empty());
        let alone = CongressProposal {
            seconders: 1,
            replied_on: None,
            ..sample()
        };
        assert_eq!(refused(&alone), ["seconders", "satisfaction"]);
    }

    #[test]
    fn what_does_not_content_is_handled_again() {
        let spec = RegisterSpec::of::<CongressProposal>();
        let step = spec.flow.find("rate").expect("a step");
        assert_eq!(step.target(&spec, &sample().to_values()), "已办结");
        let not = CongressProposal {
            satisfaction: Some(Satisfaction::Not),
            ..sample()
        };
        assert_eq!(step.target(&spec, &not.to_values()), "承办中");
    }
}
