//! Compiles an instance to the general core. Events that are linked and can be held together become one.

use super::model::{Constraint, Event, Instance, Kind};
use super::parts::parting;
use super::solution::{Meet, Solution};
use crate::engine::{self, Level, Limits, Mask, NONE, Open, Placement, Problem, Rule, State};
use std::collections::HashMap;

/// A compiled instance and the way back.
pub(super) struct Compiled {
    pub problem: Problem,
    /// Core event of each event.
    event_of: Vec<usize>,
    /// Open position in the core event of each event's resource positions.
    open_of: Vec<Vec<Option<usize>>>,
}

/// Root of `i` in a union-find forest.
fn root(parents: &mut [usize], mut i: usize) -> usize {
    while parents[i] != i {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    i
}

/// Which events can be held as one: linked, of one duration, with no resource in common.
fn merge(instance: &Instance) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..instance.events.len()).collect();
    let mut given: Vec<Vec<usize>> = instance
        .events
        .iter()
        .map(|e| e.resources.iter().filter_map(|r| r.given).collect())
        .collect();
    let links = instance.constraints.iter().filter(|c| c.kind == Kind::LinkEvents);
    for group in links.flat_map(|c| &c.event_groups) {
        for pair in instance.event_groups[*group].1.windows(2) {
            let (a, b) = (root(&mut parents, pair[0]), root(&mut parents, pair[1]));
            let (x, y) = (&instance.events[a], &instance.events[b]);
            if a != b
                && x.duration == y.duration
                && x.time == y.time
                && !given[a].iter().any(|r| given[b].contains(r))
            {
                let more = std::mem::take(&mut given[b]);
                given[a].extend(more);
                parents[b] = a;
            }
        }
    }
    (0..parents.len()).map(|i| root(&mut parents, i)).collect()
}

fn lcm(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

impl Compiled {
    /// Compiles `instance`.
    pub fn new(instance: &Instance) -> Self {
        let times = instance.times.len();
        let mut problem = Problem::new(times, 1, instance.resources.len());
        let durations = instance.events.iter().map(|e| e.duration as i64);
        // Exact unless the durations have an enormous common multiple; then workloads are rounded a little.
        let scale = durations.fold(1, |a, d| if lcm(a, d) > 1 << 40 { a } else { lcm(a, d) });
        problem.load_scale = scale;
        let roots = merge(instance);
        let mut core = HashMap::new();
        let mut event_of = vec![0; instance.events.len()];
        let mut open_of = vec![Vec::new(); instance.events.len()];
        for (e, event) in instance.events.iter().enumerate() {
            let c = *core.entry(roots[e]).or_insert_with(|| {
                problem.events.push(engine::Event {
                    duration: event.duration,
                    ..Default::default()
                });
                problem.events.len() - 1
            });
            event_of[e] = c;
            for need in &event.resources {
                open_of[e].push(match need.given {
                    Some(r) => {
                        problem.events[c].fixed.push(r as u32);
                        None
                    }
                    None => {
                        let spec = Self::open(instance, e, event, need, scale);
                        problem.events[c].open.push(spec);
                        Some(problem.events[c].open.len() - 1)
                    }
                });
            }
        }
        let mut on_event: Vec<Vec<&Constraint>> = vec![Vec::new(); problem.events.len()];
        for c in &instance.constraints {
            for &e in &c.events {
                on_event[event_of[e]].push(c);
            }
        }
        let given: HashMap<usize, Option<usize>> = event_of
            .iter()
            .zip(&instance.events)
            .map(|(&c, e)| (c, e.time))
            .collect();
        for (c, rules) in on_event.iter_mut().enumerate() {
            rules.sort_by_key(|r| &r.id);
            rules.dedup_by_key(|r| &r.id);
            let parting = parting(problem.events[c].duration, rules);
            let event = &mut problem.events[c];
            (event.partitions, event.free_parts) = (parting.partitions, parting.free);
            event.starts = starts(instance, event, rules, given[&c]);
        }
        let mut compiled = Compiled {
            problem,
            event_of,
            open_of,
        };
        for c in &instance.constraints {
            compiled.add(instance, c);
        }
        compiled.problem.finish();
        compiled
    }

    fn open(instance: &Instance, e: usize, event: &Event, need: &super::EventResource, scale: i64) -> Open {
        let mut candidates: Vec<usize> = (0..instance.resources.len())
            .filter(|&r| Some(instance.resources[r].kind) == need.kind)
            .collect();
        let mut optional = true;
        for c in instance.constraints.iter().filter(|c| c.events.contains(&e)) {
            match &c.kind {
                Kind::AssignResource { role } if *role == need.role => optional = false,
                Kind::PreferResources { role, resources } if *role == need.role && c.required => {
                    let some: Vec<usize> = candidates
                        .iter()
                        .copied()
                        .filter(|r| resources.contains(r))
                        .collect();
                    if !some.is_empty() {
                        candidates = some;
                    }
                }
                _ => {}
            }
        }
        let load = need.workload * (scale / event.duration as i64);
        Open {
            candidates: candidates.into_iter().map(|r| r as u32).collect(),
            optional,
            weeks: vec![0],
            load,
        }
    }

    fn add(&mut self, instance: &Instance, c: &Constraint) {
        let times = instance.times.len();
        let level = Level {
            hard: c.required,
            weight: c.weight,
            cost: c.cost,
        };
        let limits = |(min, max): (i64, i64)| Limits { min, max };
        let mask = |list: &[usize]| Mask::of(times, list.iter().copied());
        let masks = |groups: &[usize]| {
            groups
                .iter()
                .map(|&g| mask(&instance.time_groups[g].1))
                .collect::<Vec<_>>()
        };
        let p = &mut self.problem;
        match &c.kind {
            Kind::AssignTime => c.events.iter().for_each(|&e| {
                p.add(
                    level,
                    Rule::AssignTime {
                        event: self.event_of[e],
                    },
                )
            }),
            Kind::AssignResource { role } => {
                for (event, open) in positions(instance, &self.event_of, &self.open_of, &c.events, role) {
                    p.add(level, Rule::AssignResource { event, open });
                }
            }
            Kind::PreferResources { role, resources } => {
                p.sets
                    .push(Mask::of(instance.resources.len(), resources.iter().copied()));
                let set = p.sets.len() - 1;
                for (event, open) in positions(instance, &self.event_of, &self.open_of, &c.events, role) {
                    p.add(level, Rule::PreferResource { event, open, set });
                }
            }
            Kind::SplitEvents { duration, amount } => {
                for &e in &c.events {
                    let rule = Rule::Parts {
                        event: self.event_of[e],
                        size: limits(*duration),
                        number: limits(*amount),
                    };
                    p.add(level, rule);
                }
            }
            Kind::DistributeSplitEvents { duration, amount } => {
                for &e in &c.events {
                    let (event, duration, number) = (self.event_of[e], *duration, limits(*amount));
                    p.add(
                        level,
                        Rule::PartsOf {
                            event,
                            duration,
                            number,
                        },
                    );
                }
            }
            Kind::PreferTimes { duration, times } => {
                for &e in &c.events {
                    let (event, duration, times) = (self.event_of[e], *duration, mask(times));
                    p.add(
                        level,
                        Rule::PreferTimes {
                            event,
                            duration,
                            times,
                        },
                    );
                }
            }
            Kind::AvoidSplitAssignments { role } => {
                for &g in &c.event_groups {
                    let members = &instance.event_groups[g].1;
                    let choices = positions(instance, &self.event_of, &self.open_of, members, role).collect();
                    let needs = members.iter().flat_map(|&e| &instance.events[e].resources);
                    let fixed = needs
                        .filter(|n| n.role == *role)
                        .filter_map(|n| n.given)
                        .map(|r| r as u32)
                        .collect();
                    p.add(level, Rule::OneResource { choices, fixed });
                }
            }
            Kind::SpreadEvents { groups } => {
                let shape = p.shape(masks(&groups.iter().map(|g| g.0).collect::<Vec<_>>()));
                let bounds: Vec<Limits> = groups.iter().map(|&(_, a, b)| limits((a, b))).collect();
                for &g in &c.event_groups {
                    let mut events: Vec<(usize, i32)> = Vec::new();
                    for &e in &instance.event_groups[g].1 {
                        match events.iter_mut().find(|x| x.0 == self.event_of[e]) {
                            Some(x) => x.1 += 1,
                            None => events.push((self.event_of[e], 1)),
                        }
                    }
                    p.add(
                        level,
                        Rule::Spread {
                            events,
                            shape,
                            limits: bounds.clone(),
                            first: 0,
                        },
                    );
                }
            }
            Kind::LinkEvents => {
                for &g in &c.event_groups {
                    let mut events: Vec<usize> = instance.event_groups[g]
                        .1
                        .iter()
                        .map(|&e| self.event_of[e])
                        .collect();
                    events.sort_unstable();
                    events.dedup();
                    if events.len() > 1 {
                        p.add(level, Rule::Link { events });
                    }
                }
            }
            Kind::AvoidClashes => c
                .resources
                .iter()
                .for_each(|&row| p.add(level, Rule::Clash { row })),
            Kind::AvoidUnavailableTimes { times } => {
                for &row in &c.resources {
                    p.add(
                        level,
                        Rule::Unavailable {
                            row,
                            times: mask(times),
                        },
                    );
                }
            }
            Kind::LimitIdleTimes { groups, amount }
            | Kind::ClusterBusyTimes { groups, amount }
            | Kind::LimitBusyTimes { groups, amount } => {
                let (shape, limits) = (p.shape(masks(groups)), limits(*amount));
                for &row in &c.resources {
                    p.add(
                        level,
                        match c.kind {
                            Kind::LimitIdleTimes { .. } => Rule::Idle { row, shape, limits },
                            Kind::ClusterBusyTimes { .. } => Rule::Cluster { row, shape, limits },
                            _ => Rule::Busy { row, shape, limits },
                        },
                    );
                }
            }
            Kind::LimitWorkload { amount } => {
                let scale = p.load_scale;
                let limits = Limits {
                    min: amount.0.saturating_mul(scale),
                    max: amount.1.saturating_mul(scale),
                };
                for &resource in &c.resources {
                    let needs = instance.events.iter().flat_map(|e| &e.resources);
                    let base = needs
                        .filter(|n| n.given == Some(resource))
                        .map(|n| n.workload * scale)
                        .sum();
                    p.add(
                        level,
                        Rule::Load {
                            resource,
                            limits,
                            base,
                        },
                    );
                }
            }
            Kind::OrderEvents { pairs } => {
                for &(a, b, least, most) in pairs {
                    let (first, second) = (self.event_of[a], self.event_of[b]);
                    p.add(
                        level,
                        Rule::Order {
                            first,
                            second,
                            limits: limits((least, most)),
                        },
                    );
                }
            }
        }
    }

    /// The solution a placement stands for.
    pub fn solution(&self, instance: &Instance, placement: &Placement) -> Solution {
        let state = State::new(&self.problem, placement, 1);
        let mut meets = Vec::new();
        for (e, event) in instance.events.iter().enumerate() {
            for m in state.parts(self.event_of[e]) {
                let resource = |(need, open): (&super::EventResource, &Option<usize>)| match open {
                    Some(o) => Some(state.choice(m, *o))
                        .filter(|&r| r != NONE)
                        .map(|r| r as usize),
                    None => need.given,
                };
                meets.push(Meet {
                    event: e,
                    duration: usize::from(state.duration[m]),
                    time: Some(usize::from(state.time[m])).filter(|&t| t < instance.times.len()),
                    resources: event
                        .resources
                        .iter()
                        .zip(&self.open_of[e])
                        .map(resource)
                        .collect(),
                });
            }
        }
        Solution { meets }
    }
}

/// The open positions of `role` in these events.
fn positions<'a>(
    instance: &'a Instance,
    event_of: &'a [usize],
    open_of: &'a [Vec<Option<usize>>],
    events: &'a [usize],
    role: &'a Option<String>,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    events.iter().flat_map(move |&e| {
        let named = instance.events[e]
            .resources
            .iter()
            .zip(&open_of[e])
            .filter(move |(n, _)| n.role == *role);
        named.filter_map(move |(_, open)| open.map(|o| (event_of[e], o)))
    })
}

/// Allowed starting times by duration: within the week, where hard preferences allow, and when given resources are there.
fn starts(
    instance: &Instance,
    event: &engine::Event,
    rules: &[&Constraint],
    given: Option<usize>,
) -> Vec<Vec<u16>> {
    let times = instance.times.len();
    let mut away = vec![false; times];
    for c in instance.constraints.iter().filter(|c| c.required) {
        if let Kind::AvoidUnavailableTimes { times } = &c.kind
            && c.resources.iter().any(|&r| event.fixed.contains(&(r as u32)))
        {
            times.iter().for_each(|&t| away[t] = true);
        }
    }
    let number = event.partitions.first().map_or(1, Vec::len);
    let keep = |list: Vec<usize>, least: usize, test: &dyn Fn(usize) -> bool| {
        let some: Vec<usize> = list.iter().copied().filter(|&t| test(t)).collect();
        if some.len() >= least { some } else { list }
    };
    let longest = event
        .free_parts
        .map_or(0, |f| f.1)
        .max(event.partitions.iter().flatten().copied().max().unwrap_or(1));
    (0..=longest.min(event.duration))
        .map(|d| {
            if let Some(t) = given {
                return vec![t as u16];
            }
            let mut list: Vec<usize> = (0..(times + 1).saturating_sub(d.max(1))).collect();
            for c in rules.iter().filter(|c| c.required) {
                if let Kind::PreferTimes { duration, times } = &c.kind
                    && duration.is_none_or(|x| x == d)
                {
                    list = keep(list, 1, &|t| times.contains(&t));
                }
            }
            list = keep(list, number + 1, &|t| !(t..t + d).any(|q| away[q]));
            list.into_iter().map(|t| t as u16).collect()
        })
        .collect()
}
