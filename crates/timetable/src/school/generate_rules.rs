//! The constraints of a made-up school.

use super::constraint::{Constraint, Kind};
use super::model::School;
use crate::rng::Rng;

/// Constraints such as schools state them, on the lessons of `school`.
pub(super) fn constraints(school: &School, rng: &mut Rng) -> Vec<Constraint> {
    let mut list = Vec::new();
    let grid = &school.grid;
    let classes: Vec<usize> = (0..school.classes.len()).collect();
    let named = |name: &str| -> Vec<usize> {
        (0..school.lessons.len())
            .filter(|&l| school.courses[school.lessons[l].course].name == name)
            .collect()
    };
    // The flag on Monday morning, the class hour on Friday afternoon, and the teaching groups' half-days.
    let flag = Kind::Closed {
        reason: "升旗".into(),
        classes,
        teachers: vec![],
        rooms: vec![],
        slots: vec![grid.slot(0, 0)],
    };
    list.push(Constraint::hard(flag));
    for lesson in named("班会") {
        list.push(Constraint::hard(Kind::Fixed {
            lesson,
            block: 0,
            slot: grid.slot(4, grid.periods() - 1),
            room: None,
        }));
    }
    for (i, subject) in ["语文", "数学", "英语", "思想政治"].into_iter().enumerate() {
        let mut teachers: Vec<usize> = named(subject)
            .iter()
            .flat_map(|&l| school.lessons[l].teachers.clone())
            .collect();
        teachers.sort_unstable();
        teachers.dedup();
        let slots = (5..grid.periods()).map(|p| grid.slot(1 + i % 3, p)).collect();
        let reason = format!("{subject}教研活动");
        list.push(Constraint::hard(Kind::Closed {
            reason,
            classes: vec![],
            teachers,
            rooms: vec![],
            slots,
        }));
    }
    for (t, teacher) in school.teachers.iter().enumerate() {
        if teacher.external {
            // An external teacher comes on two half-days only, of which one is a morning, not Monday's.
            let halves = grid.half_days();
            let morning = 2 * (1 + rng.below(grid.days - 1));
            let other = (morning + 1 + rng.below(halves.len() - 2)) % halves.len();
            let open = [&halves[morning][..], &halves[other][..]].concat();
            let slots = (0..grid.slots()).filter(|s| !open.contains(s)).collect();
            list.push(Constraint::hard(Kind::TeacherUnavailable {
                teacher: t,
                slots,
                weeks: None,
            }));
            list.push(Constraint::soft(Kind::HalfDays { teacher: t, max: 2 }, 10));
        } else if rng.below(12) == 0 {
            let slots = vec![grid.slot(rng.below(grid.days), 0)];
            list.push(Constraint::hard(Kind::TeacherUnavailable {
                teacher: t,
                slots,
                weeks: None,
            }));
        }
    }
    let staff: Vec<usize> = (0..school.teachers.len())
        .filter(|&t| !school.teachers[t].external)
        .collect();
    list.push(Constraint::soft(
        Kind::TeacherDailyMax {
            teachers: staff.clone(),
            max: 5,
        },
        4,
    ));
    list.push(Constraint::soft(
        Kind::TeacherGaps {
            teachers: staff,
            max: 4,
        },
        1,
    ));
    pairs(school, &mut list);
    for subject in ["语文", "数学", "英语"] {
        let lessons = named(subject);
        list.push(Constraint::hard(Kind::OncePerDay {
            lessons: lessons.clone(),
        }));
        list.push(Constraint::soft(
            Kind::MorningFirst {
                lessons: lessons.clone(),
            },
            1,
        ));
        for t in 0..school.teachers.len() {
            let own: Vec<usize> = lessons
                .iter()
                .copied()
                .filter(|&l| school.lessons[l].teachers == [t])
                .collect();
            if own.len() > 1 {
                list.push(Constraint::soft(Kind::EvenProgress { lessons: own }, 2));
            }
        }
    }
    let sport = named("体育与健康");
    list.push(Constraint::hard(Kind::OncePerDay {
        lessons: sport.clone(),
    }));
    list.push(Constraint::soft(
        Kind::AvoidPeriods {
            lessons: sport.clone(),
            periods: vec![0, 4],
        },
        5,
    ));
    for lesson in sport {
        list.push(Constraint::soft(Kind::SpreadDays { lesson }, 3));
    }
    for class in 0..school.classes.len() {
        list.push(Constraint::soft(Kind::HomeroomDaily { class }, 1));
    }
    list
}

/// Groups of a class in parallel; odd and even weeks in one place.
fn pairs(school: &School, list: &mut Vec<Constraint>) {
    let name = |l: usize| school.courses[school.lessons[l].course].name.as_str();
    for l in 1..school.lessons.len() {
        let groups = (
            school.lessons[l - 1].attendees[0].group,
            school.lessons[l].attendees[0].group,
        );
        if groups == (Some(0), Some(1)) {
            list.push(Constraint::hard(Kind::Simultaneous {
                lessons: vec![l - 1, l],
            }));
        }
        if (name(l - 1), name(l)) == ("职业素养", "安全教育") {
            list.push(Constraint::hard(Kind::WeekPair { odd: l - 1, even: l }));
        }
    }
}
