//! Grades of the last term (文化基础课成绩) with their make-ups, and the evaluations of students (综合成绩与评价).

use anyhow::Result;
use assessment::{GeneralGrade, TermEvaluation};
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};

use super::TermAt;
use crate::catalog::{Category, Examined};
use crate::install::days::OFFICE_HOURS;
use crate::install::people::code;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Classes of the second year whose grades are kept here.
const CLASSES: usize = 8;
/// Courses of each.
const COURSES: usize = 4;
/// Days before this term on which the grades of the last were given.
const BEFORE: u64 = 52;
const COMMENTS: &[&str] = &[
    "学习踏实，尊敬师长，乐于帮助同学，动手能力强；希望课堂上更主动发言。",
    "遵守纪律，集体荣誉感强，专业课进步明显；文化课还要多下功夫。",
    "性格开朗，积极参加活动，值日认真；注意合理安排时间，按时完成作业。",
    "为人诚实，实训操作规范，安全意识好；希望加强体育锻炼。",
    "思维活跃，对专业有兴趣；迟到次数偏多，望改正。",
];

/// Writes grades and evaluations.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let last = TermAt::now(world).last();
    // Those who entered before this school year and so had a last term.
    let entry = world.days.term.year().0 - 1;
    let classes: Vec<usize> = (0..world.school.classes.len())
        .filter(|at| world.school.classes[*at].entry_year == entry)
        .take(CLASSES)
        .collect();
    grades(scope, world, last, &classes).await?;
    evaluations(scope, world, last, &classes).await
}

async fn grades(scope: &Scope, world: &World, term: TermAt, classes: &[usize]) -> Result<()> {
    let mut hand = Hand::new("general_grade");
    let mut batch = Batch::new();
    let given = world.days.term.start() - Count::new(BEFORE);
    let again = world.days.in_week(3);
    for class in classes {
        let nth = term.of(world.school.classes[*class].entry_year);
        let courses: Vec<usize> = (0..world.school.courses.len())
            .filter(|at| {
                let course = &world.school.courses[*at];
                course.category == Category::General && (course.terms.0..=course.terms.1).contains(&nth)
            })
            .take(COURSES)
            .collect();
        for course in courses {
            let group = world.group(world.school.courses[course].group);
            let teacher = group[class % group.len()];
            for student in &world.pupils[*class] {
                let record = grade(world, &mut hand, term, (*class, course, teacher, *student), given);
                let failed = record.last.is_none_or(|last| last.0 < 520);
                let at = world.days.at(&mut hand.rng, given, OFFICE_HOURS);
                let state = match hand.rng.between(1, 300) {
                    1 => "更正待批",
                    _ => "已公布",
                };
                batch.add_in(state, &record, at);
                if failed {
                    let make_up = GeneralGrade {
                        nature: code("11"),
                        graded_on: again,
                        daily: None,
                        midterm: None,
                        last: None,
                        irregular: None,
                        score: Some(Decimal(i64::from(hand.rng.between(48, 78)) * 10)),
                        ..record
                    };
                    let state = match hand.rng.between(1, 10) {
                        1 => "待提交",
                        2 => "待审核",
                        _ => "已公布",
                    };
                    batch.add_in(state, &make_up, world.days.at(&mut hand.rng, again, OFFICE_HOURS));
                }
            }
        }
    }
    batch.write(scope).await
}

fn grade(
    world: &World,
    hand: &mut Hand,
    term: TermAt,
    (class, course, teacher, student): (usize, usize, usize, usize),
    day: NaiveDate,
) -> GeneralGrade {
    let reviewed = world.school.courses[course].examined == Examined::Assessment;
    let weak = hand.rng.chance(7);
    let absent = hand.rng.chance(1);
    let mut mark = |low, high| Some(Decimal(i64::from(hand.rng.between(low, high)) * 10));
    let daily = if weak { mark(50, 68) } else { mark(68, 98) };
    let midterm = if weak { mark(36, 56) } else { mark(58, 96) };
    let last = if weak { mark(32, 51) } else { mark(57, 97) };
    GeneralGrade {
        year: term.year,
        term: term.code(),
        student: world.student(student),
        class: world.class(class),
        course: world.course(course),
        teacher: world.staff(teacher),
        graded_on: day,
        form: code(if reviewed { "2" } else { "1" }),
        nature: code("01"),
        daily,
        midterm: midterm.filter(|_| !reviewed),
        last: last.filter(|_| !absent),
        irregular: absent.then(|| code("1")),
        score: None,
        mark: None,
        passed: None,
    }
}

async fn evaluations(scope: &Scope, world: &World, term: TermAt, classes: &[usize]) -> Result<()> {
    let mut hand = Hand::new("term_evaluation");
    let mut batch = Batch::new();
    let day = world.days.term.start() - Count::new(BEFORE - 5);
    for (nth, class) in classes.iter().enumerate() {
        // Two class teachers are behind with it.
        let state = match classes.len() - nth {
            1 => "待填写",
            2 => "待审核",
            _ => "已公布",
        };
        for (at, student) in world.pupils[*class].iter().enumerate() {
            let mut mark = |low, high| Some(Decimal(i64::from(hand.rng.between(low, high)) * 5));
            let record = TermEvaluation {
                year: term.year,
                term: term.code(),
                student: world.student(*student),
                class: world.class(*class),
                teacher: world.staff(world.school.classes[*class].head_teacher),
                evaluated_on: day,
                morals: mark(150, 194),
                culture: mark(112, 186),
                skills: mark(126, 192),
                fitness: mark(110, 190),
                training: mark(130, 194).filter(|_| state != "待填写"),
                internship: None,
                total: None,
                standing: None,
                comment: (state != "待填写").then(|| LongText(COMMENTS[at % COMMENTS.len()].into())),
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}
