//! Solves an instance with the general core.

use super::check::{Score, check};
use super::compile::Compiled;
use super::model::Instance;
use super::solution::Solution;
use crate::engine::{Round, State, Tuning, anneal};
use crate::{Control, Outcome};

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

/// Searches a good timetable within the budget.
pub fn solve(instance: &Instance, control: &Control) -> Solved {
    let compiled = Compiled::new(instance);
    let start = State::empty_placement(&compiled.problem);
    let tuning = Tuning {
        tracks: tracks(instance),
        stop_when_feasible: false,
    };
    let found = anneal(&compiled.problem, &start, &tuning, control);
    let solution = compiled.solution(instance, &found.placement);
    let score = check(instance, &solution);
    Solved {
        solution,
        score,
        moves: found.moves,
        outcome: found.outcome,
    }
}

/// Where soft rules weigh much, one long cooling through the temperatures at which they are decided, with hard rules always
/// dearer than what breaking them could gain, then a reheat. Where they weigh little, two coolings and two reheats from
/// the best; the first starts so hot on one thread that hard rules are broken at will, without which some instances never
/// come together, and cool on the other, which spends no time where nothing is decided. All stay hot as long as a hard
/// rule is broken.
fn tracks(instance: &Instance) -> Vec<Vec<Round>> {
    let round = |until, hard_weight: f64, hot, warm, cold| Round {
        until,
        hard_weight: hard_weight as i64,
        hot,
        warm,
        cold,
        press: 0,
    };
    let unit = light(instance);
    if unit >= HEAVY {
        return vec![vec![
            round(0.8, 20.0 * unit, 4.0 * unit, 4.0 * unit, 0.1 * unit),
            round(1.0, 20.0 * unit, 6.0 * unit, 0.4 * unit, 0.03 * unit),
        ]];
    }
    let then = [
        round(0.6, 40.0, 60.0, 15.0, 0.4),
        round(0.8, 60.0, 60.0, 5.0, 0.3),
        round(1.0, 100.0, 60.0, 2.5, 0.15),
    ];
    let track = |first| [&[first][..], &then].concat();
    vec![
        track(round(0.35, 30.0, 60.0, 60.0, 0.6)),
        track(round(0.35, 30.0, 8.0, 8.0, 0.25)),
    ]
}

/// From here on the light soft rules of an instance count as heavy.
const HEAVY: f64 = 5.0;

/// What a light soft rule weighs: the lower quartile over the constraints.
fn light(instance: &Instance) -> f64 {
    let soft = instance
        .constraints
        .iter()
        .filter(|c| !c.required && c.weight > 0);
    let mut weights: Vec<i64> = soft.map(|c| c.weight).collect();
    weights.sort_unstable();
    weights.get(weights.len() / 4).map_or(1.0, |&w| w as f64)
}
