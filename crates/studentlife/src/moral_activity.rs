use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, OFFICE, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE,
};
use people::{Class, Staff};

choice!(
    /// 活动项目: what the school's plan calls it.
    Programme {
        Theme = "theme" "德育主题教育",
        Meeting = "meeting" "主题班会",
        Flag = "flag" "升旗仪式",
        Law = "law" "法制宣传教育",
        Habit = "habit" "习惯养成教育",
        Parents = "parents" "家长会",
        Club = "club" "社团活动",
        Labour = "labour" "劳动教育",
        Volunteer = "volunteer" "志愿服务",
        Festival = "festival" "重大节日活动",
        Defence = "defence" "国防教育与军训",
        Reading = "reading" "读书活动",
        TenOnes = "ten_ones" "“十个一”活动",
        Other = "other" "其他",
    }
);

/// 德育活动：主题教育、班会、升旗、法制宣传、习惯养成、家长会等。学生处登记全校活动，班主任登记本班活动。
#[derive(Clone, Debug, Register)]
#[register(
    id = "moral_activity",
    title = "德育活动",
    group = "student",
    systems = "D10, D6",
    label = "name, starts_on",
    date = "starts_on",
    within = "class",
    owner = "leader"
)]
pub struct MoralActivity {
    #[field(label = "活动名称", list, max = 60, dataset = "T51.HDMC")]
    pub name: String,
    #[field(label = "活动项目", list, filter)]
    pub programme: Programme,
    #[field(label = "活动类型", list, filter, code = "DYHDLXDM", dataset = "T51.HDLXM")]
    pub kind: Code,
    #[field(label = "活动主题", filter, code = "DYHDZTDM", dataset = "T51.HDZTM")]
    pub theme: Option<Code>,
    #[field(label = "所属专题", max = 100, dataset = "T51.SSZT")]
    pub topic: Option<String>,
    #[field(label = "活动版块", max = 100, dataset = "T51.HDBK")]
    pub section: Option<String>,
    #[field(label = "班级", list, filter, help = "全校性活动不填")]
    pub class: Option<Ref<Class>>,
    #[field(label = "开始日期", list, filter, dataset = "T51.HDKSRQ")]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T51.HDJSRQ")]
    pub ends_on: NaiveDate,
    #[field(label = "主办单位", max = 60, dataset = "T51.ZBDW")]
    pub host: String,
    #[field(
        label = "主办单位级别",
        filter,
        code = "ZBDWJBDM",
        dataset = "T51.ZBDWJB",
        help = "学校主办的选“其他”"
    )]
    pub host_level: Code,
    #[field(label = "校方负责人", list, dataset = "T51.XFFZR:name")]
    pub leader: Ref<Staff>,
    #[field(label = "参与班级数", max = 500, dataset = "T51.CYBJS")]
    pub classes: i64,
    #[field(label = "参与教师数", max = 2000, dataset = "T51.CYJSS")]
    pub teachers: i64,
    #[field(label = "参与学生数", list, max = 20000, dataset = "T51.CYXSS")]
    pub students: i64,
    #[field(label = "参加家长数", max = 20000, help = "家长会填写")]
    pub parents: Option<i64>,
    #[field(label = "活动内容", max = 150, dataset = "T51.HDNR", help = "150字以内")]
    pub content: LongText,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for MoralActivity {
    fn duties() -> Vec<DutySpec> {
        let of = |programme: &str| Filter::is("programme", programme);
        vec![
            duty(
                "moral_theme",
                "德育主题教育",
                1,
                Every::Month,
                school_wide(),
                of("theme"),
            )
            .also(&["主题教育", "德育主题教育活动"]),
            duty(
                "moral_habit",
                "习惯养成教育",
                1,
                Every::Week,
                school_wide(),
                of("habit"),
            )
            .also(&["行为习惯养成教育"]),
            duty(
                "moral_law",
                "法制宣传教育",
                1,
                Every::Term,
                school_wide(),
                of("law"),
            )
            .also(&["法治宣传教育", "法治教育", "学生普法活动", "普法教育"]),
            duty(
                "moral_parents",
                "家长会",
                1,
                Every::Term,
                Class::each_at_school(),
                of("parents"),
            )
            .also(&["召开家长会"]),
            duty(
                "moral_flag",
                "升旗仪式",
                1,
                Every::Week,
                school_wide(),
                of("flag"),
            ),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "moral_activities",
                "德育活动次数",
                "德育活动记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["德育活动场次"]),
            indicator(
                "moral_students",
                "德育活动参与学生人次",
                "参与学生数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "students".into(),
                },
            ),
            indicator(
                "moral_volunteers",
                "志愿服务人次",
                "志愿服务活动的参与学生数合计",
                "人次",
                Measure::Sum {
                    of: Filter::is("programme", "volunteer"),
                    field: "students".into(),
                },
            )
            .also(&["青年志愿者活动", "志愿服务活动"]),
            indicator(
                "moral_ten_ones",
                "“十个一”活动次数",
                "活动项目为“十个一”的记录条数",
                "次",
                Measure::Count {
                    of: Filter::is("programme", "ten_ones"),
                },
            )
            .also(&["十个一活动", "十个一"]),
            indicator(
                "moral_parents_coverage",
                "家长会班级覆盖率",
                "开过家长会的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::is("programme", "parents"),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&["家长会召开率"]),
            indicator(
                "moral_meeting_coverage",
                "主题班会覆盖率",
                "开过主题班会的在校班级 ÷ 在校班级",
                "%",
                Measure::Coverage {
                    of: Filter::is("programme", "meeting"),
                    field: "class".into(),
                    all: Class::at_school(),
                },
            )
            .also(&["主题班会开展率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let parents = self.programme == Programme::Parents;
        Checks::new()
            .not_after_today(self.starts_on, ctx.today, "starts_on")
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .refuse(
                matches!(self.programme, Programme::Meeting) && self.class.is_none(),
                "class",
                "主题班会请选择班级",
            )
            .refuse(
                self.class.is_some() && self.classes != 1,
                "classes",
                "选择了班级的活动，参与班级数应为1",
            )
            .refuse(!parents && self.students == 0, "students", "参与学生数应大于0")
            .refuse(
                parents && self.parents.unwrap_or(0) == 0,
                "parents",
                "家长会请填写参加家长数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let expected = match self.programme {
            Programme::Law => Some(("6", "法治教育")),
            Programme::Labour => Some(("8", "劳动教育")),
            _ => None,
        };
        let odd = expected.filter(|(code, _)| self.theme.as_ref().is_some_and(|theme| theme.0 != *code));
        let message = odd.map_or(String::new(), |(_, name)| {
            format!("这个项目的活动主题一般为“{name}”，请核对")
        });
        Checks::new().refuse(odd.is_some(), "theme", message).done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> MoralActivity {
        MoralActivity {
            name: "宪法宣传周主题教育".into(),
            programme: Programme::Law,
            kind: Code("1".into()),
            theme: Some(Code("6".into())),
            topic: None,
            section: None,
            class: None,
            starts_on: test_day(),
            ends_on: test_day(),
            host: "学生处".into(),
            host_level: Code("9".into()),
            leader: Ref::new(Uuid::nil()),
            classes: 60,
            teachers: 65,
            students: 2400,
            parents: None,
            content: LongText("法治副校长作专题报告".into()),
            photos: Files::default(),
        }
    }

    #[test]
    fn days_are_ordered() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&MoralActivity {
                ends_on: test_day().pred_opt().unwrap(),
                ..sample()
            }),
            ["ends_on"]
        );
        let tomorrow = test_day().succ_opt().unwrap();
        assert_eq!(
            refused(&MoralActivity {
                starts_on: tomorrow,
                ends_on: tomorrow,
                ..sample()
            }),
            ["starts_on"]
        );
    }

    #[test]
    fn the_counts_agree_with_the_scope() {
        assert_eq!(
            refused(&MoralActivity {
                students: 0,
                ..sample()
            }),
            ["students"]
        );
        let class = Some(Ref::new(Uuid::nil()));
        assert_eq!(refused(&MoralActivity { class, ..sample() }), ["classes"]);
        assert!(
            refused(&MoralActivity {
                class,
                classes: 1,
                ..sample()
            })
            .is_empty()
        );
        let meeting = MoralActivity {
            programme: Programme::Meeting,
            theme: None,
            ..sample()
        };
        assert_eq!(refused(&meeting), ["class"]);
        let parents = MoralActivity {
            programme: Programme::Parents,
            students: 0,
            ..sample()
        };
        assert_eq!(refused(&parents), ["parents"]);
        assert!(
            refused(&MoralActivity {
                parents: Some(40),
                ..parents
            })
            .is_empty()
        );
    }

    #[test]
    fn an_odd_theme_is_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&MoralActivity {
                theme: Some(Code("8".into())),
                ..sample()
            }),
            ["theme"]
        );
        assert!(
            doubted(&MoralActivity {
                theme: None,
                ..sample()
            })
            .is_empty()
        );
    }
}
