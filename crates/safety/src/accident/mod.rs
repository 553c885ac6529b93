mod kinds;

pub use kinds::{AccidentKind, Insurance, Occasion, Severity};

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use kernel::clock;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER};
use people::{Staff, Student};

/// 学生伤害事故：发生后及时上报，安全办受理、处理、结案。一名学生一条；伤情只有管理人员和班主任可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "accident",
    title = "学生伤害事故",
    group = "safety",
    systems = "F4",
    label = "student, occurred_on",
    date = "occurred_on",
    within = "student",
    owner = "reporter"
)]
pub struct Accident {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "发生日期", list, filter)]
    pub occurred_on: NaiveDate,
    #[field(label = "发生时间", max = 5, help = "24小时制，如 14:35")]
    pub occurred_at: String,
    #[field(label = "发生时段", list, filter)]
    pub occasion: Occasion,
    #[field(label = "地点", list, max = 60)]
    pub place: String,
    #[field(label = "伤害类型", list, filter)]
    pub kind: AccidentKind,
    #[field(label = "伤害程度", list, filter)]
    pub severity: Severity,
    #[field(label = "经过", max = 1000)]
    pub course: LongText,
    #[field(label = "伤情与诊断", sealed, max = 500)]
    pub injury: Option<LongText>,
    #[field(label = "现场处置", max = 500)]
    pub first_aid: LongText,
    #[field(label = "通知监护人时间")]
    pub guardian_told_at: Option<DateTime<Utc>>,
    #[field(label = "上报时间")]
    pub reported_at: DateTime<Utc>,
    #[field(label = "报告人", list)]
    pub reporter: Ref<Staff>,
    #[field(
        label = "迟报说明",
        max = 300,
        help = "发生24小时后上报的须说明；重伤及以上为1小时"
    )]
    pub late_reason: Option<String>,
    #[field(label = "保险情况", filter)]
    pub insurance: Insurance,
    #[field(label = "经办人", list)]
    pub handler: Option<Ref<Staff>>,
    #[field(label = "理赔金额（元）")]
    pub claim: Option<Money>,
    #[field(label = "处理结果", max = 1000)]
    pub outcome: Option<LongText>,
    #[field(label = "结案日期", list)]
    pub closed_on: Option<NaiveDate>,
    #[field(label = "材料")]
    pub files: Files,
}

impl Accident {
    /// When it happened; `None` when the time cannot be read.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        let time = NaiveTime::parse_from_str(self.occurred_at.trim(), "%H:%M").ok()?;
        Some(clock::instant_at(self.occurred_on.and_time(time)))
    }

    /// How long a report may take.
    fn limit(&self) -> Duration {
        let grave = matches!(self.severity, Severity::Serious | Severity::Death);
        Duration::hours(if grave { 1 } else { 24 })
    }
}

impl Rules for Accident {
    fn flow() -> Flow {
        Flow::starts("待处理")
            .open("处理中")
            .done("已结案")
            .step(
                "accept",
                "受理",
                &["待处理"],
                "处理中",
                &[Who::Role(SAFETY_OFFICE)],
            )
            .needs(&["handler"])
            .within_days(1)
            .signed("安全办受理")
            .step(
                "close",
                "结案",
                &["处理中"],
                "已结案",
                &[Who::Role(SAFETY_OFFICE), Who::Field("handler".into())],
            )
            .needs(&["outcome", "closed_on"])
            .within_days(30)
            .signed("处理意见")
            .step(
                "reopen",
                "重新处理",
                &["已结案"],
                "处理中",
                &[Who::Role(SAFETY_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let grave = || Filter::all().and("severity", Op::AtLeast, "3");
        vec![
            indicator(
                "accident_rate",
                "学生意外伤害事故发生率",
                "学生伤害事故起数 ÷ 在校生数",
                "%",
                Measure::Rate {
                    of: Filter::all(),
                    per: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&[
                "学期学生意外伤害事故发生率",
                "意外伤害事故发生率",
                "意外伤害率",
                "学生伤害事故率",
            ]),
            indicator(
                "accidents",
                "学生伤害事故起数",
                "学生伤害事故条数",
                "起",
                Measure::Count { of: Filter::all() },
            )
            .also(&["安全事故起数"]),
            indicator(
                "accidents_grave",
                "重大安全事故起数",
                "伤害程度为重伤或死亡的事故条数",
                "起",
                Measure::Count { of: grave() },
            )
            .also(&["重大安全事故", "重大安全责任事故"]),
            indicator(
                "accident_closed",
                "伤害事故结案率",
                "已结案的事故 ÷ 全部事故",
                "%",
                Measure::Share {
                    of: Filter::state("已结案"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(STUDENT_OFFICE, Reach::School).unmasked(),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "学生伤害事故报告单")
                .fields(&[
                    "student",
                    "occurred_on",
                    "occurred_at",
                    "occasion",
                    "place",
                    "kind",
                    "severity",
                    "reporter",
                    "reported_at",
                    "guardian_told_at",
                    "insurance",
                    "course",
                    "injury",
                    "first_aid",
                    "outcome",
                ])
                .approvals()
                .signatures(&["报告人", "安全办", "分管校长"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let at = self.instant();
        let late = at.is_some_and(|at| self.reported_at - at > self.limit());
        let outcome = filled(self.outcome.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.occurred_on, ctx.today, "occurred_on")
            .refuse(at.is_none(), "occurred_at", "时间请写成24小时制，如 14:35")
            .refuse(
                at.is_some_and(|at| self.reported_at < at),
                "reported_at",
                "上报时间不能早于发生时间",
            )
            .refuse(
                clock::local(self.reported_at).date() > ctx.today,
                "reported_at",
                "上报时间不能晚于今天",
            )
            .refuse(
                late && !filled(self.late_reason.as_deref()),
                "late_reason",
                format!("发生超过{}小时才上报，请说明原因", self.limit().num_hours()),
            )
            .refuse(
                matches!((at, self.guardian_told_at), (Some(at), Some(told)) if told < at),
                "guardian_told_at",
                "通知监护人时间不能早于发生时间",
            )
            .refuse(
                self.claim.is_some_and(|claim| claim.0 < 0),
                "claim",
                "理赔金额不能为负数",
            )
            .refuse(
                self.insurance == Insurance::None && self.claim.is_some_and(|claim| claim.0 > 0),
                "claim",
                "未投保不会有理赔金额，请核对保险情况",
            )
            .not_after_today(self.closed_on, ctx.today, "closed_on")
            .in_order(
                self.occurred_on,
                self.closed_on,
                "closed_on",
                "结案日期不能早于发生日期",
            )
            .refuse(
                self.closed_on.is_some() && !outcome,
                "outcome",
                "填写了结案日期，请写明处理结果",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.guardian_told_at.is_none(),
                "guardian_told_at",
                "请及时通知监护人并记下时间",
            )
            .refuse(
                self.insurance == Insurance::None,
                "insurance",
                "这名学生未投保，请核对",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn at(hour: u32) -> DateTime<Utc> {
        clock::instant_at(test_day().and_hms_opt(hour, 0, 0).expect("an hour"))
    }

    fn sample() -> Accident {
        Accident {
            student: Ref::new(Uuid::nil()),
            occurred_on: test_day(),
            occurred_at: "10:05".into(),
            occasion: Occasion::Sports,
            place: "田径场".into(),
            kind: AccidentKind::Fall,
            severity: Severity::Slight,
            course: LongText("跑步时绊倒".into()),
            injury: Some(LongText("左膝擦伤".into())),
            first_aid: LongText("校医清创包扎".into()),
            guardian_told_at: Some(at(11)),
            reported_at: at(11),
            reporter: Ref::new(Uuid::nil()),
            late_reason: None,
            insurance: Insurance::School,
            handler: None,
            claim: None,
            outcome: None,
            closed_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn times_are_read_and_ordered() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Accident {
                occurred_at: "下午两点".into(),
                ..sample()
            }),
            ["occurred_at"]
        );
        assert_eq!(
            refused(&Accident {
                occurred_at: "25:00".into(),
                ..sample()
            }),
            ["occurred_at"]
        );
        assert_eq!(
            refused(&Accident {
                reported_at: at(10),
                ..sample()
            }),
            ["reported_at"]
        );
        assert_eq!(
            refused(&Accident {
                guardian_told_at: Some(at(10)),
                ..sample()
            }),
            ["guardian_told_at"]
        );
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&Accident {
                occurred_on: tomorrow,
                guardian_told_at: None,
                ..sample()
            }),
            ["occurred_on", "reported_at"]
        );
        let later = at(9) + Duration::days(1);
        assert_eq!(
            refused(&Accident {
                reported_at: later,
                ..sample()
            }),
            ["reported_at"]
        );
    }

    #[test]
    fn a_late_report_is_explained() {
        let earlier = test_day() - Duration::days(2);
        let late = Accident {
            occurred_on: earlier,
            ..sample()
        };
        assert_eq!(refused(&late), ["late_reason"]);
        assert!(
            refused(&Accident {
                late_reason: Some("家长当晚才告知".into()),
                ..late
            })
            .is_empty()
        );
        let grave = Accident {
            severity: Severity::Serious,
            reported_at: at(12),
            ..sample()
        };
        assert_eq!(refused(&grave), ["late_reason"]);
        assert!(
            refused(&Accident {
                reported_at: at(11),
                ..grave
            })
            .is_empty()
        );
    }

    #[test]
    fn the_end_is_complete() {
        let closed = Accident {
            outcome: Some(LongText("已理赔".into())),
            closed_on: Some(test_day()),
            claim: Some(Money(50_000)),
            ..sample()
        };
        assert!(refused(&closed).is_empty());
        assert_eq!(
            refused(&Accident {
                outcome: None,
                ..closed.clone()
            }),
            ["outcome"]
        );
        assert_eq!(
            refused(&Accident {
                claim: Some(Money(-1)),
                ..closed.clone()
            }),
            ["claim"]
        );
        assert_eq!(
            refused(&Accident {
                insurance: Insurance::None,
                ..closed.clone()
            }),
            ["claim"]
        );
        let before = test_day().pred_opt();
        assert_eq!(
            refused(&Accident {
                closed_on: before,
                ..closed.clone()
            }),
            ["closed_on"]
        );
        assert_eq!(
            refused(&Accident {
                closed_on: test_day().succ_opt(),
                ..closed
            }),
            ["closed_on"]
        );
    }

    #[test]
    fn what_is_still_to_do_is_called_for() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Accident {
                guardian_told_at: None,
                ..sample()
            }),
            ["guardian_told_at"]
        );
        assert_eq!(
            doubted(&Accident {
                insurance: Insurance::None,
                ..sample()
            }),
            ["insurance"]
        );
    }
}
