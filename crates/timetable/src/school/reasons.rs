//! Why a block cannot be at a place, in words.

use super::advise::{Board, missing};
use super::assess::{Report, assess_some};
use super::constraint::{Kind, Level};
use super::model::{Attendee, Place, RoomNeed, School, Timetable};
use super::weeks::WeekSet;

/// A block, with all that are held as one with it, looking for a place.
pub(super) struct Why<'b, 'a> {
    board: &'b Board<'a>,
    /// The blocks that move together.
    blocks: &'b [(usize, usize)],
    /// The one that is asked about; only it may change its room.
    asked: (usize, usize),
    /// Lessons of the teachers who are involved, in order.
    near: Vec<usize>,
    /// Hard constraints on these lessons or teachers, but for those that close a time.
    judged: Vec<usize>,
    /// What these constraints find now.
    before: Report,
    /// The timetable, to try places in.
    trial: Timetable,
}

impl<'a> Board<'a> {
    /// Prepares the question why `asked` cannot be at some place. `blocks` are held as one with it, itself included.
    pub(super) fn why<'b>(&'b self, blocks: &'b [(usize, usize)], asked: (usize, usize)) -> Why<'b, 'a> {
        let s = self.school;
        let own = |l: usize| blocks.iter().any(|x| x.0 == l);
        let teaches = |t: usize| blocks.iter().any(|x| s.lessons[x.0].teachers.contains(&t));
        let attends = |c: usize| {
            let of = |l: usize| s.lessons[l].attendees.iter().any(|a| a.class == c);
            blocks.iter().any(|x| of(x.0))
        };
        let concerns = |kind: &Kind| match kind {
            Kind::NoClash
            | Kind::Placed
            | Kind::Consecutive
            | Kind::RoomFits
            | Kind::Joined
            | Kind::PracticeWeek { .. }
            | Kind::TeacherUnavailable { .. }
            | Kind::Closed { .. } => false,
            Kind::Fixed { lesson, .. } | Kind::SpreadDays { lesson } => own(*lesson),
            Kind::OncePerDay { lessons }
            | Kind::MorningFirst { lessons }
            | Kind::AvoidPeriods { lessons, .. }
            | Kind::EvenProgress { lessons }
            | Kind::Simultaneous { lessons }
            | Kind::Exclusive { lessons, .. } => lessons.iter().any(|&l| own(l)),
            Kind::TeacherDailyMax { teachers, .. }
            | Kind::TeacherGaps { teachers, .. }
            | Kind::CampusGap { teachers, .. } => teachers.iter().any(|&t| teaches(t)),
            Kind::HalfDays { teacher, .. } => teaches(*teacher),
            Kind::WeekPair { odd, even } => own(*odd) || own(*even),
            Kind::HomeroomDaily { class } => attends(*class),
        };
        let judged: Vec<usize> = (0..s.constraints.len())
            .filter(|&i| s.constraints[i].level == Level::Hard && concerns(&s.constraints[i].kind))
            .collect();
        let teachers = blocks.iter().flat_map(|x| &s.lessons[x.0].teachers);
        let mut near: Vec<usize> = teachers.flat_map(|&t| &self.fixture.taught[t]).copied().collect();
        near.sort_unstable();
        near.dedup();
        Why {
            before: assess_some(&self.fixture, s, self.timetable, &near, &judged),
            trial: self.timetable.clone(),
            board: self,
            blocks,
            asked,
            near,
            judged,
        }
    }
}

impl Why<'_, '_> {
    /// The reasons against a place.
    pub fn not(&mut self, place: Place) -> Vec<String> {
        let board = self.board;
        let mut why = Vec::new();
        let moves: Vec<((usize, usize), Place)> =
            self.blocks.iter().map(|&at| (at, self.at(at, place))).collect();
        for &((lesson, block), place) in &moves {
            self.taken(lesson, block, place, &mut why);
        }
        for &((lesson, block), place) in &moves {
            self.closed(lesson, block, place, &mut why);
        }
        if !self.judged.is_empty() {
            for &((lesson, block), place) in &moves {
                self.trial.places[lesson][block] = Some(place);
            }
            let after = assess_some(
                &board.fixture,
                board.school,
                &self.trial,
                &self.near,
                &self.judged,
            );
            for &(lesson, block) in self.blocks {
                self.trial.places[lesson][block] = board.timetable.places[lesson][block];
            }
            why.extend(missing(&after, &self.before).into_iter().map(|f| f.text));
        }
        if why.is_empty() {
            let moves: Vec<_> = moves.into_iter().map(|(at, place)| (at, Some(place))).collect();
            let new = board.moved(&moves).new;
            why.extend(new.into_iter().filter(|f| f.hard).map(|f| f.text));
        }
        let mut said = std::collections::HashSet::new();
        why.retain(|text| said.insert(text.clone()));
        why
    }

    /// Where one of the blocks is when the one asked about is at `place`.
    fn at(&self, (lesson, block): (usize, usize), place: Place) -> Place {
        let own = || self.board.timetable.places[lesson][block].and_then(|p| p.room);
        let room = if (lesson, block) == self.asked {
            place.room
        } else {
            own()
        };
        Place { room, ..place }
    }

    /// Who and what is busy there with another lesson.
    fn taken(&self, lesson: usize, block: usize, place: Place, why: &mut Vec<String>) {
        let (s, held) = (self.board.school, &self.board.fixture.held);
        let l = &s.lessons[lesson];
        let span = place.slot..place.slot + l.blocks[block];
        let mut there: Vec<(usize, usize)> = self.board.at_slot[span].concat();
        there.sort_unstable();
        there.dedup();
        for (o, b) in there {
            if held[lesson].and(held[o]).is_empty() || self.blocks.contains(&(o, b)) {
                continue;
            }
            let other = &s.lessons[o];
            for t in other.teachers.iter().filter(|t| l.teachers.contains(t)) {
                why.push(format!("{}在上{}", s.teachers[*t].name, s.lesson_name(o)));
            }
            for a in &l.attendees {
                let same = |x: &Attendee| x.class == a.class && meet(s, *x, *a);
                if other.attendees.iter().any(same) {
                    why.push(format!("{}在上{}", s.classes[a.class].name, s.lesson_name(o)));
                }
            }
            let room = self.board.timetable.places[o][b].and_then(|p| p.room);
            if let (Some(r), true) = (place.room, place.room == room)
                && l.room != RoomNeed::None
                && other.room != RoomNeed::None
            {
                why.push(format!(
                    "符合要求的场所都有课，{}在上{}",
                    s.rooms[r].name,
                    s.lesson_name(o)
                ));
            }
        }
    }

    /// The constraints that close this time to somebody involved.
    fn closed(&self, lesson: usize, block: usize, place: Place, why: &mut Vec<String>) {
        let s = self.board.school;
        let l = &s.lessons[lesson];
        let weeks = self.board.fixture.held[lesson];
        let span = place.slot..place.slot + l.blocks[block];
        let meets = |other: &Option<WeekSet>| other.is_none_or(|w| !w.and(weeks).is_empty());
        for c in s.constraints.iter().filter(|c| c.level == Level::Hard) {
            let closes = match &c.kind {
                Kind::TeacherUnavailable {
                    teacher,
                    slots,
                    weeks,
                } => l.teachers.contains(teacher) && meets(weeks) && slots.iter().any(|t| span.contains(t)),
                Kind::Closed {
                    classes,
                    teachers,
                    rooms,
                    slots,
                    ..
                } => {
                    slots.iter().any(|t| span.contains(t))
                        && (l.attendees.iter().any(|a| classes.contains(&a.class))
                            || l.teachers.iter().any(|t| teachers.contains(t))
                            || place.room.is_some_and(|r| rooms.contains(&r)))
                }
                _ => false,
            };
            if closes {
                why.push(c.kind.explain(s));
            }
        }
    }
}

/// Do two attendances of one class share students?
fn meet(school: &School, a: Attendee, b: Attendee) -> bool {
    match (a.group, b.group) {
        (Some(x), Some(y)) => {
            let groups = &school.classes[a.class].groups;
            x == y || groups[x].division != groups[y].division
        }
        _ => true,
    }
}
