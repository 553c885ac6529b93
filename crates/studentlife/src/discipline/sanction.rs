use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled, said};
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, PRINCIPAL, STUDENT_OFFICE, TEACHING_OFFICE, VICE_PRINCIPAL,
};
use people::{Staff, Student};

choice!(
    /// 申诉结论
    AppealResult {
        Upheld = "upheld" "维持原处分",
        Revoked = "revoked" "撤销处分",
    }
);

/// 违纪处分：从告知、听取陈述申辩、听证、决定、送达到考察解除的全过程。学生处管理，班主任提出；事实和申辩内容密封，解除后不影响评优升学。
#[derive(Clone, Debug, Register)]
#[register(
    id = "sanction",
    title = "违纪处分",
    group = "student",
    systems = "D15",
    label = "student, occurred_on",
    date = "occurred_on",
    due = "until",
    within = "student",
    owner = "proposer"
)]
pub struct Sanction {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "违纪日期", list, filter)]
    pub occurred_on: NaiveDate,
    #[field(label = "违纪类别", list, filter, code = "violation")]
    pub violation: Code,
    #[field(label = "拟给予处分", list, filter, code = "discipline")]
    pub level: Code,
    #[field(label = "违纪事实", sealed, max = 1000)]
    pub facts: LongText,
    #[field(label = "依据条款", max = 200, help = "学校学生违纪处分办法第几条")]
    pub basis: String,
    #[field(label = "证据材料", sealed)]
    pub evidence: Files,
    #[field(label = "提出人", list)]
    pub proposer: Ref<Staff>,
    #[field(label = "告知监护人日期")]
    pub guardian_told_on: Option<NaiveDate>,
    #[field(label = "陈述和申辩", sealed, max = 1000, help = "放弃申辩的写明“放弃”")]
    pub statement: Option<LongText>,
    #[field(label = "申请听证", filter, help = "学生或者监护人申请听证的，学校应当组织")]
    pub hearing: bool,
    #[field(label = "听证日期")]
    pub heard_on: Option<NaiveDate>,
    #[field(label = "听证意见", sealed, max = 1000)]
    pub hearing_result: Option<LongText>,
    #[field(label = "处分文号", max = 40)]
    pub number: Option<String>,
    #[field(label = "处分日期", list, filter)]
    pub decided_on: Option<NaiveDate>,
    #[field(label = "送达日期")]
    pub served_on: Option<NaiveDate>,
    #[field(label = "考察期满日期", list, filter, help = "期满前后据表现决定解除或延长")]
    pub until: Option<NaiveDate>,
    #[field(label = "申诉日期")]
    pub appealed_on: Option<NaiveDate>,
    #[field(label = "申诉结论", filter)]
    pub appeal_result: Option<AppealResult>,
    #[field(label = "考察表现", sealed, max = 800)]
    pub conduct: Option<LongText>,
    #[field(label = "解除日期", list)]
    pub lifted_on: Option<NaiveDate>,
}

/// 开除学籍 in the code set of sanctions.
const EXPULSION: &str = "6";
/// 留校察看
const PROBATION: &str = "4";
/// 中小学教育惩戒规则（试行）第十七条 gives 15 working days for an appeal: three weeks at least.
const APPEAL: Days = Days::new(21);

impl Rules for Sanction {
    fn flow() -> Flow {
        let office = || [Who::Role(STUDENT_OFFICE)];
        let leaders = || [Who::Role(VICE_PRINCIPAL), Who::Role(PRINCIPAL)];
        let proposer = || {
            [
                Who::Field("proposer".into()),
                Who::Role(CLASS_TEACHER),
                Who::Role(STUDENT_OFFICE),
            ]
        };
        Flow::starts("待告知")
            .open("待听证")
            .open("待学生处审批")
            .open("待校长办公会")
            .open("待制发")
            .open("待送达")
            .open("考察期")
            .open("申诉复核")
            .done("已解除")
            .done("已开除学籍")
            .dropped("不予处分")
            .dropped("已撤销")
            .step(
                "notify",
                "告知并听取申辩",
                &["待告知"],
                "待学生处审批",
                &proposer(),
            )
            .needs(&["guardian_told_on", "statement"])
            .fork(Guard::is("hearing", "true"), "待听证")
            .within_days(5)
            .signed("告知人")
            .step("hear", "听证", &["待听证"], "待学生处审批", &office())
            .needs(&["heard_on", "hearing_result"])
            .within_days(10)
            .signed("听证意见")
            .step("return", "退回补充", &["待学生处审批"], "待告知", &office())
            .with_note()
            .step("spare", "不予处分", &["待学生处审批"], "不予处分", &office())
            .with_note()
            .step("approve", "同意", &["待学生处审批"], "待制发", &office())
            .fork(Guard::is("level", PROBATION), "待校长办公会")
            .fork(Guard::is("level", EXPULSION), "待校长办公会")
            .within_days(5)
            .signed("学生处意见")
            .step("decide", "决定", &["待校长办公会"], "待制发", &leaders())
            .signed("学校意见")
            .step("issue", "制发决定", &["待制发"], "待送达", &office())
            .needs(&["number", "decided_on"])
            .within_days(3)
            .step("refuse", "不同意", &["待校长办公会"], "不予处分", &leaders())
            .with_note()
            .step("serve", "送达", &["待送达"], "考察期", &proposer())
            .needs(&["served_on", "until"])
            .when(Guard::not("level", EXPULSION))
            .within_days(3)
            .signed("送达人")
            .step("expel", "送达并报核准", &["待送达"], "已开除学籍", &office())
            .needs(&["served_on"])
            .when(Guard::is("level", EXPULSION))
            .within_days(3)
            .with_note()
            .signed("送达人")
            .step(
                "appeal",
                "受理申诉",
                &["考察期", "已开除学籍"],
                "申诉复核",
                &office(),
            )
            .needs(&["appealed_on"])
            .step("uphold", "维持原处分", &["申诉复核"], "考察期", &leaders())
            .needs(&["appeal_result"])
            .fork(Guard::is("level", EXPULSION), "已开除学籍")
            .within_days(15)
            .with_note()
            .signed("申诉委员会意见")
            .step("revoke", "撤销处分", &["申诉复核"], "已撤销", &leaders())
            .needs(&["appeal_result"])
            .within_days(15)
            .with_note()
            .signed("申诉委员会意见")
            .step("extend", "延长考察", &["考察期"], "考察期", &office())
            .needs(&["until", "conduct"])
            .with_note()
            .step("lift", "解除处分", &["考察期"], "已解除", &office())
            .needs(&["conduct", "lifted_on"])
            .signed("解除意见")
            .editable(&["待告知"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let decided = || {
            Filter::all()
                .dated("decided_on")
                .and("state", Op::Not, "不予处分")
                .and("state", Op::Not, "已撤销")
        };
        vec![
            indicator(
                "sanction_students",
                "受处分学生数",
                "已作出处分决定（未撤销）的不同学生",
                "人",
                Measure::CountDistinct {
                    of: decided(),
                    field: "student".into(),
                },
            )
            .also(&["违纪学生数", "处分人数"]),
            indicator(
                "sanction_rate",
                "学生违纪处分率",
                "已作出的处分 ÷ 在校生",
                "%",
                Measure::Rate {
                    of: decided(),
                    per: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["学生违纪率", "违法违纪率"]),
            indicator(
                "sanction_lifted",
                "处分解除率",
                "已解除 ÷ 已送达的处分",
                "%",
                Measure::Share {
                    of: Filter::state("已解除"),
                    among: decided().dated("served_on"),
                },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(PRINCIPAL, Reach::School).unmasked(),
            may_read(VICE_PRINCIPAL, Reach::School).unmasked(),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("notice", "学生违纪处分事先告知书")
                .text("{student} 同学及监护人：")
                .text("{student} 同学于{occurred_on}发生违纪行为（{violation}），依据{basis}，学校拟给予{level}处分。收到本告知书后，可在3日内向学校作书面或口头陈述和申辩，也可申请听证；逾期视为放弃。")
                .signatures(&["学生", "监护人", "告知人"])
                .in_states(&["待告知", "待听证"]),
            sheet("decision", "学生处分决定书")
                .text("{student} 同学：")
                .text("你于{occurred_on}发生违纪行为（{violation}）。在听取你和监护人的陈述申辩后，依据{basis}，经研究，决定给予{level}处分。考察期至{until}。")
                .text("如对本决定不服，可在收到之日起15个工作日内向学校学生申诉委员会提出书面申诉。考察期内确有改正的，期满解除处分。")
                .fields(&["number", "decided_on", "served_on"])
                .approvals()
                .signatures(&["学校（盖章）", "学生", "监护人"])
                .in_states(&["待送达", "考察期", "已开除学籍"]),
            sheet("lifting", "解除处分决定书")
                .text("{student} 同学：你在处分考察期内认识错误、确有改正，学校决定自{lifted_on}起解除{decided_on}给予的{level}处分。")
                .signatures(&["学校（盖章）"])
                .in_states(&["已解除"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let decided = self.decided_on.is_some();
        // 中小学教育惩戒规则（试行）第十四条: the student is heard before a sanction, at a hearing when asked for.
        let heard = self.guardian_told_on.is_some() && said(&self.statement);
        let last = self.served_on.and_then(|day| day.checked_add_days(APPEAL));
        Checks::new()
            .not_after_today(self.occurred_on, ctx.today, "occurred_on")
            .in_order(
                self.occurred_on,
                self.guardian_told_on,
                "guardian_told_on",
                "告知监护人日期不能早于违纪日期",
            )
            .not_after_today(self.guardian_told_on, ctx.today, "guardian_told_on")
            .refuse(
                decided && !heard,
                "statement",
                "处分决定作出前须告知监护人并听取学生陈述和申辩",
            )
            .refuse(
                decided && self.hearing && self.heard_on.is_none(),
                "heard_on",
                "申请了听证的，须先组织听证",
            )
            .refuse(
                self.heard_on.is_some() && !self.hearing,
                "hearing",
                "填写了听证日期，请勾选“申请听证”",
            )
            .in_order(
                self.guardian_told_on,
                self.decided_on,
                "decided_on",
                "处分日期不能早于告知日期",
            )
            .in_order(
                self.heard_on,
                self.decided_on,
                "decided_on",
                "处分日期不能早于听证日期",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(
                decided && !filled(self.number.as_deref()),
                "number",
                "已作出处分决定，请填写处分文号",
            )
            .refuse(
                self.served_on.is_some() && !decided,
                "decided_on",
                "还没有处分决定，不能送达",
            )
            .in_order(
                self.decided_on,
                self.served_on,
                "served_on",
                "送达日期不能早于处分日期",
            )
            .not_after_today(self.served_on, ctx.today, "served_on")
            .in_order(
                self.served_on,
                self.until,
                "until",
                "考察期满日期不能早于送达日期",
            )
            .in_order(
                self.served_on,
                self.appealed_on,
                "appealed_on",
                "申诉日期不能早于送达日期",
            )
            .in_order(
                self.appealed_on,
                last,
                "appealed_on",
                "申诉应在送达后15个工作日内提出",
            )
            .in_order(
                self.served_on,
                self.lifted_on,
                "lifted_on",
                "解除日期不能早于送达日期",
            )
            .refuse(
                self.lifted_on.is_some() && self.served_on.is_none(),
                "served_on",
                "处分没有送达，不能解除",
            )
            .refuse(
                self.lifted_on.is_some() && !said(&self.conduct),
                "conduct",
                "解除处分须写明考察表现",
            )
            .refuse(
                self.lifted_on.is_some() && self.level.0 == EXPULSION,
                "lifted_on",
                "开除学籍不适用解除",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.level.0 == EXPULSION,
                "level",
                "开除学籍须报教育行政部门核准；未成年学生应先用尽其他教育措施",
            )
            .refuse(
                self.lifted_on.is_none() && self.until.is_some_and(|day| day < ctx.today),
                "until",
                "考察期已满，应及时决定解除或延长",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some, text};
    use people::sound::{doubted, refused};

    fn sample() -> Sanction {
        Sanction {
            student: some(),
            occurred_on: day(-60),
            violation: Code("12".into()),
            level: Code("1".into()),
            facts: LongText("熄灯后翻越宿舍围栏".into()),
            basis: "学生违纪处分办法第十二条".into(),
            evidence: Files::default(),
            proposer: some(),
            guardian_told_on: None,
            statement: None,
            hearing: false,
            heard_on: None,
            hearing_result: None,
            number: None,
            decided_on: None,
            served_on: None,
            until: None,
            appealed_on: None,
            appeal_result: None,
            conduct: None,
            lifted_on: None,
        }
    }

    fn served() -> Sanction {
        Sanction {
            guardian_told_on: Some(day(-57)),
            statement: text("放弃"),
            number: Some("学处〔2026〕3号".into()),
            decided_on: Some(day(-50)),
            served_on: Some(day(-49)),
            until: Some(day(40)),
            ..sample()
        }
    }

    #[test]
    fn nobody_is_sanctioned_unheard() {
        assert!(refused(&sample()).is_empty());
        assert!(refused(&served()).is_empty());
        assert_eq!(
            refused(&Sanction {
                statement: None,
                ..served()
            }),
            ["statement"]
        );
        assert_eq!(
            refused(&Sanction {
                hearing: true,
                ..served()
            }),
            ["heard_on"]
        );
        assert_eq!(
            refused(&Sanction {
                heard_on: Some(day(-55)),
                ..served()
            }),
            ["hearing"]
        );
    }

    #[test]
    fn an_appeal_has_its_time() {
        assert!(
            refused(&Sanction {
                appealed_on: Some(day(-30)),
                ..served()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Sanction {
                appealed_on: Some(day(-27)),
                ..served()
            }),
            ["appealed_on"]
        );
    }

    #[test]
    fn a_sanction_is_lifted_for_conduct() {
        let lifted = Sanction {
            lifted_on: Some(day(-1)),
            ..served()
        };
        assert_eq!(refused(&lifted), ["conduct"]);
        let lifted = Sanction {
            conduct: text("无再犯，参加志愿服务"),
            ..lifted
        };
        assert!(refused(&lifted).is_empty());
        assert_eq!(
            doubted(&Sanction {
                until: Some(day(-1)),
                ..served()
            }),
            ["until"]
        );
    }

    #[test]
    fn the_gravest_sanctions_are_the_schools() {
        let flow = Sanction::flow();
        let approve = flow.find("approve").expect("a step");
        assert_eq!(approve.forks.len(), 2);
        let decide = flow.find("decide").expect("a step");
        assert!(!decide.who.contains(&Who::Role(STUDENT_OFFICE)));
        let lift = flow.find("lift").expect("a step");
        assert_eq!(lift.who, [Who::Role(STUDENT_OFFICE)]);
    }
}
