//! Candidate moves, their exact change of cost without apply and undo, and carrying one out.
//!
//! Two neighbourhoods: put a lecture at a (period, room), and if another lecture holds that place, the two swap; or aim:
//! put it in a period where at most one lecture is in conflict with it, which changes periods with it (the smallest Kempe
//! chain), each in the room that suits it best. So no two lectures ever share a room, and only conflicts and forbidden
//! periods are hard. They are tested first, by bitsets, because most candidates die there.

use super::tables::{has, set, unset};
use super::{FORBIDDEN, FREE, State};
use crate::rng::Rng;

/// A candidate: `lecture` goes to `slot`, and `other`, if any, from that period to `back` in the period it leaves. The
/// two places are free or those of the two lectures.
#[derive(Clone, Copy)]
pub(in super::super) struct Move {
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

impl<const W: usize> State<'_, W> {
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
        let hard = self.hard_delta(c, own, p, x);
        let mut soft = self.time_delta(c, own, p, x);
        let mut rooms = self.room_cost(c, r1);
        let mut there = usize::MAX;
        if x != usize::MAX {
            there = (p * t.rooms..(p + 1) * t.rooms)
                .find(|&s| self.holder[s] != FREE && t.course_of[self.holder[s] as usize] as usize == x)?;
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

    /// The change of hard cost when a lecture of `c` goes from period `p1` to another, `p2`, and one of `other`, if any,
    /// the other way.
    #[inline]
    fn hard_delta(&self, c: usize, p1: usize, p2: usize, other: usize) -> i32 {
        let mut hard = self.clashes(c, p2, other) - self.relief(c, p1);
        if other != usize::MAX {
            hard += self.clashes(other, p1, c) - self.relief(other, p2);
        }
        hard
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
        let hard = if p1 == p2 {
            0
        } else {
            self.hard_delta(c, p1, p2, other)
        };
        let gain = t.gain[c] + if other == usize::MAX { 0 } else { t.gain[other] };
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

    pub(super) fn place(&mut self, l: usize, slot: usize) {
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
}
