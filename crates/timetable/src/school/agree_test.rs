//! The search and the independent assessment agree on every constraint, whatever is moved where.

use super::compile::Compiled;
use super::*;
use crate::engine::State;
use crate::rng::Rng;

/// A few lessons and one constraint of every kind, hard or soft at random.
pub(super) fn random_school(rng: &mut Rng) -> School {
    let mut s = generate(Size { classes: 3 }, rng.bits());
    s.constraints.clear();
    s.lessons.retain(|_| rng.below(3) > 0);
    s.classes[0].groups.push(Group {
        name: "男生".into(),
        size: 20,
        division: 1,
    });
    s.classes[0].groups.push(Group {
        name: "女生".into(),
        size: 20,
        division: 1,
    });
    for l in &mut s.lessons {
        if rng.below(5) == 0 {
            l.attendees.push(Attendee {
                class: rng.below(3),
                group: None,
            });
        }
        if rng.below(6) == 0 {
            l.attendees[0] = Attendee {
                class: 0,
                group: Some(2 + rng.below(2)),
            };
        }
        if rng.below(5) == 0 {
            l.weeks = WeekSet::range(1, 1 + rng.below(18) as u32);
        }
        if rng.below(6) == 0 {
            l.room = RoomNeed::Room(rng.below(s.rooms.len()));
        }
    }
    let (n, teachers, slots) = (s.lessons.len(), s.teachers.len(), s.grid.slots());
    let some = |rng: &mut Rng, n: usize, k: usize| -> Vec<usize> {
        let mut list: Vec<usize> = (0..k).map(|_| rng.below(n)).collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    for round in 0..3 {
        let lesson = rng.below(n);
        let block = rng.below(s.lessons[lesson].blocks.len());
        let fits: Vec<usize> = (0..slots)
            .filter(|&t| s.grid.fits(t, s.lessons[lesson].blocks[block]))
            .collect();
        let kinds = vec![
            Kind::NoClash,
            Kind::Placed,
            Kind::Consecutive,
            Kind::RoomFits,
            Kind::Joined,
            Kind::TeacherUnavailable {
                teacher: s.lessons[lesson].teachers[0],
                slots: some(rng, slots, 9),
                weeks: (rng.below(2) == 0).then(|| WeekSet::range(3, 9).odd()),
            },
            Kind::Closed {
                reason: "教研".into(),
                classes: some(rng, 3, 1),
                teachers: some(rng, teachers, 2),
                rooms: some(rng, s.rooms.len(), 2),
                slots: some(rng, slots, 6),
            },
            Kind::Fixed {
                lesson,
                block,
                slot: fits[rng.below(fits.len())],
                room: s.fitting_rooms(lesson).first().copied(),
            },
            Kind::SpreadDays { lesson },
            Kind::OncePerDay {
                lessons: some(rng, n, 4),
            },
            Kind::MorningFirst {
                lessons: some(rng, n, 4),
            },
            Kind::AvoidPeriods {
                lessons: some(rng, n, 4),
                periods: vec![0, 4],
            },
            Kind::TeacherDailyMax {
                teachers: some(rng, teachers, 6),
                max: 2,
            },
            Kind::TeacherGaps {
                teachers: some(rng, teachers, 6),
                max: 1,
            },
            Kind::EvenProgress {
                lessons: some(rng, n, 3),
            },
            Kind::CampusGap {
                teachers: some(rng, teachers, 6),
                gap: 1 + round % 2,
            },
            Kind::Simultaneous {
                lessons: some(rng, n, 3),
            },
            Kind::Exclusive {
                lessons: some(rng, n, 4),
                same_day: rng.below(2) == 0,
            },
            Kind::WeekPair {
                odd: rng.below(n),
                even: rng.below(n),
            },
            Kind::HomeroomDaily { class: rng.below(3) },
            Kind::HalfDays {
                teacher: s.lessons[rng.below(n)].teachers[0],
                max: 1,
            },
            Kind::PracticeWeek {
                class: rng.below(3),
                weeks: WeekSet::range(10, 11),
            },
        ];
        for kind in kinds {
            let hard = rng.below(2) == 0;
            s.constraints.push(if hard {
                Constraint::hard(kind)
            } else {
                Constraint::soft(kind, 1 + rng.below(5) as i64)
            });
        }
    }
    s
}

#[test]
fn search_and_assessment_agree_on_every_constraint() {
    let mut rng = Rng::new(41);
    let (mut kinds, mut merged) = (std::collections::BTreeSet::new(), 0);
    for _ in 0..25 {
        let school = random_school(&mut rng);
        assert_eq!(school.check(), Vec::<String>::new());
        let compiled = Compiled::new(&school, &|_, _| false);
        let blocks: usize = school.lessons.iter().map(|l| l.blocks.len()).sum();
        merged += blocks - compiled.problem.events.len();
        let mut s = State::new(&compiled.problem, &State::empty_placement(&compiled.problem), 1);
        for step in 0..120 {
            let m = rng.below(compiled.problem.event_of.len());
            let event = &compiled.problem.events[m];
            let starts = event.starts.last().expect("starts by duration");
            s.set_time(m, starts[rng.below(starts.len())]);
            for (o, open) in event
                .open
                .iter()
                .enumerate()
                .filter(|x| !x.1.candidates.is_empty())
            {
                s.set_choice(m, o, open.candidates[rng.below(open.candidates.len())]);
            }
            s.settle(f64::INFINITY);
            s.keep();
            if step % 20 == 19 {
                let report = assess(&school, &compiled.timetable(&s.placement()));
                let by_kind = |hard: bool| {
                    report
                        .findings
                        .iter()
                        .filter(|f| f.hard == hard)
                        .map(|f| (f.label, f.cost))
                        .collect::<Vec<_>>()
                };
                assert_eq!(
                    (s.hard, s.soft),
                    (report.hard, report.soft),
                    "hard {:?} soft {:?}",
                    by_kind(true),
                    by_kind(false)
                );
                kinds.extend(report.findings.iter().map(|f| f.label));
            }
        }
        let timetable = compiled.timetable(&s.placement());
        let again = compiled
            .timetable(&State::new(&compiled.problem, &compiled.placement(&timetable), 1).placement());
        assert_eq!(
            again, timetable,
            "a timetable survives the way into the core and back"
        );
    }
    assert!(merged > 0, "no blocks were ever held as one");
    // Everything but what holds by construction (连排, 合班同时, 实训整周) was broken at some time.
    assert!(kinds.len() >= 18, "only {kinds:?} were exercised");
}
