//! FET files from the outside: reading, refusing, scoring, solving.

use proptest::prelude::*;
use timetable::Control;
use timetable::fet::{Institution, Kind, Place, Solution, check, solve};

const TOY: &str = include_str!("data/toy.fet");

fn toy() -> Institution {
    Institution::read(TOY).expect("the toy is well formed")
}

fn at(slot: usize, room: Option<usize>) -> Option<Place> {
    Some(Place { slot, room })
}

#[test]
fn toy_is_read_with_names_as_written() {
    let i = toy();
    assert_eq!(
        (i.days.len(), i.hours.len(), i.activities.len(), i.rooms.len()),
        (2, 4, 4, 3)
    );
    assert_eq!(
        (
            i.activities[0].teachers.as_slice(),
            i.activities[2].teachers.as_slice()
        ),
        (&[0][..], &[1][..])
    );
    assert_eq!(i.atoms, ["G1", "S1", "S2", "Z"]);
    assert_eq!(i.activities[2].atoms, [0, 1, 2]);
    // The constraint on the inactive activity 5 is gone; everything else is there.
    assert!(
        !i.constraints
            .iter()
            .any(|c| matches!(c.kind, Kind::Consecutive { .. }))
    );
    assert_eq!(i.constraints.len(), 19);
    let rooms = i.allowed_rooms();
    assert_eq!(rooms[0], Some((vec![2], true)), "home room");
    assert_eq!(rooms[2], Some((vec![1], true)), "too many students for R1");
}

#[test]
fn validator_counts_each_kind_by_hand() {
    let i = toy();
    // Maths at Mo 3 and Mo 1–2, the lab on Tu 2–3 in R2, Z's lab at Tu 4 in R1.
    let places = vec![at(2, Some(2)), at(0, Some(2)), at(5, Some(1)), at(7, Some(0))];
    let score = check(&i, &Solution { places });
    let cost = |name: &str| {
        score
            .broken
            .iter()
            .filter(|b| b.1 == name)
            .map(|b| b.2)
            .sum::<i64>()
    };
    assert_eq!(
        cost("ConstraintBasicCompulsory"),
        1,
        "Z's 25 students do not fit R1"
    );
    assert_eq!(
        cost("ConstraintMinDaysBetweenActivities"),
        10,
        "one day short, but in a row"
    );
    assert_eq!(cost("ConstraintBreakTimes"), 1);
    assert_eq!(
        cost("ConstraintTeachersMaxHoursDaily"),
        2,
        "three hours for each of the two"
    );
    assert_eq!(cost("ConstraintActivityPreferredStartingTimes"), 5);
    assert_eq!(cost("ConstraintActivitiesPreferredTimeSlots"), 1);
    assert_eq!(cost("ConstraintMinGapsBetweenActivities"), 1);
    assert_eq!(cost("ConstraintActivitiesOccupyMaxTimeSlotsFromSelection"), 1);
    assert_eq!(cost("ConstraintTeacherMaxBuildingChangesPerDay"), 1);
    assert_eq!(
        cost("ConstraintActivitiesSameStartingHour"),
        0,
        "0 % does not count"
    );
    assert_eq!(
        (score.hard, score.soft, score.unplaced),
        (1 + 1 + 2 + 1 + 1 + 1 + 1, 10 + 5, 0)
    );
    let nothing = check(
        &i,
        &Solution {
            places: vec![None; 4],
        },
    );
    assert_eq!((nothing.hard, nothing.unplaced), (2 * 6 + 6, 4));
}

#[test]
fn unknown_kinds_are_refused_by_name_and_line() {
    let text = TOY.replace("ConstraintBreakTimes", "ConstraintTeachersMaxSpanPerDay");
    let error = Institution::read(&text).expect_err("an unknown kind");
    assert!(error.cause.contains("ConstraintTeachersMaxSpanPerDay"), "{error}");
    assert_eq!(
        TOY.lines()
            .nth(error.line - 1)
            .map(|l| l.starts_with("<ConstraintBreakTimes>")),
        Some(true)
    );
}

#[test]
fn malformed_files_name_line_and_cause() {
    let cases = [
        (
            "<Teacher>A</Teacher><Subject>Maths</Subject><Activity_Tag>",
            "<Teacher>Q</Teacher><Subject>Maths</Subject><Activity_Tag>",
            "没有教师“Q”",
        ),
        (
            "<Duration>2</Duration><Total_Duration>3",
            "<Duration>9</Duration><Total_Duration>3",
            "时长应在",
        ),
        ("<Id>2</Id>", "<Id>1</Id>", "活动 1 重复"),
        (
            "<Activity_Id>2</Activity_Id><MinDays>",
            "<Activity_Id>77</Activity_Id><MinDays>",
            "没有活动 77",
        ),
        ("<Capacity>20</Capacity>", "<Capacity>-1</Capacity>", "应为整数"),
        ("<Weight_Percentage>95<", "<Weight_Percentage>195<", "权重 195"),
        ("<Name>Tu</Name>", "<Name>Mo</Name>", "重复"),
        ("<Virtual>false", "<Virtual>true", "虚拟"),
        ("<MinDays>1</MinDays>", "", "缺少“MinDays”"),
    ];
    for (from, to, cause) in cases {
        let error = Institution::read(&TOY.replacen(from, to, 1)).expect_err(cause);
        assert!(error.cause.contains(cause) && error.line > 0, "{error}");
    }
}

#[test]
fn solver_finds_the_complete_timetable_and_writes_it() {
    let i = toy();
    let solved = solve(&i, true, &Control::counted(100_000, 1, 1));
    assert_eq!(
        (solved.score.hard, solved.score.unplaced),
        (0, 0),
        "{:?}",
        solved.score
    );
    // 3 is forced to Tu 3–4, so 4 cannot be on Tuesday with it: it is on Monday, not at 1.
    assert_eq!(solved.solution.places[2], at(6, Some(1)));
    assert!(solved.solution.places[3].is_some_and(|p| (1..4).contains(&p.slot)));
    let text = solved.solution.write(&i);
    assert_eq!(Solution::read(&i, &text), Ok(solved.solution.clone()));
    assert!(
        Solution::read(&i, &text.replace("<Id>3<", "<Id>33<"))
            .expect_err("id")
            .cause
            .contains("33")
    );
    let best = solve(&i, false, &Control::counted(100_000, 1, 1));
    assert!(best.score.hard == 0 && best.score.soft <= solved.score.soft);
}

proptest! {
    #[test]
    fn reader_never_panics_and_search_agrees_with_the_validator(
        at in 0usize..12_000, length in 0usize..30, junk in "[<>/\"=&;a-zA-Z0-9 ]{0,6}", seed in 0u64..1000,
    ) {
        let start = (0..=at.min(TOY.len())).rev().find(|&i| TOY.is_char_boundary(i)).unwrap_or(0);
        let end = (start + length).min(TOY.len());
        if let Ok(i) = Institution::read(&format!("{}{junk}{}", &TOY[..start], &TOY[end..])) {
            let solved = solve(&i, false, &Control::counted(512, 1, seed));
            prop_assert_eq!(check(&i, &solved.solution), solved.score);
        }
    }
}
