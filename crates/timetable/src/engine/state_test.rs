//! Delta cost equals full cost after any sequence of moves, and undo restores everything.

use super::moves::Mover;
use super::{CostFunction, Event, Level, Limits, Mask, Open, Problem, Round, Rule, State, Tuning, anneal};
use crate::Control;
use crate::rng::Rng;

const COSTS: [CostFunction; 5] = [
    CostFunction::Linear,
    CostFunction::Quadratic,
    CostFunction::Step,
    CostFunction::SumSquares,
    CostFunction::SumSteps,
];

/// A random problem with every kind of rule, two week patterns, divisible events and open choices.
pub(super) fn random_problem(rng: &mut Rng, times: usize) -> Problem {
    let (weeks, resources, events) = (2, 9, 14);
    let mut p = Problem::new(times, weeks, resources);
    p.load_scale = 12;
    for _ in 0..events {
        let duration = 1 + rng.below(4);
        let partitions: Vec<Vec<usize>> = match duration {
            2 => vec![vec![2], vec![1, 1]],
            3 => vec![vec![1, 2], vec![3], vec![1, 1, 1]],
            d => vec![vec![d]],
        };
        let candidates: Vec<u32> = (5..9).filter(|_| rng.below(3) > 0).collect();
        let open = Open {
            candidates,
            optional: rng.below(2) == 0,
            weeks: [vec![0, 1], vec![0], vec![1]][rng.below(3)].clone(),
            load: 12 / duration as i64,
        };
        p.events.push(Event {
            duration,
            partitions,
            free_parts: (duration == 4 && rng.below(2) == 0).then_some((1, 4)),
            fixed: (0..1 + rng.below(2)).map(|_| rng.below(10) as u32).collect(),
            open: if rng.below(2) == 0 { vec![open] } else { vec![] },
            starts: (0..=duration)
                .map(|d| (0..=times - d.max(1)).map(|t| t as u16).collect())
                .collect(),
            locked: rng.below(8) == 0,
        });
    }
    let day = times / 3;
    let shape = p.shape((0..3).map(|d| Mask::of(times, d * day..(d + 1) * day)).collect());
    p.sets.push(Mask::of(resources, [5, 7]));
    let level = |rng: &mut Rng| Level {
        hard: rng.below(2) == 0,
        weight: 1 + rng.below(5) as i64,
        cost: COSTS[rng.below(COSTS.len())],
    };
    let limits = |rng: &mut Rng| {
        let min = rng.below(3) as i64;
        Limits {
            min,
            max: min + rng.below(3) as i64,
        }
    };
    for row in 0..resources * weeks {
        p.add(level(rng), Rule::Clash { row });
        let times = Mask::of(times, (0..5).map(|_| rng.below(times)));
        p.add(level(rng), Rule::Unavailable { row, times });
        let limits = limits(rng);
        match rng.below(3) {
            0 => p.add(level(rng), Rule::Idle { row, shape, limits }),
            1 => p.add(level(rng), Rule::Cluster { row, shape, limits }),
            _ => p.add(level(rng), Rule::Busy { row, shape, limits }),
        }
    }
    for event in 0..events {
        let (other, number) = (rng.below(events), limits(rng));
        let wanted = Mask::of(times, (0..times).filter(|_| rng.below(2) == 0));
        p.add(level(rng), Rule::AssignTime { event });
        p.add(
            level(rng),
            Rule::PreferTimes {
                event,
                duration: [None, Some(1)][rng.below(2)],
                times: wanted,
            },
        );
        p.add(
            level(rng),
            Rule::Parts {
                event,
                size: limits(rng),
                number,
            },
        );
        p.add(
            level(rng),
            Rule::PartsOf {
                event,
                duration: 2,
                number,
            },
        );
        p.add(
            level(rng),
            Rule::Order {
                first: event,
                second: other,
                limits: number,
            },
        );
        p.add(
            level(rng),
            Rule::Link {
                events: vec![event, other],
            },
        );
        let bounds = (0..3).map(|_| limits(rng)).collect();
        p.add(
            level(rng),
            Rule::Spread {
                events: vec![(event, 1), (other, 2)],
                shape,
                limits: bounds,
                first: 0,
            },
        );
        if !p.events[event].open.is_empty() {
            p.add(level(rng), Rule::AssignResource { event, open: 0 });
            p.add(
                level(rng),
                Rule::PreferResource {
                    event,
                    open: 0,
                    set: 0,
                },
            );
            p.add(
                level(rng),
                Rule::OneResource {
                    choices: vec![(event, 0)],
                    fixed: vec![5],
                },
            );
        }
    }
    for _ in 0..4 {
        let lessons = (0..3)
            .map(|_| (0..2).map(|_| rng.below(events)).collect())
            .collect();
        p.add(level(rng), Rule::Progress { lessons });
        let from = Mask::of(times, (0..times).filter(|t| t % day != day - 1));
        let rows = (0..3).map(|_| rng.below(resources * weeks)).collect();
        p.add(
            level(rng),
            Rule::Travel {
                rows,
                from,
                gap: 1 + rng.below(2),
            },
        );
    }
    for resource in 5..resources {
        p.add(
            level(rng),
            Rule::Load {
                resource,
                limits: Limits { min: 12, max: 40 },
                base: 3,
            },
        );
    }
    p.finish();
    p
}

/// The same decisions counted from nothing, under the same pressure.
fn recount(s: &State) -> (i64, i64) {
    let fresh = State::new(s.problem, &s.placement(), s.hard_weight);
    let points: Vec<(i64, i64)> = (0..s.problem.points.len()).map(|i| fresh.point_cost(i)).collect();
    let sum = |a: (i64, i64), b: (i64, i64)| (a.0 + b.0, a.1 + b.1);
    assert_eq!(points.iter().copied().fold((0, 0), sum), (fresh.hard, fresh.soft));
    let pressed = points.iter().zip(&s.pressure).map(|(c, p)| (c.0 * p, c.1));
    pressed.fold((0, 0), sum)
}

#[test]
fn delta_equals_full_cost_after_any_move_sequence() {
    let mut rng = Rng::new(3);
    let (mut kept, mut undone, mut divided, mut pressed) = (0, 0, 0, 0);
    for times in [12, 15, 69, 132] {
        for _ in 0..6 {
            let p = random_problem(&mut rng, times);
            let mover = Mover::new(&p);
            let mut s = super::construct::construct(&p, &State::empty_placement(&p), 7, &mut rng);
            for number in 0..400 {
                if number % 100 == 99 {
                    let plain = s.press();
                    pressed += usize::from(plain > 0);
                    assert!(plain <= s.hard && (plain > 0 || s.hard == 0));
                }
                let (before, cost) = (s.placement(), (s.hard, s.soft));
                let limit = [f64::INFINITY, 20.0, 0.0][rng.below(3)];
                let change = mover.propose(&mut s, &mut rng, limit);
                if let Some(change) = change
                    && rng.below(3) > 0
                {
                    divided += usize::from(before.duration != s.placement().duration);
                    s.keep();
                    kept += 1;
                    assert_eq!(change, 7 * (s.hard - cost.0) + s.soft - cost.1);
                    assert!(change as f64 <= limit);
                } else {
                    s.undo();
                    undone += 1;
                    assert_eq!((s.placement(), (s.hard, s.soft)), (before, cost));
                }
                assert_eq!(recount(&s), (s.hard, s.soft));
            }
        }
    }
    assert!(
        kept > 1000 && undone > 1000 && divided > 20 && pressed > 20,
        "kept {kept}, undone {undone}, divided {divided}, pressed {pressed}"
    );
}

#[test]
fn locked_events_stay_where_they_were() {
    let mut rng = Rng::new(8);
    let p = random_problem(&mut rng, 15);
    let mut start = State::empty_placement(&p);
    let locked: Vec<usize> = (0..p.event_of.len())
        .filter(|&m| p.events[p.event_of[m] as usize].locked)
        .collect();
    assert!(!locked.is_empty());
    for &m in &locked {
        start.time[m] = 1;
    }
    // Two threads, each with a track of its own.
    let track = |hard_weight| {
        let round = |until| Round {
            until,
            hard_weight,
            warm: 5.0,
            hot: 20.0,
            cold: 0.2,
            press: 0,
        };
        vec![round(0.5), round(1.0)]
    };
    let tuning = Tuning {
        tracks: vec![track(10), track(20)],
        stop_when_feasible: false,
    };
    let found = anneal(&p, &start, &tuning, &Control::counted(20_000, 2, 5));
    assert!(locked.iter().all(|&m| found.placement.time[m] == 1));
    let again = anneal(&p, &start, &tuning, &Control::counted(20_000, 2, 5));
    assert_eq!(
        found.placement, again.placement,
        "a move budget makes the run deterministic"
    );
    let s = State::new(&p, &found.placement, 10);
    assert_eq!((s.hard, s.soft), (found.hard, found.soft));
}
