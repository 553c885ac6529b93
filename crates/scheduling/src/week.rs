//! Week x of the term as it is really taught: what [`lessons::held`] says of each of its dates, rows of one lesson put
//! together.
use calendar::DayKind;
use chrono::{Datelike, NaiveDate};
use lessons::held::{Lesson, Timetable};
use lessons::{Names, held, words};
use uuid::Uuid;

/// Whose week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A class.
    Class(Uuid),
    /// A teacher.
    Teacher(Uuid),
    /// A room.
    Room(Uuid),
}

impl Whose {
    fn has(self, slot: &held::Slot, lesson: &Lesson) -> bool {
        match self {
            Whose::Class(id) => slot.class == id,
            Whose::Teacher(id) => lesson.teacher == id,
            Whose::Room(id) => lesson.room == id,
        }
    }

    fn planned(self, slot: &held::Slot) -> bool {
        match self {
            Whose::Class(id) => slot.class == id,
            Whose::Teacher(id) => slot.teacher == id,
            Whose::Room(id) => slot.room == id,
        }
    }
}

/// A lesson as it is held: rows of joint classes and of two teachers are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// 课程
    pub course: String,
    /// 班级
    pub classes: Vec<String>,
    /// 教师
    pub teachers: Vec<String>,
    /// 地点
    pub room: String,
    /// First period, from 1.
    pub period: u8,
    /// 连上节数
    pub periods: u8,
    /// How it came here, or why it is not held; empty for a lesson as planned.
    pub note: String,
}

/// A day of the week.
#[derive(Clone, Debug)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// What is said of it beside the date: a holiday, whose timetable a make-up day has.
    pub note: String,
    /// Whether it is off.
    pub off: bool,
    /// The lessons, by period.
    pub lessons: Vec<Held>,
    /// Lessons of the timetable that are not held on this date as planned.
    pub lost: Vec<Held>,
}

/// The lessons of one week: its days from Monday, weekends only when there is something on them.
pub fn of(table: &Timetable, names: &Names, whose: Option<Whose>, week: u8) -> Vec<Day> {
    let Some(dates) = table.term.dates_of(week) else {
        return vec![];
    };
    held::dates(*dates.start(), *dates.end())
        .map(|date| day(table, names, whose, date))
        .filter(|day| {
            let weekend = day.date.weekday().num_days_from_monday() > 4;
            !(weekend && day.off && day.lessons.is_empty())
        })
        .collect()
}

/// Whether somebody teaches in the term, or stands in for somebody.
pub fn teaches(table: &Timetable, staff: Uuid) -> bool {
    table.slots.iter().any(|slot| slot.teacher == staff)
        || table
            .changes
            .iter()
            .any(|change| change.substitute == Some(staff))
}

fn day(table: &Timetable, names: &Names, whose: Option<Whose>, date: NaiveDate) -> Day {
    let day = table.on(date);
    let (note, off) = match &day.kind {
        DayKind::Teaching { .. } => (String::new(), false),
        DayKind::Holiday { name } => (format!("{name}放假"), true),
        DayKind::Makeup {
            stands_for: Some(day),
            ..
        } => (format!("调休，上{}的课", calendar::weekday_name(*day)), false),
        DayKind::Makeup { .. } => ("调休上班，按星期几上课待定".to_owned(), false),
        DayKind::Weekend | DayKind::Outside => (String::new(), true),
    };
    let mut lessons = Joined::default();
    for lesson in &day.lessons {
        let slot = &table.slots[lesson.slot];
        lessons.add(
            Row {
                slot,
                teacher: lesson.teacher,
                room: lesson.room,
                period: lesson.period,
                note: words::how(lesson, slot, names),
            },
            whose.is_none_or(|whose| whose.has(slot, lesson)),
            names,
        );
    }
    let mut lost = Joined::default();
    for missing in &day.missing {
        let slot = &table.slots[missing.slot];
        lost.add(
            Row {
                slot,
                teacher: slot.teacher,
                room: slot.room,
                period: slot.period,
                note: words::why(&missing.why, table),
            },
            whose.is_none_or(|whose| whose.planned(slot)),
            names,
        );
    }
    Day {
        date,
        note,
        off,
        lessons: lessons.wanted(),
        lost: lost.wanted(),
    }
}

/// One row of the timetable on a date.
struct Row<'a> {
    slot: &'a held::Slot,
    teacher: Uuid,
    room: Uuid,
    period: u8,
    note: String,
}

/// Lessons put together: the same course in the same room at the same time is one lesson, whoever sits in it.
#[derive(Default)]
struct Joined(Vec<((u8, Uuid, Uuid), bool, Held)>);

impl Joined {
    fn add(&mut self, row: Row<'_>, wanted: bool, names: &Names) {
        let key = (row.period, row.slot.course, row.room);
        let at = match self.0.iter().position(|(known, ..)| *known == key) {
            Some(at) => at,
            None => {
                let held = Held {
                    course: names.of(row.slot.course).to_owned(),
                    classes: vec![],
                    teachers: vec![],
                    room: names.of(row.room).to_owned(),
                    period: row.period,
                    periods: row.slot.periods.max(1),
                    note: row.note,
                };
                self.0.push((key, false, held));
                self.0.len() - 1
            }
        };
        let (_, known, held) = &mut self.0[at];
        *known |= wanted;
        for (list, id) in [
            (&mut held.classes, row.slot.class),
            (&mut held.teachers, row.teacher),
        ] {
            let name = names.of(id).to_owned();
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }

    /// Those of whom the week is, by period.
    fn wanted(self) -> Vec<Held> {
        let mut held: Vec<Held> = self
            .0
            .into_iter()
            .filter(|(_, wanted, _)| *wanted)
            .map(|(.., held)| held)
            .collect();
        held.sort_by(|a, b| (a.period, &a.course).cmp(&(b.period, &b.course)));
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar::{DayTable, Half, Parity, SchoolYear, Term};
    use chrono::Weekday;
    use lessons::held::{Action, Change, Slot};

    fn slot(id: u128, class: u128, weekday: Weekday, parity: Option<Parity>) -> Slot {
        Slot {
            id: Uuid::from_u128(id),
            course: Uuid::from_u128(70),
            class: Uuid::from_u128(class),
            path: String::new(),
            teacher: Uuid::from_u128(90),
            room: Uuid::from_u128(80 + class / 3),
            weekday,
            first_week: 1,
            last_week: 18,
            parity,
            period: 1,
            periods: 2,
            students: 40,
        }
    }

    fn autumn(slots: Vec<Slot>, changes: Vec<Change>) -> (Timetable, Names) {
        let days = DayTable::builtin();
        let term = Term::standard(SchoolYear(2026), Half::Autumn, &days);
        let known = [
            (1, "1班"),
            (2, "2班"),
            (3, "3班"),
            (70, "语文"),
            (90, "李"),
            (91, "王"),
        ];
        let names = known.map(|(id, name)| (Uuid::from_u128(id), name.to_owned()));
        (
            Timetable::new(term, days, slots, vec![], changes),
            Names::from_iter(names),
        )
    }

    fn on(table: &Timetable, names: &Names, whose: Option<Whose>, date: NaiveDate) -> Option<Day> {
        let week = table.term.week_of(date).expect("in the term");
        let mut days = of(table, names, whose, week).into_iter();
        days.find(|one| one.date == date)
    }

    #[test]
    fn holidays_are_off_and_make_up_days_teach_another_day() {
        let week = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ];
        let slots = week.iter().zip(1..).map(|(day, id)| slot(id, 1, *day, None));
        let (table, names) = autumn(slots.collect(), vec![]);
        let of_day = |date| on(&table, &names, None, date);
        let holiday = of_day("2026-10-01".parse().expect("a date")).expect("shown");
        assert!(
            holiday.off && holiday.lessons.is_empty() && holiday.note.contains("国庆"),
            "{holiday:?}"
        );
        let ordinary = of_day("2026-11-23".parse().expect("a date")).expect("shown");
        assert_eq!((ordinary.off, ordinary.lessons.len()), (false, 1));
        assert!(
            of_day("2026-11-22".parse().expect("a date")).is_none(),
            "an ordinary Sunday is left out"
        );
        let stands_for_another = |date: &NaiveDate| {
            let kind = table.days.kind_of(&table.term, *date);
            matches!(
                kind,
                DayKind::Makeup {
                    stands_for: Some(_),
                    ..
                }
            )
        };
        let made_up = table
            .term
            .range()
            .start()
            .iter_days()
            .take(140)
            .find(stands_for_another);
        let made_up = made_up.expect("the autumn of 2026 has a make-up day");
        let day = of_day(made_up).expect("a make-up day is shown");
        assert!(
            !day.off && day.lessons.len() == 1 && day.note.contains("调休"),
            "{day:?}"
        );
    }

    #[test]
    fn odd_weeks_differ_from_even_ones_and_joint_lessons_are_one() {
        let odd = Some(Parity::Odd);
        let (table, names) = autumn(
            vec![
                slot(11, 1, Weekday::Tue, odd),
                slot(12, 2, Weekday::Tue, odd),
                slot(13, 3, Weekday::Tue, None),
            ],
            vec![],
        );
        let class = Some(Whose::Class(Uuid::from_u128(1)));
        let tuesday = |week, whose| of(&table, &names, whose, week)[1].lessons.clone();
        let joint = tuesday(11, class);
        assert_eq!(joint.len(), 1);
        assert_eq!(joint[0].classes, ["1班", "2班"]);
        assert!(tuesday(12, class).is_empty());
        assert_eq!(tuesday(12, None).len(), 1);
    }

    #[test]
    fn a_covered_lesson_is_in_the_week_of_whom_it_covers_and_a_moved_one_leaves_a_gap() {
        let date: NaiveDate = "2026-11-24".parse().expect("a date");
        let change = |action, slot, substitute, new_time| Change {
            substitute,
            new_time,
            ..Change::new(Uuid::from_u128(slot), action, Uuid::from_u128(slot), date)
        };
        let other = Uuid::from_u128(91);
        let later = date + chrono::Days::new(1);
        let (table, names) = autumn(
            vec![slot(11, 1, Weekday::Tue, None), slot(13, 3, Weekday::Tue, None)],
            vec![
                change(Action::Cover, 11, Some(other), None),
                change(Action::Move, 13, None, Some((later, 5))),
            ],
        );
        let covering = on(&table, &names, Some(Whose::Teacher(other)), date).expect("shown");
        assert_eq!(covering.lessons.len(), 1);
        assert!(covering.lessons[0].note.contains("代课"), "{covering:?}");
        let class = Some(Whose::Class(Uuid::from_u128(3)));
        let left = on(&table, &names, class, date).expect("shown");
        assert_eq!((left.lessons.len(), left.lost.len()), (0, 1));
        assert!(left.lost[0].note.contains("调到"), "{left:?}");
        let there = on(&table, &names, class, later).expect("shown");
        assert_eq!((there.lessons.len(), there.lessons[0].period), (1, 5));
    }
}
