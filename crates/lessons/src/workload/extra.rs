use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, TEACHER, TEACHING_OFFICE};
use people::{Course, Staff};

choice!(
    /// 加项类别
    ExtraKind {
        NewCourse = "new_course" "新课认定",
        Practice = "practice" "实习指导",
        Other = "other" "其他折算",
    }
);

/// 认定后的状态。
pub const GRANTED: &str = "已认定";

/// 工作量加项：课表里看不出来的工作量——新课认定、实习指导（周数×人数）和其他折算课时。教师申报，教务处认定后计入工作量。
#[derive(Clone, Debug, Register)]
#[register(
    id = "workload_extra",
    title = "工作量加项",
    group = "teaching",
    systems = "B7",
    label = "teacher, kind, ends_on",
    date = "starts_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct WorkloadExtra {
    #[field(label = "教师", list, filter)]
    pub teacher: Ref<Staff>,
    #[field(label = "类别", list, filter)]
    pub kind: ExtraKind,
    #[field(label = "课程", list, help = "新课认定时填写")]
    pub course: Option<Ref<Course>>,
    #[field(label = "开始日期", list)]
    pub starts_on: NaiveDate,
    #[field(
        label = "结束日期",
        list,
        filter,
        help = "实习指导和其他折算计入这一天所在的月"
    )]
    pub ends_on: NaiveDate,
    #[field(label = "指导周数", max = 30)]
    pub weeks: Option<i64>,
    #[field(label = "指导人数", max = 200)]
    pub people: Option<i64>,
    #[field(label = "折算课时", list, max = 400, help = "其他折算时填写")]
    pub periods: Option<i64>,
    #[field(label = "说明", max = 300)]
    pub note: LongText,
}

impl Rules for WorkloadExtra {
    fn flow() -> Flow {
        let office = Who::Role(TEACHING_OFFICE);
        Flow::approvals(&[Stage::by("office", "教务处", &[office])], GRANTED)
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "workload_extra_new",
                "新课门次",
                "已认定的新课",
                "门次",
                Measure::Count {
                    of: Filter::state(GRANTED).and("kind", Op::Is, "new_course"),
                },
            )
            .also(&["新开课程门次"]),
            indicator(
                "workload_extra_practice",
                "实习指导人数",
                "已认定的实习指导的人数合计",
                "人",
                Measure::Sum {
                    of: Filter::state(GRANTED).and("kind", Op::Is, "practice"),
                    field: "people".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(PERSONNEL, Reach::School),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let positive = |value: Option<i64>| value.is_some_and(|value| value > 0);
        Checks::new()
            .refuse(
                self.ends_on < self.starts_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(
                self.kind == ExtraKind::NewCourse && self.course.is_none(),
                "course",
                "新课认定请选择课程",
            )
            .refuse(
                self.kind == ExtraKind::Practice && !positive(self.weeks),
                "weeks",
                "实习指导请填写周数",
            )
            .refuse(
                self.kind == ExtraKind::Practice && !positive(self.people),
                "people",
                "实习指导请填写人数",
            )
            .refuse(
                self.kind == ExtraKind::Other && !positive(self.periods),
                "periods",
                "请填写折算课时",
            )
            .done()
    }
}
