use crate::{Major, TrainingRoom};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, TEACHER, TRAINING_OFFICE};
use people::{Staff, Unit};

choice!(
    /// 适合学段
    Audience {
        LowerPrimary = "lower_primary" "小学1—3年级",
        UpperPrimary = "upper_primary" "小学4—6年级",
        Middle = "middle" "初中",
        High = "high" "高中",
        Public = "public" "家长和社会公众",
    }
);

/// 职业体验课程：向中小学生和社会开放的职业体验课，系部开发，实训处审核后开放预约。劳动教育和职业启蒙活动都从这里选课。
#[derive(Clone, Debug, Register)]
#[register(
    id = "experience_course",
    title = "职业体验课程",
    group = "training",
    systems = "C5",
    label = "name",
    key = "number",
    unique = "number; name",
    date = "designed_on",
    within = "unit",
    owner = "leader"
)]
pub struct ExperienceCourse {
    #[field(label = "课程编号", list, max = 20)]
    pub number: String,
    #[field(label = "课程名称", list, max = 60)]
    pub name: String,
    #[field(label = "体验职业", list, filter, max = 40)]
    pub occupation: String,
    #[field(label = "开发系部", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "依托专业")]
    pub major: Option<Ref<Major>>,
    #[field(label = "负责教师", list)]
    pub leader: Ref<Staff>,
    #[field(label = "开发日期")]
    pub designed_on: NaiveDate,
    #[field(label = "适合学段", list, filter)]
    pub audience: Audience,
    #[field(label = "体验场地", list)]
    pub room: Ref<TrainingRoom>,
    #[field(label = "时长（分钟）", list, max = 600)]
    pub minutes: i64,
    #[field(
        label = "每场容量",
        list,
        max = 200,
        help = "按工位和指导教师定，不超过工位数"
    )]
    pub capacity: i64,
    #[field(label = "指导教师数", max = 20)]
    pub instructors: i64,
    #[field(label = "体验过程", max = 1000)]
    pub steps: LongText,
    #[field(label = "体验成果", max = 200, help = "学生带走或展示的作品")]
    pub product: Option<String>,
    #[field(
        label = "安全要求",
        max = 500,
        help = "禁用设备、防护用品、年龄限制、应急处置"
    )]
    pub safety: LongText,
    #[field(label = "每人材料费（元）", help = "公益体验填0")]
    pub fee: Money,
    #[field(label = "附件", help = "课程方案、任务单，可不传")]
    pub files: Files,
}

impl Rules for ExperienceCourse {
    fn flow() -> Flow {
        let office = [Who::Role(TRAINING_OFFICE)];
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]),
                Stage::by("office", "实训处", &office).days(5),
            ],
            "开放预约",
        )
        .dropped("已停开")
        .open("暂停开放")
        .step("pause", "暂停", &["开放预约"], "暂停开放", &office)
        .with_note()
        .step("resume", "恢复开放", &["暂停开放"], "开放预约", &office)
        .step("close", "停开", &["开放预约", "暂停开放"], "已停开", &office)
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "experience_courses",
                "职业体验课程门数",
                "开放预约的职业体验课程",
                "门",
                Measure::Count {
                    of: Filter::state("开放预约"),
                },
            )
            .standing()
            .also(&["职业体验项目数", "职业启蒙课程"]),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "职业体验课程申报",
                "实训处",
                "系部开发课程，写清容量和安全要求；系部、实训处审核后开放预约",
            )
            .for_roles(&[TEACHER, DEPARTMENT_HEAD]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("task", "职业体验任务单")
                .fields(&["name", "occupation", "audience", "room", "minutes", "leader"])
                .heading("我们这样体验")
                .text("{steps}")
                .heading("安全要求")
                .text("{safety}")
                .heading("我的作品和收获")
                .signatures(&["体验学生", "指导教师"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(ENROLMENT_OFFICE, Reach::School),
            may_read(COOPERATION_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.designed_on, ctx.today, "designed_on")
            .refuse(self.minutes == 0, "minutes", "时长应大于0分钟")
            .refuse(self.capacity == 0, "capacity", "每场容量应大于0")
            .refuse(self.instructors == 0, "instructors", "至少有1名指导教师")
            .refuse(self.fee.0 < 0, "fee", "材料费不能为负数")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let crowded = self.capacity > self.instructors * 20;
        let primary = matches!(self.audience, Audience::LowerPrimary | Audience::UpperPrimary);
        Checks::new()
            .refuse(
                crowded,
                "instructors",
                "每名指导教师带的学生超过20人，请增加指导教师或减少容量",
            )
            .refuse(
                primary && self.minutes > 120,
                "minutes",
                "小学生体验一般不超过120分钟",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn time_places_and_guides_are_checked() {
        let sample = ExperienceCourse {
            number: "TY01".into(),
            name: "小小面点师".into(),
            occupation: "面点师".into(),
            unit: Ref::new(Uuid::nil()),
            major: None,
            leader: Ref::new(Uuid::nil()),
            designed_on: test_day(),
            audience: Audience::UpperPrimary,
            room: Ref::new(Uuid::nil()),
            minutes: 90,
            capacity: 40,
            instructors: 2,
            steps: LongText("认识工具、和面、造型、蒸制".into()),
            product: Some("造型馒头".into()),
            safety: LongText("不进入蒸制区".into()),
            fee: Money(0),
            files: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        assert!(doubted(&sample).is_empty());
        let long = ExperienceCourse {
            minutes: 150,
            capacity: 41,
            ..sample.clone()
        };
        assert_eq!(doubted(&long), ["instructors", "minutes"]);
        let bare = ExperienceCourse {
            minutes: 0,
            capacity: 0,
            instructors: 0,
            fee: Money(-1),
            ..sample
        };
        assert_eq!(refused(&bare), ["minutes", "capacity", "instructors", "fee"]);
    }
}
