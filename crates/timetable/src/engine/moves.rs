//! The neighbourhoods: meet to a time, Kempe chain, exchange of neighbours, resource change and swap, split and merge.

use super::problem::Problem;
use super::rules::Rule;
use super::state::{NO_TIME, NONE, State};
use crate::rng::Rng;

/// The longest Kempe chain tried.
const CHAIN: usize = 14;

/// What can be moved at all, found once per run.
pub(super) struct Mover {
    meets: Vec<u32>,
    choices: Vec<(u32, u32)>,
    divisible: Vec<u32>,
    together: Vec<u32>,
    weights: [usize; 6],
}

impl Mover {
    /// Looks through the problem.
    pub fn new(p: &Problem) -> Self {
        let free = |e: &usize| !p.events[*e].locked;
        let movable = |e: &usize| free(e) && p.events[*e].starts.iter().any(|s| s.len() > 1);
        let meets: Vec<u32> = (0..p.events.len())
            .filter(movable)
            .flat_map(|e| p.meets(e))
            .map(|m| m as u32)
            .collect();
        let open = |e: usize| {
            p.events[e]
                .open
                .iter()
                .enumerate()
                .map(move |(o, spec)| (e, o, spec))
        };
        let choosable = (0..p.events.len()).filter(free).flat_map(open);
        let choosable =
            choosable.filter(|(_, _, spec)| spec.candidates.len() + usize::from(spec.optional) > 1);
        let choices: Vec<(u32, u32)> = choosable.map(|(e, o, _)| (e as u32, o as u32)).collect();
        let divisible: Vec<u32> = (0..p.events.len())
            .filter(|&e| p.events[e].divisible())
            .map(|e| e as u32)
            .collect();
        let together: Vec<u32> = (0..p.points.len())
            .filter(
                |&i| matches!(&p.points[i].rule, Rule::OneResource { choices, .. } if !choices.is_empty()),
            )
            .map(|i| i as u32)
            .collect();
        let on = |weight: usize, list: usize| if list == 0 { 0 } else { weight };
        let weights = [
            on(10, meets.len()),
            on(1, meets.len()),
            on(6, choices.len()),
            on(2, together.len()),
            on(2, divisible.len()),
            on(1, meets.len()),
        ];
        Mover {
            meets,
            choices,
            divisible,
            together,
            weights,
        }
    }

    /// Is there anything to move?
    pub fn idle(&self) -> bool {
        self.weights.iter().all(|&w| w == 0)
    }

    /// Carries out a random candidate and settles it; `None` when it fell through or would cost more than `limit`. The
    /// caller then undoes, or keeps.
    pub fn propose(&self, s: &mut State, rng: &mut Rng, limit: f64) -> Option<i64> {
        let total: usize = self.weights.iter().sum();
        let mut pick = rng.below(total);
        let mut kind = 0;
        while pick >= self.weights[kind] {
            pick -= self.weights[kind];
            kind += 1;
        }
        match kind {
            0 => self.to_time(s, rng, limit)?,
            1 => self.exchange_neighbours(s, rng)?,
            2 => self.change_resource(s, rng)?,
            3 => self.change_together(s, rng)?,
            4 => self.divide(s, rng)?,
            _ => self.swap_times(s, rng)?,
        }
        s.settle(limit)
    }

    fn random_meet(&self, s: &State, rng: &mut Rng) -> Option<usize> {
        let m = self.meets[rng.below(self.meets.len())] as usize;
        (s.duration[m] > 0 && s.time[m] != NO_TIME).then_some(m)
    }

    /// A meet to a time; what stands in its way either stays (a clash) or is pushed along a Kempe chain.
    fn to_time(&self, s: &mut State, rng: &mut Rng, limit: f64) -> Option<()> {
        let m = self.random_meet(s, rng)?;
        let p = s.problem;
        let e = p.event_of[m] as usize;
        let starts = &p.events[e].starts[usize::from(s.duration[m])];
        let t = starts[rng.below(starts.len())];
        if t == s.time[m] {
            return None;
        }
        let (clashes, blocked) = clash_cost(s, m, t);
        if blocked && rng.below(4) != 0 {
            let distance = i32::from(s.time[m]) - i32::from(t);
            return push(s, m, t, distance, rng);
        }
        if (s.hard_weight * clashes.0 + clashes.1 - s.stake(m)) as f64 > limit {
            return None;
        }
        s.set_time(m, t);
        seat(s, m, rng);
        Some(())
    }

    /// Two meets in a row change places; their lengths may differ.
    fn exchange_neighbours(&self, s: &mut State, rng: &mut Rng) -> Option<()> {
        let m = self.random_meet(s, rng)?;
        let p = s.problem;
        let rows = &p.fixed_rows[p.event_of[m] as usize];
        let row = *rows.get(rng.below(rows.len().max(1)))? as usize;
        let (start, length) = (usize::from(s.time[m]), usize::from(s.duration[m]));
        if start + length >= p.times {
            return None;
        }
        let n = s.sole_holder(row, start + length)?;
        if n == m || usize::from(s.time[n]) != start + length {
            return None;
        }
        let later = start as u16 + s.duration[n];
        if !may_start(p, s, n, start as u16) || !may_start(p, s, m, later) {
            return None;
        }
        s.set_time(n, start as u16);
        s.set_time(m, later);
        seat(s, n, rng);
        seat(s, m, rng);
        Some(())
    }

    /// Two meets of one row change times.
    fn swap_times(&self, s: &mut State, rng: &mut Rng) -> Option<()> {
        let m = self.random_meet(s, rng)?;
        let p = s.problem;
        let rows = &p.fixed_rows[p.event_of[m] as usize];
        let row = *rows.get(rng.below(rows.len().max(1)))? as usize;
        let n = s.sole_holder(row, rng.below(p.times))?;
        let (a, b) = (s.time[m], s.time[n]);
        if n == m || a == b || !may_start(p, s, n, a) || !may_start(p, s, m, b) {
            return None;
        }
        s.set_time(m, b);
        s.set_time(n, a);
        seat(s, m, rng);
        seat(s, n, rng);
        Some(())
    }

    /// Another resource for one part; a meet that holds it in exchange takes ours.
    fn change_resource(&self, s: &mut State, rng: &mut Rng) -> Option<()> {
        let (e, open) = self.choices[rng.below(self.choices.len())];
        let (e, open) = (e as usize, open as usize);
        let p = s.problem;
        let parts = p.meets(e);
        let m = parts.start + rng.below(parts.len());
        if s.duration[m] == 0 {
            return None;
        }
        let spec = &p.events[e].open[open];
        let (old, n) = (s.choice(m, open), spec.candidates.len());
        let pick = rng.below(n + usize::from(spec.optional && old != NONE));
        let new = spec.candidates.get(pick).copied().unwrap_or(NONE);
        if new == old {
            return None;
        }
        if new != NONE && s.time[m] != NO_TIME {
            let row = p.rows(new, spec.weeks.get(..1)?).next()?;
            if let Some(other) = s.sole_holder(row, usize::from(s.time[m])) {
                let oe = p.event_of[other] as usize;
                let back = (0..p.events[oe].open.len()).find(|&o| s.choice(other, o) == new);
                if other != m
                    && !p.events[oe].locked
                    && let Some(o) = back
                    && (p.events[oe].open[o].candidates.contains(&old)
                        || old == NONE && p.events[oe].open[o].optional)
                {
                    s.set_choice(other, o, old);
                }
            }
        }
        s.set_choice(m, open, new);
        Some(())
    }

    /// One resource for all parts that should share one.
    fn change_together(&self, s: &mut State, rng: &mut Rng) -> Option<()> {
        let point = self.together[rng.below(self.together.len())] as usize;
        let Rule::OneResource { choices, fixed } = &s.problem.points[point].rule else {
            return None;
        };
        let p = s.problem;
        let (e, o) = choices[rng.below(choices.len())];
        let candidates = &p.events[e].open[o].candidates;
        let r = match fixed.first() {
            Some(&r) => r,
            None => *candidates.get(rng.below(candidates.len().max(1)))?,
        };
        for &(e, o) in choices {
            if p.events[e].locked || !p.events[e].open[o].candidates.contains(&r) {
                continue;
            }
            for m in p.meets(e) {
                if s.duration[m] > 0 {
                    s.set_choice(m, o, r);
                }
            }
        }
        Some(())
    }

    /// Splits a part, merges two, or shifts length from one to another.
    fn divide(&self, s: &mut State, rng: &mut Rng) -> Option<()> {
        let e = self.divisible[rng.below(self.divisible.len())] as usize;
        let p = s.problem;
        let mut parts: Vec<usize> = s.parts(e).collect();
        rng.shuffle(&mut parts);
        let first = *parts.first()?;
        let length = s.duration[first];
        let mut wanted: Vec<usize> = parts.iter().map(|&m| usize::from(s.duration[m])).collect();
        let old = s.time[first];
        match (rng.below(3), parts.get(1).copied()) {
            (0, _) => {
                if length < 2 {
                    return None;
                }
                let cut = 1 + rng.below(usize::from(length) - 1);
                let spare = p.meets(e).find(|&m| s.duration[m] == 0)?;
                wanted[0] = cut;
                wanted.push(usize::from(length) - cut);
                if !p.events[e].allows(&mut wanted) {
                    return None;
                }
                s.set_time(first, NO_TIME);
                s.set_duration(first, cut as u16);
                s.set_duration(spare, length - cut as u16);
                for o in 0..p.events[e].open.len() {
                    let r = s.choice(first, o);
                    s.set_choice(spare, o, r);
                }
                put(s, first, old, rng)?;
                let freed = old.saturating_add(cut as u16);
                if rng.below(4) == 0 {
                    return put(s, spare, freed, rng);
                }
                let starts = &p.events[e].starts[usize::from(s.duration[spare])];
                let t = *starts.get(rng.below(starts.len().max(1)))?;
                push(s, spare, t, i32::from(freed) - i32::from(t), rng)
            }
            (1, Some(second)) => {
                wanted[0] += wanted.swap_remove(1);
                if !p.events[e].allows(&mut wanted) {
                    return None;
                }
                let (other, all) = (s.time[second], length + s.duration[second]);
                s.set_time(first, NO_TIME);
                s.set_time(second, NO_TIME);
                for o in 0..p.events[e].open.len() {
                    s.set_choice(second, o, NONE);
                }
                s.set_duration(second, 0);
                s.set_duration(first, all);
                // What stands after the first part goes where the second was.
                if other == NO_TIME || old == NO_TIME || !may_start(p, s, first, old) {
                    return put(s, first, NO_TIME, rng);
                }
                push(
                    s,
                    first,
                    old,
                    i32::from(other) - i32::from(old) - i32::from(length),
                    rng,
                )
            }
            (2, Some(second)) => {
                if length < 2 {
                    return None;
                }
                let cut = 1 + rng.below(usize::from(length) - 1);
                wanted[0] -= cut;
                wanted[1] += cut;
                if !p.events[e].allows(&mut wanted) {
                    return None;
                }
                let (other, grown) = (s.time[second], s.duration[second] + cut as u16);
                s.set_time(first, NO_TIME);
                s.set_time(second, NO_TIME);
                s.set_duration(first, length - cut as u16);
                s.set_duration(second, grown);
                put(s, first, old, rng)?;
                put(s, second, other, rng)
            }
            _ => None,
        }
    }
}

/// Puts a meet at `at` if it may start there, else at a random allowed time.
fn put(s: &mut State, m: usize, at: u16, rng: &mut Rng) -> Option<()> {
    let p = s.problem;
    let t = if at != NO_TIME && may_start(p, s, m, at) {
        at
    } else {
        let starts = p.events[p.event_of[m] as usize]
            .starts
            .get(usize::from(s.duration[m]))?;
        *starts.get(rng.below(starts.len().max(1)))?
    };
    s.set_time(m, t);
    seat(s, m, rng);
    Some(())
}

fn may_start(p: &Problem, s: &State, m: usize, t: u16) -> bool {
    let e = p.event_of[m] as usize;
    !p.events[e].locked
        && p.start_sets[e]
            .get(usize::from(s.duration[m]))
            .is_some_and(|set| set.has(usize::from(t)))
}

/// What the clashes of `m` at `t` would cost at least, and whether anything stands in its way.
fn clash_cost(s: &State, m: usize, t: u16) -> ((i64, i64), bool) {
    let p = s.problem;
    let (start, end) = (
        usize::from(t),
        (usize::from(t) + usize::from(s.duration[m])).min(p.times),
    );
    let old = usize::from(s.time[m]);
    let own = old..old + usize::from(s.duration[m]);
    let (mut cost, mut blocked) = ((0, 0), false);
    for &row in &p.fixed_rows[p.event_of[m] as usize] {
        let row = row as usize;
        for q in start..end {
            let others = s.count(row, q) - u16::from(own.contains(&q));
            if others > 0 {
                cost.0 += p.clash_cost[row].0;
                cost.1 += p.clash_cost[row].1;
                blocked = true;
            }
        }
    }
    (cost, blocked)
}

/// Moves `m` to `t` and whatever blocks it there by `distance`, what blocks those by the opposite, and so on.
fn push(s: &mut State, m: usize, t: u16, distance: i32, rng: &mut Rng) -> Option<()> {
    let p = s.problem;
    let mut chain = [(0usize, 0u16, 0i32); CHAIN];
    chain[0] = (m, t, distance);
    let (mut length, mut next) = (1, 0);
    while next < length {
        let (m, t, distance) = chain[next];
        next += 1;
        let end = (usize::from(t) + usize::from(s.duration[m])).min(p.times);
        for &row in &p.fixed_rows[p.event_of[m] as usize] {
            for q in usize::from(t)..end {
                let Some(other) = s.sole_holder(row as usize, q) else {
                    continue;
                };
                if chain[..length].iter().any(|c| c.0 == other) {
                    continue;
                }
                let to = u16::try_from(i32::from(s.time[other]) + distance).ok()?;
                if length == CHAIN || usize::from(to) >= p.times || !may_start(p, s, other, to) {
                    return None;
                }
                chain[length] = (other, to, -distance);
                length += 1;
            }
        }
    }
    for &(m, t, _) in &chain[..length] {
        s.set_time(m, t);
    }
    for &(m, ..) in &chain[..length] {
        seat(s, m, rng);
    }
    Some(())
}

/// Finds free resources for the open positions of a meet at its time, where the chosen one is missing or taken.
pub(super) fn seat(s: &mut State, m: usize, rng: &mut Rng) {
    let p = s.problem;
    let event = &p.events[p.event_of[m] as usize];
    let start = usize::from(s.time[m]);
    for (open, spec) in event.open.iter().enumerate() {
        let (old, n) = (s.choice(m, open), spec.candidates.len());
        if n == 0
            || (old == NONE && spec.optional)
            || (old != NONE && (n == 1 || s.is_free(old, &spec.weeks, m, start)))
        {
            continue;
        }
        let offset = rng.below(n);
        let mut order = (0..n.min(64)).map(|k| spec.candidates[(k + offset) % n]);
        if let Some(r) = order.find(|&r| s.is_free(r, &spec.weeks, m, start)) {
            s.set_choice(m, open, r);
        }
    }
}
