//! Puts the school together.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::catalog::{self, RoomKind};
use crate::identity::{id_number, phone_number};
use crate::names::{full_name, with_surname};
use crate::places;
use crate::rng::Rng;
use crate::school::*;

/// Name of the demo school; no school is called so.
pub const SCHOOL_NAME: &str = "明德职业中等专业学校";
/// Entry years at school at a time.
const ENTRY_YEARS: i32 = 3;
/// Smallest and largest class.
const CLASS_SIZE: (u32, u32) = (36, 44);
/// Seats of a classroom, and so an upper bound of a class.
const CLASSROOM_SEATS: u16 = 50;
/// Classrooms per storey of a teaching building.
const CLASSROOMS_PER_FLOOR: usize = 6;
/// Companies the school works with, per department.
const COMPANIES_PER_DEPARTMENT: usize = 8;

/// Deals out numbers that are not to occur twice.
struct Registry {
    phone_offset: u64,
    phones: u64,
    id_orders: BTreeMap<(usize, NaiveDate, Sex), u32>,
}

impl Registry {
    fn phone(&mut self) -> String {
        self.phones += 1;
        phone_number(self.phone_offset, self.phones)
    }

    fn id(&mut self, area: usize, birth: NaiveDate, sex: Sex) -> String {
        let order = self.id_orders.entry((area, birth, sex)).or_default();
        let number = id_number(places::AREAS[area].0, birth, sex, *order);
        *order += 1;
        number
    }
}

/// The school in the school year that begins in the autumn of `year`.
pub(crate) fn school(rng: &mut Rng, year: i32) -> SeedSchool {
    let mut registry = Registry {
        phone_offset: rng.next_u64() % 10_000_000,
        phones: 0,
        id_orders: BTreeMap::new(),
    };
    let staff = staff(rng, &mut registry, year);
    let head_of = |unit: Unit| {
        let heads = |member: &Staff| member.unit == unit && member.post == Post::Head;
        staff.iter().position(heads).unwrap_or_default()
    };
    let departments = (0..catalog::DEPARTMENTS.len())
        .map(|at| Department {
            name: catalog::DEPARTMENTS[at].0,
            head: head_of(Unit::Department(at)),
        })
        .collect();
    let offices = (0..catalog::OFFICES.len())
        .map(|at| Office {
            name: catalog::OFFICES[at].0,
            head: head_of(Unit::Office(at)),
        })
        .collect();
    let groups = (0..catalog::GROUPS.len())
        .map(|at| {
            let leads = |member: &Staff| member.group == Some(at) && member.post == Post::GroupLead;
            let lead = staff.iter().position(leads).unwrap_or_default();
            TeachingGroup {
                name: catalog::GROUPS[at].0,
                unit: unit_of_group(at),
                lead,
            }
        })
        .collect();
    let majors = catalog::MAJORS
        .iter()
        .map(|(code, name, department, ..)| Major {
            code,
            name,
            department: *department,
        })
        .collect();
    let classes = classes(rng, &staff, year);
    let students = students(rng, &mut registry, &classes);
    SeedSchool {
        name: SCHOOL_NAME,
        city: places::CITY,
        departments,
        offices,
        groups,
        majors,
        courses: courses(),
        buildings: catalog::BUILDINGS
            .iter()
            .map(|(name, kind, floors)| Building {
                name,
                kind: *kind,
                floors: *floors,
            })
            .collect(),
        rooms: rooms(classes.len()),
        training_rooms: training_rooms(rng, &staff),
        companies: companies(rng),
        classes,
        staff,
        students,
    }
}

/// The first of September of a year.
pub(crate) fn september(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 9, 1).expect("a school year within chrono's range")
}

fn unit_of_group(group: usize) -> Unit {
    match catalog::GROUPS[group].1 {
        Some(department) => Unit::Department(department),
        None => Unit::Office(general_subjects()),
    }
}

fn general_subjects() -> usize {
    catalog::OFFICES
        .iter()
        .position(|(name, _)| *name == catalog::GENERAL_SUBJECTS)
        .unwrap_or_default()
}

fn staff(rng: &mut Rng, registry: &mut Registry, year: i32) -> Vec<Staff> {
    let offices = catalog::OFFICES
        .iter()
        .enumerate()
        .map(|(at, (_, size))| (Unit::Office(at), *size));
    let departments = catalog::DEPARTMENTS
        .iter()
        .enumerate()
        .map(|(at, (_, size))| (Unit::Department(at), *size));
    let mut staff = Vec::new();
    for (unit, size) in offices.chain(departments) {
        let groups: Vec<usize> = (0..catalog::GROUPS.len())
            .filter(|at| unit_of_group(*at) == unit)
            .collect();
        for place in 0..size {
            let (post, group) = position(unit, place, &groups);
            let number = format!("{:04}", staff.len() + 1);
            staff.push(member(rng, registry, year, (number, unit, post, group)));
        }
    }
    staff
}

/// Post and teaching group of the n-th person of a unit: leaders of the school first, then head, deputy, group leads.
fn position(unit: Unit, place: usize, groups: &[usize]) -> (Post, Option<usize>) {
    let leaders = [
        Post::Principal,
        Post::Secretary,
        Post::VicePrincipal,
        Post::VicePrincipal,
        Post::VicePrincipal,
    ];
    let after_leaders = if unit == Unit::Office(0) {
        if let Some(post) = leaders.get(place) {
            return (*post, None);
        }
        place - leaders.len()
    } else {
        place
    };
    let group = (!groups.is_empty()).then(|| groups[after_leaders % groups.len()]);
    match after_leaders {
        0 => (Post::Head, group),
        1 => (Post::DeputyHead, group),
        rest if rest < 2 + groups.len() => (Post::GroupLead, Some(groups[rest - 2])),
        _ if group.is_some() => (Post::Teacher, group),
        _ => (Post::Clerk, None),
    }
}

fn member(
    rng: &mut Rng,
    registry: &mut Registry,
    year: i32,
    (number, unit, post, group): (String, Unit, Post, Option<usize>),
) -> Staff {
    let sex = if rng.chance(48) { Sex::Male } else { Sex::Female };
    let age = match post {
        Post::Principal | Post::Secretary => rng.between(48, 57),
        Post::VicePrincipal | Post::Head => rng.between(42, 55),
        Post::DeputyHead | Post::GroupLead => rng.between(35, 52),
        Post::Teacher | Post::Clerk => rng.between(24, 57),
    };
    let birth = september(year - age as i32) - Days::new(rng.below(365) as u64);
    let hired_after = rng.between(22, age.min(34));
    let hired = september(year - age as i32 + hired_after as i32).min(september(year));
    let title = group.map(|_| match age {
        ..28 => "助理讲师",
        28..38 if rng.chance(85) => "讲师",
        28..38 => "助理讲师",
        _ if rng.chance(4) => "正高级讲师",
        38..45 if rng.chance(65) => "讲师",
        45.. if rng.chance(35) => "讲师",
        _ => "高级讲师",
    });
    let professional = group.is_some_and(|group| catalog::GROUPS[group].1.is_some());
    let dual_qualified = professional && (age >= 28 && rng.chance(86));
    let area = rng.below(places::AREAS.len());
    Staff {
        number,
        name: full_name(rng, sex),
        sex,
        birth,
        id_number: registry.id(area, birth, sex),
        phone: registry.phone(),
        unit,
        group,
        post,
        title,
        dual_qualified,
        hired,
    }
}

fn classes(rng: &mut Rng, staff: &[Staff], year: i32) -> Vec<Class> {
    let mut free: Vec<Vec<usize>> = (0..catalog::DEPARTMENTS.len())
        .map(|department| {
            let fits = |member: &Staff| {
                member.unit == Unit::Department(department)
                    && !matches!(member.post, Post::Head | Post::DeputyHead)
            };
            let mut teachers: Vec<usize> = (0..staff.len()).filter(|at| fits(&staff[*at])).collect();
            rng.shuffle(&mut teachers);
            teachers
        })
        .collect();
    let mut classes = Vec::new();
    for entry_year in year + 1 - ENTRY_YEARS..=year {
        for (major, (_, name, department, count, _)) in catalog::MAJORS.iter().enumerate() {
            for number in 1..=*count {
                let head_teacher = free[*department]
                    .pop()
                    .expect("more teachers in a department than classes");
                let room = classes.len();
                let name = format!("{entry_year}级{name}{number}班");
                classes.push(Class {
                    name,
                    entry_year,
                    number,
                    major,
                    head_teacher,
                    room,
                });
            }
        }
    }
    classes
}

fn students(rng: &mut Rng, registry: &mut Registry, classes: &[Class]) -> Vec<Student> {
    let mut students = Vec::new();
    for (at, class) in classes.iter().enumerate() {
        let of_year = classes[..at]
            .iter()
            .filter(|other| other.entry_year == class.entry_year)
            .count()
            + 1;
        for seat in 1..=rng.between(CLASS_SIZE.0, CLASS_SIZE.1) {
            let girls = catalog::MAJORS[class.major].4;
            let sex = if rng.chance(girls) { Sex::Female } else { Sex::Male };
            let age_at_entry = if rng.chance(86) { 15 } else { 16 };
            let birth = september(class.entry_year - age_at_entry) - Days::new(rng.below(365) as u64);
            let area = rng.below(places::AREAS.len());
            let name = full_name(rng, sex);
            let guardian = guardian(rng, registry, &name);
            students.push(Student {
                number: format!("{}{of_year:02}{seat:02}", class.entry_year),
                name,
                sex,
                ethnicity: ethnicity(rng),
                birth,
                id_number: registry.id(area, birth, sex),
                phone: registry.phone(),
                address: places::address(rng, area),
                class: at,
                source_school: places::SOURCE_SCHOOLS[rng.below(places::SOURCE_SCHOOLS.len())],
                boarder: rng.chance(if area < 3 { 45 } else { 92 }),
                guardian,
            });
        }
    }
    students
}

fn guardian(rng: &mut Rng, registry: &mut Registry, child: &str) -> Guardian {
    let characters: Vec<char> = child.chars().collect();
    let double = ["欧阳", "上官", "诸葛", "司徒"]
        .iter()
        .find(|surname| child.starts_with(**surname));
    let surname = double.map_or_else(
        || characters[..1].iter().collect(),
        |surname| (*surname).to_owned(),
    );
    let (relation, name) = match rng.between(1, 100) {
        1..=52 => ("父亲", with_surname(rng, &surname, Sex::Male)),
        53..=92 => ("母亲", full_name(rng, Sex::Female)),
        93..=97 => ("祖父", with_surname(rng, &surname, Sex::Male)),
        _ => ("祖母", full_name(rng, Sex::Female)),
    };
    Guardian {
        name,
        relation,
        phone: registry.phone(),
    }
}

fn ethnicity(rng: &mut Rng) -> &'static str {
    match rng.between(1, 1000) {
        1..=950 => "汉族",
        951..=970 => "回族",
        971..=980 => "满族",
        981..=988 => "苗族",
        989..=994 => "土家族",
        _ => "壮族",
    }
}

fn courses() -> Vec<Course> {
    let line = |(at, line): (usize, &catalog::CourseLine)| {
        let (name, category, group, majors, weekly_lessons, terms, examined) = *line;
        Course {
            code: format!("K{:03}", at + 1),
            name,
            category,
            group,
            majors: majors.to_vec(),
            weekly_lessons,
            terms,
            examined,
        }
    };
    catalog::COURSES.iter().enumerate().map(line).collect()
}

/// One classroom for each class in the two teaching buildings, then the rooms for all.
fn rooms(classes: usize) -> Vec<Room> {
    let classrooms = (0..classes).map(|at| {
        let building = usize::from(at >= classes.div_ceil(2));
        let place = at % classes.div_ceil(2);
        let (floor, door) = (place / CLASSROOMS_PER_FLOOR + 1, place % CLASSROOMS_PER_FLOOR + 1);
        Room {
            name: format!("{}{floor}{door:02}", catalog::BUILDINGS[building].0),
            building,
            kind: RoomKind::Classroom,
            seats: CLASSROOM_SEATS,
        }
    });
    let shared = catalog::SHARED_ROOMS
        .iter()
        .map(|(name, building, kind, seats)| Room {
            name: (*name).to_owned(),
            building: *building,
            kind: *kind,
            seats: *seats,
        });
    classrooms.chain(shared).collect()
}

fn training_rooms(rng: &mut Rng, staff: &[Staff]) -> Vec<TrainingRoom> {
    let mut doors: BTreeMap<(usize, u8), u8> = BTreeMap::new();
    catalog::TRAINING_ROOMS
        .iter()
        .map(|(name, department, building, floor, stations, safety, hazard)| {
            let door = doors.entry((*building, *floor)).or_default();
            *door += 1;
            let keepers: Vec<usize> = (0..staff.len())
                .filter(|at| {
                    staff[*at].unit == Unit::Department(*department) && staff[*at].post == Post::Teacher
                })
                .collect();
            TrainingRoom {
                name,
                door: format!("{floor}{door:02}"),
                building: *building,
                department: *department,
                keeper: *rng.pick(&keepers),
                stations: *stations,
                safety: *safety,
                hazard,
            }
        })
        .collect()
}

fn companies(rng: &mut Rng) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for department in 0..catalog::DEPARTMENTS.len() {
        while names.len() < (department + 1) * COMPANIES_PER_DEPARTMENT {
            let name = places::company(rng, department);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}
