//! The command line on real plans, on what is no plan, and on everything that is declared.
use crate::support::{OWN_PLAN, Outcome, Program, shared};
use serde_json::Value as J;
use std::path::Path;
use std::process::Command;

fn read(file: &Path) -> Outcome {
    Program::run(Program::command().args(["plan", "read", "--json"]).arg(file))
}

fn parsed(outcome: &Outcome) -> J {
    assert_eq!(outcome.code, Some(0), "{}", outcome.err);
    serde_json::from_str(&outcome.out).expect("JSON on standard output")
}

/// Every quote is the text between its offsets, counted in code points of the file as stored.
#[track_caller]
fn exact(file: &Path, plan: &J) -> usize {
    let text: Vec<char> = std::fs::read_to_string(file).expect("UTF-8").chars().collect();
    let between = |item: &J| -> String {
        let at = |name: &str| item[name].as_u64().expect("an offset") as usize;
        text[at("start")..at("end")].iter().collect()
    };
    let commitments = plan["commitments"].as_array().expect("commitments");
    for commitment in commitments {
        assert_eq!(
            between(commitment),
            commitment["quote"].as_str().expect("a quote")
        );
    }
    for section in plan["sections"].as_array().expect("sections") {
        let whole = between(section);
        if let Some(heading) = section["heading"].as_str() {
            assert!(
                whole.contains(heading),
                "{heading:?} is not in its section {whole:?}"
            );
        }
    }
    commitments.len()
}

#[test]
fn the_real_plans_are_read_with_exact_offsets() {
    let Some(shared) = shared() else { return };
    let (mut files, mut titled) = (0, 0);
    for entry in std::fs::read_dir(shared.join("seeds")).expect("seeds") {
        let file = entry.expect("an entry").path();
        let plan = parsed(&read(&file));
        assert!(exact(&file, &plan) >= 5, "{} has commitments", file.display());
        titled += usize::from(plan["title"].as_str().is_some_and(|title| !title.is_empty()));
        files += 1;
    }
    // One of them has no title of its own.
    assert!(
        files >= 5 && titled + 1 >= files,
        "{titled} of {files} have a title"
    );
}

#[test]
fn a_plan_of_our_own_is_read_kind_by_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.txt");
    std::fs::write(&file, OWN_PLAN).expect("writable");
    let plan = parsed(&read(&file));
    exact(&file, &plan);
    let kinds = |kind: &str| {
        plan["commitments"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|c| c["kind"] == kind)
            .count()
    };
    assert!(kinds("target") >= 3, "{plan:#}");
    assert!(kinds("duty") >= 3, "{plan:#}");
    assert_eq!(kinds("task"), 2, "{plan:#}");
    let text = Program::run(Program::command().args(["plan", "text"]).arg(&file));
    assert_eq!((text.code, text.out.as_str()), (Some(0), OWN_PLAN));
}

#[test]
fn the_score_on_the_labelled_plans_is_kept() {
    let Some(shared) = shared() else { return };
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: no python3 to run score.py");
        return;
    }
    let run = Command::new("python3")
        .arg(shared.join("gold/score.py"))
        .args([shared.join("seeds"), shared.join("gold")])
        .args(["--", env!("CARGO_BIN_EXE_zhixing"), "plan", "read", "--json"])
        .output()
        .expect("score.py runs");
    let table = String::from_utf8_lossy(&run.stdout);
    for kind in ["target", "result", "duty"] {
        let line = table
            .lines()
            .find(|line| line.split_whitespace().next() == Some(kind));
        let score = line
            .and_then(|line| line.split_whitespace().last())
            .and_then(|text| text.parse::<f64>().ok());
        assert!(score.is_some_and(|score| score >= 0.95), "F1 of {kind}:\n{table}");
    }
}

#[test]
fn what_is_no_plan_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let huge = "工作计划，每周检查一次。".repeat(400_000);
    let cases: [(&str, &[u8]); 7] = [
        ("empty.txt", b""),
        ("blank.txt", "\n　 \n".as_bytes()),
        ("damaged.docx", b"PK\x03\x04 not an archive after all"),
        ("binary.txt", &[0, 159, 146, 150, 0, 1, 2, 255, 254, 0, 7]),
        ("picture.docx", b"\x89PNG\r\n\x1a\n"),
        ("huge.txt", huge.as_bytes()),
        ("empty.docx", b""),
    ];
    for (name, bytes) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("writable");
        refused(name, &read(&file));
    }
    refused("a file that is not there", &read(&folder.path().join("none.txt")));
    refused("a folder", &read(folder.path()));
}

#[track_caller]
fn refused(name: &str, outcome: &Outcome) {
    assert_eq!(outcome.code, Some(1), "{name}: {}", outcome.err);
    assert!(outcome.out.is_empty(), "{name}: {}", outcome.out);
    let chinese = outcome
        .err
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .count();
    assert!(
        chinese >= 4,
        "{name}: no reason a person here understands: {:?}",
        outcome.err
    );
    assert!(!outcome.err.contains("panicked"), "{name}: {}", outcome.err);
}

#[test]
fn every_register_is_listed_with_everything_about_it() {
    let outcome = Program::run(Program::command().args(["registers", "--json"]));
    let listed = parsed(&outcome);
    let listed = listed.as_array().expect("a list");
    let ids: Vec<&str> = listed
        .iter()
        .map(|spec| spec["id"].as_str().expect("an id"))
        .collect();
    let expected: Vec<String> = zhixing::assemble::registers()
        .into_iter()
        .map(|spec| spec.id)
        .collect();
    assert_eq!(ids, expected);
    for spec in listed {
        let id = &spec["id"];
        for name in ["title", "about", "group"] {
            assert!(
                spec[name].as_str().is_some_and(|text| !text.is_empty()),
                "{id} has a {name}"
            );
        }
        for name in ["systems", "fields", "roles"] {
            assert!(
                spec[name].as_array().is_some_and(|list| !list.is_empty()),
                "{id} has {name}"
            );
        }
        for name in ["duties", "indicators"] {
            assert!(spec[name].is_array(), "{id} has {name}");
        }
        assert!(
            spec["flow"]["states"].is_array() && spec["flow"]["steps"].is_array(),
            "{id} has a flow"
        );
        for field in spec["fields"].as_array().expect("fields") {
            for name in ["name", "label", "type"] {
                assert!(
                    field[name].as_str().is_some_and(|text| !text.is_empty()),
                    "{id}: {field}"
                );
            }
            assert!(field["required"].is_boolean(), "{id}: {field}");
        }
    }
    // The first registers that the program is to have.
    let systems: Vec<&str> = listed
        .iter()
        .flat_map(|spec| spec["systems"].as_array().expect("a list"))
        .filter_map(J::as_str)
        .collect();
    for system in [
        "F1", "F2", "F4", "D2", "D6", "D10", "B12", "B14", "B15", "C1", "G5",
    ] {
        assert!(
            systems.contains(&system),
            "no register serves {system}: {systems:?}"
        );
    }
}

#[test]
fn a_command_that_makes_no_sense_is_refused() {
    let outcome = Program::run(
        Program::command()
            .args(["--db", "mysql://x", "check", "--data"])
            .arg(tempfile::tempdir().expect("a folder").path().join("data")),
    );
    assert_eq!(outcome.code, Some(1), "{}", outcome.err);
    assert!(outcome.err.contains("mysql"), "{}", outcome.err);
    let outcome = Program::run(Program::command().args(["--clock", "yesterday", "registers"]));
    assert_eq!(outcome.code, Some(1), "{}", outcome.err);
}

const TINY: &str = "Name: Tiny\nCourses: 2\nRooms: 1\nDays: 2\nPeriods_per_day: 2\nCurricula: 1\nConstraints: 1\n\n\
    COURSES:\na t 1 1 9\nb t 2 2 12\n\nROOMS:\nr 10\n\nCURRICULA:\nq 2 a b\n\n\
    UNAVAILABILITY_CONSTRAINTS:\na 0 0\n\nEND.\n";

#[test]
fn a_timetable_is_solved_and_its_check_agrees() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("tiny.ctt"), TINY).expect("writable");
    let data = at("data");
    let timetable = |args: &[&Path]| {
        let mut command = Program::command();
        command.arg("--data").arg(&data).arg("timetable").args(args);
        Program::run(&mut command)
    };
    let (file, solution) = (at("tiny.ctt"), at("tiny.sol"));
    let solve = ["--seconds", "1", "--threads", "1", "--seed", "3", "--out"].map(Path::new);
    let solved = timetable(&[&[Path::new("solve"), &file], &solve[..], &[&solution]].concat());
    assert_eq!(solved.code, Some(0), "{}", solved.err);
    let costs = |outcome: &Outcome| outcome.out.lines().last().unwrap_or_default().to_owned();
    // Two seats short for each of two lectures, and one lecture alone on its day.
    assert_eq!(costs(&solved), "hard=0 soft=6", "{}", solved.out);
    let check = [Path::new("check"), &file, &solution];
    let checked = timetable(&check);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert_eq!(costs(&checked), costs(&solved));
    assert!(checked.out.contains("教室容量：4"), "{}", checked.out);

    // One lecture lost is one hard constraint broken; its course lacks its day and the other two stand alone.
    let written = std::fs::read_to_string(&solution).expect("written");
    let lines: Vec<&str> = written.lines().filter(|l| !l.starts_with('a')).collect();
    std::fs::write(&solution, lines.join("\n")).expect("writable");
    let checked = timetable(&check);
    assert_eq!(costs(&checked), "hard=1 soft=13", "{}", checked.out);
    assert!(checked.out.contains("课时：1"), "{}", checked.out);

    // What is malformed is refused with line and cause, be it instance or solution.
    std::fs::write(&solution, "a r 0 1\nb r 9 0\n").expect("writable");
    let wrong = timetable(&check);
    refused("a day that is not there", &wrong);
    assert!(wrong.err.contains("第 2 行：星期“9”"), "{}", wrong.err);
    std::fs::write(&file, TINY.replace("b t 2 2 12", "b t two 2 12")).expect("writable");
    let wrong = timetable(&[Path::new("solve"), &file]);
    refused("a number that is none", &wrong);
    assert!(wrong.err.contains("第 11 行：课时数"), "{}", wrong.err);
    std::fs::write(&file, b"Name: Tiny\nCourses: \xff\n").expect("writable");
    let wrong = timetable(&[Path::new("solve"), &file]);
    refused("no text", &wrong);
    assert!(wrong.err.contains("第 2 行"), "{}", wrong.err);
    refused("no file", &timetable(&[Path::new("solve"), &at("none.ctt")]));
    assert!(!data.exists(), "no database is opened for any of this");
}
