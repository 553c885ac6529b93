//! Inspections (隐患排查) and the hazards they found (隐患整改), in states that follow from their age.

use anyhow::Result;
use calendar::Every;
use chrono::{DateTime, Datelike, Days as Count, NaiveDate, Utc, Weekday};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};
use safety::{Area, Hazard, HazardLevel, Inspection, InspectionKind, Risk};
use uuid::Uuid;

use super::days::OFFICE_HOURS;
use super::world::{Hand, World, clip};
use super::write::{Batch, id_at};
use crate::{HazardText, Post, Unit};

/// Hazards of the term.
const HAZARDS: usize = 84;
/// Of these, the first ones: still open although their time has passed.
const OVERDUE: usize = 3;
/// Of these, the major ones.
const MAJOR: usize = 2;
/// Inspections by departments that were missed: department and week.
const MISSED: &[(usize, u8)] = &[(4, 5), (5, 7), (2, 9)];
/// Inspections of one sort of place: week and place.
const SPECIAL: &[(u8, Area)] = &[
    (2, Area::Fire),
    (4, Area::Canteen),
    (6, Area::Dormitory),
    (8, Area::Training),
    (10, Area::Electric),
];
const CONTENT: &[&str] = &[
    "查消防器材、疏散通道、用电线路和门窗护栏，逐间登记",
    "查教室照明、吊扇、插座和课桌椅，询问师生使用情况",
    "查重点部位台账与现场是否一致，复看上次问题整改情况",
    "查应急照明、疏散指示和值班记录，抽测灭火器压力",
];
const RECHECKED: &[&str] = &[
    "现场复查，已按措施整改到位，同意销号",
    "复查合格，要求管理人每周巡看一次",
    "对照整改前照片复查，问题消除，同意销号",
];

/// An inspection as planned: day, sort, department, place; without a day it was left out.
type Planned = (Option<NaiveDate>, InspectionKind, Option<usize>, Option<Area>);

/// An inspection that took place.
struct Tour {
    id: Uuid,
    day: NaiveDate,
    at: DateTime<Utc>,
    kind: InspectionKind,
    department: Option<usize>,
    focus: Option<Area>,
    found: i64,
}

/// Writes inspections and hazards.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("hazard");
    let mut tours = tours(world, &mut hand);
    let mut hazards = Batch::new();
    let mut majors = 0;
    for nth in 0..HAZARDS {
        let text = hand.texts.hazard();
        let (record, state, at) = hazard(world, &mut hand, &mut tours, text, nth < OVERDUE, &mut majors);
        hazards.add_in(state, &record, at);
    }
    let mut inspections = Batch::new();
    for tour in &tours {
        let record = inspection(world, &mut hand, tour);
        inspections.add_as(tour.id, None, &record, tour.at);
    }
    inspections.write(scope).await?;
    hazards.write(scope).await
}

fn tours(world: &World, hand: &mut Hand) -> Vec<Tour> {
    let days = &world.days;
    let mut planned: Vec<Planned> = vec![];
    for window in days.windows(1, Every::Month) {
        // The whole campus in the first half of the month.
        let middle = (window.from + Count::new(14)).min(window.to);
        let day = days
            .pick(&mut hand.rng, window.from, middle)
            .or_else(|| days.pick(&mut hand.rng, window.from, window.to));
        planned.push((day, InspectionKind::Campus, None, None));
    }
    for week in days.weeks() {
        let running = days.term.week_of(days.today) == Some(week);
        for department in 0..world.school.departments.len() {
            let left_out = MISSED.contains(&(department, week)) || (running && hand.rng.chance(50));
            let day = hand.day(days.week(week)).filter(|_| !left_out);
            planned.push((day, InspectionKind::Teaching, Some(department), None));
        }
        let left_out = hand.rng.chance(20);
        let day = hand.day(days.week(week)).filter(|_| !left_out);
        planned.push((day, InspectionKind::Daily, None, None));
    }
    for (week, focus) in SPECIAL {
        let day = hand.day(days.week(*week));
        planned.push((day, InspectionKind::Special, None, Some(*focus)));
    }
    planned
        .into_iter()
        .filter_map(|(day, kind, department, focus)| {
            let day = day?;
            let at = days.at(&mut hand.rng, day, OFFICE_HOURS);
            Some(Tour {
                id: id_at(at),
                day,
                at,
                kind,
                department,
                focus,
                found: 0,
            })
        })
        .collect()
}

fn inspection(world: &World, hand: &mut Hand, tour: &Tour) -> Inspection {
    let leader = match tour.department {
        Some(department) => world.school.departments[department].head,
        None if tour.kind == InspectionKind::Daily => *hand.rng.pick(&world.office_staff("安全办")),
        None => world.head_of("安全办"),
    };
    let others = match tour.kind {
        InspectionKind::Campus => Some("总务处、学生处、实训处负责人，各系部安全员"),
        InspectionKind::Special => Some("总务处、相关部门负责人"),
        InspectionKind::Teaching => Some("系部安全员、当日值班教师"),
        InspectionKind::Daily => None,
    };
    Inspection {
        inspected_on: tour.day,
        kind: tour.kind,
        department: tour.department.map(|at| world.department(at)),
        focus: tour.focus,
        inspector: world.staff(leader),
        others: others.map(str::to_owned),
        content: LongText(hand.words(CONTENT).into()),
        found: tour.found,
        photos: Default::default(),
    }
}

/// Where a hazard is: area, and the training room if it is in one.
fn place_of(world: &World, text: &HazardText) -> (Area, Option<usize>) {
    let rooms = &world.school.training_rooms;
    if let Some(room) = rooms.iter().position(|room| text.area.contains(room.name)) {
        return (Area::Training, Some(room));
    }
    const WORDS: &[(&[&str], Area)] = &[
        (&["餐厅"], Area::Canteen),
        (&["公寓"], Area::Dormitory),
        (&["校门"], Area::Gate),
        (&["田径场", "体育馆"], Area::Sports),
        (&["配电"], Area::Electric),
        (&["屋面", "电梯"], Area::Building),
        (&["化学品"], Area::Training),
        (&["楼梯", "报告厅"], Area::Fire),
        (&["明理楼", "致远楼"], Area::Teaching),
    ];
    let found = WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| text.area.contains(word)));
    (found.map_or(Area::Other, |(_, area)| *area), None)
}

fn hazard(
    world: &World,
    hand: &mut Hand,
    tours: &mut [Tour],
    text: HazardText,
    overdue: bool,
    majors: &mut usize,
) -> (Hazard, &'static str, DateTime<Utc>) {
    let days = &world.days;
    let (area, room) = place_of(world, &text);
    let home = room.map(|room| world.school.training_rooms[room].department);
    let fits = |tour: &Tour| {
        let there = match tour.kind {
            InspectionKind::Teaching if area == Area::Teaching => true,
            InspectionKind::Teaching => home.is_some() && tour.department == home,
            InspectionKind::Special => tour.focus == Some(area),
            InspectionKind::Campus | InspectionKind::Daily => true,
        };
        there && (!overdue || (16..=34).contains(&days.age(tour.day)))
    };
    let open: Vec<usize> = (0..tours.len()).filter(|at| fits(&tours[*at])).collect();
    let tour = (!open.is_empty() && (overdue || hand.rng.chance(90))).then(|| *hand.rng.pick(&open));
    let (found_on, at) = match tour {
        Some(tour) => (tours[tour].day, tours[tour].at),
        None => {
            let day = days.any(&mut hand.rng);
            (day, days.at(&mut hand.rng, day, OFFICE_HOURS))
        }
    };
    let tour = tour.map(|tour| {
        tours[tour].found += 1;
        &tours[tour]
    });
    let department = home.or(tour.and_then(|tour| tour.department));
    let major = text.serious && !overdue && days.age(found_on) > 25 && *majors < MAJOR;
    *majors += usize::from(major);
    let mut record = Hazard {
        found_on,
        inspection: tour.map(|tour| Ref::new(tour.id)),
        area,
        place: clip(&text.area, 60),
        department: department.map(|at| world.department(at)),
        level: if major {
            HazardLevel::Major
        } else {
            HazardLevel::Ordinary
        },
        risk: match (major, text.serious) {
            (true, _) => Risk::Red,
            (_, true) => Risk::Orange,
            _ if hand.rng.chance(60) => Risk::Yellow,
            _ => Risk::Blue,
        },
        finding: LongText(text.finding),
        responsible: world.staff(responsible(world, hand, area, room, department)),
        due: workday(found_on + Count::new(u64::from(hand.rng.between(6, if major { 20 } else { 13 })))),
        control: major.then(|| LongText("停止使用并设围挡和警示牌，专人看守，整改验收前不得恢复".into())),
        photos: Default::default(),
        measure: None,
        rectified_on: None,
        cost: None,
        recheck: None,
        rechecked_on: None,
        photos_after: Default::default(),
    };
    let state = if overdue {
        "待整改"
    } else {
        pursue(world, hand, &mut record, &text.measure, major)
    };
    (record, state, at)
}

/// Takes a hazard as far as its age allows.
fn pursue(world: &World, hand: &mut Hand, record: &mut Hazard, measure: &str, major: bool) -> &'static str {
    let days = &world.days;
    // Of a hundred: still to be rectified, and waiting for the re-check; the rest is closed.
    let (open, waiting) = match days.age(record.found_on) {
        ..=4 => (55, 25),
        5..=12 => (20, 25),
        13..=28 => (0, 7),
        _ => (0, 0),
    };
    let lot = hand.rng.between(1, 100);
    let late = hand.rng.chance(6);
    let rectified = if late {
        days.pick(
            &mut hand.rng,
            record.due + Count::new(1),
            record.due + Count::new(5),
        )
    } else {
        days.pick(&mut hand.rng, record.found_on + Count::new(1), record.due)
    };
    // Where holidays leave no day before the due one, the first that came after; it was given time until then.
    let rectified = rectified.or_else(|| days.after(record.found_on, 1));
    let Some(rectified) = rectified.filter(|_| lot > open) else {
        let ahead = days.today + Count::new(u64::from(hand.rng.between(2, 7)));
        record.due = workday(record.due.max(ahead));
        return "待整改";
    };
    if !late {
        record.due = record.due.max(rectified);
    }
    record.measure = Some(LongText(measure.into()));
    record.rectified_on = Some(rectified);
    let thousands = if major {
        hand.rng.between(6, 18) * 100
    } else {
        hand.rng.between(4, 240)
    };
    record.cost = hand.rng.chance(55).then_some(Money(i64::from(thousands) * 1000));
    let wait = hand.rng.between(1, 3) as usize;
    let Some(rechecked) = days.after(rectified, wait).filter(|_| lot > open + waiting) else {
        return "待复查";
    };
    record.recheck = Some(LongText(hand.words(RECHECKED).into()));
    record.rechecked_on = Some(rechecked);
    "已销号"
}

fn responsible(
    world: &World,
    hand: &mut Hand,
    area: Area,
    room: Option<usize>,
    department: Option<usize>,
) -> usize {
    if let Some(room) = room {
        return world.school.training_rooms[room].keeper;
    }
    let deputy = |at: usize| {
        let members = world.members(Unit::Department(at));
        let deputy = |member: &usize| world.school.staff[*member].post == Post::DeputyHead;
        members.into_iter().find(deputy)
    };
    if let Some(deputy) = department.and_then(deputy) {
        return deputy;
    }
    let office = match area {
        Area::Dormitory => "学生处",
        Area::Fire | Area::Gate | Area::Other => "安全办",
        Area::Training => "实训处",
        _ => "总务处",
    };
    *hand.rng.pick(&world.office_staff(office))
}

/// The day itself, or the Monday after a weekend.
fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day + Count::new(2),
        Weekday::Sun => day + Count::new(1),
        _ => day,
    }
}
