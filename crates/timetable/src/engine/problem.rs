//! What is to be scheduled, in the indices the search uses.

use super::rules::{CostFunction, Level, Rule};
use super::shape::{Mask, Shape};
use std::collections::HashMap;

/// A resource an event still has to choose.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    /// Resources it may choose from.
    pub candidates: Vec<u32>,
    /// May it stay without one?
    pub optional: bool,
    /// Week patterns in which the resource is needed.
    pub weeks: Vec<u32>,
    /// Workload the chosen resource carries for the whole event, scaled by `Problem::load_scale / duration`.
    pub load: i64,
}

/// One event (教学任务的一段): a total duration held in one or more meets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Event {
    /// Total duration.
    pub duration: usize,
    /// Allowed ways to part the duration, each sorted; the first is the one to start from. One entry: parts are fixed.
    pub partitions: Vec<Vec<usize>>,
    /// Where nothing is enumerated: any parts within this range are allowed.
    pub free_parts: Option<(usize, usize)>,
    /// Rows (resource and week pattern) it always occupies.
    pub fixed: Vec<u32>,
    /// Resources it has to choose.
    pub open: Vec<Open>,
    /// Allowed starting times by meet duration (index 0 unused).
    pub starts: Vec<Vec<u16>>,
    /// Never moved: its meets stay where the given placement has them.
    pub locked: bool,
}

impl Event {
    /// The most meets the event can ever have.
    pub fn capacity(&self) -> usize {
        match self.free_parts {
            Some((least, _)) => self.duration.div_ceil(least.max(1)),
            None => self.partitions.iter().map(Vec::len).max().unwrap_or(1).max(1),
        }
    }

    /// Can its parts change?
    pub fn divisible(&self) -> bool {
        !self.locked && (self.free_parts.is_some() || self.partitions.len() > 1)
    }

    /// Are these parts (any order) allowed?
    pub fn allows(&self, parts: &mut [usize]) -> bool {
        if let Some((least, most)) = self.free_parts {
            return parts.iter().all(|&d| (least..=most).contains(&d));
        }
        parts.sort_unstable();
        self.partitions.iter().any(|p| p == parts)
    }
}

/// A point of application: a rule with what breaking it costs.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub rule: Rule,
    pub level: Level,
}

/// Everything the search needs to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problem {
    /// Number of times.
    pub times: usize,
    /// Words of a time mask.
    pub words: usize,
    /// Number of week patterns, at least 1.
    pub weeks: usize,
    /// Number of resources; each has `weeks` rows.
    pub resources: usize,
    /// Scale of workloads.
    pub load_scale: i64,
    /// The events.
    pub events: Vec<Event>,
    /// Lists of time sets, shared by rules.
    pub shapes: Vec<Shape>,
    /// Sets of resources, shared by rules.
    pub sets: Vec<Mask>,
    /// All points of application.
    pub points: Vec<Point>,

    /// First meet of each event, and one past the last event's.
    pub first_meet: Vec<u32>,
    /// Event of each meet.
    pub event_of: Vec<u32>,
    /// First entry of each meet in the table of chosen resources.
    pub first_choice: Vec<u32>,
    /// Allowed starting times as sets, by event and duration.
    pub start_sets: Vec<Vec<Mask>>,
    /// Rows of each event's fixed resources.
    pub fixed_rows: Vec<Vec<u32>>,
    /// Points that read a row.
    pub row_points: Vec<Vec<u32>>,
    /// Points that read several rows, by row.
    pub row_links: Vec<Vec<u32>>,
    /// What one clash on a row costs at least, (hard, soft).
    pub clash_cost: Vec<(i64, i64)>,
    /// Points that read an event's times or parts.
    pub event_points: Vec<Vec<u32>>,
    /// The ones among them that change when a placed meet goes to another time.
    pub time_points: Vec<Vec<u32>>,
    /// Does some rule read how often the row is busy at a time, not only whether?
    pub counts_matter: Vec<bool>,
    /// Points that read an event's open choice, by event and position.
    pub choice_points: Vec<Vec<Vec<u32>>>,
    /// Points that read a resource's workload.
    pub load_points: Vec<Vec<u32>>,
    /// Per event: (first counter, shape, multiplicity) of each spread it counts in.
    pub spreads: Vec<Vec<(u32, u32, i32)>>,
    /// Number of spread counters.
    pub counters: usize,
    shape_index: HashMap<Shape, usize>,
}

impl Problem {
    /// An empty problem.
    pub fn new(times: usize, weeks: usize, resources: usize) -> Self {
        let weeks = weeks.max(1);
        Problem {
            times,
            words: times.div_ceil(64).max(1),
            weeks,
            resources,
            load_scale: 1,
            ..Problem::default()
        }
    }

    /// The index of a list of time sets, stored once.
    pub fn shape(&mut self, groups: Vec<Mask>) -> usize {
        let shape = Shape::new(self.times, groups);
        if let Some(&i) = self.shape_index.get(&shape) {
            return i;
        }
        self.shapes.push(shape.clone());
        self.shape_index.insert(shape, self.shapes.len() - 1);
        self.shapes.len() - 1
    }

    /// Adds a rule.
    pub fn add(&mut self, level: Level, rule: Rule) {
        if level.weight > 0 {
            self.points.push(Point { rule, level });
        }
    }

    /// Rows of a resource in the given week patterns.
    pub fn rows<'a>(&self, resource: u32, weeks: &'a [u32]) -> impl Iterator<Item = usize> + use<'a> {
        let base = resource as usize * self.weeks;
        weeks.iter().map(move |&w| base + w as usize)
    }

    /// The meets of an event.
    pub fn meets(&self, event: usize) -> std::ops::Range<usize> {
        self.first_meet[event] as usize..self.first_meet[event + 1] as usize
    }

    /// A copy without indexes, to which rules can be added before finishing it anew.
    pub fn unfinished(&self) -> Self {
        Problem {
            times: self.times,
            words: self.words,
            weeks: self.weeks,
            resources: self.resources,
            load_scale: self.load_scale,
            events: self.events.clone(),
            shapes: self.shapes.clone(),
            sets: self.sets.clone(),
            points: self.points.clone(),
            shape_index: self.shape_index.clone(),
            ..Problem::default()
        }
    }

    /// Builds the indexes; call once, after the last event and rule.
    pub fn finish(&mut self) {
        self.first_meet = vec![0];
        for e in 0..self.events.len() {
            let event = &self.events[e];
            for _ in 0..event.capacity() {
                self.first_choice.push(self.first_choice.len() as u32);
                self.event_of.push(e as u32);
            }
            self.first_meet.push(self.event_of.len() as u32);
            let rows = event.fixed.clone();
            self.fixed_rows.push(rows);
        }
        let set = |starts: &Vec<u16>| Mask::of(self.times, starts.iter().map(|&t| usize::from(t)));
        self.start_sets = self
            .events
            .iter()
            .map(|e| e.starts.iter().map(set).collect())
            .collect();
        let mut next = 0;
        for m in 0..self.event_of.len() {
            self.first_choice[m] = next;
            next += self.events[self.event_of[m] as usize].open.len() as u32;
        }
        self.first_choice.push(next);
        let rows = self.resources * self.weeks;
        self.row_points = vec![Vec::new(); rows];
        self.row_links = vec![Vec::new(); rows];
        self.clash_cost = vec![(0, 0); rows];
        self.event_points = vec![Vec::new(); self.events.len()];
        self.choice_points = self
            .events
            .iter()
            .map(|e| vec![Vec::new(); e.open.len()])
            .collect();
        self.load_points = vec![Vec::new(); self.resources];
        self.spreads = vec![Vec::new(); self.events.len()];
        for i in 0..self.points.len() {
            self.index_point(i);
        }
        let timed = |i: &u32| {
            matches!(
                self.points[*i as usize].rule,
                Rule::PreferTimes { .. }
                    | Rule::Spread { .. }
                    | Rule::Link { .. }
                    | Rule::Order { .. }
                    | Rule::Progress { .. }
                    | Rule::Custom(_)
            )
        };
        self.time_points = self
            .event_points
            .iter()
            .map(|l| l.iter().copied().filter(timed).collect())
            .collect();
        let each = |i: &u32| {
            let point = &self.points[*i as usize];
            matches!(point.rule, Rule::Clash { .. })
                && matches!(
                    point.level.cost,
                    CostFunction::SumSquares | CostFunction::SumSteps
                )
        };
        self.counts_matter = self.row_points.iter().map(|l| l.iter().any(each)).collect();
        // Clashes first: they decide most candidates.
        let points = &self.points;
        for list in &mut self.row_points {
            list.sort_by_key(|&i| {
                !matches!(
                    points[i as usize].rule,
                    Rule::Clash { .. } | Rule::Unavailable { .. }
                )
            });
        }
    }

    fn index_point(&mut self, i: usize) {
        let (id, level) = (i as u32, self.points[i].level);
        let counters = self.counters as u32;
        match &mut self.points[i].rule {
            Rule::Clash { row } => {
                self.row_points[*row].push(id);
                let (hard, soft) = level.split(level.weight);
                self.clash_cost[*row].0 += hard;
                self.clash_cost[*row].1 += soft;
            }
            Rule::Unavailable { row, .. }
            | Rule::Idle { row, .. }
            | Rule::Cluster { row, .. }
            | Rule::Busy { row, .. } => {
                self.row_points[*row].push(id);
            }
            Rule::AssignTime { event }
            | Rule::PreferTimes { event, .. }
            | Rule::Parts { event, .. }
            | Rule::PartsOf { event, .. } => {
                self.event_points[*event].push(id);
            }
            Rule::Link { events } => {
                for &e in events.iter() {
                    self.event_points[e].push(id);
                }
            }
            Rule::Custom(rule) => {
                for e in rule.events() {
                    self.event_points[e].push(id);
                    self.choice_points[e]
                        .iter_mut()
                        .for_each(|points| points.push(id));
                }
                for row in rule.rows() {
                    self.row_links[row].push(id);
                }
            }
            Rule::Travel { rows, .. } => {
                for &row in rows.iter() {
                    self.row_links[row].push(id);
                }
            }
            Rule::Progress { lessons } => {
                for &e in lessons.iter().flatten() {
                    self.event_points[e].push(id);
                }
            }
            Rule::Order { first, second, .. } => {
                for e in [*first, *second] {
                    self.event_points[e].push(id);
                }
            }
            Rule::Spread {
                events,
                shape,
                first,
                limits,
            } => {
                *first = counters as usize;
                self.counters += limits.len();
                for &(e, times) in events.iter() {
                    self.event_points[e].push(id);
                    self.spreads[e].push((counters, *shape as u32, times));
                }
            }
            Rule::AssignResource { event, open } | Rule::PreferResource { event, open, .. } => {
                self.choice_points[*event][*open].push(id);
                self.event_points[*event].push(id);
            }
            Rule::OneResource { choices, .. } => {
                for &(e, o) in choices.iter() {
                    self.choice_points[e][o].push(id);
                    self.event_points[e].push(id);
                }
            }
            Rule::Load { resource, .. } => self.load_points[*resource].push(id),
        }
    }
}
