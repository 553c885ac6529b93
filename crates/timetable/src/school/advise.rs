//! What a person needs while moving a lesson by hand: where it may go and why not, and what a move brings about.

use super::assess::{Finding, Report, assess};
use super::compile::Compiled;
use super::constraint::{Kind, Level};
use super::model::{Place, RoomNeed, School, Timetable};
use crate::engine::State;

/// A place a block could go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// First slot and the room that suits best.
    pub place: Place,
    /// Change of hard cost against leaving it where it is; 0 or less is green.
    pub hard: i64,
    /// Change of soft cost.
    pub soft: i64,
    /// Why not, when `hard` is above 0.
    pub reasons: Vec<String>,
}

/// What one move brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequences {
    /// The timetable after it.
    pub timetable: Timetable,
    /// Its whole report.
    pub report: Report,
    /// Findings that appear.
    pub new: Vec<Finding>,
    /// Findings that go.
    pub gone: Vec<Finding>,
}

/// Carries out one move and says what changes.
pub fn consequences(
    school: &School,
    timetable: &Timetable,
    lesson: usize,
    block: usize,
    to: Option<Place>,
) -> Consequences {
    let mut after = timetable.clone();
    after.places[lesson][block] = to;
    let (old, report) = (assess(school, timetable), assess(school, &after));
    let missing = |from: &Report, other: &Report| -> Vec<Finding> {
        let have: std::collections::HashSet<(&str, i64)> =
            other.findings.iter().map(|f| (f.text.as_str(), f.cost)).collect();
        from.findings
            .iter()
            .filter(|f| !have.contains(&(f.text.as_str(), f.cost)))
            .cloned()
            .collect()
    };
    let (new, gone) = (missing(&report, &old), missing(&old, &report));
    Consequences {
        timetable: after,
        report,
        new,
        gone,
    }
}

/// Every slot the block could start at, with its best room, costs and reasons against it, in the order of slots.
pub fn places(school: &School, timetable: &Timetable, lesson: usize, block: usize) -> Vec<Choice> {
    let compiled = Compiled::new(school, &|_, _| false);
    let mut s = State::new(&compiled.problem, &compiled.placement(timetable), 1_000_000);
    let (event, open) = (compiled.event_of[lesson][block], compiled.open_of[lesson][block]);
    let meet = compiled.problem.first_meet[event] as usize;
    let length = school.lessons[lesson].blocks[block];
    let before = (s.hard, s.soft);
    let rooms: Vec<u32> = open.map_or(Vec::new(), |o| {
        compiled.problem.events[event].open[o].candidates.clone()
    });
    let mut choices = Vec::new();
    for slot in (0..school.grid.slots()).filter(|&t| school.grid.fits(t, length)) {
        let mut best: Option<(i64, i64, Option<usize>)> = None;
        let mut attempt = |s: &mut State, room: Option<u32>| {
            s.set_time(meet, slot as u16);
            if let (Some(o), Some(r)) = (open, room) {
                s.set_choice(meet, o, r);
            }
            s.settle(f64::INFINITY);
            let cost = (
                s.hard - before.0,
                s.soft - before.1,
                room.map(|r| r as usize - compiled.room_base),
            );
            if best.is_none_or(|b| (cost.0, cost.1) < (b.0, b.1)) {
                best = Some(cost);
            }
            s.undo();
        };
        if rooms.is_empty() {
            attempt(&mut s, None);
        }
        let free = |s: &State, r: u32| {
            open.is_some_and(|o| s.is_free(r, &compiled.problem.events[event].open[o].weeks, meet, slot))
        };
        let own = open.map(|o| s.choice(meet, o));
        let mut order: Vec<u32> = rooms.iter().copied().filter(|&r| free(&s, r)).take(3).collect();
        order.extend(own.filter(|r| rooms.contains(r)));
        if order.is_empty() {
            order.extend(rooms.first());
        }
        for r in order {
            attempt(&mut s, Some(r));
        }
        let Some((hard, soft, room)) = best else { continue };
        let place = Place { slot, room };
        let reasons = if hard > 0 {
            reasons(school, timetable, lesson, block, place)
        } else {
            Vec::new()
        };
        choices.push(Choice {
            place,
            hard,
            soft,
            reasons,
        });
    }
    choices
}

/// Why a block cannot be at a place, in words.
fn reasons(school: &School, timetable: &Timetable, lesson: usize, block: usize, place: Place) -> Vec<String> {
    let l = &school.lessons[lesson];
    let span = place.slot..place.slot + l.blocks[block];
    let weeks = school.held_weeks(lesson);
    let mut why = Vec::new();
    for (o, other) in school.lessons.iter().enumerate() {
        let overlaps = |p: &Place, n: usize| p.slot < span.end && span.start < p.slot + n;
        for (b, p) in timetable.places[o].iter().enumerate() {
            let Some(p) = p else { continue };
            if (o, b) == (lesson, block)
                || !overlaps(p, other.blocks[b])
                || weeks.and(school.held_weeks(o)).is_empty()
            {
                continue;
            }
            for t in other.teachers.iter().filter(|t| l.teachers.contains(t)) {
                why.push(format!(
                    "{}在上{}",
                    school.teachers[*t].name,
                    school.lesson_name(o)
                ));
            }
            for a in &l.attendees {
                let same = other
                    .attendees
                    .iter()
                    .any(|x| x.class == a.class && meet(school, *x, *a));
                if same {
                    why.push(format!(
                        "{}在上{}",
                        school.classes[a.class].name,
                        school.lesson_name(o)
                    ));
                }
            }
            if l.room != RoomNeed::None
                && place.room.is_some()
                && place.room == p.room
                && other.room != RoomNeed::None
            {
                why.push(format!(
                    "符合要求的场所都有课，{}在上{}",
                    school.rooms[p.room.unwrap_or(0)].name,
                    school.lesson_name(o)
                ));
            }
        }
    }
    for c in school.constraints.iter().filter(|c| c.level == Level::Hard) {
        let closes = match &c.kind {
            Kind::TeacherUnavailable {
                teacher,
                slots,
                weeks: w,
            } => {
                l.teachers.contains(teacher)
                    && w.is_none_or(|w| !w.and(weeks).is_empty())
                    && slots.iter().any(|t| span.contains(t))
            }
            Kind::Closed {
                classes,
                teachers,
                rooms,
                slots,
                ..
            } => {
                slots.iter().any(|t| span.contains(t))
                    && (l.attendees.iter().any(|a| classes.contains(&a.class))
                        || l.teachers.iter().any(|t| teachers.contains(t))
                        || place.room.is_some_and(|r| rooms.contains(&r)))
            }
            _ => false,
        };
        if closes {
            why.push(c.kind.explain(school));
        }
    }
    if why.is_empty() {
        let new = consequences(school, timetable, lesson, block, Some(place)).new;
        why.extend(new.into_iter().filter(|f| f.hard).map(|f| f.text));
    }
    why.dedup();
    why
}

/// Do two attendances of one class share students?
fn meet(school: &School, a: super::Attendee, b: super::Attendee) -> bool {
    match (a.group, b.group) {
        (Some(x), Some(y)) => {
            let groups = &school.classes[a.class].groups;
            x == y || groups[x].division != groups[y].division
        }
        _ => true,
    }
}
