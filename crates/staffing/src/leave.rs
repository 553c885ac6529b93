use crate::leave_days::{days_of, next_workday};
use crate::who::{says, self_filed};
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::apart::{Apart, apart};
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Stage, WITHDRAWN, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, VICE_PRINCIPAL};

choice!(
    /// 请假类别
    LeaveKind {
        Personal = "personal" "事假",
        Sick = "sick" "病假",
        Official = "official" "公假（公出）",
        Marriage = "marriage" "婚假",
        Maternity = "maternity" "产假",
        Paternity = "paternity" "护理假",
        Childcare = "childcare" "育儿假",
        Bereavement = "bereavement" "丧假",
        Family = "family" "探亲假",
        Injury = "injury" "工伤假",
    }
);

impl LeaveKind {
    /// Whether days off in between count: leave for birth, illness, injury and journeys home runs through them.
    fn runs_through(self) -> bool {
        matches!(
            self,
            LeaveKind::Sick
                | LeaveKind::Maternity
                | LeaveKind::Paternity
                | LeaveKind::Family
                | LeaveKind::Injury
        )
    }
}

choice!(
    /// 半天
    HalfDay {
        Morning = "morning" "上午",
        Afternoon = "afternoon" "下午",
    }
);

choice!(
    /// 审批级别: who has the last word.
    LeaveRoute {
        Department = "department" "部门审批",
        Personnel = "personnel" "人事处审批",
        Leader = "leader" "分管副校长审批",
    }
);

/// Days, in tenths, a department alone may grant.
const DEPARTMENT_DAYS: i64 = 30;
/// Days, in tenths, the personnel office may grant.
const PERSONNEL_DAYS: i64 = 70;
/// Days, in tenths, of illness that need no certificate.
const UNPROVEN_DAYS: i64 = 30;

/// 教职工请假：本人在手机上申请，按天数逐级审批，假满销假。由人事处管理；系部、处室负责人审批本部门的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff_leave",
    title = "教职工请假",
    group = "staff",
    systems = "E7",
    label = "teacher, kind, starts_on",
    date = "starts_on",
    due = "back_by",
    within = "teacher",
    owner = "teacher"
)]
pub struct StaffLeave {
    #[field(label = "请假人", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "请假类别", list, filter)]
    pub kind: LeaveKind,
    #[field(label = "开始日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list, filter, help = "含当天")]
    pub ends_on: NaiveDate,
    #[field(label = "只请半天", help = "一天以内的半天假选择，整天不选")]
    pub half: Option<HalfDay>,
    #[field(label = "请假事由", max = 300)]
    pub reason: LongText,
    #[field(
        label = "天数",
        list,
        help = "自动计算：病假、产假、护理假、探亲假、工伤假含公休日，其余不含"
    )]
    pub days: Option<Decimal<1>>,
    #[field(label = "部门负责人请假", help = "系部、处室负责人请假勾选，由分管副校长批准")]
    pub head: bool,
    #[field(label = "审批级别", filter, help = "按天数自动确定")]
    pub route: Option<LeaveRoute>,
    #[field(label = "去向", max = 60, help = "离开本市的填写到达地")]
    pub destination: Option<String>,
    #[field(label = "涉及课时", max = 200)]
    pub lessons: Option<i64>,
    #[field(label = "课务班务安排", max = 300, help = "调课、代课、代班主任怎样安排")]
    pub cover: Option<LongText>,
    #[field(label = "代理人")]
    pub deputy: Option<Ref<Staff>>,
    #[field(label = "证明材料", help = "病假超过3天须附医院诊断证明")]
    pub proof: Files,
    #[field(label = "证明后补", help = "急诊等来不及附证明的勾选，销假时补齐")]
    pub proof_later: bool,
    #[field(label = "应销假日期", help = "自动计算：假满后第一个工作日")]
    pub back_by: Option<NaiveDate>,
    #[field(label = "销假日期", list)]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "实际天数", help = "销假后自动计算")]
    pub actual_days: Option<Decimal<1>>,
}

impl StaffLeave {
    fn planned(&self) -> Option<i64> {
        match self.half {
            _ if self.ends_on < self.starts_on => None,
            Some(_) if self.starts_on == self.ends_on => Some(5),
            _ => Some(days_of(self.kind.runs_through(), self.starts_on, self.ends_on)),
        }
    }

    /// Days until the person was back, in tenths: whoever returns on a day has worked on it.
    fn actual(&self) -> Option<i64> {
        let back = self.returned_on?;
        let last = back.pred_opt()?.min(self.ends_on);
        match self.half {
            Some(_) => self.planned(),
            None if last < self.starts_on => Some(0),
            None if back > self.ends_on => Some(days_of(
                self.kind.runs_through(),
                self.starts_on,
                back.pred_opt()?,
            )),
            None => Some(days_of(self.kind.runs_through(), self.starts_on, last)),
        }
    }
}

impl Rules for StaffLeave {
    fn apart() -> Vec<Apart> {
        let rule = apart(&["teacher"], "starts_on", &["ends_on"], "这段时间已经请过假");
        vec![rule.unless("half").over(&["已销假"])]
    }

    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[
                // Offices have no grant of their own; 人事处 stands in for their heads.
                Stage::by("department", "部门", &[Who::Role(DEPARTMENT_HEAD), personnel()]).days(1),
                Stage::by("personnel", "人事处", &[personnel()])
                    .when(Guard::not("route", "department"))
                    .days(1),
                Stage::by("leader", "分管副校长", &[Who::Role(VICE_PRINCIPAL)])
                    .when(Guard::is("route", "leader"))
                    .days(2),
            ],
            "已批准",
        )
        .still_open("已批准")
        .done("已销假")
        .step(
            "back",
            "销假",
            &["已批准"],
            "已销假",
            &[Who::Creator, personnel()],
        )
        .needs(&["returned_on"])
        .step(
            "unused",
            "未休取消",
            &["已批准"],
            WITHDRAWN,
            &[Who::Creator, personnel()],
        )
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let taken = || {
            Filter::all()
                .and("state", Op::Not, "未批准")
                .and("state", Op::Not, WITHDRAWN)
        };
        let back = || Filter::state("已销假");
        vec![
            indicator(
                "staff_leave_count",
                "教职工请假人次",
                "请假申请条数（未批准和撤回的不计）",
                "人次",
                Measure::Count { of: taken() },
            )
            .also(&["教师请假人次"]),
            indicator(
                "staff_leave_days",
                "教职工请假天数",
                "请假天数合计（未批准和撤回的不计）",
                "天",
                Measure::Sum {
                    of: taken(),
                    field: "days".into(),
                },
            )
            .also(&["教师请假天数"]),
            indicator(
                "staff_leave_personal",
                "教职工事假天数",
                "事假天数合计（未批准和撤回的不计）",
                "天",
                Measure::Sum {
                    of: taken().and("kind", Op::Is, "personal"),
                    field: "days".into(),
                },
            ),
            indicator(
                "staff_leave_on_time",
                "按时销假率",
                "销假日期不晚于应销假日期的请假 ÷ 已销假的请假",
                "%",
                Measure::Share {
                    of: back().and("returned_on", Op::AtMostField, "back_by"),
                    among: back(),
                },
            )
            .also(&["教职工按时销假率", "请销假制度执行率"]),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[PERSONNEL])
    }

    fn computed() -> &'static [&'static str] {
        &["days", "route", "back_by", "actual_days"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let days = self.planned();
        self.days = days.map(Decimal);
        self.route = days.map(|days| {
            if self.head || days > PERSONNEL_DAYS {
                LeaveRoute::Leader
            } else if days > DEPARTMENT_DAYS {
                LeaveRoute::Personnel
            } else {
                LeaveRoute::Department
            }
        });
        let last_off = match self.half {
            Some(HalfDay::Morning) => self.ends_on.pred_opt(),
            _ => Some(self.ends_on),
        };
        self.back_by = last_off.and_then(|last| last.succ_opt()).and_then(next_workday);
        self.actual_days = self.actual().map(Decimal);
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教职工请假",
                "人事处",
                "3天以内部门批，超过3天加人事处，超过7天报分管副校长；病假超过3天附诊断证明",
            )
            .quick(&["kind", "starts_on", "ends_on", "reason"]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "教职工请假单")
                .fields(&[
                    "teacher",
                    "kind",
                    "starts_on",
                    "ends_on",
                    "days",
                    "destination",
                    "reason",
                    "lessons",
                    "deputy",
                    "cover",
                ])
                .heading("审批意见")
                .approvals()
                .fields(&["returned_on", "actual_days"])
                .signatures(&["请假人", "销假经办人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let proven = !self.proof.0.is_empty();
        let long_sick =
            self.kind == LeaveKind::Sick && self.planned().is_some_and(|days| days > UNPROVEN_DAYS);
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(
                self.half.is_some() && self.starts_on != self.ends_on,
                "half",
                "半天假的开始和结束应是同一天",
            )
            .refuse(
                long_sick && !proven && (!self.proof_later || self.returned_on.is_some()),
                "proof",
                "病假超过3天，请附医院诊断证明；急诊可先勾选“证明后补”，销假时补齐",
            )
            .refuse(
                self.lessons.is_some_and(|lessons| lessons > 0) && !says(&self.cover),
                "cover",
                "假期里有课，请写明调课或代课安排",
            )
            .refuse(
                self.deputy.is_some_and(|deputy| deputy.id == self.teacher.id),
                "deputy",
                "代理人不能是请假人自己",
            )
            .in_order(
                self.starts_on,
                self.returned_on,
                "returned_on",
                "销假日期不能早于开始日期",
            )
            .not_after_today(self.returned_on, ctx.today, "returned_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let after = self.starts_on + Days::new(3);
        Checks::new()
            .refuse(
                ctx.new && after < ctx.today,
                "starts_on",
                "假期开始已超过3天，属于补假，请在事由中说明",
            )
            .refuse(
                self.returned_on.is_none() && self.back_by.is_some_and(|day| day < ctx.today),
                "returned_on",
                "假期已满，还没有销假",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused, test_day};
    use uuid::Uuid;

    /// A Monday and days after it.
    fn leave(kind: LeaveKind, first: i64, last: i64) -> StaffLeave {
        let mut leave = StaffLeave {
            teacher: Ref::new(Uuid::nil()),
            kind,
            starts_on: day(first),
            ends_on: day(last),
            half: None,
            reason: LongText("家中有事".into()),
            days: None,
            head: false,
            route: None,
            destination: None,
            lessons: None,
            cover: None,
            deputy: None,
            proof: Files::default(),
            proof_later: false,
            back_by: None,
            returned_on: None,
            actual_days: None,
        };
        fill(&mut leave);
        leave
    }

    fn fill(leave: &mut StaffLeave) {
        leave.complete(&Ctx {
            today: test_day(),
            new: true,
        });
    }

    #[test]
    fn days_are_counted_by_kind() {
        let days = |kind, first, last| leave(kind, first, last).days.map(|d| d.0);
        assert_eq!(days(LeaveKind::Personal, 0, 0), Some(10));
        // Friday to Monday: two days of work, four of illness.
        assert_eq!(days(LeaveKind::Personal, 4, 7), Some(20));
        assert_eq!(days(LeaveKind::Sick, 4, 7), Some(40));
        assert_eq!(days(LeaveKind::Personal, 1, 0), None);
        let mut half = leave(LeaveKind::Personal, 0, 0);
        half.half = Some(HalfDay::Morning);
        fill(&mut half);
        assert_eq!((half.days, half.back_by), (Some(Decimal(5)), Some(day(0))));
        half.ends_on = day(1);
        assert_eq!(refused(&half), ["half"]);
    }

    #[test]
    fn the_length_decides_who_has_the_last_word() {
        let route = |last| leave(LeaveKind::Family, 0, last).route;
        assert_eq!(route(2), Some(LeaveRoute::Department));
        assert_eq!(route(3), Some(LeaveRoute::Personnel));
        assert_eq!(route(6), Some(LeaveRoute::Personnel));
        assert_eq!(route(7), Some(LeaveRoute::Leader));
        let mut head = leave(LeaveKind::Personal, 0, 0);
        head.head = true;
        fill(&mut head);
        assert_eq!(head.route, Some(LeaveRoute::Leader));
        let spec = kernel::register::spec::RegisterSpec::of::<StaffLeave>();
        let next = |leave: &StaffLeave, step: &str| {
            let step = spec.flow.find(step).expect("a step");
            step.target(&spec, &leave.to_values()).to_owned()
        };
        assert_eq!(
            next(&leave(LeaveKind::Family, 0, 2), "approve_department"),
            "已批准"
        );
        assert_eq!(
            next(&leave(LeaveKind::Family, 0, 5), "approve_department"),
            "待人事处审批"
        );
        assert_eq!(
            next(&leave(LeaveKind::Family, 0, 5), "approve_personnel"),
            "已批准"
        );
        assert_eq!(next(&head, "approve_personnel"), "待分管副校长审批");
    }

    #[test]
    fn long_illness_is_proven_at_the_latest_on_return() {
        assert!(refused(&leave(LeaveKind::Sick, 0, 2)).is_empty());
        let long = leave(LeaveKind::Sick, -7, -4);
        assert_eq!(refused(&long), ["proof"]);
        let later = StaffLeave {
            proof_later: true,
            ..long.clone()
        };
        assert!(refused(&later).is_empty());
        let returned = StaffLeave {
            returned_on: Some(day(-3)),
            ..later
        };
        assert_eq!(refused(&returned), ["proof"]);
        let proven = StaffLeave {
            proof: Files(vec![Uuid::nil()]),
            ..returned
        };
        assert!(refused(&proven).is_empty());
    }

    #[test]
    fn lessons_are_covered_by_somebody_else() {
        let teaching = StaffLeave {
            lessons: Some(4),
            ..leave(LeaveKind::Personal, 0, 0)
        };
        assert_eq!(refused(&teaching), ["cover"]);
        let own = StaffLeave {
            deputy: Some(Ref::new(Uuid::nil())),
            ..leave(LeaveKind::Personal, 0, 0)
        };
        assert_eq!(refused(&own), ["deputy"]);
    }

    #[test]
    fn returning_is_counted_and_called_for() {
        let back = |after| {
            let mut leave = leave(LeaveKind::Personal, -7, -5);
            leave.returned_on = Some(day(after));
            fill(&mut leave);
            leave.actual_days.map(|d| d.0)
        };
        assert_eq!(back(-4), Some(30));
        assert_eq!(back(-6), Some(10), "back earlier");
        assert_eq!(back(-3), Some(40), "back later");
        let mut late = leave(LeaveKind::Personal, -3, -3);
        assert_eq!(late.back_by, Some(day(0)), "after the weekend");
        assert!(doubted(&late).is_empty());
        late = leave(LeaveKind::Personal, -4, -4);
        assert_eq!(doubted(&late), ["starts_on", "returned_on"]);
    }
}
