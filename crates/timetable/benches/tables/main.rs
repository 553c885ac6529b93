//! The tables of `cargo xtask bench timetable`: public instances against the best known, and generated schools.
//! `tables DIR|generated [--seconds N] [--seeds N] [--threads N]`; Markdown on standard output, progress on standard error.

mod best_known;
mod generated;
mod instances;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "\
usage: cargo xtask bench timetable DIR [--seconds N] [--seeds N] [--first N] [--threads N] [--stop-at-best]
       cargo xtask bench timetable generated [--seconds N] [--seeds N] [--threads N]
  DIR        every instance below it (CB-CTT, XHSTT, FET, told apart by content) against best_known.tsv
  generated  schools of our own generator with 60, 120 and 300 classes, after a third of the time and after all of it
  --first N       the first seed, where not 1
  --stop-at-best  a run ends as soon as it costs no more than the best known";

/// How each instance is run.
pub struct Budget {
    /// Wall clock of one run.
    pub limit: Duration,
    /// Runs of each instance …
    pub seeds: u64,
    /// … with this seed and those after it.
    pub first: u64,
    /// Threads of one run.
    pub threads: usize,
    /// Whether a run ends once it costs no more than the best known.
    pub stop_at_best: bool,
}

fn main() -> ExitCode {
    // `cargo bench` adds a word of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|w| w != "--bench").collect();
    if words.is_empty() {
        // A plain `cargo bench` or `cargo test --benches` asks for nothing that takes minutes.
        eprintln!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let done = parse(&words).and_then(|(what, budget)| match what {
        "generated" => {
            generated::run(&budget);
            Ok(())
        }
        folder => instances::run(Path::new(folder), &budget),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn parse(words: &[String]) -> Result<(&str, Budget), String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut what, mut seconds, mut seeds, mut first, mut threads) = (None, 60, 3, 1, threads as u64);
    let mut stop_at_best = false;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let target = match word.as_str() {
            "--seconds" => &mut seconds,
            "--seeds" => &mut seeds,
            "--first" => &mut first,
            "--threads" => &mut threads,
            "--stop-at-best" => {
                stop_at_best = true;
                continue;
            }
            other if other.starts_with('-') || what.is_some() => {
                return Err(format!("what is “{other}”?\n{USAGE}"));
            }
            other => {
                what = Some(other);
                continue;
            }
        };
        *target = rest
            .next()
            .and_then(|n| n.parse().ok())
            .filter(|&n| n > 0)
            .ok_or_else(|| format!("{word} needs a whole number above 0\n{USAGE}"))?;
    }
    let budget = Budget {
        limit: Duration::from_secs(seconds),
        seeds,
        first,
        threads: threads as usize,
        stop_at_best,
    };
    what.map(|what| (what, budget)).ok_or_else(|| USAGE.to_string())
}

/// The middle one; of an even number the worse of the two in the middle.
pub fn median<T: Ord + Copy>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}
