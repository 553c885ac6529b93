//! Events in place of lessons (教学活动安排): sports meeting, examinations, a week of training for one class.

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::LongText;
use lessons::{EventKind, TeachingEvent};

use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Title, kind, week of term, from which and to which weekday (0 is Monday), first and last period, class if only one.
type Row = (
    &'static str,
    EventKind,
    u8,
    [u64; 2],
    [i64; 2],
    Option<usize>,
    &'static str,
);

const EVENTS: &[Row] = &[
    (
        "消防疏散演练",
        EventKind::Ceremony,
        3,
        [4, 4],
        [7, 8],
        None,
        "第7节铃响后按班级疏散到操场，班主任清点人数",
    ),
    (
        "校田径运动会",
        EventKind::Sport,
        6,
        [3, 4],
        [1, 8],
        None,
        "全体师生参加，雨天顺延并另行通知",
    ),
    (
        "集中实训周",
        EventKind::Training,
        8,
        [0, 4],
        [1, 8],
        Some(11),
        "到校外实训基地，带队教师和安全责任见方案",
    ),
    (
        "期中考试",
        EventKind::Exam,
        9,
        [1, 2],
        [1, 8],
        None,
        "考场和监考安排见考务通知，考后正常上自习",
    ),
    (
        "期末考试",
        EventKind::Exam,
        19,
        [0, 4],
        [1, 8],
        None,
        "本周停课考试，考场和监考安排另行通知",
    ),
];

/// First and last date of an event.
fn dates(world: &World, event: &Row) -> (NaiveDate, NaiveDate) {
    let monday = world.days.term.start() + chrono::Days::new(u64::from(event.2 - 1) * 7);
    let [from, to] = event.3.map(|weekday| monday + chrono::Days::new(weekday));
    (from, to)
}

/// Whether an event has the place of a class's lesson.
pub fn instead_of(world: &World, class: usize, day: NaiveDate, period: i64, periods: i64) -> bool {
    EVENTS.iter().any(|event| {
        let (from, to) = dates(world, event);
        let [first, last] = event.4;
        (from..=to).contains(&day)
            && period <= last
            && first < period + periods
            && event.5.is_none_or(|only| only == class)
    })
}

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("teaching_event");
    let mut batch = Batch::new();
    for event in EVENTS {
        let (from, to) = dates(world, event);
        let record = TeachingEvent {
            title: event.0.into(),
            kind: event.1,
            starts_on: from,
            ends_on: to,
            first_period: event.4[0],
            last_period: event.4[1],
            unit: None,
            class: event.5.map(|class| world.class(class)),
            note: Some(LongText(event.6.into())),
            days: None,
        };
        // Announced a week ahead at least.
        let told = world
            .days
            .at_or_before((from - chrono::Days::new(8)).min(world.days.today));
        batch.add(&record, world.days.at(&mut hand.rng, told, OFFICE_HOURS));
    }
    batch.write(scope).await
}
