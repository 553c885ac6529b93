//! Compiles a school to the general core. Blocks that must be held together become one event.

use super::assess::Report;
use super::constraint::{Kind, Level};
use super::model::{Place, RoomNeed, School, Timetable};
use crate::engine::{self, Level as Weight, Mask, NO_TIME, NONE, Open, Placement, Problem, Rule, State};
use std::collections::HashSet;

/// A compiled school and the way back.
pub(super) struct Compiled<'a> {
    pub school: &'a School,
    pub problem: Problem,
    /// Event of each block.
    pub event_of: Vec<Vec<usize>>,
    /// Its open position there, if it needs a room.
    pub open_of: Vec<Vec<Option<usize>>>,
    /// The folded weeks.
    pub patterns: Vec<super::WeekSet>,
    /// Week patterns of each lesson.
    pub weeks: Vec<Vec<u32>>,
    /// Lessons by teacher.
    pub taught: Vec<Vec<usize>>,
    /// Events by the people they always occupy.
    pub occupied: Vec<Vec<usize>>,
    /// First resource of each class's atoms, of teachers, of rooms, and of extra rows (campus of a person, exclusives).
    pub class_base: Vec<usize>,
    pub teacher_base: usize,
    pub room_base: usize,
    pub extra: usize,
}

pub(super) fn weight(level: Level) -> Weight {
    match level {
        Level::Hard => Weight::HARD,
        Level::Soft(w) => Weight::soft(w),
    }
}

/// Root of `i` in a union-find forest.
fn root(parents: &mut [usize], mut i: usize) -> usize {
    while parents[i] != i {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    i
}

impl<'a> Compiled<'a> {
    /// Compiles `school`, which must have passed [`School::check`]. Blocks for which `locked` holds never move.
    pub fn new(school: &'a School, locked: &dyn Fn(usize, usize) -> bool) -> Self {
        let held = school.all_held_weeks();
        let patterns = school.patterns_of(&held);
        let weeks: Vec<Vec<u32>> = held
            .iter()
            .map(|&held| {
                (0..patterns.len())
                    .filter(|&p| !patterns[p].and(held).is_empty())
                    .map(|p| p as u32)
                    .collect()
            })
            .collect();
        let mut class_base = Vec::new();
        let mut next = 0;
        for c in 0..school.classes.len() {
            class_base.push(next);
            next += school.atoms(c).len();
        }
        let (teacher_base, room_base) = (next, next + school.teachers.len());
        let extra = room_base + school.rooms.len();
        let extras = school.constraints.iter().map(|c| match &c.kind {
            Kind::CampusGap { teachers, .. } => teachers.len() * school.campuses.len(),
            Kind::Exclusive { same_day: false, .. } => 1,
            _ => 0,
        });
        let resources = extra + extras.sum::<usize>();
        let problem = Problem::new(school.grid.slots(), patterns.len(), resources);
        let mut c = Compiled {
            school,
            problem,
            event_of: school
                .lessons
                .iter()
                .map(|l| vec![usize::MAX; l.blocks.len()])
                .collect(),
            patterns,
            open_of: school
                .lessons
                .iter()
                .map(|l| vec![None; l.blocks.len()])
                .collect(),
            weeks,
            taught: school.lessons_by_teacher(),
            occupied: vec![Vec::new(); resources],
            class_base,
            teacher_base,
            room_base,
            extra,
        };
        c.add_events(locked);
        c.add_implied();
        c.add_constraints();
        c.problem.finish();
        c
    }

    /// Which blocks are held as one: linked hard, equally long, none of them fixed or locked by itself.
    fn merged(&self, locked: &dyn Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
        let s = self.school;
        let mut first = vec![0];
        for l in &s.lessons {
            first.push(first.last().copied().unwrap_or(0) + l.blocks.len());
        }
        let mut parents: Vec<usize> = (0..first[s.lessons.len()]).collect();
        let fixes = |c: &super::Constraint| match c.kind {
            Kind::Fixed { lesson, block, .. } => Some((lesson, block)),
            _ => None,
        };
        let fixes: HashSet<(usize, usize)> = s.constraints.iter().filter_map(fixes).collect();
        let fixed = |l: usize, b: usize| locked(l, b) || fixes.contains(&(l, b));
        for c in s.constraints.iter().filter(|c| c.level == Level::Hard) {
            let pair;
            let lessons = match &c.kind {
                Kind::Simultaneous { lessons } => &lessons[..],
                Kind::WeekPair { odd, even } => {
                    pair = [*odd, *even];
                    &pair[..]
                }
                _ => continue,
            };
            let blocks = lessons
                .iter()
                .map(|&l| s.lessons[l].blocks.len())
                .min()
                .unwrap_or(0);
            for b in 0..blocks {
                let same = lessons
                    .iter()
                    .all(|&l| s.lessons[l].blocks[b] == s.lessons[lessons[0]].blocks[b]);
                if same && !lessons.iter().any(|&l| fixed(l, b)) {
                    for w in lessons.windows(2) {
                        let (x, y) = (
                            root(&mut parents, first[w[0]] + b),
                            root(&mut parents, first[w[1]] + b),
                        );
                        parents[x] = y;
                    }
                }
            }
        }
        (0..s.lessons.len())
            .map(|l| {
                (0..s.lessons[l].blocks.len())
                    .map(|b| root(&mut parents, first[l] + b))
                    .collect()
            })
            .collect()
    }

    fn add_events(&mut self, locked: &dyn Fn(usize, usize) -> bool) {
        let s = self.school;
        let roots = self.merged(locked);
        let mut known = std::collections::HashMap::new();
        let atoms: Vec<Vec<Vec<usize>>> = (0..s.classes.len()).map(|c| s.atoms(c)).collect();
        for (l, lesson) in s.lessons.iter().enumerate() {
            let rooms: Vec<u32> = s
                .fitting_rooms(l)
                .into_iter()
                .map(|r| (self.room_base + r) as u32)
                .collect();
            let mut people: Vec<usize> = lesson.teachers.iter().map(|t| self.teacher_base + t).collect();
            for a in &lesson.attendees {
                let own = |atom: &Vec<usize>| a.group.is_none_or(|g| atom.contains(&g));
                let mine = atoms[a.class].iter().enumerate().filter(|x| own(x.1));
                people.extend(mine.map(|(i, _)| self.class_base[a.class] + i));
            }
            for (b, &length) in lesson.blocks.iter().enumerate() {
                let problem = &mut self.problem;
                let e = *known.entry(roots[l][b]).or_insert_with(|| {
                    let starts = (0..s.grid.slots())
                        .filter(|&t| s.grid.fits(t, length))
                        .map(|t| t as u16);
                    problem.events.push(engine::Event {
                        duration: length,
                        partitions: vec![vec![length]],
                        starts: [vec![Vec::new(); length], vec![starts.collect()]].concat(),
                        ..Default::default()
                    });
                    problem.events.len() - 1
                });
                let event = &mut self.problem.events[e];
                event.locked |= locked(l, b);
                for &r in &people {
                    self.occupied[r].push(e);
                }
                let rows = people
                    .iter()
                    .flat_map(|r| self.weeks[l].iter().map(move |w| (r, w)));
                event
                    .fixed
                    .extend(rows.map(|(r, &w)| (r * self.problem.weeks) as u32 + w));
                if lesson.room != RoomNeed::None {
                    let open = Open {
                        candidates: rooms.clone(),
                        weeks: self.weeks[l].clone(),
                        ..Default::default()
                    };
                    event.open.push(open);
                    self.open_of[l][b] = Some(event.open.len() - 1);
                }
                self.event_of[l][b] = e;
            }
        }
    }

    fn add_implied(&mut self) {
        let clash = self.extra * self.problem.weeks;
        for row in 0..clash {
            self.problem.add(Weight::HARD, Rule::Clash { row });
        }
        for l in 0..self.school.lessons.len() {
            for b in 0..self.event_of[l].len() {
                let event = self.event_of[l][b];
                self.problem.add(Weight::HARD, Rule::AssignTime { event });
                if let Some(open) = self.open_of[l][b] {
                    self.problem
                        .add(Weight::HARD, Rule::AssignResource { event, open });
                }
            }
        }
    }

    /// Rows of a resource in all patterns, or those that meet `weeks`.
    pub fn rows(&self, resource: usize, weeks: Option<super::WeekSet>) -> Vec<usize> {
        let meets = |p: &usize| weeks.is_none_or(|w| !self.patterns[*p].and(w).is_empty());
        (0..self.patterns.len())
            .filter(meets)
            .map(|p| resource * self.problem.weeks + p)
            .collect()
    }

    /// The events of a lesson's blocks.
    pub fn events(&self, lesson: usize) -> Vec<usize> {
        self.event_of[lesson].clone()
    }

    /// A set of slots.
    pub fn mask(&self, slots: impl IntoIterator<Item = usize>) -> Mask {
        Mask::of(self.problem.times, slots)
    }

    /// Takes from an event the starts that `keep` refuses, unless none would be left.
    pub fn restrict(&mut self, event: usize, keep: &dyn Fn(usize) -> bool) {
        for starts in &mut self.problem.events[event].starts {
            let some: Vec<u16> = starts.iter().copied().filter(|&t| keep(usize::from(t))).collect();
            if !some.is_empty() {
                *starts = some;
            }
        }
    }

    /// The placement of a timetable; what it leaves out stays open.
    pub fn placement(&self, timetable: &Timetable) -> Placement {
        let mut placement = State::empty_placement(&self.problem);
        for (l, places) in timetable.places.iter().enumerate() {
            for (b, place) in places.iter().enumerate() {
                let Some(place) = place else { continue };
                if !self
                    .school
                    .grid
                    .fits(place.slot, self.school.lessons[l].blocks[b])
                {
                    continue;
                }
                let meet = self.problem.first_meet[self.event_of[l][b]] as usize;
                placement.time[meet] = place.slot as u16;
                if let (Some(open), Some(r)) = (self.open_of[l][b], place.room)
                    && self.school.misfit(l, r).is_none()
                {
                    let at = self.problem.first_choice[meet] as usize + open;
                    placement.chosen[at] = (self.room_base + r) as u32;
                }
            }
        }
        placement
    }

    /// The timetable of a placement.
    pub fn timetable(&self, placement: &Placement) -> Timetable {
        let place = |l: usize, b: usize| {
            let meet = self.problem.first_meet[self.event_of[l][b]] as usize;
            let slot = placement.time[meet];
            if slot == NO_TIME {
                return None;
            }
            let chosen =
                self.open_of[l][b].map(|o| placement.chosen[self.problem.first_choice[meet] as usize + o]);
            let room = chosen.filter(|&r| r != NONE).map(|r| r as usize - self.room_base);
            Some(Place {
                slot: usize::from(slot),
                room,
            })
        };
        let lesson = |l: usize| (0..self.event_of[l].len()).map(|b| place(l, b)).collect();
        Timetable {
            places: (0..self.school.lessons.len()).map(lesson).collect(),
        }
    }
}

/// (hard, soft) of a report.
pub(super) fn cost(report: &Report) -> (i64, i64) {
    (report.hard, report.soft)
}
