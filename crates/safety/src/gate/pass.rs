use crate::words::day_of;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, GATE_KEEPER, SAFETY_OFFICE, STUDENT_OFFICE};
use people::{Staff, Student};

choice!(
    /// 离校事由
    PassKind {
        Leave = "leave" "请假离校",
        Doctor = "doctor" "外出就医",
        Duty = "duty" "公假外出",
        Family = "family" "家长接走",
        Noon = "noon" "中午外出",
        Urgent = "urgent" "突发急病送医",
    }
);

choice!(
    /// 离校方式
    LeaveWay {
        Alone = "alone" "自行离校",
        Guardian = "guardian" "监护人接",
        Teacher = "teacher" "教师陪同",
        Ambulance = "ambulance" "救护车",
    }
);

/// 学生进出校：上课期间学生出校门，门卫核对已批准的请假单后放行，返校时登记。班主任可看到本班的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "gate_pass",
    title = "学生进出校",
    group = "safety",
    systems = "F5, D5",
    label = "student, left_on",
    date = "left_on",
    due = "back_by",
    within = "student",
    owner = "approver"
)]
pub struct GatePass {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "离校时间", list)]
    pub left_at: DateTime<Utc>,
    #[field(label = "离校日期", filter, help = "由离校时间得出，不用填")]
    pub left_on: Option<NaiveDate>,
    #[field(label = "离校事由", list, filter)]
    pub kind: PassKind,
    #[field(
        label = "请假单号",
        list,
        max = 40,
        help = "核对已批准的请假单；突发急病可后补"
    )]
    pub leave_number: Option<String>,
    #[field(label = "批准人", list, help = "批假的班主任或系部领导")]
    pub approver: Ref<Staff>,
    #[field(label = "离校方式", filter)]
    pub way: LeaveWay,
    #[field(label = "接领人姓名", sealed, max = 36)]
    pub fetched_by: Option<String>,
    #[field(label = "接领人电话", sealed, max = 20)]
    pub fetcher_phone: Option<String>,
    #[field(label = "应返校日期", list)]
    pub back_by: NaiveDate,
    #[field(label = "返校时间", list)]
    pub back_at: Option<DateTime<Utc>>,
    #[field(label = "返校日期", help = "由返校时间得出，不用填")]
    pub back_on: Option<NaiveDate>,
    #[field(label = "异常情况", max = 200, help = "无假条、冒名、逾期未归等")]
    pub irregular: Option<String>,
}

impl Rules for GatePass {
    fn flow() -> Flow {
        let gate = [Who::Role(GATE_KEEPER), Who::Role(SAFETY_OFFICE)];
        Flow::starts("离校中")
            .done("已返校")
            .done("已核销")
            .step("back", "登记返校", &["离校中"], "已返校", &gate)
            .needs(&["back_at"])
            .step(
                "cancel",
                "班主任核销",
                &["离校中"],
                "已核销",
                &[Who::Role(CLASS_TEACHER), Who::Role(STUDENT_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let back = || Filter::state("已返校");
        vec![
            indicator(
                "gate_pass_backed",
                "凭假条离校率",
                "有请假单号的离校 ÷ 登记的离校",
                "%",
                Measure::Share {
                    of: Filter::all().and("leave_number", Op::AtLeast, ""),
                    among: Filter::all(),
                },
            ),
            indicator(
                "gate_pass_in_time",
                "按时返校率",
                "返校日期不晚于应返校日期的 ÷ 已返校的离校记录",
                "%",
                Measure::Share {
                    of: back().and("back_on", Op::AtMostField, "back_by"),
                    among: back(),
                },
            )
            .also(&["学生按时返校率"]),
            indicator(
                "gate_pass_count",
                "学生上课期间离校人次",
                "离校记录条数",
                "人次",
                Measure::Count { of: Filter::all() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GATE_KEEPER, Reach::School),
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "学生出门证")
                .text("兹有{student}同学，因{kind}于{left_at}离校，应于{back_by}返校，请予放行。")
                .fields(&["leave_number", "approver", "way"])
                .signatures(&["批准人", "门卫", "接领人"]),
            list_form(
                "book",
                "学生进出校登记簿",
                &[
                    "left_at",
                    "student",
                    "kind",
                    "leave_number",
                    "approver",
                    "back_at",
                ],
                &["门卫签名"],
            ),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["left_on", "back_on"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.left_on = Some(day_of(self.left_at));
        self.back_on = self.back_at.map(day_of);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let slip = filled(self.leave_number.as_deref());
        let left_on = day_of(self.left_at);
        Checks::new()
            .refuse(left_on > ctx.today, "left_at", "离校时间不能晚于今天")
            .refuse(
                !slip && self.kind != PassKind::Urgent && !filled(self.irregular.as_deref()),
                "leave_number",
                "没有已批准的请假单不予放行；确已离校的，请在“异常情况”中说明",
            )
            .refuse(
                self.way == LeaveWay::Guardian && !filled(self.fetched_by.as_deref()),
                "fetched_by",
                "监护人接的，请登记接领人",
            )
            .phone(self.fetcher_phone.as_deref(), "fetcher_phone")
            .in_order(left_on, self.back_by, "back_by", "应返校日期不能早于离校日期")
            .refuse(
                self.back_at.is_some_and(|back| back < self.left_at),
                "back_at",
                "返校时间不能早于离校时间",
            )
            .refuse(
                self.back_at.is_some_and(|back| day_of(back) > ctx.today),
                "back_at",
                "返校时间不能晚于今天",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.back_at.is_none() && self.back_by < ctx.today,
                "back_by",
                "已过应返校日期，请班主任联系监护人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> GatePass {
        GatePass {
            student: Ref::new(Uuid::nil()),
            left_at: moment(-1, 10),
            left_on: None,
            kind: PassKind::Doctor,
            leave_number: Some("QJ20260012".into()),
            approver: Ref::new(Uuid::nil()),
            way: LeaveWay::Alone,
            fetched_by: None,
            fetcher_phone: None,
            back_by: test_day(),
            back_at: None,
            back_on: None,
            irregular: None,
        }
    }

    #[test]
    fn nobody_leaves_without_a_slip() {
        assert!(refused(&sample()).is_empty());
        let bare = GatePass {
            leave_number: None,
            ..sample()
        };
        assert_eq!(refused(&bare), ["leave_number"]);
        assert!(
            refused(&GatePass {
                kind: PassKind::Urgent,
                ..bare.clone()
            })
            .is_empty()
        );
        assert!(
            refused(&GatePass {
                irregular: Some("跟随他人离校，已联系班主任".into()),
                ..bare
            })
            .is_empty()
        );
        let fetched = GatePass {
            way: LeaveWay::Guardian,
            ..sample()
        };
        assert_eq!(refused(&fetched), ["fetched_by"]);
    }

    #[test]
    fn the_way_back_is_after_the_way_out() {
        let back = |at| GatePass {
            back_at: Some(at),
            ..sample()
        };
        assert!(refused(&back(moment(0, 8))).is_empty());
        assert_eq!(refused(&back(moment(-1, 9))), ["back_at"]);
        assert_eq!(refused(&back(moment(1, 9))), ["back_at"]);
        let mut done = back(moment(0, 8));
        done.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(
            (done.left_on, done.back_on),
            (test_day().pred_opt(), Some(test_day()))
        );
        let late = GatePass {
            back_by: test_day().pred_opt().expect("a day"),
            ..sample()
        };
        assert_eq!(doubted(&late), ["back_by"]);
    }
}
