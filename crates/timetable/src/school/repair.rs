//! Repair (调课): after something changed, the timetable that differs least and keeps the hard rules.

use super::assess::{Report, assess};
use super::compile::{Compiled, cost};
use super::model::{School, Timetable};
use crate::Control;
use crate::engine::{Level, Mask, Round, Rule, State, Tuning, anneal};

/// What it costs to move a block, per class and teacher who must be told.
const PER_PERSON: i64 = 40;
/// What it costs to change its room.
const ROOM: i64 = 15;

/// A repaired timetable.
#[derive(Debug, Clone)]
pub struct Repaired {
    /// The timetable.
    pub timetable: Timetable,
    /// Its report.
    pub report: Report,
    /// Blocks (lesson, block) with another place than before.
    pub moved: Vec<(usize, usize)>,
}

/// Repairs `timetable` for a school whose constraints have changed (a teacher away, a room closed, a lesson more). Blocks
/// in `locked` stay. Never returns more hard cost than it was given. Errors are what [`School::check`] finds wrong.
pub fn repair(
    school: &School,
    timetable: &Timetable,
    locked: &[(usize, usize)],
    control: &Control,
) -> Result<Repaired, Vec<String>> {
    let wrong = school.check();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let stays = |l: usize, b: usize| locked.contains(&(l, b)) && timetable.places[l][b].is_some();
    let plain = Compiled::new(school, &stays);
    let mut kept = Compiled::new(school, &stays);
    // The same problem with a price on every change; the indexes must be built again for the new points.
    let mut problem = kept.problem.unfinished();
    for (l, places) in timetable.places.iter().enumerate() {
        let lesson = &school.lessons[l];
        let told = (lesson.attendees.len() + lesson.teachers.len()).max(1) as i64;
        for (b, place) in places.iter().enumerate() {
            let Some(place) = place else { continue };
            let event = kept.event_of[l][b];
            let times = Mask::of(problem.times, [place.slot]);
            let price = PER_PERSON * told / lesson.blocks[b] as i64;
            problem.add(
                Level::soft(price.max(1)),
                Rule::PreferTimes {
                    event,
                    duration: None,
                    times,
                },
            );
            if let (Some(open), Some(r)) = (kept.open_of[l][b], place.room) {
                problem
                    .sets
                    .push(Mask::of(problem.resources, [kept.room_base + r]));
                let set = problem.sets.len() - 1;
                problem.add(Level::soft(ROOM), Rule::PreferResource { event, open, set });
            }
        }
    }
    problem.finish();
    kept.problem = problem;
    // Cool, so that only what must move does; warmer only as long as a hard rule stays broken.
    let round = |until, hot, warm| Round {
        until,
        hard_weight: 2_000,
        hot,
        warm,
        cold: 1.0,
        press: 0,
    };
    let tuning = Tuning {
        tracks: vec![vec![
            round(0.25, 10.0, 10.0),
            round(0.7, 60.0, 10.0),
            round(1.0, 30.0, 8.0),
        ]],
        stop_when_feasible: false,
    };
    let found = anneal(&kept.problem, &kept.placement(timetable), &tuning, control);
    let placement = settle_back(
        &kept,
        State::new(&kept.problem, &found.placement, 2_000),
        timetable,
    );
    let repaired = plain.timetable(&placement);
    let (before, after) = (assess(school, timetable), assess(school, &repaired));
    if before.hard < after.hard || (before.hard == after.hard && before.hard == 0) {
        return Ok(Repaired {
            timetable: timetable.clone(),
            report: before,
            moved: Vec::new(),
        });
    }
    debug_assert!(cost(&after).0 <= before.hard);
    let moved = changed(timetable, &repaired);
    Ok(Repaired {
        timetable: repaired,
        report: after,
        moved,
    })
}

/// Blocks with another place.
fn changed(a: &Timetable, b: &Timetable) -> Vec<(usize, usize)> {
    let mut moved = Vec::new();
    for (l, (x, y)) in a.places.iter().zip(&b.places).enumerate() {
        moved.extend((0..x.len()).filter(|&i| x[i] != y[i]).map(|i| (l, i)));
    }
    moved
}

/// Puts every moved block back where that costs nothing, until none can go.
fn settle_back(c: &Compiled, mut s: State, old: &Timetable) -> crate::engine::Placement {
    let mut again = true;
    while again {
        again = false;
        for (l, b) in changed(old, &c.timetable(&s.placement())) {
            let Some(place) = old.places[l][b] else { continue };
            let event = c.event_of[l][b];
            if c.problem.events[event].locked {
                continue;
            }
            let meet = c.problem.first_meet[event] as usize;
            let before = (s.hard, s.soft);
            s.set_time(meet, place.slot as u16);
            if let (Some(open), Some(r)) = (c.open_of[l][b], place.room) {
                s.set_choice(meet, open, (c.room_base + r) as u32);
            }
            s.settle(f64::INFINITY);
            if (s.hard, s.soft) < before {
                s.keep();
                again = true;
            } else {
                s.undo();
            }
        }
    }
    s.placement()
}
