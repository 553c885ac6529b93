//! Fitness tests (体质健康测试) and sport every day (体育活动时间).

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};
use studentlife::{FitnessTest, SportWeek};

use super::super::days::OFFICE_HOURS;
use super::super::people::sex_code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use crate::catalog::GENERAL_SUBJECTS;
use crate::{Sex, Unit};

/// The first classes have been tested so far: one class a lesson, from this week on.
const TESTED: usize = 34;
const FROM: u8 = 5;

/// Writes both.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("fitness_test");
    let days = &world.days;
    let teachers = world.members(Unit::Office(world.office(GENERAL_SUBJECTS)));
    let mut tests = Batch::new();
    for class in 0..TESTED.min(world.school.classes.len()) {
        let week = FROM + (class / 8) as u8;
        let Some(day) = hand.day(days.week(week)) else {
            continue;
        };
        let tester = teachers[teachers.len() - 1 - class % 4];
        for student in &world.pupils[class] {
            let record = test(world, &mut hand, *student, tester, day);
            tests.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    tests.write(scope).await?;
    let mut weeks = Batch::new();
    for week in days.weeks() {
        let taught = days.week(week).to_vec();
        let Some(last) = taught.last() else { continue };
        let running = days.term.week_of(days.today) == Some(week);
        for class in 0..world.school.classes.len() {
            if hand.rng.chance(if running { 70 } else { 3 }) {
                continue;
            }
            let record = sport(world, &mut hand, class, (*last, taught.len()));
            weeks.add(&record, days.at(&mut hand.rng, *last, OFFICE_HOURS));
        }
    }
    weeks.write(scope).await
}

fn test(world: &World, hand: &mut Hand, student: usize, tester: usize, day: NaiveDate) -> FitnessTest {
    let who = &world.school.students[student];
    let boy = who.sex == Sex::Male;
    let exempt = hand.rng.chance(1);
    let mut number = |low: u32, high: u32| i64::from(hand.rng.between(low, high));
    let (height, weight) = if boy {
        (number(1630, 1850), number(500, 860))
    } else {
        (number(1530, 1720), number(430, 720))
    };
    // How strong somebody is shows in every item.
    let form = number(0, 46) - 8;
    let mut points = |least: u32| (i64::from(least) + form + number(0, 12)).clamp(20, 100);
    let (bmi, lung, sprint, reach) = (points(70), points(60), points(60), points(58));
    let (jump, strength, endurance) = (points(56), points(42), points(54));
    let mut record = FitnessTest {
        student: world.student(student),
        sex: sex_code(who.sex),
        tested_on: day,
        school_year: None,
        tester: world.staff(tester),
        exempt,
        exempt_reason: exempt.then(|| "有医院证明，暂不宜剧烈运动".into()),
        height: Some(Decimal(height)),
        weight: Some(Decimal(weight)),
        bmi: None,
        lung: Some(if boy { 2800 } else { 2000 } + (lung - 60) * 35),
        sprint: Some(Decimal(if boy { 92 } else { 108 } - (sprint - 60) / 2)),
        reach: Some(Decimal(((reach - 55) * 5).abs())),
        reach_short: reach < 55,
        jump: Some(if boy { 190 } else { 145 } + (jump - 56)),
        strength: Some(if boy {
            3 + (strength - 42) / 5
        } else {
            20 + (strength - 42) / 2
        }),
        endurance: Some(if boy { 290 } else { 275 } - (endurance - 54)),
        bmi_points: Some(bmi),
        lung_points: Some(lung),
        sprint_points: Some(sprint),
        reach_points: Some(reach),
        jump_points: Some(jump),
        strength_points: Some(strength),
        endurance_points: Some(endurance),
        bonus: None,
        total: None,
        grade: None,
    };
    if exempt {
        record.endurance = None;
        record.endurance_points = None;
    }
    record
}

fn sport(world: &World, hand: &mut Hand, class: usize, (day, taught): (NaiveDate, usize)) -> SportWeek {
    let days = taught as i64;
    let short = hand.rng.chance(7);
    let after = i64::from(hand.rng.between(48, 66)) * days;
    SportWeek {
        class: world.class(class),
        week_of: day,
        week: None,
        keeper: world.staff(world.school.classes[class].head_teacher),
        days,
        lessons: if taught >= 3 { 135 } else { 45 },
        breaks: 45 * days,
        after: if short { after / 2 } else { after },
        daily: None,
        reached: None,
        reason: short.then(|| LongText("连续阴雨，课外锻炼改为室内，时间不足".into())),
    }
}
