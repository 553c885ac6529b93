//! What students chose (学生选课): electives of the running term.

use ::teaching::CourseChoice;
use anyhow::Result;
use kernel::app::Scope;

use super::{Taught, TermAt};
use crate::catalog::Category;
use crate::install::days::OFFICE_HOURS;
use crate::install::people::code;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Of the students of a class, every so many choose a course.
const EVERY: usize = 5;
/// Records at most.
const MOST: usize = 1000;

/// Writes the choices.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    let mut hand = Hand::new("course_choice");
    let mut batch = Batch::new();
    let term = TermAt::now(world);
    let mut written = 0;
    for (at, plan) in taught.plans.iter().enumerate() {
        let course = &world.school.courses[plan.course];
        let nature = match course.category {
            Category::GeneralElective => "1",
            Category::Extension => "4",
            _ => continue,
        };
        for (class, line) in world.school.classes.iter().enumerate() {
            let own = plan.major.is_none_or(|major| major == line.major);
            if !(plan.issued && own && plan.entry_year == line.entry_year) {
                continue;
            }
            for student in world.pupils[class].iter().skip(at % EVERY).step_by(EVERY) {
                if written == MOST {
                    break;
                }
                written += 1;
                let late = hand.rng.chance(4);
                let day = world.days.in_week(if late { 10 } else { 1 });
                let state = match hand.rng.between(1, 100) {
                    _ if late => "审核中",
                    ..=4 => "审核未通过",
                    5..=8 => "已退选",
                    _ => "审核通过",
                };
                let chosen_at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
                let record = CourseChoice {
                    student: world.student(*student),
                    plan: taught.plan(at),
                    course: world.course(plan.course),
                    year: term.year,
                    term: term.code(),
                    chosen_at,
                    nature: code(nature),
                    preference: if hand.rng.chance(80) { 1 } else { 2 },
                    note: None,
                };
                batch.add_in(state, &record, chosen_at);
            }
        }
    }
    batch.write(scope).await
}
