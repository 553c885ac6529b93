use super::*;
use crate::held::{Action, Change, Slot};
use calendar::{DayTable, Half, SchoolYear, Term};
use chrono::Weekday;
use kernel::register::field::{LongText, Ref};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Number, weekday, teacher, course, class, room; forty students from period 1.
fn slot(number: u128, weekday: Weekday, who: [u128; 4]) -> Slot {
    Slot {
        id: id(number),
        teacher: id(who[0]),
        course: id(who[1]),
        class: id(who[2]),
        room: id(who[3]),
        path: String::new(),
        weekday,
        first_week: 1,
        last_week: 18,
        parity: None,
        period: 1,
        periods: 2,
        students: 40,
    }
}

fn table(slots: Vec<Slot>, changes: Vec<Change>) -> Timetable {
    let term = Term::new(SchoolYear(2026), Half::Autumn, day("2026-08-31"), 20).expect("a term");
    Timetable::new(term, DayTable::builtin(), slots, vec![], changes)
}

fn load_of(table: &Timetable, facts: &Facts<'_>, teacher: u128) -> Load {
    let days = table.between(day("2026-11-16"), day("2026-11-22"));
    let mut loads = loads(table, &days, facts, &Coefficients::default());
    loads.remove(&id(teacher)).unwrap_or_default()
}

fn extra(kind: ExtraKind) -> WorkloadExtra {
    WorkloadExtra {
        teacher: Ref::new(id(1)),
        kind,
        course: Some(Ref::new(id(11))),
        starts_on: day("2026-11-01"),
        ends_on: day("2026-11-20"),
        weeks: Some(3),
        people: Some(7),
        periods: Some(5),
        note: LongText("说明".into()),
    }
}

#[test]
fn each_factor_of_the_formula_counts() {
    let none = HashMap::new();
    let plain = Facts {
        stations: &none,
        extras: &[],
    };
    let one = table(vec![slot(1, Weekday::Mon, [1, 11, 21, 31])], vec![]);
    assert_eq!(load_of(&one, &plain, 1).weighted, 200);
    // Two classes together: one lesson of two periods × 1.5.
    let together = vec![
        slot(1, Weekday::Mon, [1, 11, 21, 31]),
        slot(2, Weekday::Mon, [1, 11, 22, 31]),
    ];
    let load = load_of(&table(together, vec![]), &plain, 1);
    assert_eq!((load.periods, load.weighted, load.lines.len()), (2, 300, 1));
    // The same course to a second class on another day: × 0.9.
    let parallel = vec![
        slot(1, Weekday::Mon, [1, 11, 21, 31]),
        slot(2, Weekday::Tue, [1, 11, 22, 32]),
    ];
    let load = load_of(&table(parallel, vec![]), &plain, 1);
    assert_eq!((load.periods, load.weighted), (4, 200 + 180));
    // Forty students at fifteen places train in three groups: × 1.7; the course is new: × 1.1.
    let stations = HashMap::from([(id(31), 15)]);
    let new = [extra(ExtraKind::NewCourse)];
    let facts = Facts {
        stations: &stations,
        extras: &new,
    };
    let load = load_of(&one, &facts, 1);
    assert_eq!(load.lines[0].factors, [("新课", 110), ("实训分组", 170)]);
    assert_eq!(load.weighted, 374, "2 × 1.1 × 1.7");
}

#[test]
fn guidance_and_other_work_is_added_in_the_month_it_ends() {
    let none = HashMap::new();
    let extras = [extra(ExtraKind::Practice), extra(ExtraKind::Other)];
    let facts = Facts {
        stations: &none,
        extras: &extras,
    };
    let load = load_of(&table(vec![], vec![]), &facts, 1);
    assert_eq!(
        load.weighted,
        420 + 500,
        "3 weeks × 7 people × 0.2, and 5 periods"
    );
    let mut later = extra(ExtraKind::Other);
    later.ends_on = day("2026-12-01");
    let later = [later];
    let facts = Facts {
        stations: &none,
        extras: &later,
    };
    assert_eq!(load_of(&table(vec![], vec![]), &facts, 1), Load::default());
}

#[test]
fn a_lesson_counts_for_whoever_taught_it_and_a_dropped_one_for_nobody() {
    let change = |action, slot: u128, substitute: Option<u128>| {
        let on = day(if slot == 1 { "2026-11-16" } else { "2026-11-17" });
        Change {
            substitute: substitute.map(id),
            ..Change::new(id(90 + slot), action, id(slot), on)
        }
    };
    let slots = vec![
        slot(1, Weekday::Mon, [1, 11, 21, 31]),
        slot(2, Weekday::Tue, [1, 12, 21, 31]),
    ];
    let changes = vec![change(Action::Cover, 1, Some(2)), change(Action::Drop, 2, None)];
    let table = table(slots, changes);
    let none = HashMap::new();
    let facts = Facts {
        stations: &none,
        extras: &[],
    };
    let absent = load_of(&table, &facts, 1);
    assert_eq!((absent.periods, absent.lost, absent.weighted), (0, 2, 0));
    let substitute = load_of(&table, &facts, 2);
    assert_eq!(
        (substitute.periods, substitute.covered, substitute.weighted),
        (2, 2, 200)
    );
}

#[test]
fn a_line_is_rounded_once_and_half_up() {
    assert_eq!(product(1, &[("a", 105), ("b", 110)]), 116, "1.155");
    assert_eq!(product(3, &[("a", 90), ("b", 90), ("c", 110)]), 267, "2.673");
    assert_eq!(product(0, &[]), 0);
}
