//! `cargo xtask …`: the project's chores in one place. Standard library only, so that it is built in a second.
mod bench;
mod command;
mod packages;
mod postgres;
mod screenshots;
mod test;

use command::Outcome;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND
  test          install what is missing, then formatting, clippy and every test on both databases and in the browser
  crash         only the crash tests: kill -9 during writes
  screenshots   draw docs/screenshots/*.png from a demo school
  bench         measure, print the table and write docs/benchmarks.md
  bench timetable DIR|generated [--seconds N] [--seeds N] [--threads N]
                print the tables of the scheduling core: public instances below DIR, or generated schools";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome: Outcome = match words.first().map(String::as_str) {
        Some("test") => test::run(),
        Some("crash") => test::crash(),
        Some("screenshots") => screenshots::run(),
        Some("bench") => match &words[1..] {
            [] => bench::run(),
            [what, rest @ ..] if what == "timetable" => bench::timetable(rest),
            _ => Err(USAGE.into()),
        },
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            if !why.is_empty() {
                eprintln!("{why}");
            }
            ExitCode::FAILURE
        }
    }
}
