//! Patrols (巡课): every class every week, most of it in order.

use anyhow::Result;
use kernel::app::Scope;
use staffing::ClassPatrol;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::text;

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("class_patrol");
    let mut batch = Batch::new();
    let mut patrollers = world.office_staff("教务处");
    patrollers.extend(world.office_staff("督导室"));
    for week in world.days.weeks() {
        for class in 0..world.school.classes.len() {
            // A few classes are missed in a week.
            if hand.rng.chance(4) {
                continue;
            }
            let Some(day) = hand.day(world.days.week(week)) else {
                continue;
            };
            let teachers = world.members(crate::Unit::Department(world.department_of(class)));
            let expected = world.pupils[class].len() as i64;
            let away = match hand.rng.between(1, 100) {
                1..=55 => 0,
                56..=92 => i64::from(hand.rng.between(1, 3)),
                _ => i64::from(hand.rng.between(4, 6)),
            };
            let late = hand.rng.chance(2);
            let broken = !late && hand.rng.chance(3);
            let period = hand.rng.between(1, 7);
            let record = ClassPatrol {
                class: world.class(class),
                patrolled_on: day,
                week: i64::from(week),
                weekday: None,
                period: period.to_string(),
                lesson: format!("PK{:03}{}{period}", class + 1, day.format("%u")),
                teacher: Some(world.staff(*hand.rng.pick(&teachers))),
                room: Some(world.room(world.school.classes[class].room)),
                expected,
                present: (expected - away).max(0),
                teacher_state: code(if late { "0" } else { "1" }),
                interaction: code(match hand.rng.between(1, 10) {
                    1..=5 => "2",
                    6..=9 => "1",
                    _ => "0",
                }),
                condition: code(if broken { "0" } else { "1" }),
                patroller: world.staff(*hand.rng.pick(&patrollers)),
                way: code(if hand.rng.chance(12) { "1" } else { "2" }),
                time: Some(format!("{:02}{:02}00", 7 + period, hand.rng.between(0, 59))),
                abnormal: match (late, broken) {
                    (true, _) => Some(text("上课铃响后五分钟教师未到")),
                    (_, true) => Some(text(hand.words(&[
                        "多媒体投影不亮",
                        "教室灯管坏一支",
                        "网络中断",
                    ]))),
                    _ => None,
                },
                result: text(match (late, broken, away) {
                    (true, ..) => "已联系任课教师到课，记入考勤，转系部核实",
                    (_, true, _) => "不影响上课，已报修",
                    (_, _, 4..) => "缺席较多，已请班主任核对请假",
                    _ => hand.words(&[
                        "教学有序，学生参与积极",
                        "实训着装规范，分组练习",
                        "教师讲解清楚，个别学生精力不集中，已提醒",
                        "课堂互动较好，桌面整洁",
                    ]),
                }),
                handled: (late || away > 3).then(|| text("课后与班主任、系部核对，已记录")),
                photos: Default::default(),
            };
            batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
