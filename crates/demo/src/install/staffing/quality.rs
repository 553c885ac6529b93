//! What students say of lessons (教学质量评价) and appraisal of staff (教职工考核).

use std::collections::HashSet;

use anyhow::Result;
use chrono::Datelike;
use kernel::app::Scope;
use kernel::register::field::{Decimal, Ref};
use staffing::{Ethics, StaffAppraisal, TeachingQuality};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::text;
use crate::Unit;

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    quality(scope, world).await?;
    appraisals(scope, world).await
}

/// Half-term opinions: three or four courses of each class.
async fn quality(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teaching_quality");
    let mut batch = Batch::new();
    let school = &world.school;
    for (nth, class) in school.classes.iter().enumerate() {
        let day = match world.days.week(9) {
            [] => world.days.in_week(9),
            days => *hand.rng.pick(days),
        };
        let mut courses: Vec<usize> = (0..school.courses.len())
            .filter(|at| {
                let majors = &school.courses[*at].majors;
                majors.is_empty() || majors.contains(&class.major)
            })
            .collect();
        hand.rng.shuffle(&mut courses);
        for course in courses.into_iter().take(3 + nth % 2) {
            let teacher = *hand.rng.pick(&world.group(school.courses[course].group));
            let expected = world.pupils[nth].len() as i64;
            let score = match hand.rng.between(1, 100) {
                1 => hand.rng.between(540, 595),
                2..=8 => hand.rng.between(700, 799),
                9..=45 => hand.rng.between(800, 899),
                _ => hand.rng.between(900, 985),
            };
            let record = TeachingQuality {
                class: world.class(nth),
                course: world.course(course),
                teacher: world.staff(teacher),
                finished_on: day,
                school_year: None,
                term: None,
                expected,
                raters: expected - i64::from(hand.rng.between(0, 4)),
                turnout: None,
                score: Decimal(score.into()),
                grade: None,
                opinion: hand.rng.chance(40).then(|| {
                    text(hand.words(&[
                        "实训机会多，希望讲解再慢一些",
                        "课堂有趣，作业量适中",
                        "希望多举企业里的例子",
                        "板书清楚，希望多答疑",
                    ]))
                }),
                improvement: (score < 800).then(|| text("与教研室商定调整进度，增加课堂练习和答疑")),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

/// The regular appraisal of the half term: one case of failed ethics among them.
async fn appraisals(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("staff_appraisal");
    let mut batch = Batch::new();
    let day = world.days.in_week(9);
    let leaders: HashSet<usize> = world
        .school
        .staff
        .iter()
        .enumerate()
        .filter(|(_, member)| {
            use crate::Post::*;
            matches!(member.post, Principal | Secretary | VicePrincipal)
        })
        .map(|(at, _)| at)
        .collect();
    for (at, member) in world.school.staff.iter().enumerate() {
        if leaders.contains(&at) {
            continue;
        }
        let head = match member.unit {
            Unit::Department(at) => world.school.departments[at].head,
            Unit::Office(at) => world.school.offices[at].head,
        };
        let vetoed = at == 97;
        let ethics = match hand.rng.between(1, 100) {
            _ if vetoed => Ethics::Failed,
            1..=28 => Ethics::Excellent,
            29..=98 => Ethics::Passed,
            _ => Ethics::Basic,
        };
        let excellent = ethics == Ethics::Excellent && hand.rng.chance(60);
        let result = match (vetoed, excellent) {
            (true, _) => "4",
            (_, true) => "1",
            _ if ethics == Ethics::Basic => "3",
            _ => "2",
        };
        let state = match hand.rng.between(1, 100) {
            _ if vetoed => "复核中",
            1..=8 => "待学校审定",
            9..=24 => "待本人签字",
            _ => "已归档",
        };
        let record = StaffAppraisal {
            teacher: world.staff(at),
            year: day.year().into(),
            kind: code("1"),
            appraised_on: day,
            content: Some("德、能、勤、绩、廉".into()),
            unit: Ref::new(world.unit_id(member.unit)),
            chief: Some(world.staff(head)),
            ethics,
            score: Some(Decimal(
                match result {
                    "1" => hand.rng.between(920, 985),
                    "2" => hand.rng.between(800, 919),
                    _ => hand.rng.between(560, 640),
                }
                .into(),
            )),
            unit_result: code(result),
            result: (state != "待学校审定").then(|| code(result)),
            remark: text(match result {
                "1" => "教学和带班成效突出，主动承担任务",
                "2" => "履职认真，完成各项工作",
                "3" => "教学常规有欠缺，需改进",
                _ => "违反师德规范，按规定处理",
            }),
            veto: vetoed.then(|| text("经核实有违反职业行为准则的情形，已按学校师德失范处理办法作出处理")),
            response: None,
            files: Default::default(),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
