use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, RESEARCH_OFFICE, STUDENT_OFFICE};

choice!(
    /// 活动类别
    TrainingKind {
        Training = "training" "班主任业务培训",
        Exchange = "exchange" "经验交流",
        Discussion = "discussion" "德育工作研讨",
        Studio = "studio" "名班主任工作室研修",
        Salon = "salon" "主题沙龙",
        Contest = "contest" "班主任能力比赛",
        Outside = "outside" "校外培训",
    }
);

/// 班主任培训与工作室：培训、研讨、名班主任工作室和能力比赛等活动，参训名单另在“班主任参训”登记。由学生处组织。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class_teacher_training",
    title = "班主任培训",
    group = "student",
    systems = "D4",
    label = "name, held_on",
    unique = "name, held_on",
    date = "held_on",
    owner = "leader"
)]
pub struct ClassTeacherTraining {
    #[field(label = "活动名称", list, max = 60)]
    pub name: String,
    #[field(label = "活动类别", list, filter)]
    pub kind: TrainingKind,
    #[field(label = "工作室名称", list, filter, max = 40, help = "工作室研修填写")]
    pub studio: Option<String>,
    #[field(label = "活动日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "学时", list)]
    pub hours: Decimal<1>,
    #[field(label = "地点", max = 40)]
    pub place: String,
    #[field(label = "组织人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "主讲人", max = 60)]
    pub speaker: Option<String>,
    #[field(label = "应参加人数", max = 500)]
    pub expected: i64,
    #[field(label = "实际参加人数", list, max = 500)]
    pub attended: i64,
    #[field(label = "活动内容", max = 1000)]
    pub content: LongText,
    #[field(label = "成果", max = 500, help = "案例、课程、获奖等")]
    pub outcome: Option<LongText>,
    #[field(label = "材料", help = "可不传")]
    pub files: Files,
}

impl Rules for ClassTeacherTraining {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "class_teacher_training_month",
                "班主任培训与研讨",
                1,
                Every::Month,
                school_wide(),
                Filter::all(),
            )
            .also(&["班主任培训", "班主任业务培训", "班主任经验交流", "德育工作研讨"]),
            duty(
                "class_teacher_studio",
                "名班主任工作室活动",
                1,
                Every::Month,
                school_wide(),
                Filter::is("kind", "studio"),
            )
            .also(&["班主任工作室", "工作室研修"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "class_teacher_trainings",
                "班主任培训次数",
                "班主任培训、研讨、沙龙等活动条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["班主任培训场次", "班主任培训活动"]),
            indicator(
                "class_teacher_training_hours",
                "班主任培训学时",
                "活动学时合计",
                "学时",
                Measure::Sum {
                    of: Filter::all(),
                    field: "hours".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(RESEARCH_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "班主任培训活动记录")
                .fields(&[
                    "name", "kind", "held_on", "hours", "place", "leader", "speaker", "attended",
                ])
                .heading("活动内容")
                .fields(&["content", "outcome"])
                .signatures(&["记录人", "组织人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(
                self.kind == TrainingKind::Studio && !filled(self.studio.as_deref()),
                "studio",
                "工作室研修请填写工作室名称",
            )
            .refuse(self.hours.0 <= 0, "hours", "学时应大于0")
            .refuse(
                self.attended > self.expected,
                "attended",
                "实际参加人数不能多于应参加人数",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some};

    #[test]
    fn a_studio_has_a_name_and_a_meeting_its_numbers() {
        let sample = || ClassTeacherTraining {
            name: "主题班会设计工作坊".into(),
            kind: TrainingKind::Training,
            studio: None,
            held_on: day(0),
            hours: Decimal(20),
            place: "三楼会议室".into(),
            leader: some(),
            speaker: None,
            expected: 60,
            attended: 58,
            content: LongText("分组设计，现场说课".into()),
            outcome: None,
            files: Files::default(),
        };
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ClassTeacherTraining {
                kind: TrainingKind::Studio,
                ..sample()
            }),
            ["studio"]
        );
        assert_eq!(
            refused(&ClassTeacherTraining {
                attended: 61,
                ..sample()
            }),
            ["attended"]
        );
        assert_eq!(
            refused(&ClassTeacherTraining {
                hours: Decimal(0),
                ..sample()
            }),
            ["hours"]
        );
    }
}
