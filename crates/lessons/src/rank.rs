//! What to do with a lesson whose teacher is away (调代课的办法): who could stand in, what it could change places with,
//! where it could go. Pure: everything that is possible is listed and ranked, with the reasons in words.
use crate::held::{Day, Lesson, Timetable, Why, overlap, span};
use crate::load::{Away, Names};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Most substitutes, swaps, free times and chains offered.
const MOST: [usize; 4] = [6, 4, 2, 2];
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
    /// It takes the place of the lesson of this entry on this date, which goes on (连环调课).
    Chain(Uuid, NaiveDate, Onward),
    /// It is not held.
    Drop,
}

/// Where the lesson goes whose place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onward {
    /// To a date and period at which nothing is in its way.
    Free(NaiveDate, u8),
    /// To the place of the lesson of this entry on this date, which comes to the place of the lost one.
    Third(Uuid, NaiveDate),
}

impl Way {
    /// As a form posts it.
    pub fn key(&self) -> String {
        match self {
            Way::Cover(staff) => format!("cover:{staff}"),
            Way::Swap(slot, date) => format!("swap:{slot}:{date}"),
            Way::Move(date, period) => format!("move:{date}:{period}"),
            Way::Chain(slot, date, Onward::Free(to, period)) => format!("chain:{slot}:{date}:{to}:{period}"),
            Way::Chain(slot, date, Onward::Third(third, to)) => format!("chain:{slot}:{date}:{third}:{to}"),
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

    /// Everything that can be done, best first within each kind: substitutes, swaps, free times, chains, dropping it.
    pub fn offers(&self, lost: &Lesson) -> Vec<Offer> {
        let mut all = self.substitutes(lost);
        all.extend(self.swaps(lost));
        all.extend(self.free_times(lost));
        all.extend(self.chains(lost));
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

    /// Whether a lesson could be held at another time: its class, teacher and room are free there once the `leaving`
    /// lessons have left their places, and no event takes it.
    fn fits(&self, lesson: &Lesson, (date, period): (NaiveDate, u8), leaving: &[&Lesson]) -> bool {
        let there = span(period, lesson.periods);
        let slots = &self.table.slots;
        let class = slots[lesson.slot].class;
        let leaves = |other: &Lesson| {
            leaving
                .iter()
                .any(|one| (one.slot, one.on) == (other.slot, other.on))
        };
        let wants_the_same = |other: &Lesson| {
            other.teacher == lesson.teacher || other.room == lesson.room || slots[other.slot].class == class
        };
        let taken = |day: &Day| day.busy(&there, |other| !leaves(other) && wants_the_same(other));
        let event = |day: &Day| {
            day.missing.iter().any(|missing| {
                let slot = &slots[missing.slot];
                let by_event = matches!(missing.why, Why::Event(_));
                by_event && slot.class == class && overlap(&span(slot.period, slot.periods), &there)
            })
        };
        !self.is_away(lesson.teacher, date, &there)
            && self.day(date).is_some_and(|day| !taken(day) && !event(day))
    }

    /// Lessons of the same class and length in the week, still to come, held as planned.
    fn partners(&self, lost: &Lesson) -> impl Iterator<Item = &Lesson> {
        let own = &self.table.slots[lost.slot];
        let (periods, place) = (lost.periods, (lost.on, lost.period));
        self.week
            .iter()
            .filter(|day| day.date >= self.today)
            .flat_map(|day| &day.lessons)
            .filter(move |other| {
                let slot = &self.table.slots[other.slot];
                let same = slot.class == own.class && other.periods == periods;
                same && slot.course != own.course
                    && other.change.is_none()
                    && (other.on, other.period) != place
            })
    }

    /// Dates and first periods of the week, still to come, at which a lesson of this length may begin.
    fn times(&self, lost: &Lesson) -> impl Iterator<Item = (NaiveDate, u8)> {
        let same_length = self
            .table
            .slots
            .iter()
            .filter(|slot| slot.periods == lost.periods);
        let starts: BTreeSet<u8> = same_length.map(|slot| slot.period).collect();
        self.week
            .iter()
            .filter(|day| day.date >= self.today && day.kind.is_teaching())
            .flat_map(move |day| starts.clone().into_iter().map(|period| (day.date, period)))
    }

    /// Lessons of the same class in the same week, still to come, with which it could change places: both teachers
    /// free, both rooms free.
    pub fn swaps(&self, lost: &Lesson) -> Vec<Offer> {
        let mut offers = vec![];
        for other in self.partners(lost).filter(|other| other.teacher != lost.teacher) {
            let both = [lost, other];
            let fit = self.fits(lost, (other.on, other.period), &both)
                && self.fits(other, (lost.on, lost.period), &both);
            if !fit {
                continue;
            }
            let apart = (other.on - lost.on).num_days().abs();
            let mut reasons = vec![
                "两位教师都有空".to_owned(),
                "场地不冲突".to_owned(),
                apart_words(apart, "当天内对调"),
                "课时不减少".into(),
            ];
            if other.room == lost.room {
                reasons.push("教室不变".into());
            }
            offers.push(Offer {
                way: Way::Swap(self.table.slots[other.slot].id, other.on),
                score: 20 - 4 * apart + i64::from(other.room == lost.room) * 3,
                reasons,
            });
        }
        self.best(offers, MOST[1])
    }

    /// Times of the week, still to come, at which class, teacher and room are all free.
    pub fn free_times(&self, lost: &Lesson) -> Vec<Offer> {
        let mut offers = vec![];
        for (date, period) in self.times(lost) {
            let itself = date == lost.on && overlap(&span(period, lost.periods), &lost.span());
            if itself || !self.fits(lost, (date, period), &[lost]) {
                continue;
            }
            let apart = (date - lost.on).num_days().abs();
            offers.push(Offer {
                way: Way::Move(date, period),
                score: 15 - 4 * apart,
                reasons: vec![
                    "班级、教师、场地都空闲".into(),
                    apart_words(apart, "当天调整"),
                    "只影响这一节课".into(),
                ],
            });
        }
        self.best(offers, MOST[2])
    }

    /// Chains of two or three lessons of the class: the lost one takes the place of another, which goes to a free time
    /// or takes the place of a third, which comes to where the lost one stood. Every such chain of the week is tried;
    /// the fewer people and the fewer days, the better. A chain is only what two lessons cannot do by themselves.
    pub fn chains(&self, lost: &Lesson) -> Vec<Offer> {
        let place = (lost.on, lost.period);
        let mut offers = vec![];
        for second in self.partners(lost) {
            let there = (second.on, second.period);
            let two = [lost, second];
            if !self.fits(lost, there, &two) || self.fits(second, place, &two) {
                continue;
            }
            let taken = self.table.slots[second.slot].id;
            let days = |last: NaiveDate| {
                (second.on - lost.on).num_days().abs() + (last - second.on).num_days().abs()
            };
            let same = |other: &(NaiveDate, u8), time: &(NaiveDate, u8)| {
                other.0 == time.0 && overlap(&span(other.1, lost.periods), &span(time.1, lost.periods))
            };
            for time in self.times(lost) {
                let open = !same(&time, &place) && !same(&time, &there);
                if open && self.fits(second, time, &two) {
                    offers.push(Offer {
                        way: Way::Chain(taken, second.on, Onward::Free(time.0, time.1)),
                        score: 8 - 2 * days(time.0),
                        reasons: vec![
                            "直接对调不行，动两节课可以排开".into(),
                            "教师、班级、场地都不冲突".into(),
                            "课时不减少".into(),
                        ],
                    });
                }
            }
            for third in self
                .partners(lost)
                .filter(|third| (third.on, third.period) != there)
            {
                let three = [lost, second, third];
                let fit =
                    self.fits(second, (third.on, third.period), &three) && self.fits(third, place, &three);
                if fit {
                    offers.push(Offer {
                        way: Way::Chain(
                            taken,
                            second.on,
                            Onward::Third(self.table.slots[third.slot].id, third.on),
                        ),
                        score: 4 - 2 * days(third.on),
                        reasons: vec![
                            "直接对调不行，三节课轮换可以排开".into(),
                            "教师、班级、场地都不冲突".into(),
                            "课时不减少".into(),
                        ],
                    });
                }
            }
        }
        self.best(offers, MOST[3])
    }

    /// The best so many, the earliest first among equals.
    fn best(&self, mut offers: Vec<Offer>, most: usize) -> Vec<Offer> {
        offers.sort_by_key(|offer| (-offer.score, self.time_of(&offer.way)));
        offers.truncate(most);
        offers
    }

    /// When the lesson would be held.
    fn time_of(&self, way: &Way) -> Option<(NaiveDate, u8)> {
        match way {
            Way::Swap(slot, date) | Way::Chain(slot, date, _) => {
                Some((*date, self.table.entry(*slot)?.period))
            }
            Way::Move(date, period) => Some((*date, *period)),
            Way::Cover(_) | Way::Drop => None,
        }
    }
}

/// How far a lesson goes.
fn apart_words(days: i64, same_day: &str) -> String {
    match days {
        0 => same_day.into(),
        days => format!("相隔{days}天"),
    }
}

#[cfg(test)]
#[path = "rank_tests.rs"]
mod tests;
