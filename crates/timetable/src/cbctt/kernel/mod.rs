//! The state of the search and the exact cost change of a move, without apply and undo.
//!
//! Two neighbourhoods: put a lecture at a (period, room), and if another lecture holds that place, the two swap; or aim:
//! put it in a period where at most one lecture is in conflict with it, which changes periods with it (the smallest Kempe
//! chain), each in the room that suits it best. So no two lectures ever share a room, and only conflicts and forbidden
//! periods are hard. They are tested first, by bitsets, because most candidates die there.

use super::model::Instance;
use super::solution::{Place, Solution};
use crate::rng::Rng;

/// What one hard violation weighs at first.
pub(super) const HARD: i32 = 20;
/// A lecture in a forbidden period counts as this many conflicts: while it is hot, conflicts may come and go, but a
/// lecture that slips into such a period at one conflict's price often never leaves.
const FORBIDDEN: i32 = 10;
const FREE: u16 = u16::MAX;

/// Parts of the instance in the form the search reads, for at most `64 * W` courses.
pub(super) struct Tables<const W: usize> {
    pub periods: usize,
    pub rooms: usize,
    pub courses: usize,
    ppd: usize,
    days: usize,
    real_rooms: usize,
    course_of: Vec<u16>,
    conflict: Vec<[u64; W]>,
    forbidden: Vec<bool>,
    seats_short: Vec<i32>,
    min_days: Vec<i32>,
    curricula_of: Vec<Vec<u16>>,
    members: Vec<[u64; W]>,
    /// The most soft cost that moving a lecture of this course alone can gain.
    gain: Vec<i32>,
    isolated: Vec<u8>,
}

impl<const W: usize> Tables<W> {
    pub fn new(instance: &Instance) -> Self {
        let (courses, periods) = (instance.courses.len(), instance.periods());
        let real_rooms = instance.rooms.len();
        let lectures = instance.lectures();
        let rooms = real_rooms.max(lectures.div_ceil(periods));
        let mut conflict = vec![[0; W]; courses];
        let mut curricula_of = vec![Vec::new(); courses];
        let mut members = vec![[0; W]; instance.curricula.len()];
        for (a, row) in conflict.iter_mut().enumerate() {
            for b in 0..courses {
                if a != b && instance.courses[a].teacher == instance.courses[b].teacher {
                    set(row, b);
                }
            }
        }
        for (q, curriculum) in instance.curricula.iter().enumerate() {
            for &a in &curriculum.courses {
                curricula_of[a].push(q as u16);
                set(&mut members[q], a);
                for &b in curriculum.courses.iter().filter(|&&b| b != a) {
                    set(&mut conflict[a], b);
                }
            }
        }
        let mut forbidden = vec![false; courses * periods];
        for &(c, p) in &instance.unavailable {
            forbidden[c * periods + p] = true;
        }
        let short = |c: usize, r: usize| match instance.rooms.get(r) {
            Some(room) => i32::try_from(instance.courses[c].students.saturating_sub(room.seats))
                .unwrap_or(1 << 20)
                .min(1 << 20),
            None => 1 << 20,
        };
        let seats_short: Vec<i32> = (0..courses * rooms)
            .map(|i| short(i / rooms, i % rooms))
            .collect();
        let gain = (0..courses)
            .map(|c| {
                let row = &seats_short[c * rooms..(c + 1) * rooms];
                let seats = row.iter().max().unwrap_or(&0) - row.iter().min().unwrap_or(&0);
                6 + seats + 8 * curricula_of[c].len() as i32
            })
            .collect();
        let ppd = instance.periods_per_day;
        let isolated = (0..1u64 << ppd.min(12)).map(|m| lonely(m) as u8).collect();
        Tables {
            periods,
            rooms,
            courses,
            ppd,
            days: instance.days,
            real_rooms,
            course_of: (0..courses)
                .flat_map(|c| std::iter::repeat_n(c as u16, instance.courses[c].lectures))
                .collect(),
            conflict,
            forbidden,
            seats_short,
            min_days: instance.courses.iter().map(|c| c.min_days as i32).collect(),
            curricula_of,
            members,
            gain,
            isolated,
        }
    }

    /// Curricula of a course, on average: how much one move can matter.
    pub fn density(&self) -> f64 {
        let entries: usize = self.curricula_of.iter().map(Vec::len).sum();
        entries as f64 / self.courses.max(1) as f64
    }

    fn isolated(&self, mask: u64) -> i32 {
        match self.isolated.get(mask as usize) {
            Some(&n) => i32::from(n),
            None => lonely(mask),
        }
    }
}

fn lonely(mask: u64) -> i32 {
    (mask & !(mask << 1) & !(mask >> 1)).count_ones() as i32
}

fn set<const W: usize>(bits: &mut [u64; W], i: usize) {
    bits[i / 64] |= 1 << (i % 64);
}

fn unset<const W: usize>(bits: &mut [u64; W], i: usize) {
    bits[i / 64] &= !(1 << (i % 64));
}

fn has<const W: usize>(bits: &[u64; W], i: usize) -> bool {
    bits[i / 64] >> (i % 64) & 1 == 1
}

/// A candidate: `lecture` goes to `slot`, and `other`, if any, from that period to `back` in the period it leaves. The
/// two places are free or those of the two lectures.
#[derive(Clone, Copy)]
pub(super) struct Move {
    pub lecture: usize,
    pub slot: usize,
    other: u16,
    back: u32,
}

#[cfg(test)]
impl Move {
    pub fn partner(&self) -> Option<usize> {
        (self.other != FREE).then_some(self.other as usize)
    }
}

/// A complete assignment with its counters.
#[derive(Clone)]
pub(super) struct State<'t, const W: usize> {
    pub tables: &'t Tables<W>,
    slot_of: Vec<u32>,
    holder: Vec<u16>,
    held: Vec<u8>,
    present: Vec<[u64; W]>,
    on_day: Vec<u8>,
    days_used: Vec<i32>,
    in_room: Vec<u8>,
    group_held: Vec<u8>,
    group_day: Vec<u64>,
    /// Conflicts, and `FORBIDDEN` for each lecture in a forbidden period; 0 exactly when the timetable is feasible.
    pub hard: i32,
    pub soft: i32,
    /// What one hard violation weighs against soft cost.
    pub hard_weight: i32,
}

impl<'t, const W: usize> State<'t, W> {
    /// A greedy start: lectures in random order, the courses with most conflicts first.
    pub fn constructed(tables: &'t Tables<W>, rng: &mut Rng) -> Self {
        let t = tables;
        let n = t.course_of.len();
        let mut order: Vec<(u32, u64, usize)> = (0..n)
            .map(|l| {
                let c = t.course_of[l] as usize;
                let degree: u32 = t.conflict[c].iter().map(|w| w.count_ones()).sum();
                let closed = (0..t.periods).filter(|&p| t.forbidden[c * t.periods + p]).count() as u32;
                (u32::MAX - degree - 4 * closed, rng.bits(), l)
            })
            .collect();
        order.sort_unstable();
        let mut slots = vec![None; n];
        let mut present = vec![[0u64; W]; t.periods];
        let mut taken = vec![false; t.periods * t.rooms];
        for (_, _, l) in order {
            let c = t.course_of[l] as usize;
            let mut best = (i64::MAX, 0, 0);
            for slot in (0..taken.len()).filter(|&s| !taken[s]) {
                let (p, r) = (slot / t.rooms, slot % t.rooms);
                let clash: u32 = (0..W)
                    .map(|w| (t.conflict[c][w] & present[p][w]).count_ones())
                    .sum();
                let hard = clash as i64
                    + i64::from(FORBIDDEN) * i64::from(t.forbidden[c * t.periods + p])
                    + i64::from(has(&present[p], c));
                best = best.min((
                    hard * i64::from(HARD) + i64::from(t.seats_short[c * t.rooms + r]),
                    rng.bits(),
                    slot,
                ));
            }
            taken[best.2] = true;
            set(&mut present[best.2 / t.rooms], c);
            slots[l] = Some(best.2);
        }
        Self::at(tables, &slots.into_iter().flatten().collect::<Vec<_>>())
    }

    /// The state with lecture `l` at `slots[l]`; every slot at most once.
    fn at(tables: &'t Tables<W>, slots: &[usize]) -> Self {
        let t = tables;
        let mut s = State {
            tables,
            slot_of: vec![u32::MAX; slots.len()],
            holder: vec![FREE; t.periods * t.rooms],
            held: vec![0; t.courses * t.periods],
            present: vec![[0; W]; t.periods],
            on_day: vec![0; t.courses * t.days],
            days_used: vec![0; t.courses],
            in_room: vec![0; t.courses * t.rooms],
            group_held: vec![0; t.members.len() * t.periods],
            group_day: vec![0; t.members.len() * t.days],
            hard: 0,
            soft: 0,
            hard_weight: HARD,
        };
        for (l, &slot) in slots.iter().enumerate() {
            s.place(l, slot);
        }
        (s.hard, s.soft) = s.full_cost();
        s
    }

    /// The state of a solution; lectures it leaves out or puts on a taken place go to free places.
    pub fn from_solution(tables: &'t Tables<W>, solution: &Solution) -> Self {
        let t = tables;
        let mut taken = vec![false; t.periods * t.rooms];
        let mut slots = vec![None; t.course_of.len()];
        let mut first = 0;
        for c in 0..t.courses {
            let n = t.course_of[first..]
                .iter()
                .take_while(|&&x| x as usize == c)
                .count();
            for (l, p) in (first..first + n).zip(solution.places.get(c).into_iter().flatten()) {
                let slot = p.period * t.rooms + p.room;
                if !std::mem::replace(&mut taken[slot], true) {
                    slots[l] = Some(slot);
                }
            }
            first += n;
        }
        let mut free = (0..taken.len()).filter(|&s| !taken[s]);
        let slots: Vec<usize> = slots.iter().filter_map(|s| s.or_else(|| free.next())).collect();
        Self::at(tables, &slots)
    }

    /// The solution, without lectures that found no real room.
    pub fn solution(&self) -> Solution {
        let t = self.tables;
        let mut places = vec![Vec::new(); t.courses];
        for (l, &slot) in self.slot_of.iter().enumerate() {
            let (period, room) = (slot as usize / t.rooms, slot as usize % t.rooms);
            if room < t.real_rooms {
                places[t.course_of[l] as usize].push(Place { period, room });
            }
        }
        Solution { places }
    }

    /// What the search minimises.
    pub fn cost(&self) -> i32 {
        self.hard_weight * self.hard + self.soft
    }

    pub fn lectures(&self) -> usize {
        self.slot_of.len()
    }

    pub fn slots(&self) -> usize {
        self.holder.len()
    }

    /// The slot of a lecture.
    pub fn slot_of(&self, lecture: usize) -> usize {
        self.slot_of[lecture] as usize
    }

    /// The lecture at a slot.
    pub fn holder(&self, slot: usize) -> Option<usize> {
        (self.holder[slot] != FREE).then_some(self.holder[slot] as usize)
    }

    /// The course of a lecture.
    pub fn course(&self, lecture: usize) -> usize {
        self.tables.course_of[lecture] as usize
    }

    /// Missing seats when `course` is in `room`.
    pub fn seats_short(&self, course: usize, room: usize) -> i32 {
        self.tables.seats_short[course * self.tables.rooms + room]
    }

    /// Lectures of `course` in `room`.
    pub fn in_room(&self, course: usize, room: usize) -> u8 {
        self.in_room[course * self.tables.rooms + room]
    }

    /// `lecture` goes to `slot`, and whoever holds the slot comes back.
    #[inline]
    pub fn to(&self, lecture: usize, slot: usize) -> Move {
        Move {
            lecture,
            slot,
            other: self.holder[slot],
            back: self.slot_of[lecture],
        }
    }

    /// `lecture` goes to period `p` and, if one course stands in its way there, the two change periods, each to the
    /// room that suits it best: the move and its exact change, or `None` if more than one stands in its way or the
    /// change is certain to exceed `limit`.
    #[inline]
    pub fn aimed(&self, lecture: usize, p: usize, limit: f64, rng: &mut Rng) -> Option<(Move, (i32, i32))> {
        let t = self.tables;
        let c = t.course_of[lecture] as usize;
        if self.held[c * t.periods + p] > 0 || t.forbidden[c * t.periods + p] {
            return None;
        }
        let (row, present) = (&t.conflict[c], &self.present[p]);
        let mut x = usize::MAX;
        for w in 0..W {
            let both = row[w] & present[w];
            if both != 0 {
                if x != usize::MAX || both & (both - 1) != 0 {
                    return None;
                }
                x = 64 * w + both.trailing_zeros() as usize;
            }
        }
        let from = self.slot_of[lecture] as usize;
        let (own, r1) = (from / t.rooms, from % t.rooms);
        let mut hard = -self.relief(c, own);
        let mut soft = self.time_delta(c, own, p, x);
        let mut rooms = self.room_cost(c, r1);
        let mut there = usize::MAX;
        if x != usize::MAX {
            there = (p * t.rooms..(p + 1) * t.rooms)
                .find(|&s| self.holder[s] != FREE && t.course_of[self.holder[s] as usize] as usize == x)?;
            // Where two of its lectures are there at once, one stays in the way.
            hard += i32::from(self.held[x * t.periods + p] > 1);
            hard += self.clashes(x, own, c) - self.relief(x, p);
            soft += self.time_delta(x, p, own, c);
            rooms += self.room_cost(x, there % t.rooms);
        }
        if f64::from(self.hard_weight * hard + soft - rooms) > limit {
            return None;
        }
        let slot = self.best_room(c, p, there, rng)?;
        soft += self.room_delta(c, r1, slot % t.rooms);
        let mut m = Move {
            lecture,
            slot,
            other: FREE,
            back: from as u32,
        };
        if x != usize::MAX {
            m.other = self.holder[there];
            m.back = self.best_room(x, own, from, rng)? as u32;
            soft += self.room_delta(x, there % t.rooms, m.back as usize % t.rooms);
        }
        Some((m, (hard, soft)))
    }

    /// What a lecture of `c` costs in the room it is in and would cost elsewhere at least.
    fn room_cost(&self, c: usize, room: usize) -> i32 {
        let at = c * self.tables.rooms + room;
        self.tables.seats_short[at] + i32::from(self.in_room[at] == 1)
    }

    /// The place of period `p` where `c` costs least, among the free ones and `freed`; ties go by chance.
    #[inline]
    fn best_room(&self, c: usize, p: usize, freed: usize, rng: &mut Rng) -> Option<usize> {
        let t = self.tables;
        let start = rng.below(t.rooms);
        let (mut least, mut best) = (i32::MAX, None);
        for r in (start..t.rooms).chain(0..start) {
            let slot = p * t.rooms + r;
            if self.holder[slot] != FREE && slot != freed {
                continue;
            }
            let at = c * t.rooms + r;
            let cost = t.seats_short[at] + i32::from(self.in_room[at] == 0);
            if cost < least {
                (least, best) = (cost, Some(slot));
                if cost == 0 {
                    break;
                }
            }
        }
        best
    }

    /// Conflicts that `c` adds to period `p`, were `without` not there.
    fn clashes(&self, c: usize, p: usize, without: usize) -> i32 {
        let t = self.tables;
        let own = self.held[c * t.periods + p] > 0;
        let (row, mut present) = (&t.conflict[c], self.present[p]);
        if without < t.courses && self.held[without * t.periods + p] == 1 {
            unset(&mut present, without);
        }
        let mut n = FORBIDDEN * i32::from(t.forbidden[c * t.periods + p]);
        if own {
            return n + 1;
        }
        for w in 0..W {
            let both = row[w] & present[w];
            if both != 0 {
                n += both.count_ones() as i32;
            }
        }
        n
    }

    /// Conflicts that leave with `c` from period `p`.
    fn relief(&self, c: usize, p: usize) -> i32 {
        let t = self.tables;
        let forbidden = FORBIDDEN * i32::from(t.forbidden[c * t.periods + p]);
        if self.held[c * t.periods + p] > 1 {
            return forbidden + 1;
        }
        let clash: u32 = (0..W)
            .map(|w| t.conflict[c][w] & self.present[p][w])
            .filter(|&b| b != 0)
            .map(u64::count_ones)
            .sum();
        forbidden + clash as i32
    }

    /// The exact change (hard, soft) of a move, or `None` as soon as it is certain to exceed `limit`.
    #[inline]
    pub fn delta(&self, m: Move, limit: f64) -> Option<(i32, i32)> {
        let t = self.tables;
        let (from, to) = (self.slot_of[m.lecture] as usize, m.slot);
        let (p1, r1) = (from / t.rooms, from % t.rooms);
        let (p2, r2) = (to / t.rooms, to % t.rooms);
        let c = t.course_of[m.lecture] as usize;
        let other = if m.other == FREE {
            usize::MAX
        } else {
            t.course_of[m.other as usize] as usize
        };
        if other == c {
            return None;
        }
        let (mut hard, mut gain) = (0, t.gain[c]);
        if p1 != p2 {
            hard = self.clashes(c, p2, other) - self.relief(c, p1);
            if other != usize::MAX {
                hard += self.clashes(other, p1, c) - self.relief(other, p2);
                gain += t.gain[other];
            }
        } else if other != usize::MAX {
            gain += t.gain[other];
        }
        if f64::from(self.hard_weight * hard - gain) > limit {
            return None;
        }
        let mut soft = self.room_delta(c, r1, r2);
        if other != usize::MAX {
            let leaves = self.slot_of[m.other as usize] as usize % t.rooms;
            soft += self.room_delta(other, leaves, m.back as usize % t.rooms);
        }
        if p1 != p2 {
            soft += self.time_delta(c, p1, p2, other);
            if other != usize::MAX {
                soft += self.time_delta(other, p2, p1, c);
            }
        }
        Some((hard, soft))
    }

    fn room_delta(&self, c: usize, r1: usize, r2: usize) -> i32 {
        if r1 == r2 {
            return 0;
        }
        let (a, b) = (c * self.tables.rooms + r1, c * self.tables.rooms + r2);
        self.tables.seats_short[b] - self.tables.seats_short[a] + i32::from(self.in_room[b] == 0)
            - i32::from(self.in_room[a] == 1)
    }

    fn time_delta(&self, c: usize, p1: usize, p2: usize, other: usize) -> i32 {
        let t = self.tables;
        let (d1, d2) = (p1 / t.ppd, p2 / t.ppd);
        let (b1, b2) = (1u64 << (p1 % t.ppd), 1u64 << (p2 % t.ppd));
        let mut soft = 0;
        if d1 != d2 {
            let after = self.days_used[c] + i32::from(self.on_day[c * t.days + d2] == 0)
                - i32::from(self.on_day[c * t.days + d1] == 1);
            soft = 5 * ((t.min_days[c] - after).max(0) - (t.min_days[c] - self.days_used[c]).max(0));
        }
        for &q in &t.curricula_of[c] {
            let q = q as usize;
            if other != usize::MAX && has(&t.members[q], other) {
                continue;
            }
            let leaves = self.group_held[q * t.periods + p1] == 1;
            let m1 = self.group_day[q * t.days + d1];
            let without = if leaves { m1 & !b1 } else { m1 };
            if d1 == d2 {
                soft += 2 * (t.isolated(without | b2) - t.isolated(m1));
            } else {
                let m2 = self.group_day[q * t.days + d2];
                soft += 2 * (t.isolated(without) - t.isolated(m1) + t.isolated(m2 | b2) - t.isolated(m2));
            }
        }
        soft
    }

    /// Carries out a move whose change is `(hard, soft)`.
    pub fn apply(&mut self, m: Move, (hard, soft): (i32, i32)) {
        self.take(m.lecture);
        if m.other != FREE {
            self.take(m.other as usize);
            self.place(m.other as usize, m.back as usize);
        }
        self.place(m.lecture, m.slot);
        self.hard += hard;
        self.soft += soft;
    }

    fn take(&mut self, l: usize) {
        let t = self.tables;
        let (c, slot) = (t.course_of[l] as usize, self.slot_of[l] as usize);
        let (p, r) = (slot / t.rooms, slot % t.rooms);
        let d = p / t.ppd;
        self.holder[slot] = FREE;
        self.held[c * t.periods + p] -= 1;
        if self.held[c * t.periods + p] == 0 {
            unset(&mut self.present[p], c);
        }
        self.on_day[c * t.days + d] -= 1;
        self.days_used[c] -= i32::from(self.on_day[c * t.days + d] == 0);
        self.in_room[c * t.rooms + r] -= 1;
        for &q in &t.curricula_of[c] {
            let q = q as usize;
            self.group_held[q * t.periods + p] -= 1;
            if self.group_held[q * t.periods + p] == 0 {
                self.group_day[q * t.days + d] &= !(1 << (p % t.ppd));
            }
        }
    }

    fn place(&mut self, l: usize, slot: usize) {
        let t = self.tables;
        let c = t.course_of[l] as usize;
        let (p, r) = (slot / t.rooms, slot % t.rooms);
        let d = p / t.ppd;
        self.slot_of[l] = slot as u32;
        self.holder[slot] = l as u16;
        self.held[c * t.periods + p] += 1;
        set(&mut self.present[p], c);
        self.days_used[c] += i32::from(self.on_day[c * t.days + d] == 0);
        self.on_day[c * t.days + d] += 1;
        self.in_room[c * t.rooms + r] += 1;
        for &q in &t.curricula_of[c] {
            let q = q as usize;
            self.group_held[q * t.periods + p] += 1;
            self.group_day[q * t.days + d] |= 1 << (p % t.ppd);
        }
    }

    /// (hard, soft) from the counters, for the start and for tests.
    pub fn full_cost(&self) -> (i32, i32) {
        let t = self.tables;
        let (mut pairs, mut hard, mut soft) = (0, 0, 0);
        for c in 0..t.courses {
            for p in 0..t.periods {
                let n = i32::from(self.held[c * t.periods + p]);
                if n > 0 {
                    hard += n - 1 + n * FORBIDDEN * i32::from(t.forbidden[c * t.periods + p]);
                    pairs += (0..W)
                        .map(|w| (t.conflict[c][w] & self.present[p][w]).count_ones() as i32)
                        .sum::<i32>();
                }
            }
            let row = c * t.rooms..(c + 1) * t.rooms;
            soft += row
                .clone()
                .map(|i| i32::from(self.in_room[i]) * t.seats_short[i])
                .sum::<i32>();
            soft += (row.filter(|&i| self.in_room[i] > 0).count() as i32 - 1).max(0);
            soft += 5 * (t.min_days[c] - self.days_used[c]).max(0);
        }
        soft += self.group_day.iter().map(|&m| 2 * t.isolated(m)).sum::<i32>();
        (hard + pairs / 2, soft)
    }
}
