//! From the planned lessons of a date to those held.
use super::{Action, Change, Day, Event, How, Lesson, Missing, Slot, Timetable, Why, dates, overlap, span};
use calendar::{DayTable, Term};
use chrono::NaiveDate;
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
        let mut altered = HashMap::new();
        for (at, change) in changes.iter().enumerate() {
            if change.action == Action::MakeUp {
                continue;
            }
            if let Some(slot) = by_id.get(&change.slot) {
                altered.insert((*slot, change.on), at);
            }
            // The lesson it changes places with leaves its own place as well.
            if let (Action::Move, Some(swap), Some((date, _))) = (change.action, change.swap, change.new_time)
                && let Some(slot) = by_id.get(&swap)
            {
                altered.insert((*slot, date), at);
            }
        }
        let mut table = Timetable {
            term,
            days,
            slots,
            events,
            changes,
            by_id,
            altered,
            brought: HashMap::new(),
        };
        for at in 0..table.changes.len() {
            for date in table.targets(at) {
                table.brought.entry(date).or_default().push(at);
            }
        }
        table
    }

    /// The position of an entry.
    pub fn slot(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The entries that the timetable has on a date, whatever came of them.
    pub fn planned(&self, date: NaiveDate) -> Vec<usize> {
        let kind = self.days.kind_of(&self.term, date);
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
            kind: self.days.kind_of(&self.term, date),
            week: self.term.week_of(date),
            lessons: vec![],
            missing: vec![],
        };
        for slot in self.planned(date) {
            self.keep_or_miss(&mut day, slot);
        }
        for at in self.brought.get(&date).into_iter().flatten() {
            day.lessons.extend(self.bring(*at, date));
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
        let change = self
            .altered
            .get(&(at, day.date))
            .map(|change| &self.changes[*change]);
        let missing = match change {
            Some(change) if change.action == Action::Drop => Some(Why::Dropped(change.id)),
            Some(change) if change.action == Action::Move => {
                let (date, period) = self.destination(change, at);
                Some(Why::Moved(change.id, date, period))
            }
            other => {
                if let Some(change) = other {
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

    /// Where a moving change sends the lesson of an entry: the one asked about, or the one it changes places with.
    fn destination(&self, change: &Change, slot: usize) -> (NaiveDate, u8) {
        let own = self.slot(change.slot) == Some(slot);
        match change.new_time.filter(|_| own) {
            Some(time) => time,
            None => {
                let period = self.slot(change.slot).map_or(0, |at| self.slots[at].period);
                (change.on, period)
            }
        }
    }

    /// The dates to which a change brings a lesson.
    fn targets(&self, at: usize) -> Vec<NaiveDate> {
        let change = &self.changes[at];
        let mut found = vec![];
        match (change.action, change.new_time) {
            (Action::Move, Some((date, _))) => {
                found.push(date);
                if change.swap.is_some() && date != change.on {
                    found.push(change.on);
                }
            }
            (Action::MakeUp, Some((date, _))) => found.push(date),
            _ => {}
        }
        found
    }

    /// The lessons that a change brings to a date, unless a newer change holds for them.
    fn bring(&self, at: usize, date: NaiveDate) -> Vec<Lesson> {
        let change = &self.changes[at];
        let (Some(slot), Some((new_date, new_period))) = (self.slot(change.slot), change.new_time) else {
            return vec![];
        };
        let planned = &self.slots[slot];
        let made_up = change.action == Action::MakeUp;
        let holds = |slot: usize, on: NaiveDate| made_up || self.altered.get(&(slot, on)) == Some(&at);
        let mut lessons = vec![];
        if new_date == date && holds(slot, change.on) {
            let how = match made_up {
                true => How::MadeUp(change.on),
                false => How::Moved(change.on),
            };
            let substitute = change.substitute.filter(|_| change.swap.is_none());
            lessons.push(Lesson {
                slot,
                on: date,
                period: new_period,
                periods: planned.periods,
                teacher: substitute.unwrap_or(planned.teacher),
                room: change.new_room.unwrap_or(planned.room),
                how,
                change: Some(change.id),
            });
        }
        let other = change.swap.and_then(|id| self.slot(id));
        if let Some(other) = other.filter(|other| change.on == date && holds(*other, new_date)) {
            let swapped = &self.slots[other];
            lessons.push(Lesson {
                slot: other,
                on: date,
                period: planned.period,
                periods: swapped.periods,
                teacher: swapped.teacher,
                room: swapped.room,
                how: How::Moved(new_date),
                change: Some(change.id),
            });
        }
        lessons
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
