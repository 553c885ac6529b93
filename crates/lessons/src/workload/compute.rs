//! The workload of lessons really taught (工作量). Pure: days in, lines out, each with its factors.
//!
//! `W = Σ periods × K(combined) × K(repeat) × K(new) × K(groups) × K(cover) + Σ weeks × people × K(practice)`; the factors
//! are whole hundredths and each line is rounded once, half up, to a hundredth.
use super::extra::{ExtraKind, WorkloadExtra};
use crate::held::{Day, How, Timetable};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The coefficients of a version, in hundredths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coefficients {
    /// For one to eight classes taught together.
    pub combined: [i64; 8],
    /// For a class trained in one to four groups.
    pub batch: [i64; 4],
    /// For every class of a course after the first.
    pub repeat: i64,
    /// For a course granted as new.
    pub new_course: i64,
    /// Per week and person of internship guidance.
    pub practice: i64,
    /// For a lesson stood in for.
    pub cover: i64,
}

impl Default for Coefficients {
    /// A sample that schools use; every number is the school's to change.
    fn default() -> Coefficients {
        Coefficients {
            combined: [100, 150, 190, 220, 240, 260, 270, 280],
            batch: [100, 140, 170, 200],
            repeat: 90,
            new_course: 110,
            practice: 20,
            cover: 100,
        }
    }
}

/// A factor of a line with its name; those that are 1 are left out.
pub type Factor = (&'static str, i64);

/// What one kind of work of one teacher counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The course; none for other work.
    pub course: Option<Uuid>,
    /// The classes taught together.
    pub classes: Vec<Uuid>,
    /// What it is when it is no course: 实习指导, 其他折算.
    pub title: String,
    /// Whether it was stood in for somebody.
    pub covered: bool,
    /// How many lessons; 0 for other work.
    pub lessons: i64,
    /// How many periods, or weeks × people.
    pub periods: i64,
    /// Factors other than 1.
    pub factors: Vec<Factor>,
    /// The result in hundredths.
    pub weighted: i64,
    /// First and last date.
    pub dates: (NaiveDate, NaiveDate),
}

/// The workload of one teacher.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Periods really taught.
    pub periods: i64,
    /// Of these, stood in for others.
    pub covered: i64,
    /// Periods of one's own that others taught.
    pub lost: i64,
    /// The sum in hundredths.
    pub weighted: i64,
}

/// What besides the lessons decides.
pub struct Facts<'a> {
    /// Places in each training room, by room.
    pub stations: &'a HashMap<Uuid, i64>,
    /// Granted extras.
    pub extras: &'a [WorkloadExtra],
}

fn product(periods: i64, factors: &[Factor]) -> i64 {
    let mut value = i128::from(periods) * 100;
    for (_, factor) in factors {
        value *= i128::from(*factor);
    }
    let scale = 100i128.pow(factors.len() as u32);
    i64::try_from((value * 2 + scale) / (scale * 2)).unwrap_or(i64::MAX)
}

/// One lesson really taught, classes that sit in it together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    teacher: Uuid,
    on: NaiveDate,
    period: u8,
    course: Uuid,
    room: Uuid,
    covered: bool,
}

/// What lessons with the same factors have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    course: Uuid,
    classes: Vec<Uuid>,
    covered: bool,
    repeat: bool,
    new: bool,
    batches: usize,
}

/// The workload of every teacher over some days.
pub fn loads(table: &Timetable, days: &[Day], facts: &Facts<'_>, by: &Coefficients) -> BTreeMap<Uuid, Load> {
    let firsts = firsts(table);
    let mut loads: BTreeMap<Uuid, Load> = BTreeMap::new();
    let mut lines: BTreeMap<(Uuid, Key), Line> = BTreeMap::new();
    for (held, (classes, periods, students)) in held(table, days) {
        let load = loads.entry(held.teacher).or_default();
        load.periods += periods;
        if held.covered {
            load.covered += periods;
        }
        let new = facts.extras.iter().any(|extra| {
            extra.kind == ExtraKind::NewCourse
                && extra.teacher.id == held.teacher
                && extra.course.is_some_and(|course| course.id == held.course)
                && (extra.starts_on..=extra.ends_on).contains(&held.on)
        });
        let first = firsts.get(&(held.teacher, held.course));
        let key = Key {
            course: held.course,
            repeat: !held.covered && first.is_some_and(|first| !classes.contains(first)),
            covered: held.covered,
            new,
            batches: batches(facts.stations.get(&held.room), students),
            classes,
        };
        let line = lines.entry((held.teacher, key.clone())).or_insert_with(|| Line {
            course: Some(key.course),
            classes: key.classes.clone(),
            title: String::new(),
            covered: key.covered,
            lessons: 0,
            periods: 0,
            factors: factors(&key, by),
            weighted: 0,
            dates: (held.on, held.on),
        });
        line.lessons += 1;
        line.periods += periods;
        line.dates = (line.dates.0.min(held.on), line.dates.1.max(held.on));
    }
    for ((teacher, _), mut line) in lines {
        line.weighted = product(line.periods, &line.factors);
        loads.entry(teacher).or_default().lines.push(line);
    }
    add_lost(table, days, &mut loads);
    add_extras(days, facts.extras, by, &mut loads);
    for load in loads.values_mut() {
        load.weighted = load.lines.iter().map(|line| line.weighted).sum();
    }
    loads
}

/// Lessons really taught with their classes, periods and students. A make-up of a lesson counts where it is held.
fn held(table: &Timetable, days: &[Day]) -> BTreeMap<Held, (Vec<Uuid>, i64, i64)> {
    let mut found: BTreeMap<Held, (Vec<Uuid>, i64, i64)> = BTreeMap::new();
    for lesson in days.iter().flat_map(|day| &day.lessons) {
        let slot = &table.slots[lesson.slot];
        let key = Held {
            teacher: lesson.teacher,
            on: lesson.on,
            period: lesson.period,
            course: slot.course,
            room: lesson.room,
            covered: lesson.teacher != slot.teacher,
        };
        let (classes, periods, students) = found.entry(key).or_default();
        classes.push(slot.class);
        classes.sort();
        *periods = (*periods).max(lesson.periods.into());
        *students += slot.students;
    }
    found
}

/// The class with which each teacher's course counts fully: the first of the timetable.
fn firsts(table: &Timetable) -> HashMap<(Uuid, Uuid), Uuid> {
    let mut firsts = HashMap::new();
    for slot in &table.slots {
        firsts.entry((slot.teacher, slot.course)).or_insert(slot.class);
    }
    firsts
}

/// In how many groups the students train: as many as the places of the room ask for, four at most.
fn batches(stations: Option<&i64>, students: i64) -> usize {
    match stations {
        Some(stations) if *stations > 0 => {
            let groups = (students + stations - 1) / stations;
            usize::try_from(groups.clamp(1, 4)).unwrap_or(1)
        }
        _ => 1,
    }
}

fn factors(key: &Key, by: &Coefficients) -> Vec<Factor> {
    let classes = key.classes.len().clamp(1, by.combined.len());
    let all = [
        ("合班", by.combined[classes - 1]),
        ("重复课", if key.repeat { by.repeat } else { 100 }),
        ("新课", if key.new { by.new_course } else { 100 }),
        ("实训分组", by.batch[key.batches - 1]),
        ("代课", if key.covered { by.cover } else { 100 }),
    ];
    all.into_iter().filter(|(_, factor)| *factor != 100).collect()
}

fn add_lost(table: &Timetable, days: &[Day], loads: &mut BTreeMap<Uuid, Load>) {
    for lesson in days.iter().flat_map(|day| &day.lessons) {
        let own = table.slots[lesson.slot].teacher;
        if lesson.how == How::Covered && own != lesson.teacher {
            loads.entry(own).or_default().lost += i64::from(lesson.periods);
        }
    }
}

fn add_extras(days: &[Day], extras: &[WorkloadExtra], by: &Coefficients, loads: &mut BTreeMap<Uuid, Load>) {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return;
    };
    let within = |extra: &&WorkloadExtra| (first.date..=last.date).contains(&extra.ends_on);
    for extra in extras.iter().filter(within) {
        let (title, periods, factors) = match extra.kind {
            ExtraKind::NewCourse => continue,
            ExtraKind::Practice => {
                let (weeks, people) = (extra.weeks.unwrap_or(0), extra.people.unwrap_or(0));
                let title = format!("实习指导 {weeks}周×{people}人");
                (title, weeks * people, vec![("实习指导", by.practice)])
            }
            ExtraKind::Other => ("其他折算".to_owned(), extra.periods.unwrap_or(0), vec![]),
        };
        loads.entry(extra.teacher.id).or_default().lines.push(Line {
            course: None,
            classes: vec![],
            title,
            covered: false,
            lessons: 0,
            periods,
            weighted: product(periods, &factors),
            factors,
            dates: (extra.starts_on, extra.ends_on),
        });
    }
}

#[cfg(test)]
#[path = "compute_tests.rs"]
mod tests;
