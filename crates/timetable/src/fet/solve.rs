//! Solves a FET file with the general core.

use super::check::{Score, check};
use super::compile::Compiled;
use super::model::Institution;
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

/// Searches a complete timetable, then a better one, within the budget. With `stop_when_complete` the search ends as soon
/// as no hard constraint is broken, as FET's own does.
pub fn solve(institution: &Institution, stop_when_complete: bool, control: &Control) -> Solved {
    let compiled = Compiled::new(institution);
    let start = State::empty_placement(&compiled.problem);
    // Easy files are complete after one short cooling. The others are pressed until they are (breakout), or, where a good
    // timetable is asked for, cooled ever longer.
    let round = |until, warm, cold| Round {
        until,
        hard_weight: 60,
        hot: 30.0,
        warm,
        cold,
        press: 0,
    };
    let pressed = |until| Round {
        hot: 7.0,
        press: 20_000,
        ..round(until, 7.0, 7.0)
    };
    let rounds = match stop_when_complete {
        true => vec![round(0.05, 30.0, 1.0), pressed(0.3), pressed(0.6), pressed(1.0)],
        false => vec![
            round(0.05, 30.0, 1.0),
            round(0.2, 15.0, 1.0),
            round(0.5, 8.0, 0.6),
            round(1.0, 5.0, 0.4),
        ],
    };
    let found = anneal(
        &compiled.problem,
        &start,
        &Tuning {
            tracks: vec![rounds],
            stop_when_feasible: stop_when_complete,
        },
        control,
    );
    let solution = compiled.solution(&found.placement);
    let score = check(institution, &solution);
    Solved {
        solution,
        score,
        moves: found.moves,
        outcome: found.outcome,
    }
}
