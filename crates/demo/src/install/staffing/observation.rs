//! Lessons listened to (听课记录): everybody who owes some, some fewer than they should.

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use staffing::{LessonObservation, ObservationKind};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World, clip};
use super::super::write::Batch;
use super::{later, teachers, text};
use crate::{Post, Unit};

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("lesson_observation");
    let mut batch = Batch::new();
    let everybody = teachers(world);
    for (at, member) in world.school.staff.iter().enumerate() {
        let (least, most) = match member.post {
            Post::Principal | Post::Secretary | Post::VicePrincipal => (8, 13),
            Post::Head if member.group.is_none() => (4, 8),
            _ if member.group.is_some() => (5, 9),
            _ => continue,
        };
        let count = if at % 31 == 8 {
            2
        } else {
            hand.rng.between(least, most)
        };
        let peers: Vec<usize> = match member.group {
            Some(group) => world.group(group),
            None => everybody.clone(),
        };
        let others: Vec<usize> = peers.into_iter().filter(|other| *other != at).collect();
        for _ in 0..count {
            let outside = hand.rng.chance(25);
            let teacher = *hand.rng.pick(if outside { &everybody } else { &others });
            if teacher == at {
                continue;
            }
            let day = world.days.any(&mut hand.rng);
            let (record, state) = lesson(world, &mut hand, (at, teacher), day);
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn lesson(
    world: &World,
    hand: &mut Hand,
    (observer, teacher): (usize, usize),
    day: NaiveDate,
) -> (LessonObservation, &'static str) {
    let school = &world.school;
    let group = school.staff[teacher].group;
    let courses: Vec<usize> = (0..school.courses.len())
        .filter(|at| Some(school.courses[*at].group) == group)
        .collect();
    let course = (!courses.is_empty()).then(|| *hand.rng.pick(&courses));
    let department = match school.staff[teacher].unit {
        Unit::Department(at) => Some(at),
        Unit::Office(_) => None,
    };
    let classes: Vec<usize> = (0..school.classes.len())
        .filter(|class| department.is_none_or(|home| world.department_of(*class) == home))
        .collect();
    let class = *hand.rng.pick(&classes);
    let leads = matches!(
        school.staff[observer].post,
        Post::Principal | Post::Secretary | Post::VicePrincipal | Post::Head
    );
    let kind = match hand.rng.between(1, 100) {
        1..=60 if leads => ObservationKind::Drop,
        1..=45 => ObservationKind::Peer,
        46..=60 => ObservationKind::Drop,
        61..=72 => ObservationKind::Open,
        73..=82 => ObservationKind::Booked,
        83..=90 => ObservationKind::Follow,
        91..=95 => ObservationKind::Report,
        _ => ObservationKind::Model,
    };
    let remark = hand.texts.observation();
    let (strengths, advice) = remark.split_once('；').unwrap_or((&remark, "继续保持，加强小结"));
    // A skill from 0 to 20 moves all items together.
    let skill = hand.rng.between(10, 20) as i64;
    let mut points = |full: i64| {
        let lost = (20 - skill) * full / 40 + i64::from(hand.rng.between(0, (full / 10) as u32));
        full - lost
    };
    let items = [10, 10, 20, 20, 15, 15, 10].map(&mut points);
    let age = world.days.age(day);
    let state = match hand.rng.between(1, 100) {
        _ if age < 3 => "待反馈",
        1..=2 => "待反馈",
        3..=9 => "待授课教师确认",
        _ => "已确认",
    };
    let fed = state != "待反馈";
    let record = LessonObservation {
        observer: world.staff(observer),
        teacher: world.staff(teacher),
        observed_on: day,
        period: i64::from(hand.rng.between(1, 7)),
        kind,
        class: Some(world.class(class)),
        course: course.map(|at| world.course(at)),
        topic: match course {
            Some(at) => clip(
                &format!(
                    "{}：{}",
                    school.courses[at].name,
                    hand.words(&["任务一", "任务二", "任务三", "项目复习", "综合练习"])
                ),
                60,
            ),
            None => "主题班会".into(),
        },
        room: Some(world.room(school.classes[class].room)),
        aim: items[0],
        preparation: items[1],
        content: items[2],
        method: items[3],
        organisation: items[4],
        effect: items[5],
        manner: items[6],
        total: None,
        grade: None,
        notes: hand.rng.chance(60).then(|| {
            text("导入5分钟，任务讲解10分钟，学生分组操作20分钟，汇报与点评8分钟，小结与布置作业2分钟")
        }),
        strengths: text(strengths),
        advice: text(advice),
        feedback_on: fed.then(|| later(world, day, 1)),
        response: (state == "已确认" && hand.rng.chance(30))
            .then(|| text(hand.words(&["意见中肯，下次课调整", "已在教案中修改", "分组人数将按建议减少"]))),
        files: Default::default(),
    };
    (record, state)
}
