//! Checks of teachers' papers (教学资料自查): every group every month, and the office's own round.

use ::teaching::{FileCheckLevel, FileState, TeachingFileCheck};
use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};

use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Groups that left out a month: group and month of the term.
const MISSED: &[(usize, usize)] = &[(6, 1), (14, 1)];
/// Of a hundred checks, those that find something lacking.
const LACKING: u32 = 14;
const PROBLEMS: [&str; 5] = [
    "授课计划与教学日志进度不一致，请核对",
    "两份教案没有教学反思，请补写",
    "作业批改只有日期没有评语，次数不足",
    "教学日志缺两次签名",
    "过程成绩只有出勤，没有作业和课堂表现",
];

/// Writes the checks.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teaching_file_check");
    let mut batch = Batch::new();
    for (month, window) in world.days.windows(1, Every::Month).iter().enumerate() {
        let past = world.days.is_past(window);
        for group in 0..world.school.groups.len() {
            let owed = past || hand.rng.chance(40);
            if MISSED.contains(&(group, month)) || !owed {
                continue;
            }
            let Some(day) = world.days.pick(&mut hand.rng, window.from, window.to) else {
                continue;
            };
            for (nth, teacher) in world.group(group).into_iter().enumerate() {
                let level = match nth {
                    _ if month == 1 && nth == 1 => FileCheckLevel::School,
                    0 => FileCheckLevel::Department,
                    _ if nth % 2 == 0 => FileCheckLevel::Group,
                    _ => FileCheckLevel::Own,
                };
                let (record, state) = check(world, &mut hand, (group, teacher, level), day);
                batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    batch.write(scope).await
}

fn check(
    world: &World,
    hand: &mut Hand,
    (group, teacher, level): (usize, usize, FileCheckLevel),
    day: NaiveDate,
) -> (TeachingFileCheck, &'static str) {
    let courses: Vec<usize> = (0..world.school.courses.len())
        .filter(|at| world.school.courses[*at].group == group)
        .collect();
    let course = *hand.rng.pick(&courses);
    let lacking = hand.rng.chance(LACKING).then(|| hand.rng.below(PROBLEMS.len()));
    let mut items = [FileState::Good; 5];
    if let Some(at) = lacking {
        items[at] = FileState::Weak;
    }
    let due = lacking.map(|_| day + Count::new(7));
    let age = world.days.age(day);
    let state = match (lacking, age) {
        (None, ..=4) => "待复核",
        (None, _) => "已通过",
        (Some(_), ..=4) => "待复核",
        (Some(_), 5..=20) => "待补齐",
        // What is still lacking after three weeks is late.
        (Some(4), _) => "待补齐",
        (Some(_), _) => "已通过",
    };
    let mended =
        (lacking.is_some() && state == "已通过").then(|| world.days.at_or_before(day + Count::new(6)));
    if mended.is_some() {
        items = [FileState::Good; 5];
    }
    let asked = lacking.filter(|_| state != "待复核");
    let [plan, lessons, homework, journal, marks] = items;
    let week = world.days.term.week_of(day).unwrap_or(1);
    let lessons_due = i64::from(week) * 2;
    let record = TeachingFileCheck {
        teacher: world.staff(teacher),
        group: Ref::new(world.ids.groups[group]),
        level,
        checked_on: day,
        course: world.course(course),
        plan,
        lessons_due,
        lessons_ready: lessons_due + i64::from(hand.rng.between(0, 2)),
        lessons,
        homework_times: hand.rng.between(2, 6).into(),
        homework,
        journal,
        marks,
        ideology: FileState::Good,
        passed: None,
        problem: asked.map(|at| LongText(PROBLEMS[at].into())),
        due: asked.and(due),
        mended_on: mended.filter(|on| *on >= day),
    };
    (record, state)
}
