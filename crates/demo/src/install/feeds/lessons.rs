//! Lessons as machines see them: the online courses, what happened in smart classrooms, the cameras of the rooms.

use std::collections::BTreeMap;

use ::teaching::LessonSlot;
use anyhow::{Result, anyhow};
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::register::Register;
use kernel::register::query::{ListQuery, list};
use kernel::register::store::Label;
use uuid::Uuid;

use super::super::days::Days;
use super::super::world::Hand;
use super::{Feeds, Row, percent};

/// Online courses: number, name.
const COURSES: [(&str, &str); 3] = [
    ("WL001", "机械制图在线课"),
    ("WL002", "电工基础在线课"),
    ("WL003", "职业素养在线课"),
];

/// Lessons a day that were held with the smart classroom.
const SMART: usize = 2;
/// Rooms with cameras.
const FILMED: usize = 18;
/// The cameras of a room: name in the address, where it hangs.
const CAMERAS: [(&str, &str); 2] = [("front", "讲台"), ("back", "后墙全景")];
/// More lessons than any timetable has.
const MOST: i64 = 100_000;

/// A lesson of the timetable (排课).
pub struct Slot {
    pub number: String,
    /// Number and name of the course.
    pub course: Label,
    pub teacher: Uuid,
    pub class: Uuid,
    /// Number and name of the room.
    room: Label,
    /// 1 is Monday.
    weekday: u32,
    period: i64,
    periods: i64,
    starts_at: String,
    students: u32,
    /// First and last teaching week.
    weeks: (i64, i64),
}

impl Slot {
    /// Whether it is held on a day, were it a teaching day.
    pub fn is_on(&self, days: &Days, day: NaiveDate) -> bool {
        let week = days.term.week_of(day).map_or(0, i64::from);
        day.weekday().number_from_monday() == self.weekday && (self.weeks.0..=self.weeks.1).contains(&week)
    }

    /// First and last period of the lesson: `1-2`; one alone: `7`.
    fn span(&self) -> String {
        match self.periods {
            ..=1 => self.period.to_string(),
            more => format!("{}-{}", self.period, self.period + more - 1),
        }
    }

    /// Periods held on some teaching days.
    pub fn periods_on(&self, days: &Days, taught: &[NaiveDate]) -> u32 {
        let held = taught.iter().filter(|day| self.is_on(days, **day)).count();
        (held as u32) * self.periods.max(0) as u32
    }
}

/// The timetable by number.
pub async fn slots(scope: &Scope) -> Result<Vec<Slot>> {
    let spec = scope.register(LessonSlot::head().id)?;
    let fields: Vec<usize> = (0..spec.fields.len()).collect();
    let query = ListQuery {
        per: MOST,
        ..ListQuery::default()
    };
    let found = list(scope, spec, &query, &fields).await?;
    let mut slots = vec![];
    for record in found.records {
        let wrong = |what: &str| anyhow!("演示数据：排课的 {what} 读不出");
        let slot = LessonSlot::from_values(&record.values).map_err(wrong)?;
        let label = |name: &str| {
            let at = spec.index(name).and_then(|at| record.refs[at].clone());
            at.ok_or_else(|| wrong(name))
        };
        slots.push(Slot {
            course: label("course")?,
            room: label("room")?,
            teacher: slot.teacher.id,
            class: slot.class.id,
            weekday: slot.first_on.weekday().number_from_monday(),
            period: slot.period,
            periods: slot.periods,
            starts_at: slot.starts_at,
            students: u32::try_from(slot.students)?,
            weeks: (slot.first_week, slot.last_week),
            number: slot.number,
        });
    }
    slots.sort_by(|one, other| one.number.cmp(&other.number));
    Ok(slots)
}

/// Writes all of it.
pub async fn write(feeds: &mut Feeds<'_>, slots: &[Slot]) -> Result<()> {
    online(feeds).await?;
    smart(feeds, slots).await?;
    cameras(feeds, slots).await
}

async fn online(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t12");
    let mut rows = vec![];
    for (at, (number, name)) in COURSES.iter().enumerate() {
        let teacher = &feeds.world.school.staff[at];
        for day in feeds.days.iter().step_by(2) {
            rows.push(vec![
                ("WLKCBH", (*number).to_owned()),
                ("WLKCMC", (*name).into()),
                ("WLKCLYM", "1".into()),
                ("WLKCSSPTMC", "网络教学平台".into()),
                ("ZJJSGH", teacher.number.clone()),
                ("ZJJSXM", teacher.name.clone()),
                ("XXRQ", day.to_string()),
                ("XXSC", hand.rng.between(300, 2_400).to_string()),
                ("XXRC", hand.rng.between(20, 120).to_string()),
                ("XSTJZYS", hand.rng.between(0, 90).to_string()),
                ("JXZYS", hand.rng.between(10, 60).to_string()),
                ("DYTLS", hand.rng.between(0, 40).to_string()),
                ("LRRQ", day.to_string()),
            ]);
        }
    }
    feeds.put(12, &mut hand, rows).await
}

/// Questions, votes and quizzes in some lessons of each day that is over.
async fn smart(feeds: &mut Feeds<'_>, slots: &[Slot]) -> Result<()> {
    let mut hand = Hand::new("feed_t13");
    let mut rows = vec![];
    let days = &feeds.world.days;
    for day in feeds.days.iter().filter(|day| **day < days.today) {
        let mut held: Vec<&Slot> = slots.iter().filter(|slot| slot.is_on(days, *day)).collect();
        hand.rng.shuffle(&mut held);
        rows.extend(
            held.iter()
                .take(SMART)
                .map(|slot| lesson(&mut hand, days, slot, *day)),
        );
    }
    feeds.put(13, &mut hand, rows).await
}

fn lesson(hand: &mut Hand, days: &Days, slot: &Slot, day: NaiveDate) -> Row {
    let present = slot.students.saturating_sub(hand.rng.between(0, 2));
    let asked = hand.rng.between(3, 9);
    let answered: u32 = (0..asked)
        .map(|_| present * hand.rng.between(70, 100) / 100)
        .sum();
    vec![
        ("PKH", slot.number.clone()),
        ("KCH", slot.course.key.clone()),
        ("KCMC", slot.course.label.clone()),
        ("ZC", days.term.week_of(day).unwrap_or(1).to_string()),
        ("XQJ", slot.weekday.to_string()),
        ("SKJC", slot.span()),
        ("SKRQ", day.to_string()),
        ("SKSJ", format!("{:0<6}", slot.starts_at)),
        ("KTHDFQZCS", asked.to_string()),
        ("XSCYZCS", answered.to_string()),
        ("XSCYL", percent(answered, asked * present)),
        ("CQL", percent(present, slot.students)),
    ]
}

/// Where the lessons of some rooms can be watched: each room with the first lesson of its week.
async fn cameras(feeds: &mut Feeds<'_>, slots: &[Slot]) -> Result<()> {
    let mut rooms: BTreeMap<&str, &Slot> = BTreeMap::new();
    for slot in slots {
        let first = rooms.entry(&slot.room.key).or_insert(slot);
        if (slot.weekday, slot.period) < (first.weekday, first.period) {
            *first = slot;
        }
    }
    let mut rows = vec![];
    for (room, slot) in rooms.into_iter().take(FILMED) {
        for (nth, (camera, place)) in CAMERAS.iter().enumerate() {
            rows.push(vec![
                ("JSH", room.to_owned()),
                ("PKH", slot.number.clone()),
                ("KCH", slot.course.key.clone()),
                ("SPSBID", format!("LB-{room}-{}", nth + 1)),
                ("SPSBDWMC", format!("{}{place}", slot.room.label)),
                ("SPLDZ", format!("rtsp://lubo.example.edu.cn/{room}/{camera}")),
            ]);
        }
    }
    feeds.put(24, &mut Hand::new("feed_t24"), rows).await
}
