//! The generated school: sizes, references, numbers, determinism.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use demo::catalog::{BuildingKind, Category, RoomKind, SafetyClass};
use demo::identity::check_character;
use demo::{AREAS, Generator, Post, SeedSchool, Sex, Unit};

const YEAR: i32 = 2026;

fn school() -> SeedSchool {
    Generator::new(7).school(YEAR)
}

fn distinct<'a>(values: impl Iterator<Item = &'a String>) -> usize {
    values.collect::<BTreeSet<_>>().len()
}

#[test]
fn sizes() {
    for seed in [0, 7, 2026] {
        let school = Generator::new(seed).school(YEAR);
        assert_eq!(school.departments.len(), 6);
        assert_eq!(school.majors.len(), 15);
        assert_eq!(school.classes.len(), 60);
        assert_eq!(school.staff.len(), 180);
        assert!(
            (2300..=2500).contains(&school.students.len()),
            "{}",
            school.students.len()
        );
        assert!(school.courses.len() >= 60);
        assert!(school.training_rooms.len() >= 24);
        assert_eq!(school.companies.len(), 48);
        assert_eq!(
            school
                .rooms
                .iter()
                .filter(|room| room.kind == RoomKind::Classroom)
                .count(),
            60
        );
        for class in 0..school.classes.len() {
            let size = school
                .students
                .iter()
                .filter(|student| student.class == class)
                .count();
            assert!(
                (36..=44).contains(&size),
                "{} has {size}",
                school.classes[class].name
            );
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_school() {
    let mut used = Generator::new(7);
    used.name(Sex::Female);
    assert_eq!(used.school(YEAR), school());
    assert_ne!(Generator::new(8).school(YEAR).students, school().students);
    let (mut one, mut other) = (Generator::new(3), Generator::new(3));
    let names = |generator: &mut Generator| (0..50).map(|_| generator.name(Sex::Male)).collect::<Vec<_>>();
    assert_eq!(names(&mut one), names(&mut other));
}

#[test]
fn identity_numbers_are_well_formed_unique_and_of_no_real_area() {
    assert_eq!(
        check_character("11010519491231002"),
        'X',
        "the example printed in the standard"
    );
    let school = school();
    let people: Vec<(&String, NaiveDate, Sex)> = school
        .students
        .iter()
        .map(|student| (&student.id_number, student.birth, student.sex))
        .chain(
            school
                .staff
                .iter()
                .map(|member| (&member.id_number, member.birth, member.sex)),
        )
        .collect();
    for (number, birth, sex) in &people {
        assert_eq!(number.len(), 18);
        assert!(AREAS.iter().any(|(code, _)| number.starts_with(code)));
        assert_eq!(number[6..14], birth.format("%Y%m%d").to_string());
        let order = number.as_bytes()[16] - b'0';
        assert_eq!(order % 2 == 1, *sex == Sex::Male, "{number}");
        assert_eq!(
            number.chars().last(),
            Some(check_character(&number[..17])),
            "{number}"
        );
    }
    assert_eq!(distinct(people.iter().map(|(number, ..)| *number)), people.len());
    // Provinces of GB/T 2260 begin 1 to 8.
    assert!(
        AREAS
            .iter()
            .all(|(code, _)| code.len() == 6 && code.starts_with("99"))
    );
}

#[test]
fn telephone_numbers_are_unique_and_of_no_carrier() {
    let school = school();
    let phones: Vec<&String> = school
        .students
        .iter()
        .flat_map(|student| [&student.phone, &student.guardian.phone])
        .chain(school.staff.iter().map(|member| &member.phone))
        .collect();
    assert!(
        phones
            .iter()
            .all(|phone| phone.len() == 11 && phone.starts_with("154"))
    );
    assert_eq!(distinct(phones.iter().copied()), phones.len());
}

#[test]
fn numbers_of_people_classes_and_courses_are_unique() {
    let school = school();
    assert_eq!(
        distinct(school.students.iter().map(|student| &student.number)),
        school.students.len()
    );
    assert_eq!(
        distinct(school.staff.iter().map(|member| &member.number)),
        school.staff.len()
    );
    assert_eq!(
        distinct(school.classes.iter().map(|class| &class.name)),
        school.classes.len()
    );
    assert_eq!(
        distinct(school.courses.iter().map(|course| &course.code)),
        school.courses.len()
    );
    assert_eq!(
        distinct(school.rooms.iter().map(|room| &room.name)),
        school.rooms.len()
    );
    assert_eq!(distinct(school.companies.iter()), school.companies.len());
    let doors: BTreeSet<_> = school
        .training_rooms
        .iter()
        .map(|room| (room.building, &room.door))
        .collect();
    assert_eq!(doors.len(), school.training_rooms.len());
}

#[test]
fn students_are_fifteen_to_nineteen_throughout_the_school_year() {
    let school = school();
    for student in &school.students {
        let class = &school.classes[student.class];
        assert!(student.number.starts_with(&class.entry_year.to_string()));
        let age_on = |date: NaiveDate| date.years_since(student.birth).unwrap_or(0);
        let entry = NaiveDate::from_ymd_opt(class.entry_year, 9, 1).unwrap();
        assert!(
            (15..=16).contains(&age_on(entry)),
            "{} born {}",
            student.number,
            student.birth
        );
        assert!(age_on(NaiveDate::from_ymd_opt(YEAR + 1, 8, 31).unwrap()) <= 19);
    }
    for member in &school.staff {
        let age = NaiveDate::from_ymd_opt(YEAR, 9, 1)
            .unwrap()
            .years_since(member.birth)
            .unwrap();
        assert!((24..=58).contains(&age));
        assert!(member.hired.year() <= YEAR && member.hired.years_since(member.birth).unwrap() >= 22);
    }
}

#[test]
fn references_hold() {
    let school = school();
    let mut head_teachers = BTreeSet::new();
    let mut home_rooms = BTreeSet::new();
    for class in &school.classes {
        let major = &school.majors[class.major];
        assert_eq!(
            class.name,
            format!("{}级{}{}班", class.entry_year, major.name, class.number)
        );
        let teacher = &school.staff[class.head_teacher];
        assert_eq!(teacher.unit, Unit::Department(major.department));
        assert!(head_teachers.insert(class.head_teacher), "one class each");
        assert_eq!(school.rooms[class.room].kind, RoomKind::Classroom);
        assert!(home_rooms.insert(class.room));
    }
    for (at, department) in school.departments.iter().enumerate() {
        let head = &school.staff[department.head];
        assert_eq!((head.unit, head.post), (Unit::Department(at), Post::Head));
    }
    for (at, office) in school.offices.iter().enumerate() {
        let head = &school.staff[office.head];
        assert_eq!(
            (head.unit, head.post),
            (Unit::Office(at), Post::Head),
            "{}",
            office.name
        );
    }
    for (at, group) in school.groups.iter().enumerate() {
        let lead = &school.staff[group.lead];
        assert_eq!(
            (lead.group, lead.post, lead.unit),
            (Some(at), Post::GroupLead, group.unit),
            "{}",
            group.name
        );
    }
    for room in &school.training_rooms {
        assert_eq!(school.buildings[room.building].kind, BuildingKind::Training);
        assert!(room.door.as_bytes()[0] - b'0' <= school.buildings[room.building].floors);
        assert_eq!(school.staff[room.keeper].unit, Unit::Department(room.department));
    }
    for course in &school.courses {
        let unit = school.groups[course.group].unit;
        for major in &course.majors {
            assert_eq!(
                unit,
                Unit::Department(school.majors[*major].department),
                "{}",
                course.name
            );
        }
        assert!(1 <= course.terms.0 && course.terms.0 <= course.terms.1 && course.terms.1 <= 6);
    }
    let posts = |post: Post| school.staff.iter().filter(|member| member.post == post).count();
    assert_eq!(
        (
            posts(Post::Principal),
            posts(Post::Secretary),
            posts(Post::VicePrincipal)
        ),
        (1, 1, 3)
    );
}

#[test]
fn every_kind_of_thing_occurs() {
    let school = school();
    for safety in [SafetyClass::I, SafetyClass::II, SafetyClass::III, SafetyClass::IV] {
        assert!(
            school
                .training_rooms
                .iter()
                .filter(|room| room.safety == safety)
                .count()
                >= 2
        );
    }
    for major in 0..school.majors.len() {
        let core = school
            .courses
            .iter()
            .filter(|course| course.majors.contains(&major));
        assert!(core.clone().count() >= 6, "{}", school.majors[major].name);
        assert!(core.filter(|course| course.category == Category::Core).count() >= 2);
    }
    let professional = school.staff.iter().filter(|member| {
        member
            .group
            .is_some_and(|group| matches!(school.groups[group].unit, Unit::Department(_)))
    });
    let share = professional
        .clone()
        .filter(|member| member.dual_qualified)
        .count()
        * 100
        / professional.count();
    assert!((65..=95).contains(&share), "{share}");
    let girls = school
        .students
        .iter()
        .filter(|student| student.sex == Sex::Female)
        .count();
    assert!((25..=50).contains(&(girls * 100 / school.students.len())));
    let full_names: BTreeSet<&String> = school.students.iter().map(|student| &student.name).collect();
    assert!(
        full_names.len() * 100 / school.students.len() >= 90,
        "{} names",
        full_names.len()
    );
}
