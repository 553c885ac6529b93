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
  bench         measure, print the table and write docs/benchmarks.md";

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    let outcome: Outcome = match task.as_deref() {
        Some("test") => test::run(),
        Some("crash") => test::crash(),
        Some("screenshots") => screenshots::run(),
        Some("bench") => bench::run(),
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
