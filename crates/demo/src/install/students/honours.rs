//! Honours of students (学生奖励).

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::LongText;
use studentlife::StudentAward;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{later, some_of};

/// Name, sort, merit.
const HONOURS: &[(&str, &str, &str)] = &[
    ("三好学生", "5", "学期综合考核优秀，遵守纪律，乐于助人"),
    ("优秀学生干部", "6", "工作认真负责，班级活动组织得好"),
    ("文明学生", "5", "言行文明，主动维护班级环境"),
    ("技能标兵", "1", "专业实训考核名列前茅，带动同伴练习"),
    ("优秀志愿者", "7", "累计志愿服务时长在班级领先"),
];
/// Honours from outside: name, level, organ.
const OUTSIDE: &[(&str, &str, &str)] = &[
    ("市级三好学生", "41", "市教育局"),
    ("市级优秀学生干部", "41", "市教育局"),
    ("优秀共青团员", "33", "共青团市委"),
    ("新时代好少年", "33", "市文明办"),
    ("省级优秀学生", "31", "省教育厅"),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("student_award");
    let mut batch = Batch::new();
    let days = &world.days;
    for class in 0..world.school.classes.len() {
        let own = some_of(&mut hand, &world.pupils[class], 3);
        for (nth, student) in own.into_iter().enumerate() {
            // Two rounds: one at the beginning of the term for the last, one in the middle.
            let week = if nth == 2 { 9 } else { 3 };
            let Some(day) = hand.day(days.week(week)) else {
                continue;
            };
            let honour = HONOURS[(class + nth) % HONOURS.len()];
            let (record, state) = award(world, &mut hand, (class, student), honour, day);
            batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    for (nth, (name, level, organ)) in OUTSIDE.iter().cycle().take(11).enumerate() {
        let class = (nth * 7) % world.school.classes.len();
        let student = *hand.rng.pick(&world.pupils[class]);
        let day = days.any(&mut hand.rng);
        let honour = (*name, "5", "综合表现突出，经推荐评选获得");
        let (mut record, _) = award(world, &mut hand, (class, student), honour, day);
        record.level = code(level);
        record.organ = (*organ).into();
        (record.notice_from, record.notice_to, record.number) = (None, None, None);
        record.granted_on = later(days, day, 1);
        let state = if record.granted_on.is_some() {
            "已授奖"
        } else {
            "待审核"
        };
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn award(
    world: &World,
    hand: &mut Hand,
    (class, student): (usize, usize),
    (name, kind, merit): (&str, &str, &str),
    day: NaiveDate,
) -> (StudentAward, &'static str) {
    let days = &world.days;
    let mut record = StudentAward {
        student: world.student(student),
        name: name.into(),
        kind: code(kind),
        level: code("60"),
        grade: code("6"),
        way: code("2"),
        organ: "学校".into(),
        proposer: world.staff(world.school.classes[class].head_teacher),
        proposed_on: day,
        merit: LongText(merit.into()),
        notice_from: None,
        notice_to: None,
        granted_on: None,
        number: None,
        files: Default::default(),
    };
    if hand.rng.chance(3) {
        return (record, "未通过");
    }
    let Some(from) = later(days, day, 4) else {
        return (record, "待审核");
    };
    record.notice_from = Some(from);
    record.notice_to = Some(from + Count::new(6));
    let Some(granted) = later(days, from, 9) else {
        return (record, "公示中");
    };
    record.granted_on = Some(granted);
    record.number = Some(format!(
        "RY{}-{}",
        granted.format("%Y"),
        world.school.students[student].number
    ));
    (record, "已授奖")
}
