use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER};
use people::{Class, Staff};

choice!(
    /// 安全教育类型
    LessonKind {
        Special = "special" "专题教育",
        Regular = "regular" "常规教育",
        Holiday = "holiday" "节假日前教育",
    }
);

choice!(
    /// 安全教育主题
    LessonSubject {
        Traffic = "traffic" "交通安全",
        Fire = "fire" "消防安全",
        Water = "water" "防溺水",
        Training = "training" "实训与实习安全",
        Electric = "electric" "用电安全",
        Food = "food" "饮食卫生",
        Bullying = "bullying" "防欺凌",
        Fraud = "fraud" "防诈骗",
        Network = "network" "网络安全",
        Mental = "mental" "心理安全",
        Drugs = "drugs" "禁毒",
        Disaster = "disaster" "防灾减灾",
        Dormitory = "dormitory" "宿舍安全",
        Travel = "travel" "离校返校安全",
        Other = "other" "其他",
    }
);

/// 安全教育：每班每周一次专题、两次以上常规，节假日前30分钟（1530）。班主任登记，安全办检查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "safety_lesson",
    title = "安全教育",
    group = "safety",
    systems = "F1",
    label = "topic, held_on",
    date = "held_on",
    within = "class",
    owner = "teacher"
)]
pub struct SafetyLesson {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "类型", list, filter)]
    pub kind: LessonKind,
    #[field(label = "形式", filter, code = "safety_teaching")]
    pub form: Code,
    #[field(label = "主题", list, filter)]
    pub subject: LessonSubject,
    #[field(label = "题目", list, max = 60)]
    pub topic: String,
    #[field(label = "时长（分钟）", max = 480)]
    pub minutes: i64,
    #[field(label = "应到人数", max = 2000)]
    pub expected: i64,
    #[field(label = "实到人数", list, max = 2000)]
    pub present: i64,
    #[field(label = "主讲人", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "主要内容", max = 500)]
    pub content: Option<LongText>,
    #[field(label = "材料或照片", help = "可不传")]
    pub files: Files,
}

/// Shortest lesson before a holiday, in minutes: the 30 of 1530.
const BEFORE_HOLIDAY: i64 = 30;

impl Rules for SafetyLesson {
    fn duties() -> Vec<DutySpec> {
        let of = |kind: &str| Filter::is("kind", kind);
        vec![
            duty(
                "safety_lesson_special",
                "安全专题教育",
                1,
                Every::Week,
                Class::each_at_school(),
                of("special"),
            )
            .also(&["对全校学生开展安全专题教育", "安全教育", "安全教育课"]),
            duty(
                "safety_lesson_regular",
                "安全常规教育",
                2,
                Every::Week,
                Class::each_at_school(),
                of("regular"),
            )
            .also(&["常规安全教育"]),
            duty(
                "safety_lesson_holiday",
                "节假日前安全教育",
                1,
                Every::BeforeHoliday,
                Class::each_at_school(),
                of("holiday"),
            )
            .also(&["节前安全教育", "放假前安全教育", "1530安全教育"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "safety_lesson_coverage",
                "安全教育班级覆盖率",
                "开展过安全教育的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&["安全教育覆盖率", "安全教育普及率"]),
            indicator(
                "safety_lessons",
                "安全教育次数",
                "安全教育记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "safety_lesson_students",
                "安全教育受教育人次",
                "实到人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "present".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "安全教育记录表")
                .fields(&[
                    "class", "held_on", "kind", "form", "subject", "minutes", "topic", "teacher", "expected",
                    "present", "content",
                ])
                .signatures(&["主讲人", "班主任", "学生代表"]),
            list_form(
                "book",
                "班级安全教育台账",
                &["held_on", "kind", "topic", "minutes", "present", "teacher"],
                &["签名"],
            )
            .by("class"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.minutes == 0, "minutes", "时长应大于0分钟")
            .refuse(
                self.kind == LessonKind::Holiday && (1..BEFORE_HOLIDAY).contains(&self.minutes),
                "minutes",
                "节假日前的安全教育不少于30分钟（1530要求）",
            )
            .refuse(self.expected == 0, "expected", "应到人数应大于0")
            .refuse(
                self.present > self.expected,
                "present",
                "实到人数不能多于应到人数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let absent = self.expected - self.present;
        Checks::new()
            .refuse(absent > 0, "present", format!("有{absent}名学生未到，请安排补课"))
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> SafetyLesson {
        SafetyLesson {
            class: Ref::new(Uuid::nil()),
            held_on: test_day(),
            kind: LessonKind::Special,
            form: Code("1".into()),
            subject: LessonSubject::Water,
            topic: "珍爱生命，预防溺水".into(),
            minutes: 20,
            expected: 45,
            present: 45,
            teacher: Ref::new(Uuid::nil()),
            content: None,
            files: Files::default(),
        }
    }

    #[test]
    fn head_count_minutes_and_day_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&SafetyLesson {
                present: 46,
                ..sample()
            }),
            ["present"]
        );
        assert_eq!(
            refused(&SafetyLesson {
                expected: 0,
                present: 0,
                ..sample()
            }),
            ["expected"]
        );
        assert_eq!(
            refused(&SafetyLesson {
                minutes: 0,
                ..sample()
            }),
            ["minutes"]
        );
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&SafetyLesson {
                held_on: tomorrow,
                ..sample()
            }),
            ["held_on"]
        );
    }

    #[test]
    fn the_lesson_before_a_holiday_lasts_half_an_hour() {
        let holiday = SafetyLesson {
            kind: LessonKind::Holiday,
            ..sample()
        };
        assert_eq!(
            refused(&SafetyLesson {
                minutes: 29,
                ..holiday.clone()
            }),
            ["minutes"]
        );
        assert!(
            refused(&SafetyLesson {
                minutes: 30,
                ..holiday
            })
            .is_empty()
        );
    }

    #[test]
    fn the_absent_are_called_for() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&SafetyLesson {
                present: 44,
                ..sample()
            }),
            ["present"]
        );
    }
}
