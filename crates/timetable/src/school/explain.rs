//! Why no usable timetable exists, in the school's words: counts that cannot work out, and small sets of lessons and
//! constraints that are proved to be in conflict.

use super::assess::assess;
use super::constraint::{Kind, Level, join};
use super::exact::{Verdict, decide, part};
use super::model::{RoomNeed, School, Timetable};
use std::collections::BTreeSet;

/// Placements one proof may look at.
const BOUND: usize = 60_000;
/// Lessons a proof starts from at most.
const MOST: usize = 40;

/// One reason why there is no usable timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Is it proved, or only what the best timetable still breaks?
    pub proved: bool,
    /// The conflict in words.
    pub text: String,
    /// Lessons in conflict; no smaller set was found.
    pub lessons: Vec<usize>,
    /// Constraints (indices in the school's list) in conflict.
    pub constraints: Vec<usize>,
    /// What would resolve it; each line alone is enough where `proved`.
    pub relax: Vec<String>,
}

/// Looks for conflicts: first by counting, then around what `timetable` (the best found) still breaks.
pub fn explain(school: &School, timetable: &Timetable) -> Vec<Conflict> {
    if let wrong @ [_, ..] = &school.check()[..] {
        let conflict = |text: &String| Conflict {
            proved: true,
            text: text.clone(),
            lessons: vec![],
            constraints: vec![],
            relax: vec!["改正基础数据".into()],
        };
        return wrong.iter().map(conflict).collect();
    }
    let mut found = without_room(school);
    found.extend(overloaded(school));
    found.extend(scarce_rooms(school));
    if found.is_empty() {
        found = around(school, timetable);
    }
    found
}

/// Slots closed hard, in all weeks, for a teacher or a class, and the constraints that close them.
fn closed(school: &School, teacher: Option<usize>, class: Option<usize>) -> (BTreeSet<usize>, Vec<usize>) {
    let (mut slots, mut by) = (BTreeSet::new(), Vec::new());
    for (i, c) in school
        .constraints
        .iter()
        .enumerate()
        .filter(|x| x.1.level == Level::Hard)
    {
        let hit = match &c.kind {
            Kind::TeacherUnavailable {
                teacher: t,
                slots,
                weeks: None,
            } if Some(*t) == teacher => slots,
            Kind::Closed {
                teachers,
                classes,
                slots,
                ..
            } if teacher.is_some_and(|t| teachers.contains(&t))
                || class.is_some_and(|c| classes.contains(&c)) =>
            {
                slots
            }
            _ => continue,
        };
        slots.extend(hit.iter().copied());
        by.push(i);
    }
    (slots, by)
}

fn without_room(school: &School) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (l, lesson) in school.lessons.iter().enumerate() {
        if lesson.room == RoomNeed::None || lesson.blocks.is_empty() || !school.fitting_rooms(l).is_empty() {
            continue;
        }
        let same =
            |r: &usize| matches!(&lesson.room, RoomNeed::Any { kind, .. } if *kind == school.rooms[*r].kind);
        let near: Vec<String> = (0..school.rooms.len())
            .filter(same)
            .filter_map(|r| school.misfit(l, r))
            .take(3)
            .collect();
        let why = if near.is_empty() {
            "没有这一类型的场所".to_string()
        } else {
            join(near.into_iter())
        };
        found.push(Conflict {
            proved: true,
            text: format!("{}没有可用场所：{why}", school.lesson_name(l)),
            lessons: vec![l],
            constraints: vec![],
            relax: vec!["放宽该课的场所要求，或分组上课，或增加场所".into()],
        });
    }
    found
}

/// Teachers and classes with more periods than slots, in some week pattern.
fn overloaded(school: &School) -> Vec<Conflict> {
    let mut found = Vec::new();
    let patterns = school.patterns();
    let heaviest = |lessons: &[usize]| {
        let load = |p: &super::WeekSet| -> usize {
            let held = lessons
                .iter()
                .filter(|&&l| !p.and(school.held_weeks(l)).is_empty());
            held.map(|&l| school.lessons[l].blocks.iter().sum::<usize>())
                .sum()
        };
        patterns.iter().map(load).max().unwrap_or(0)
    };
    for t in 0..school.teachers.len() {
        let lessons: Vec<usize> = (0..school.lessons.len())
            .filter(|&l| school.lessons[l].teachers.contains(&t))
            .collect();
        let (shut, mut constraints) = closed(school, Some(t), None);
        let open = |slots: &[usize]| slots.iter().filter(|s| !shut.contains(s)).count();
        let mut room = school.grid.slots() - shut.len();
        for (i, c) in school
            .constraints
            .iter()
            .enumerate()
            .filter(|x| x.1.level == Level::Hard)
        {
            let fewer = match &c.kind {
                Kind::HalfDays { teacher, max } if *teacher == t => {
                    let mut halves: Vec<usize> = school.grid.half_days().iter().map(|h| open(h)).collect();
                    halves.sort_unstable();
                    halves.iter().rev().take(*max).sum()
                }
                Kind::TeacherDailyMax { teachers, max } if teachers.contains(&t) => {
                    school.grid.by_day().iter().map(|d| open(d).min(*max)).sum()
                }
                _ => continue,
            };
            if fewer < room {
                room = fewer;
                constraints.push(i);
            }
        }
        let load = heaviest(&lessons);
        if load > room {
            let name = &school.teachers[t].name;
            let mut relax: Vec<String> = constraints
                .iter()
                .map(|&i| format!("放宽“{}”", school.constraints[i].kind.explain(school)))
                .collect();
            relax.push(format!("把{name}的 {} 节课调给别的教师", load - room));
            let text = format!("{name}一周有 {load} 节课，只有 {room} 节可排");
            found.push(Conflict {
                proved: true,
                text,
                lessons,
                constraints,
                relax,
            });
        }
    }
    for c in 0..school.classes.len() {
        let (shut, constraints) = closed(school, None, Some(c));
        let room = school.grid.slots() - shut.len();
        for atom in school.atoms(c) {
            let attends = |l: &usize| {
                let mut mine = school.lessons[*l].attendees.iter().filter(|a| a.class == c);
                mine.any(|a| a.group.is_none_or(|g| atom.contains(&g)))
            };
            let lessons: Vec<usize> = (0..school.lessons.len()).filter(attends).collect();
            let load = heaviest(&lessons);
            if load > room {
                let name = &school.classes[c].name;
                let text = format!("{name}一周有 {load} 节课，只有 {room} 节可排");
                let mut relax: Vec<String> = constraints
                    .iter()
                    .map(|&i| format!("放宽“{}”", school.constraints[i].kind.explain(school)))
                    .collect();
                relax.push(format!("减少{name} {} 节周课时，或改为单双周", load - room));
                found.push(Conflict {
                    proved: true,
                    text,
                    lessons,
                    constraints: constraints.clone(),
                    relax,
                });
                break;
            }
        }
    }
    found
}

/// Kinds of rooms asked for more often than there are.
fn scarce_rooms(school: &School) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let needs: Vec<Vec<usize>> = (0..school.lessons.len())
        .map(|l| school.fitting_rooms(l))
        .collect();
    let mut sets: Vec<Vec<usize>> = needs.iter().filter(|n| !n.is_empty()).cloned().collect();
    sets.sort();
    sets.dedup();
    for rooms in sets {
        let within = |l: &usize| !needs[*l].is_empty() && needs[*l].iter().all(|r| rooms.contains(r));
        let lessons: Vec<usize> = (0..school.lessons.len()).filter(within).collect();
        for p in school.patterns() {
            let held = lessons
                .iter()
                .filter(|&&l| !p.and(school.held_weeks(l)).is_empty());
            let load: usize = held
                .map(|&l| school.lessons[l].blocks.iter().sum::<usize>())
                .sum();
            let room = rooms.len() * school.grid.slots();
            if load > room {
                let names = join(rooms.iter().take(4).map(|&r| school.rooms[r].name.as_str()));
                found.push(Conflict {
                    proved: true,
                    text: format!(
                        "{names}等 {} 个场所一周只有 {room} 节，排给它们的课有 {load} 节",
                        rooms.len()
                    ),
                    lessons,
                    constraints: vec![],
                    relax: vec![format!(
                        "增加同类场所，或减少 {} 节，或放宽其中一些课的场所要求",
                        load - room
                    )],
                });
                break;
            }
        }
    }
    found
}

/// Conflicts around what the timetable still breaks.
fn around(school: &School, timetable: &Timetable) -> Vec<Conflict> {
    let report = assess(school, timetable);
    let hard: Vec<usize> = (0..school.constraints.len())
        .filter(|&i| school.constraints[i].level == Level::Hard)
        .collect();
    let mut found: Vec<Conflict> = Vec::new();
    for finding in report.findings.iter().filter(|f| f.hard) {
        if found
            .iter()
            .any(|c| c.proved && finding.lessons.iter().any(|l| c.lessons.contains(l)))
        {
            continue;
        }
        let proved = neighbourhoods(school, &finding.lessons)
            .into_iter()
            .find(|lessons| decide(&part(school, lessons, &hard), BOUND) == Verdict::Impossible);
        found.push(match proved {
            Some(lessons) => shrink(school, lessons, hard.clone()),
            None => Conflict {
                proved: false,
                text: finding.text.clone(),
                lessons: finding.lessons.clone(),
                constraints: finding.constraint.into_iter().collect(),
                relax: vec![
                    "在规定时间内没有找到排法，也没能证明排不出：可延长时间，或放宽相关约束后再试".into(),
                ],
            },
        });
    }
    found.sort_by_key(|c| !c.proved);
    found
}

/// Sets of lessons to try: the ones in the finding, then with all that share their teachers, then their classes.
fn neighbourhoods(school: &School, core: &[usize]) -> Vec<Vec<usize>> {
    let shares = |pick: &dyn Fn(usize) -> Vec<usize>| -> Vec<usize> {
        let people: BTreeSet<usize> = core.iter().flat_map(|&l| pick(l)).collect();
        let near = (0..school.lessons.len())
            .filter(|&l| core.contains(&l) || pick(l).iter().any(|x| people.contains(x)));
        near.take(MOST).collect()
    };
    let teachers = shares(&|l| school.lessons[l].teachers.clone());
    let classes = shares(&|l| school.lessons[l].attendees.iter().map(|a| a.class).collect());
    let mut both = [&teachers[..], &classes[..]].concat();
    both.sort_unstable();
    both.dedup();
    both.truncate(MOST);
    vec![core.to_vec(), teachers, classes, both]
}

/// Leaves out lessons and constraints as long as the rest is still impossible.
fn shrink(school: &School, mut lessons: Vec<usize>, mut constraints: Vec<usize>) -> Conflict {
    let impossible = |l: &[usize], c: &[usize]| decide(&part(school, l, c), BOUND) == Verdict::Impossible;
    // Constraints in halves first: most have nothing to do with it.
    let mut step = constraints.len().div_ceil(2);
    while step > 0 {
        let mut at = 0;
        while at < constraints.len() {
            let end = (at + step).min(constraints.len());
            let fewer = [&constraints[..at], &constraints[end..]].concat();
            if impossible(&lessons, &fewer) {
                constraints = fewer;
            } else {
                at = end;
            }
        }
        step /= 2;
    }
    let mut at = 0;
    while at < lessons.len() {
        let mut fewer = lessons.clone();
        fewer.remove(at);
        if impossible(&fewer, &constraints) {
            lessons = fewer;
        } else {
            at += 1;
        }
    }
    constraints.retain({
        let all = constraints.clone();
        let lessons = &lessons;
        move |i| {
            let fewer: Vec<usize> = all.iter().copied().filter(|x| x != i).collect();
            !impossible(lessons, &fewer)
        }
    });
    let what = join(lessons.iter().map(|&l| school.lesson_name(l)));
    let rules = constraints
        .iter()
        .map(|&i| school.constraints[i].kind.explain(school));
    let text = if constraints.is_empty() {
        format!("这些课无论如何排不到一起：{what}")
    } else {
        format!(
            "这些课不能同时满足：{what}；约束：{}",
            rules.clone().collect::<Vec<_>>().join("；")
        )
    };
    let mut relax: Vec<String> = rules.map(|r| format!("放宽“{r}”")).collect();
    relax.push("其中任一门课改由别的教师上、减少课时或改单双周".into());
    Conflict {
        proved: true,
        text,
        lessons,
        constraints,
        relax,
    }
}
