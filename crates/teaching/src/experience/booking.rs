use crate::ExperienceCourse;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, ENROLMENT_OFFICE, SAFETY_OFFICE, TEACHER, TRAINING_OFFICE};

choice!(
    /// 到访时段
    HalfDay {
        Morning = "morning" "上午",
        Afternoon = "afternoon" "下午",
        Day = "day" "全天",
    }
);

choice!(
    /// 来校方式
    Travel {
        Coach = "coach" "租用客车",
        SchoolBus = "school_bus" "校车",
        Walk = "walk" "步行",
        Own = "own" "家长接送",
    }
);

/// 职业体验预约：中小学预约来校体验，实训处确认场次和接待人，体验后学校反馈。来访的带队、保险和乘车情况一并登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "experience_booking",
    title = "职业体验预约",
    group = "training",
    systems = "C5",
    label = "visitor, course, visit_on",
    date = "visit_on",
    due = "visit_on",
    within = "course",
    owner = "host"
)]
pub struct ExperienceBooking {
    #[field(label = "来访学校", list, filter, max = 60)]
    pub visitor: String,
    #[field(label = "体验课程", list, filter)]
    pub course: Ref<ExperienceCourse>,
    #[field(label = "预约日期")]
    pub requested_on: NaiveDate,
    #[field(label = "到访日期", list, filter)]
    pub visit_on: NaiveDate,
    #[field(label = "到访时段", list, filter)]
    pub slot: HalfDay,
    #[field(label = "年级班级", max = 60)]
    pub grade: String,
    #[field(label = "学生人数", list, max = 500)]
    pub students: i64,
    #[field(label = "带队教师数", max = 50)]
    pub teachers: i64,
    #[field(label = "联系人", max = 36)]
    pub contact: String,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: String,
    #[field(label = "来校方式", filter)]
    pub travel: Travel,
    #[field(label = "已购意外险", filter)]
    pub insured: bool,
    #[field(
        label = "特别说明",
        max = 300,
        help = "过敏、特殊体质、随班就读学生等需要照顾的情况"
    )]
    pub needs: Option<LongText>,
    #[field(label = "接待人", list)]
    pub host: Option<Ref<Staff>>,
    #[field(label = "实到学生数", list, max = 500)]
    pub came: Option<i64>,
    #[field(label = "满意度（百分制）", list)]
    pub satisfaction: Option<Decimal<1>>,
    #[field(label = "反馈意见", max = 500)]
    pub feedback: Option<LongText>,
}

impl Rules for ExperienceBooking {
    fn flow() -> Flow {
        let office = [Who::Role(TRAINING_OFFICE)];
        let hosts = [Who::Field("host".into()), Who::Role(TRAINING_OFFICE)];
        Flow::starts("待确认")
            .open("已确认")
            .open("待反馈")
            .done("已完成")
            .dropped("未接受")
            .dropped("已取消")
            .step("confirm", "确认场次", &["待确认"], "已确认", &office)
            .needs(&["host"])
            .within_days(3)
            .signed("实训处意见")
            .step("decline", "不接受", &["待确认"], "未接受", &office)
            .with_note()
            .step(
                "cancel",
                "取消",
                &["待确认", "已确认"],
                "已取消",
                &[Who::Role(TRAINING_OFFICE), Who::Creator],
            )
            .with_note()
            .step("hold", "体验结束", &["已确认"], "待反馈", &hosts)
            .needs(&["came"])
            .step("feed_back", "登记反馈", &["待反馈"], "已完成", &hosts)
            .needs(&["satisfaction", "feedback"])
            .within_days(7)
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::all().and("came", Op::AtLeast, 1);
        vec![
            indicator(
                "experience_schools",
                "职业体验来访学校数",
                "有实到学生的预约中的不同学校",
                "所",
                Measure::CountDistinct {
                    of: held(),
                    field: "visitor".into(),
                },
            )
            .also(&["体验学校数", "服务中小学校数"]),
            indicator(
                "experience_visitors",
                "职业体验人次",
                "预约的实到学生数合计",
                "人次",
                Measure::Sum {
                    of: held(),
                    field: "came".into(),
                },
            )
            .also(&["职业体验学生人次", "职业启蒙人次", "接待体验人次"]),
            indicator(
                "experience_satisfied",
                "职业体验满意率",
                "满意度80分以上的预约 ÷ 已反馈的预约",
                "%",
                Measure::Share {
                    of: Filter::all().and("satisfaction", Op::AtLeast, 800),
                    among: Filter::all().and("satisfaction", Op::AtLeast, 0),
                },
            ),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "职业体验预约",
                "实训处",
                "来访学校电话预约后登记；三天内确认，学生须有意外险和带队教师",
            )
            .for_roles(&[TRAINING_OFFICE, ENROLMENT_OFFICE, DEPARTMENT_HEAD])
            .quick(&[
                "visitor",
                "course",
                "requested_on",
                "visit_on",
                "slot",
                "grade",
                "students",
                "teachers",
                "contact",
                "phone",
                "travel",
                "insured",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("confirmation", "职业体验预约确认单")
                .text("{visitor}：")
                .text(
                    "贵校{grade}预约的职业体验已经确认，安排如下。请带队教师提前15分钟到校，清点人数后入场。",
                )
                .fields(&[
                    "course", "visit_on", "slot", "students", "teachers", "contact", "travel", "insured",
                    "host", "needs",
                ])
                .signatures(&["来访学校（盖章）", "接待单位（盖章）"])
                .in_states(&["已确认"]),
            sheet("feedback", "职业体验活动反馈表")
                .fields(&[
                    "visitor",
                    "course",
                    "visit_on",
                    "students",
                    "came",
                    "satisfaction",
                    "feedback",
                ])
                .signatures(&["带队教师", "接待人"])
                .in_states(&["待反馈", "已完成"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let outside = self
            .satisfaction
            .is_some_and(|score| !(0..=1000).contains(&score.0));
        Checks::new()
            .not_after_today(self.requested_on, ctx.today, "requested_on")
            .in_order(
                self.requested_on,
                self.visit_on,
                "visit_on",
                "到访日期不能早于预约日期",
            )
            .refuse(self.students == 0, "students", "学生人数应大于0")
            .refuse(self.teachers == 0, "teachers", "至少有1名带队教师")
            .phone(Some(&self.phone), "phone")
            .refuse(
                self.came.is_some() && self.visit_on > ctx.today,
                "came",
                "到访日期还没有到",
            )
            .refuse(outside, "satisfaction", "满意度应在0至100分之间")
            .refuse(
                self.satisfaction.is_some() && self.came.is_none(),
                "came",
                "填写了满意度，请填写实到学生数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let near = (self.visit_on - ctx.today).num_days() < 3 && self.host.is_none() && self.came.is_none();
        Checks::new()
            .refuse(
                !self.insured,
                "insured",
                "学生还没有购买意外险，确认前请来访学校办理",
            )
            .refuse(
                self.students > self.teachers * 25,
                "teachers",
                "带队教师偏少，一般每25名学生1名",
            )
            .refuse(near, "host", "到访日期临近，还没有安排接待人")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused};
    use uuid::Uuid;

    fn sample() -> ExperienceBooking {
        ExperienceBooking {
            visitor: "某实验小学".into(),
            course: Ref::new(Uuid::nil()),
            requested_on: day(-5),
            visit_on: day(5),
            slot: HalfDay::Morning,
            grade: "五年级两个班".into(),
            students: 75,
            teachers: 3,
            contact: "赵老师".into(),
            phone: "13800000000".into(),
            travel: Travel::Coach,
            insured: true,
            needs: None,
            host: None,
            came: None,
            satisfaction: None,
            feedback: None,
        }
    }

    #[test]
    fn children_come_guided_and_insured() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let few = ExperienceBooking {
            teachers: 2,
            insured: false,
            visit_on: day(2),
            ..sample()
        };
        assert_eq!(doubted(&few), ["insured", "teachers", "host"]);
        let none = ExperienceBooking {
            teachers: 0,
            students: 0,
            phone: "123".into(),
            ..sample()
        };
        assert_eq!(refused(&none), ["students", "teachers", "phone"]);
    }

    #[test]
    fn what_was_held_lies_behind() {
        let early = ExperienceBooking {
            came: Some(70),
            ..sample()
        };
        assert_eq!(refused(&early), ["came"]);
        let held = ExperienceBooking {
            visit_on: day(-1),
            satisfaction: Some(Decimal(960)),
            ..early
        };
        assert!(refused(&held).is_empty());
        let odd = ExperienceBooking {
            satisfaction: Some(Decimal(1001)),
            came: None,
            requested_on: day(1),
            ..held
        };
        assert_eq!(
            refused(&odd),
            ["requested_on", "visit_on", "satisfaction", "came"]
        );
    }
}
