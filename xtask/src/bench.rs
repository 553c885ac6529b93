//! `cargo xtask bench`: the program measured as it is shipped, on both databases.
use crate::command::{self, Outcome, cargo, output, root};
use crate::packages;
use crate::postgres::{Flush, Postgres};
use std::process::Command;

const REPORT: &str = "docs/benchmarks.md";

/// Measures, prints the tables and writes them with machine and date.
pub fn run() -> Outcome {
    packages::ensure()?;
    let postgres = Postgres::start(Flush::Always)?;
    let mut serving = cargo(&["bench", "--package", "zhixing", "--bench", "serving"]);
    serving.env("ZHIXING_BENCH_PG", postgres.url());
    let tables = measured(&mut serving)?;
    let reading = measured(&mut cargo(&["bench", "--package", "plantext", "--bench", "read"]))?;
    let text = format!(
        "# Benchmarks\n\nMade by `cargo xtask bench`; measured, not asserted: no test depends on these figures. Timetabling has \
         [its own](benchmarks-timetable.md).\n\n{}\
         - load generator, program and PostgreSQL share the machine's cores\n\n{}\n\
         ## Reading plan texts (one core)\n\n`cargo bench -p plantext --bench read`\n\n```text\n{}\n```\n",
        machine()?,
        tables.trim_start(),
        reading.trim_end(),
    );
    let path = root().join(REPORT);
    std::fs::create_dir_all(root().join("docs")).map_err(|error| error.to_string())?;
    std::fs::write(&path, text).map_err(|error| format!("{REPORT}: {error}"))?;
    eprintln!("\nWritten to {REPORT}.");
    Ok(())
}

/// Measures the scheduling core alone: prints machine and date, then the tables as they come. `args` are a folder of
/// public instances or the word `generated`, and options.
pub fn timetable(args: &[String]) -> Outcome {
    let mut bench = cargo(&["bench", "--package", "timetable", "--bench", "tables", "--"]);
    for (at, arg) in args.iter().enumerate() {
        let valued = at > 0 && args[at - 1].starts_with("--");
        // The benchmark runs in the folder of its package.
        match std::fs::canonicalize(arg) {
            Ok(path) if !valued && arg != "generated" => bench.arg(path),
            _ => bench.arg(arg),
        };
    }
    println!("# Timetabling\n\n{}", machine()?.trim_end());
    command::run(&mut bench)
}

/// Runs a benchmark; its messages go to the terminal at once, its report comes back.
fn measured(command: &mut Command) -> Outcome<String> {
    command.stderr(std::process::Stdio::inherit());
    let report = command::output(command)?;
    println!("{report}");
    Ok(report)
}

/// Date, processor, memory, system, compiler.
fn machine() -> Outcome<String> {
    let date = output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    let kernel = output(Command::new("uname").args(["-s", "-r", "-m"]))?;
    let compiler = output(Command::new("rustc").arg("--version"))?;
    let commit = output(
        Command::new("git")
            .args(["rev-parse", "--short", "HEAD"])
            .current_dir(root()),
    )?;
    let cpu = line_of("/proc/cpuinfo", "model name");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory: u64 = line_of("/proc/meminfo", "MemTotal")
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or(0);
    Ok(format!(
        "- date: {}, commit {}\n- machine: {cpu}, {cores} cores, {} GiB, {}\n- compiler: {}, release profile\n",
        date.trim(),
        commit.trim(),
        memory >> 20,
        kernel.trim(),
        compiler.trim(),
    ))
}

fn line_of(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_once(':'))
        .map_or("unknown".into(), |(_, value)| value.trim().to_owned())
}
