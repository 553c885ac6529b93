use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, OFFICE, STUDENT_OFFICE, SUPERVISOR, TEACHER, TEACHING_OFFICE,
};
use people::{Class, Room, Staff};

choice!(
    /// 星期
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

/// 教师到课情况、教学条件: 1正常 0异常.
const NORMAL: &str = "1";

/// 巡课记录：巡课人逐班查看到课人数、教师到课、课堂互动和教学条件，异常的写明处理。由教务处组织，按国家巡课数据口径填写。
#[derive(Clone, Debug, Register)]
#[register(
    id = "class_patrol",
    title = "巡课记录",
    group = "teaching",
    systems = "B11",
    label = "class, patrolled_on, period",
    unique = "class, patrolled_on, period, patroller",
    date = "patrolled_on",
    within = "class",
    owner = "patroller"
)]
pub struct ClassPatrol {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "巡课日期", list, filter)]
    pub patrolled_on: NaiveDate,
    #[field(label = "周次", max = 30, dataset = "T20.ZC", help = "教学周")]
    pub week: i64,
    #[field(label = "星期", dataset = "T20.XQJ", help = "自动填写")]
    pub weekday: Option<Weekday>,
    #[field(label = "上课节次", list, max = 5, dataset = "T20.SKJC", help = "如 3 或 5-6")]
    pub period: String,
    #[field(label = "排课号", max = 80, dataset = "T20.PKH", help = "课表上的编号")]
    pub lesson: String,
    #[field(label = "任课教师", list)]
    pub teacher: Option<Ref<Staff>>,
    #[field(label = "上课地点")]
    pub room: Option<Ref<Room>>,
    #[field(label = "应到人数", max = 500, dataset = "T20.YDXSRS")]
    pub expected: i64,
    #[field(label = "实到人数", list, max = 500, dataset = "T20.SDXSRS")]
    pub present: i64,
    #[field(
        label = "教师到课情况",
        list,
        filter,
        code = "JSDKQKDM",
        dataset = "T20.JSDKQKM"
    )]
    pub teacher_state: Code,
    #[field(label = "课堂互动情况", filter, code = "KTHDQKDM", dataset = "T20.KTHDQKM")]
    pub interaction: Code,
    #[field(label = "教学条件", list, filter, code = "JXTJZKDM", dataset = "T20.JXTJM")]
    pub condition: Code,
    #[field(label = "巡课人", list, dataset = "T20.XKR:name")]
    pub patroller: Ref<Staff>,
    #[field(label = "巡课方式", filter, code = "XKFSDM", dataset = "T20.XKFSM")]
    pub way: Code,
    #[field(
        label = "巡课时间",
        max = 6,
        dataset = "T20.XKSJ",
        help = "时分秒六位，如 093000"
    )]
    pub time: Option<String>,
    #[field(label = "异常说明", max = 500, dataset = "T20.YCSM")]
    pub abnormal: Option<LongText>,
    #[field(label = "巡课结果", max = 500, dataset = "T20.XKJG")]
    pub result: LongText,
    #[field(label = "处理情况", max = 300, help = "异常怎样处理、是否转教学事故")]
    pub handled: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl ClassPatrol {
    fn is_normal(&self) -> bool {
        self.teacher_state.0 == NORMAL && self.condition.0 == NORMAL
    }
}

impl Rules for ClassPatrol {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "class_patrol_daily",
                "每日巡课",
                1,
                Every::Day,
                school_wide(),
                Filter::all(),
            )
            .also(&["巡课", "教学巡查", "日常巡课"]),
            duty(
                "class_patrol_weekly",
                "每周巡课到班",
                1,
                Every::Week,
                Class::each_at_school(),
                Filter::all(),
            ),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let normal = |field: &str| Filter::is(field, NORMAL);
        vec![
            indicator(
                "class_patrols",
                "巡课次数",
                "巡课记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["巡课"]),
            indicator(
                "class_patrol_teacher",
                "教师到课正常率",
                "教师到课正常的巡课 ÷ 全部巡课",
                "%",
                Measure::Share {
                    of: normal("teacher_state"),
                    among: Filter::all(),
                },
            )
            .also(&["教师按时到课率", "课堂秩序正常率"]),
            indicator(
                "class_patrol_interaction",
                "课堂互动率",
                "有课堂互动的巡课 ÷ 全部巡课",
                "%",
                Measure::Share {
                    of: Filter::all().and("interaction", Op::Not, "0"),
                    among: Filter::all(),
                },
            ),
            indicator(
                "class_patrol_full",
                "到课满员率",
                "实到不少于应到的巡课 ÷ 全部巡课",
                "%",
                Measure::Share {
                    of: Filter::all().and("expected", Op::AtMostField, "present"),
                    among: Filter::all(),
                },
            )
            .also(&["学生全员到课率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(SUPERVISOR, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(OFFICE, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["weekday"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        use Weekday::*;
        let days = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        self.weekday = Some(days[self.patrolled_on.weekday().num_days_from_monday() as usize]);
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "daily",
                "巡课记录表",
                &[
                    "class",
                    "period",
                    "teacher",
                    "expected",
                    "present",
                    "teacher_state",
                    "result",
                ],
                &["班长签字"],
            )
            .by("patrolled_on"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let clock = |time: &str| {
            time.len() == 6
                && time.bytes().all(|b| b.is_ascii_digit())
                && &time[..2] < "24"
                && &time[2..4] < "60"
                && &time[4..] < "60"
        };
        Checks::new()
            .not_after_today(self.patrolled_on, ctx.today, "patrolled_on")
            .refuse(
                self.present > self.expected,
                "present",
                "实到人数不能多于应到人数",
            )
            .refuse(
                !self.is_normal() && !crate::who::says(&self.abnormal),
                "abnormal",
                "教师到课或教学条件异常，请说明",
            )
            .refuse(
                self.time.as_deref().is_some_and(|time| !clock(time)),
                "time",
                "巡课时间应为六位时分秒，如 093000",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let many = self.expected > 0 && self.present * 10 < self.expected * 9;
        Checks::new()
            .refuse(
                many && !crate::who::says(&self.handled),
                "handled",
                "缺席超过一成，请联系班主任核实并写明",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ClassPatrol {
        ClassPatrol {
            class: Ref::new(Uuid::nil()),
            patrolled_on: test_day(),
            week: 3,
            weekday: None,
            period: "3".into(),
            lesson: "PK0312".into(),
            teacher: None,
            room: None,
            expected: 40,
            present: 40,
            teacher_state: Code("1".into()),
            interaction: Code("2".into()),
            condition: Code("1".into()),
            patroller: Ref::new(Uuid::nil()),
            way: Code("2".into()),
            time: Some("093000".into()),
            abnormal: None,
            result: LongText("教学有序".into()),
            handled: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn what_is_not_normal_is_explained() {
        let mut patrol = sample();
        assert!(refused(&patrol).is_empty());
        patrol.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(patrol.weekday, Some(Weekday::Monday));
        for odd in [
            ClassPatrol {
                teacher_state: Code("0".into()),
                ..sample()
            },
            ClassPatrol {
                condition: Code("0".into()),
                ..sample()
            },
        ] {
            assert_eq!(refused(&odd), ["abnormal"]);
        }
    }

    #[test]
    fn heads_and_times_are_possible() {
        let more = ClassPatrol {
            present: 41,
            ..sample()
        };
        assert_eq!(refused(&more), ["present"]);
        for time in ["9:30", "246000", "0930时"] {
            let odd = ClassPatrol {
                time: Some(time.into()),
                ..sample()
            };
            assert_eq!(refused(&odd), ["time"]);
        }
        let few = ClassPatrol {
            present: 35,
            ..sample()
        };
        assert_eq!(doubted(&few), ["handled"]);
    }
}
