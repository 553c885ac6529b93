//! Rooms, training rooms and courses.

use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Money, Ref};
use people::{Course, Room, RoomStatus};
use teaching::{HazardCategory, SafetyClass, TrainingRoom};

use super::days::Days;
use super::people::{code, prepared};
use super::world::{Hand, Ids, World};
use super::write::Batch;
use crate::catalog::{Category, RoomKind, SafetyClass as SeedClass};
use crate::{SeedSchool, Unit};

/// Weeks of lessons in a term, examinations left out.
const WEEKS: i64 = 18;

/// Writes the rooms, those of the training rooms among them.
pub async fn rooms(scope: &Scope, school: &SeedSchool, days: &Days, ids: &mut Ids) -> Result<()> {
    let mut hand = Hand::new("room");
    let mut batch = Batch::new();
    let affairs = school.offices.iter().position(|office| office.name == "总务处");
    let affairs = affairs.map(|at| ids.offices[at]);
    for (at, room) in school.rooms.iter().enumerate() {
        let building = school.buildings[room.building].name;
        let door = room.name.strip_prefix(building).unwrap_or("");
        let door: String = door.chars().filter(char::is_ascii_digit).collect();
        let number = if door.is_empty() {
            format!("{:02}-G{at:02}", room.building + 1)
        } else {
            format!("{:02}-{door}", room.building + 1)
        };
        let kind = match room.kind {
            RoomKind::Classroom | RoomKind::LectureHall => "1",
            RoomKind::Recording | RoomKind::Counselling | RoomKind::Arts => "6",
            RoomKind::Sports => "10",
            RoomKind::Auditorium | RoomKind::Meeting | RoomKind::Library => "99",
        };
        let record = Room {
            number,
            name: room.name.clone(),
            campus: None,
            building: building.into(),
            floor: door
                .chars()
                .next()
                .and_then(|floor| floor.to_digit(10))
                .map(i64::from),
            kind: code(kind),
            seats: room.seats.into(),
            area: Some(Decimal(i64::from(room.seats) * 14)),
            description: None,
            unit: affairs.map(Ref::new),
            keeper: None,
            status: RoomStatus::InUse,
        };
        ids.rooms.push(batch.add(&record, prepared(days, &mut hand)));
    }
    for room in &school.training_rooms {
        let building = school.buildings[room.building].name;
        let record = Room {
            number: format!("{:02}-{}", room.building + 1, room.door),
            name: format!("{building}{}", room.door),
            campus: None,
            building: building.into(),
            floor: room
                .door
                .chars()
                .next()
                .and_then(|floor| floor.to_digit(10))
                .map(i64::from),
            kind: code(if room.name.ends_with("机房") { "4" } else { "8" }),
            seats: room.stations.into(),
            area: Some(Decimal(i64::from(room.stations) * 38)),
            description: Some(LongText(room.name.into())),
            unit: Some(Ref::new(ids.departments[room.department])),
            keeper: Some(Ref::new(ids.staff[room.keeper])),
            status: RoomStatus::InUse,
        };
        ids.sites.push(batch.add(&record, prepared(days, &mut hand)));
    }
    batch.write(scope).await
}

/// Writes the training rooms.
pub async fn training_rooms(scope: &Scope, world: &mut World) -> Result<()> {
    let mut hand = Hand::new("training_room");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for (at, room) in world.school.training_rooms.iter().enumerate() {
        let start = world.days.term.start();
        let built = start - Count::new(u64::from(hand.rng.between(500, 4000)));
        let classified = start - Count::new(u64::from(hand.rng.between(20, 300)));
        let company = &world.school.companies[room.department * 8 + hand.rng.below(8)];
        let per_station = match room.safety {
            SeedClass::I | SeedClass::II => hand.rng.between(18_000, 60_000),
            SeedClass::III | SeedClass::IV => hand.rng.between(4_000, 12_000),
        };
        let record = TrainingRoom {
            number: format!("SX{:03}", at + 1),
            name: room.name.into(),
            unit: world.department(room.department),
            base: Some(format!("SXJD{:02}", room.department + 1)),
            built_on: built,
            keeper: world.staff(room.keeper),
            stations: room.stations.into(),
            room: Ref::new(world.ids.sites[at]),
            partner: hand.rng.chance(55).then(|| company.clone()),
            equipment: Some(Money(i64::from(room.stations) * i64::from(per_station) * 100)),
            category: category_of(room.hazard, room.department),
            class: match room.safety {
                SeedClass::I => SafetyClass::First,
                SeedClass::II => SafetyClass::Second,
                SeedClass::III => SafetyClass::Third,
                SeedClass::IV => SafetyClass::Fourth,
            },
            hazards: LongText(room.hazard.into()),
            hazards_changed_on: None,
            // Two rooms still wait for their classification.
            classified_on: (!matches!(at, 17 | 22)).then_some(classified),
            status: RoomStatus::InUse,
        };
        ids.push(batch.add(&record, prepared(&world.days, &mut hand)));
    }
    world.ids.training_rooms = ids;
    batch.write(scope).await
}

fn category_of(hazard: &str, department: usize) -> HazardCategory {
    if hazard.contains("溶剂") || hazard.contains("电池") {
        HazardCategory::Chemical
    } else if department == 0 || department == 3 || hazard.contains("电气") || hazard.contains("叉车") {
        HazardCategory::Mechanical
    } else {
        HazardCategory::Other
    }
}

/// Writes the courses.
pub async fn courses(scope: &Scope, world: &mut World) -> Result<()> {
    let mut hand = Hand::new("course");
    let mut batch = Batch::new();
    let mut ids = vec![];
    for (at, course) in world.school.courses.iter().enumerate() {
        let terms = i64::from(course.terms.1 - course.terms.0 + 1);
        let hours = i64::from(course.weekly_lessons) * terms * WEEKS;
        let (form, practice) = match course.category {
            Category::Practice => ("3", hours),
            Category::Core => ("2", hours / 2),
            _ if matches!(course.name, "信息技术" | "体育与健康" | "艺术" | "劳动教育") => {
                ("2", hours / 2)
            }
            Category::Foundation | Category::Extension if hand.rng.chance(50) => ("2", hours / 3),
            _ => ("1", 0),
        };
        let online = at % 9 == 4;
        let majors: Vec<&str> = course
            .majors
            .iter()
            .map(|major| world.school.majors[*major].name)
            .collect();
        let unit = world.school.groups[course.group].unit;
        let record = Course {
            code: course.code.clone(),
            name: course.name.into(),
            unit: Some(Ref::new(world.unit_id(unit))),
            major: (!majors.is_empty()).then(|| majors.join("、")),
            category: code(match form {
                "3" => "5",
                "2" if course.category == Category::Core => "3",
                _ if course.name == "体育与健康" => "4",
                _ if course.name == "艺术" => "6",
                _ if matches!(course.name, "语文" | "英语") => "2",
                _ => "1",
            }),
            nature: code(match course.category {
                Category::General | Category::GeneralElective => "1",
                Category::Foundation => "2",
                Category::Core => "3",
                Category::Extension => "4",
                Category::Practice => "9",
            }),
            attribute: code(match course.category {
                Category::GeneralElective => "2",
                Category::Extension => "3",
                _ => "1",
            }),
            form: code(form),
            discipline: code(discipline_of(course.name, unit)),
            core: course.category == Category::Core,
            theory_hours: hours - practice,
            practice_hours: practice,
            virtual_hours: if course.category == Category::Core {
                practice / 6
            } else {
                0
            },
            credits: Some(Decimal((hours * 10 + WEEKS / 2) / WEEKS)),
            online,
            online_at: online.then(|| format!("https://kc.example.cn/{}", course.code.to_lowercase())),
            ideological: at % 11 == 3,
            resource: Some(code(if online { "7" } else { "4" })),
            virtual_items: None,
            experiment_items: None,
            training_items: None,
            internship_items: None,
        };
        ids.push(batch.add(&record, prepared(&world.days, &mut hand)));
    }
    world.ids.courses = ids;
    batch.write(scope).await
}

fn discipline_of(course: &str, unit: Unit) -> &'static str {
    match (course, unit) {
        ("语文" | "英语" | "中华优秀传统文化" | "普通话与口语交际", _) => "05",
        ("历史", _) => "06",
        ("数学", _) => "07",
        ("艺术" | "素描与色彩" | "构成基础" | "设计简史" | "版式与图案设计" | "文创产品设计与制作", _) => {
            "13"
        }
        ("信息技术", _) | (_, Unit::Department(0 | 1 | 3 | 5)) => "08",
        (_, Unit::Department(2 | 4)) => "12",
        ("认识实习" | "岗位实习", _) => "08",
        ("体育与健康" | "心理健康与职业生涯" | "劳动教育" | "职业素养", _) => "04",
        _ => "03",
    }
}
