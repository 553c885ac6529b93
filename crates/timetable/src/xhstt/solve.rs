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
        rounds: rounds(),
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

/// Two long coolings that stay warm at the end, then reheats from the best; hot ones as long as a hard rule is broken.
fn rounds() -> Vec<Round> {
    let round = |until, hard_weight, warm, cold| Round {
        until,
        hard_weight,
        hot: 60.0,
        warm,
        cold,
    };
    vec![
        round(0.35, 30, 60.0, 0.6),
        round(0.6, 40, 15.0, 0.4),
        round(0.8, 60, 5.0, 0.3),
        round(1.0, 100, 2.5, 0.15),
    ]
}
