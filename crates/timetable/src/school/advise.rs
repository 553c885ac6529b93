//! What a person needs while moving a lesson by hand: where it may go and why not, and what a move brings about.

use super::assess::{Finding, Fixture, Report, assess_with};
use super::compile::Compiled;
use super::model::{Place, School, Timetable};
use crate::engine::{Placement, State};
use std::collections::HashSet;
use std::sync::OnceLock;

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

/// A timetable laid out for moving lessons by hand: what every question about it needs is worked out once.
pub struct Board<'a> {
    pub(super) school: &'a School,
    pub(super) timetable: &'a Timetable,
    pub(super) fixture: Fixture,
    /// (lesson, block) of everything held at each slot.
    pub(super) at_slot: Vec<Vec<(usize, usize)>>,
    compiled: Compiled<'a>,
    placement: Placement,
    /// (lesson, block) of each event; more than one are held as one.
    blocks_of: Vec<Vec<(usize, usize)>>,
    before: OnceLock<Report>,
}

/// Carries out one move and says what changes. For more than one question about a timetable make a [`Board`].
pub fn consequences(
    school: &School,
    timetable: &Timetable,
    lesson: usize,
    block: usize,
    to: Option<Place>,
) -> Consequences {
    let fixture = Fixture::of(school);
    let before = assess_with(&fixture, school, timetable);
    moved(&fixture, school, timetable, &before, &[((lesson, block), to)])
}

/// Every slot the block could start at, with its best room, costs and reasons against it, in the order of slots. For more
/// than one question about a timetable make a [`Board`].
pub fn places(school: &School, timetable: &Timetable, lesson: usize, block: usize) -> Vec<Choice> {
    Board::new(school, timetable).places(lesson, block)
}

impl<'a> Board<'a> {
    /// Lays out `timetable`, which must be one of `school`, which must have passed [`School::check`].
    pub fn new(school: &'a School, timetable: &'a Timetable) -> Self {
        let compiled = Compiled::new(school, &|_, _| false);
        let mut blocks_of = vec![Vec::new(); compiled.problem.events.len()];
        for (l, events) in compiled.event_of.iter().enumerate() {
            for (b, &event) in events.iter().enumerate() {
                blocks_of[event].push((l, b));
            }
        }
        let mut at_slot = vec![Vec::new(); school.grid.slots()];
        for (l, lesson) in school.lessons.iter().enumerate() {
            for (b, place) in timetable.places[l].iter().enumerate() {
                let start = place.map_or(usize::MAX, |p| p.slot).min(at_slot.len());
                let end = (start + lesson.blocks[b]).min(at_slot.len());
                at_slot[start..end].iter_mut().for_each(|list| list.push((l, b)));
            }
        }
        Board {
            school,
            timetable,
            at_slot,
            fixture: Fixture::of(school),
            placement: compiled.placement(timetable),
            compiled,
            blocks_of,
            before: OnceLock::new(),
        }
    }

    /// What the timetable costs and breaks as it is.
    pub fn report(&self) -> &Report {
        self.before
            .get_or_init(|| assess_with(&self.fixture, self.school, self.timetable))
    }

    /// Carries out one move and says what changes.
    pub fn consequences(&self, lesson: usize, block: usize, to: Option<Place>) -> Consequences {
        self.moved(&[((lesson, block), to)])
    }

    /// Carries out some moves and says what changes.
    pub(super) fn moved(&self, moves: &[((usize, usize), Option<Place>)]) -> Consequences {
        moved(&self.fixture, self.school, self.timetable, self.report(), moves)
    }

    /// Every slot the block could start at, with its best room, costs and reasons against it, in the order of slots.
    pub fn places(&self, lesson: usize, block: usize) -> Vec<Choice> {
        let (school, compiled) = (self.school, &self.compiled);
        let mut s = State::new(&compiled.problem, &self.placement, 1_000_000);
        let (event, open) = (compiled.event_of[lesson][block], compiled.open_of[lesson][block]);
        let meet = compiled.problem.first_meet[event] as usize;
        let length = school.lessons[lesson].blocks[block];
        let before = (s.hard, s.soft);
        let rooms: &[u32] = open.map_or(&[], |o| &compiled.problem.events[event].open[o].candidates);
        let mut why = None;
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
                why.get_or_insert_with(|| self.why(&self.blocks_of[event], (lesson, block)))
                    .not(place)
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
}

fn moved(
    fixture: &Fixture,
    school: &School,
    timetable: &Timetable,
    old: &Report,
    moves: &[((usize, usize), Option<Place>)],
) -> Consequences {
    let mut after = timetable.clone();
    for &((lesson, block), to) in moves {
        after.places[lesson][block] = to;
    }
    let report = assess_with(fixture, school, &after);
    let (new, gone) = (missing(&report, old), missing(old, &report));
    Consequences {
        timetable: after,
        report,
        new,
        gone,
    }
}

/// The findings of `from` that `other` does not have at the same cost.
pub(super) fn missing(from: &Report, other: &Report) -> Vec<Finding> {
    let have: HashSet<(&str, i64)> = other.findings.iter().map(|f| (f.text.as_str(), f.cost)).collect();
    from.findings
        .iter()
        .filter(|f| !have.contains(&(f.text.as_str(), f.cost)))
        .cloned()
        .collect()
}
