use crate::{PlannedCourse, Textbook};
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{ChoiceList, Code, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{TEACHING_OFFICE, directory};
use people::{Class, Course, Room, Staff, Unit};

choice!(
    /// 星期; the codes are those of the national table.
    Weekday {
        Monday = "1" "星期一",
        Tuesday = "2" "星期二",
        Wednesday = "3" "星期三",
        Thursday = "4" "星期四",
        Friday = "5" "星期五",
        Saturday = "6" "星期六",
        Sunday = "7" "星期日",
    }
);

choice!(
    /// 单双周
    Weeks {
        All = "all" "每周",
        Odd = "odd" "单周",
        Even = "even" "双周",
    }
);

/// 课表明细：课表里的一格——哪个班、哪门课、谁在哪里、星期几第几节、从第几周到第几周。由排课写入，教务处可手工调整。
///
/// The national table has a row for each week; a push writes the slot once for each of its weeks, the date seven days
/// on.
#[derive(Clone, Debug, Register)]
#[register(
    id = "lesson_slot",
    title = "课表明细",
    group = "teaching",
    systems = "B5",
    label = "class, course, weekday",
    key = "number",
    unique = "number",
    within = "class",
    owner = "teacher"
)]
pub struct LessonSlot {
    #[field(label = "排课号", list, max = 80, dataset = "T10.PKH")]
    pub number: String,
    #[field(label = "计划课程", dataset = "T10.JHKCH:number")]
    pub plan: Ref<PlannedCourse>,
    #[field(label = "课程", list, filter, dataset = "T10.KCH:code, T10.KCMC:name")]
    pub course: Ref<Course>,
    #[field(
        label = "班级",
        list,
        filter,
        dataset = "T10.BJMC:name, T10.NJ:entry_year, T10.ZYMC:major, T10.ZYDM:major_code"
    )]
    pub class: Ref<Class>,
    #[field(label = "专业所属系部", filter, dataset = "T10.ZYSSYXB:name")]
    pub unit: Ref<Unit>,
    #[field(
        label = "学年（起始年）",
        filter,
        max = 2100,
        dataset = "T10.KKXND",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", filter, code = "XQDM", dataset = "T10.KKXQM")]
    pub term: Code,
    #[field(label = "任课教师", list, filter, dataset = "T10.JGH:number")]
    pub teacher: Ref<Staff>,
    #[field(
        label = "上课地点",
        list,
        filter,
        dataset = "T10.SKDD:name, T10.JSH:number, T10.SKDDLBM:kind"
    )]
    pub room: Ref<Room>,
    #[field(label = "起始周", list, max = 30, dataset = "T10.ZC")]
    pub first_week: i64,
    #[field(label = "结束周", list, max = 30)]
    pub last_week: i64,
    #[field(label = "单双周", filter)]
    pub weeks: Weeks,
    #[field(label = "首次上课日期", dataset = "T10.SKRQ", help = "起始周里上这节课的日期")]
    pub first_on: NaiveDate,
    #[field(
        label = "星期",
        list,
        filter,
        dataset = "T10.XQJ",
        help = "按首次上课日期自动填写"
    )]
    pub weekday: Option<Weekday>,
    #[field(
        label = "节次",
        list,
        filter,
        max = 14,
        dataset = "T10.SKJC",
        help = "第一节的节次"
    )]
    pub period: i64,
    #[field(label = "连上节数", list, max = 8)]
    pub periods: i64,
    #[field(label = "上课时间", max = 6, dataset = "T10.SKSJ", help = "时分，如 0800")]
    pub starts_at: String,
    #[field(label = "教学班人数", max = 2000, dataset = "T10.JXBRS")]
    pub students: i64,
    #[field(label = "选用教材", dataset = "T10.XYJCBH:isbn")]
    pub textbook: Option<Ref<Textbook>>,
}

impl Weekday {
    /// The weekday of a date.
    pub fn of(day: NaiveDate) -> Weekday {
        Weekday::ALL[day.weekday().num_days_from_monday() as usize].0
    }
}

impl Rules for LessonSlot {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "lesson_slot_periods",
                "周课时总数",
                "排课的连上节数合计",
                "节",
                Measure::Sum {
                    of: Filter::all(),
                    field: "periods".into(),
                },
            )
            .also(&["排课节数"]),
            indicator(
                "lesson_slot_teachers",
                "任课教师数",
                "排课中的不同教师",
                "人",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "teacher".into(),
                },
            ),
            indicator(
                "lesson_slot_rooms",
                "教室利用覆盖率",
                "排了课的场所 ÷ 在用的场所",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "room".into(),
                    all: Filter::is("status", "in_use"),
                },
            ),
            indicator(
                "lesson_slot_classes",
                "班级排课覆盖率",
                "排了课的班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::all().and("periods", Op::AtLeast, 1),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "class",
                "班级课程安排表",
                &[
                    "weekday", "period", "periods", "course", "teacher", "room", "weeks",
                ],
                &[],
            )
            .by("class"),
            list_form(
                "room",
                "场所使用安排表（门贴）",
                &["weekday", "period", "periods", "class", "course", "teacher"],
                &[],
            )
            .by("room"),
        ]
    }

    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["weekday"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.weekday = Some(Weekday::of(self.first_on));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .refuse(self.first_week == 0, "first_week", "起始周应从第1周起")
            .refuse(
                self.last_week < self.first_week,
                "last_week",
                "结束周不能早于起始周",
            )
            .refuse(self.period == 0, "period", "节次从第1节起")
            .refuse(self.periods == 0, "periods", "连上节数应大于0")
            .refuse(self.students == 0, "students", "教学班人数应大于0")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let odd = self.first_week % 2 == 1;
        let off = match self.weeks {
            Weeks::All => false,
            Weeks::Odd => !odd,
            Weeks::Even => odd,
        };
        let clock = self.starts_at.len() >= 4 && self.starts_at.bytes().all(|b| b.is_ascii_digit());
        Checks::new()
            .refuse(off, "first_week", "起始周与单双周不一致")
            .refuse(!clock, "starts_at", "上课时间请写四位数字，如 0800")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> LessonSlot {
        LessonSlot {
            number: "2025-2-0001".into(),
            plan: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            unit: Ref::new(Uuid::nil()),
            year: 2025,
            term: Code("2".into()),
            teacher: Ref::new(Uuid::nil()),
            room: Ref::new(Uuid::nil()),
            first_week: 1,
            last_week: 18,
            weeks: Weeks::All,
            first_on: test_day(),
            weekday: None,
            period: 1,
            periods: 2,
            starts_at: "0800".into(),
            students: 42,
            textbook: None,
        }
    }

    #[test]
    fn the_weekday_is_that_of_the_first_lesson() {
        let mut slot = sample();
        slot.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(slot.weekday, Some(Weekday::Monday));
        let sunday = test_day().pred_opt().expect("a day");
        assert_eq!(Weekday::of(sunday), Weekday::Sunday);
    }

    #[test]
    fn weeks_and_periods_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let wrong = LessonSlot {
            first_week: 0,
            period: 0,
            periods: 0,
            students: 0,
            starts_at: "8:00".into(),
            weeks: Weeks::Odd,
            ..sample()
        };
        assert_eq!(refused(&wrong), ["first_week", "period", "periods", "students"]);
        assert_eq!(doubted(&wrong), ["first_week", "starts_at"]);
        let back = LessonSlot {
            first_week: 9,
            last_week: 8,
            ..sample()
        };
        assert_eq!(refused(&back), ["last_week"]);
    }
}
