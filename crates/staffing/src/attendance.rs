use crate::StaffLeave;
use crate::who::{kept_by, says};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL};

choice!(
    /// 异常类型
    AttendanceKind {
        Late = "late" "迟到",
        Early = "early" "早退",
        Missing = "missing" "缺卡",
        Away = "away" "离岗",
        Meeting = "meeting" "会议缺席",
        Watch = "watch" "值班缺岗",
        Absent = "absent" "旷工",
    }
);

choice!(
    /// 发现方式
    AttendanceSource {
        Machine = "machine" "考勤机",
        Spot = "spot" "查岗",
        SignIn = "sign_in" "会议签到",
        Roster = "roster" "值班表",
    }
);

choice!(
    /// 认定结果
    Verdict {
        Excused = "excused" "事出有因，不追究",
        Reminded = "reminded" "提醒谈话",
        Leave = "leave" "补办请假",
        Circulated = "circulated" "校内通报",
        Deducted = "deducted" "按制度扣发绩效",
        Absent = "absent" "按旷工处理",
    }
);

/// 教职工考勤异常：考勤机、查岗、签到发现的迟到、早退、缺席等，本人说明后由人事处认定。各系部可登记本系部的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff_attendance",
    title = "教职工考勤异常",
    group = "staff",
    systems = "E7",
    label = "teacher, kind, happened_on",
    unique = "teacher, happened_on, kind",
    date = "happened_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct StaffAttendance {
    #[field(label = "教职工", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "发生日期", list, filter)]
    pub happened_on: NaiveDate,
    #[field(label = "异常类型", list, filter)]
    pub kind: AttendanceKind,
    #[field(label = "发现方式", filter)]
    pub source: AttendanceSource,
    #[field(label = "分钟数", list, max = 720, help = "迟到、早退、离岗填写")]
    pub minutes: Option<i64>,
    #[field(label = "影响课时", max = 20, help = "没有影响上课的不填")]
    pub lessons: Option<i64>,
    #[field(label = "情况", max = 300)]
    pub fact: LongText,
    #[field(label = "本人说明", max = 500)]
    pub explanation: Option<LongText>,
    #[field(label = "对应请假", help = "已请假或补办请假的选择")]
    pub leave: Option<Ref<StaffLeave>>,
    #[field(label = "佐证", help = "可不传")]
    pub evidence: Files,
    #[field(label = "认定结果", list, filter)]
    pub verdict: Option<Verdict>,
    #[field(label = "认定日期")]
    pub decided_on: Option<NaiveDate>,
    #[field(label = "处理意见", max = 300)]
    pub opinion: Option<LongText>,
}

impl Rules for StaffAttendance {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::starts("待说明")
            .open("待认定")
            .done("已认定")
            .dropped("已核销")
            .step(
                "explain",
                "提交说明",
                &["待说明"],
                "待认定",
                &[Who::Field("teacher".into())],
            )
            .needs(&["explanation"])
            .within_days(3)
            .signed("本人说明")
            .step("decide", "认定", &["待说明", "待认定"], "已认定", &[personnel()])
            .needs(&["verdict", "decided_on"])
            .signed("人事处意见")
            .step("clear", "核销", &["待说明", "待认定"], "已核销", &[personnel()])
            .with_note()
            .step("again", "复核", &["已认定"], "待认定", &[personnel()])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let counted = || Filter::all().and("state", Op::Not, "已核销");
        vec![
            indicator(
                "staff_attendance_count",
                "考勤异常人次",
                "考勤异常条数（已核销的不计）",
                "人次",
                Measure::Count { of: counted() },
            )
            .also(&["教职工考勤异常"]),
            indicator(
                "staff_attendance_people",
                "考勤异常人数",
                "有考勤异常的不同教职工（已核销的不计）",
                "人",
                Measure::CountDistinct {
                    of: counted(),
                    field: "teacher".into(),
                },
            ),
            indicator(
                "staff_attendance_settled",
                "考勤异常处理率",
                "已认定的考勤异常 ÷ 全部考勤异常（已核销的不计）",
                "%",
                Measure::Share {
                    of: Filter::state("已认定"),
                    among: counted(),
                },
            )
            .also(&["考勤处理率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = kept_by(&[PERSONNEL]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "month",
            "考勤异常汇总表",
            &["teacher", "happened_on", "kind", "minutes", "verdict"],
            &["本人签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let timed = matches!(
            self.kind,
            AttendanceKind::Late | AttendanceKind::Early | AttendanceKind::Away
        );
        let heavy = matches!(
            self.verdict,
            Some(Verdict::Circulated | Verdict::Deducted | Verdict::Absent)
        );
        Checks::new()
            .not_after_today(self.happened_on, ctx.today, "happened_on")
            .refuse(
                timed && self.minutes.unwrap_or(0) == 0,
                "minutes",
                "迟到、早退、离岗请填写分钟数",
            )
            .in_order(
                self.happened_on,
                self.decided_on,
                "decided_on",
                "认定日期不能早于发生日期",
            )
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(
                heavy && !says(&self.opinion),
                "opinion",
                "通报、扣发或按旷工处理的，请写明依据和意见",
            )
            .refuse(
                self.verdict == Some(Verdict::Leave) && self.leave.is_none(),
                "leave",
                "补办请假的，请选择对应的请假",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> StaffAttendance {
        StaffAttendance {
            teacher: Ref::new(Uuid::nil()),
            happened_on: test_day(),
            kind: AttendanceKind::Late,
            source: AttendanceSource::Machine,
            minutes: Some(12),
            lessons: None,
            fact: LongText("早签到7:52".into()),
            explanation: None,
            leave: None,
            evidence: Files::default(),
            verdict: None,
            decided_on: None,
            opinion: None,
        }
    }

    #[test]
    fn lateness_has_minutes_and_harsh_verdicts_have_reasons() {
        assert!(refused(&sample()).is_empty());
        let untimed = StaffAttendance {
            minutes: None,
            ..sample()
        };
        assert_eq!(refused(&untimed), ["minutes"]);
        let meeting = StaffAttendance {
            kind: AttendanceKind::Meeting,
            minutes: None,
            ..sample()
        };
        assert!(refused(&meeting).is_empty());
        let harsh = StaffAttendance {
            verdict: Some(Verdict::Deducted),
            ..sample()
        };
        assert_eq!(refused(&harsh), ["opinion"]);
        let leave = StaffAttendance {
            verdict: Some(Verdict::Leave),
            ..sample()
        };
        assert_eq!(refused(&leave), ["leave"]);
        let early = StaffAttendance {
            decided_on: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&early), ["decided_on"]);
    }

    #[test]
    fn the_person_explains_and_the_office_decides() {
        let flow = StaffAttendance::flow();
        let who = |id: &str| flow.find(id).expect("a step").who.clone();
        assert_eq!(who("explain"), [Who::Field("teacher".into())]);
        assert_eq!(who("decide"), [Who::Role(PERSONNEL)]);
    }
}
