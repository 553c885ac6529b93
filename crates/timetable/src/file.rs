//! Any public instance file by its content: read, solve, check, without asking which format it is.

use crate::{Control, Outcome, ReadError, cbctt, fet, xhstt};

/// A file of one of the public formats.
#[derive(Debug, Clone)]
pub enum Problem {
    /// `.ctt`
    CbCtt(cbctt::Instance),
    /// An XHSTT archive: its first instance, and the text to write a solution into.
    Xhstt(Box<xhstt::Instance>, String),
    /// `.fet`
    Fet(Box<fet::Institution>),
}

/// What a solution costs, and which rules it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Hard cost.
    pub hard: i64,
    /// Soft cost.
    pub soft: i64,
    /// One line for each rule with any cost: (name, cost).
    pub costs: Vec<(String, i64)>,
}

/// A found solution.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its verdict, by the independent validator of the format.
    pub verdict: Verdict,
    /// The solution in the format's own form.
    pub text: String,
    /// Moves tried, all threads together.
    pub moves: u64,
    /// Why the search stopped.
    pub outcome: Outcome,
}

impl Problem {
    /// Reads a file, recognising the format by its content.
    pub fn read(text: &str) -> Result<Problem, ReadError> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if !start.starts_with('<') {
            return Ok(Problem::CbCtt(cbctt::Instance::read(text)?));
        }
        if start.contains("<HighSchoolTimetableArchive") {
            let archive = xhstt::Archive::read(start)?;
            let first = archive
                .instances
                .into_iter()
                .next()
                .ok_or_else(|| ReadError::new(0, "文件中没有实例"))?;
            return Ok(Problem::Xhstt(Box::new(first), start.to_string()));
        }
        Ok(Problem::Fet(Box::new(fet::Institution::read(text)?)))
    }

    /// The name of the format.
    pub fn format(&self) -> &'static str {
        match self {
            Problem::CbCtt(_) => "CB-CTT",
            Problem::Xhstt(..) => "XHSTT",
            Problem::Fet(_) => "FET",
        }
    }

    /// Searches within the budget. A FET run ends with the first complete timetable when `first_complete` is set.
    pub fn solve(&self, first_complete: bool, control: &Control) -> Answer {
        match self {
            Problem::CbCtt(i) => {
                let s = cbctt::solve(i, control);
                Answer {
                    verdict: of_ctt(&s.score),
                    text: s.solution.write(i),
                    moves: s.moves,
                    outcome: s.outcome,
                }
            }
            Problem::Xhstt(i, archive) => {
                let s = xhstt::solve(i, control);
                let text = s.solution.write_archive(i, archive, "zhixing");
                Answer {
                    verdict: of_xhstt(s.score),
                    text,
                    moves: s.moves,
                    outcome: s.outcome,
                }
            }
            Problem::Fet(i) => {
                let s = fet::solve(i, first_complete, control);
                Answer {
                    verdict: of_fet(s.score),
                    text: s.solution.write(i),
                    moves: s.moves,
                    outcome: s.outcome,
                }
            }
        }
    }

    /// Checks a solution file; an XHSTT archive may hold several, each is judged.
    pub fn check(&self, solution: &str) -> Result<Vec<Verdict>, ReadError> {
        Ok(match self {
            Problem::CbCtt(i) => vec![of_ctt(&cbctt::check(i, &cbctt::Solution::read(i, solution)?))],
            Problem::Fet(i) => vec![of_fet(fet::check(i, &fet::Solution::read(i, solution)?))],
            Problem::Xhstt(i, _) => {
                let archive = xhstt::Archive::read(solution)?;
                let own = archive
                    .solutions
                    .iter()
                    .filter(|(at, _)| archive.instances[*at] == **i);
                let found: Vec<Verdict> = own.map(|(_, s)| of_xhstt(xhstt::check(i, s))).collect();
                if found.is_empty() {
                    return Err(ReadError::new(0, format!("文件中没有实例“{}”的解", i.id)));
                }
                found
            }
        })
    }
}

fn of_ctt(s: &cbctt::Score) -> Verdict {
    let costs = [
        ("课时", s.lectures),
        ("冲突", s.conflicts),
        ("禁排", s.availability),
        ("教室占用", s.occupancy),
        ("教室容量", s.capacity),
        ("上课天数", 5 * s.min_days),
        ("课程组紧凑", 2 * s.compactness),
        ("教室稳定", s.stability),
    ];
    let costs = costs
        .into_iter()
        .filter(|c| c.1 > 0)
        .map(|(name, cost)| (name.to_string(), cost))
        .collect();
    Verdict {
        hard: s.hard(),
        soft: s.soft(),
        costs,
    }
}

fn of_xhstt(s: xhstt::Score) -> Verdict {
    Verdict {
        hard: s.hard,
        soft: s.soft,
        costs: s.by_constraint,
    }
}

fn of_fet(s: fet::Score) -> Verdict {
    let costs = s
        .broken
        .into_iter()
        .map(|(line, name, cost)| (format!("{name}（第 {line} 行）"), cost))
        .collect();
    Verdict {
        hard: s.hard,
        soft: s.soft,
        costs,
    }
}
