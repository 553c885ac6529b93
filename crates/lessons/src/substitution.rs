use crate::held::{self, Action, Obstacle};
use crate::load::{self, Names};
use crate::words;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::choice;
use kernel::error::{Result, Violation};
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, GrantFn, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use kernel::value::Value;
use people::checks::{Checks, said};
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, TEACHER, TEACHING_OFFICE};
use people::{Class, Course, Room, Staff};
use teaching::LessonSlot;
use uuid::Uuid;

choice!(
    /// 类别
    Kind {
        Cover = "cover" "代课",
        Move = "move" "调课",
        Drop = "drop" "停课",
        MakeUp = "make_up" "补课",
    }
);

choice!(
    /// 事由
    Cause {
        Leave = "leave" "请假",
        Official = "official" "公出",
        Study = "study" "教研与培训",
        School = "school" "学校活动",
        Room = "room" "场地与设备",
        Other = "other" "其他",
    }
);

impl Kind {
    /// What it does with the lesson.
    pub fn action(self) -> Action {
        match self {
            Kind::Cover => Action::Cover,
            Kind::Move => Action::Move,
            Kind::Drop => Action::Drop,
            Kind::MakeUp => Action::MakeUp,
        }
    }
}

/// The state in which a change holds.
pub const IN_FORCE: &str = "已生效";
/// Called off after it was in force.
pub const CALLED_OFF: &str = "已取消";

/// 调代课：教师不能按课表上课时的代课、调课、停课和补课。教师或系部申请，批准后当日课表随之改变，并通知有关教师和班主任。
#[derive(Clone, Debug, Register)]
#[register(
    id = "substitution",
    title = "调代课",
    group = "teaching",
    systems = "B6",
    label = "on, class, kind",
    date = "on",
    within = "class",
    owner = "teacher"
)]
pub struct Substitution {
    #[field(label = "类别", list, filter)]
    pub kind: Kind,
    #[field(label = "原课", help = "课表里的哪一节课")]
    pub lesson: Ref<LessonSlot>,
    #[field(label = "原上课日期", list, filter)]
    pub on: NaiveDate,
    #[field(label = "节次", list, max = 14)]
    pub period: i64,
    #[field(label = "节数", max = 8)]
    pub periods: i64,
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "课程", list)]
    pub course: Ref<Course>,
    #[field(label = "原任课教师", list, filter)]
    pub teacher: Ref<Staff>,
    #[field(label = "代课或对调教师", list, filter, help = "代课、对调时填写")]
    pub substitute: Option<Ref<Staff>>,
    #[field(label = "对调的课", help = "与哪一节课对调；调到空节的不填")]
    pub swap: Option<Ref<LessonSlot>>,
    #[field(label = "新上课日期", list, help = "调课、补课时填写")]
    pub new_on: Option<NaiveDate>,
    #[field(label = "新节次", list, max = 14)]
    pub new_period: Option<i64>,
    #[field(label = "新地点", help = "地点不变的不填")]
    pub new_room: Option<Ref<Room>>,
    #[field(label = "对调的课改到", help = "连环调课时对调的课不去原课的时间，另有去处")]
    pub onward_on: Option<NaiveDate>,
    #[field(label = "改到的节次", max = 14)]
    pub onward_period: Option<i64>,
    #[field(label = "轮换的第三节课", help = "对调的课占它的时间，它到原课的时间来上")]
    pub third: Option<Ref<LessonSlot>>,
    #[field(label = "第三节课教师", filter)]
    pub third_teacher: Option<Ref<Staff>>,
    #[field(label = "事由", list, filter)]
    pub cause: Cause,
    #[field(label = "情况说明", max = 200)]
    pub reason: Option<LongText>,
    #[field(label = "请假单", max = 80, help = "从请假单安排的自动带入")]
    pub leave: Option<String>,
    #[field(label = "申请日期")]
    pub asked_on: NaiveDate,
    #[field(label = "课前办理", filter, help = "自动判定：申请日期不晚于上课日期")]
    pub in_time: Option<bool>,
}

impl Substitution {
    /// The change as the timetable of a date takes it.
    pub fn change(&self, id: Uuid) -> held::Change {
        held::Change {
            id,
            action: self.kind.action(),
            slot: self.lesson.id,
            on: self.on,
            substitute: self.substitute.map(|who| who.id),
            swap: self.swap.map(|lesson| lesson.id),
            onward: time(self.onward_on, self.onward_period),
            third: self.third.map(|lesson| lesson.id),
            new_time: time(self.new_on, self.new_period),
            new_room: self.new_room.map(|room| room.id),
        }
    }
}

/// What stands in the way of a request when it is granted: in the meantime the lesson may have been changed otherwise, or
/// somebody put where it is to go.
async fn in_the_way(scope: &Scope, id: Uuid, values: &[Value]) -> Result<Vec<Violation>> {
    let Ok(asked) = Substitution::from_values(values) else {
        return Ok(vec![]);
    };
    let table = load::timetable(scope, asked.on).await?;
    let obstacles = table.obstacles(&asked.change(id));
    if obstacles.is_empty() {
        return Ok(vec![]);
    }
    let names = Names::load(scope).await?;
    Ok(obstacles
        .iter()
        .map(|one| {
            let field = match one {
                Obstacle::Gone { .. } => "lesson",
                _ if asked.kind == Kind::Cover => "substitute",
                _ => "new_on",
            };
            Violation::new(field, words::obstacle(one, &table, &names))
        })
        .collect())
}

/// A date and a period that are both known.
fn time(on: Option<NaiveDate>, period: Option<i64>) -> Option<(NaiveDate, u8)> {
    on.zip(period.and_then(|period| u8::try_from(period).ok()))
}

impl Rules for Substitution {
    fn flow() -> Flow {
        let office = || Who::Role(TEACHING_OFFICE);
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD), office()]).days(1),
                // Who stands in is the department's own affair; when lessons are held is the school's.
                Stage::by("office", "教务处", &[office()])
                    .when(Guard::not("kind", "cover"))
                    .days(1),
            ],
            IN_FORCE,
        )
        .dropped(CALLED_OFF)
        .step(
            "call_off",
            "取消",
            &[IN_FORCE],
            CALLED_OFF,
            &[Who::Creator, office()],
        )
        .with_note()
        .tell(
            IN_FORCE,
            &["teacher", "substitute", "third_teacher", "class"],
            "/day?date={on}&class={class}",
        )
        .tell(
            CALLED_OFF,
            &["teacher", "substitute", "third_teacher", "class"],
            "/day?date={on}&class={class}",
        )
    }

    fn grant() -> Option<GrantFn> {
        Some(|scope, id, values| Box::pin(in_the_way(scope, id, values)))
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::state(IN_FORCE);
        let count = |id, title, formula, kind: &str| {
            indicator(
                id,
                title,
                formula,
                "次",
                Measure::Count {
                    of: held().and("kind", Op::Is, kind),
                },
            )
        };
        vec![
            count("substitution_covers", "代课次数", "已生效的代课", "cover").also(&["代课人次"]),
            count("substitution_moves", "调课次数", "已生效的调课", "move"),
            indicator(
                "substitution_dropped",
                "停课节数",
                "已生效的停课的节数合计",
                "节",
                Measure::Sum {
                    of: held().and("kind", Op::Is, "drop"),
                    field: "periods".into(),
                },
            ),
            indicator(
                "substitution_in_time",
                "调代课及时率",
                "课前办理的已生效调代课 ÷ 已生效的调代课",
                "%",
                Measure::Share {
                    of: held().and("in_time", Op::Is, true),
                    among: held(),
                },
            )
            .also(&["调停课手续及时率", "调课手续规范率"]),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "调代课申请",
                "教务处",
                "因事不能上课时办理：在“调代课安排”里选请假的日期，系统列出受影响的课和合适的代课教师",
            )
            .for_roles(&[TEACHER])
            .quick(&[
                "kind",
                "lesson",
                "on",
                "period",
                "periods",
                "class",
                "course",
                "teacher",
                "substitute",
                "new_on",
                "new_period",
                "cause",
                "reason",
                "asked_on",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("notice", "调课通知单")
                .fields(&[
                    "kind",
                    "class",
                    "course",
                    "teacher",
                    "on",
                    "period",
                    "periods",
                    "substitute",
                    "new_on",
                    "new_period",
                    "new_room",
                    "onward_on",
                    "onward_period",
                    "third",
                    "third_teacher",
                    "cause",
                ])
                .approvals()
                .signatures(&["任课教师", "班主任"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(PERSONNEL, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["in_time"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.in_time = Some(self.asked_on <= self.on);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let moved = matches!(self.kind, Kind::Move | Kind::MakeUp);
        let same = self.substitute.is_some_and(|other| other.id == self.teacher.id);
        let itself = self.new_on == Some(self.on) && self.new_period == Some(self.period);
        Checks::new()
            .refuse(self.period == 0, "period", "节次从第1节起")
            .refuse(self.periods == 0, "periods", "节数应大于0")
            .refuse(
                self.kind == Kind::Cover && self.substitute.is_none(),
                "substitute",
                "请选择代课教师",
            )
            .refuse(same, "substitute", "代课教师不能是原任课教师本人")
            .refuse(
                moved && self.new_on.is_none(),
                "new_on",
                "调课、补课请填写新的上课日期",
            )
            .refuse(
                moved && self.new_period.is_none_or(|period| period == 0),
                "new_period",
                "调课、补课请填写新的节次",
            )
            .refuse(
                self.kind == Kind::Move && itself,
                "new_period",
                "新的时间与原来的时间相同",
            )
            .refuse(
                !moved && (self.new_on.is_some() || self.swap.is_some()),
                "new_on",
                "代课、停课不改变上课时间，请不要填写新时间",
            )
            .refuse(
                self.onward_on.is_some() != self.onward_period.is_some(),
                "onward_on",
                "对调的课改到哪天、第几节，请都填写",
            )
            .refuse(
                self.onward_on.is_some() && self.swap.is_none(),
                "swap",
                "连环调课请选择对调的课",
            )
            .refuse(
                self.third.is_some() && self.onward_on.is_none(),
                "onward_on",
                "三节课轮换时，请填写对调的课改到第三节课的时间",
            )
            .refuse(
                self.third.is_some() != self.third_teacher.is_some(),
                "third_teacher",
                "第三节课和它的教师请都填写",
            )
            .refuse(
                self.kind == Kind::MakeUp && self.swap.is_some(),
                "swap",
                "补课没有对调的课",
            )
            .not_after_today(self.asked_on, ctx.today, "asked_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = ctx.new && self.asked_on > self.on && self.kind != Kind::MakeUp;
        Checks::new()
            .refuse(late, "asked_on", "课后补办手续，请在情况说明中写明原因")
            .refuse(
                self.kind == Kind::Drop && !said(&self.reason),
                "reason",
                "停课请写明原因和补课打算",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{doubted, refused, test_day};

    fn cover() -> Substitution {
        Substitution {
            kind: Kind::Cover,
            lesson: Ref::new(Uuid::nil()),
            on: test_day(),
            period: 3,
            periods: 2,
            class: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            substitute: Some(Ref::new(Uuid::max())),
            swap: None,
            new_on: None,
            new_period: None,
            new_room: None,
            onward_on: None,
            onward_period: None,
            third: None,
            third_teacher: None,
            cause: Cause::Leave,
            reason: None,
            leave: None,
            asked_on: test_day(),
            in_time: None,
        }
    }

    #[test]
    fn each_kind_says_what_it_needs() {
        assert!(refused(&cover()).is_empty());
        let nobody = Substitution {
            substitute: None,
            ..cover()
        };
        assert_eq!(refused(&nobody), ["substitute"]);
        let oneself = Substitution {
            substitute: Some(Ref::new(Uuid::nil())),
            ..cover()
        };
        assert_eq!(refused(&oneself), ["substitute"]);
        let nowhere = Substitution {
            kind: Kind::Move,
            ..nobody.clone()
        };
        assert_eq!(refused(&nowhere), ["new_on", "new_period"]);
        let nothing = Substitution {
            new_on: Some(test_day()),
            new_period: Some(3),
            ..nowhere.clone()
        };
        assert_eq!(refused(&nothing), ["new_period"]);
        let dropped = Substitution {
            kind: Kind::Drop,
            new_on: Some(test_day()),
            ..nobody
        };
        assert_eq!(refused(&dropped), ["new_on"]);
        assert_eq!(doubted(&dropped), ["reason"]);
    }

    #[test]
    fn the_department_grants_covers_alone_and_asking_afterwards_is_late() {
        let spec = RegisterSpec::of::<Substitution>();
        let next = |record: &Substitution| {
            let step = spec.flow.find("approve_department").expect("a step");
            step.target(&spec, &record.to_values()).to_owned()
        };
        assert_eq!(next(&cover()), IN_FORCE);
        let moved = Substitution {
            kind: Kind::Move,
            ..cover()
        };
        assert_eq!(next(&moved), "待教务处审批");
        let mut late = Substitution {
            on: test_day().pred_opt().expect("a day"),
            ..cover()
        };
        late.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(late.in_time, Some(false));
    }
}
