use crate::who::{kept_by, says};
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, RESEARCH_OFFICE};

choice!(
    /// 结对方向
    PairKind {
        Teaching = "teaching" "教学师徒",
        Class = "class" "班主任师徒",
        Skill = "skill" "专业技能师徒",
        Research = "research" "教科研师徒",
    }
);

choice!(
    /// 出师考核
    PairResult {
        Excellent = "excellent" "优秀出师",
        Passed = "passed" "合格出师",
        Longer = "longer" "延期出师",
    }
);

/// 师徒结对：青年教师与师傅签订协议、约定目标，结对期满考核出师。由教科研处组织，系部登记本系部的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "mentor_pair",
    title = "师徒结对",
    group = "staff",
    systems = "E3",
    label = "apprentice, mentor",
    unique = "apprentice, kind, starts_on",
    due = "ends_on",
    within = "apprentice",
    owner = "apprentice"
)]
pub struct MentorPair {
    #[field(label = "徒弟", list)]
    pub apprentice: Ref<Staff>,
    #[field(label = "师傅", list)]
    pub mentor: Ref<Staff>,
    #[field(label = "结对方向", list, filter)]
    pub kind: PairKind,
    #[field(label = "结对开始", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结对期满", list, help = "一般一至三年")]
    pub ends_on: NaiveDate,
    #[field(label = "培养目标", max = 500)]
    pub goals: LongText,
    #[field(label = "师傅职责", max = 500)]
    pub mentor_duties: LongText,
    #[field(label = "徒弟任务", max = 500, help = "“十个一”等任务逐条写明")]
    pub apprentice_duties: LongText,
    #[field(label = "签约日期")]
    pub signed_on: Option<NaiveDate>,
    #[field(label = "协议扫描件", help = "可不传")]
    pub agreement: Files,
    #[field(label = "徒弟总结", max = 1000)]
    pub summary: Option<LongText>,
    #[field(label = "师傅评语", max = 500)]
    pub remark: Option<LongText>,
    #[field(label = "出师考核", list, filter)]
    pub result: Option<PairResult>,
    #[field(label = "考核日期")]
    pub judged_on: Option<NaiveDate>,
}

impl Rules for MentorPair {
    fn flow() -> Flow {
        let field = |name: &str| Who::Field(name.into());
        let office = || Who::Role(RESEARCH_OFFICE);
        Flow::starts("待签约")
            .open("结对中")
            .open("待师傅评定")
            .open("待出师考核")
            .done("已出师")
            .dropped("已解除")
            .step(
                "sign",
                "签订协议",
                &["待签约"],
                "结对中",
                &[office(), Who::Role(DEPARTMENT_HEAD)],
            )
            .needs(&["signed_on"])
            .within_days(14)
            .step(
                "report",
                "提交总结",
                &["结对中"],
                "待师傅评定",
                &[field("apprentice")],
            )
            .needs(&["summary"])
            .step(
                "remark",
                "师傅评定",
                &["待师傅评定"],
                "待出师考核",
                &[field("mentor")],
            )
            .needs(&["remark"])
            .within_days(7)
            .signed("师傅意见")
            .step("judge", "出师考核", &["待出师考核"], "已出师", &[office()])
            .needs(&["result", "judged_on"])
            .fork(Guard::is("result", "longer"), "结对中")
            .within_days(14)
            .signed("教科研处意见")
            .step(
                "dissolve",
                "解除结对",
                &["待签约", "结对中"],
                "已解除",
                &[office()],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let bound = || {
            Filter::all()
                .and("state", Op::Not, "待签约")
                .and("state", Op::Not, "已解除")
        };
        vec![
            indicator(
                "mentor_pairs",
                "师徒结对数",
                "已签约的师徒对数（解除的不计）",
                "对",
                Measure::Count { of: bound() },
            )
            .also(&["师徒结对", "青蓝工程结对数", "拜师结对数"]),
            indicator(
                "mentor_pair_signed",
                "师徒协议签订率",
                "已签约的结对 ÷ 未解除的结对",
                "%",
                Measure::Share {
                    of: bound(),
                    among: Filter::all().and("state", Op::Not, "已解除"),
                },
            ),
            indicator(
                "mentor_pair_out",
                "已出师教师数",
                "考核出师的徒弟",
                "人",
                Measure::CountDistinct {
                    of: Filter::state("已出师"),
                    field: "apprentice".into(),
                },
            )
            .also(&["出师人数"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = kept_by(&[RESEARCH_OFFICE, PERSONNEL]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("agreement", "师徒结对协议书")
                .text("为帮助青年教师成长，经学校同意，{mentor}（师傅）与 {apprentice}（徒弟）结为师徒，方向为 {kind}，自 {starts_on} 起至 {ends_on} 止，约定如下：")
                .heading("培养目标")
                .text("{goals}")
                .heading("师傅职责")
                .text("{mentor_duties}")
                .heading("徒弟任务")
                .text("{apprentice_duties}")
                .signatures(&["师傅", "徒弟", "学校（盖章）"]),
            certificate(
                "out",
                "出师证书",
                "{apprentice} 老师：师从 {mentor} 老师（{kind}），结对期满，考核结果：{result}，特发此证。",
            )
            .in_states(&["已出师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.mentor.id == self.apprentice.id,
                "mentor",
                "师傅和徒弟不能是同一人",
            )
            .in_order(self.starts_on, self.ends_on, "ends_on", "结对期满不能早于开始")
            .not_after_today(self.signed_on, ctx.today, "signed_on")
            .refuse(
                self.remark.is_some() && !says(&self.summary),
                "summary",
                "徒弟还没有提交总结",
            )
            .refuse(
                self.result.is_some() && !says(&self.remark),
                "remark",
                "师傅还没有评定",
            )
            .not_after_today(self.judged_on, ctx.today, "judged_on")
            .in_order(
                self.starts_on,
                self.judged_on,
                "judged_on",
                "考核日期不能早于结对开始",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let soon = self.ends_on <= ctx.today + Days::new(30);
        Checks::new()
            .refuse(
                soon && !says(&self.summary),
                "summary",
                "结对即将期满，请徒弟提交总结",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> MentorPair {
        MentorPair {
            apprentice: Ref::new(Uuid::from_u128(1)),
            mentor: Ref::new(Uuid::from_u128(2)),
            kind: PairKind::Teaching,
            starts_on: test_day(),
            ends_on: test_day() + Days::new(365),
            goals: LongText("一年站稳讲台".into()),
            mentor_duties: LongText("每月听课两节".into()),
            apprentice_duties: LongText("每学期一节汇报课".into()),
            signed_on: None,
            agreement: Files::default(),
            summary: None,
            remark: None,
            result: None,
            judged_on: None,
        }
    }

    #[test]
    fn nobody_is_their_own_mentor() {
        assert!(refused(&sample()).is_empty());
        let own = MentorPair {
            mentor: sample().apprentice,
            ..sample()
        };
        assert_eq!(refused(&own), ["mentor"]);
    }

    #[test]
    fn summary_remark_and_result_follow_each_other() {
        let text = |t: &str| Some(LongText(t.into()));
        let judged = MentorPair {
            result: Some(PairResult::Passed),
            ..sample()
        };
        assert_eq!(refused(&judged), ["remark"]);
        let remarked = MentorPair {
            remark: text("勤学"),
            ..judged
        };
        assert_eq!(refused(&remarked), ["summary"]);
        let whole = MentorPair {
            summary: text("已完成全部任务"),
            ..remarked
        };
        assert!(refused(&whole).is_empty());
        let ending = MentorPair {
            ends_on: test_day() + Days::new(30),
            ..sample()
        };
        assert_eq!(doubted(&ending), ["summary"]);
        let flow = MentorPair::flow();
        let spec = kernel::register::spec::RegisterSpec::of::<MentorPair>();
        let longer = MentorPair {
            result: Some(PairResult::Longer),
            ..whole
        };
        let judge = flow.find("judge").expect("a step");
        assert_eq!(judge.target(&spec, &longer.to_values()), "结对中");
    }
}
