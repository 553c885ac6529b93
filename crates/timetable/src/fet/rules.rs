//! FET's own rules for the general core, those that its common rules do not cover.

use super::model::Institution;
use crate::engine::{Custom, NO_TIME, NONE, State};
use std::sync::Arc;

/// What all rules of a file need to know.
#[derive(Debug)]
pub(super) struct Week {
    pub hours: usize,
    pub breaks: Vec<bool>,
    /// First room resource, and building of each room.
    pub room_base: usize,
    pub buildings: Vec<Option<usize>>,
    pub institution: Arc<Institution>,
}

/// What is asked of every pair of activities.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pair {
    DaysApart { days: usize, adjacent: bool },
    Gaps { hours: usize },
    SameStart,
    SameHour,
    SameRoomInRow,
}

/// A rule on each pair of its members.
#[derive(Debug)]
pub(super) struct Pairs {
    pub week: Arc<Week>,
    pub pair: Pair,
    /// Event and open position of each member.
    pub members: Vec<(usize, Option<usize>)>,
}

/// Meet, start and end of a placed event.
fn span(s: &State, event: usize) -> Option<(usize, usize, usize)> {
    let m = s.problem.first_meet[event] as usize;
    let start = s.time[m];
    (start != NO_TIME).then(|| {
        (
            m,
            usize::from(start),
            usize::from(start) + usize::from(s.duration[m]),
        )
    })
}

impl Custom for Pairs {
    fn events(&self) -> Vec<usize> {
        let mut events: Vec<usize> = self.members.iter().map(|m| m.0).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    fn rows(&self) -> Vec<usize> {
        Vec::new()
    }

    fn deviation(&self, s: &State) -> i64 {
        let mut sum = 0;
        for (i, a) in self.members.iter().enumerate() {
            let Some(x) = span(s, a.0) else { continue };
            for b in &self.members[i + 1..] {
                let Some(y) = span(s, b.0) else { continue };
                sum += self.of_pair(s, (a.1, x), (b.1, y));
            }
        }
        sum
    }
}

type Member = (Option<usize>, (usize, usize, usize));

impl Pairs {
    fn of_pair(&self, s: &State, (oa, a): Member, (ob, b): Member) -> i64 {
        let hours = self.week.hours;
        let (day_a, day_b) = (a.1 / hours, b.1 / hours);
        match self.pair {
            Pair::DaysApart { days, adjacent } => {
                let short = days as i64 - day_a.abs_diff(day_b) as i64;
                short.max(0) + i64::from(adjacent && day_a == day_b && a.2 != b.1 && b.2 != a.1)
            }
            Pair::Gaps { hours } if day_a == day_b => {
                let free = if a.1 < b.1 {
                    b.1 as i64 - a.2 as i64
                } else {
                    a.1 as i64 - b.2 as i64
                };
                (hours as i64 - free.max(0)).max(0)
            }
            Pair::Gaps { .. } => 0,
            Pair::SameStart => i64::from(a.1 != b.1),
            Pair::SameHour => i64::from(a.1 % hours != b.1 % hours),
            Pair::SameRoomInRow => {
                let week = &self.week.institution;
                let row =
                    week.follows(&self.week.breaks, a.2, b.1) || week.follows(&self.week.breaks, b.2, a.1);
                let room = |o: Option<usize>, m: usize| o.map_or(NONE, |o| s.choice(m, o));
                let (x, y) = (room(oa, a.0), room(ob, b.0));
                i64::from(row && x != NONE && y != NONE && x != y)
            }
        }
    }
}

/// The second right after the first.
#[derive(Debug)]
pub(super) struct InRow {
    pub week: Arc<Week>,
    pub first: usize,
    pub second: usize,
}

impl Custom for InRow {
    fn events(&self) -> Vec<usize> {
        vec![self.first, self.second]
    }

    fn rows(&self) -> Vec<usize> {
        Vec::new()
    }

    fn deviation(&self, s: &State) -> i64 {
        match (span(s, self.first), span(s, self.second)) {
            (Some(a), Some(b)) => i64::from(!self.week.institution.follows(&self.week.breaks, a.2, b.1)),
            _ => 0,
        }
    }
}

/// Nothing after an event on its day on its students' rows.
#[derive(Debug)]
pub(super) struct Last {
    pub week: Arc<Week>,
    pub event: usize,
    pub rows: Vec<usize>,
}

impl Custom for Last {
    fn events(&self) -> Vec<usize> {
        vec![self.event]
    }

    fn rows(&self) -> Vec<usize> {
        self.rows.clone()
    }

    fn deviation(&self, s: &State) -> i64 {
        let Some((_, start, end)) = span(s, self.event) else {
            return 0;
        };
        let day_end = (start / self.week.hours + 1) * self.week.hours;
        i64::from(
            self.rows
                .iter()
                .any(|&row| (end..day_end).any(|t| s.count(row, t) > 0)),
        )
    }
}

/// Different slots of a selection in use by some events.
#[derive(Debug)]
pub(super) struct Occupied {
    pub events: Vec<usize>,
    pub slots: Vec<bool>,
    pub max: usize,
}

impl Custom for Occupied {
    fn events(&self) -> Vec<usize> {
        self.events.clone()
    }

    fn rows(&self) -> Vec<usize> {
        Vec::new()
    }

    fn deviation(&self, s: &State) -> i64 {
        let mut used: Vec<usize> = self
            .events
            .iter()
            .filter_map(|&e| span(s, e))
            .flat_map(|x| x.1..x.2)
            .collect();
        used.retain(|&t| self.slots[t]);
        used.sort_unstable();
        used.dedup();
        (used.len() as i64 - self.max as i64).max(0)
    }
}

/// Different rooms of some choices.
#[derive(Debug)]
pub(super) struct FewRooms {
    pub choices: Vec<(usize, usize)>,
    pub max: usize,
}

impl Custom for FewRooms {
    fn events(&self) -> Vec<usize> {
        let mut events: Vec<usize> = self.choices.iter().map(|c| c.0).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    fn rows(&self) -> Vec<usize> {
        Vec::new()
    }

    fn deviation(&self, s: &State) -> i64 {
        let chosen = self
            .choices
            .iter()
            .map(|&(e, o)| s.choice(s.problem.first_meet[e] as usize, o));
        let mut rooms: Vec<u32> = chosen.filter(|&r| r != NONE).collect();
        rooms.sort_unstable();
        rooms.dedup();
        (rooms.len() as i64 - self.max as i64).max(0)
    }
}

/// Changes of building of one teacher, summed over the days beyond `max` each.
#[derive(Debug)]
pub(super) struct Walks {
    pub week: Arc<Week>,
    /// The teacher's events with their open positions.
    pub members: Vec<(usize, Option<usize>)>,
    pub max: usize,
}

impl Custom for Walks {
    fn events(&self) -> Vec<usize> {
        let mut events: Vec<usize> = self.members.iter().map(|m| m.0).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    fn rows(&self) -> Vec<usize> {
        Vec::new()
    }

    fn deviation(&self, s: &State) -> i64 {
        let building = |m: usize, o: Option<usize>| {
            let r = o.map_or(NONE, |o| s.choice(m, o));
            if r == NONE {
                None
            } else {
                self.week.buildings[r as usize - self.week.room_base]
            }
        };
        let placed = self
            .members
            .iter()
            .filter_map(|&(e, o)| span(s, e).map(|x| (x.1, building(x.0, o))));
        let mut stops: Vec<(usize, usize)> = placed.filter_map(|(t, b)| b.map(|b| (t, b))).collect();
        stops.sort_unstable();
        walks(&stops, self.week.hours, self.max)
    }
}

/// Changes of building beyond `max` a day in a sorted list of (slot, building).
pub(super) fn walks(stops: &[(usize, usize)], hours: usize, max: usize) -> i64 {
    let mut sum = 0;
    for day in stops.chunk_by(|a, b| a.0 / hours == b.0 / hours) {
        let changes = day.windows(2).filter(|w| w[0].1 != w[1].1).count();
        sum += (changes as i64 - max as i64).max(0);
    }
    sum
}
