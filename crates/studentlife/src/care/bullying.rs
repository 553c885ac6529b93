use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    CLASS_TEACHER, COUNSELLOR, DEPARTMENT_HEAD, DORM_KEEPER, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER,
};
use people::{Class, Staff};

choice!(
    /// 线索来源
    ReportedBy {
        Teacher = "teacher" "教职工发现",
        Self_ = "self" "学生本人求助",
        Peer = "peer" "同学报告",
        Parent = "parent" "家长反映",
        Survey = "survey" "问卷排查",
        Camera = "camera" "巡查或监控",
        Letter = "letter" "信箱或热线",
        Police = "police" "公安机关通报",
    }
);

choice!(
    /// 行为方式：未成年人学校保护规定（教育部令第50号）第二十一条所列五类。
    BullyingKind {
        Words = "words" "辱骂讥讽起侮辱性绰号",
        Body = "body" "殴打推搡等侵犯身体",
        Property = "property" "抢夺勒索毁坏财物",
        Exclusion = "exclusion" "恶意排斥孤立他人",
        Online = "online" "网络诽谤或传播隐私",
    }
);

choice!(
    /// 认定结论
    Verdict {
        None = "none" "查无实据",
        Conflict = "conflict" "一般矛盾，不构成欺凌",
        Minor = "minor" "构成欺凌，情节轻微",
        Serious = "serious" "构成欺凌，情节严重",
    }
);

/// 学生欺凌处置：从发现线索、10日内完成调查、欺凌治理委员会认定到跟踪辅导的全过程。教职工都可报告，学生处管理；当事学生信息密封。
#[derive(Clone, Debug, Register)]
#[register(
    id = "bullying",
    title = "欺凌处置",
    group = "student",
    systems = "D8",
    label = "kind, found_on",
    date = "found_on",
    due = "due",
    within = "class",
    owner = "handler"
)]
pub struct Bullying {
    #[field(label = "发现日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "线索来源", list, filter)]
    pub reported_by: ReportedBy,
    #[field(label = "行为方式", list, filter)]
    pub kind: BullyingKind,
    #[field(label = "发生地点", max = 60)]
    pub place: String,
    #[field(label = "班级", list, filter, help = "受害学生所在班级；还不清楚的不填")]
    pub class: Option<Ref<Class>>,
    #[field(
        label = "受害学生",
        sealed,
        max = 100,
        help = "姓名、班级；还不清楚的写“待查”"
    )]
    pub victims: String,
    #[field(
        label = "涉嫌学生",
        sealed,
        max = 200,
        help = "调查结论作出前不得作为认定依据"
    )]
    pub suspects: Option<String>,
    #[field(label = "线索经过", sealed, max = 1000)]
    pub account: LongText,
    #[field(label = "当即处置", max = 300, help = "制止、就医、分开安置等")]
    pub first_step: LongText,
    #[field(label = "经办人", list, help = "负责调查的教师，不得与当事学生有利害关系")]
    pub handler: Ref<Staff>,
    #[field(label = "调查期限", list, filter, help = "不填则自发现之日起10日")]
    pub due: Option<NaiveDate>,
    #[field(label = "告知监护人日期")]
    pub guardians_told_on: Option<NaiveDate>,
    #[field(label = "调查完成日期", list)]
    pub investigated_on: Option<NaiveDate>,
    #[field(label = "调查情况", sealed, max = 2000)]
    pub findings: Option<LongText>,
    #[field(label = "调查材料", sealed)]
    pub evidence: Files,
    #[field(label = "认定结论", list, filter)]
    pub verdict: Option<Verdict>,
    #[field(label = "认定日期")]
    pub decided_on: Option<NaiveDate>,
    #[field(
        label = "处置决定",
        sealed,
        max = 1000,
        help = "教育惩戒、处分、赔礼道歉、跟踪辅导等"
    )]
    pub decision: Option<LongText>,
    #[field(label = "报告公安教育日期", help = "情节严重的须向公安机关和教育行政部门报告")]
    pub authorities_on: Option<NaiveDate>,
    #[field(label = "最近回访日期")]
    pub followed_on: Option<NaiveDate>,
    #[field(
        label = "辅导回访情况",
        sealed,
        max = 1000,
        help = "对双方学生的心理辅导和家庭教育指导"
    )]
    pub follow_up: Option<LongText>,
}

/// 山东省学校安全条例第四十七条: the inquiry is finished within ten days of the discovery.
const INQUIRY: Days = Days::new(10);

impl Rules for Bullying {
    fn flow() -> Flow {
        let handler = || Who::Field("handler".into());
        Flow::starts("待调查")
            .open("待认定")
            .open("跟踪辅导")
            .done("已结案")
            .dropped("不构成欺凌")
            .step(
                "investigate",
                "提交调查",
                &["待调查"],
                "待认定",
                &[handler(), Who::Role(STUDENT_OFFICE)],
            )
            .needs(&["guardians_told_on", "investigated_on", "findings"])
            .within_days(10)
            .signed("调查人")
            .step(
                "return",
                "退回补充",
                &["待认定"],
                "待调查",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .with_note()
            .step(
                "decide",
                "认定",
                &["待认定"],
                "跟踪辅导",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .needs(&["verdict", "decided_on", "decision"])
            .fork(Guard::is("verdict", "none"), "不构成欺凌")
            .fork(Guard::is("verdict", "conflict"), "不构成欺凌")
            .within_days(5)
            .signed("学生欺凌治理委员会意见")
            .step(
                "follow",
                "结案",
                &["跟踪辅导"],
                "已结案",
                &[Who::Role(STUDENT_OFFICE), Who::Role(COUNSELLOR), handler()],
            )
            .needs(&["followed_on", "follow_up"])
            .within_days(30)
            .signed("回访人")
            .step(
                "reopen",
                "重新调查",
                &["已结案", "不构成欺凌"],
                "待调查",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .with_note()
            .editable(&["待调查"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let inquired = || Filter::all().dated("investigated_on");
        let proven = || {
            Filter::all()
                .dated("decided_on")
                .and("verdict", Op::Not, "none")
                .and("verdict", Op::Not, "conflict")
        };
        vec![
            indicator(
                "bullying_on_time",
                "欺凌线索按期调查率",
                "在期限（发现后10日）内完成调查的线索 ÷ 已完成调查的线索",
                "%",
                Measure::Share {
                    of: inquired().and("investigated_on", Op::AtMostField, "due"),
                    among: inquired(),
                },
            )
            .also(&["欺凌按期处置率", "欺凌调查按期完成率", "校园欺凌处置率"]),
            indicator(
                "bullying_cases",
                "学生欺凌事件数",
                "认定构成欺凌的事件数",
                "起",
                Measure::Count { of: proven() },
            )
            .also(&["校园欺凌事件", "欺凌事件", "学生欺凌和暴力事件"]),
            indicator(
                "bullying_clues",
                "欺凌线索数",
                "登记的线索条数，含查无实据的",
                "条",
                Measure::Count { of: Filter::all() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_write(DORM_KEEPER, Reach::Own),
            may_read(COUNSELLOR, Reach::School).unmasked(),
            may_read(SAFETY_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.due = self.due.or(self.found_on.checked_add_days(INQUIRY));
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("case", "学生欺凌事件调查处置表")
                .fields(&[
                    "found_on",
                    "reported_by",
                    "kind",
                    "place",
                    "class",
                    "handler",
                    "first_step",
                ])
                .heading("调查")
                .fields(&["guardians_told_on", "investigated_on", "due"])
                .heading("认定与处置")
                .fields(&["verdict", "decided_on", "authorities_on", "followed_on"])
                .approvals()
                .signatures(&["调查人", "委员会主任", "监护人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let latest = self.found_on.checked_add_days(INQUIRY);
        // 未成年人保护法第三十九条: guardians take part; serious bullying is reported to police and education authority.
        let serious = self.verdict == Some(Verdict::Serious);
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .in_order(self.found_on, self.due, "due", "调查期限不能早于发现日期")
            .in_order(self.due, latest, "due", "调查应自发现之日起10日内完成")
            .in_order(
                self.found_on,
                self.guardians_told_on,
                "guardians_told_on",
                "告知监护人日期不能早于发现日期",
            )
            .not_after_today(self.guardians_told_on, ctx.today, "guardians_told_on")
            .in_order(
                self.found_on,
                self.investigated_on,
                "investigated_on",
                "调查完成日期不能早于发现日期",
            )
            .not_after_today(self.investigated_on, ctx.today, "investigated_on")
            .refuse(
                self.investigated_on.is_some() && !said(&self.findings),
                "findings",
                "填写了调查完成日期，请写明调查情况",
            )
            .refuse(
                self.investigated_on.is_some() && self.guardians_told_on.is_none(),
                "guardians_told_on",
                "调查应通知当事学生的监护人参与，请填写告知日期",
            )
            .refuse(
                self.decided_on.is_some() && self.investigated_on.is_none(),
                "investigated_on",
                "还没有完成调查，不能认定",
            )
            .in_order(
                self.investigated_on,
                self.decided_on,
                "decided_on",
                "认定日期不能早于调查完成日期",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(
                self.decided_on.is_some() != self.verdict.is_some(),
                "verdict",
                "认定结论与认定日期应一并填写",
            )
            .refuse(
                serious && self.authorities_on.is_none(),
                "authorities_on",
                "情节严重的欺凌须及时报告公安机关和教育行政部门，请填写报告日期",
            )
            .in_order(
                self.decided_on,
                self.followed_on,
                "followed_on",
                "回访日期不能早于认定日期",
            )
            .not_after_today(self.followed_on, ctx.today, "followed_on")
            .refuse(
                self.followed_on.is_some() && !said(&self.follow_up),
                "follow_up",
                "填写了回访日期，请写明辅导回访情况",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let due = self.due.or(self.found_on.checked_add_days(INQUIRY));
        let running = self.investigated_on.is_none();
        Checks::new()
            .refuse(
                running && due.is_some_and(|due| due < ctx.today),
                "due",
                "10日调查期限已过，还没有提交调查情况",
            )
            .refuse(
                running && self.guardians_told_on.is_none() && self.found_on < ctx.today,
                "guardians_told_on",
                "还没有通知当事学生的监护人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some, text};
    use people::sound::{doubted, refused};

    fn sample() -> Bullying {
        Bullying {
            found_on: day(-6),
            reported_by: ReportedBy::Peer,
            kind: BullyingKind::Words,
            place: "教室".into(),
            class: None,
            victims: "待查".into(),
            suspects: None,
            account: LongText("同学反映多次被起侮辱性绰号".into()),
            first_step: LongText("分别谈话，调整座位".into()),
            handler: some(),
            due: None,
            guardians_told_on: Some(day(-6)),
            investigated_on: None,
            findings: None,
            evidence: Files::default(),
            verdict: None,
            decided_on: None,
            decision: None,
            authorities_on: None,
            followed_on: None,
            follow_up: None,
        }
    }

    fn decided(verdict: Verdict) -> Bullying {
        Bullying {
            investigated_on: Some(day(-3)),
            findings: text("情况属实"),
            verdict: Some(verdict),
            decided_on: Some(day(-2)),
            decision: text("训诫并书面道歉"),
            ..sample()
        }
    }

    #[test]
    fn the_inquiry_takes_ten_days_at_most() {
        let mut case = sample();
        case.complete(&Ctx {
            today: day(0),
            new: true,
        });
        assert_eq!(case.due, Some(day(4)));
        assert!(refused(&case).is_empty());
        assert_eq!(
            refused(&Bullying {
                due: Some(day(5)),
                ..sample()
            }),
            ["due"]
        );
        assert_eq!(
            refused(&Bullying {
                due: Some(day(-7)),
                ..sample()
            }),
            ["due"]
        );
        let old = Bullying {
            found_on: day(-11),
            guardians_told_on: None,
            ..sample()
        };
        assert_eq!(doubted(&old), ["due", "guardians_told_on"]);
    }

    #[test]
    fn nothing_is_decided_without_inquiry_and_guardians() {
        assert!(refused(&decided(Verdict::Minor)).is_empty());
        let hasty = Bullying {
            investigated_on: None,
            findings: None,
            ..decided(Verdict::Minor)
        };
        assert_eq!(refused(&hasty), ["investigated_on"]);
        let silent = Bullying {
            guardians_told_on: None,
            ..decided(Verdict::Minor)
        };
        assert_eq!(refused(&silent), ["guardians_told_on"]);
        let early = Bullying {
            decided_on: Some(day(-4)),
            ..decided(Verdict::Minor)
        };
        assert_eq!(refused(&early), ["decided_on"]);
        let vague = Bullying {
            verdict: None,
            ..decided(Verdict::Minor)
        };
        assert_eq!(refused(&vague), ["verdict"]);
    }

    #[test]
    fn serious_bullying_is_reported() {
        assert_eq!(refused(&decided(Verdict::Serious)), ["authorities_on"]);
        let told = Bullying {
            authorities_on: Some(day(-2)),
            ..decided(Verdict::Serious)
        };
        assert!(refused(&told).is_empty());
    }

    #[test]
    fn the_committee_decides_not_the_inquirer() {
        let flow = Bullying::flow();
        let decide = flow.find("decide").expect("a step");
        assert_eq!(decide.who, [Who::Role(STUDENT_OFFICE)]);
        assert_eq!(flow.find("investigate").expect("a step").days, Some(10));
        assert_eq!(decide.forks.len(), 2);
    }
}
