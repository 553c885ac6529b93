//! External teachers (外聘教师), their hours (课时确认) and the checks on them.

use anyhow::Result;
use calendar::Every;
use chrono::{Datelike, Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, Money, Ref};
use staffing::{
    ExternalCheck, ExternalHours, ExternalKind, ExternalSource, ExternalTeacher, ExternalWay, Rating,
};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use super::text;
use crate::Sex;
use crate::identity::phone_number;

/// Department, what is taught, kind, state.
const PEOPLE: &[(usize, &str, ExternalKind, &str)] = &[
    (0, "工业机器人现场编程", ExternalKind::Mentor, "已聘任"),
    (0, "钳工技能实训", ExternalKind::Retired, "已聘任"),
    (0, "数控加工工艺", ExternalKind::Master, "已聘任"),
    (0, "产线运维综合实训", ExternalKind::PartTime, "已聘任"),
    (1, "网络安全攻防", ExternalKind::Mentor, "已聘任"),
    (1, "短视频制作", ExternalKind::PartTime, "已聘任"),
    (1, "三维建模项目", ExternalKind::PartTime, "已聘任"),
    (2, "直播电商运营", ExternalKind::Mentor, "已聘任"),
    (2, "智能仓储作业", ExternalKind::PartTime, "已聘任"),
    (2, "财税实务", ExternalKind::PartTime, "待人事处审批"),
    (3, "新能源汽车检测", ExternalKind::Mentor, "已聘任"),
    (3, "汽车钣金与喷漆", ExternalKind::PartTime, "已聘任"),
    (3, "汽车营销", ExternalKind::PartTime, "待教务处审批"),
    (4, "面点工艺", ExternalKind::Master, "已聘任"),
    (4, "导游讲解", ExternalKind::PartTime, "已聘任"),
    (4, "茶艺", ExternalKind::PartTime, "已解聘"),
    (5, "施工测量", ExternalKind::PartTime, "已聘任"),
    (5, "室内手绘", ExternalKind::PartTime, "待签合同"),
    (5, "装配式建筑", ExternalKind::Mentor, "聘期已满"),
    (1, "心理健康讲座", ExternalKind::Counsellor, "待分管副校长审批"),
];

struct Engaged {
    id: Uuid,
    department: usize,
    contact: usize,
    fee: i64,
}

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("external_teacher");
    let mut batch = Batch::new();
    let mut engaged = vec![];
    for (nth, (department, subject, kind, state)) in PEOPLE.iter().enumerate() {
        let record = external(world, &mut hand, nth, (*department, subject, *kind, state));
        let week = if state.starts_with('待') { 10 } else { 1 };
        let day = world.days.in_week(week);
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        batch.add_as(id, Some(*state), &record, at);
        if *state == "已聘任" {
            engaged.push(Engaged {
                id,
                department: *department,
                contact: contact(world, *department, nth),
                fee: record.fee.0,
            });
        }
    }
    batch.write(scope).await?;
    hours(scope, world, &engaged).await?;
    checks(scope, world, &engaged).await
}

fn contact(world: &World, department: usize, nth: usize) -> usize {
    let members = world.members(crate::Unit::Department(department));
    members[(nth + 3) % members.len()]
}

fn external(
    world: &World,
    hand: &mut Hand,
    nth: usize,
    (department, subject, kind, state): (usize, &str, ExternalKind, &str),
) -> ExternalTeacher {
    let sex = if nth % 3 == 1 { Sex::Female } else { Sex::Male };
    let retired = kind == ExternalKind::Retired;
    let counsellor = kind == ExternalKind::Counsellor;
    let start = world.days.term.start();
    let (starts_on, ends_on) = match state {
        "聘期已满" => (start - Count::new(180), start - Count::new(20)),
        _ => (start, start + Count::new(140 + 180 * (nth as u64 % 2))),
    };
    let asked = !matches!(state, "待教务处审批" | "待人事处审批");
    ExternalTeacher {
        name: hand.people.name(sex),
        sex: code(if sex == Sex::Female { "2" } else { "1" }),
        kind,
        post: code(match kind {
            ExternalKind::Master | ExternalKind::Mentor => "3",
            ExternalKind::Counsellor => "4",
            _ => "1",
        }),
        source: match kind {
            ExternalKind::Retired => ExternalSource::Retired,
            ExternalKind::Counsellor => ExternalSource::Institute,
            ExternalKind::PartTime if nth % 4 == 2 => ExternalSource::College,
            _ => ExternalSource::Company,
        },
        employer: match (retired, counsellor) {
            (true, _) => "本校退休".into(),
            (_, true) => "市青少年发展中心".into(),
            _ => world.school.companies[department * 8 + nth % 8].clone(),
        },
        title: Some(
            hand.words(&["技师", "高级技师", "工程师", "高级工程师", "讲师"])
                .into(),
        ),
        id_number: None,
        phone: phone_number(71_000_000, nth as u64),
        bank: None,
        unit: world.department(department),
        contact: world.staff(contact(world, department, nth)),
        subject: subject.into(),
        reason: text("本系部该课程缺少有企业经历的教师，经教研室讨论提出聘任"),
        starts_on,
        ends_on,
        hours: i64::from(hand.rng.between(8, 20)) * 8,
        fee: Money(i64::from(hand.rng.between(6, 12)) * 1000),
        contract: matches!(state, "已聘任" | "聘期已满" | "已解聘")
            .then(|| format!("WP{}-{:02}", start.format("%Y%m"), nth + 1)),
        cleared_on: asked.then(|| start - Count::new(10)),
        files: Default::default(),
    }
}

async fn hours(scope: &Scope, world: &World, engaged: &[Engaged]) -> Result<()> {
    let mut hand = Hand::new("external_hours");
    let mut batch = Batch::new();
    let windows = world.days.windows(1, Every::Month);
    let months = windows.len();
    for (month, window) in windows.iter().enumerate() {
        let taught = world.days.between(window.from, window.to);
        let Some(day) = taught.last().copied() else {
            continue;
        };
        for (nth, person) in engaged.iter().enumerate() {
            // One contact forgot a month; the running month is only begun.
            if (nth, month) == (6, 1) || (month + 1 == months && nth % 3 != 0) {
                continue;
            }
            let planned = i64::from(hand.rng.between(4, 8)) * 2;
            let missed = if hand.rng.chance(18) { 2 } else { 0 };
            let age = world.days.age(day);
            let state = match nth % 9 {
                _ if age < 5 => "待系部审批",
                4 if age < 40 => "待教务处审批",
                5 if age < 40 => "退回修改",
                2 | 7 if age < 45 => "待发放",
                _ => "已发放",
            };
            let record = ExternalHours {
                external: Ref::new(person.id),
                month: first_of(window.from.max(world.days.term.start())),
                reckoned_on: day,
                contact: world.staff(person.contact),
                planned,
                taught: Decimal((planned - missed) * 10),
                missed: None,
                note: (missed > 0).then(|| text("企业生产任务紧请假一次，下月补课")),
                fee: Money(person.fee),
                amount: None,
                paid_on: (state == "已发放").then(|| super::later(world, day, 9)),
                files: Default::default(),
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

async fn checks(scope: &Scope, world: &World, engaged: &[Engaged]) -> Result<()> {
    let mut hand = Hand::new("external_check");
    let mut batch = Batch::new();
    for (nth, person) in engaged.iter().enumerate() {
        for way in [ExternalWay::Lesson, ExternalWay::Papers] {
            // The last ones are still to be visited this term.
            if nth + 3 > engaged.len() && way == ExternalWay::Lesson {
                continue;
            }
            let lesson = way == ExternalWay::Lesson;
            let poor = nth % 4 == 3 && !lesson;
            // What was found wanting: two weeks ago and late by now, a month ago, long ago.
            let day = match poor {
                true => world
                    .days
                    .at_or_before(world.days.today - Count::new(5 * nth as u64 - 1)),
                false => world.days.any(&mut hand.rng),
            };
            let age = world.days.age(day);
            let state = match (poor, age) {
                (_, ..3) => "待反馈",
                (true, ..25) => "待整改",
                (true, ..40) => "待复查",
                _ => "已完成",
            };
            let mended = poor && matches!(state, "待复查" | "已完成");
            let item = |hand: &mut Hand| {
                if hand.rng.chance(82) {
                    Rating::Good
                } else {
                    Rating::Fair
                }
            };
            let record = ExternalCheck {
                external: Ref::new(person.id),
                checked_on: day,
                way,
                checker: world.staff(match lesson {
                    true => world.school.departments[person.department].head,
                    false => person.contact,
                }),
                class: None,
                topic: lesson.then(|| PEOPLE[nth].1.to_owned()),
                plan: if poor { Rating::Poor } else { item(&mut hand) },
                progress: item(&mut hand),
                log: if lesson {
                    Rating::Unchecked
                } else {
                    item(&mut hand)
                },
                homework: if lesson {
                    Rating::Unchecked
                } else {
                    item(&mut hand)
                },
                marks: Rating::Unchecked,
                classroom: if lesson {
                    item(&mut hand)
                } else {
                    Rating::Unchecked
                },
                score: lesson.then(|| Decimal(i64::from(hand.rng.between(74, 95)) * 10)),
                result: None,
                opinion: text(match (poor, lesson) {
                    (true, _) => "教案缺两次课，进度表未更新，请一周内补齐",
                    (_, true) => "操作示范清楚，联系生产实际；理论归纳再紧凑些",
                    _ => "资料基本齐全，作业批改可再写评语",
                }),
                mend_by: poor.then(|| day + Count::new(10)),
                mended: mended.then(|| text("教案和进度表已补齐，交教研室存档")),
                mended_on: mended.then(|| super::later(world, day, 9)),
                files: Default::default(),
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
