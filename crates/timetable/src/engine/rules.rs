//! The rules and what breaking them costs. A rule's cost is read from the counters of [`State`](super::state::State);
//! no rule keeps state of its own.

use super::problem::{Point, Problem};
use super::shape::{Mask, idle, idle_in_word};
use super::state::{NO_TIME, NONE, State};

/// How deviations become a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CostFunction {
    /// Their sum.
    #[default]
    Linear,
    /// The square of their sum.
    Quadratic,
    /// One if there is any.
    Step,
    /// The sum of their squares.
    SumSquares,
    /// Their number.
    SumSteps,
}

impl CostFunction {
    /// The cost of `deviations`.
    #[inline]
    pub fn of(self, deviations: impl Iterator<Item = i64>) -> i64 {
        match self {
            CostFunction::Linear => deviations.sum(),
            CostFunction::Quadratic => {
                let sum: i64 = deviations.sum();
                sum.saturating_mul(sum)
            }
            CostFunction::Step => i64::from(deviations.sum::<i64>() > 0),
            CostFunction::SumSquares => deviations.map(|d| d * d).sum(),
            CostFunction::SumSteps => deviations.filter(|&d| d != 0).count() as i64,
        }
    }
}

/// Hard or soft, the weight, and the cost function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    pub hard: bool,
    pub weight: i64,
    pub cost: CostFunction,
}

impl Level {
    /// A hard rule of weight 1.
    pub const HARD: Level = Level {
        hard: true,
        weight: 1,
        cost: CostFunction::Linear,
    };

    /// A linear soft rule.
    pub const fn soft(weight: i64) -> Level {
        Level {
            hard: false,
            weight,
            cost: CostFunction::Linear,
        }
    }

    /// `cost` as (hard, soft).
    #[inline]
    pub fn split(self, cost: i64) -> (i64, i64) {
        if self.hard { (cost, 0) } else { (0, cost) }
    }
}

/// At least, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub min: i64,
    pub max: i64,
}

impl Limits {
    /// How far `n` is outside.
    #[inline]
    pub fn deviation(self, n: i64) -> i64 {
        (self.min - n).max(n - self.max).max(0)
    }
}

/// A rule that a front end brings along, read from the times and choices of some events and from some rows.
pub(crate) trait Custom: std::fmt::Debug + Send + Sync {
    /// Events whose times or choices it reads.
    fn events(&self) -> Vec<usize>;
    /// Rows it reads.
    fn rows(&self) -> Vec<usize>;
    /// How far it is broken.
    fn deviation(&self, s: &State) -> i64;
}

/// One rule at one point of application. Rows are `resource * weeks + week`.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// A resource is at two places at once (不冲突).
    Clash { row: usize },
    /// A resource is busy at a forbidden time (不可用).
    Unavailable { row: usize, times: Mask },
    /// Gaps of a resource within each set of times, in total (空堂).
    Idle {
        row: usize,
        shape: usize,
        limits: Limits,
    },
    /// Number of sets of times in which a resource is busy (半天集中、上课天数).
    Cluster {
        row: usize,
        shape: usize,
        limits: Limits,
    },
    /// Busy times in each set where there are any (每日上限).
    Busy {
        row: usize,
        shape: usize,
        limits: Limits,
    },
    /// Every part has a time.
    AssignTime { event: usize },
    /// Parts (of one duration, if given) start at these times (优先时段).
    PreferTimes {
        event: usize,
        duration: Option<usize>,
        times: Mask,
    },
    /// Durations and number of parts.
    Parts {
        event: usize,
        size: Limits,
        number: Limits,
    },
    /// Number of parts of one duration.
    PartsOf {
        event: usize,
        duration: usize,
        number: Limits,
    },
    /// An open choice is made for every part.
    AssignResource { event: usize, open: usize },
    /// An open choice falls into a set of resources.
    PreferResource { event: usize, open: usize, set: usize },
    /// All these choices are one resource, with the ones already `fixed`.
    OneResource {
        choices: Vec<(usize, usize)>,
        fixed: Vec<u32>,
    },
    /// Starts of the events in each set of times (分散到各天). `first` is filled in by `Problem::finish`.
    Spread {
        events: Vec<(usize, i32)>,
        shape: usize,
        limits: Vec<Limits>,
        first: usize,
    },
    /// The events are at the same times (同时).
    Link { events: Vec<usize> },
    /// The k-th meet of every lesson comes before the (k+1)-th of any (教案平头).
    Progress { lessons: Vec<Vec<usize>> },
    /// One person's rows by campus: after a time in `from` the next `gap` times may not be elsewhere (校区间隔).
    Travel {
        rows: Vec<usize>,
        from: Mask,
        gap: usize,
    },
    /// Times between the end of one event and the start of another (先后).
    Order {
        first: usize,
        second: usize,
        limits: Limits,
    },
    /// A front end's own rule.
    Custom(std::sync::Arc<dyn Custom>),
    /// Workload of a resource, scaled.
    Load {
        resource: usize,
        limits: Limits,
        base: i64,
    },
}

impl Rule {
    /// Does the rule demand that something be assigned at all?
    pub fn is_assign(&self) -> bool {
        matches!(self, Rule::AssignTime { .. } | Rule::AssignResource { .. })
    }

    /// Is the rule read from one row of busy times?
    pub fn reads_row(&self) -> bool {
        use Rule::{Busy, Clash, Cluster, Idle, Unavailable};
        matches!(
            self,
            Clash { .. } | Unavailable { .. } | Idle { .. } | Cluster { .. } | Busy { .. }
        )
    }
}

impl Point {
    /// Cost (hard, soft) at the current state.
    #[inline]
    pub fn cost(&self, p: &Problem, s: &State) -> (i64, i64) {
        self.level.split(self.level.weight * self.deviation_cost(p, s))
    }

    fn deviation_cost(&self, p: &Problem, s: &State) -> i64 {
        let f = self.level.cost;
        let one = |d: i64| f.of(std::iter::once(d));
        match &self.rule {
            Rule::Clash { row } => match f {
                CostFunction::SumSquares | CostFunction::SumSteps => {
                    f.of(s.counts(*row).iter().map(|&n| (i64::from(n) - 1).max(0)))
                }
                _ => one(i64::from(s.excess[*row])),
            },
            Rule::Unavailable { row, times } => one(times.common(s.busy(*row))),
            Rule::Idle { row, shape, limits } => {
                let (busy, shape) = (s.busy(*row), &p.shapes[*shape]);
                let gaps = match busy {
                    [word] => shape.words.iter().map(|&m| idle_in_word(m, *word)).sum(),
                    _ => shape.groups.iter().map(|g| idle(g, busy)).sum(),
                };
                one(limits.deviation(gaps))
            }
            Rule::Cluster { row, shape, limits } => {
                let (busy, shape) = (s.busy(*row), &p.shapes[*shape]);
                let used = match busy {
                    [word] => shape.words.iter().filter(|&&m| m & word != 0).count(),
                    _ => {
                        let used = |g: &&Mask| g.0.iter().zip(busy).any(|(a, b)| a & b != 0);
                        shape.groups.iter().filter(used).count()
                    }
                };
                one(limits.deviation(used as i64))
            }
            Rule::Busy { row, shape, limits } => {
                let (busy, shape) = (s.busy(*row), &p.shapes[*shape]);
                let outside = |n: i64| if n > 0 { limits.deviation(n) } else { 0 };
                match busy {
                    [word] => f.of(shape
                        .words
                        .iter()
                        .map(|&m| outside(i64::from((m & word).count_ones())))),
                    _ => f.of(shape.groups.iter().map(|g| outside(g.common(busy)))),
                }
            }
            Rule::Custom(rule) => one(rule.deviation(s)),
            Rule::Progress { lessons } => one(uneven(s, lessons)),
            Rule::Travel { rows, from, gap } => one(hurried(s, rows, from, *gap)),
            Rule::AssignTime { event } => one(s
                .parts(*event)
                .filter(|&m| s.time[m] == NO_TIME)
                .map(|m| i64::from(s.duration[m]))
                .sum()),
            Rule::PreferTimes {
                event,
                duration,
                times,
            } => {
                let counted = |m: &usize| duration.is_none_or(|d| usize::from(s.duration[*m]) == d);
                let wrong = |m: &usize| s.time[*m] != NO_TIME && !times.has(usize::from(s.time[*m]));
                one(s
                    .parts(*event)
                    .filter(counted)
                    .filter(wrong)
                    .map(|m| i64::from(s.duration[m]))
                    .sum())
            }
            Rule::Parts { event, size, number } => {
                let (mut n, mut wrong) = (0, 0);
                for m in s.parts(*event) {
                    n += 1;
                    wrong += i64::from(size.deviation(i64::from(s.duration[m])) > 0);
                }
                one(wrong + number.deviation(n))
            }
            Rule::PartsOf {
                event,
                duration,
                number,
            } => {
                let n = s
                    .parts(*event)
                    .filter(|&m| usize::from(s.duration[m]) == *duration)
                    .count();
                one(number.deviation(n as i64))
            }
            Rule::AssignResource { event, open } => one(s
                .parts(*event)
                .filter(|&m| s.choice(m, *open) == NONE)
                .map(|m| i64::from(s.duration[m]))
                .sum()),
            Rule::PreferResource { event, open, set } => {
                let wrong = |m: &usize| {
                    let r = s.choice(*m, *open);
                    r != NONE && !p.sets[*set].has(r as usize)
                };
                one(s
                    .parts(*event)
                    .filter(wrong)
                    .map(|m| i64::from(s.duration[m]))
                    .sum())
            }
            Rule::OneResource { choices, fixed } => one(distinct(s, choices, fixed)),
            Rule::Spread { limits, first, .. } => {
                let counts = &s.counters[*first..*first + limits.len()];
                f.of(counts.iter().zip(limits).map(|(&n, l)| l.deviation(i64::from(n))))
            }
            Rule::Link { events } => one(apart(p, s, events)),
            Rule::Order {
                first,
                second,
                limits,
            } => {
                let placed = |e: usize| s.parts(e).filter(|&m| s.time[m] != NO_TIME);
                let end = placed(*first)
                    .map(|m| i64::from(s.time[m]) + i64::from(s.duration[m]))
                    .max();
                let start = placed(*second).map(|m| i64::from(s.time[m])).min();
                one(end
                    .zip(start)
                    .map_or(0, |(end, start)| limits.deviation(start - end)))
            }
            Rule::Load {
                resource,
                limits,
                base,
            } => {
                let load = base + s.load[*resource];
                let over = limits.deviation(load);
                one((over + p.load_scale - 1) / p.load_scale)
            }
        }
    }
}

/// Pairs of meets of two lessons in which a later one comes before (or with) the other's earlier one.
fn uneven(s: &State, lessons: &[Vec<usize>]) -> i64 {
    let times = |events: &Vec<usize>| {
        let mut times: Vec<u16> = events
            .iter()
            .flat_map(|&e| s.parts(e))
            .map(|m| s.time[m])
            .collect();
        times.retain(|&t| t != NO_TIME);
        times.sort_unstable();
        times
    };
    let all: Vec<Vec<u16>> = lessons.iter().map(times).collect();
    let mut bad = 0;
    for (i, a) in all.iter().enumerate() {
        for b in all.iter().skip(i + 1) {
            for k in 1..a.len().max(b.len()) {
                let early = |x: &[u16], y: &[u16]| x.get(k).zip(y.get(k - 1)).is_some_and(|(x, y)| x <= y);
                bad += i64::from(early(a, b)) + i64::from(early(b, a));
            }
        }
    }
    bad
}

/// Changes of row between a time in `from` and one of the `gap` times after it.
fn hurried(s: &State, rows: &[usize], from: &Mask, gap: usize) -> i64 {
    let times = s.problem.times;
    let mut bad = 0;
    for &a in rows {
        for t in (0..times).filter(|&t| from.has(t) && s.count(a, t) > 0) {
            let soon = (t + 1..=t + gap).take_while(|&q| q < times && from.has(q - 1));
            let there = |q: usize| rows.iter().any(|&b| b != a && s.count(b, q) > 0);
            bad += soon.filter(|&q| there(q)).count() as i64;
        }
    }
    bad
}

/// Resources in use beyond the first.
fn distinct(s: &State, choices: &[(usize, usize)], fixed: &[u32]) -> i64 {
    const FEW: usize = 32;
    let chosen = || {
        choices
            .iter()
            .flat_map(|&(e, o)| s.parts(e).map(move |m| s.choice(m, o)))
    };
    let used = || fixed.iter().copied().chain(chosen()).filter(|&r| r != NONE);
    let (mut seen, mut n) = ([NONE; FEW], 0);
    for r in used() {
        if !seen[..n].contains(&r) {
            if n == FEW {
                return used().collect::<std::collections::HashSet<u32>>().len() as i64 - 1;
            }
            seen[n] = r;
            n += 1;
        }
    }
    n.saturating_sub(1) as i64
}

/// Times at which some but not all of the events are held.
fn apart(p: &Problem, s: &State, events: &[usize]) -> i64 {
    let mut bad = 0;
    for w in 0..p.words {
        let (mut any, mut all) = (0u64, u64::MAX);
        for &e in events {
            let mut held = 0u64;
            for m in s.parts(e).filter(|&m| s.time[m] != NO_TIME) {
                let start = usize::from(s.time[m]);
                for t in start..start + usize::from(s.duration[m]) {
                    if t / 64 == w {
                        held |= 1 << (t % 64);
                    }
                }
            }
            any |= held;
            all &= held;
        }
        bad += i64::from((any & !all).count_ones());
    }
    bad
}
