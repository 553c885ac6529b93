//! The school as the scheduling core knows it, built from what stands in the registers; and the way back.
use crate::facts::{Facts, OfferingRow, RoomRow};
use crate::offering::Part;
use crate::rules;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use timetable::school::{
    Attendee, Class, Course, Group, Lesson, Place, Room, RoomNeed, School, Teacher, Timetable,
};
use uuid::Uuid;

/// Where one block of an offering is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The offering.
    pub offering: Uuid,
    /// Which of its blocks, from 0.
    pub block: usize,
    /// 0 is Monday.
    pub day: usize,
    /// First period, from 0.
    pub period: usize,
    /// The room, when it is not the class's own.
    pub room: Option<Uuid>,
}

/// The model with the ids behind its indices.
#[derive(Clone, Debug)]
pub struct Built {
    /// For the core.
    pub school: School,
    /// Offerings by lesson.
    pub offerings: Vec<OfferingRow>,
    /// Ids of classes, teachers and rooms by index.
    pub classes: Vec<Uuid>,
    /// Ids of teachers.
    pub teachers: Vec<Uuid>,
    /// Ids of rooms.
    pub rooms: Vec<Uuid>,
    /// Offerings that are left out: nobody teaches them yet.
    pub open: Vec<OfferingRow>,
}

/// What a room is tagged with so that a class finds those of its own department.
fn tag(unit: &str) -> String {
    format!("{unit}的使用权")
}

/// Builds the model of a term.
pub fn build(facts: &Facts, settings: &Settings) -> Built {
    let (taught, open): (Vec<OfferingRow>, Vec<OfferingRow>) = facts
        .offerings
        .iter()
        .filter(|row| !row.blocks.is_empty() && !row.weeks.is_empty())
        .cloned()
        .partition(|row| row.teacher.is_some());
    let used: HashSet<Uuid> = taught.iter().flat_map(|row| row.classes.clone()).collect();
    let rows: Vec<_> = facts
        .classes
        .iter()
        .filter(|row| used.contains(&row.id))
        .collect();
    let classes: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let teaching: HashSet<Uuid> = taught.iter().flat_map(OfferingRow::teachers).collect();
    let staff: Vec<_> = facts
        .staff
        .iter()
        .filter(|row| teaching.contains(&row.id))
        .collect();
    let teachers: Vec<Uuid> = staff.iter().map(|row| row.id).collect();
    let own: HashMap<Uuid, usize> =
        rows.iter()
            .filter_map(|row| row.room)
            .fold(HashMap::new(), |mut map, room| {
                *map.entry(room).or_default() += 1;
                map
            });
    let asked: HashSet<Uuid> = taught.iter().filter_map(|row| row.room).collect();
    let wanted: Vec<_> = facts
        .rooms
        .iter()
        .filter(|row| row.open || own.contains_key(&row.id))
        .collect();
    let rooms: Vec<Uuid> = wanted.iter().map(|row| row.id).collect();
    let at =
        |list: &[Uuid]| -> HashMap<Uuid, usize> { list.iter().enumerate().map(|(n, id)| (*id, n)).collect() };
    let (class_at, teacher_at, room_at) = (at(&classes), at(&teachers), at(&rooms));
    let kind_name = |code: &str| {
        facts
            .kinds
            .get(code)
            .cloned()
            .unwrap_or_else(|| format!("类型{code}的场所"))
    };
    let parted: HashSet<Uuid> = taught
        .iter()
        .filter(|row| row.part != Part::Whole)
        .map(|row| row.classes[0])
        .collect();
    let mut courses: Vec<Uuid> = taught.iter().map(|row| row.course).collect();
    courses.sort();
    courses.dedup();
    let lessons = taught.iter().map(|row| {
        let class = facts.class(row.classes[0]);
        let home = class.and_then(|class| class.room);
        // A class's own room needs no place in the search unless others use it too.
        let shared = home.filter(|room| asked.contains(room) || own.get(room).is_some_and(|n| *n > 1));
        let room = match row.need.as_str() {
            "room" => row
                .room
                .and_then(|room| room_at.get(&room))
                .map_or(RoomNeed::None, |at| RoomNeed::Room(*at)),
            "kind" => {
                let kind = row.kind.clone().unwrap_or_default();
                let unit = class.map(|class| class.unit);
                let near = wanted
                    .iter()
                    .any(|room| room.kind == kind && room.unit == unit && !own.contains_key(&room.id));
                RoomNeed::Any {
                    kind: kind_name(&kind),
                    equipment: unit
                        .filter(|_| near)
                        .map(|unit| tag(facts.unit_name(unit)))
                        .into_iter()
                        .collect(),
                    safety: None,
                    campus: None,
                }
            }
            _ => shared
                .and_then(|room| room_at.get(&room))
                .map_or(RoomNeed::None, |at| RoomNeed::Room(*at)),
        };
        Lesson {
            course: courses.binary_search(&row.course).unwrap_or(0),
            attendees: row
                .classes
                .iter()
                .map(|id| Attendee {
                    class: class_at[id],
                    group: match row.part {
                        Part::Whole => None,
                        Part::First => Some(0),
                        Part::Second => Some(1),
                    },
                })
                .collect(),
            teachers: row.teachers().map(|id| teacher_at[&id]).collect(),
            weeks: row.weeks,
            blocks: row.blocks.clone(),
            room,
        }
    });
    // Rooms that name no campus are on the first.
    let mut named: Vec<Uuid> = wanted.iter().filter_map(|row| row.campus).collect();
    named.sort_by_key(|id| facts.campuses.get(id));
    named.dedup();
    let campus_of = |room: Option<&RoomRow>| {
        let campus = room.and_then(|row| row.campus);
        campus
            .and_then(|id| named.iter().position(|other| *other == id))
            .unwrap_or(0)
    };
    let campuses = match named.is_empty() {
        true => vec!["本校".to_owned()],
        false => named
            .iter()
            .map(|id| facts.campuses.get(id).cloned().unwrap_or_default())
            .collect(),
    };
    let school = School {
        grid: settings.grid(),
        campuses,
        lessons: lessons.collect(),
        classes: rows
            .iter()
            .map(|row| Class {
                name: row.name.clone(),
                size: row.size,
                campus: campus_of(facts.rooms.iter().find(|room| row.room == Some(room.id))),
                homeroom: row.teacher.and_then(|id| teacher_at.get(&id).copied()),
                groups: match parted.contains(&row.id) {
                    true => [("甲组", row.size.div_ceil(2)), ("乙组", row.size / 2)]
                        .map(|(name, size)| Group {
                            name: name.into(),
                            size,
                            division: 0,
                        })
                        .to_vec(),
                    false => vec![],
                },
            })
            .collect(),
        teachers: staff
            .iter()
            .map(|row| Teacher {
                name: row.name.clone(),
                external: row.external,
            })
            .collect(),
        rooms: wanted
            .iter()
            .map(|row| Room {
                name: row.name.clone(),
                // Nobody is sent to a room in which a class is at home.
                kind: if own.contains_key(&row.id) {
                    format!("{}（班级教室）", kind_name(&row.kind))
                } else {
                    kind_name(&row.kind)
                },
                campus: campus_of(Some(row)),
                capacity: row.seats,
                equipment: row
                    .unit
                    .map(|unit| tag(facts.unit_name(unit)))
                    .into_iter()
                    .collect(),
                safety: 4,
            })
            .collect(),
        courses: courses
            .iter()
            .map(|id| Course {
                name: facts.course_name(*id).to_owned(),
            })
            .collect(),
        constraints: vec![],
    };
    let mut built = Built {
        school,
        offerings: taught,
        classes,
        teachers,
        rooms,
        open,
    };
    built.school.constraints = rules::constraints(&built, facts, settings);
    built
}

impl Built {
    /// The timetable that the places make; places of what has gone are dropped.
    pub fn timetable(&self, places: &[Placed]) -> Timetable {
        let lesson_of: HashMap<Uuid, usize> = self
            .offerings
            .iter()
            .enumerate()
            .map(|(l, row)| (row.id, l))
            .collect();
        let room_of: HashMap<Uuid, usize> = self.rooms.iter().enumerate().map(|(r, id)| (*id, r)).collect();
        let mut timetable = Timetable::empty(&self.school);
        let grid = &self.school.grid;
        for placed in places {
            let Some(lesson) = lesson_of.get(&placed.offering) else {
                continue;
            };
            let fits = placed.day < grid.days && placed.period < grid.periods();
            if let Some(place) = timetable.places[*lesson].get_mut(placed.block).filter(|_| fits) {
                let room = match &self.school.lessons[*lesson].room {
                    RoomNeed::None => None,
                    RoomNeed::Room(room) => Some(*room),
                    RoomNeed::Any { .. } => placed.room.and_then(|id| room_of.get(&id).copied()),
                };
                *place = Some(Place {
                    slot: grid.slot(placed.day, placed.period),
                    room,
                });
            }
        }
        timetable
    }

    /// The places of a timetable.
    pub fn places(&self, timetable: &Timetable) -> Vec<Placed> {
        let mut placed = vec![];
        for (lesson, blocks) in timetable.places.iter().enumerate() {
            for (block, place) in blocks.iter().enumerate() {
                let Some(place) = place else { continue };
                let (day, period) = self.school.grid.at(place.slot);
                let room = place
                    .room
                    .filter(|_| self.school.lessons[lesson].room != RoomNeed::None);
                placed.push(Placed {
                    offering: self.offerings[lesson].id,
                    block,
                    day,
                    period,
                    room: room.map(|room| self.rooms[room]),
                });
            }
        }
        placed
    }

    /// The lesson of an offering.
    pub fn lesson(&self, offering: Uuid) -> Option<usize> {
        self.offerings.iter().position(|row| row.id == offering)
    }

    /// The room in which a block is really held: its own, or that of its class.
    pub fn room_of(&self, facts: &Facts, lesson: usize, place: &Place) -> Option<Uuid> {
        let own = || {
            self.offerings[lesson]
                .classes
                .first()
                .and_then(|id| facts.class(*id))
                .and_then(|class| class.room)
        };
        match self.school.lessons[lesson].room {
            RoomNeed::None => own(),
            _ => place.room.map(|room| self.rooms[room]),
        }
    }
}
