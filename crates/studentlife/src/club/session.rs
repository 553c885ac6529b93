use super::Club;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, each, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, YOUTH_LEAGUE};

/// 社团活动：每次活动的时间、内容和人数，由指导教师登记；参加的学生另在“参加社团活动”登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "club_session",
    title = "社团活动",
    group = "student",
    systems = "D10",
    label = "club, held_on",
    key = "serial",
    unique = "serial",
    date = "held_on",
    owner = "adviser"
)]
pub struct ClubSession {
    #[field(label = "活动编号", list, max = 32, help = "如 ST2026-0012")]
    pub serial: String,
    #[field(label = "社团", list, filter)]
    pub club: Ref<Club>,
    #[field(label = "活动名称", list, max = 60)]
    pub name: String,
    #[field(label = "活动类型", filter, code = "STHDLXDM")]
    pub kind: Code,
    #[field(label = "活动日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "时长（分钟）", max = 600)]
    pub minutes: i64,
    #[field(label = "指导教师", list)]
    pub adviser: Ref<Staff>,
    #[field(label = "参加学生数", list, max = 500)]
    pub attended: i64,
    #[field(label = "活动内容", max = 500)]
    pub content: LongText,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for ClubSession {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "club_session_week",
                "社团活动",
                1,
                Every::HalfMonth,
                each("club"),
                Filter::all(),
            )
            .also(&["开展社团活动", "学生社团活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "club_sessions",
                "社团活动次数",
                "社团活动记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["社团活动场次"]),
            indicator(
                "club_session_persons",
                "社团活动参加人次",
                "参加学生数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "attended".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(YOUTH_LEAGUE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(CLASS_TEACHER, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "社团活动记录表")
                .fields(&[
                    "serial", "club", "name", "held_on", "minutes", "adviser", "attended", "content",
                ])
                .signatures(&["社团负责人", "指导教师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.minutes == 0, "minutes", "时长应大于0")
            .refuse(self.attended == 0, "attended", "参加学生数应大于0")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some};

    #[test]
    fn a_session_has_people_and_time() {
        let sample = || ClubSession {
            serial: "ST2026-0012".into(),
            club: some(),
            name: "拓印练习".into(),
            kind: Code("4".into()),
            held_on: day(0),
            minutes: 80,
            adviser: some(),
            attended: 20,
            content: LongText("分组拓印".into()),
            photos: Files::default(),
        };
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ClubSession {
                minutes: 0,
                ..sample()
            }),
            ["minutes"]
        );
        assert_eq!(
            refused(&ClubSession {
                attended: 0,
                ..sample()
            }),
            ["attended"]
        );
        assert_eq!(
            refused(&ClubSession {
                held_on: day(1),
                ..sample()
            }),
            ["held_on"]
        );
    }
}
