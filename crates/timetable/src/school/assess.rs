//! Scores a timetable straight from the constraints, and says in words what is broken. Shares nothing with the search.

use super::constraint::{Kind, Level, join};
use super::model::{RoomNeed, School, Timetable};
use super::weeks::WeekSet;

/// One thing that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Index in the school's list; none for what every timetable keeps.
    pub constraint: Option<usize>,
    /// Name of the constraint.
    pub label: &'static str,
    /// Hard?
    pub hard: bool,
    /// What it costs.
    pub cost: i64,
    /// What is wrong, in words.
    pub text: String,
    /// The lessons concerned.
    pub lessons: Vec<usize>,
}

/// Costs and findings of a timetable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Hard cost; 0 means the timetable can be used.
    pub hard: i64,
    /// Soft cost.
    pub soft: i64,
    /// What is broken.
    pub findings: Vec<Finding>,
}

/// One block on one person's or room's week.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub lesson: usize,
    pub slot: usize,
    pub length: usize,
    pub patterns: u32,
}

/// A timetable by person and room.
pub(super) struct Facts<'a> {
    pub s: &'a School,
    pub t: &'a Timetable,
    pub patterns: Vec<WeekSet>,
    /// By class, by atom.
    pub classes: Vec<Vec<Vec<Use>>>,
    pub teachers: Vec<Vec<Use>>,
    pub rooms: Vec<Vec<Use>>,
    report: Report,
    at: (Option<usize>, &'static str, Level),
}

impl School {
    /// The weeks, folded: within a pattern every week has the same lessons.
    pub fn patterns(&self) -> Vec<WeekSet> {
        let mut sets: Vec<WeekSet> = (0..self.lessons.len()).map(|l| self.held_weeks(l)).collect();
        let all = WeekSet(sets.iter().fold(0, |a, s| a | s.0));
        sets.extend(self.constraints.iter().filter_map(|c| match c.kind {
            Kind::TeacherUnavailable { weeks, .. } => weeks,
            _ => None,
        }));
        sets.sort_unstable();
        sets.dedup();
        let mut patterns: Vec<(Vec<bool>, WeekSet)> = Vec::new();
        for week in (1..=32).filter(|&w| all.has(w)) {
            let signature: Vec<bool> = sets.iter().map(|s| s.has(week)).collect();
            match patterns.iter_mut().find(|p| p.0 == signature) {
                Some(p) => p.1.0 |= 1 << (week - 1),
                None => patterns.push((signature, WeekSet(1 << (week - 1)))),
            }
        }
        patterns.into_iter().map(|p| p.1).collect()
    }
}

/// Scores `timetable` and lists what it breaks.
pub fn assess(school: &School, timetable: &Timetable) -> Report {
    let patterns = school.patterns();
    let mut f = Facts {
        s: school,
        t: timetable,
        classes: (0..school.classes.len())
            .map(|c| vec![Vec::new(); school.atoms(c).len()])
            .collect(),
        teachers: vec![Vec::new(); school.teachers.len()],
        rooms: vec![Vec::new(); school.rooms.len()],
        patterns,
        report: Report::default(),
        at: (None, "", Level::Hard),
    };
    f.gather();
    f.implied();
    for (i, c) in school.constraints.iter().enumerate() {
        f.at = (Some(i), c.kind.label(), c.level);
        f.judge(&c.kind);
    }
    f.report
}

impl Facts<'_> {
    fn gather(&mut self) {
        let s = self.s;
        let atoms: Vec<Vec<Vec<usize>>> = (0..s.classes.len()).map(|c| s.atoms(c)).collect();
        for (l, lesson) in s.lessons.iter().enumerate() {
            let weeks = s.held_weeks(l);
            let held = (0..self.patterns.len()).filter(|&p| !self.patterns[p].and(weeks).is_empty());
            let patterns = held.fold(0, |mask, p| mask | 1 << p);
            for (&length, place) in lesson.blocks.iter().zip(&self.t.places[l]) {
                let Some(place) = place else { continue };
                let one = Use {
                    lesson: l,
                    slot: place.slot,
                    length,
                    patterns,
                };
                for a in &lesson.attendees {
                    for (i, atom) in atoms[a.class].iter().enumerate() {
                        if a.group.is_none_or(|g| atom.contains(&g)) {
                            self.classes[a.class][i].push(one);
                        }
                    }
                }
                lesson.teachers.iter().for_each(|&t| self.teachers[t].push(one));
                if let (Some(r), true) = (place.room, lesson.room != RoomNeed::None) {
                    self.rooms[r].push(one);
                }
            }
        }
    }

    /// Books what is broken by `deviation` under the constraint at hand.
    pub fn find(&mut self, deviation: i64, lessons: Vec<usize>, text: impl FnOnce(&School) -> String) {
        if deviation <= 0 {
            return;
        }
        let (constraint, label, level) = self.at;
        let (hard, cost) = match level {
            Level::Hard => (true, deviation),
            Level::Soft(weight) => (false, deviation * weight),
        };
        if hard {
            self.report.hard += cost;
        } else {
            self.report.soft += cost;
        }
        let mut lessons = lessons;
        lessons.sort_unstable();
        lessons.dedup();
        self.report.findings.push(Finding {
            constraint,
            label,
            hard,
            cost,
            text: text(self.s),
            lessons,
        });
    }

    /// What every timetable keeps.
    fn implied(&mut self) {
        let s = self.s;
        for (l, lesson) in s.lessons.iter().enumerate() {
            for (b, &length) in lesson.blocks.iter().enumerate() {
                let Some(place) = self.t.places[l][b] else {
                    // Its room is missing with it.
                    let owed = (1 + i64::from(lesson.room != RoomNeed::None)) * length as i64;
                    self.at = (None, Kind::Placed.label(), Level::Hard);
                    self.find(owed, vec![l], |s| {
                        format!("{}还有 {length} 节没排上", s.lesson_name(l))
                    });
                    continue;
                };
                self.at = (None, Kind::Consecutive.label(), Level::Hard);
                let broken = i64::from(!s.grid.fits(place.slot, length));
                self.find(broken, vec![l], |s| {
                    format!(
                        "{}在{}排不下 {length} 节",
                        s.lesson_name(l),
                        s.grid.name(place.slot)
                    )
                });
                self.at = (None, Kind::RoomFits.label(), Level::Hard);
                if lesson.room != RoomNeed::None {
                    let why = place
                        .room
                        .map_or(Some("还没有场所".to_string()), |r| s.misfit(l, r));
                    if let Some(why) = why {
                        self.find(length as i64, vec![l], |s| format!("{}：{why}", s.lesson_name(l)));
                    }
                }
            }
        }
        self.at = (None, Kind::NoClash.label(), Level::Hard);
        for c in 0..s.classes.len() {
            let atoms = std::mem::take(&mut self.classes[c]);
            self.clashes(&atoms, &s.classes[c].name);
            self.classes[c] = atoms;
        }
        for t in 0..s.teachers.len() {
            let uses = std::mem::take(&mut self.teachers[t]);
            self.clashes(std::slice::from_ref(&uses), &s.teachers[t].name);
            self.teachers[t] = uses;
        }
        for r in 0..s.rooms.len() {
            let uses = std::mem::take(&mut self.rooms[r]);
            self.clashes(std::slice::from_ref(&uses), &s.rooms[r].name);
            self.rooms[r] = uses;
        }
    }

    /// Busy counts of each slot in one pattern.
    pub fn counts(&self, uses: &[Use], pattern: usize) -> Vec<i64> {
        let mut counts = vec![0; self.s.grid.slots()];
        for u in uses.iter().filter(|u| u.patterns >> pattern & 1 == 1) {
            let end = (u.slot + u.length).min(counts.len());
            counts[u.slot.min(end)..end].iter_mut().for_each(|n| *n += 1);
        }
        counts
    }

    fn clashes(&mut self, rows: &[Vec<Use>], who: &str) {
        let mut over = vec![0; self.s.grid.slots()];
        for uses in rows {
            for p in 0..self.patterns.len() {
                for (sum, n) in over.iter_mut().zip(self.counts(uses, p)) {
                    *sum += (n - 1).max(0);
                }
            }
        }
        for (slot, &n) in over.iter().enumerate().filter(|x| *x.1 > 0) {
            let here = rows
                .iter()
                .flatten()
                .filter(|u| (u.slot..u.slot + u.length).contains(&slot));
            let lessons: Vec<usize> = here.map(|u| u.lesson).collect();
            self.find(n, lessons.clone(), |s| {
                let mut lessons = lessons;
                lessons.sort_unstable();
                lessons.dedup();
                format!(
                    "{who}{}同时有：{}",
                    s.grid.name(slot),
                    join(lessons.iter().map(|&l| s.lesson_name(l)))
                )
            });
        }
    }
}
