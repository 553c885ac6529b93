//! The state of the search: a complete assignment with the counters from which a move's exact change of cost follows.

mod moves;
mod tables;

pub(super) use tables::Tables;

use super::solution::{Place, Solution};
use crate::rng::Rng;
use tables::{has, set};

/// What one hard violation weighs at first.
pub(super) const HARD: i32 = 20;
/// A lecture in a forbidden period counts as this many conflicts: while it is hot, conflicts may come and go, but a
/// lecture that slips into such a period at one conflict's price often never leaves.
const FORBIDDEN: i32 = 10;
const FREE: u16 = u16::MAX;

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
