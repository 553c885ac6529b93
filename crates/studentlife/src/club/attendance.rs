use super::ClubSession;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, STUDENT_OFFICE, TEACHER, YOUTH_LEAGUE};

choice!(
    /// 参加身份
    ClubRole {
        Member = "member" "社员",
        Leader = "leader" "社团负责人",
        Guest = "guest" "非社员",
    }
);

/// 参加社团活动：每次活动参加的学生，一人一条，可按签到表批量导入。由指导教师登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "club_attendance",
    title = "参加社团活动",
    group = "student",
    systems = "D10",
    label = "student, session",
    unique = "session, student",
    date = "attended_on",
    within = "student"
)]
pub struct ClubAttendance {
    #[field(
        label = "社团活动",
        list,
        filter,
        dataset = "T37.STHDBH:serial, T37.STHDMC:name, T37.CJSTHDLXM:kind"
    )]
    pub session: Ref<ClubSession>,
    #[field(label = "学生", list, dataset = "T37.XH:number, T37.XSXM:name")]
    pub student: Ref<Student>,
    #[field(label = "参加日期", list, filter, dataset = "T37.CJSTHDSJ")]
    pub attended_on: NaiveDate,
    #[field(label = "参加身份", list, filter)]
    pub role: ClubRole,
}

impl Rules for ClubAttendance {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "club_attendance_coverage",
                "学生社团参与率",
                "参加过社团活动的在校生 ÷ 在校生",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["社团参与率", "社团活动参与率"]),
            indicator(
                "club_attendance_students",
                "参加社团活动学生数",
                "参加过社团活动的不同学生",
                "人",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "student".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(YOUTH_LEAGUE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "sign",
                "社团活动签到表",
                &["session", "student", "role"],
                &["签名"],
            )
            .by("session"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.attended_on, ctx.today, "attended_on")
            .done()
    }
}
