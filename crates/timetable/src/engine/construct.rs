//! The constructive start: the most bound meets first, each where it costs least.

use super::moves::seat;
use super::problem::Problem;
use super::state::{NO_TIME, NONE, Placement, State};
use crate::rng::Rng;

/// Places every meet that `placement` leaves without a time or a choice. What it has already stays.
pub(super) fn construct<'p>(
    problem: &'p Problem,
    placement: &Placement,
    hard_weight: i64,
    rng: &mut Rng,
) -> State<'p> {
    let mut state = State::new(problem, placement, hard_weight);
    let mut order: Vec<(usize, usize, u64, usize)> = (0..problem.event_of.len())
        .filter(|&m| state.duration[m] > 0)
        .map(|m| {
            let e = problem.event_of[m] as usize;
            let event = &problem.events[e];
            let length = usize::from(state.duration[m]);
            let freedom = event.starts.get(length).map_or(0, Vec::len);
            let weight = length * (1 + event.fixed.len().min(40));
            (usize::MAX - weight * 64 / freedom.max(1), freedom, rng.bits(), m)
        })
        .collect();
    order.sort_unstable();
    for (.., m) in order {
        place(&mut state, m, rng);
    }
    state
}

fn place(state: &mut State, m: usize, rng: &mut Rng) {
    let p = state.problem;
    let e = p.event_of[m] as usize;
    if state.time[m] != NO_TIME || p.events[e].locked {
        fill_choices(state, m, rng);
        return;
    }
    let starts = p.events[e]
        .starts
        .get(usize::from(state.duration[m]))
        .map_or(&[][..], |s| s);
    if starts.is_empty() {
        return;
    }
    let (mut best, mut least, mut ties) = (NO_TIME, i64::MAX, 0);
    for &t in starts {
        state.set_time(m, t);
        let limit = if least == i64::MAX {
            f64::INFINITY
        } else {
            least as f64
        };
        if let Some(change) = state.settle(limit) {
            // Of equal places each is as likely.
            ties = if change < least { 1 } else { ties + 1 };
            if change < least || rng.below(ties) == 0 {
                (best, least) = (t, change);
            }
        }
        state.undo();
    }
    state.set_time(m, best);
    seat(state, m, rng);
    state.settle(f64::INFINITY);
    state.keep();
    fill_choices(state, m, rng);
}

/// Makes choices still open after `seat` found nothing free.
fn fill_choices(state: &mut State, m: usize, rng: &mut Rng) {
    let p = state.problem;
    let e = p.event_of[m] as usize;
    for (open, spec) in p.events[e].open.iter().enumerate() {
        if state.choice(m, open) != NONE || spec.candidates.is_empty() {
            continue;
        }
        let (mut best, mut least) = (NONE, i64::MAX);
        let offset = rng.below(spec.candidates.len());
        for k in 0..spec.candidates.len() {
            let r = spec.candidates[(k + offset) % spec.candidates.len()];
            state.set_choice(m, open, r);
            if let Some(change) = state.settle(f64::INFINITY)
                && change < least
            {
                (best, least) = (r, change);
            }
            state.undo();
        }
        if least <= 0 || !spec.optional {
            state.set_choice(m, open, best);
            state.settle(f64::INFINITY);
            state.keep();
        }
    }
}
