//! The validator: what a solution breaks, straight from the constraints. It shares nothing with the search.

use super::model::{Constraint, Institution, Kind, Who};
use super::solution::Solution;
use std::collections::BTreeSet;

/// Violations and costs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    /// Hard violations; 0 is what FET calls a complete timetable.
    pub hard: i64,
    /// Weighted soft violations.
    pub soft: i64,
    /// Activities without a time.
    pub unplaced: usize,
    /// Line, name and cost of each constraint that is broken.
    pub broken: Vec<(usize, String, i64)>,
}

struct Facts<'a> {
    i: &'a Institution,
    s: &'a Solution,
    hours: usize,
    breaks: Vec<bool>,
}

/// Scores `solution`.
pub fn check(i: &Institution, solution: &Solution) -> Score {
    let f = Facts {
        i,
        s: solution,
        hours: i.hours.len(),
        breaks: i.breaks(),
    };
    let mut score = Score {
        unplaced: solution.places.iter().filter(|p| p.is_none()).count(),
        ..Score::default()
    };
    score.hard = f.compulsory();
    if score.hard > 0 {
        score
            .broken
            .push((0, "ConstraintBasicCompulsory".into(), score.hard));
    }
    // An activity that would rather have a room than none.
    for ((rooms, place), activity) in i.allowed_rooms().iter().zip(&solution.places).zip(&i.activities) {
        if let Some((_, false)) = rooms
            && place.is_none_or(|p| p.room.is_none())
        {
            score.soft += activity.duration as i64;
        }
    }
    for c in &i.constraints {
        let violations = f.violations(c);
        let cost = if c.hard() {
            violations
        } else {
            violations * c.soft_weight()
        };
        if c.hard() {
            score.hard += cost;
        } else {
            score.soft += cost;
        }
        if cost > 0 {
            score.broken.push((c.line, c.name.clone(), cost));
        }
    }
    score
}

impl Facts<'_> {
    /// Slots of an activity.
    fn span(&self, a: usize) -> Option<std::ops::Range<usize>> {
        self.s.places[a].map(|p| p.slot..p.slot + self.i.activities[a].duration)
    }

    fn occupies(&self, a: usize, who: Who) -> bool {
        let activity = &self.i.activities[a];
        match who {
            Who::Teacher(t) => activity.teachers.contains(&t),
            Who::Students(s) => activity.atoms.contains(&s),
            Who::Room(r) => self.s.places[a].is_some_and(|p| p.room == Some(r)),
        }
    }

    /// How many activities hold `who` at each slot.
    fn counts(&self, who: Who) -> Vec<i64> {
        let mut counts = vec![0; self.i.slots()];
        for a in (0..self.i.activities.len()).filter(|&a| self.occupies(a, who)) {
            for t in self.span(a).into_iter().flatten().filter(|&t| t < self.i.slots()) {
                counts[t] += 1;
            }
        }
        counts
    }

    fn everyone(&self) -> impl Iterator<Item = Who> {
        let teachers = (0..self.i.teachers.len()).map(Who::Teacher);
        let students = (0..self.i.atoms.len()).map(Who::Students);
        teachers
            .chain(students)
            .chain((0..self.i.rooms.len()).map(Who::Room))
    }

    /// Times and rooms missing or wrong, activities over the end of a day, and clashes.
    fn compulsory(&self) -> i64 {
        let mut bad = 0;
        for ((a, activity), rooms) in self.i.activities.iter().enumerate().zip(self.i.allowed_rooms()) {
            let length = activity.duration as i64;
            let place = self.s.places[a];
            match place {
                None => bad += 2 * length,
                Some(p) if p.slot % self.hours + activity.duration > self.hours => bad += length,
                Some(_) => {}
            }
            if let Some((rooms, must)) = rooms {
                let room = place.and_then(|p| p.room);
                let wrong = room.map_or(must, |r| !rooms.contains(&r));
                bad += if wrong { length } else { 0 };
            }
        }
        let over = |w: Who| self.counts(w).iter().map(|n| (n - 1).max(0)).sum::<i64>();
        bad + self.everyone().map(over).sum::<i64>()
    }

    /// Sum of `f` over the placed pairs of some activities.
    fn pairs(&self, activities: &[usize], f: impl Fn(usize, usize) -> i64) -> i64 {
        let placed: Vec<usize> = activities
            .iter()
            .copied()
            .filter(|&a| self.s.places[a].is_some())
            .collect();
        let mut sum = 0;
        for (k, &a) in placed.iter().enumerate() {
            sum += placed[k + 1..].iter().map(|&b| f(a, b)).sum::<i64>();
        }
        sum
    }

    fn violations(&self, c: &Constraint) -> i64 {
        let start = |a: usize| self.s.places[a].map_or(0, |p| p.slot);
        let end = |a: usize| start(a) + self.i.activities[a].duration;
        let day = |a: usize| start(a) / self.hours;
        let outside = |activities: &[usize], ok: &dyn Fn(std::ops::Range<usize>) -> bool| {
            activities
                .iter()
                .filter_map(|&a| self.span(a))
                .filter(|s| !ok(s.clone()))
                .count() as i64
        };
        let per_day = |w: Who| -> Vec<i64> {
            self.counts(w)
                .chunks(self.hours)
                .map(|d| d.iter().filter(|&&n| n > 0).count() as i64)
                .collect()
        };
        match &c.kind {
            Kind::Compulsory | Kind::Rooms { .. } | Kind::HomeRooms { .. } => 0,
            Kind::NotAvailable { who, slots } => {
                let busy = |w: &Who| {
                    let counts = self.counts(*w);
                    slots.iter().filter(|&&t| counts[t] > 0).count() as i64
                };
                who.iter().map(busy).sum()
            }
            Kind::Break { slots } => {
                let all: Vec<usize> = (0..self.i.activities.len()).collect();
                outside(&all, &|mut s| !s.any(|t| slots.contains(&t)))
            }
            Kind::Starts { activities, slots } => outside(activities, &|s| slots.contains(&s.start)),
            Kind::Within { activities, slots } => outside(activities, &|mut s| s.all(|t| slots.contains(&t))),
            Kind::MaxDaily { who, hours } => who
                .iter()
                .flat_map(|&w| per_day(w))
                .map(|n| (n - *hours as i64).max(0))
                .sum(),
            Kind::MinDaily { who, hours, empty } => {
                let short = |n: i64| match n {
                    0 => i64::from(!empty),
                    n => (*hours as i64 - n).max(0),
                };
                who.iter().flat_map(|&w| per_day(w)).map(short).sum()
            }
            Kind::DaysApart {
                activities,
                days,
                adjacent,
            } => self.pairs(activities, |a, b| {
                let short = (*days as i64 - day(a).abs_diff(day(b)) as i64).max(0);
                short + i64::from(*adjacent && day(a) == day(b) && end(a) != start(b) && end(b) != start(a))
            }),
            Kind::Gaps { activities, hours } => self.pairs(activities, |a, b| {
                let (a, b) = if start(a) < start(b) { (a, b) } else { (b, a) };
                let free = start(b).saturating_sub(end(a));
                if day(a) == day(b) {
                    hours.saturating_sub(free) as i64
                } else {
                    0
                }
            }),
            Kind::NotOverlapping { activities } => {
                let mut counts = vec![0i64; self.i.slots()];
                for t in activities
                    .iter()
                    .filter_map(|&a| self.span(a))
                    .flatten()
                    .filter(|&t| t < self.i.slots())
                {
                    counts[t] += 1;
                }
                counts.iter().map(|n| (n - 1).max(0)).sum()
            }
            Kind::SameStart { activities } => self.pairs(activities, |a, b| i64::from(start(a) != start(b))),
            Kind::SameHour { activities } => self.pairs(activities, |a, b| {
                i64::from(start(a) % self.hours != start(b) % self.hours)
            }),
            Kind::Consecutive { first, second } => self.pairs(&[*first, *second], |a, b| {
                i64::from(!self.i.follows(&self.breaks, end(a), start(b)))
            }),
            Kind::EndsDay { activities } => {
                let late = |a: &&usize| {
                    let day_end = (day(**a) + 1) * self.hours;
                    let busy = |s: &usize| {
                        let counts = self.counts(Who::Students(*s));
                        (end(**a)..day_end).any(|t| counts[t] > 0)
                    };
                    self.s.places[**a].is_some() && self.i.activities[**a].atoms.iter().any(busy)
                };
                activities.iter().filter(late).count() as i64
            }
            Kind::OccupyMax {
                activities,
                slots,
                max,
            } => {
                let used: BTreeSet<usize> = activities
                    .iter()
                    .filter_map(|&a| self.span(a))
                    .flatten()
                    .filter(|t| slots.contains(t))
                    .collect();
                (used.len() as i64 - *max as i64).max(0)
            }
            Kind::MaxRooms { activities, max } => {
                let rooms: BTreeSet<usize> = activities
                    .iter()
                    .filter_map(|&a| self.s.places[a]?.room)
                    .collect();
                (rooms.len() as i64 - *max as i64).max(0)
            }
            Kind::SameRoomInRow { activities } => self.pairs(activities, |a, b| {
                let row = self.i.follows(&self.breaks, end(a), start(b))
                    || self.i.follows(&self.breaks, end(b), start(a));
                let room = |a: usize| self.s.places[a].and_then(|p| p.room);
                i64::from(row && room(a).is_some() && room(b).is_some() && room(a) != room(b))
            }),
            Kind::BuildingChanges { teacher, max } => {
                let own =
                    (0..self.i.activities.len()).filter(|&a| self.i.activities[a].teachers.contains(teacher));
                let mut stops: Vec<(usize, usize)> = own
                    .filter_map(|a| {
                        let p = self.s.places[a]?;
                        Some((p.slot, self.i.rooms[p.room?].building?))
                    })
                    .collect();
                stops.sort_unstable();
                let changes = |d: usize| {
                    let day: Vec<usize> = stops
                        .iter()
                        .filter(|s| s.0 / self.hours == d)
                        .map(|s| s.1)
                        .collect();
                    day.windows(2).filter(|w| w[0] != w[1]).count() as i64
                };
                (0..self.i.days.len())
                    .map(|d| (changes(d) - *max as i64).max(0))
                    .sum()
            }
        }
    }
}
