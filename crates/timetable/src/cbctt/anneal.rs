//! Simulated annealing over [`kernel`](super::kernel): cooling by the share of the budget used, several threads, then
//! reheats from the elite.

use super::check::{Score, check};
use super::kernel::{HARD, State, Tables};
use super::model::Instance;
use super::rooms::polish;
use super::solution::Solution;
use crate::control::{Meter, Pace, Phase};
use crate::rng::Rng;
use crate::{Control, Outcome};
use std::time::Instant;

/// What a run hands back.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The best solution found.
    pub solution: Solution,
    /// Its score, by the independent validator.
    pub score: Score,
    /// Moves tried, all threads together.
    pub moves: u64,
    /// Why the search stopped.
    pub outcome: Outcome,
}

/// One cooling: the share of the budget at which it ends, and its first temperature. The first starts from scratch; each
/// later one starts from the best solutions of the one before, and hotter while they still break a hard rule.
struct Cooling {
    until: f64,
    hot: f64,
    /// First temperature where a conflict or a forbidden period is left.
    repair: f64,
    hard_weight: i32,
}

/// The last temperature of every cooling.
const COLD: f64 = 0.12;

/// The coolings for an instance: the more curricula share a course, the more one move matters and the hotter the start.
/// Conflicts are cheap at first, which opens ways through them, and dear at the end, which expels the last.
fn coolings(density: f64) -> Vec<Cooling> {
    let cooling = |until, hot, repair, hard_weight| Cooling {
        until,
        hot,
        repair,
        hard_weight,
    };
    let hot = (1.2 * density).clamp(3.0, 10.0);
    vec![
        cooling(0.75, hot, hot, HARD),
        cooling(0.88, 0.7, 5.0, 60),
        cooling(1.0, 0.5, 5.0, 100),
    ]
}

/// Of 256 moves to another period so many go where at most one lecture stands in the way; the others go anywhere and
/// may break hard rules for a while, which opens ways through them.
const AIMED: u64 = 192;

/// Moves between two looks at the clock.
const STRIDE: u64 = 2048;

/// Searches a good timetable within the budget.
pub fn solve(instance: &Instance, control: &Control) -> Solved {
    solve_from(instance, None, control)
}

/// Like [`solve`], starting from a known solution; the result is never worse than it.
pub fn solve_from(instance: &Instance, start: Option<&Solution>, control: &Control) -> Solved {
    match instance.courses.len() {
        0..=128 => run::<2>(instance, start, control),
        129..=256 => run::<4>(instance, start, control),
        257..=1024 => run::<16>(instance, start, control),
        _ => run::<313>(instance, start, control),
    }
}

fn run<const W: usize>(instance: &Instance, start: Option<&Solution>, control: &Control) -> Solved {
    let started = Instant::now();
    let tables = Tables::<W>::new(instance);
    let threads = control.threads.max(1);
    let mut rngs: Vec<Rng> = (0..threads as u64)
        .map(|i| Rng::new(control.seed.wrapping_mul(1_000_003) + i))
        .collect();
    let given = start.map(|s| State::from_solution(&tables, s));
    let mut elite: Vec<State<W>> = Vec::new();
    let (mut moves, mut from, mut outcome) = (0, 0.0, Outcome::Finished);
    if tables.periods * tables.rooms == 0 || instance.lectures() == 0 {
        let solution = Solution {
            places: vec![Vec::new(); instance.courses.len()],
        };
        return Solved {
            score: check(instance, &solution),
            solution,
            moves,
            outcome: Outcome::Optimal,
        };
    }
    let coolings = coolings(tables.density());
    let meter = Meter::new(control, started);
    let mut paces = vec![Pace::default(); threads];
    for (number, cooling) in coolings.iter().enumerate() {
        let span = (from, cooling.until);
        from = cooling.until;
        let results: Vec<(State<W>, u64)> = std::thread::scope(|scope| {
            let running: Vec<_> = rngs
                .iter_mut()
                .zip(&mut paces)
                .enumerate()
                .map(|(i, (rng, pace))| {
                    let mut begin = if number == 0 {
                        given.clone().unwrap_or_else(|| State::constructed(&tables, rng))
                    } else {
                        elite[i % elite.len()].clone()
                    };
                    begin.hard_weight = cooling.hard_weight;
                    let phase = Phase::new(&meter, pace, span);
                    let hot = if number > 0 && begin.hard > 0 {
                        cooling.repair
                    } else {
                        cooling.hot
                    };
                    scope.spawn(move || anneal(begin, hot, phase, rng))
                })
                .collect();
            running.into_iter().filter_map(|t| t.join().ok()).collect()
        });
        // Early on every thread goes on from its own; the last cooling starts from the best half. The best so far stays.
        let last = number + 2 >= coolings.len();
        let keep = if last { threads.div_ceil(2) } else { threads };
        elite.truncate(1);
        for (state, tried) in results {
            moves += tried;
            elite.push(state);
        }
        elite.extend(given.clone());
        // Coolings weigh conflicts differently; compare by one and the same.
        elite.sort_by_key(|s| 100 * s.hard + s.soft);
        elite.truncate(keep);
        let best = &elite[0];
        meter.report(i64::from(best.hard), i64::from(best.soft), moves);
        if best.cost() == 0 {
            outcome = Outcome::Optimal;
            break;
        }
        if control.cancelled() {
            outcome = Outcome::Cancelled;
            break;
        }
    }
    let mut best = elite.swap_remove(0);
    polish(&mut best);
    let solution = best.solution();
    let score = check(instance, &solution);
    // A given solution may break rules the state repairs by force (a shared room); keep whichever scores better.
    if let Some(given) = start {
        let before = check(instance, given);
        if (before.hard(), before.soft()) < (score.hard(), score.soft()) {
            return Solved {
                solution: given.clone(),
                score: before,
                moves,
                outcome,
            };
        }
    }
    Solved {
        solution,
        score,
        moves,
        outcome,
    }
}

/// One annealing run; returns its best state and the moves tried.
fn anneal<'t, const W: usize>(
    mut state: State<'t, W>,
    hot: f64,
    mut phase: Phase,
    rng: &mut Rng,
) -> (State<'t, W>, u64) {
    let periods = state.tables.periods;
    let (n, slots, rooms) = (state.lectures(), state.slots(), state.tables.rooms);
    let logs: Vec<f64> = (0..4096).map(|i| -((f64::from(i) + 0.5) / 4096.0).ln()).collect();
    let mut best = state.clone();
    let (mut tried, ratio) = (0u64, COLD / hot);
    loop {
        let share = phase.share(tried);
        if share >= 1.0 || best.cost() == 0 || phase.cancelled() {
            break;
        }
        phase.report_now_and_then(i64::from(best.hard), i64::from(best.soft), tried);
        let temperature = hot * ratio.powf(share.max(0.0));
        for _ in 0..STRIDE {
            let bits = rng.bits();
            let limit = temperature * logs[(bits & 4095) as usize];
            let lecture = (((bits >> 12 & 0xF_FFFF) * n as u64) >> 20) as usize;
            let pick = bits >> 32;
            let (m, delta) = if pick & 15 != 0 && pick & 255 < AIMED {
                let period = ((pick * periods as u64) >> 32) as usize;
                match state.aimed(lecture, period, limit, rng) {
                    Some(found) => found,
                    None => continue,
                }
            } else {
                let slot = if pick & 15 == 0 {
                    let period = state.slot_of(lecture) / rooms;
                    period * rooms + ((pick * rooms as u64) >> 32) as usize
                } else {
                    ((pick * slots as u64) >> 32) as usize
                };
                if slot == state.slot_of(lecture) {
                    continue;
                }
                let m = state.to(lecture, slot);
                match state.delta(m, limit) {
                    Some(delta) => (m, delta),
                    None => continue,
                }
            };
            if f64::from(state.hard_weight * delta.0 + delta.1) <= limit {
                state.apply(m, delta);
                if state.cost() < best.cost() {
                    best.clone_from(&state);
                }
            }
        }
        tried += STRIDE;
    }
    (best, tried)
}
