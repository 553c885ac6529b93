use super::Internship;
use crate::Enterprise;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER,
};
use people::{Staff, Student};

choice!(
    /// 事项类别
    CaseKind {
        Injury = "injury" "工伤事故",
        Traffic = "traffic" "交通事故",
        Illness = "illness" "疾病",
        Absent = "absent" "擅自离岗",
        Dispute = "dispute" "劳动报酬争议",
        Rights = "rights" "权益侵害",
        Forbidden = "forbidden" "违反禁止事项线索",
        Complaint = "complaint" "投诉反映",
    }
);

choice!(
    /// 紧急程度
    Urgency {
        High = "1" "紧急",
        Middle = "2" "较急",
        Low = "3" "一般",
    }
);

/// 实习事故与投诉：实习中的事故、争议、投诉和违规线索专门台账，即时报告、逐件办结。由校企合作处管理，指导教师登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "internship_case",
    title = "实习事故与投诉",
    group = "partners",
    systems = "D12, F4",
    label = "kind, happened_on",
    date = "happened_on",
    due = "settle_by",
    within = "student",
    owner = "reporter"
)]
pub struct InternshipCase {
    #[field(label = "发生日期", list, filter)]
    pub happened_on: NaiveDate,
    #[field(label = "事项类别", list, filter)]
    pub kind: CaseKind,
    #[field(label = "紧急程度", list, filter)]
    pub urgency: Urgency,
    #[field(label = "涉及学生", list, help = "匿名投诉可不填")]
    pub student: Option<Ref<Student>>,
    #[field(label = "实习安排")]
    pub placement: Option<Ref<Internship>>,
    #[field(label = "实习单位", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "得知时间")]
    pub known_at: DateTime<Utc>,
    #[field(label = "报告时间", help = "重要情况应立即报告，不得迟报、瞒报、漏报")]
    pub reported_at: DateTime<Utc>,
    #[field(label = "报告人", list)]
    pub reporter: Ref<Staff>,
    #[field(label = "迟报原因", max = 200, help = "得知2小时后才报告的填写")]
    pub late_reason: Option<String>,
    #[field(label = "经过", sealed, max = 1000)]
    pub course: LongText,
    #[field(label = "监护人已知情")]
    pub guardian_told: bool,
    #[field(label = "处理人")]
    pub handler: Option<Ref<Staff>>,
    #[field(label = "办结期限", list)]
    pub settle_by: NaiveDate,
    #[field(label = "保险理赔（元）")]
    pub claim: Option<Money>,
    #[field(label = "处理结果", max = 800)]
    pub outcome: Option<LongText>,
    #[field(label = "办结日期", list)]
    pub settled_on: Option<NaiveDate>,
    #[field(label = "材料")]
    pub files: Files,
}

/// Within this time of learning of it a case is to be reported; the regulation says 立即 (第二十三条).
const AT_ONCE: Duration = Duration::hours(2);

impl InternshipCase {
    fn is_accident(&self) -> bool {
        matches!(self.kind, CaseKind::Injury | CaseKind::Traffic)
    }
}

impl Rules for InternshipCase {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        let handler = [Who::Field("handler".into()), Who::Role(COOPERATION_OFFICE)];
        Flow::starts("待受理")
            .open("处理中")
            .open("待确认")
            .done("已办结")
            .dropped("不予受理")
            .step("accept", "受理", &["待受理"], "处理中", &office)
            .needs(&["handler"])
            .within_days(1)
            .step("reject", "不予受理", &["待受理"], "不予受理", &office)
            .with_note()
            .step("settle", "处理完毕", &["处理中"], "待确认", &handler)
            .needs(&["outcome", "settled_on"])
            .step("close", "确认办结", &["待确认"], "已办结", &office)
            .signed("校企合作处意见")
            .step("return", "退回再办", &["待确认"], "处理中", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let taken = || Filter::all().and("state", Op::Not, "不予受理");
        let accident = || taken().and("kind", Op::Is, "injury");
        vec![
            indicator(
                "internship_accident_rate",
                "实习工伤事故率",
                "工伤事故起数 ÷ 正在进行的实习",
                "%",
                Measure::Rate {
                    of: accident(),
                    per: "internship".into(),
                    all: Internship::running(),
                },
            )
            .also(&["实习事故率", "实习安全事故率"]),
            indicator(
                "internship_cases",
                "实习事故与投诉件数",
                "受理的事故、争议、投诉和线索",
                "件",
                Measure::Count { of: taken() },
            )
            .also(&["实习投诉件数"]),
            indicator(
                "internship_case_settled",
                "实习投诉办结率",
                "已办结件数 ÷ 受理件数",
                "%",
                Measure::Share {
                    of: Filter::state("已办结"),
                    among: taken(),
                },
            )
            .also(&["实习问题办结率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(SAFETY_OFFICE, Reach::School).unmasked(),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("case", "岗位实习情况报告表")
                .fields(&[
                    "happened_on",
                    "kind",
                    "urgency",
                    "student",
                    "enterprise",
                    "known_at",
                    "reported_at",
                    "reporter",
                    "handler",
                    "settle_by",
                ])
                .fields(&["course", "outcome"])
                .approvals()
                .signatures(&["报告人", "处理人", "分管校长"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.reported_at - self.known_at > AT_ONCE;
        let reason = self
            .late_reason
            .as_deref()
            .is_some_and(|text| !text.trim().is_empty());
        Checks::new()
            .not_after_today(self.happened_on, ctx.today, "happened_on")
            .refuse(
                self.reported_at < self.known_at,
                "reported_at",
                "报告时间不能早于得知时间",
            )
            .refuse(
                late && !reason,
                "late_reason",
                "得知2小时后才报告，请写明原因；遇有重要情况应当立即报告（实习管理规定第二十三条）",
            )
            .refuse(
                self.is_accident() && self.student.is_none(),
                "student",
                "事故须写明涉及的学生",
            )
            .in_order(
                self.happened_on,
                self.settle_by,
                "settle_by",
                "办结期限不能早于发生日期",
            )
            .in_order(
                self.happened_on,
                self.settled_on,
                "settled_on",
                "办结日期不能早于发生日期",
            )
            .not_after_today(self.settled_on, ctx.today, "settled_on")
            .refuse(
                self.settled_on.is_some() && !said(&self.outcome),
                "outcome",
                "填写了办结日期，请写明处理结果",
            )
            .refuse(
                self.claim.is_some_and(|money| money.0 < 0),
                "claim",
                "理赔金额不能为负数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.is_accident() && !self.guardian_told,
                "guardian_told",
                "发生事故应及时告知监护人",
            )
            .refuse(
                self.settled_on.is_none() && self.settle_by < ctx.today,
                "settle_by",
                "办结期限已过",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::clock::instant_at;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn at(hour: u32) -> DateTime<Utc> {
        instant_at(test_day().and_hms_opt(hour, 0, 0).expect("an hour"))
    }

    fn sample() -> InternshipCase {
        InternshipCase {
            happened_on: test_day(),
            kind: CaseKind::Injury,
            urgency: Urgency::High,
            student: Some(Ref::new(Uuid::nil())),
            placement: None,
            enterprise: Ref::new(Uuid::nil()),
            known_at: at(9),
            reported_at: at(10),
            reporter: Ref::new(Uuid::nil()),
            late_reason: None,
            course: LongText("换刀时划伤左手食指，已送医包扎".into()),
            guardian_told: true,
            handler: None,
            settle_by: test_day(),
            claim: None,
            outcome: None,
            settled_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn what_matters_is_reported_at_once() {
        assert!(refused(&sample()).is_empty());
        let late = InternshipCase {
            reported_at: at(12),
            ..sample()
        };
        assert_eq!(refused(&late), ["late_reason"]);
        assert!(
            refused(&InternshipCase {
                late_reason: Some("学生第二天才告知".into()),
                ..late
            })
            .is_empty()
        );
        assert_eq!(
            refused(&InternshipCase {
                reported_at: at(8),
                ..sample()
            }),
            ["reported_at"]
        );
    }

    #[test]
    fn an_accident_names_the_student_a_complaint_need_not() {
        let nobody = InternshipCase {
            student: None,
            ..sample()
        };
        assert_eq!(refused(&nobody), ["student"]);
        assert!(
            refused(&InternshipCase {
                kind: CaseKind::Complaint,
                ..nobody
            })
            .is_empty()
        );
        assert_eq!(
            doubted(&InternshipCase {
                guardian_told: false,
                ..sample()
            }),
            ["guardian_told"]
        );
    }

    #[test]
    fn whoever_settles_does_not_close() {
        let flow = InternshipCase::flow();
        assert_eq!(
            flow.find("close").expect("a step").who,
            [Who::Role(COOPERATION_OFFICE)]
        );
        let silent = InternshipCase {
            settled_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&silent), ["outcome"]);
    }
}
