//! Accidents to students (学生伤害事故): a few, the older ones closed.

use anyhow::Result;
use chrono::Duration;
use kernel::app::Scope;
use kernel::clock::instant_at;
use kernel::register::field::{LongText, Money};
use safety::{Accident, AccidentKind, Insurance, Occasion, Severity};

use super::world::{Hand, World};
use super::write::Batch;
use crate::Accident as Text;

/// The weeks in which one happened.
const WEEKS: &[u8] = &[2, 3, 5, 6, 8, 9, 10];
/// Days after which an accident is closed.
const CLOSED_AFTER: i64 = 16;

/// Writes the accidents.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("accident");
    let mut batch = Batch::new();
    let days = &world.days;
    for week in WEEKS {
        let text = hand.texts.accident();
        let Some(day) = hand.day(days.week(*week)).filter(|day| *day < days.today) else {
            continue;
        };
        let (hour, minute) = (hand.rng.between(8, 16), hand.rng.between(0, 11) * 5);
        let happened = instant_at(day.and_hms_opt(hour, minute, 0).expect("an hour of the day"));
        let reported = happened + Duration::minutes(i64::from(hand.rng.between(25, 180)));
        let class = class_for(world, &mut hand, &text);
        let student = *hand.rng.pick(&world.pupils[class]);
        let light = text.handling.contains("送医");
        let age = days.age(day);
        let state = match age {
            ..=5 => "待处理",
            6..=CLOSED_AFTER => "处理中",
            _ => "已结案",
        };
        let closed_on = (state == "已结案").then(|| days.at_or_before(day + chrono::Days::new(13)));
        let record = Accident {
            student: world.student(student),
            occurred_on: day,
            occurred_at: format!("{hour:02}:{minute:02}"),
            occasion: occasion_of(&text),
            place: text.place.clone(),
            kind: kind_of(&text),
            severity: if light { Severity::Light } else { Severity::Slight },
            course: LongText(text.course.clone()),
            injury: light.then(|| LongText("医院检查处理后返校，按医嘱观察和复诊".into())),
            first_aid: LongText(text.handling.clone()),
            guardian_told_at: Some(happened + Duration::minutes(i64::from(hand.rng.between(10, 24)))),
            reported_at: reported,
            reporter: world.staff(world.school.classes[class].head_teacher),
            late_reason: None,
            insurance: if hand.rng.chance(70) {
                Insurance::School
            } else {
                Insurance::Accident
            },
            handler: (state != "待处理").then(|| world.staff(*hand.rng.pick(&world.office_staff("安全办")))),
            claim: (light && state == "已结案").then(|| Money(i64::from(hand.rng.between(12, 90)) * 1000)),
            outcome: closed_on.map(|_| LongText("已痊愈复课，与家长沟通一致，保险材料已归档".into())),
            closed_on,
            files: Default::default(),
        };
        batch.add_in(state, &record, reported);
    }
    batch.write(scope).await
}

/// A class of the department whose training room it happened in, or any.
fn class_for(world: &World, hand: &mut Hand, text: &Text) -> usize {
    let rooms = world.school.training_rooms.iter();
    let department = rooms
        .filter(|room| text.place.contains(room.name))
        .map(|room| room.department)
        .next();
    let classes: Vec<usize> = (0..world.school.classes.len())
        .filter(|class| department.is_none_or(|at| world.department_of(*class) == at))
        .collect();
    *hand.rng.pick(&classes)
}

fn occasion_of(text: &Text) -> Occasion {
    let has = |words: &[&str]| {
        words
            .iter()
            .any(|word| text.place.contains(word) || text.course.contains(word))
    };
    if has(&["实训"]) {
        Occasion::Training
    } else if has(&["田径场", "体育馆"]) {
        Occasion::Sports
    } else if has(&["公寓"]) {
        Occasion::Dormitory
    } else if has(&["餐厅"]) {
        Occasion::Canteen
    } else if has(&["校门"]) {
        Occasion::Journey
    } else if has(&["校外"]) {
        Occasion::Outing
    } else if has(&["课间", "走廊", "楼梯"]) {
        Occasion::Recess
    } else {
        Occasion::Lesson
    }
}

fn kind_of(text: &Text) -> AccidentKind {
    let has = |words: &[&str]| words.iter().any(|word| text.course.contains(word));
    if has(&["烫", "灼"]) {
        AccidentKind::Burn
    } else if has(&["划伤", "夹", "锯", "弹出", "飞渣", "压到"]) {
        AccidentKind::Machine
    } else if has(&["相撞", "碰撞", "砸", "撞"]) {
        AccidentKind::Collision
    } else if has(&["晕倒"]) {
        AccidentKind::Illness
    } else {
        AccidentKind::Fall
    }
}
