//! From which week a published timetable holds (生效周): lessons of earlier weeks were taught by the timetable of then
//! and stay as they are; those that run across the week are cut there.
use calendar::Term;
use chrono::Days;
use kernel::register::Register;
use std::collections::HashMap;
use teaching::{LessonSlot, Weeks};
use uuid::Uuid;

/// A lesson of the term as it stands.
pub struct Known {
    /// The record.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// What it says.
    pub slot: LessonSlot,
}

/// What is to be done so that a timetable holds from a week on.
#[derive(Default)]
pub struct Steps {
    /// Lessons to be written.
    pub add: Vec<LessonSlot>,
    /// Lessons to be corrected: record, version, what they say then.
    pub change: Vec<(Uuid, i64, LessonSlot)>,
    /// Lessons to be voided: record, version.
    pub void: Vec<(Uuid, i64)>,
    /// Lessons that stay as they are.
    pub same: usize,
}

/// The number of a lesson without the mark of the week from which it holds.
fn base(number: &str) -> &str {
    match number.rsplit_once('S') {
        Some((base, week)) if !week.is_empty() && week.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => number,
    }
}

/// Whether two lessons say the same, begin as they may.
fn alike(one: &LessonSlot, other: &LessonSlot) -> bool {
    let plain = |slot: &LessonSlot| {
        let mut slot = slot.clone();
        (slot.number, slot.first_week, slot.first_on) = (String::new(), 0, other.first_on);
        slot.to_values()
    };
    plain(one) == plain(other)
}

/// Whether a lesson is taught in a week.
fn runs(slot: &LessonSlot, week: i64) -> bool {
    let parity = match slot.weeks {
        Weeks::All => true,
        Weeks::Odd => week % 2 == 1,
        Weeks::Even => week % 2 == 0,
    };
    (slot.first_week..=slot.last_week).contains(&week) && parity
}

/// The part of a lesson from a week on, if there is one.
fn from_week(slot: &LessonSlot, week: i64, term: &Term) -> Option<LessonSlot> {
    let first = (week.max(slot.first_week)..=slot.last_week).find(|week| runs(slot, *week))?;
    let mut part = slot.clone();
    let weekday = Days::new(
        (slot.first_on - term.start())
            .num_days()
            .rem_euclid(7)
            .unsigned_abs(),
    );
    part.first_on = term.start() + Days::new((first.unsigned_abs() - 1) * 7) + weekday;
    part.first_week = first;
    Some(part)
}

/// The part of a lesson before a week, if there is one.
fn before_week(slot: &LessonSlot, week: i64) -> Option<LessonSlot> {
    let last = (slot.first_week..week).rev().find(|week| runs(slot, *week))?;
    let mut part = slot.clone();
    part.last_week = last;
    Some(part)
}

/// What is to be done so that `wanted`, lessons of the whole term, hold from a week on (1: in the whole term).
pub fn steps(known: Vec<Known>, wanted: &[LessonSlot], week: i64, term: &Term) -> Steps {
    let mut steps = Steps::default();
    let numbers: HashMap<String, i64> = known
        .iter()
        .map(|one| (one.slot.number.clone(), one.slot.first_week))
        .collect();
    let mut open: HashMap<String, Vec<Known>> = HashMap::new();
    for one in known {
        if one.slot.last_week >= week {
            open.entry(base(&one.slot.number).to_owned())
                .or_default()
                .push(one);
        }
    }
    for whole in wanted {
        let Some(mut part) = from_week(whole, week, term) else {
            continue;
        };
        let rest = open.entry(whole.number.clone()).or_default();
        // What began before and goes on unchanged is one lesson still.
        if let Some(at) = rest
            .iter()
            .position(|one| one.slot.first_week < week && alike(&one.slot, whole))
        {
            rest.remove(at);
            steps.same += 1;
            continue;
        }
        let taken = numbers.get(&part.number).is_some_and(|first| *first < week);
        if part.first_week > whole.first_week || taken {
            part.number = format!("{}S{}", whole.number, part.first_week);
        }
        let found = rest
            .iter()
            .position(|one| one.slot.first_week >= week && alike(&one.slot, &part));
        let found = found.or_else(|| rest.iter().position(|one| one.slot.number == part.number));
        match found.map(|at| rest.remove(at)) {
            Some(one) if one.slot.first_week == part.first_week && alike(&one.slot, &part) => steps.same += 1,
            Some(one) => {
                part.number.clone_from(&one.slot.number);
                steps.change.push((one.id, one.version, part));
            }
            None => steps.add.push(part),
        }
    }
    for one in open.into_values().flatten() {
        match before_week(&one.slot, week) {
            Some(part) => steps.change.push((one.id, one.version, part)),
            None => steps.void.push((one.id, one.version)),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar::{DayTable, Half, SchoolYear};
    use kernel::register::field::{Code, Ref};

    fn term() -> Term {
        Term::standard(SchoolYear(2026), Half::Autumn, &DayTable::builtin())
    }

    fn slot(number: &str, teacher: u128, [first, last]: [i64; 2], weeks: Weeks) -> LessonSlot {
        LessonSlot {
            number: number.into(),
            plan: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            unit: Ref::new(Uuid::nil()),
            year: 2026,
            term: Code("1".into()),
            teacher: Ref::new(Uuid::from_u128(teacher)),
            room: Ref::new(Uuid::nil()),
            first_week: first,
            last_week: last,
            weeks,
            first_on: term().start() + Days::new((first.unsigned_abs() - 1) * 7 + 2),
            weekday: None,
            period: 1,
            periods: 2,
            starts_at: "0800".into(),
            students: 40,
            textbook: None,
        }
    }

    /// The lessons after the steps, as a database would have them.
    fn after(before: &[LessonSlot], steps: Steps) -> Vec<LessonSlot> {
        let mut all: Vec<LessonSlot> = before.to_vec();
        for (id, _, slot) in steps.change {
            all[id.as_u128() as usize] = slot;
        }
        let gone: Vec<usize> = steps.void.iter().map(|(id, _)| id.as_u128() as usize).collect();
        let mut at = 0;
        all.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
        all.extend(steps.add);
        all
    }

    fn publish(before: &[LessonSlot], wanted: &[LessonSlot], week: i64) -> Vec<LessonSlot> {
        let known = before.iter().enumerate().map(|(at, slot)| Known {
            id: Uuid::from_u128(at as u128),
            version: 1,
            slot: slot.clone(),
        });
        after(before, steps(known.collect(), wanted, week, &term()))
    }

    fn teaches(all: &[LessonSlot], week: i64) -> Vec<u128> {
        let mut who: Vec<u128> = all
            .iter()
            .filter(|slot| runs(slot, week))
            .map(|slot| slot.teacher.id.as_u128())
            .collect();
        who.sort_unstable();
        who
    }

    #[test]
    fn weeks_that_were_taught_stay_as_they_were() {
        let first = publish(
            &[],
            &[
                slot("a-1", 1, [1, 18], Weeks::All),
                slot("b-1", 5, [1, 18], Weeks::All),
            ],
            1,
        );
        assert_eq!(first.len(), 2);
        let second = publish(
            &first,
            &[
                slot("a-1", 2, [1, 18], Weeks::All),
                slot("b-1", 5, [1, 18], Weeks::All),
            ],
            10,
        );
        assert_eq!(
            (teaches(&second, 9), teaches(&second, 10)),
            (vec![1, 5], vec![2, 5])
        );
        assert_eq!(second.len(), 3, "b goes on as one lesson");
        let cut = second
            .iter()
            .find(|slot| slot.number == "a-1S10")
            .expect("the new part");
        assert_eq!(
            (cut.first_week, cut.first_on),
            (10, term().start() + Days::new(9 * 7 + 2))
        );
        // Publishing the same again changes nothing; a third timetable leaves both earlier ones alone.
        let again = publish(
            &second,
            &[
                slot("a-1", 2, [1, 18], Weeks::All),
                slot("b-1", 5, [1, 18], Weeks::All),
            ],
            12,
        );
        assert_eq!(again.len(), 3);
        let third = publish(&second, &[slot("a-1", 3, [1, 18], Weeks::All)], 14);
        let who: Vec<Vec<u128>> = [9, 13, 14].iter().map(|week| teaches(&third, *week)).collect();
        assert_eq!(who, [vec![1, 5], vec![2, 5], vec![3]]);
    }

    #[test]
    fn odd_weeks_are_cut_at_odd_weeks_and_numbers_stay_apart() {
        let before = [
            slot("a-1", 1, [1, 17], Weeks::Odd),
            slot("a-2", 4, [12, 18], Weeks::All),
        ];
        let all = publish(
            &before,
            &[
                slot("a-1", 2, [1, 17], Weeks::Odd),
                slot("a-2", 6, [12, 18], Weeks::All),
            ],
            10,
        );
        let who: Vec<Vec<u128>> = [9, 11, 12].iter().map(|week| teaches(&all, *week)).collect();
        assert_eq!(who, [vec![1], vec![2], vec![6]]);
        let mut numbers: Vec<&str> = all.iter().map(|slot| slot.number.as_str()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["a-1", "a-1S11", "a-2"]);
        assert_eq!(
            all.iter()
                .find(|slot| slot.number == "a-1")
                .map(|slot| slot.last_week),
            Some(9)
        );
    }

    #[test]
    fn whatever_is_published_holds_from_its_week_and_nothing_before_it_changes() {
        // Every pair of weeks, and three lessons that overlap differently.
        let wanted = |teacher: u128| {
            vec![
                slot("a-1", teacher, [1, 18], Weeks::All),
                slot("b-1", teacher, [2, 18], Weeks::Even),
                slot("c-1", teacher, [9, 12], Weeks::All),
            ]
        };
        for one in 1..=18 {
            for other in 1..=18 {
                let first = publish(&publish(&[], &wanted(1), 1), &wanted(2), one);
                let second = publish(&first, &wanted(3), other);
                for week in 1..=18 {
                    let kept = if week < other { &first } else { &wanted(3) };
                    assert_eq!(
                        teaches(&second, week),
                        teaches(kept, week),
                        "{one} then {other}, week {week}"
                    );
                }
                let mut numbers: Vec<&str> = second.iter().map(|slot| slot.number.as_str()).collect();
                numbers.sort_unstable();
                numbers.dedup();
                assert_eq!(numbers.len(), second.len(), "{one} then {other}: a number twice");
            }
        }
    }
}
