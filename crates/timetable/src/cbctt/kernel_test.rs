//! The kernel's exact deltas against its own full count, and that against the independent validator.

use super::kernel::{HARD, State, Tables};
use super::rooms::polish;
use super::{Course, Curriculum, Instance, Room, check};
use crate::rng::Rng;

/// A small random school, tight enough that every rule bites.
fn random_instance(rng: &mut Rng) -> Instance {
    let n = 6 + rng.below(8);
    let courses = (0..n).map(|i| Course {
        name: format!("k{i}"),
        teacher: rng.below(n - 2),
        lectures: 1 + rng.below(4),
        min_days: 1 + rng.below(4),
        students: rng.below(60) as u32,
    });
    let courses: Vec<Course> = courses.collect();
    let curricula = (0..4).map(|q| {
        let mut members: Vec<usize> = (0..4).map(|_| rng.below(n)).collect();
        members.sort_unstable();
        members.dedup();
        Curriculum {
            name: format!("q{q}"),
            courses: members,
        }
    });
    Instance {
        name: "random".into(),
        days: 3,
        periods_per_day: 4,
        teachers: (0..n).map(|i| format!("t{i}")).collect(),
        curricula: curricula.collect(),
        rooms: (0..4)
            .map(|r| Room {
                name: format!("r{r}"),
                seats: 10 + 12 * r,
            })
            .collect(),
        unavailable: (0..8).map(|_| (rng.below(n), rng.below(12))).collect(),
        courses,
    }
}

#[test]
fn every_move_changes_the_cost_by_its_delta() {
    let mut rng = Rng::new(11);
    for _ in 0..30 {
        let instance = random_instance(&mut rng);
        let tables = Tables::<2>::new(&instance);
        let mut state = State::constructed(&tables, &mut rng);
        let mut applied = 0;
        for _ in 0..400 {
            let (lecture, slot) = (rng.below(state.lectures()), rng.below(state.slots()));
            if slot == state.slot_of(lecture) {
                continue;
            }
            let m = state.to(lecture, slot);
            let before = (state.hard, state.soft);
            if let Some(delta) = state.delta(m, f64::INFINITY) {
                let limited = state.delta(m, 3.0);
                assert!(
                    limited == Some(delta) || HARD * delta.0 + delta.1 > 3,
                    "early exit must be exact"
                );
                state.apply(m, delta);
                applied += 1;
                assert_eq!(state.full_cost(), (before.0 + delta.0, before.1 + delta.1));
            }
        }
        assert!(applied > 100);
    }
}

#[test]
fn an_aimed_move_changes_the_cost_by_its_delta_and_is_refused_only_when_dear() {
    let mut rng = Rng::new(17);
    let mut pairs = 0;
    for _ in 0..30 {
        let instance = random_instance(&mut rng);
        let tables = Tables::<2>::new(&instance);
        let mut state = State::constructed(&tables, &mut rng);
        for _ in 0..400 {
            let (lecture, period) = (rng.below(state.lectures()), rng.below(tables.periods));
            let twin = &mut rng.clone();
            let Some((m, delta)) = state.aimed(lecture, period, f64::INFINITY, &mut rng) else {
                continue;
            };
            match state.aimed(lecture, period, 3.0, twin) {
                Some((_, limited)) => assert_eq!(limited, delta),
                None => assert!(HARD * delta.0 + delta.1 > 3, "refused {delta:?}"),
            }
            let (before, left) = ((state.hard, state.soft), state.slot_of(lecture) / tables.rooms);
            state.apply(m, delta);
            assert_eq!(state.full_cost(), (before.0 + delta.0, before.1 + delta.1));
            assert_eq!(state.slot_of(lecture) / tables.rooms, period);
            if let Some(other) = m.partner() {
                assert_eq!(state.slot_of(other) / tables.rooms, left);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 100);
}

#[test]
fn counters_and_validator_agree_whenever_no_pair_meets_twice() {
    let mut rng = Rng::new(5);
    let mut feasible = 0;
    for _ in 0..40 {
        let instance = random_instance(&mut rng);
        let tables = Tables::<2>::new(&instance);
        let mut state = State::constructed(&tables, &mut rng);
        polish(&mut state);
        let score = check(&instance, &state.solution());
        assert_eq!(score.occupancy, 0);
        assert_eq!(state.hard == 0, score.hard() == 0);
        if state.hard == 0 {
            feasible += 1;
            assert_eq!(i64::from(state.soft), score.soft());
        }
        assert_eq!(
            State::from_solution(&tables, &state.solution()).full_cost(),
            (state.hard, state.soft)
        );
    }
    assert!(feasible > 5, "only {feasible} starts were feasible");
}

#[test]
fn room_polish_never_worsens_and_keeps_periods() {
    let mut rng = Rng::new(21);
    let mut gained = 0;
    for _ in 0..20 {
        let instance = random_instance(&mut rng);
        let tables = Tables::<2>::new(&instance);
        let mut state = State::constructed(&tables, &mut rng);
        let periods: Vec<usize> = (0..state.lectures())
            .map(|l| state.slot_of(l) / tables.rooms)
            .collect();
        let before = state.cost();
        polish(&mut state);
        assert!(state.cost() <= before);
        assert_eq!(state.full_cost(), (state.hard, state.soft));
        assert_eq!(
            periods,
            (0..state.lectures())
                .map(|l| state.slot_of(l) / tables.rooms)
                .collect::<Vec<_>>()
        );
        gained += before - state.cost();
    }
    assert!(gained > 0);
}
