//! Makes a timetable, or a better one from one that is there.

use super::assess::{Report, assess};
use super::compile::{Compiled, cost};
use super::model::{School, Timetable};
use crate::engine::{Round, Tuning, anneal};
use crate::{Control, Outcome};

/// What a run hands back.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The best timetable found.
    pub timetable: Timetable,
    /// What it costs and breaks, by the independent assessment.
    pub report: Report,
    /// Moves tried, all threads together.
    pub moves: u64,
    /// Why the search stopped.
    pub outcome: Outcome,
}

/// Searches a timetable. `start` may hold places for some or all blocks; those listed in `locked` (lesson, block) stay.
/// Never returns worse than `start`. Errors are what [`School::check`] finds wrong.
pub fn solve(
    school: &School,
    start: Option<&Timetable>,
    locked: &[(usize, usize)],
    control: &Control,
) -> Result<Solved, Vec<String>> {
    let wrong = school.check();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let empty = Timetable::empty(school);
    let begin = start.unwrap_or(&empty);
    if begin.places.len() != school.lessons.len()
        || begin
            .places
            .iter()
            .zip(&school.lessons)
            .any(|(p, l)| p.len() != l.blocks.len())
    {
        return Err(vec!["给出的课表与教学任务不一致".to_string()]);
    }
    let stays = |l: usize, b: usize| locked.contains(&(l, b)) && begin.places[l][b].is_some();
    let compiled = Compiled::new(school, &stays);
    let found = anneal(
        &compiled.problem,
        &compiled.placement(begin),
        &Tuning {
            tracks: vec![rounds(start.is_some())],
            stop_when_feasible: false,
        },
        control,
    );
    let timetable = compiled.timetable(&found.placement);
    let report = assess(school, &timetable);
    let (moves, outcome) = (found.moves, found.outcome);
    if let Some(given) = start {
        let before = assess(school, given);
        if cost(&before) < cost(&report) {
            return Ok(Solved {
                timetable: given.clone(),
                report: before,
                moves,
                outcome,
            });
        }
    }
    Ok(Solved {
        timetable,
        report,
        moves,
        outcome,
    })
}

/// One long cooling, then reheats. With a timetable to start from, no round is so hot as to forget it.
fn rounds(given: bool) -> Vec<Round> {
    let round = |until, hot, warm| Round {
        until,
        hard_weight: 60,
        hot,
        warm,
        cold: 0.3,
        press: 0,
    };
    let hot = if given { 10.0 } else { 30.0 };
    vec![
        round(0.5, hot, 10.0),
        round(0.75, 30.0, 4.0),
        round(1.0, 30.0, 2.0),
    ]
}
