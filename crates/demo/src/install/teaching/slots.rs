//! Lessons in the timetable (排课): each class's planned courses laid into the week, no teacher, class or room twice.

use std::collections::HashSet;

use ::teaching::{LessonSlot, Weeks};
use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::Ref;

use super::{Taught, TermAt};
use crate::catalog::Category;
use crate::install::people::prepared;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// First periods of the blocks of a day, and when they begin.
const BLOCKS: [(i64, &str); 4] = [(1, "0800"), (3, "1000"), (5, "1400"), (7, "1600")];
const DAYS: usize = 5;
/// Weeks of lessons.
const WEEKS: i64 = 18;

/// A lesson of a class in a training room, every week.
pub struct Practical {
    /// Index of the training room.
    pub room: usize,
    pub class: usize,
    pub teacher: usize,
    /// 0 is Monday.
    pub weekday: usize,
    pub period: i64,
    pub periods: i64,
    /// Index of the plan.
    pub plan: usize,
}

/// What is taken: who or what, in which block of the week.
#[derive(Default)]
struct Taken {
    classes: HashSet<(usize, usize)>,
    teachers: HashSet<(usize, usize)>,
    rooms: HashSet<(usize, usize)>,
}

/// Writes the lessons; gives those in training rooms.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<Vec<Practical>> {
    let mut hand = Hand::new("lesson_slot");
    let mut batch = Batch::new();
    let mut practicals = vec![];
    let mut taken = Taken::default();
    let term = TermAt::now(world);
    let mut number = 0;
    // Each class starts elsewhere in the week, so that a subject's lessons spread over its teachers' days.
    for (class, line) in world.school.classes.iter().enumerate() {
        let plans = (0..taught.plans.len()).filter(|at| {
            let plan = &taught.plans[*at];
            let own = plan.major.is_none_or(|major| major == line.major);
            plan.issued && plan.entry_year == line.entry_year && own
        });
        for plan in plans {
            let course = &world.school.courses[taught.plans[plan].course];
            let practical = matches!(course.category, Category::Core | Category::Practice);
            let mut left = i64::from(course.weekly_lessons);
            let mut nth = 0;
            while left > 0 {
                let periods = left.min(2);
                left -= periods;
                let inside = practical && nth % 2 == 0;
                nth += 1;
                let Some((block, teacher, site)) =
                    place(world, taught, &mut taken, &mut hand, (class, plan, inside))
                else {
                    continue;
                };
                let (weekday, (period, starts_at)) = (block / BLOCKS.len(), BLOCKS[block % BLOCKS.len()]);
                number += 1;
                let record = LessonSlot {
                    number: format!("{}-{}-{number:05}", term.year, term.code().0),
                    plan: taught.plan(plan),
                    course: world.course(taught.plans[plan].course),
                    class: world.class(class),
                    unit: world.department(world.department_of(class)),
                    year: term.year,
                    term: term.code(),
                    teacher: world.staff(teacher),
                    room: site.map_or(world.room(line.room), |room| Ref::new(world.ids.sites[room])),
                    first_week: 1,
                    last_week: WEEKS,
                    weeks: Weeks::All,
                    first_on: world.days.term.start() + Count::new(weekday as u64),
                    weekday: None,
                    period,
                    periods,
                    starts_at: starts_at.into(),
                    students: world.pupils[class].len() as i64,
                    textbook: Some(taught.book(taught.plans[plan].course)),
                };
                batch.add(&record, prepared(&world.days, &mut hand));
                practicals.extend(site.map(|room| Practical {
                    room,
                    class,
                    teacher,
                    weekday,
                    period,
                    periods,
                    plan,
                }));
            }
        }
    }
    batch.write(scope).await?;
    Ok(practicals)
}

/// A block of the week in which the class, a teacher of the course's group and, when wanted, a training room of the
/// department are free. Without a free training room the lesson stays in the classroom.
fn place(
    world: &World,
    taught: &Taught,
    taken: &mut Taken,
    hand: &mut Hand,
    (class, plan, inside): (usize, usize, bool),
) -> Option<(usize, usize, Option<usize>)> {
    let plan = &taught.plans[plan];
    let department = world.department_of(class);
    let mut teachers = vec![plan.teacher];
    teachers.extend(world.group(world.school.courses[plan.course].group));
    let blocks = DAYS * BLOCKS.len();
    let start = hand.rng.below(blocks);
    for block in (0..blocks).map(|step| (start + step) % blocks) {
        if taken.classes.contains(&(class, block)) {
            continue;
        }
        let Some(teacher) = teachers
            .iter()
            .copied()
            .find(|teacher| !taken.teachers.contains(&(*teacher, block)))
        else {
            continue;
        };
        let rooms = world.school.training_rooms.iter().enumerate();
        let site = rooms
            .filter(|(at, room)| room.department == department && !taken.rooms.contains(&(*at, block)))
            .map(|(at, _)| at)
            .nth(class % 3)
            .filter(|_| inside);
        taken.classes.insert((class, block));
        taken.teachers.insert((teacher, block));
        if let Some(room) = site {
            taken.rooms.insert((room, block));
        }
        return Some((block, teacher, site));
    }
    None
}
