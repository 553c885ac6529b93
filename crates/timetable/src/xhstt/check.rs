//! The validator: cost of a solution straight from the rules of the format. It shares nothing with the search.

use super::model::{Constraint, Instance, Kind};
use super::solution::{Meet, Solution};
use std::collections::{BTreeMap, BTreeSet};

/// Hard and soft cost, and what each constraint contributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// Infeasibility value.
    pub hard: i64,
    /// Objective value.
    pub soft: i64,
    /// Cost of each constraint with any, by identifier.
    pub by_constraint: Vec<(String, i64)>,
}

/// What the rules ask of a solution, gathered once.
struct Facts<'a> {
    instance: &'a Instance,
    /// Meets of each event; missing duration is one unassigned meet.
    meets: Vec<Vec<Meet>>,
    /// Meets of each resource at each time.
    busy: Vec<BTreeMap<usize, i64>>,
    load: Vec<f64>,
}

/// Scores `solution`.
pub fn check(instance: &Instance, solution: &Solution) -> Score {
    let mut facts = Facts {
        instance,
        meets: vec![Vec::new(); instance.events.len()],
        busy: vec![BTreeMap::new(); instance.resources.len()],
        load: vec![0.0; instance.resources.len()],
    };
    for m in &solution.meets {
        facts.meets[m.event].push(m.clone());
    }
    for (e, event) in instance.events.iter().enumerate() {
        let placed: usize = facts.meets[e].iter().map(|m| m.duration).sum();
        if placed < event.duration {
            let resources = event.resources.iter().map(|r| r.given).collect();
            facts.meets[e].push(Meet {
                event: e,
                duration: event.duration - placed,
                time: event.time,
                resources,
            });
        }
        for m in &facts.meets[e] {
            for (need, chosen) in event.resources.iter().zip(&m.resources) {
                let Some(r) = *chosen else { continue };
                facts.load[r] += need.workload as f64 * m.duration as f64 / event.duration as f64;
                for t in m
                    .time
                    .into_iter()
                    .flat_map(|t| t..(t + m.duration).min(instance.times.len()))
                {
                    *facts.busy[r].entry(t).or_default() += 1;
                }
            }
        }
    }
    let mut score = Score::default();
    for c in &instance.constraints {
        let cost: i64 = facts
            .deviations(c)
            .into_iter()
            .map(|d| c.cost.of(d.into_iter().filter(|&d| d != 0)))
            .sum();
        let cost = cost * c.weight;
        if c.required {
            score.hard += cost;
        } else {
            score.soft += cost;
        }
        if cost > 0 {
            score.by_constraint.push((c.id.clone(), cost));
        }
    }
    score
}

fn outside(n: i64, (least, most): (i64, i64)) -> i64 {
    if n < least {
        least - n
    } else if n > most {
        n - most
    } else {
        0
    }
}

impl Facts<'_> {
    /// One list of deviations per point of application.
    fn deviations(&self, c: &Constraint) -> Vec<Vec<i64>> {
        let length = |m: &Meet| m.duration as i64;
        let group = |g: &usize| &self.instance.time_groups[*g].1;
        let per_event =
            |f: &dyn Fn(&[Meet]) -> i64| c.events.iter().map(|&e| vec![f(&self.meets[e])]).collect();
        let per_resource = |f: &dyn Fn(usize) -> Vec<i64>| c.resources.iter().map(|&r| f(r)).collect();
        match &c.kind {
            Kind::AssignTime => per_event(&|ms| ms.iter().filter(|m| m.time.is_none()).map(length).sum()),
            Kind::AssignResource { role } => self.per_position(c, role, |r| r.is_none()),
            Kind::PreferResources { role, resources } => {
                self.per_position(c, role, |r| r.is_some_and(|r| !resources.contains(&r)))
            }
            Kind::SplitEvents { duration, amount } => per_event(&|ms| {
                let wrong = ms.iter().filter(|m| outside(length(m), *duration) > 0).count() as i64;
                wrong + outside(ms.len() as i64, *amount)
            }),
            Kind::DistributeSplitEvents { duration, amount } => per_event(&|ms| {
                outside(
                    ms.iter().filter(|m| m.duration == *duration).count() as i64,
                    *amount,
                )
            }),
            Kind::PreferTimes { duration, times } => per_event(&|ms| {
                let counted = ms.iter().filter(|m| duration.is_none_or(|d| m.duration == d));
                counted
                    .filter(|m| m.time.is_some_and(|t| !times.contains(&t)))
                    .map(length)
                    .sum()
            }),
            Kind::AvoidSplitAssignments { role } => c
                .event_groups
                .iter()
                .map(|&g| vec![self.split(g, role)])
                .collect(),
            Kind::SpreadEvents { groups } => c.event_groups.iter().map(|&g| self.spread(g, groups)).collect(),
            Kind::LinkEvents => c.event_groups.iter().map(|&g| vec![self.apart(g)]).collect(),
            Kind::AvoidClashes => per_resource(&|r| self.busy[r].values().map(|n| n - 1).collect()),
            Kind::AvoidUnavailableTimes { times } => {
                per_resource(&|r| vec![times.iter().filter(|t| self.busy[r].contains_key(t)).count() as i64])
            }
            Kind::LimitIdleTimes { groups, amount } => per_resource(&|r| {
                let idle = |g: &usize| {
                    let mut times = group(g).clone();
                    times.sort_unstable();
                    let used: Vec<usize> = (0..times.len())
                        .filter(|&i| self.busy[r].contains_key(&times[i]))
                        .collect();
                    used.last()
                        .map_or(0, |last| (last - used[0] + 1 - used.len()) as i64)
                };
                vec![outside(groups.iter().map(idle).sum(), *amount)]
            }),
            Kind::ClusterBusyTimes { groups, amount } => per_resource(&|r| {
                let used = groups
                    .iter()
                    .filter(|g| group(g).iter().any(|t| self.busy[r].contains_key(t)));
                vec![outside(used.count() as i64, *amount)]
            }),
            Kind::LimitBusyTimes { groups, amount } => per_resource(&|r| {
                let counts = groups
                    .iter()
                    .map(|g| group(g).iter().filter(|t| self.busy[r].contains_key(t)).count());
                counts
                    .filter(|&n| n > 0)
                    .map(|n| outside(n as i64, *amount))
                    .collect()
            }),
            Kind::LimitWorkload { amount } => per_resource(&|r| {
                let over = (self.load[r] - amount.1 as f64)
                    .max(amount.0 as f64 - self.load[r])
                    .max(0.0);
                vec![(over - 1e-9).ceil() as i64]
            }),
            Kind::OrderEvents { pairs } => pairs.iter().map(|p| vec![self.order(p)]).collect(),
        }
    }

    fn per_position(
        &self,
        c: &Constraint,
        role: &Option<String>,
        wrong: impl Fn(Option<usize>) -> bool,
    ) -> Vec<Vec<i64>> {
        let mut points = Vec::new();
        for &e in &c.events {
            for (i, need) in self.instance.events[e].resources.iter().enumerate() {
                if need.given.is_none() && need.role == *role {
                    let bad = self.meets[e].iter().filter(|m| wrong(m.resources[i]));
                    points.push(vec![bad.map(|m| m.duration as i64).sum()]);
                }
            }
        }
        points
    }

    fn split(&self, group: usize, role: &Option<String>) -> i64 {
        let mut used = BTreeSet::new();
        for &e in &self.instance.event_groups[group].1 {
            for (i, need) in self.instance.events[e].resources.iter().enumerate() {
                if need.role == *role {
                    used.extend(self.meets[e].iter().filter_map(|m| m.resources[i]));
                }
            }
        }
        used.len().saturating_sub(1) as i64
    }

    fn spread(&self, group: usize, groups: &[(usize, i64, i64)]) -> Vec<i64> {
        let starts: Vec<usize> = self.instance.event_groups[group]
            .1
            .iter()
            .flat_map(|&e| &self.meets[e])
            .filter_map(|m| m.time)
            .collect();
        let count = |g: usize| {
            starts
                .iter()
                .filter(|t| self.instance.time_groups[g].1.contains(t))
                .count() as i64
        };
        groups
            .iter()
            .map(|&(g, least, most)| outside(count(g), (least, most)))
            .collect()
    }

    fn apart(&self, group: usize) -> i64 {
        let sets: Vec<BTreeSet<usize>> = self.instance.event_groups[group]
            .1
            .iter()
            .map(|&e| {
                self.meets[e]
                    .iter()
                    .flat_map(|m| m.time.into_iter().flat_map(|t| t..t + m.duration))
                    .collect()
            })
            .collect();
        let all: BTreeSet<usize> = sets.iter().flatten().copied().collect();
        all.iter().filter(|t| !sets.iter().all(|s| s.contains(t))).count() as i64
    }

    /// The times between the end of the first event and the start of the second; unassigned events do not count.
    fn order(&self, &(first, second, least, most): &(usize, usize, i64, i64)) -> i64 {
        let end = self.meets[first]
            .iter()
            .filter_map(|m| m.time.map(|t| t + m.duration))
            .max();
        let start = self.meets[second].iter().filter_map(|m| m.time).min();
        match (end, start) {
            (Some(end), Some(start)) => outside(start as i64 - end as i64, (least, most)),
            _ => 0,
        }
    }
}
