//! CB-CTT from the outside: reading, scoring, solving.

mod shared;

use proptest::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use timetable::cbctt::{Instance, Place, Solution, check, solve, solve_from};
use timetable::{Control, Outcome};

/// Our own toy: three courses, two rooms, two days of three periods.
const TOY: &str = "Name: Toy
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 1
Constraints: 2

COURSES:
数学 张 2 2 30
语文 李 2 1 40
钳工 张 1 1 12

ROOMS:
一 35
二 20

CURRICULA:
机电1班 2 数学 语文

UNAVAILABILITY_CONSTRAINTS:
数学 0 0
钳工 1 2

END.
";

fn toy() -> Instance {
    Instance::read(TOY).expect("the toy is well formed")
}

#[test]
fn toy_is_read_field_by_field() {
    let i = toy();
    assert_eq!(
        (i.days, i.periods_per_day, i.courses.len(), i.rooms.len()),
        (2, 3, 3, 2)
    );
    assert_eq!((i.courses[0].teacher, i.courses[2].teacher), (0, 0));
    assert_eq!(i.curricula[0].courses, [0, 1]);
    assert_eq!(i.unavailable, [(0, 0), (2, 5)]);
    assert_eq!(Instance::read(&i.write()), Ok(i));
}

#[test]
fn malformed_files_name_line_and_cause() {
    let cases = [
        (TOY.replace("Days: 2", "Days: two"), 4, "Days"),
        (TOY.replace("语文 李 2 1 40", "语文 李 2 1"), 11, "5 列"),
        (TOY.replace("语文 李 2 1 40", "数学 李 2 1 40"), 11, "重复"),
        (
            TOY.replace("机电1班 2 数学 语文", "机电1班 2 数学 英语"),
            19,
            "英语",
        ),
        (TOY.replace("机电1班 2", "机电1班 3"), 19, "声明 3 门"),
        (TOY.replace("钳工 1 2", "钳工 1 3"), 23, "不在周课表"),
        (TOY.replace("ROOMS:", "ROMS:"), 14, "ROOMS:"),
        (TOY.replace("Courses: 3", "Courses: 99999999"), 2, "上限"),
        (TOY.replace("END.\n", ""), 24, "END."),
    ];
    for (text, line, cause) in cases {
        let error = Instance::read(&text).expect_err(cause);
        assert_eq!(error.line, line, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

#[test]
fn validator_counts_each_rule_by_hand() {
    let i = toy();
    let at = |period, room| Place { period, room };
    // 数学 at a forbidden period and both on one day; 语文 beside it once; 钳工 by the same teacher at the same time.
    let bad = Solution {
        places: vec![vec![at(0, 1), at(1, 0)], vec![at(1, 0), at(3, 0)], vec![at(0, 0)]],
    };
    let s = check(&i, &bad);
    assert_eq!(
        (s.lectures, s.conflicts, s.availability, s.occupancy),
        (0, 2, 1, 1)
    );
    assert_eq!(
        (s.capacity, s.min_days, s.compactness, s.stability),
        (10 + 5 + 5, 1, 1, 1)
    );
    assert_eq!((s.hard(), s.soft()), (4, 20 + 5 + 2 + 1));
    let missing = Solution {
        places: vec![vec![at(1, 0)], vec![at(2, 0), at(2, 1)], vec![]],
    };
    assert_eq!(check(&i, &missing).lectures, 1 + 1 + 1);
}

#[test]
fn solution_file_round_trips_and_refuses_nonsense() {
    let i = toy();
    let solved = solve(&i, &Control::counted(20_000, 1, 1));
    assert_eq!(solved.score.hard(), 0);
    let text = solved.solution.write(&i);
    assert_eq!(Solution::read(&i, &text), Ok(solved.solution));
    for (row, cause) in [
        ("数学 一 0", "四列"),
        ("体育 一 0 0", "体育"),
        ("数学 三 0 0", "三"),
        ("数学 一 2 0", "星期"),
    ] {
        let error = Solution::read(&i, &format!("{text}\n{row}\n")).expect_err(cause);
        assert!(
            error.cause.contains(cause) && error.line == text.lines().count() + 2,
            "{error}"
        );
    }
}

#[test]
fn move_budget_makes_the_result_a_function_of_the_seed() {
    let i = toy();
    for threads in [1, 2] {
        let run = |seed| solve(&i, &Control::counted(30_000, threads, seed)).solution;
        assert_eq!(run(4), run(4));
    }
}

#[test]
fn a_given_solution_is_never_worsened() {
    let i = toy();
    let good = solve(&i, &Control::counted(200_000, 1, 2));
    let again = solve_from(&i, Some(&good.solution), &Control::counted(10, 1, 9));
    assert!((again.score.hard(), again.score.soft()) <= (good.score.hard(), good.score.soft()));
}

#[test]
fn cancel_stops_an_endless_run_and_progress_is_told() {
    // Never cost zero: 语文's 40 students fit nowhere, so only the flag can end the run.
    let (i, cancel, seen) = (toy(), AtomicBool::new(false), Mutex::new(Vec::new()));
    let tell = |p: timetable::Progress| {
        seen.lock().unwrap().push(p);
        cancel.store(true, Ordering::Relaxed);
    };
    let mut control = Control::timed(Duration::from_secs(3600), 1, 1);
    control.cancel = Some(&cancel);
    control.progress = Some(&tell);
    let solved = solve(&i, &control);
    assert_eq!(solved.outcome, Outcome::Cancelled);
    assert!(seen.lock().unwrap().iter().all(|p| p.hard == 0 && p.soft >= 10));
}

#[test]
fn public_instances_read_round_trip_and_become_feasible() {
    for (name, text) in shared::instances("cbctt", "ctt") {
        let i = Instance::read(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(Instance::read(&i.write()).as_ref(), Ok(&i), "{name}");
        if ["comp01", "comp04", "comp11"].contains(&name.as_str()) {
            let solved = solve(&i, &Control::counted(1_000_000, 1, 1));
            assert_eq!(solved.score.hard(), 0, "{name}");
        }
    }
}

proptest! {
    #[test]
    fn reader_never_panics_on_mutated_text(cut in 0usize..400, junk in "\\PC{0,6}", line in 0usize..26) {
        let mut lines: Vec<String> = TOY.lines().map(String::from).collect();
        lines[line % 24] = junk.clone();
        let _ = Instance::read(&lines.join("\n"));
        let end = (0..=cut.min(TOY.len())).rev().find(|&i| TOY.is_char_boundary(i)).unwrap_or(0);
        let text = format!("{}{junk}{}", &TOY[..end], &TOY[end..]);
        if let Ok(i) = Instance::read(&text) {
            prop_assert_eq!(Instance::read(&i.write()), Ok(i));
        }
        let _ = Solution::read(&toy(), &text);
    }
}
