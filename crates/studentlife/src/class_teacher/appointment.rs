use crate::terms::school_year;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, certificate, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, PERSONNEL, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, VICE_PRINCIPAL,
};
use people::{Class, Staff};

choice!(
    /// 聘任方式
    AppointmentKind {
        Renewed = "renewed" "续聘",
        New = "new" "新聘",
        Moved = "moved" "调整班级",
        Acting = "acting" "代理",
    }
);

/// 班主任聘任：系部提名、学生处审核、分管校长批准，一班一聘。由系部填写；聘期一般不少于一学年。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class_teacher_post",
    title = "班主任聘任",
    group = "student",
    systems = "D4",
    label = "teacher, class",
    unique = "class, from_on",
    date = "from_on",
    within = "class",
    owner = "teacher"
)]
pub struct Appointment {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "班主任", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "聘任方式", list, filter)]
    pub kind: AppointmentKind,
    #[field(label = "聘期开始", list, filter)]
    pub from_on: NaiveDate,
    #[field(label = "聘期结束", list, filter)]
    pub until_on: NaiveDate,
    #[field(label = "学年", list, filter, max = 9, help = "按聘期开始自动填写")]
    pub school_year: Option<String>,
    #[field(label = "班主任工作年限", max = 60)]
    pub years: i64,
    #[field(label = "副班主任")]
    pub deputy: Option<Ref<Staff>>,
    #[field(label = "月津贴（元）")]
    pub allowance: Option<Money>,
    #[field(label = "提名理由", max = 300)]
    pub reason: LongText,
    #[field(label = "离任日期", list)]
    pub ended_on: Option<NaiveDate>,
    #[field(label = "离任原因", max = 100)]
    pub end_reason: Option<String>,
}

impl Rules for Appointment {
    fn flow() -> Flow {
        let stages = [
            Stage::by("student", "学生处", &[Who::Role(STUDENT_OFFICE)]),
            Stage::by("school", "分管校长", &[Who::Role(VICE_PRINCIPAL)]),
        ];
        Flow::approvals(&stages, "已聘任")
            .done("已离任")
            .step("end", "离任", &["已聘任"], "已离任", &[Who::Role(STUDENT_OFFICE)])
            .needs(&["ended_on", "end_reason"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "class_teacher_posted",
                "班主任配备率",
                "有已聘任班主任的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::state("已聘任"),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .standing()
            .also(&["班主任聘任率"]),
            indicator(
                "class_teacher_new",
                "新聘班主任数",
                "聘任方式为新聘、已聘任的条数",
                "人",
                Measure::Count {
                    of: Filter::state("已聘任").and("kind", kernel::register::indicator::Op::Is, "new"),
                },
            )
            .also(&["新任班主任"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(CLASS_TEACHER, Reach::Own),
            may_read(TEACHER, Reach::Own),
            may_read(PERSONNEL, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.school_year = Some(school_year(self.from_on));
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            certificate(
                "letter",
                "聘书",
                "兹聘请 {teacher} 老师担任 {class} 班主任，聘期自{from_on}至{until_on}。",
            )
            .in_states(&["已聘任"]),
            list_form(
                "list",
                "班主任一览表",
                &["class", "teacher", "deputy", "kind", "years"],
                &["联系电话"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .in_order(self.from_on, self.until_on, "until_on", "聘期结束不能早于开始")
            .refuse(
                self.deputy.is_some_and(|deputy| deputy.id == self.teacher.id),
                "deputy",
                "副班主任不能是班主任本人",
            )
            .in_order(
                self.from_on,
                self.ended_on,
                "ended_on",
                "离任日期不能早于聘期开始",
            )
            .not_after_today(self.ended_on, ctx.today, "ended_on")
            .refuse(
                self.ended_on.is_some() && self.end_reason.is_none(),
                "end_reason",
                "填写了离任日期，请写明原因",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 中小学班主任工作规定（教基一〔2009〕12号）: one class for a school year or longer without a break.
        let short = self
            .from_on
            .checked_add_days(Days::new(280))
            .is_some_and(|year| self.until_on < year);
        Checks::new()
            .refuse(
                short && self.kind != AppointmentKind::Acting,
                "until_on",
                "担任一个班级的班主任一般应连续一学年以上",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::day;
    use people::sound::{doubted, refused};
    use uuid::Uuid;

    #[test]
    fn a_post_lasts_a_school_year() {
        let sample = || Appointment {
            class: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            kind: AppointmentKind::Renewed,
            from_on: day(-200),
            until_on: day(120),
            school_year: None,
            years: 6,
            deputy: None,
            allowance: Some(Money(40_000)),
            reason: LongText("带班稳定，家长认可".into()),
            ended_on: None,
            end_reason: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&Appointment {
                deputy: Some(sample().teacher),
                ..sample()
            }),
            ["deputy"]
        );
        assert_eq!(
            refused(&Appointment {
                until_on: day(-201),
                ..sample()
            }),
            ["until_on"]
        );
        assert_eq!(
            refused(&Appointment {
                ended_on: Some(day(-1)),
                ..sample()
            }),
            ["end_reason"]
        );
        assert_eq!(
            doubted(&Appointment {
                until_on: day(0),
                ..sample()
            }),
            ["until_on"]
        );
    }
}
