use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, YOUTH_LEAGUE};
use people::{Room, Staff, Student};

/// 学生社团：社团的成立、指导教师、负责人、章程和年审。由指导教师申请，团委审批、年审和注销。
#[derive(Clone, Debug, Register)]
#[register(
    id = "club",
    title = "学生社团",
    group = "student",
    systems = "D10",
    label = "name",
    key = "name",
    unique = "name",
    date = "founded_on",
    owner = "adviser"
)]
pub struct Club {
    #[field(label = "社团名称", list, max = 40)]
    pub name: String,
    #[field(label = "社团类型", list, filter, code = "STHDLXDM")]
    pub kind: Code,
    #[field(label = "成立日期", list, filter)]
    pub founded_on: NaiveDate,
    #[field(label = "指导教师", list)]
    pub adviser: Ref<Staff>,
    #[field(label = "社团负责人")]
    pub president: Option<Ref<Student>>,
    #[field(label = "社员人数", list, max = 500)]
    pub members: i64,
    #[field(label = "活动场所")]
    pub room: Option<Ref<Room>>,
    #[field(label = "活动时间", max = 40, help = "如 每周三第8节")]
    pub schedule: String,
    #[field(label = "宗旨与内容", max = 500)]
    pub purpose: LongText,
    #[field(label = "章程")]
    pub charter: Files,
    #[field(label = "最近年审日期", list)]
    pub reviewed_on: Option<NaiveDate>,
    #[field(label = "年审结论", max = 200)]
    pub review: Option<String>,
    #[field(label = "注销日期")]
    pub dissolved_on: Option<NaiveDate>,
}

impl Rules for Club {
    fn flow() -> Flow {
        let league = [Who::Role(YOUTH_LEAGUE)];
        Flow::approvals(&[Stage::by("league", "团委", &league).days(7)], "在册")
            .done("已注销")
            .step("review", "年审", &["在册"], "在册", &league)
            .needs(&["reviewed_on", "review"])
            .signed("年审意见")
            .step("dissolve", "注销", &["在册"], "已注销", &league)
            .needs(&["dissolved_on"])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "clubs",
                "学生社团数",
                "在册的社团",
                "个",
                Measure::Count {
                    of: Filter::state("在册"),
                },
            )
            .standing()
            .also(&["社团数", "社团数量"]),
            indicator(
                "club_members",
                "社团社员人次",
                "在册社团的社员人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::state("在册"),
                    field: "members".into(),
                },
            )
            .standing()
            .also(&["参加社团学生数"]),
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

    fn service() -> Option<Service> {
        Some(
            service(
                "成立学生社团",
                "团委",
                "由指导教师申请，附章程和二十人以上的社员；团委七日内审批",
            )
            .quick(&[
                "name",
                "kind",
                "founded_on",
                "adviser",
                "members",
                "schedule",
                "purpose",
                "charter",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "学生社团成立申请表")
                .fields(&[
                    "name",
                    "kind",
                    "founded_on",
                    "adviser",
                    "president",
                    "members",
                    "schedule",
                    "purpose",
                ])
                .approvals()
                .signatures(&["社团负责人", "指导教师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.founded_on, ctx.today, "founded_on")
            .refuse(self.members == 0, "members", "社员人数应大于0")
            .in_order(
                self.founded_on,
                self.reviewed_on,
                "reviewed_on",
                "年审日期不能早于成立日期",
            )
            .not_after_today(self.reviewed_on, ctx.today, "reviewed_on")
            .refuse(
                self.reviewed_on.is_some() && !filled(self.review.as_deref()),
                "review",
                "填写了年审日期，请写明年审结论",
            )
            .in_order(
                self.founded_on,
                self.dissolved_on,
                "dissolved_on",
                "注销日期不能早于成立日期",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.members < 20, "members", "社员一般不少于20人")
            .refuse(self.charter.0.is_empty(), "charter", "还没有上传章程")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn a_club_has_members_and_its_review_a_result() {
        let sample = || Club {
            name: "木刻社".into(),
            kind: Code("4".into()),
            founded_on: day(-400),
            adviser: some(),
            president: None,
            members: 24,
            room: None,
            schedule: "每周三第8节".into(),
            purpose: LongText("学习木刻版画".into()),
            charter: Files(vec![uuid::Uuid::nil()]),
            reviewed_on: None,
            review: None,
            dissolved_on: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&Club {
                members: 0,
                ..sample()
            }),
            ["members"]
        );
        assert_eq!(
            refused(&Club {
                reviewed_on: Some(day(-1)),
                ..sample()
            }),
            ["review"]
        );
        assert_eq!(
            refused(&Club {
                dissolved_on: Some(day(-401)),
                ..sample()
            }),
            ["dissolved_on"]
        );
        assert_eq!(
            doubted(&Club {
                members: 8,
                ..sample()
            }),
            ["members"]
        );
    }

    #[test]
    fn the_league_approves() {
        let flow = Club::flow();
        assert_eq!(
            flow.find("approve_league").expect("a step").who,
            [Who::Role(YOUTH_LEAGUE)]
        );
    }
}
