//! What keeps a change from being carried out (批准前核对): asked again when it is granted, because much may have happened
//! since it was asked for.
use super::{Action, Change, How, Lesson, Timetable, span};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use uuid::Uuid;

/// One thing in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// This entry of the timetable is not taught on this date as planned: dropped, moved, covered, lost to an event, or
    /// no longer in the timetable at all.
    Gone {
        /// The entry.
        slot: Uuid,
        /// The date on which it was to be taught.
        on: NaiveDate,
    },
    /// An event is on at the new time.
    Event {
        /// Position in [`Timetable::events`].
        event: usize,
        /// The new time.
        to: (NaiveDate, u8),
    },
    /// A lesson would meet another one in a class, a person or a room.
    Clash {
        /// As it would be held.
        lesson: Lesson,
        /// What is there.
        other: Lesson,
    },
}

impl Timetable {
    /// What stands in the way of a change that does not hold yet.
    pub fn obstacles(&self, change: &Change) -> Vec<Obstacle> {
        let after = self.with([change.clone()]);
        let carried = after.carried.last().map_or(&[][..], Vec::as_slice);
        let mut found = vec![];
        let taught = |slot: Uuid, on: NaiveDate| {
            let mut lessons = self.on(on).lessons.into_iter();
            lessons.any(|lesson| self.slots[lesson.slot].id == slot && lesson.how == How::Planned)
        };
        let made_up = change.action == Action::MakeUp;
        let mut taken = vec![(change.slot, change.on)];
        taken.extend(
            carried
                .iter()
                .skip(1)
                .map(|one| (self.slots[one.slot].id, one.from)),
        );
        // A partner that is not in the timetable is not carried at all.
        let partners = change.swap.into_iter().chain(change.third);
        let lost = partners.filter(|id| self.slot(*id).is_none());
        taken.extend(lost.map(|id| (id, change.on)));
        for (slot, on) in taken {
            // What is made up for was not held; it only has to be known.
            let there = if made_up {
                self.slot(slot).is_some()
            } else {
                taught(slot, on)
            };
            if !there {
                found.push(Obstacle::Gone { slot, on });
            }
        }
        for one in carried {
            let slot = &self.slots[one.slot];
            let periods = span(one.to.1, slot.periods);
            let event = self
                .events
                .iter()
                .position(|event| event.takes(one.to.0, &slot.path, &periods));
            found.extend(event.map(|event| Obstacle::Event { event, to: one.to }));
        }
        let dates: BTreeSet<NaiveDate> = carried.iter().map(|one| one.to.0).chain([change.on]).collect();
        for date in dates {
            let day = after.on(date);
            for (one, other) in day.clashes(&after.slots) {
                let [one, other] = [&day.lessons[one], &day.lessons[other]];
                let ours = |lesson: &Lesson| lesson.change == Some(change.id);
                let pair = match (ours(one), ours(other)) {
                    (false, false) => continue,
                    (false, true) => (other, one),
                    _ => (one, other),
                };
                found.push(Obstacle::Clash {
                    lesson: pair.0.clone(),
                    other: pair.1.clone(),
                });
            }
        }
        found
    }
}
