use crate::terms::{school_year, term};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::apart::{Apart, apart};
use kernel::register::field::{Code, Decimal, Files, Ref};
use kernel::register::flow::{Flow, Guard, Stage, WITHDRAWN, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, GATE_KEEPER, SAFETY_OFFICE, STUDENT_OFFICE,
};
use people::{Staff, Student};

/// 学生请假：一天以内班主任批，一天以上系部批，三天以上学生处批；门卫凭已批准的假条放行，返校销假。由班主任替学生提出。
#[derive(Clone, Debug, Register)]
#[register(
    id = "student_leave",
    title = "学生请假",
    group = "student",
    systems = "D5",
    label = "student, starts_on",
    date = "starts_on",
    due = "ends_on",
    within = "student"
)]
pub struct StudentLeave {
    #[field(label = "学生", list, dataset = "T39.XH:number")]
    pub student: Ref<Student>,
    #[field(label = "请假类型", list, filter, code = "QJLXDM", dataset = "T39.QJLX")]
    pub kind: Code,
    #[field(label = "开始日期", list, filter, dataset = "T39.QJKSSJ")]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list, filter, dataset = "T39.QJJSSJ")]
    pub ends_on: NaiveDate,
    #[field(
        label = "请假天数",
        list,
        dataset = "T39.QJTS",
        help = "不填则按起止日期计算；半天填0.5"
    )]
    pub days: Option<Decimal<1>>,
    #[field(
        label = "请假原因",
        max = 150,
        dataset = "T39.QJYY",
        help = "简要说明，不写病情细节和家庭隐私"
    )]
    pub reason: String,
    #[field(label = "是否出校", list, filter, dataset = "T39.SFCX")]
    pub leaves_campus: bool,
    #[field(label = "已与监护人确认", help = "出校的必须由班主任电话确认")]
    pub guardian_agreed: bool,
    #[field(label = "证明材料", sealed, help = "病假三天以上附诊断证明")]
    pub proof: Files,
    #[field(
        label = "提交类型",
        code = "TJLXDM",
        dataset = "T39.QJTJLX",
        help = "不填为线上；补录纸质假条选线下"
    )]
    pub submitted: Option<Code>,
    #[field(label = "学年", max = 9, dataset = "T39.KKXND", help = "自动填写")]
    pub school_year: Option<String>,
    #[field(label = "学期", code = "XQDM", dataset = "T39.KKXQM", help = "自动填写")]
    pub term: Option<Code>,
    #[field(label = "审批人", list, dataset = "T39.SPR:number", help = "最后一级审批的人")]
    pub approver: Option<Ref<Staff>>,
    #[field(
        label = "审批日期",
        dataset = "T39.SPSJ",
        help = "最后一级审批的日期；班主任审批的不填为当天"
    )]
    pub approved_on: Option<NaiveDate>,
    #[field(label = "销假日期", list, dataset = "T39.XJSJ")]
    pub back_on: Option<NaiveDate>,
    #[field(label = "是否销假", filter, dataset = "T39.SFXJ", help = "按销假日期自动填写")]
    pub returned: Option<bool>,
}

/// In tenths of a day: above one day the department approves, above three the student office.
const ONE_DAY: i64 = 10;
const THREE_DAYS: i64 = 30;

impl StudentLeave {
    /// Days from the first to the last, both counted.
    fn span(&self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }
}

impl Rules for StudentLeave {
    fn apart() -> Vec<Apart> {
        let rule = apart(&["student"], "starts_on", &["ends_on"], "这段时间已经请过假");
        vec![rule.over(&["已销假"])]
    }

    fn flow() -> Flow {
        let stages = [
            Stage::by("class", "班主任", &[Who::Role(CLASS_TEACHER)])
                .days(1)
                .needs(&["approver"]),
            Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)])
                .days(1)
                .when(Guard::above("days", ONE_DAY))
                .needs(&["approver", "approved_on"]),
            Stage::by("student", "学生处", &[Who::Role(STUDENT_OFFICE)])
                .days(1)
                .when(Guard::above("days", THREE_DAYS))
                .needs(&["approver", "approved_on"]),
        ];
        let keepers = [
            Who::Role(CLASS_TEACHER),
            Who::Role(STUDENT_OFFICE),
            Who::Role(DORM_KEEPER),
        ];
        Flow::approvals(&stages, "已批准")
            .still_open("已批准")
            .done("已销假")
            .step("back", "销假", &["已批准"], "已销假", &keepers)
            .needs(&["back_on"])
            .signed("销假")
            .step("cancel", "取消请假", &["已批准"], WITHDRAWN, &keepers)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let back = || Filter::state("已销假");
        vec![
            indicator(
                "student_leave_back_on_time",
                "按时销假率",
                "销假日期不晚于结束日期的 ÷ 已销假的请假",
                "%",
                Measure::Share {
                    of: back().and("back_on", Op::AtMostField, "ends_on"),
                    among: back(),
                },
            )
            .also(&["请假销假率", "学生销假率"]),
            indicator(
                "student_leaves",
                "学生请假人次",
                "批准过的请假条数",
                "人次",
                Measure::Count {
                    of: Filter::all().dated("approved_on").and("state", Op::Not, "未批准"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(DORM_KEEPER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(GATE_KEEPER, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "term", "returned"]
    }

    fn complete(&mut self, ctx: &Ctx) {
        self.days = self.days.or(Some(Decimal(self.span() * 10)));
        self.submitted = self.submitted.take().or_else(|| Some(Code("1".into())));
        self.school_year = Some(school_year(self.starts_on));
        self.term = Some(term(self.starts_on));
        if self.approver.is_some() {
            self.approved_on = self.approved_on.or(Some(ctx.today));
        }
        self.returned = Some(self.back_on.is_some());
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "学生请假",
                "学生处",
                "一天以内班主任审批，一天以上系部，三天以上学生处；出校须与监护人确认",
            )
            .for_roles(&[CLASS_TEACHER, DORM_KEEPER, STUDENT_OFFICE])
            .quick(&[
                "student",
                "kind",
                "starts_on",
                "ends_on",
                "reason",
                "leaves_campus",
                "guardian_agreed",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("pass", "学生出门证")
                .text("{student} 同学经批准请假（{kind}），自{starts_on}至{ends_on}，共{days}天，是否出校：{leaves_campus}。请门卫查验后放行，返校后到班主任处销假。")
                .approvals()
                .signatures(&["学生", "门卫"])
                .in_states(&["已批准"]),
            sheet("request", "学生请假审批表")
                .fields(&["student", "kind", "starts_on", "ends_on", "days", "leaves_campus", "reason", "back_on"])
                .approvals()
                .signatures(&["学生", "监护人"]),
            list_form(
                "list",
                "请假学生名单",
                &["student", "kind", "starts_on", "ends_on", "leaves_campus", "back_on"],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let days = self.days.map_or(self.span() * 10, |days| days.0);
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(days <= 0, "days", "请假天数应大于0")
            .refuse(
                self.ends_on >= self.starts_on && days > self.span() * 10,
                "days",
                "请假天数多于起止日期的天数",
            )
            .refuse(
                self.leaves_campus && !self.guardian_agreed,
                "guardian_agreed",
                "出校须先与监护人确认",
            )
            .not_after_today(self.approved_on, ctx.today, "approved_on")
            .in_order(
                self.starts_on,
                self.back_on,
                "back_on",
                "销假日期不能早于开始日期",
            )
            .not_after_today(self.back_on, ctx.today, "back_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let days = self.days.map_or(0, |days| days.0);
        let away = self.approver.is_some() && self.back_on.is_none() && self.ends_on < ctx.today;
        Checks::new()
            .refuse(
                self.kind.0 == "1" && days > THREE_DAYS && self.proof.0.is_empty(),
                "proof",
                "三天以上的病假请补诊断证明",
            )
            .refuse(away, "back_on", "假期已满还没有销假，请核实学生是否返校")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    fn sample() -> StudentLeave {
        StudentLeave {
            student: some(),
            kind: Code("2".into()),
            starts_on: day(0),
            ends_on: day(0),
            days: None,
            reason: "家中有事".into(),
            leaves_campus: true,
            guardian_agreed: true,
            proof: Files::default(),
            submitted: None,
            school_year: None,
            term: None,
            approver: None,
            approved_on: None,
            back_on: None,
            returned: None,
        }
    }

    fn completed(mut leave: StudentLeave) -> StudentLeave {
        leave.complete(&Ctx {
            today: day(0),
            new: true,
        });
        leave
    }

    #[test]
    fn what_follows_is_filled_in() {
        let leave = completed(StudentLeave {
            ends_on: day(2),
            approver: Some(some()),
            ..sample()
        });
        assert_eq!(leave.days, Some(Decimal(30)));
        assert_eq!(leave.approved_on, Some(day(0)));
        assert_eq!(
            (leave.returned, leave.term),
            (Some(false), Some(Code("2".into())))
        );
        assert_eq!(
            completed(StudentLeave {
                days: Some(Decimal(5)),
                ..sample()
            })
            .days,
            Some(Decimal(5))
        );
    }

    #[test]
    fn dates_and_days_agree() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&StudentLeave {
                ends_on: day(-1),
                ..sample()
            }),
            ["ends_on", "days"]
        );
        assert_eq!(
            refused(&StudentLeave {
                days: Some(Decimal(15)),
                ..sample()
            }),
            ["days"]
        );
        assert_eq!(
            refused(&StudentLeave {
                guardian_agreed: false,
                ..sample()
            }),
            ["guardian_agreed"]
        );
        assert_eq!(
            refused(&StudentLeave {
                back_on: Some(day(-1)),
                ..sample()
            }),
            ["back_on"]
        );
    }

    #[test]
    fn length_decides_who_approves() {
        let flow = StudentLeave::flow();
        let spec = kernel::register::spec::RegisterSpec::of::<StudentLeave>();
        let to = |step: &str, days: i64| {
            let record = StudentLeave {
                days: Some(Decimal(days)),
                ..sample()
            };
            let values = kernel::register::Register::to_values(&record);
            flow.find(step).expect("a step").target(&spec, &values).to_owned()
        };
        assert_eq!(to("approve_class", 10), "已批准");
        assert_eq!(to("approve_class", 20), "待系部审批");
        assert_eq!(to("approve_department", 30), "已批准");
        assert_eq!(to("approve_department", 40), "待学生处审批");
    }

    #[test]
    fn who_is_not_back_is_called_for() {
        let away = StudentLeave {
            starts_on: day(-3),
            ends_on: day(-1),
            approver: Some(some()),
            ..sample()
        };
        assert_eq!(doubted(&away), ["back_on"]);
        assert!(
            doubted(&StudentLeave {
                back_on: Some(day(-1)),
                ..away
            })
            .is_empty()
        );
    }
}
