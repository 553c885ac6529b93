//! Contests at school (校内赛事) and awards (竞赛获奖).

use std::collections::HashSet;

use anyhow::Result;
use assessment::{Contest, ContestAward};
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use uuid::Uuid;

use super::days::OFFICE_HOURS;
use super::people::code;
use super::world::{Hand, World};
use super::write::Batch;
use crate::{CITY, SCHOOL_NAME, Unit};

/// A contest: week, name, code of its sort, department that holds it, teachers, students.
type Line = (u8, &'static str, &'static str, Option<usize>, i64, i64);

const CONTESTS: &[Line] = &[
    (3, "新生广播操比赛", "3", None, 24, 816),
    (4, "“劳动最光荣”内务技能赛", "5", None, 12, 180),
    (5, "田径运动会", "3", None, 68, 960),
    (6, "中华经典诵读比赛", "1", None, 16, 128),
    (7, "技能节机电类初赛", "2", Some(0), 12, 132),
    (7, "技能节信息类初赛", "2", Some(1), 10, 118),
    (8, "技能节财经类初赛", "2", Some(2), 10, 104),
    (8, "技能节汽车类初赛", "2", Some(3), 8, 86),
    (9, "技能节旅游烹饪类初赛", "2", Some(4), 7, 64),
    (9, "技能节建筑艺术类初赛", "2", Some(5), 6, 58),
    (10, "校园歌手与美术作品展评", "4", None, 9, 96),
];

/// Events outside school: week, name, level code, organiser, items with department, grades of the awards.
type Event = (
    u8,
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, usize)],
    &'static [&'static str],
);

const EVENTS: &[Event] = &[
    (
        3,
        "职业院校技能大赛",
        "33",
        "市教育局",
        &[
            ("数控综合应用技术", 0),
            ("机电一体化设备组装与调试", 0),
            ("网络建设与运维", 1),
            ("会计实务", 2),
        ],
        &["2", "3", "3", "4"],
    ),
    (
        6,
        "职业院校学生创新创业大赛",
        "33",
        "市教育局",
        &[
            ("智能车位提醒装置", 3),
            ("本地农产品直播助销", 2),
            ("无障碍校园导览", 1),
        ],
        &["2", "3", "4"],
    ),
    (
        8,
        "文明风采活动",
        "33",
        "市教育局",
        &[("征文演讲", 4), ("摄影与微视频", 5)],
        &["3", "4"],
    ),
    (
        9,
        "职业院校技能大赛",
        "3",
        "省教育厅",
        &[("汽车维修", 3), ("中式烹饪", 4)],
        &["3", "4"],
    ),
    (
        5,
        "行业职业技能竞赛",
        "5",
        "行业协会",
        &[("直播电商", 2), ("工程测量", 5)],
        &["3", "6"],
    ),
];

/// Students awarded in each contest of skills at school.
const SCHOOL_AWARDS: usize = 4;

/// Writes contests and awards.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("contest");
    let mut contests = Batch::new();
    let mut held: Vec<(Uuid, &Line, NaiveDate)> = vec![];
    for (at, line) in CONTESTS.iter().enumerate() {
        let (week, name, kind, department, teachers, students) = *line;
        let Some(day) = hand.day(world.days.week(week)) else {
            continue;
        };
        let office = if kind == "2" { "实训处" } else { "学生处" };
        let leader = match department {
            Some(department) => world.school.departments[department].head,
            None => world.head_of(office),
        };
        let record = Contest {
            number: format!("{}{:03}", day.year(), at + 1),
            name: name.into(),
            kind: code(kind),
            unit: department.map(|at| world.department(at)),
            leader: world.staff(leader),
            starts_on: day,
            ends_on: world.days.after(day, 1).unwrap_or(day),
            teachers,
            students,
            programme: Some(LongText("报名、初赛、复赛，当日公布成绩并公示三天".into())),
            files: Default::default(),
        };
        let id = contests.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        held.push((id, line, record.ends_on));
    }
    contests.write(scope).await?;
    awards(scope, world, &mut hand, &held).await
}

async fn awards(
    scope: &Scope,
    world: &World,
    hand: &mut Hand,
    held: &[(Uuid, &Line, NaiveDate)],
) -> Result<()> {
    let mut batch = Batch::new();
    let mut numbers = 0;
    for (week, event, level, organiser, items, grades) in EVENTS {
        let Some(day) = hand.day(world.days.week(*week)) else {
            continue;
        };
        let area = if *level == "33" {
            CITY.trim_end_matches('市')
        } else {
            ""
        };
        let name = match *level {
            "33" => format!("{}年{CITY}{event}", day.year()),
            "3" => format!("{}年全省{event}", day.year()),
            _ => format!("{}年{CITY}{event}", day.year()),
        };
        for ((item, department), grade) in items.iter().zip(*grades) {
            numbers += 1;
            // The latest ones still wait for the office to see the certificate.
            let state = match world.days.age(day) {
                ..=14 if *grade == "4" => "待审核",
                _ if *grade == "6" => "已退回",
                _ => "已认定",
            };
            let mut record = award(world, hand, *department, day);
            record.event = name.clone();
            record.item = (*item).into();
            record.level = code(level);
            record.grade = code(grade);
            record.organiser = format!("{area}{organiser}");
            record.certificate_number = Some(format!("{}{level}{numbers:04}", day.year()));
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    for (id, line, day) in held.iter().filter(|(_, line, _)| line.2 == "2") {
        let mut seen = HashSet::new();
        for place in 0..SCHOOL_AWARDS {
            let mut record = award(world, hand, line.3.unwrap_or(0), *day);
            if !seen.insert(record.student.id) {
                continue;
            }
            record.event = line.1.into();
            record.item = "个人全能".into();
            record.contest = Some(Ref::new(*id));
            record.level = code("4");
            record.grade = code(match place {
                0 => "2",
                1 => "3",
                _ => "4",
            });
            record.organiser = SCHOOL_NAME.into();
            batch.add_in(
                "已认定",
                &record,
                world.days.at(&mut hand.rng, *day, OFFICE_HOURS),
            );
        }
    }
    batch.write(scope).await
}

/// An award of one student of the department, coached by one of its teachers; the rest is filled in by the caller.
fn award(world: &World, hand: &mut Hand, department: usize, day: NaiveDate) -> ContestAward {
    let classes: Vec<usize> = (0..world.school.classes.len())
        .filter(|class| world.department_of(*class) == department)
        .collect();
    let class = *hand.rng.pick(&classes);
    let student = *hand.rng.pick(&world.pupils[class]);
    let coach = *hand.rng.pick(&world.members(Unit::Department(department)));
    ContestAward {
        event: String::new(),
        item: String::new(),
        contest: None,
        level: code("4"),
        grade: code("4"),
        awarded_on: day,
        student: world.student(student),
        team: None,
        team_size: 1,
        coach: world.staff(coach),
        other_coaches: None,
        organiser: String::new(),
        certificate_number: None,
        certificate: Default::default(),
    }
}
