use calendar::{Half, Term};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, TEACHING_OFFICE, directory};
use people::{Class, Course, Room, Staff};
use teaching::PlannedCourse;
use timetable::school::WeekSet;

choice!(
    /// 授课对象
    Part {
        Whole = "whole" "全班",
        First = "first" "甲组",
        Second = "second" "乙组",
    }
);

choice!(
    /// 场所要求
    Need {
        Own = "own" "本班教室",
        Room = "room" "指定场所",
        Kind = "kind" "某类场所",
    }
);

/// 教学任务：一个班一个学期的一门课——谁来上、每周几节、怎样连排、哪几周、在哪里上。教务处由计划课程生成，系部落实教师，排课由此产生。
#[derive(Clone, Debug, Register)]
#[register(
    id = "offering",
    title = "教学任务",
    group = "teaching",
    systems = "B4, B5",
    label = "class, course",
    key = "number",
    unique = "number",
    within = "class",
    owner = "teacher"
)]
pub struct Offering {
    #[field(label = "任务号", list, max = 40)]
    pub number: String,
    #[field(label = "计划课程")]
    pub plan: Ref<PlannedCourse>,
    #[field(label = "课程", list, filter)]
    pub course: Ref<Course>,
    #[field(label = "学年（起始年）", filter, max = 2100, help = "2026—2027学年填2026")]
    pub year: i64,
    #[field(label = "学期", filter, code = "XQDM")]
    pub term: Code,
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "合班班级一", help = "与上面的班级一起上课的班，没有不填")]
    pub joint_one: Option<Ref<Class>>,
    #[field(label = "合班班级二")]
    pub joint_two: Option<Ref<Class>>,
    #[field(label = "授课对象", filter, help = "分组上课的，两组各登记一条")]
    pub part: Part,
    #[field(label = "任课教师", list, filter)]
    pub teacher: Option<Ref<Staff>>,
    #[field(label = "同堂教师", help = "两位教师同上一堂课的填写")]
    pub second: Option<Ref<Staff>>,
    #[field(label = "周课时", list, max = 40)]
    pub weekly: i64,
    #[field(label = "连排方式", list, max = 20, help = "如 2+2、4、2+1；不填按2节连排")]
    pub blocks: Option<String>,
    #[field(
        label = "上课周次",
        list,
        max = 40,
        help = "如 1-18、1-17单、2-18双、1-9,12-18"
    )]
    pub weeks: String,
    #[field(label = "场所要求", list, filter)]
    pub need: Need,
    #[field(label = "指定场所", help = "场所要求为“指定场所”时填写")]
    pub room: Option<Ref<Room>>,
    #[field(
        label = "场所类型",
        code = "SKDDLBDM",
        help = "场所要求为“某类场所”时填写；本系部管理有这类场所的只用本系部的"
    )]
    pub kind: Option<Code>,
    #[field(label = "总课时", list, max = 1200, help = "自动计算：周课时×周数")]
    pub hours: Option<i64>,
    #[field(label = "备注", max = 200)]
    pub note: Option<LongText>,
}

/// The state before a teacher stands.
pub const OPEN: &str = "待落实";
/// The state with a teacher.
pub const SETTLED: &str = "已落实";
/// The state of what is not taught after all.
pub const STOPPED: &str = "已停开";

/// The lengths of the blocks of a week: as written, or pairs and a rest.
///
/// # Errors
/// What is wrong with the text, for the person who wrote it.
pub fn blocks_of(text: Option<&str>, weekly: i64) -> Result<Vec<usize>, String> {
    let text = text.unwrap_or("").trim();
    let weekly = usize::try_from(weekly).unwrap_or(0);
    if text.is_empty() {
        let mut blocks = vec![2; weekly / 2];
        blocks.extend((weekly % 2 == 1).then_some(1));
        return Ok(blocks);
    }
    let parts: Result<Vec<usize>, _> = text.split(['+', '＋']).map(|part| part.trim().parse()).collect();
    let blocks = parts.map_err(|_| "连排方式请写成如 2+2、4、2+1".to_owned())?;
    let sum: usize = blocks.iter().sum();
    if blocks.contains(&0) || sum != weekly {
        return Err(format!("连排方式合计 {sum} 节，与周课时 {weekly} 不一致"));
    }
    Ok(blocks)
}

/// The year and the code of a term, as registers keep them.
pub fn term_key(term: &Term) -> (i64, &'static str) {
    let code = if term.half() == Half::Autumn { "1" } else { "2" };
    (i64::from(term.year().0), code)
}

impl Rules for Offering {
    fn flow() -> Flow {
        let keepers = [Who::Role(TEACHING_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts(OPEN)
            .done(SETTLED)
            .dropped(STOPPED)
            .step("settle", "落实教师", &[OPEN], SETTLED, &keepers)
            .needs(&["teacher"])
            .within_days(10)
            .step("reopen", "退回重排教师", &[SETTLED], OPEN, &keepers)
            .with_note()
            .step(
                "stop",
                "停开",
                &[OPEN, SETTLED],
                STOPPED,
                &[Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
            .editable(&[OPEN, SETTLED])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let settled = || Filter::state(SETTLED);
        vec![
            indicator(
                "offerings",
                "教学任务数",
                "已落实教师的教学任务",
                "条",
                Measure::Count { of: settled() },
            ),
            indicator(
                "offering_settled",
                "任课教师落实率",
                "已落实教师的教学任务 ÷ 全部教学任务",
                "%",
                Measure::Share {
                    of: settled(),
                    among: Filter::all(),
                },
            )
            .also(&["教师落实率"]),
            indicator(
                "offering_hours",
                "已落实教学任务总课时",
                "已落实教学任务的总课时合计",
                "课时",
                Measure::Sum {
                    of: settled(),
                    field: "hours".into(),
                },
            ),
            indicator(
                "offering_in_training",
                "进实训场所的教学任务占比",
                "场所要求为某类场所的教学任务 ÷ 已落实的教学任务",
                "%",
                Measure::Share {
                    of: settled().and("need", Op::Is, "kind"),
                    among: settled(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "tasks",
                "班级教学任务表",
                &["course", "teacher", "weekly", "blocks", "weeks", "need", "hours"],
                &["备注"],
            )
            .by("class"),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = directory(&[TEACHING_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn computed() -> &'static [&'static str] {
        &["hours"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        if let Ok(weeks) = WeekSet::parse(&self.weeks) {
            self.hours = Some(self.weekly * i64::from(weeks.len()));
        }
        if self.blocks.as_deref().is_none_or(|text| text.trim().is_empty())
            && let Ok(blocks) = blocks_of(None, self.weekly)
        {
            let parts: Vec<String> = blocks.iter().map(usize::to_string).collect();
            // A course of very many periods would not fit the field; its writer parts it.
            self.blocks = Some(parts.join("+")).filter(|text| text.len() <= 20);
        }
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let blocks = blocks_of(self.blocks.as_deref(), self.weekly).err();
        let weeks = WeekSet::parse(&self.weeks).err();
        let classes = [
            Some(&self.class),
            self.joint_one.as_ref(),
            self.joint_two.as_ref(),
        ];
        let joint = classes.iter().flatten().enumerate();
        let twice = joint.clone().any(|(at, one)| {
            joint
                .clone()
                .any(|(other, class)| other > at && class.id == one.id)
        });
        let same = |one: &Option<Ref<Staff>>, other: &Option<Ref<Staff>>| {
            one.as_ref()
                .zip(other.as_ref())
                .is_some_and(|(one, other)| one.id == other.id)
        };
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .refuse(self.weekly == 0, "weekly", "周课时应大于0")
            .refuse(blocks.is_some(), "blocks", blocks.unwrap_or_default())
            .refuse(weeks.is_some(), "weeks", weeks.unwrap_or_default())
            .refuse(twice, "joint_one", "合班的各班不能相同")
            .refuse(
                self.part != Part::Whole && self.joint_one.is_some(),
                "part",
                "合班与分组不能同时填写",
            )
            .refuse(
                same(&self.teacher, &self.second),
                "second",
                "同堂教师不能与任课教师相同",
            )
            .refuse(
                self.need == Need::Room && self.room.is_none(),
                "room",
                "请选择指定的场所",
            )
            .refuse(
                self.need == Need::Kind && self.kind.is_none(),
                "kind",
                "请选择场所类型",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.weekly > 30, "weekly", "一门课周课时超过30，请核对")
            .refuse(
                self.joint_one.is_none() && self.joint_two.is_some(),
                "joint_two",
                "合班班级请从“合班班级一”填起",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Offering {
        let id = |n: u128| Uuid::from_u128(n);
        Offering {
            number: "2025-2-00001".into(),
            plan: Ref::new(id(1)),
            course: Ref::new(id(2)),
            year: 2025,
            term: Code("2".into()),
            class: Ref::new(id(3)),
            joint_one: None,
            joint_two: None,
            part: Part::Whole,
            teacher: Some(Ref::new(id(4))),
            second: None,
            weekly: 5,
            blocks: None,
            weeks: "1-17单".into(),
            need: Need::Own,
            room: None,
            kind: None,
            hours: None,
            note: None,
        }
    }

    #[test]
    fn blocks_and_hours_follow_from_what_is_written() {
        let mut offering = sample();
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        offering.complete(&ctx);
        assert_eq!(offering.hours, Some(45));
        assert_eq!(offering.blocks.as_deref(), Some("2+2+1"));
        assert_eq!(blocks_of(Some("4"), 4), Ok(vec![4]));
        assert!(blocks_of(Some("2+2"), 5).is_err());
        assert!(blocks_of(Some("两节"), 2).is_err());
        assert!(blocks_of(Some("0+2"), 2).is_err());
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        assert!(refused(&sample()).is_empty());
        let wrong = Offering {
            weekly: 4,
            blocks: Some("2+1".into()),
            weeks: "18-1".into(),
            second: sample().teacher,
            need: Need::Kind,
            joint_one: Some(sample().class),
            part: Part::First,
            ..sample()
        };
        assert_eq!(
            refused(&wrong),
            ["blocks", "weeks", "joint_one", "part", "second", "kind"]
        );
        let nowhere = Offering {
            need: Need::Room,
            ..sample()
        };
        assert_eq!(refused(&nowhere), ["room"]);
    }
}
