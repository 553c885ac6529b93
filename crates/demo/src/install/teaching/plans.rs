//! Planned courses (计划课程) of the running term.

use ::teaching::PlannedCourse;
use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::Ref;

use super::{Plan, Taught, TermAt};
use crate::catalog::{Category, Examined};
use crate::install::people::{code, prepared};
use crate::install::world::{Hand, World, clip};
use crate::install::write::Batch;

/// Weeks of lessons in a term.
const WEEKS: i64 = 18;

/// Writes the planned courses.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<Vec<Plan>> {
    let mut hand = Hand::new("planned_course");
    let mut batch = Batch::new();
    let mut plans: Vec<Plan> = vec![];
    let term = TermAt::now(world);
    for entry_year in (0..3).map(|back| term.year as i32 - back) {
        let nth = term.of(entry_year);
        for (at, course) in world.school.courses.iter().enumerate() {
            if !(course.terms.0..=course.terms.1).contains(&nth) {
                continue;
            }
            let majors: Vec<Option<usize>> = match course.majors.is_empty() {
                true => vec![None],
                false => course.majors.iter().copied().map(Some).collect(),
            };
            let group = world.group(course.group);
            for major in majors {
                let teacher = *hand.rng.pick(&group);
                let state = match plans.len() % 41 {
                    19 => "待审定",
                    31 => "已退回",
                    // Too few wanted it.
                    _ if matches!(course.name, "设计简史" | "旅游政策与法规") => "已停开",
                    _ => "已下达",
                };
                let record = planned(world, taught, term, (at, major, entry_year, teacher));
                let id = batch.add_in(state, &record, prepared(&world.days, &mut hand));
                plans.push(Plan {
                    id,
                    course: at,
                    entry_year,
                    major,
                    teacher,
                    issued: state == "已下达",
                });
            }
        }
    }
    batch.write(scope).await?;
    Ok(plans)
}

fn planned(
    world: &World,
    taught: &Taught,
    term: TermAt,
    (at, major, entry_year, teacher): (usize, Option<usize>, i32, usize),
) -> PlannedCourse {
    let course = &world.school.courses[at];
    let name = major.map_or("全部专业", |major| world.school.majors[major].name);
    let core = course.category == Category::Core;
    let certified = core && at % 3 == 0;
    PlannedCourse {
        number: format!(
            "{}-{}-{}-{entry_year}-{}",
            term.year,
            term.code().0,
            course.code,
            major.map_or("000000", |major| world.school.majors[major].code)
        ),
        course: world.course(at),
        year: term.year,
        term: term.code(),
        major: major.map(|major| taught.major(major)),
        entry_year: entry_year.into(),
        users: clip(&format!("{entry_year}级{name}"), 60),
        unit: Ref::new(world.unit_id(world.school.groups[course.group].unit)),
        teacher: world.staff(teacher),
        weekly: course.weekly_lessons.into(),
        weeks: WEEKS,
        hours: None,
        credits: None,
        exam: Some(code(match course.examined {
            Examined::Exam => "1",
            Examined::Assessment => "2",
        })),
        core,
        certified,
        certificate: certified.then(|| "职业技能等级证书四级".into()),
        contest: (core && at % 4 == 1).then(|| "全市职业院校技能大赛".into()),
        method: Some(code(match course.category {
            Category::Practice => "3",
            Category::Core => "2",
            _ => "1",
        })),
        textbook: Some(taught.book(at)),
    }
}
