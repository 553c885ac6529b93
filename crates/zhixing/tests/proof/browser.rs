//! What people do and see, in Chromium, against the served demo school. The scripts are in `web/tests`.
use crate::support::{Demo, OWN_PLAN, root, shared};
use std::path::PathBuf;
use std::process::Command;

/// Whether a browser is here; a notice when not.
fn browser() -> bool {
    let chromium = std::path::Path::new("/usr/bin/chromium").exists();
    let driver = root().join("web/node_modules/playwright-core").exists();
    if !chromium || !driver {
        eprintln!("SKIPPED: no Chromium or no Playwright; `cargo xtask test` installs both");
    }
    chromium && driver
}

/// Runs a script against a demo school of its own and shows what it says when it fails.
fn run(script: &str, settings: &[(&str, PathBuf)]) {
    if !browser() {
        return;
    }
    let demo = Demo::copy();
    let serving = demo.serve();
    let mut command = Command::new("node");
    command.arg(format!("web/tests/{script}.mjs")).current_dir(root());
    command.env("ZHIXING_URL", format!("http://{}", serving.address));
    command.env("ZHIXING_ACCOUNTS", demo.accounts());
    command.envs(settings.iter().map(|(name, value)| (*name, value)));
    let output = command.output().expect("Node.js runs");
    let words = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{script}: {}", words.join("\n"));
}

#[test]
fn from_the_plan_to_the_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = match shared() {
        Some(shared) => shared.join("seeds/school-plan-jinxiang.txt"),
        None => {
            let own = folder.path().join("plan.txt");
            std::fs::write(&own, OWN_PLAN).expect("writable");
            own
        }
    };
    let plan = plan.canonicalize().expect("the plan is there");
    run("story", &[("ZHIXING_PLAN", plan)]);
}

#[test]
fn every_page_fits_and_speaks_chinese() {
    run("pages", &[]);
}

#[test]
fn the_first_third_of_the_registers_fits_and_speaks_chinese() {
    run("registers", &[("ZHIXING_PART", "1/3".into())]);
}

#[test]
fn the_second_third_of_the_registers_fits_and_speaks_chinese() {
    run("registers", &[("ZHIXING_PART", "2/3".into())]);
}

#[test]
fn the_last_third_of_the_registers_fits_and_speaks_chinese() {
    run("registers", &[("ZHIXING_PART", "3/3".into())]);
}

#[test]
fn the_keyboard_and_the_phone_menu_work() {
    run("keyboard", &[]);
}

#[test]
fn leave_is_asked_for_on_a_phone_and_a_lesson_dragged() {
    run("hands", &[]);
}
