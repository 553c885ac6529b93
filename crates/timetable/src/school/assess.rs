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

/// What the assessment reads of a school whatever the timetable is.
pub(super) struct Fixture {
    /// The weeks in which each lesson is held.
    pub held: Vec<WeekSet>,
    /// The weeks, folded.
    pub patterns: Vec<WeekSet>,
    /// The patterns of each lesson, as bits.
    pub masks: Vec<u32>,
    /// Lessons by teacher.
    pub taught: Vec<Vec<usize>>,
    /// Groups of students by class.
    pub atoms: Vec<Vec<Vec<usize>>>,
}

impl Fixture {
    /// Reads a school.
    pub fn of(school: &School) -> Self {
        let held = school.all_held_weeks();
        let patterns = school.patterns_of(&held);
        let mask = |weeks: &WeekSet| {
            let meets = (0..patterns.len()).filter(|&p| !patterns[p].and(*weeks).is_empty());
            meets.fold(0, |mask, p| mask | 1 << p)
        };
        Fixture {
            masks: held.iter().map(mask).collect(),
            held,
            patterns,
            taught: school.lessons_by_teacher(),
            atoms: (0..school.classes.len()).map(|c| school.atoms(c)).collect(),
        }
    }
}

/// A timetable by person and room.
pub(super) struct Facts<'a> {
    pub s: &'a School,
    pub t: &'a Timetable,
    /// What does not change with it.
    pub f: &'a Fixture,
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
        self.patterns_of(&self.all_held_weeks())
    }

    /// The patterns, when the weeks of the lessons are known already.
    pub(super) fn patterns_of(&self, held: &[WeekSet]) -> Vec<WeekSet> {
        let mut sets = held.to_vec();
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
    assess_with(&Fixture::of(school), school, timetable)
}

/// [`assess`], with the fixture at hand.
pub(super) fn assess_with(fixture: &Fixture, school: &School, timetable: &Timetable) -> Report {
    let mut f = Facts::new(fixture, school, timetable);
    f.gather(0..school.lessons.len());
    f.implied();
    for i in 0..school.constraints.len() {
        f.judge_listed(i);
    }
    f.report
}

/// What a timetable breaks of some constraints of the list, all of which concern only `lessons` (in order) and what is
/// held by the same people.
pub(super) fn assess_some(
    fixture: &Fixture,
    school: &School,
    timetable: &Timetable,
    lessons: &[usize],
    constraints: &[usize],
) -> Report {
    let mut f = Facts::new(fixture, school, timetable);
    f.gather(lessons.iter().copied());
    for &i in constraints {
        f.judge_listed(i);
    }
    f.report
}

impl<'a> Facts<'a> {
    /// Nothing gathered yet.
    fn new(fixture: &'a Fixture, school: &'a School, timetable: &'a Timetable) -> Self {
        Facts {
            s: school,
            t: timetable,
            f: fixture,
            classes: fixture.atoms.iter().map(|a| vec![Vec::new(); a.len()]).collect(),
            teachers: vec![Vec::new(); school.teachers.len()],
            rooms: vec![Vec::new(); school.rooms.len()],
            report: Report::default(),
            at: (None, "", Level::Hard),
        }
    }

    fn judge_listed(&mut self, constraint: usize) {
        let c = &self.s.constraints[constraint];
        self.at = (Some(constraint), c.kind.label(), c.level);
        self.judge(&c.kind);
    }

    fn gather(&mut self, lessons: impl Iterator<Item = usize>) {
        let s = self.s;
        for l in lessons {
            let lesson = &s.lessons[l];
            let patterns = self.f.masks[l];
            for (&length, place) in lesson.blocks.iter().zip(&self.t.places[l]) {
                let Some(place) = place else { continue };
                let one = Use {
                    lesson: l,
                    slot: place.slot,
                    length,
                    patterns,
                };
                for a in &lesson.attendees {
                    for (i, atom) in self.f.atoms[a.class].iter().enumerate() {
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
        let meet = |a: &Use, b: &Use| {
            a.patterns & b.patterns != 0 && a.slot < b.slot + b.length && b.slot < a.slot + a.length
        };
        let clash = |uses: &Vec<Use>| (1..uses.len()).any(|i| uses[..i].iter().any(|u| meet(u, &uses[i])));
        if !rows.iter().any(clash) {
            return;
        }
        let mut over = vec![0; self.s.grid.slots()];
        for uses in rows {
            for p in 0..self.f.patterns.len() {
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
