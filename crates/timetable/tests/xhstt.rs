//! XHSTT from the outside: reading, scoring, solving, and agreement with the public evaluator.

mod shared;

use proptest::prelude::*;
use std::process::Command;
use timetable::Control;
use timetable::xhstt::{Archive, Instance, Meet, Solution, check, solve};

const TOY: &str = include_str!("data/toy.xml");

fn toy() -> Instance {
    Archive::read(TOY)
        .expect("the toy is well formed")
        .instances
        .swap_remove(0)
}

fn meet(event: usize, duration: usize, time: Option<usize>, resources: &[Option<usize>]) -> Meet {
    Meet {
        event,
        duration,
        time,
        resources: resources.to_vec(),
    }
}

#[test]
fn toy_has_sixteen_constraints_and_attendees_by_group() {
    let i = toy();
    assert_eq!(
        (i.id.as_str(), i.times.len(), i.constraints.len()),
        ("Toy&School", 6, 16)
    );
    let given: Vec<Option<usize>> = i.events[0].resources.iter().map(|r| r.given).collect();
    assert_eq!(given, [Some(2), None, Some(0), Some(1)]);
}

#[test]
fn validator_counts_each_kind_by_hand() {
    let i = toy();
    // e1: a double on Tuesday from t2 (ends in T's forbidden t3, room R2) and a single on Tuesday t1 in R1.
    let e1 = |room| [Some(2), Some(room), Some(0), Some(1)];
    let meets = vec![
        meet(0, 2, Some(4), &e1(4)),
        meet(0, 1, Some(3), &e1(3)),
        meet(1, 1, Some(4), &[Some(0)]),
        meet(2, 1, Some(2), &[Some(1)]),
    ];
    let score = check(&i, &Solution { meets });
    let cost = |id: &str| score.by_constraint.iter().find(|c| c.0 == id).map_or(0, |c| c.1);
    let expected = [
        ("c01", 0),
        ("c03", 0),
        ("c05", 0),
        ("c06", 2 * 5),
        ("c07", 7),
        ("c08", 4), // none on Monday, two on Tuesday: (1 + 1)²
        ("c09", 2),
        ("c10", 1),
        ("c11", 1),
        ("c13", 0),
        ("c14", 0),
        ("c15", 1), // 3 · 2/3 = 2, at most 1
        ("c16", 3), // e2 ends at t3, e1 starts at t1: −2, at least 1
    ];
    for (id, value) in expected {
        assert_eq!(cost(id), value, "{id}: {:?}", score.by_constraint);
    }
    assert_eq!((score.hard, score.soft), (4, 10 + 7 + 4 + 1 + 3));
    let nothing = check(&i, &Solution::default());
    // Without any meet: e1 and e2 have no time, e3 has its given one, no room is chosen, e1 is one part of 3.
    assert_eq!(
        nothing.by_constraint[..3],
        [("c01".into(), 40), ("c02".into(), 30), ("c03".into(), 1)]
    );
}

#[test]
fn malformed_archives_name_line_and_cause() {
    let cases = [
        ("<Time Id=\"m2\">", "<Time Id=\"m1\">", 14, "重复"),
        ("<Duration>3</Duration>", "<Duration>x</Duration>", 42, "应为整数"),
        (
            "<Resource Reference=\"T\"><Role>t",
            "<Resource Reference=\"Q\"><Role>t",
            43,
            "没有资源“Q”",
        ),
        (
            "<Role>room</Role><ResourceType Reference=\"Room\"/></Resource></Resources>",
            "<Role>room</Role></Resource></Resources>",
            43,
            "待定资源",
        ),
        ("<LinkEventsConstraint", "<LinkEventConstraint", 0, "XML"),
        (
            "<CostFunction>Step</CostFunction>",
            "<CostFunction>Stepp</CostFunction>",
            58,
            "代价函数",
        ),
        (
            "<Required>true</Required><Weight>10</Weight>",
            "<Weight>10</Weight>",
            54,
            "Required",
        ),
        ("HighSchoolTimetableArchive", "Archive", 2, "根元素"),
    ];
    for (from, to, line, cause) in cases {
        let text = if from.starts_with("High") {
            TOY.replace(from, to)
        } else {
            TOY.replacen(from, to, 1)
        };
        let error = Archive::read(&text).expect_err(cause);
        assert!(error.cause.contains(cause), "{error}");
        assert!(line == 0 || error.line == line, "{error} expected on {line}");
    }
    let unknown = TOY.replace("OrderEventsConstraint", "MagicConstraint");
    assert!(
        Archive::read(&unknown)
            .expect_err("kind")
            .cause
            .contains("MagicConstraint")
    );
}

#[test]
fn solver_reaches_the_best_of_the_toy_and_the_file_says_the_same() {
    let i = toy();
    let solved = solve(&i, &Control::counted(60_000, 1, 1));
    // e2 is linked to e3, which is fixed at m3: e1 can only follow on Tuesday or stand before it on Monday.
    assert_eq!(solved.score.hard, 0, "{:?}", solved.score);
    assert_eq!(solved.score, check(&i, &solved.solution));
    let text = solved.solution.write_archive(&i, TOY, "<zhixing>");
    let again = Archive::read(&text).expect("our own file");
    assert_eq!(again.solutions, [(0, solved.solution.clone())]);
    // Writing over an archive that has solutions replaces them.
    let twice = Archive::read(&solved.solution.write_archive(&i, &text, "x")).expect("our own file");
    assert_eq!(twice, again);
}

#[test]
fn move_budget_makes_the_result_a_function_of_the_seed() {
    let i = toy();
    for threads in [1, 2] {
        let run = |seed| solve(&i, &Control::counted(3_000, threads, seed)).solution;
        assert_eq!(run(6), run(6));
    }
}

#[test]
fn public_instances_solve_and_the_public_evaluator_agrees() {
    let evaluator = shared::bench().join("xhstt/eval_xhstt.py");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in shared::instances("xhstt", "xml") {
        let archive = Archive::read(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let i = &archive.instances[0];
        let solved = solve(i, &Control::counted(512, 1, 1));
        let file = folder.path().join("solution.xml");
        std::fs::write(&file, solved.solution.write_archive(i, &text, "test")).expect("a writable file");
        let Ok(out) = Command::new("python3").arg(&evaluator).arg(&file).output() else {
            eprintln!("skipped: no python3 to compare with");
            return;
        };
        let line = String::from_utf8_lossy(&out.stdout).into_owned();
        let columns: Vec<&str> = line.split('\t').collect();
        assert!(
            columns.len() > 4,
            "{name}: {line} {}",
            String::from_utf8_lossy(&out.stderr)
        );
        let found = (columns[3].to_string(), columns[4].to_string());
        assert_eq!(
            found,
            (solved.score.hard.to_string(), solved.score.soft.to_string()),
            "{name}"
        );
    }
}

proptest! {
    #[test]
    fn reader_never_panics_on_mutated_text(at in 0usize..14_000, length in 0usize..40, junk in "[<>/\"=&;a-zA-Z0-9 ]{0,8}") {
        let start = (0..=at.min(TOY.len())).rev().find(|&i| TOY.is_char_boundary(i)).unwrap_or(0);
        let end = (start + length).min(TOY.len());
        if let Ok(archive) = Archive::read(&format!("{}{junk}{}", &TOY[..start], &TOY[end..])) {
            for i in &archive.instances {
                let solved = solve(i, &Control::counted(256, 1, 1));
                prop_assert_eq!(check(i, &solved.solution), solved.score);
            }
        }
    }
}
