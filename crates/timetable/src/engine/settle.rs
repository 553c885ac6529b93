//! Bringing costs up to date after operations, keeping them or taking them back.

use super::state::{Op, State};

impl State<'_> {
    /// Brings the cost of everything touched up to date and returns the change, or `None` as soon as the change is
    /// certain to exceed `limit`; then only [`State::undo`] may follow.
    pub fn settle(&mut self, limit: f64) -> Option<i64> {
        let weigh = |c: (i64, i64), w: i64| w * c.0 + c.1;
        let (p, w) = (self.problem, self.hard_weight);
        let mut change = 0;
        let mut changed = std::mem::take(&mut self.changed_rows);
        changed.clear();
        changed.extend(
            (0..self.dirty_rows.len())
                .filter(|&k| self.row_changed(k))
                .map(|k| self.dirty_rows[k]),
        );
        for &r in &changed {
            change -= weigh(self.row_cost[r as usize], w);
        }
        self.changed_rows = changed;
        for &i in &self.dirty_points {
            change -= weigh(self.point_cost[i as usize], w);
        }
        let (mut hard, mut soft) = (0, 0);
        for k in 0..self.changed_rows.len() {
            let r = self.changed_rows[k] as usize;
            let mut cost = (0, 0);
            for &i in &p.row_points[r] {
                let c = self.cost_of(i as usize);
                cost = (cost.0 + c.0, cost.1 + c.1);
            }
            change += weigh(cost, w);
            let old = std::mem::replace(&mut self.row_cost[r], cost);
            self.old_rows.push((r as u32, old));
            hard += cost.0 - old.0;
            soft += cost.1 - old.1;
            if change as f64 > limit {
                return None;
            }
        }
        for k in 0..self.dirty_points.len() {
            let i = self.dirty_points[k] as usize;
            let cost = self.cost_of(i);
            change += weigh(cost, w);
            let old = std::mem::replace(&mut self.point_cost[i], cost);
            self.old_points.push((i as u32, old));
            hard += cost.0 - old.0;
            soft += cost.1 - old.1;
            if change as f64 > limit {
                return None;
            }
        }
        self.hard += hard;
        self.soft += soft;
        self.log.push(Op::Duration(u32::MAX, 0));
        self.clear_marks();
        // Remember what to take back if the change is undone after all.
        self.old_rows.push((u32::MAX, (hard, soft)));
        Some(change)
    }

    /// Is the k-th touched row busy at other times, or with other clashes, than when it was touched?
    fn row_changed(&self, k: usize) -> bool {
        let (row, words) = (self.dirty_rows[k] as usize, self.problem.words);
        let before = &self.dirty_before[k * (words + 1)..(k + 1) * (words + 1)];
        before[words] != self.excess[row] as u64
            || before[..words] != *self.busy(row)
            || self.problem.counts_matter[row]
    }

    fn clear_marks(&mut self) {
        for &r in &self.dirty_rows {
            self.row_mark[r as usize] = false;
        }
        for &i in &self.dirty_points {
            self.point_mark[i as usize] = false;
        }
        self.dirty_rows.clear();
        self.dirty_before.clear();
        self.dirty_points.clear();
    }

    /// Makes the settled change final.
    pub fn keep(&mut self) {
        debug_assert!(self.dirty_rows.is_empty() && self.dirty_points.is_empty());
        self.log.clear();
        self.old_rows.clear();
        self.old_points.clear();
    }

    /// Takes back every operation since the last [`State::keep`].
    pub fn undo(&mut self) {
        while let Some(op) = self.log.pop() {
            match op {
                Op::Time(m, old) => self.shift(m as usize, old, false),
                Op::Choice(m, open, old) => self.choose(m as usize, open as usize, old, false),
                Op::Duration(u32::MAX, _) => {}
                Op::Duration(m, old) => self.resize(m as usize, old),
            }
        }
        while let Some((r, cost)) = self.old_rows.pop() {
            if r == u32::MAX {
                self.hard -= cost.0;
                self.soft -= cost.1;
            } else {
                self.row_cost[r as usize] = cost;
            }
        }
        while let Some((i, cost)) = self.old_points.pop() {
            self.point_cost[i as usize] = cost;
        }
        self.clear_marks();
    }
}
