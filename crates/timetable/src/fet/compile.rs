//! Compiles a FET file to the general core. Activities that must start together become one event.

use super::model::{Constraint, Institution, Kind, Who};
use super::rules::{FewRooms, InRow, Last, Occupied, Pair, Pairs, Walks, Week};
use super::solution::{Place, Solution};
use crate::engine::{
    CostFunction, Event, Level, Limits, Mask, NO_TIME, NONE, Open, Placement, Problem, Rule,
};
use std::collections::HashMap;
use std::sync::Arc;

const UNLIMITED: i64 = 1 << 40;

/// A compiled file and the way back.
pub(super) struct Compiled {
    pub problem: Problem,
    week: Arc<Week>,
    event_of: Vec<usize>,
    open_of: Vec<Option<usize>>,
    atom_base: usize,
}

fn root(parents: &mut [usize], mut i: usize) -> usize {
    while parents[i] != i {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    i
}

/// Activities that are held as one: they must start together, are equally long, and share nobody.
fn merged(i: &Institution) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..i.activities.len()).collect();
    let mut people: Vec<Vec<Who>> = i
        .activities
        .iter()
        .map(|a| {
            a.teachers
                .iter()
                .map(|&t| Who::Teacher(t))
                .chain(a.atoms.iter().map(|&s| Who::Students(s)))
                .collect()
        })
        .collect();
    for c in i.constraints.iter().filter(|c| c.hard()) {
        let Kind::SameStart { activities } = &c.kind else {
            continue;
        };
        for pair in activities.windows(2) {
            let (a, b) = (root(&mut parents, pair[0]), root(&mut parents, pair[1]));
            let apart = !people[a].iter().any(|p| people[b].contains(p));
            if a != b && apart && i.activities[a].duration == i.activities[b].duration {
                let more = std::mem::take(&mut people[b]);
                people[a].extend(more);
                parents[b] = a;
            }
        }
    }
    (0..parents.len()).map(|a| root(&mut parents, a)).collect()
}

impl Compiled {
    /// Compiles `institution`.
    pub fn new(institution: &Institution) -> Self {
        let i = institution;
        let atom_base = i.teachers.len();
        let room_base = atom_base + i.atoms.len();
        let exclusive = i
            .constraints
            .iter()
            .filter(|c| matches!(c.kind, Kind::NotOverlapping { .. }))
            .count();
        let mut problem = Problem::new(i.slots(), 1, room_base + i.rooms.len() + exclusive);
        let week = Week {
            hours: i.hours.len(),
            breaks: i.breaks(),
            room_base,
            buildings: i.rooms.iter().map(|r| r.building).collect(),
            institution: Arc::new(i.clone()),
        };
        let roots = merged(i);
        let mut known = HashMap::new();
        let (mut event_of, mut open_of) = (Vec::new(), Vec::new());
        for (a, rooms) in i.allowed_rooms().into_iter().enumerate() {
            let activity = &i.activities[a];
            let e = *known.entry(roots[a]).or_insert_with(|| {
                let d = activity.duration;
                let hours = i.hours.len();
                let starts = (0..i.slots())
                    .filter(|t| t % hours + d <= hours)
                    .map(|t| t as u16)
                    .collect();
                problem.events.push(Event {
                    duration: d,
                    partitions: vec![vec![d]],
                    starts: [vec![Vec::new(); d], vec![starts]].concat(),
                    ..Event::default()
                });
                problem.events.len() - 1
            });
            let event = &mut problem.events[e];
            event.fixed.extend(activity.teachers.iter().map(|&t| t as u32));
            event
                .fixed
                .extend(activity.atoms.iter().map(|&s| (atom_base + s) as u32));
            event_of.push(e);
            open_of.push(rooms.map(|(rooms, must)| {
                let candidates = rooms.iter().map(|r| (room_base + r) as u32).collect();
                event.open.push(Open {
                    candidates,
                    optional: !must,
                    weeks: vec![0],
                    load: 0,
                });
                event.open.len() - 1
            }));
        }
        let mut c = Compiled {
            problem,
            week: Arc::new(week),
            event_of,
            open_of,
            atom_base,
        };
        for row in 0..room_base + i.rooms.len() {
            c.problem.add(Level::HARD, Rule::Clash { row });
        }
        for a in 0..i.activities.len() {
            let event = c.event_of[a];
            c.problem.add(
                Level {
                    weight: 2,
                    ..Level::HARD
                },
                Rule::AssignTime { event },
            );
            if let Some(open) = c.open_of[a] {
                let must = !c.problem.events[event].open[open].optional;
                let level = if must {
                    Level {
                        weight: 1,
                        ..Level::HARD
                    }
                } else {
                    Level::soft(1)
                };
                c.problem.add(level, Rule::AssignResource { event, open });
            }
        }
        let mut extra = room_base + i.rooms.len();
        for constraint in &i.constraints {
            c.add(i, constraint, &mut extra);
        }
        c.problem.finish();
        c
    }

    fn row(&self, who: Who) -> usize {
        match who {
            Who::Teacher(t) => t,
            Who::Students(s) => self.atom_base + s,
            Who::Room(r) => self.week.room_base + r,
        }
    }

    fn members(&self, activities: &[usize]) -> Vec<(usize, Option<usize>)> {
        activities
            .iter()
            .map(|&a| (self.event_of[a], self.open_of[a]))
            .collect()
    }

    /// Takes starts away where any are left.
    fn restrict(&mut self, event: usize, keep: &dyn Fn(usize, usize) -> bool) {
        let length = self.problem.events[event].duration;
        for starts in &mut self.problem.events[event].starts {
            let some: Vec<u16> = starts
                .iter()
                .copied()
                .filter(|&t| keep(usize::from(t), length))
                .collect();
            if !some.is_empty() {
                *starts = some;
            }
        }
    }

    fn starts(&mut self, level: Level, activities: &[usize], liked: &dyn Fn(usize, usize) -> bool) {
        for &a in activities {
            let event = self.event_of[a];
            let length = self.problem.events[event].duration;
            let times = Mask::of(
                self.problem.times,
                (0..self.problem.times).filter(|&t| liked(t, length)),
            );
            if level.hard {
                self.restrict(event, &|t, _| times.has(t));
            }
            // Counted once per activity, not per hour.
            let level = Level {
                cost: CostFunction::SumSteps,
                ..level
            };
            self.problem.add(
                level,
                Rule::PreferTimes {
                    event,
                    duration: None,
                    times,
                },
            );
        }
    }

    fn add(&mut self, i: &Institution, c: &Constraint, extra: &mut usize) {
        let level = if c.hard() {
            Level::HARD
        } else {
            Level::soft(c.soft_weight())
        };
        let n = i.slots();
        let set = |slots: &[usize]| {
            let mut on = vec![false; n];
            slots.iter().for_each(|&t| on[t] = true);
            on
        };
        let custom =
            |c: &mut Self, rule: Arc<dyn crate::engine::Custom>| c.problem.add(level, Rule::Custom(rule));
        match &c.kind {
            Kind::Compulsory | Kind::Rooms { .. } | Kind::HomeRooms { .. } => {}
            Kind::NotAvailable { who, slots } => {
                let times = Mask::of(n, slots.iter().copied());
                let rows: Vec<usize> = who.iter().map(|&w| self.row(w)).collect();
                for &row in &rows {
                    self.problem.add(
                        level,
                        Rule::Unavailable {
                            row,
                            times: times.clone(),
                        },
                    );
                }
                if level.hard {
                    for e in 0..self.problem.events.len() {
                        if self.problem.events[e]
                            .fixed
                            .iter()
                            .any(|&r| rows.contains(&(r as usize)))
                        {
                            self.restrict(e, &|t, d| !(t..t + d).any(|q| times.has(q)));
                        }
                    }
                }
            }
            Kind::Break { slots } => {
                let on = set(slots);
                let all: Vec<usize> = (0..i.activities.len()).collect();
                self.starts(level, &all, &|t, d| !(t..(t + d).min(n)).any(|q| on[q]));
            }
            Kind::Starts { activities, slots } => {
                let on = set(slots);
                self.starts(level, activities, &|t, _| on[t]);
            }
            Kind::Within { activities, slots } => {
                let on = set(slots);
                self.starts(level, activities, &|t, d| (t..t + d).all(|q| q < n && on[q]));
            }
            Kind::MaxDaily { who, hours } => self.daily(i, level, who, 0, *hours as i64),
            Kind::MinDaily { who, hours, empty } => {
                self.daily(i, level, who, *hours as i64, UNLIMITED);
                if !empty {
                    let shape = self.days(i);
                    for &w in who {
                        let limits = Limits {
                            min: i.days.len() as i64,
                            max: UNLIMITED,
                        };
                        self.problem.add(
                            level,
                            Rule::Cluster {
                                row: self.row(w),
                                shape,
                                limits,
                            },
                        );
                    }
                }
            }
            Kind::DaysApart {
                activities,
                days,
                adjacent,
            } => {
                let pair = Pair::DaysApart {
                    days: *days,
                    adjacent: *adjacent,
                };
                let rule = Pairs {
                    week: self.week.clone(),
                    pair,
                    members: self.members(activities),
                };
                custom(self, Arc::new(rule));
            }
            Kind::Gaps { activities, hours } => {
                let pair = Pair::Gaps { hours: *hours };
                let rule = Pairs {
                    week: self.week.clone(),
                    pair,
                    members: self.members(activities),
                };
                custom(self, Arc::new(rule));
            }
            Kind::SameStart { activities } => {
                let members = self.members(activities);
                if members.iter().any(|m| m.0 != members[0].0) {
                    custom(
                        self,
                        Arc::new(Pairs {
                            week: self.week.clone(),
                            pair: Pair::SameStart,
                            members,
                        }),
                    );
                }
            }
            Kind::SameHour { activities } => {
                let members = self.members(activities);
                custom(
                    self,
                    Arc::new(Pairs {
                        week: self.week.clone(),
                        pair: Pair::SameHour,
                        members,
                    }),
                );
            }
            Kind::SameRoomInRow { activities } => {
                let members = self.members(activities);
                custom(
                    self,
                    Arc::new(Pairs {
                        week: self.week.clone(),
                        pair: Pair::SameRoomInRow,
                        members,
                    }),
                );
            }
            Kind::NotOverlapping { activities } => {
                for &a in activities {
                    self.problem.events[self.event_of[a]].fixed.push(*extra as u32);
                }
                self.problem.add(level, Rule::Clash { row: *extra });
                *extra += 1;
            }
            Kind::Consecutive { first, second } => {
                let (first, second) = (self.event_of[*first], self.event_of[*second]);
                custom(
                    self,
                    Arc::new(InRow {
                        week: self.week.clone(),
                        first,
                        second,
                    }),
                );
            }
            Kind::EndsDay { activities } => {
                for &a in activities {
                    let rows = i.activities[a].atoms.iter().map(|s| self.atom_base + s).collect();
                    custom(
                        self,
                        Arc::new(Last {
                            week: self.week.clone(),
                            event: self.event_of[a],
                            rows,
                        }),
                    );
                }
            }
            Kind::OccupyMax {
                activities,
                slots,
                max,
            } => {
                let mut events: Vec<usize> = activities.iter().map(|&a| self.event_of[a]).collect();
                events.sort_unstable();
                events.dedup();
                custom(
                    self,
                    Arc::new(Occupied {
                        events,
                        slots: set(slots),
                        max: *max,
                    }),
                );
            }
            Kind::MaxRooms { activities, max } => {
                let choices = self
                    .members(activities)
                    .into_iter()
                    .filter_map(|(e, o)| o.map(|o| (e, o)))
                    .collect();
                custom(self, Arc::new(FewRooms { choices, max: *max }));
            }
            Kind::BuildingChanges { teacher, max } => {
                let own: Vec<usize> = (0..i.activities.len())
                    .filter(|&a| i.activities[a].teachers.contains(teacher))
                    .collect();
                custom(
                    self,
                    Arc::new(Walks {
                        week: self.week.clone(),
                        members: self.members(&own),
                        max: *max,
                    }),
                );
            }
        }
    }

    fn days(&mut self, i: &Institution) -> usize {
        let (n, hours) = (i.slots(), i.hours.len());
        let masks = (0..i.days.len())
            .map(|d| Mask::of(n, d * hours..(d + 1) * hours))
            .collect();
        self.problem.shape(masks)
    }

    fn daily(&mut self, i: &Institution, level: Level, who: &[Who], min: i64, max: i64) {
        let shape = self.days(i);
        for &w in who {
            self.problem.add(
                level,
                Rule::Busy {
                    row: self.row(w),
                    shape,
                    limits: Limits { min, max },
                },
            );
        }
    }

    /// The solution a placement stands for.
    pub fn solution(&self, placement: &Placement) -> Solution {
        let place = |a: usize| {
            let meet = self.problem.first_meet[self.event_of[a]] as usize;
            let slot = placement.time[meet];
            let chosen =
                self.open_of[a].map(|o| placement.chosen[self.problem.first_choice[meet] as usize + o]);
            let room = chosen
                .filter(|&r| r != NONE)
                .map(|r| r as usize - self.week.room_base);
            (slot != NO_TIME).then_some(Place {
                slot: usize::from(slot),
                room,
            })
        };
        Solution {
            places: (0..self.event_of.len()).map(place).collect(),
        }
    }
}
