use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{TEACHING_OFFICE, directory};
use people::{Class, Unit};

choice!(
    /// 安排类别
    EventKind {
        Exam = "exam" "考试",
        Sport = "sport" "运动会",
        Training = "training" "集中实训周",
        Internship = "internship" "岗位实习",
        Ceremony = "ceremony" "集会与典礼",
        Weather = "weather" "极端天气停课",
        Other = "other" "其他",
    }
);

/// 教学活动安排：考试周、运动会、集中实训等占用正常上课时间的安排。由教务处登记，登记后这些节次不再按课表上课，也不计课时。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teaching_event",
    title = "教学活动安排",
    group = "teaching",
    systems = "B6",
    label = "title, starts_on",
    date = "starts_on",
    within = "unit"
)]
pub struct TeachingEvent {
    #[field(label = "名称", list, max = 60)]
    pub title: String,
    #[field(label = "类别", list, filter)]
    pub kind: EventKind,
    #[field(label = "开始日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list, help = "含当天")]
    pub ends_on: NaiveDate,
    #[field(label = "起始节次", list, max = 14, help = "每天从第几节起停课")]
    pub first_period: i64,
    #[field(
        label = "结束节次",
        list,
        max = 14,
        help = "每天到第几节止，全天填课表的最后一节"
    )]
    pub last_period: i64,
    #[field(label = "涉及系部", list, filter, help = "只涉及一个系部的选择；全校的不选")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "涉及班级", list, help = "只涉及一个班的选择")]
    pub class: Option<Ref<Class>>,
    #[field(label = "安排说明", max = 500, help = "地点、监考、作息调整等")]
    pub note: Option<LongText>,
    #[field(label = "天数", help = "自动计算")]
    pub days: Option<i64>,
}

impl Rules for TeachingEvent {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "teaching_event_days",
                "教学活动占用天数",
                "教学活动安排的天数合计",
                "天",
                Measure::Sum {
                    of: Filter::all(),
                    field: "days".into(),
                },
            ),
            indicator(
                "teaching_event_exams",
                "集中考试次数",
                "类别为考试的教学活动安排",
                "次",
                Measure::Count {
                    of: Filter::all().and("kind", Op::Is, "exam"),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("notice", "教学活动安排通知单")
                .fields(&[
                    "title",
                    "kind",
                    "starts_on",
                    "ends_on",
                    "first_period",
                    "last_period",
                    "unit",
                    "class",
                ])
                .text("{note}")
                .signatures(&["教务处"]),
        ]
    }

    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["days"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.days = Some((self.ends_on - self.starts_on).num_days() + 1);
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let length = (self.ends_on - self.starts_on).num_days();
        Checks::new()
            .refuse(length < 0, "ends_on", "结束日期不能早于开始日期")
            .refuse(length > 200, "ends_on", "一次安排不能超过一个学期，请核对日期")
            .refuse(self.first_period == 0, "first_period", "节次从第1节起")
            .refuse(
                self.last_period < self.first_period,
                "last_period",
                "结束节次不能早于起始节次",
            )
            .refuse(
                self.unit.is_some() && self.class.is_some(),
                "class",
                "系部和班级只选一个",
            )
            .done()
    }
}
