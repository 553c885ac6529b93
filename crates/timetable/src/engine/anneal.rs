//! Simulated annealing over a [`Problem`]: rounds of cooling on several threads, the best of each round seeds the next.

use super::construct::construct;
use super::moves::Mover;
use super::problem::Problem;
use super::state::{Placement, State};
use crate::control::{Meter, Pace, Phase};
use crate::rng::Rng;
use crate::{Control, Outcome};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// One cooling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    /// Share of the budget at which it ends.
    pub until: f64,
    /// Weight of one hard unit against soft cost.
    pub hard_weight: i64,
    /// First temperature while the best so far keeps all hard rules.
    pub warm: f64,
    /// First temperature while it does not.
    pub hot: f64,
    /// Last temperature.
    pub cold: f64,
    /// Raise the pressure on what stays broken ([`State::press`]) every so many moves; 0: never.
    pub press: u64,
}

/// Temperatures and weights of a run.
#[derive(Debug, Clone)]
pub(crate) struct Tuning {
    /// The rounds in order, each starting from the best of the one before. Where there are several tracks the threads
    /// take turns in choosing one; their rounds end at the same shares of the budget.
    pub tracks: Vec<Vec<Round>>,
    /// Stop as soon as no hard rule is broken.
    pub stop_when_feasible: bool,
}

/// What a run hands back.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub placement: Placement,
    pub hard: i64,
    pub soft: i64,
    pub moves: u64,
    pub outcome: Outcome,
}

/// Moves between two looks at the clock.
const STRIDE: u64 = 256;

/// Searches from `start` (unplaced meets are placed first). Never returns worse than the completed start.
pub(crate) fn anneal(problem: &Problem, start: &Placement, tuning: &Tuning, control: &Control) -> Found {
    let started = Instant::now();
    let mover = Mover::new(problem);
    let threads = control.threads.max(1);
    let mut rngs: Vec<Rng> = (0..threads as u64)
        .map(|i| Rng::new(control.seed.wrapping_mul(1_000_003) + i))
        .collect();
    let mut elite: Vec<Found> = Vec::new();
    // Any soft cost is good enough when only feasibility is asked for.
    let enough = if tuning.stop_when_feasible { i64::MAX } else { 0 };
    let (mut from, mut moves, mut outcome) = (0.0, 0, Outcome::Finished);
    let meter = Meter::new(control, started);
    let mut paces = vec![Pace::default(); threads];
    let count = tuning.tracks.first().map_or(0, Vec::len);
    for number in 0..count {
        let span = (from, tuning.tracks[0][number].until);
        from = span.1;
        let broken = elite.first().is_none_or(|f| f.hard > 0);
        // Whoever has found enough stops the others, unless the result must not depend on who is faster.
        let found = AtomicBool::new(false);
        let ends = control.moves.is_none().then_some(&found);
        let results: Vec<Found> = std::thread::scope(|scope| {
            let (elite, mover) = (&elite, &mover);
            let running: Vec<_> = rngs
                .iter_mut()
                .zip(&mut paces)
                .enumerate()
                .map(|(i, (rng, pace))| {
                    let round = tuning.tracks[i % tuning.tracks.len()][number];
                    let hot = if broken { round.hot } else { round.warm };
                    let phase = Phase::new(&meter, pace, span);
                    scope.spawn(move || {
                        let state = if number == 0 {
                            construct(problem, start, round.hard_weight, rng)
                        } else {
                            State::new(problem, &elite[i % elite.len()].placement, round.hard_weight)
                        };
                        cool(state, mover, (hot, round), (enough, ends), phase, rng)
                    })
                })
                .collect();
            running.into_iter().filter_map(|t| t.join().ok()).collect()
        });
        moves += results.iter().map(|f| f.moves).sum::<u64>();
        elite.extend(results);
        elite.sort_by_key(|f| (f.hard, f.soft));
        elite.truncate(threads.div_ceil(2));
        meter.report(elite[0].hard, elite[0].soft, moves);
        if (elite[0].hard, elite[0].soft) == (0, 0)
            || mover.idle()
            || (elite[0].hard == 0 && elite[0].soft < enough)
        {
            outcome = Outcome::Optimal;
            break;
        }
        if control.cancelled() {
            outcome = Outcome::Cancelled;
            break;
        }
    }
    Found {
        moves,
        outcome,
        ..elite.swap_remove(0)
    }
}

/// One round from temperature `hot`; the best placement seen.
fn cool(
    mut s: State,
    mover: &Mover,
    (hot, round): (f64, Round),
    (enough, ends): (i64, Option<&AtomicBool>),
    mut phase: Phase,
    rng: &mut Rng,
) -> Found {
    let mut best = s.placement();
    let mut cost = (s.hard, s.soft);
    let mut tried = 0u64;
    let press = round.press;
    let ratio = if hot > 0.0 { round.cold / hot } else { 1.0 };
    while !mover.idle() {
        let share = phase.share(tried);
        if cost == (0, 0) || (cost.0 == 0 && cost.1 < enough) {
            ends.inspect(|ends| ends.store(true, Ordering::Relaxed));
            break;
        }
        if share >= 1.0 || ends.is_some_and(|ends| ends.load(Ordering::Relaxed)) || phase.cancelled() {
            break;
        }
        phase.report_now_and_then(cost.0, cost.1, tried);
        let temperature = hot * ratio.powf(share.max(0.0));
        for _ in 0..STRIDE {
            let limit = -temperature * rng.unit().ln();
            match mover.propose(&mut s, rng, limit) {
                Some(change) if change as f64 <= limit => {
                    s.keep();
                    if (press == 0 || s.hard == 0) && (s.hard, s.soft) < cost {
                        let first_feasible = cost.0 > 0 && s.hard == 0;
                        cost = (s.hard, s.soft);
                        best = s.placement();
                        if first_feasible {
                            phase.report(cost.0, cost.1, tried);
                        }
                    }
                }
                _ => s.undo(),
            }
        }
        tried += STRIDE;
        if press > 0 && tried % press < STRIDE && s.hard > 0 {
            // Under pressure costs no longer compare with earlier ones; what counts is what is broken now.
            let hard = s.press();
            if (hard, s.soft) < cost {
                cost = (hard, s.soft);
                best = s.placement();
            }
        }
    }
    Found {
        placement: best,
        hard: cost.0,
        soft: cost.1,
        moves: tried,
        outcome: Outcome::Finished,
    }
}
