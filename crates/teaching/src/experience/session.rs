use crate::{ExperienceBooking, ExperienceCourse, TrainingRoom};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, SAFETY_OFFICE, TEACHER, TRAINING_OFFICE};

/// 职业体验场次：每一场体验的时间、场地、指导教师、志愿者、安全教育和效果，由指导教师登记；一次预约可以分几场。
#[derive(Clone, Debug, Register)]
#[register(
    id = "experience_session",
    title = "职业体验场次",
    group = "training",
    systems = "C5",
    label = "course, held_on",
    date = "held_on",
    within = "course",
    owner = "instructor"
)]
pub struct ExperienceSession {
    #[field(label = "体验课程", list, filter)]
    pub course: Ref<ExperienceCourse>,
    #[field(label = "预约", list, help = "校园开放日等没有预约的不填")]
    pub booking: Option<Ref<ExperienceBooking>>,
    #[field(label = "体验日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "体验场地", list)]
    pub room: Ref<TrainingRoom>,
    #[field(label = "指导教师", list)]
    pub instructor: Ref<Staff>,
    #[field(label = "时长（分钟）", max = 600)]
    pub minutes: i64,
    #[field(label = "参加人数", list, max = 500)]
    pub participants: i64,
    #[field(label = "学生志愿者数", max = 100)]
    pub volunteers: i64,
    #[field(label = "安全教育已做", filter)]
    pub briefed: bool,
    #[field(label = "完成作品数", max = 500)]
    pub products: i64,
    #[field(label = "异常情况", max = 300, help = "受伤、设备故障、提前结束等；没有不填")]
    pub incident: Option<LongText>,
    #[field(label = "处置结果", max = 300)]
    pub handling: Option<LongText>,
    #[field(label = "改进建议", max = 300)]
    pub advice: Option<LongText>,
    #[field(label = "照片", help = "可不传；学生正面照须经来访学校同意")]
    pub photos: Files,
}

impl Rules for ExperienceSession {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "experience_session_monthly",
                "职业体验活动",
                1,
                Every::Month,
                school_wide(),
                Filter::all(),
            )
            .also(&["职业体验日", "职业启蒙活动", "职业体验中心开放"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "experience_sessions",
                "职业体验场次",
                "职业体验场次记录条数",
                "场",
                Measure::Count { of: Filter::all() },
            )
            .also(&["职业体验活动次数", "职业体验活动场次"]),
            indicator(
                "experience_session_people",
                "职业体验参加人次",
                "场次的参加人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "participants".into(),
                },
            ),
            indicator(
                "experience_session_briefed",
                "体验安全教育率",
                "做了安全教育的场次 ÷ 全部场次",
                "%",
                Measure::Share {
                    of: Filter::is("briefed", true),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "职业体验场次记录表")
                .fields(&[
                    "course",
                    "held_on",
                    "booking",
                    "room",
                    "instructor",
                    "minutes",
                    "participants",
                    "volunteers",
                    "briefed",
                    "products",
                    "incident",
                    "handling",
                    "advice",
                ])
                .signatures(&["指导教师", "带队教师"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let said = |text: &Option<LongText>| filled(text.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.minutes == 0, "minutes", "时长应大于0分钟")
            .refuse(self.participants == 0, "participants", "参加人数应大于0")
            .refuse(
                said(&self.incident) && !said(&self.handling),
                "handling",
                "有异常情况，请写明处置结果",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(!self.briefed, "briefed", "进入场地前应做安全教育")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn an_incident_is_handled_and_children_are_briefed() {
        let sample = ExperienceSession {
            course: Ref::new(Uuid::nil()),
            booking: None,
            held_on: test_day(),
            room: Ref::new(Uuid::nil()),
            instructor: Ref::new(Uuid::nil()),
            minutes: 90,
            participants: 36,
            volunteers: 4,
            briefed: true,
            products: 36,
            incident: None,
            handling: None,
            advice: None,
            photos: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        let hurt = ExperienceSession {
            incident: Some(LongText("一名学生手指擦伤".into())),
            briefed: false,
            participants: 0,
            minutes: 0,
            ..sample
        };
        assert_eq!(refused(&hurt), ["minutes", "participants", "handling"]);
        assert_eq!(doubted(&hurt), ["briefed"]);
    }
}
