//! Week x of the term as it is really taught: odd and even weeks, holidays, make-up days (调休), from the published
//! lessons.
use crate::offering::term_key;
use calendar::{DayKind, DayTable, Term};
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use std::collections::HashMap;
use uuid::Uuid;

/// A published lesson.
#[derive(Clone, Debug)]
pub struct Slot {
    /// 排课号
    pub number: String,
    /// 课程
    pub course: String,
    /// Id and name of the class.
    pub class: (Uuid, String),
    /// Id and name of the teacher.
    pub teacher: (Uuid, String),
    /// Id and name of the room.
    pub room: (Uuid, String),
    /// 起始周
    pub first: i64,
    /// 结束周
    pub last: i64,
    /// `all`, `odd`, `even`
    pub weeks: String,
    /// 1 is Monday.
    pub weekday: i64,
    /// First period, from 1.
    pub period: i64,
    /// 连上节数
    pub periods: i64,
    /// 上课时间, as 0800.
    pub starts_at: String,
}

impl Slot {
    /// Whether it is held in a week.
    pub fn in_week(&self, week: i64) -> bool {
        let parity = match self.weeks.as_str() {
            "odd" => week % 2 == 1,
            "even" => week % 2 == 0,
            _ => true,
        };
        (self.first..=self.last).contains(&week) && parity
    }
}

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
    fn has(self, slot: &Slot) -> bool {
        match self {
            Whose::Class(id) => slot.class.0 == id,
            Whose::Teacher(id) => slot.teacher.0 == id,
            Whose::Room(id) => slot.room.0 == id,
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
    pub period: i64,
    /// 连上节数
    pub periods: i64,
    /// 上课时间
    pub starts_at: String,
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
}

/// The lessons of one week: its days from Monday, weekends only when they are worked.
pub fn of(slots: &[Slot], whose: Option<Whose>, term: &Term, table: &DayTable, week: u8) -> Vec<Day> {
    let Some(dates) = term.dates_of(week) else {
        return vec![];
    };
    let mut days = vec![];
    for date in dates.start().iter_days().take_while(|date| date <= dates.end()) {
        let kind = table.kind_of(term, date);
        let (note, off) = match &kind {
            DayKind::Teaching { .. } => (String::new(), false),
            DayKind::Holiday { name } => (format!("{name}放假"), true),
            DayKind::Makeup {
                stands_for: Some(day),
                ..
            } => (format!("调休，上{}的课", calendar::weekday_name(*day)), false),
            DayKind::Makeup { .. } => ("调休上班，按星期几上课待定".to_owned(), false),
            DayKind::Weekend | DayKind::Outside => (String::new(), true),
        };
        let taught = kind
            .weekday_taught()
            .map(|day| i64::from(day.number_from_monday()));
        let own = date.weekday().num_days_from_monday() < 5;
        let lessons = taught.map_or_else(Vec::new, |weekday| held(slots, whose, weekday, i64::from(week)));
        if own || !off || !lessons.is_empty() {
            days.push(Day {
                date,
                note,
                off,
                lessons,
            });
        }
    }
    days
}

fn held(slots: &[Slot], whose: Option<Whose>, weekday: i64, week: i64) -> Vec<Held> {
    let mut list: Vec<((i64, String, Uuid), Held)> = vec![];
    // A joint lesson shows all its classes to each of them: the rows of one block have one number up to the class.
    let block = |slot: &Slot| {
        slot.number
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'B' | 'J' | 'Z'))
            .to_owned()
    };
    let now: Vec<&Slot> = slots
        .iter()
        .filter(|slot| slot.weekday == weekday && slot.in_week(week))
        .collect();
    let keys: Vec<(i64, String, Uuid)> = now
        .iter()
        .filter(|slot| whose.is_none_or(|whose| whose.has(slot)))
        .map(|slot| (slot.period, block(slot), slot.room.0))
        .collect();
    for slot in now {
        let key = (slot.period, block(slot), slot.room.0);
        if !keys.contains(&key) {
            continue;
        }
        let at = match list.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None => {
                list.push((
                    key,
                    Held {
                        course: slot.course.clone(),
                        classes: vec![],
                        teachers: vec![],
                        room: slot.room.1.clone(),
                        period: slot.period,
                        periods: slot.periods,
                        starts_at: slot.starts_at.clone(),
                    },
                ));
                list.len() - 1
            }
        };
        let one = &mut list[at].1;
        if !one.classes.contains(&slot.class.1) {
            one.classes.push(slot.class.1.clone());
        }
        if !one.teachers.contains(&slot.teacher.1) {
            one.teachers.push(slot.teacher.1.clone());
        }
    }
    let mut held: Vec<Held> = list.into_iter().map(|(_, held)| held).collect();
    held.sort_by(|a, b| (a.period, &a.course).cmp(&(b.period, &b.course)));
    held
}

/// The published lessons of a term.
pub async fn slots(scope: &Scope, term: &Term) -> Result<Vec<Slot>> {
    let mut names: HashMap<Uuid, String> = HashMap::new();
    for table in ["r_course", "r_class", "r_staff", "r_room"] {
        let sql = format!("select id, f_name from {table} where school_id = $1");
        for row in scope.db().all(&sql, args![scope.school]).await? {
            names.insert(row.at(0)?, row.at(1)?);
        }
    }
    let (year, code) = term_key(term);
    let sql = "select f_number, f_course, f_class, f_teacher, f_room, f_first_week, f_last_week, f_weeks, f_weekday, \
               f_period, f_periods, f_starts_at from r_lesson_slot where school_id = $1 and f_year = $2 and f_term = $3 \
               and void_reason is null order by f_number";
    let rows = scope.db().all(sql, args![scope.school, year, code]).await?;
    let named = |id: Uuid| (id, names.get(&id).cloned().unwrap_or_default());
    rows.iter()
        .map(|row| {
            Ok(Slot {
                number: row.at(0)?,
                course: named(row.at(1)?).1,
                class: named(row.at(2)?),
                teacher: named(row.at(3)?),
                room: named(row.at(4)?),
                first: row.at(5)?,
                last: row.at(6)?,
                weeks: row.at(7)?,
                weekday: row
                    .at::<Option<String>>(8)?
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0),
                period: row.at(9)?,
                periods: row.at(10)?,
                starts_at: row.at(11)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar::{Half, SchoolYear};

    fn slot(number: &str, class: u128, weekday: i64, weeks: &str) -> Slot {
        let id = Uuid::from_u128;
        Slot {
            number: number.into(),
            course: "语文".into(),
            class: (id(class), format!("{class}班")),
            teacher: (id(90), "李".into()),
            room: (id(80), "101".into()),
            first: 1,
            last: 18,
            weeks: weeks.into(),
            weekday,
            period: 1,
            periods: 2,
            starts_at: "0800".into(),
        }
    }

    fn autumn() -> (Term, DayTable) {
        let table = DayTable::builtin();
        (Term::standard(SchoolYear(2026), Half::Autumn, &table), table)
    }

    #[test]
    fn holidays_are_off_and_make_up_days_teach_another_day() {
        let (term, table) = autumn();
        let slots: Vec<Slot> = (1..=5)
            .map(|day| slot(&format!("2026-1-0000{day}-1"), 1, day, "all"))
            .collect();
        let of_day = |day: &str| {
            let date: NaiveDate = day.parse().expect("a date");
            let week = term.week_of(date).expect("in the term");
            of(&slots, None, &term, &table, week)
                .into_iter()
                .find(|one| one.date == date)
        };
        let holiday = of_day("2026-10-01").expect("shown");
        assert!(
            holiday.off && holiday.lessons.is_empty() && holiday.note.contains("国庆"),
            "{holiday:?}"
        );
        let ordinary = of_day("2026-11-23").expect("shown");
        assert_eq!((ordinary.off, ordinary.lessons.len()), (false, 1));
        assert!(of_day("2026-11-22").is_none(), "an ordinary Sunday is left out");
        let made_up = term.range().start().iter_days().take(140).find(|date| {
            matches!(
                table.kind_of(&term, *date),
                DayKind::Makeup {
                    stands_for: Some(_),
                    ..
                }
            )
        });
        let made_up = made_up.expect("the autumn of 2026 has a make-up day");
        let day = of_day(&made_up.to_string()).expect("a make-up day is shown");
        assert!(
            !day.off && day.lessons.len() == 1 && day.note.contains("调休"),
            "{day:?}"
        );
    }

    #[test]
    fn odd_weeks_differ_from_even_ones_and_joint_lessons_are_one() {
        let (term, table) = autumn();
        let slots = [
            slot("2026-1-00001-1B1", 1, 2, "odd"),
            slot("2026-1-00001-1B2", 2, 2, "odd"),
            slot("2026-1-00002-1", 3, 2, "all"),
        ];
        let tuesday = |week, whose| of(&slots, whose, &term, &table, week)[1].lessons.clone();
        let joint = tuesday(11, Some(Whose::Class(Uuid::from_u128(1))));
        assert_eq!(joint.len(), 1);
        assert_eq!(joint[0].classes, ["1班", "2班"]);
        assert!(tuesday(12, Some(Whose::Class(Uuid::from_u128(1)))).is_empty());
        assert_eq!(tuesday(12, None).len(), 1);
    }
}
