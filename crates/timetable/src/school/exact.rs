//! A bounded exact search over a few lessons: proves that they cannot be held together.

use super::compile::Compiled;
use super::constraint::{Constraint, Kind, Level};
use super::model::{Lesson, RoomNeed, School};
use crate::engine::{NO_TIME, NONE, Rule, State};

/// What the search can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Possible,
    Impossible,
    /// The bound was reached first.
    Unknown,
}

/// Is a violation of this kind never healed by placing more?
fn monotone(kind: &Kind) -> bool {
    !matches!(kind, Kind::TeacherGaps { .. } | Kind::HomeroomDaily { .. })
}

/// The school with some of its lessons and hard constraints only. Soft ones and those that more lessons could heal are
/// left out, so that what is impossible here is impossible in the whole.
pub(super) fn part(school: &School, lessons: &[usize], constraints: &[usize]) -> School {
    let new = |l: &usize| lessons.iter().position(|x| x == l);
    let list = |old: &[usize]| old.iter().filter_map(new).collect::<Vec<usize>>();
    let kept = |c: &Constraint| -> Option<Constraint> {
        let kind = match &c.kind {
            Kind::Fixed {
                lesson,
                block,
                slot,
                room,
            } => Kind::Fixed {
                lesson: new(lesson)?,
                block: *block,
                slot: *slot,
                room: *room,
            },
            Kind::SpreadDays { lesson } => Kind::SpreadDays { lesson: new(lesson)? },
            Kind::OncePerDay { lessons } => Kind::OncePerDay {
                lessons: list(lessons),
            },
            Kind::MorningFirst { lessons } => Kind::MorningFirst {
                lessons: list(lessons),
            },
            Kind::AvoidPeriods { lessons, periods } => Kind::AvoidPeriods {
                lessons: list(lessons),
                periods: periods.clone(),
            },
            Kind::EvenProgress { lessons } => Kind::EvenProgress {
                lessons: list(lessons),
            },
            Kind::Simultaneous { lessons } => Kind::Simultaneous {
                lessons: list(lessons),
            },
            Kind::Exclusive { lessons, same_day } => Kind::Exclusive {
                lessons: list(lessons),
                same_day: *same_day,
            },
            Kind::WeekPair { odd, even } => Kind::WeekPair {
                odd: new(odd)?,
                even: new(even)?,
            },
            other => other.clone(),
        };
        Some(Constraint { kind, level: c.level })
    };
    let chosen = constraints.iter().map(|&i| &school.constraints[i]);
    let hard = chosen.filter(|c| c.level == Level::Hard && monotone(&c.kind));
    School {
        lessons: lessons.iter().map(|&l| bare(school, l)).collect(),
        constraints: hard.filter_map(kept).collect(),
        ..school.clone()
    }
}

/// The lesson, without its room where it has a choice: the search does not branch over rooms.
fn bare(school: &School, lesson: usize) -> Lesson {
    let room = match school.fitting_rooms(lesson).len() {
        0 | 1 => school.lessons[lesson].room.clone(),
        _ => RoomNeed::None,
    };
    Lesson {
        room,
        ..school.lessons[lesson].clone()
    }
}

/// Can all lessons of `school` be placed without breaking a hard constraint? Looks at no more than `bound` placements.
pub(super) fn decide(school: &School, bound: usize) -> Verdict {
    let compiled = Compiled::new(school, &|_, _| false);
    // A link between events that could not be made one is broken until both are placed: nothing can be proved then.
    if compiled
        .problem
        .points
        .iter()
        .any(|p| matches!(p.rule, Rule::Link { .. }))
    {
        return Verdict::Unknown;
    }
    let mut state = State::new(&compiled.problem, &State::empty_placement(&compiled.problem), 1);
    let mut left = bound;
    let events: Vec<usize> = (0..compiled.problem.events.len()).collect();
    match search(&mut state, &events, &mut left) {
        true => Verdict::Possible,
        false if left == 0 => Verdict::Unknown,
        false => Verdict::Impossible,
    }
}

/// Tries a start, with any choice of rooms; true when it breaks nothing. The state is then settled and kept.
fn admit(s: &mut State, event: usize, start: u16) -> bool {
    let p = s.problem;
    let meet = p.first_meet[event] as usize;
    let before = s.hard;
    s.set_time(meet, start);
    for (o, open) in p.events[event].open.iter().enumerate() {
        let free = open
            .candidates
            .iter()
            .copied()
            .find(|&r| s.is_free(r, &open.weeks, meet, usize::from(start)));
        let Some(r) = free else {
            s.undo();
            return false;
        };
        s.set_choice(meet, o, r);
    }
    s.settle(f64::INFINITY);
    // Everything that was owed to this event is paid, and nothing new is.
    let assign = p.event_points[event]
        .iter()
        .filter(|&&i| p.points[i as usize].rule.is_assign())
        .count() as i64;
    if s.hard == before - assign * p.events[event].duration as i64 {
        s.keep();
        true
    } else {
        s.undo();
        false
    }
}

fn withdraw(s: &mut State, event: usize) {
    let meet = s.problem.first_meet[event] as usize;
    s.set_time(meet, NO_TIME);
    for o in 0..s.problem.events[event].open.len() {
        s.set_choice(meet, o, NONE);
    }
    s.settle(f64::INFINITY);
    s.keep();
}

fn search(s: &mut State, events: &[usize], left: &mut usize) -> bool {
    // The event with the fewest admissible starts first.
    let mut best: Option<(usize, Vec<u16>)> = None;
    for &e in events {
        let all = s.problem.events[e].starts.last().cloned().unwrap_or_default();
        let limit = best.as_ref().map_or(usize::MAX, |b| b.1.len());
        let mut able = Vec::new();
        for t in all {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            if admit(s, e, t) {
                withdraw(s, e);
                able.push(t);
                if able.len() >= limit {
                    break;
                }
            }
        }
        if able.is_empty() {
            return false;
        }
        if able.len() < limit {
            best = Some((e, able));
        }
    }
    let Some((event, starts)) = best else { return true };
    let rest: Vec<usize> = events.iter().copied().filter(|&e| e != event).collect();
    for t in starts {
        if admit(s, event, t) {
            if search(s, &rest, left) {
                return true;
            }
            withdraw(s, event);
        }
        if *left == 0 {
            return false;
        }
    }
    false
}
