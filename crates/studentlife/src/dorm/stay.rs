use super::DormRoom;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, FINANCE, SAFETY_OFFICE, STUDENT_OFFICE};

/// 住宿安排：住宿申请、分配床位、调宿和退宿，一人一床。班主任替学生申请，宿舍管理员安排。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dorm_stay",
    title = "住宿安排",
    group = "student",
    systems = "D14",
    label = "student, bed",
    unique = "occupied",
    date = "applied_on",
    within = "student"
)]
pub struct DormStay {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "申请日期", filter)]
    pub applied_on: NaiveDate,
    #[field(label = "监护人同意", help = "走读转住校、校外住宿转入均须监护人同意")]
    pub guardian_agreed: bool,
    #[field(
        label = "健康与作息说明",
        sealed,
        max = 300,
        help = "需要照顾的疾病、服药、上下铺要求等"
    )]
    pub health: Option<LongText>,
    #[field(label = "宿舍", list, filter)]
    pub room: Option<Ref<DormRoom>>,
    #[field(label = "床位号", list, max = 40, help = "如 竹园1-203-4")]
    pub bed: Option<String>,
    #[field(
        label = "占用床位",
        max = 40,
        help = "自动填写；退宿后清空，一个床位只能安排一人"
    )]
    pub occupied: Option<String>,
    #[field(label = "入住日期", list, filter)]
    pub moved_in_on: Option<NaiveDate>,
    #[field(label = "住宿协议已签")]
    pub agreement: bool,
    #[field(label = "退宿日期", list)]
    pub moved_out_on: Option<NaiveDate>,
    #[field(label = "调宿退宿原因", max = 100)]
    pub reason: Option<String>,
}

impl Rules for DormStay {
    fn flow() -> Flow {
        let keeper = [Who::Role(DORM_KEEPER), Who::Role(STUDENT_OFFICE)];
        Flow::starts("待安排")
            .done("在住")
            .done("已退宿")
            .dropped("不予安排")
            .step("arrange", "安排床位", &["待安排"], "在住", &keeper)
            .needs(&["room", "bed", "moved_in_on"])
            .within_days(3)
            .signed("宿舍管理员")
            .step("move", "调宿", &["在住"], "在住", &keeper)
            .needs(&["room", "bed", "reason"])
            .signed("宿舍管理员")
            .step("leave", "退宿", &["在住"], "已退宿", &keeper)
            .needs(&["moved_out_on", "reason"])
            .signed("宿舍管理员")
            .step("refuse", "不予安排", &["待安排"], "不予安排", &keeper)
            .with_note()
            .editable(&["待安排"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let living = || Filter::state("在住");
        vec![
            indicator(
                "dorm_students",
                "在住学生数",
                "住宿安排为在住的不同学生",
                "人",
                Measure::CountDistinct {
                    of: living(),
                    field: "student".into(),
                },
            )
            .standing()
            .also(&["住宿学生数", "寄宿生数"]),
            indicator(
                "dorm_agreements",
                "住宿协议签订率",
                "已签协议的 ÷ 在住的住宿安排",
                "%",
                Measure::Share {
                    of: living().and("agreement", Op::Is, true),
                    among: living(),
                },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(DORM_KEEPER, Reach::School),
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(SAFETY_OFFICE, Reach::School),
            may_read(FINANCE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["occupied"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let lives = self.moved_out_on.is_none();
        self.occupied = self.bed.clone().filter(|_| lives);
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "学生住宿申请",
                "学生处",
                "由班主任替学生提出，须监护人同意；宿舍管理员三日内安排床位",
            )
            .for_roles(&[CLASS_TEACHER, DORM_KEEPER])
            .quick(&["student", "applied_on", "guardian_agreed", "health"]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form("door", "宿舍门贴", &["bed", "student"], &["值日"])
                .by("room")
                .in_states(&["在住"]),
            sheet("agreement", "学生住宿协议签署页")
                .text("{student} 同学入住{bed}床位。本人和监护人已阅读并同意遵守学校宿舍管理规定：按时就寝，不夜不归宿；不使用违规电器，不存放危险物品；爱护公物，保持内务整洁；离校须请假并登记。")
                .signatures(&["学生", "监护人", "宿舍管理员"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .refuse(
                self.bed.is_some() != self.room.is_some(),
                "bed",
                "宿舍和床位号应一并填写",
            )
            .refuse(
                self.moved_in_on.is_some() && !self.guardian_agreed,
                "guardian_agreed",
                "未取得监护人同意的不能安排住宿",
            )
            .refuse(
                self.moved_in_on.is_some() && self.bed.is_none(),
                "bed",
                "填写了入住日期，请安排床位",
            )
            .in_order(
                self.moved_in_on,
                self.moved_out_on,
                "moved_out_on",
                "退宿日期不能早于入住日期",
            )
            .not_after_today(self.moved_out_on, ctx.today, "moved_out_on")
            .refuse(
                self.moved_out_on.is_some() && !filled(self.reason.as_deref()),
                "reason",
                "退宿请写明原因",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.moved_in_on.is_some() && self.moved_out_on.is_none() && !self.agreement,
                "agreement",
                "还没有签订住宿协议",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn a_bed_is_taken_until_its_student_leaves() {
        let sample = || DormStay {
            student: some(),
            applied_on: day(-100),
            guardian_agreed: true,
            health: None,
            room: Some(some()),
            bed: Some("竹园1-203-4".into()),
            occupied: None,
            moved_in_on: Some(day(-99)),
            agreement: true,
            moved_out_on: None,
            reason: None,
        };
        let taken = |mut stay: DormStay| {
            stay.complete(&Ctx {
                today: day(0),
                new: true,
            });
            stay.occupied
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(taken(sample()).as_deref(), Some("竹园1-203-4"));
        let left = DormStay {
            moved_out_on: Some(day(-1)),
            ..sample()
        };
        assert_eq!(taken(left.clone()), None);
        assert_eq!(refused(&left), ["reason"]);
        assert_eq!(
            refused(&DormStay {
                guardian_agreed: false,
                ..sample()
            }),
            ["guardian_agreed"]
        );
        assert_eq!(
            refused(&DormStay {
                room: None,
                ..sample()
            }),
            ["bed"]
        );
        assert_eq!(
            doubted(&DormStay {
                agreement: false,
                ..sample()
            }),
            ["agreement"]
        );
    }
}
