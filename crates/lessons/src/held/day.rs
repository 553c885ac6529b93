//! From the planned lessons of a date to those held.
use super::{
    Action, Carried, Change, Day, Event, How, Lesson, Missing, Slot, Timetable, Why, dates, overlap, span,
};
use calendar::{DayKind, DayTable, Term};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;
use uuid::Uuid;

impl Timetable {
    /// Puts it together. Changes are given oldest first: the last one that touches a lesson holds.
    pub fn new(
        term: Term,
        days: DayTable,
        slots: Vec<Slot>,
        events: Vec<Event>,
        changes: Vec<Change>,
    ) -> Timetable {
        let by_id: HashMap<Uuid, usize> = slots.iter().enumerate().map(|(at, slot)| (slot.id, at)).collect();
        let mut table = Timetable {
            term,
            days,
            slots,
            events,
            changes,
            by_id,
            carried: vec![],
            altered: HashMap::new(),
            brought: HashMap::new(),
        };
        table.carried = table
            .changes
            .iter()
            .map(|change| table.carried_by(change))
            .collect();
        for at in 0..table.changes.len() {
            let change = &table.changes[at];
            match change.action {
                Action::MakeUp => {}
                Action::Move => {
                    let places = table.carried[at].iter().map(|one| ((one.slot, one.from), at));
                    table.altered.extend(places);
                }
                Action::Cover | Action::Drop => {
                    let slot = table.by_id.get(&change.slot);
                    table.altered.extend(slot.map(|slot| ((*slot, change.on), at)));
                }
            }
            for (number, one) in table.carried[at].iter().enumerate() {
                table.brought.entry(one.to.0).or_default().push((at, number));
            }
        }
        table
    }

    /// The lessons a change carries to another time: the one it is about, the one whose place that takes, and the one
    /// whose place that one takes.
    fn carried_by(&self, change: &Change) -> Vec<Carried> {
        let (Some(slot), Some(to)) = (self.slot(change.slot), change.new_time) else {
            return vec![];
        };
        let from = change.on;
        let mut found = vec![Carried { slot, from, to }];
        let place = (from, self.slots[slot].period);
        if let Some(slot) = change.swap.and_then(|id| self.slot(id)) {
            found.push(Carried {
                slot,
                from: to.0,
                to: change.onward.unwrap_or(place),
            });
            if let (Some(slot), Some((from, _))) = (change.third.and_then(|id| self.slot(id)), change.onward)
            {
                found.push(Carried {
                    slot,
                    from,
                    to: place,
                });
            }
        }
        found
    }

    /// The same with more changes, newer than its own.
    pub fn with(&self, more: impl IntoIterator<Item = Change>) -> Timetable {
        let changes = self.changes.iter().cloned().chain(more).collect();
        let (slots, events) = (self.slots.clone(), self.events.clone());
        Timetable::new(self.term.clone(), self.days.clone(), slots, events, changes)
    }

    /// An entry.
    pub fn entry(&self, id: Uuid) -> Option<&Slot> {
        self.slot(id).map(|at| &self.slots[at])
    }

    /// The position of an entry.
    pub fn slot(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// What a date is: as the calendar says, but an ordinary Saturday or Sunday is taught if the timetable has lessons
    /// on that weekday (周末上课、周日晚自习).
    pub fn kind_of(&self, date: NaiveDate) -> DayKind {
        let weekday_taught = date.weekday();
        match self.days.kind_of(&self.term, date) {
            DayKind::Weekend if self.slots.iter().any(|slot| slot.weekday == weekday_taught) => {
                DayKind::Teaching { weekday_taught }
            }
            kind => kind,
        }
    }

    /// The entries that the timetable has on a date, whatever came of them.
    pub fn planned(&self, date: NaiveDate) -> Vec<usize> {
        let kind = self.kind_of(date);
        let (Some(week), Some(weekday)) = (self.term.week_of(date), kind.weekday_taught()) else {
            return vec![];
        };
        let runs = |slot: &Slot| slot.weekday == weekday && slot.runs_in(week);
        (0..self.slots.len())
            .filter(|at| runs(&self.slots[*at]))
            .collect()
    }

    /// What is held on a date.
    pub fn on(&self, date: NaiveDate) -> Day {
        let mut day = Day {
            date,
            kind: self.kind_of(date),
            week: self.term.week_of(date),
            lessons: vec![],
            missing: vec![],
        };
        for slot in self.planned(date) {
            self.keep_or_miss(&mut day, slot);
        }
        for (change, number) in self.brought.get(&date).into_iter().flatten() {
            day.lessons.extend(self.bring(*change, *number));
        }
        day.lessons.sort_by_key(|lesson| (lesson.period, lesson.slot));
        day
    }

    /// What is held on each date.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Day> {
        dates(from, to).map(|date| self.on(date)).collect()
    }

    fn keep_or_miss(&self, day: &mut Day, at: usize) {
        let slot = &self.slots[at];
        let mut lesson = Lesson {
            slot: at,
            on: day.date,
            period: slot.period,
            periods: slot.periods,
            teacher: slot.teacher,
            room: slot.room,
            how: How::Planned,
            change: None,
        };
        let by = self.altered.get(&(at, day.date)).copied();
        let carried = by.and_then(|by| {
            let mut all = self.carried[by].iter();
            all.find(|one| (one.slot, one.from) == (at, day.date))
        });
        let change = by.map(|by| &self.changes[by]);
        let missing = match (change, carried) {
            (Some(change), _) if change.action == Action::Drop => Some(Why::Dropped(change.id)),
            (Some(change), Some(carried)) => Some(Why::Moved(change.id, carried.to.0, carried.to.1)),
            _ => {
                if let Some(change) = change {
                    lesson.teacher = change.substitute.unwrap_or(slot.teacher);
                    lesson.room = change.new_room.unwrap_or(slot.room);
                    lesson.how = How::Covered;
                    lesson.change = Some(change.id);
                }
                let taken = |event: &Event| event.takes(day.date, &slot.path, &lesson.span());
                self.events.iter().position(taken).map(Why::Event)
            }
        };
        match missing {
            Some(why) => day.missing.push(Missing { slot: at, why }),
            None => day.lessons.push(lesson),
        }
    }

    /// A lesson that a change brings, unless a newer change holds for it.
    fn bring(&self, at: usize, number: usize) -> Option<Lesson> {
        let (change, one) = (&self.changes[at], self.carried[at][number]);
        let made_up = change.action == Action::MakeUp;
        if !made_up && self.altered.get(&(one.slot, one.from)) != Some(&at) {
            return None;
        }
        let planned = &self.slots[one.slot];
        // Another teacher or room is that of the lesson the change is about; a partner keeps its own.
        let asked = number == 0;
        let substitute = change.substitute.filter(|_| asked && change.swap.is_none());
        Some(Lesson {
            slot: one.slot,
            on: one.to.0,
            period: one.to.1,
            periods: planned.periods,
            teacher: substitute.unwrap_or(planned.teacher),
            room: change.new_room.filter(|_| asked).unwrap_or(planned.room),
            how: match made_up {
                true => How::MadeUp(one.from),
                false => How::Moved(one.from),
            },
            change: Some(change.id),
        })
    }
}

impl Day {
    /// Whether somebody teaches, a class is taught or a room is used in some of the periods.
    pub fn busy(&self, periods: &std::ops::RangeInclusive<u8>, of: impl Fn(&Lesson) -> bool) -> bool {
        self.lessons
            .iter()
            .any(|lesson| overlap(&lesson.span(), periods) && of(lesson))
    }

    /// Pairs of lessons (by position) that want the same teacher, class or room at the same time. Lessons of one
    /// teacher, course and room taught to several classes together (合班) are one lesson and do not clash.
    pub fn clashes(&self, slots: &[Slot]) -> Vec<(usize, usize)> {
        let mut found = vec![];
        for (one, a) in self.lessons.iter().enumerate() {
            for (other, b) in self.lessons.iter().enumerate().skip(one + 1) {
                let [sa, sb] = [&slots[a.slot], &slots[b.slot]];
                let together = a.teacher == b.teacher && sa.course == sb.course && a.room == b.room;
                let shared = a.teacher == b.teacher || a.room == b.room || sa.class == sb.class;
                let apart = together && sa.class != sb.class;
                if shared && !apart && overlap(&a.span(), &b.span()) {
                    found.push((one, other));
                }
            }
        }
        found
    }

    /// How many periods somebody teaches.
    pub fn load(&self, teacher: Uuid) -> u32 {
        let own = self.lessons.iter().filter(|lesson| lesson.teacher == teacher);
        own.map(|lesson| span(0, lesson.periods).count() as u32).sum()
    }
}
