//! What to do with a lesson whose teacher is away (调代课的办法): who could stand in, what it could change places with,
//! where it could go. Pure: everything that is possible is listed and ranked, with the reasons in words.
use crate::held::{Day, Lesson, Timetable, overlap, span};
use crate::load::{Away, Names};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Most substitutes, swaps and free times offered.
const MOST: [usize; 3] = [6, 4, 2];
/// From so many periods a day on another one is much.
const FULL_DAY: u32 = 6;

/// Somebody who could teach.
#[derive(Clone, Debug)]
pub struct Person {
    /// The staff record.
    pub id: Uuid,
    /// Their place in the unit tree.
    pub path: String,
    /// 任教学科类别.
    pub subject: Option<String>,
}

/// One way to deal with a lost lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Somebody stands in.
    Cover(Uuid),
    /// It changes places with the lesson of this entry on this date.
    Swap(Uuid, NaiveDate),
    /// It goes to this date and period.
    Move(NaiveDate, u8),
    /// It is not held.
    Drop,
}

impl Way {
    /// As a form posts it.
    pub fn key(&self) -> String {
        match self {
            Way::Cover(staff) => format!("cover:{staff}"),
            Way::Swap(slot, date) => format!("swap:{slot}:{date}"),
            Way::Move(date, period) => format!("move:{date}:{period}"),
            Way::Drop => "drop".into(),
        }
    }
}

/// A way with its rank.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The way.
    pub way: Way,
    /// The higher the better.
    pub score: i64,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// The week around a lost lesson, and who is who.
pub struct Market<'a> {
    table: &'a Timetable,
    people: &'a [Person],
    names: &'a Names,
    away: &'a [Away],
    /// Substitutions of the term so far, per person.
    covers: &'a HashMap<Uuid, u32>,
    /// Major of each class.
    majors: &'a HashMap<Uuid, String>,
    today: NaiveDate,
    week: Vec<Day>,
    loads: HashMap<Uuid, u32>,
    courses: HashSet<(Uuid, Uuid)>,
    classes: HashSet<(Uuid, Uuid)>,
    taught_majors: HashSet<(Uuid, &'a str)>,
}

impl<'a> Market<'a> {
    /// The week of `date`.
    pub fn new(
        table: &'a Timetable,
        people: &'a [Person],
        names: &'a Names,
        (away, covers): (&'a [Away], &'a HashMap<Uuid, u32>),
        majors: &'a HashMap<Uuid, String>,
        (date, today): (NaiveDate, NaiveDate),
    ) -> Market<'a> {
        let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
        let week = table.between(monday, monday + Days::new(6));
        let mut loads: HashMap<Uuid, u32> = HashMap::new();
        for lesson in week.iter().flat_map(|day| &day.lessons) {
            *loads.entry(lesson.teacher).or_default() += u32::from(lesson.periods);
        }
        let slots = table.slots.iter();
        Market {
            courses: slots.clone().map(|slot| (slot.teacher, slot.course)).collect(),
            classes: slots.clone().map(|slot| (slot.teacher, slot.class)).collect(),
            taught_majors: slots
                .filter_map(|slot| Some((slot.teacher, majors.get(&slot.class)?.as_str())))
                .collect(),
            table,
            people,
            names,
            away,
            covers,
            majors,
            today,
            week,
            loads,
        }
    }

    fn is_away(&self, staff: Uuid, date: NaiveDate, periods: &RangeInclusive<u8>) -> bool {
        self.away.iter().any(|away| {
            away.staff == staff && (away.from..=away.to).contains(&date) && overlap(&away.periods, periods)
        })
    }

    fn day(&self, date: NaiveDate) -> Option<&Day> {
        self.week.iter().find(|day| day.date == date)
    }

    fn free(&self, staff: Uuid, date: NaiveDate, periods: &RangeInclusive<u8>) -> bool {
        let busy = self
            .day(date)
            .is_none_or(|day| day.busy(periods, |lesson| lesson.teacher == staff));
        !busy && !self.is_away(staff, date, periods)
    }

    /// Everything that can be done, best first within each kind: substitutes, swaps, free times, dropping it.
    pub fn offers(&self, lost: &Lesson) -> Vec<Offer> {
        let mut all = self.substitutes(lost);
        all.extend(self.swaps(lost));
        all.extend(self.free_times(lost));
        all.push(Offer {
            way: Way::Drop,
            score: 0,
            reasons: vec!["以上都不合适时选择，另行安排补课".into()],
        });
        all
    }

    /// Who is free at the time, best first.
    pub fn substitutes(&self, lost: &Lesson) -> Vec<Offer> {
        let slot = &self.table.slots[lost.slot];
        let major = self.majors.get(&slot.class).map(String::as_str);
        let absent = self.people.iter().find(|person| person.id == lost.teacher);
        let mut offers: Vec<Offer> = self
            .people
            .iter()
            .filter(|person| person.id != lost.teacher && self.free(person.id, lost.on, &lost.span()))
            .map(|person| {
                let mut score = 0;
                let mut reasons = vec!["这个时间没有课".to_owned()];
                let mut fits = |fits: bool, points: i64, why: &str| {
                    if fits {
                        score += points;
                        reasons.push(why.to_owned());
                    }
                };
                fits(self.courses.contains(&(person.id, slot.course)), 60, "教同一门课");
                fits(self.classes.contains(&(person.id, slot.class)), 25, "教这个班");
                let same_major = major.is_some_and(|major| self.taught_majors.contains(&(person.id, major)));
                fits(same_major, 12, "教本专业");
                fits(
                    absent.is_some_and(|absent| absent.path == person.path),
                    10,
                    "同一部门",
                );
                let subject = absent.and_then(|absent| absent.subject.as_ref());
                fits(
                    subject.is_some() && subject == person.subject.as_ref(),
                    4,
                    "同类学科",
                );
                let week = self.loads.get(&person.id).copied().unwrap_or(0);
                let day = self.day(lost.on).map_or(0, |day| day.load(person.id));
                let covers = self.covers.get(&person.id).copied().unwrap_or(0);
                score -= i64::from(week) + 6 * i64::from(covers);
                reasons.push(format!("本周{week}节、当天{day}节"));
                if day + u32::from(lost.periods) > FULL_DAY {
                    score -= 15;
                    reasons.push("当天课已较多".into());
                }
                reasons.push(match covers {
                    0 => "本学期未代过课".into(),
                    covers => format!("本学期已代课{covers}次"),
                });
                Offer {
                    way: Way::Cover(person.id),
                    score,
                    reasons,
                }
            })
            .collect();
        let name = |offer: &Offer| match offer.way {
            Way::Cover(staff) => self.names.of(staff).to_owned(),
            _ => String::new(),
        };
        offers.sort_by_cached_key(|offer| (-offer.score, name(offer)));
        offers.truncate(MOST[0]);
        offers
    }

    /// Lessons of the same class in the same week, still to come, with which it could change places: both teachers
    /// free, both rooms free.
    pub fn swaps(&self, lost: &Lesson) -> Vec<Offer> {
        let own = &self.table.slots[lost.slot];
        let lost_span = lost.span();
        let mut offers = vec![];
        for day in self.week.iter().filter(|day| day.date >= self.today) {
            for other in &day.lessons {
                let slot = &self.table.slots[other.slot];
                let fits = slot.class == own.class
                    && other.periods == lost.periods
                    && other.teacher != lost.teacher
                    && other.change.is_none()
                    && slot.course != own.course;
                let apart = (day.date, other.period) != (lost.on, lost.period);
                if !fits || !apart {
                    continue;
                }
                let there = other.span();
                let rooms = self.room_free(other.room, lost.on, &lost_span, other.slot, lost.slot)
                    && self.room_free(lost.room, day.date, &there, other.slot, lost.slot);
                if !rooms
                    || !self.free(lost.teacher, day.date, &there)
                    || !self.free(other.teacher, lost.on, &lost_span)
                {
                    continue;
                }
                let apart = (day.date - lost.on).num_days().abs();
                let mut reasons = vec![
                    "两位教师都有空".to_owned(),
                    "场地不冲突".to_owned(),
                    match apart {
                        0 => "当天内对调".into(),
                        days => format!("相隔{days}天"),
                    },
                    "课时不减少".into(),
                ];
                if other.room == lost.room {
                    reasons.push("教室不变".into());
                }
                let score = 20 - 4 * apart + i64::from(other.room == lost.room) * 3;
                offers.push(Offer {
                    way: Way::Swap(slot.id, day.date),
                    score,
                    reasons,
                });
            }
        }
        offers.sort_by_key(|offer| (-offer.score, self.time_of(&offer.way)));
        offers.truncate(MOST[1]);
        offers
    }

    /// Times of the week, still to come, at which class, teacher and room are all free.
    pub fn free_times(&self, lost: &Lesson) -> Vec<Offer> {
        let own = &self.table.slots[lost.slot];
        let same_length = self
            .table
            .slots
            .iter()
            .filter(|slot| slot.periods == lost.periods);
        let starts: BTreeSet<u8> = same_length.map(|slot| slot.period).collect();
        let mut offers = vec![];
        for day in self
            .week
            .iter()
            .filter(|day| day.date >= self.today && day.kind.is_teaching())
        {
            for period in &starts {
                let there = span(*period, lost.periods);
                let class_busy = day.busy(&there, |lesson| self.table.slots[lesson.slot].class == own.class);
                let event = day.missing.iter().any(|missing| {
                    let slot = &self.table.slots[missing.slot];
                    slot.class == own.class && overlap(&span(slot.period, slot.periods), &there)
                });
                let itself = day.date == lost.on && overlap(&there, &lost.span());
                let room = !day.busy(&there, |lesson| lesson.room == lost.room);
                if class_busy || event || itself || !room || !self.free(lost.teacher, day.date, &there) {
                    continue;
                }
                let apart = (day.date - lost.on).num_days().abs();
                offers.push(Offer {
                    way: Way::Move(day.date, *period),
                    score: 15 - 4 * apart,
                    reasons: vec![
                        "班级、教师、场地都空闲".into(),
                        match apart {
                            0 => "当天调整".into(),
                            days => format!("相隔{days}天"),
                        },
                        "只影响这一节课".into(),
                    ],
                });
            }
        }
        offers.sort_by_key(|offer| (-offer.score, self.time_of(&offer.way)));
        offers.truncate(MOST[2]);
        offers
    }

    /// When the lesson would be held.
    fn time_of(&self, way: &Way) -> Option<(NaiveDate, u8)> {
        match way {
            Way::Swap(slot, date) => Some((*date, self.table.slots[self.table.slot(*slot)?].period)),
            Way::Move(date, period) => Some((*date, *period)),
            Way::Cover(_) | Way::Drop => None,
        }
    }

    /// Whether a room is free, the two lessons that change places left out.
    fn room_free(
        &self,
        room: Uuid,
        date: NaiveDate,
        periods: &RangeInclusive<u8>,
        one: usize,
        other: usize,
    ) -> bool {
        let taken = |lesson: &Lesson| lesson.room == room && lesson.slot != one && lesson.slot != other;
        self.day(date).is_none_or(|day| !day.busy(periods, taken))
    }
}

#[cfg(test)]
#[path = "rank_tests.rs"]
mod tests;
