//! `cargo xtask test`: what CI runs.
use crate::command::{self, Outcome, cargo, on_path, root};
use crate::packages;
use crate::postgres::{Flush, Postgres};
use std::path::Path;
use std::process::Command;

/// Formatting, clippy, and every test on both databases and in the browser; ends with the runner's own count.
pub fn run() -> Outcome {
    packages::ensure()?;
    let ci = std::env::var_os("CI").is_some();
    let cargo = |args: &[&str]| {
        let mut command = cargo(args);
        // A clean clone is compiled once: what the next compilation or a debugger would need is much of the disk it takes.
        if ci {
            command
                .env("CARGO_INCREMENTAL", "0")
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        command
    };
    command::run(&mut cargo(&["fmt", "--all", "--check"]))?;
    command::run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    let postgres = Postgres::start(Flush::Never)?;
    if has_doc_tests(&root().join("crates")) {
        command::run(with(&postgres, &mut cargo(&["test", "--workspace", "--doc"])))?;
    }
    let mut tests = match on_path("cargo-nextest") {
        true => cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]),
        false => cargo(&[
            "test",
            "--workspace",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ]),
    };
    // Nothing is printed after the runner's own count, neither when it is good nor when it is bad.
    command::run(with(&postgres, &mut tests)).map_err(|_| String::new())
}

/// The crash tests alone.
pub fn crash() -> Outcome {
    command::run(&mut cargo(&[
        "test",
        "-p",
        "zhixing",
        "--test",
        "proof",
        "crash",
        "--",
        "--nocapture",
    ]))
}

fn with<'c>(postgres: &Postgres, command: &'c mut Command) -> &'c mut Command {
    command.env("ZHIXING_TEST_PG", postgres.url())
}

/// Whether some source file has an example that the compiler would run.
fn has_doc_tests(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .any(|path| {
            if path.is_dir() {
                return has_doc_tests(&path);
            }
            path.extension().is_some_and(|e| e == "rs")
                && std::fs::read_to_string(&path).is_ok_and(|text| has_example(&text))
        })
}

fn has_example(source: &str) -> bool {
    let mut inside = false;
    for line in source.lines().map(str::trim_start) {
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        if let Some(language) = comment.and_then(|text| text.trim().strip_prefix("```")) {
            if !inside && matches!(language, "" | "rust" | "no_run" | "should_panic") {
                return true;
            }
            inside = !inside;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_example;

    #[test]
    fn only_rust_examples_are_doc_tests() {
        assert!(has_example("    /// ```\n    /// f();\n    /// ```"));
        assert!(has_example("//! ```no_run\n//! ```"));
        assert!(!has_example("/// ```text\n/// a → b\n/// ```"));
        assert!(!has_example("let s = \"```rust\";"));
    }
}
