//! A placement of all meets with its counters and costs; primitive operations that log themselves.

use super::problem::Problem;

/// No resource chosen.
pub(crate) const NONE: u32 = u32::MAX;
/// No time assigned.
pub(crate) const NO_TIME: u16 = u16::MAX;

/// The bare decisions: duration (0: the meet is not in use), time and chosen resources of every meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placement {
    pub duration: Vec<u16>,
    pub time: Vec<u16>,
    pub chosen: Vec<u32>,
}

/// One primitive operation with what it replaced.
#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    Time(u32, u16),
    Choice(u32, u32, u32),
    Duration(u32, u16),
}

/// The search state. Costs are settled when the log is empty or [`State::settle`] has returned a change.
#[derive(Clone)]
pub(crate) struct State<'p> {
    pub problem: &'p Problem,
    pub duration: Vec<u16>,
    pub time: Vec<u16>,
    chosen: Vec<u32>,
    count: Vec<u16>,
    holder: Vec<u32>,
    busy: Vec<u64>,
    /// Clashes of each row.
    pub excess: Vec<i32>,
    /// Workload of the chosen resources, scaled.
    pub load: Vec<i64>,
    /// Starts per set of times, for spread rules.
    pub counters: Vec<i32>,
    pub(super) row_cost: Vec<(i64, i64)>,
    pub(super) point_cost: Vec<(i64, i64)>,
    /// How many times over each point's hard cost counts; 1 unless [`State::press`] raised it.
    pub(super) pressure: Vec<i64>,
    /// Hard cost.
    pub hard: i64,
    /// Soft cost.
    pub soft: i64,
    /// What one unit of hard cost weighs for the search.
    pub hard_weight: i64,
    pub(super) log: Vec<Op>,
    pub(super) dirty_rows: Vec<u32>,
    /// Busy times and clashes of each touched row when it was touched.
    pub(super) dirty_before: Vec<u64>,
    pub(super) changed_rows: Vec<u32>,
    pub(super) dirty_points: Vec<u32>,
    pub(super) row_mark: Vec<bool>,
    pub(super) point_mark: Vec<bool>,
    pub(super) old_rows: Vec<(u32, (i64, i64))>,
    pub(super) old_points: Vec<(u32, (i64, i64))>,
}

impl<'p> State<'p> {
    /// The state of a placement.
    pub fn new(problem: &'p Problem, placement: &Placement, hard_weight: i64) -> Self {
        let (meets, rows) = (problem.event_of.len(), problem.resources * problem.weeks);
        let mut s = State {
            problem,
            duration: placement.duration.clone(),
            time: vec![NO_TIME; meets],
            chosen: vec![NONE; placement.chosen.len()],
            count: vec![0; rows * problem.times],
            holder: vec![0; rows * problem.times],
            busy: vec![0; rows * problem.words],
            excess: vec![0; rows],
            load: vec![0; problem.resources],
            counters: vec![0; problem.counters],
            row_cost: vec![(0, 0); rows],
            point_cost: vec![(0, 0); problem.points.len()],
            pressure: vec![1; problem.points.len()],
            hard: 0,
            soft: 0,
            hard_weight,
            log: Vec::new(),
            dirty_rows: Vec::new(),
            dirty_before: Vec::new(),
            changed_rows: Vec::new(),
            dirty_points: Vec::new(),
            row_mark: vec![false; rows],
            point_mark: vec![false; problem.points.len()],
            old_rows: Vec::new(),
            old_points: Vec::new(),
        };
        for m in 0..meets {
            let first = problem.first_choice[m];
            for i in first..problem.first_choice[m + 1] {
                s.set_choice(m, (i - first) as usize, placement.chosen[i as usize]);
            }
            s.set_time(m, placement.time[m]);
        }
        for point in 0..problem.points.len() {
            if !problem.points[point].rule.reads_row() {
                s.touch_point(point as u32);
            }
        }
        s.settle(f64::INFINITY);
        s.keep();
        s.recount();
        s
    }

    /// Counts every cost anew, from the counters.
    fn recount(&mut self) {
        let p = self.problem;
        let sum = |a: (i64, i64), b: (i64, i64)| (a.0 + b.0, a.1 + b.1);
        for row in 0..self.row_cost.len() {
            let costs = p.row_points[row].iter().map(|&i| self.cost_of(i as usize));
            self.row_cost[row] = costs.fold((0, 0), sum);
        }
        for point in 0..self.point_cost.len() {
            if !p.points[point].rule.reads_row() {
                self.point_cost[point] = self.cost_of(point);
            }
        }
        let costs = self.row_cost.iter().chain(&self.point_cost);
        (self.hard, self.soft) = costs.fold((0, 0), |a, c| sum(a, *c));
    }

    /// Cost (hard, soft) of a point, pressure included.
    #[inline]
    pub(super) fn cost_of(&self, point: usize) -> (i64, i64) {
        let (hard, soft) = self.problem.points[point].cost(self.problem, self);
        (hard * self.pressure[point], soft)
    }

    /// Raises the pressure of every point whose hard rule is broken (breakout): what stays broken for long becomes so
    /// dear that something else gives way. Returns the hard cost without any pressure.
    pub fn press(&mut self) -> i64 {
        let mut hard = 0;
        for point in 0..self.pressure.len() {
            let cost = self.problem.points[point].cost(self.problem, self).0;
            hard += cost;
            self.pressure[point] += i64::from(cost > 0);
        }
        self.recount();
        hard
    }

    /// Every event in its first partition, without times or choices.
    pub fn empty_placement(problem: &Problem) -> Placement {
        let meets = problem.event_of.len();
        let mut duration = vec![0; meets];
        for (e, event) in problem.events.iter().enumerate() {
            let whole = [event.duration];
            let parts = event.partitions.first().map_or(&whole[..], |p| p);
            for (m, &d) in problem.meets(e).zip(parts) {
                duration[m] = d as u16;
            }
        }
        let choices = problem.first_choice.last().map_or(0, |&n| n as usize);
        Placement {
            duration,
            time: vec![NO_TIME; meets],
            chosen: vec![NONE; choices],
        }
    }

    /// The bare decisions.
    pub fn placement(&self) -> Placement {
        Placement {
            duration: self.duration.clone(),
            time: self.time.clone(),
            chosen: self.chosen.clone(),
        }
    }

    /// Meets of an event that are in use.
    #[inline]
    pub fn parts(&self, event: usize) -> impl Iterator<Item = usize> + '_ {
        self.problem.meets(event).filter(|&m| self.duration[m] > 0)
    }

    /// The resource a meet has chosen for its open position.
    #[inline]
    pub fn choice(&self, meet: usize, open: usize) -> u32 {
        self.chosen[self.problem.first_choice[meet] as usize + open]
    }

    /// Busy times of a row.
    #[inline]
    pub fn busy(&self, row: usize) -> &[u64] {
        &self.busy[row * self.problem.words..(row + 1) * self.problem.words]
    }

    /// Meets at each time of a row.
    pub fn counts(&self, row: usize) -> &[u16] {
        &self.count[row * self.problem.times..(row + 1) * self.problem.times]
    }

    /// Meets on a row at a time.
    #[inline]
    pub fn count(&self, row: usize, time: usize) -> u16 {
        self.count[row * self.problem.times + time]
    }

    /// The only meet on a row at a time.
    #[inline]
    pub fn sole_holder(&self, row: usize, time: usize) -> Option<usize> {
        let cell = row * self.problem.times + time;
        (self.count[cell] == 1).then(|| self.holder[cell] as usize - 1)
    }

    /// Calls `f` with every row the meet occupies.
    #[inline]
    pub fn each_row(&self, meet: usize, mut f: impl FnMut(usize)) {
        let p = self.problem;
        let e = p.event_of[meet] as usize;
        for &row in &p.fixed_rows[e] {
            f(row as usize);
        }
        for i in p.first_choice[meet]..p.first_choice[meet + 1] {
            let r = self.chosen[i as usize];
            if r != NONE {
                let open = (i - p.first_choice[meet]) as usize;
                for row in p.rows(r, &p.events[e].open[open].weeks) {
                    f(row);
                }
            }
        }
    }

    /// Is the resource free in these weeks for the meet's length from `start` on, not counting `meet` itself?
    pub fn is_free(&self, resource: u32, weeks: &[u32], meet: usize, start: usize) -> bool {
        let p = self.problem;
        let end = (start + usize::from(self.duration[meet])).min(p.times);
        p.rows(resource, weeks).all(|row| {
            (start..end).all(|t| {
                let cell = row * p.times + t;
                self.count[cell] == 0 || (self.count[cell] == 1 && self.holder[cell] as usize == meet + 1)
            })
        })
    }

    /// The most a change of this meet can gain: all it and its rows cost now.
    pub fn stake(&self, meet: usize) -> i64 {
        let mut sum = (0, 0);
        self.each_row(meet, |row| {
            sum.0 += self.row_cost[row].0;
            sum.1 += self.row_cost[row].1;
        });
        for &i in &self.problem.time_points[self.problem.event_of[meet] as usize] {
            let c = self.point_cost[i as usize];
            sum = (sum.0 + c.0, sum.1 + c.1);
        }
        self.hard_weight * sum.0 + sum.1
    }

    /// Cost (hard, soft) of one point now.
    #[cfg(test)]
    pub fn point_cost(&self, point: usize) -> (i64, i64) {
        self.problem.points[point].cost(self.problem, self)
    }

    /// Moves a meet to a time, or takes its time away.
    pub fn set_time(&mut self, meet: usize, time: u16) {
        let old = self.time[meet];
        if old == time {
            return;
        }
        self.log.push(Op::Time(meet as u32, old));
        self.shift(meet, time, true);
        let event = self.problem.event_of[meet] as usize;
        if old == NO_TIME || time == NO_TIME {
            self.touch_event(event);
        } else {
            let p = self.problem;
            for &i in &p.time_points[event] {
                self.touch_point(i);
            }
        }
    }

    /// Chooses a resource for an open position.
    pub fn set_choice(&mut self, meet: usize, open: usize, resource: u32) {
        let old = self.choice(meet, open);
        if old == resource {
            return;
        }
        self.log.push(Op::Choice(meet as u32, open as u32, old));
        self.choose(meet, open, resource, true);
        let event = self.problem.event_of[meet] as usize;
        for i in 0..self.problem.choice_points[event][open].len() {
            self.touch_point(self.problem.choice_points[event][open][i]);
        }
        for r in [old, resource] {
            self.touch_load(r);
        }
    }

    /// Gives an unplaced meet without choices another duration; 0 takes it out of use.
    pub fn set_duration(&mut self, meet: usize, duration: u16) {
        debug_assert!(self.time[meet] == NO_TIME);
        self.log.push(Op::Duration(meet as u32, self.duration[meet]));
        let event = self.problem.event_of[meet] as usize;
        self.resize(meet, duration);
        for i in self.problem.first_choice[meet]..self.problem.first_choice[meet + 1] {
            self.touch_load(self.chosen[i as usize]);
        }
        self.touch_event(event);
    }

    fn touch_load(&mut self, resource: u32) {
        if resource != NONE {
            for i in 0..self.problem.load_points[resource as usize].len() {
                self.touch_point(self.problem.load_points[resource as usize][i]);
            }
        }
    }

    fn touch_event(&mut self, event: usize) {
        let p = self.problem;
        for &i in &p.event_points[event] {
            self.touch_point(i);
        }
    }

    fn touch_point(&mut self, point: u32) {
        if !self.point_mark[point as usize] {
            self.point_mark[point as usize] = true;
            self.dirty_points.push(point);
        }
    }

    fn touch_row(&mut self, row: usize) {
        let p = self.problem;
        for &i in &p.row_links[row] {
            self.touch_point(i);
        }
        if !self.row_mark[row] && !p.row_points[row].is_empty() {
            self.row_mark[row] = true;
            self.dirty_rows.push(row as u32);
            self.dirty_before
                .extend_from_slice(&self.busy[row * p.words..(row + 1) * p.words]);
            self.dirty_before.push(self.excess[row] as u64);
        }
    }

    pub(super) fn shift(&mut self, meet: usize, time: u16, touch: bool) {
        let p = self.problem;
        let event = p.event_of[meet] as usize;
        let old = std::mem::replace(&mut self.time[meet], time);
        for i in 0..p.fixed_rows[event].len() {
            self.refill(p.fixed_rows[event][i] as usize, meet, old, time, touch);
        }
        for i in p.first_choice[meet]..p.first_choice[meet + 1] {
            let r = self.chosen[i as usize];
            if r != NONE {
                let open = (i - p.first_choice[meet]) as usize;
                for row in p.rows(r, &p.events[event].open[open].weeks) {
                    self.refill(row, meet, old, time, touch);
                }
            }
        }
        for &(first, shape, times) in &p.spreads[event] {
            for (start, step) in [(old, -times), (time, times)] {
                if start != NO_TIME {
                    for &g in &p.shapes[shape as usize].at[usize::from(start)] {
                        self.counters[first as usize + usize::from(g)] += step;
                    }
                }
            }
        }
    }

    pub(super) fn choose(&mut self, meet: usize, open: usize, resource: u32, touch: bool) {
        let p = self.problem;
        let event = p.event_of[meet] as usize;
        let time = self.time[meet];
        let i = p.first_choice[meet] as usize + open;
        let old = std::mem::replace(&mut self.chosen[i], resource);
        let load = p.events[event].open[open].load * i64::from(self.duration[meet]);
        if old != NONE {
            self.load[old as usize] -= load;
            for row in p.rows(old, &p.events[event].open[open].weeks) {
                self.refill(row, meet, time, NO_TIME, touch);
            }
        }
        if resource != NONE {
            self.load[resource as usize] += load;
            for row in p.rows(resource, &p.events[event].open[open].weeks) {
                self.refill(row, meet, NO_TIME, time, touch);
            }
        }
    }

    pub(super) fn resize(&mut self, meet: usize, duration: u16) {
        let p = self.problem;
        let event = p.event_of[meet] as usize;
        let change = i64::from(duration) - i64::from(self.duration[meet]);
        for (open, spec) in p.events[event].open.iter().enumerate() {
            let r = self.choice(meet, open);
            if r != NONE {
                self.load[r as usize] += spec.load * change;
            }
        }
        self.duration[meet] = duration;
    }

    /// Takes a meet off a row at `from` and puts it there at `to`.
    #[inline]
    fn refill(&mut self, row: usize, meet: usize, from: u16, to: u16, touch: bool) {
        let p = self.problem;
        let (length, id) = (usize::from(self.duration[meet]), meet as u32 + 1);
        if touch {
            self.touch_row(row);
        }
        if from != NO_TIME {
            for t in usize::from(from)..(usize::from(from) + length).min(p.times) {
                let cell = row * p.times + t;
                self.count[cell] -= 1;
                self.holder[cell] ^= id;
                if self.count[cell] == 0 {
                    self.busy[row * p.words + t / 64] &= !(1 << (t % 64));
                } else {
                    self.excess[row] -= 1;
                }
            }
        }
        if to != NO_TIME {
            for t in usize::from(to)..(usize::from(to) + length).min(p.times) {
                let cell = row * p.times + t;
                self.count[cell] += 1;
                self.holder[cell] ^= id;
                if self.count[cell] == 1 {
                    self.busy[row * p.words + t / 64] |= 1 << (t % 64);
                } else {
                    self.excess[row] += 1;
                }
            }
        }
    }
}
