//! Compiles each constraint of the list to rules of the core.

use super::compile::{Compiled, weight};
use super::constraint::{Kind, Level, SCHOOL_DAYS, is_morning};
use crate::engine::{Level as Weight, Limits, Mask, Rule};

const UNLIMITED: i64 = 1 << 40;

impl Compiled<'_> {
    pub(super) fn add_constraints(&mut self) {
        let mut extra = self.extra;
        let school = self.school;
        for c in &school.constraints {
            self.add_constraint(&c.kind, c.level, &mut extra);
        }
    }

    fn days(&mut self) -> usize {
        let masks = self
            .school
            .grid
            .by_day()
            .into_iter()
            .map(|d| self.mask(d))
            .collect();
        self.problem.shape(masks)
    }

    fn halves(&mut self) -> usize {
        let masks = self
            .school
            .grid
            .half_days()
            .into_iter()
            .map(|d| self.mask(d))
            .collect();
        self.problem.shape(masks)
    }

    /// Counts the starts of some events on each day.
    fn per_day(&mut self, w: Weight, events: &[usize], min: i64, max: i64) {
        let shape = self.days();
        let limits = vec![Limits { min, max }; self.school.grid.days];
        let events = counted(events);
        self.problem.add(
            w,
            Rule::Spread {
                events,
                shape,
                limits,
                first: 0,
            },
        );
    }

    fn close(&mut self, level: Level, resources: &[usize], slots: &[usize], weeks: Option<super::WeekSet>) {
        let times = self.mask(slots.iter().copied());
        for &r in resources {
            for row in self.rows(r, weeks) {
                self.problem.add(
                    weight(level),
                    Rule::Unavailable {
                        row,
                        times: times.clone(),
                    },
                );
            }
        }
        if level == Level::Hard && weeks.is_none() {
            let mut events: Vec<usize> = resources
                .iter()
                .flat_map(|&r| self.occupied[r].iter().copied())
                .collect();
            events.sort_unstable();
            events.dedup();
            for e in events {
                let length = self.problem.events[e].duration;
                self.restrict(e, &|t| !(t..t + length).any(|q| times.has(q)));
            }
        }
    }

    fn prefer(&mut self, level: Level, lesson: usize, liked: &dyn Fn(usize, usize) -> bool) {
        for event in self.events(lesson) {
            let length = self.problem.events[event].duration;
            let times = self.mask((0..self.problem.times).filter(|&t| liked(t, length)));
            if level == Level::Hard {
                self.restrict(event, &|t| times.has(t));
            }
            self.problem.add(
                weight(level),
                Rule::PreferTimes {
                    event,
                    duration: None,
                    times,
                },
            );
        }
    }

    fn add_constraint(&mut self, kind: &Kind, level: Level, extra: &mut usize) {
        let s = self.school;
        let w = weight(level);
        match kind {
            Kind::NoClash
            | Kind::Placed
            | Kind::Consecutive
            | Kind::RoomFits
            | Kind::Joined
            | Kind::PracticeWeek { .. } => {}
            Kind::TeacherUnavailable {
                teacher,
                slots,
                weeks,
            } => {
                self.close(level, &[self.teacher_base + teacher], slots, *weeks);
            }
            Kind::Closed {
                classes,
                teachers,
                rooms,
                slots,
                ..
            } => {
                let atoms = |&c: &usize| self.class_base[c]..self.class_base[c] + s.atoms(c).len();
                let mut resources: Vec<usize> = classes.iter().flat_map(atoms).collect();
                resources.extend(teachers.iter().map(|t| self.teacher_base + t));
                resources.extend(rooms.iter().map(|r| self.room_base + r));
                self.close(level, &resources, slots, None);
            }
            Kind::Fixed {
                lesson,
                block,
                slot,
                room,
            } => {
                let event = self.event_of[*lesson][*block];
                let times = self.mask([*slot]);
                if level == Level::Hard {
                    self.restrict(event, &|t| t == *slot);
                }
                self.problem.add(
                    w,
                    Rule::PreferTimes {
                        event,
                        duration: None,
                        times,
                    },
                );
                if let (Some(r), Some(open)) = (room, self.open_of[*lesson][*block]) {
                    let wanted = self.room_base + r;
                    self.problem.sets.push(Mask::of(self.problem.resources, [wanted]));
                    let set = self.problem.sets.len() - 1;
                    self.problem.add(w, Rule::PreferResource { event, open, set });
                    let candidates = &mut self.problem.events[event].open[open].candidates;
                    if level == Level::Hard && candidates.contains(&(wanted as u32)) {
                        *candidates = vec![wanted as u32];
                    }
                }
            }
            Kind::SpreadDays { lesson } => {
                let days = s.grid.by_day();
                let masks = days.windows(2).map(|d| self.mask(d.concat())).collect::<Vec<_>>();
                let limits = vec![Limits { min: 0, max: 1 }; masks.len()];
                let shape = self.problem.shape(masks);
                let events = counted(&self.events(*lesson));
                self.problem.add(
                    w,
                    Rule::Spread {
                        events,
                        shape,
                        limits,
                        first: 0,
                    },
                );
            }
            Kind::OncePerDay { lessons } => {
                for &l in lessons {
                    self.per_day(w, &self.events(l), 0, 1);
                }
            }
            Kind::MorningFirst { lessons } => {
                for &l in lessons {
                    self.prefer(level, l, &|t, _| is_morning(s, t));
                }
            }
            Kind::AvoidPeriods { lessons, periods } => {
                for &l in lessons {
                    self.prefer(level, l, &|t, n| {
                        !(t..t + n).any(|q| periods.contains(&(q % s.grid.periods())))
                    });
                }
            }
            Kind::TeacherDailyMax { teachers, max } => {
                let (shape, limits) = (
                    self.days(),
                    Limits {
                        min: 0,
                        max: *max as i64,
                    },
                );
                for &t in teachers {
                    for row in self.rows(self.teacher_base + t, None) {
                        self.problem.add(w, Rule::Busy { row, shape, limits });
                    }
                }
            }
            Kind::TeacherGaps { teachers, max } => {
                let (shape, limits) = (
                    self.days(),
                    Limits {
                        min: 0,
                        max: *max as i64,
                    },
                );
                for &t in teachers {
                    for row in self.rows(self.teacher_base + t, None) {
                        self.problem.add(w, Rule::Idle { row, shape, limits });
                    }
                }
            }
            Kind::HalfDays { teacher, max } => {
                let (shape, limits) = (
                    self.halves(),
                    Limits {
                        min: 0,
                        max: *max as i64,
                    },
                );
                for row in self.rows(self.teacher_base + teacher, None) {
                    self.problem.add(w, Rule::Cluster { row, shape, limits });
                }
            }
            Kind::EvenProgress { lessons } => {
                let lessons = lessons.iter().map(|&l| self.events(l)).collect();
                self.problem.add(w, Rule::Progress { lessons });
            }
            Kind::CampusGap { teachers, gap } => {
                let from = self.mask((0..self.problem.times).filter(|&t| s.grid.fits(t, 2)));
                for &t in teachers {
                    let first = *extra;
                    *extra += s.campuses.len();
                    for i in 0..self.taught[t].len() {
                        let l = self.taught[t][i];
                        self.occupy(l, first + s.campus(l));
                    }
                    for p in 0..self.problem.weeks {
                        let rows = (0..s.campuses.len())
                            .map(|c| (first + c) * self.problem.weeks + p)
                            .collect();
                        self.problem.add(
                            w,
                            Rule::Travel {
                                rows,
                                from: from.clone(),
                                gap: *gap,
                            },
                        );
                    }
                }
            }
            Kind::Simultaneous { lessons } => self.link(w, lessons),
            Kind::WeekPair { odd, even } => self.link(w, &[*odd, *even]),
            Kind::Exclusive {
                lessons,
                same_day: false,
            } => {
                let resource = *extra;
                *extra += 1;
                for &l in lessons {
                    self.occupy(l, resource);
                }
                for row in self.rows(resource, None) {
                    self.problem.add(w, Rule::Clash { row });
                }
            }
            Kind::Exclusive {
                lessons,
                same_day: true,
            } => {
                let events: Vec<usize> = lessons.iter().flat_map(|&l| self.events(l)).collect();
                self.per_day(w, &events, 0, 1);
            }
            Kind::HomeroomDaily { class } => {
                let Some(teacher) = s.classes[*class].homeroom else {
                    return;
                };
                let own = |l: &&usize| s.lessons[**l].attendees.iter().any(|a| a.class == *class);
                let events: Vec<usize> = self.taught[teacher]
                    .iter()
                    .filter(own)
                    .flat_map(|&l| self.events(l))
                    .collect();
                let shape = self.days();
                let limits = (0..s.grid.days)
                    .map(|day| Limits {
                        min: i64::from(day < SCHOOL_DAYS),
                        max: UNLIMITED,
                    })
                    .collect();
                self.problem.add(
                    w,
                    Rule::Spread {
                        events: counted(&events),
                        shape,
                        limits,
                        first: 0,
                    },
                );
            }
        }
    }

    /// Puts every block of a lesson on another resource's rows too.
    fn occupy(&mut self, lesson: usize, resource: usize) {
        for event in self.events(lesson) {
            let rows = self.weeks[lesson]
                .iter()
                .map(|w| (resource * self.problem.weeks) as u32 + w);
            self.problem.events[event].fixed.extend(rows);
        }
    }

    fn link(&mut self, w: Weight, lessons: &[usize]) {
        let blocks = lessons.iter().map(|&l| self.event_of[l].len()).min().unwrap_or(0);
        for b in 0..blocks {
            let mut events: Vec<usize> = lessons.iter().map(|&l| self.event_of[l][b]).collect();
            events.sort_unstable();
            events.dedup();
            if events.len() > 1 {
                self.problem.add(w, Rule::Link { events });
            }
        }
    }
}

/// Events with how often each counts.
fn counted(events: &[usize]) -> Vec<(usize, i32)> {
    let mut list: Vec<(usize, i32)> = Vec::new();
    for &e in events {
        match list.iter_mut().find(|x| x.0 == e) {
            Some(x) => x.1 += 1,
            None => list.push((e, 1)),
        }
    }
    list
}
