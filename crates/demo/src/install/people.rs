//! Units, staff, classes, students.

use anyhow::Result;
use chrono::{DateTime, Days as Count, Utc};
use kernel::app::Scope;
use kernel::register::Register;
use kernel::register::field::{Code, Ref};
use kernel::register::store::{Change, update};
use people::{Class, ClassStatus, DualQualified, Guardian, Staff, Student, TitleLevel, Unit, UnitKind};
use uuid::Uuid;

use super::days::{Days, OFFICE_HOURS};
use super::world::{Hand, Ids};
use super::write::Batch;
use crate::{Post, SeedSchool, Sex, Unit as SeedUnit};

/// Days before the term in which the basic lists were made.
const PREPARED: u64 = 12;
/// Students on leave (休学).
const ON_LEAVE: usize = 8;

/// A code as a field takes it.
pub fn code(text: &str) -> Code {
    Code(text.into())
}

/// The code of a sex.
pub fn sex_code(sex: Sex) -> Code {
    code(match sex {
        Sex::Male => "1",
        Sex::Female => "2",
    })
}

/// When the basic lists were made.
pub fn prepared(days: &Days, hand: &mut Hand) -> DateTime<Utc> {
    days.at(
        &mut hand.rng,
        days.term.start() - Count::new(PREPARED),
        OFFICE_HOURS,
    )
}

/// Writes the unit tree without its heads.
pub async fn units(
    scope: &Scope,
    school: &SeedSchool,
    days: &Days,
    ids: &mut Ids,
) -> Result<Vec<(Uuid, Unit)>> {
    let mut hand = Hand::new("unit");
    let mut written = vec![];
    let unit = |number: String, name: &str, kind, parent: Option<Uuid>| Unit {
        number,
        name: name.into(),
        kind,
        parent: parent.map(Ref::new),
        head: None,
        phone: None,
        active: true,
    };
    let mut top = Batch::new();
    let mut add = |batch: &mut Batch<Unit>, record: Unit, hand: &mut Hand| {
        let id = batch.add(&record, prepared(days, hand));
        written.push((id, record));
        id
    };
    let root = unit("0100".into(), school.name, UnitKind::School, None);
    ids.root = add(&mut top, root, &mut hand);
    top.write(scope).await?;
    let mut middle = Batch::new();
    for (at, office) in school.offices.iter().enumerate() {
        let record = unit(
            format!("02{:02}", at + 1),
            office.name,
            UnitKind::Office,
            Some(ids.root),
        );
        ids.offices.push(add(&mut middle, record, &mut hand));
    }
    for (at, department) in school.departments.iter().enumerate() {
        let record = unit(
            format!("03{:02}", at + 1),
            department.name,
            UnitKind::Department,
            Some(ids.root),
        );
        ids.departments.push(add(&mut middle, record, &mut hand));
    }
    middle.write(scope).await?;
    let mut groups = Batch::new();
    for (at, group) in school.groups.iter().enumerate() {
        let parent = match group.unit {
            SeedUnit::Department(at) => ids.departments[at],
            SeedUnit::Office(at) => ids.offices[at],
        };
        let record = unit(
            format!("04{:02}", at + 1),
            group.name,
            UnitKind::Group,
            Some(parent),
        );
        ids.groups.push(add(&mut groups, record, &mut hand));
    }
    groups.write(scope).await?;
    Ok(written)
}

/// Names the head of every unit; staff and units refer to each other, so this comes after both are written.
pub async fn heads(scope: &Scope, school: &SeedSchool, ids: &Ids, units: Vec<(Uuid, Unit)>) -> Result<()> {
    let spec = scope.register("unit")?;
    let principal = school
        .staff
        .iter()
        .position(|member| member.post == Post::Principal);
    let heads = principal
        .into_iter()
        .chain(school.offices.iter().map(|office| office.head))
        .chain(school.departments.iter().map(|department| department.head))
        .chain(school.groups.iter().map(|group| group.lead));
    for ((id, mut unit), head) in units.into_iter().zip(heads) {
        unit.head = Some(Ref::new(ids.staff[head]));
        let change = Change {
            version: 1,
            values: unit.to_values(),
            reason: Some("任命负责人"),
        };
        update(scope, spec, id, change).await?;
    }
    Ok(())
}

/// Writes the staff.
pub async fn staff(scope: &Scope, school: &SeedSchool, days: &Days, ids: &mut Ids) -> Result<()> {
    let mut hand = Hand::new("staff");
    let mut batch = Batch::new();
    let class_teachers: Vec<usize> = school.classes.iter().map(|class| class.head_teacher).collect();
    for (at, member) in school.staff.iter().enumerate() {
        let in_department = matches!(member.unit, SeedUnit::Department(_));
        let subject = member.group.map(|group| match school.groups[group].unit {
            SeedUnit::Department(_) if hand.rng.chance(15) => "3",
            SeedUnit::Department(_) => "2",
            SeedUnit::Office(_) => "1",
        });
        let post = match member.post {
            Post::Principal | Post::Secretary | Post::VicePrincipal => "31",
            Post::Head | Post::DeputyHead if in_department => "20",
            Post::Head | Post::DeputyHead => "32",
            Post::GroupLead => "21",
            Post::Teacher if class_teachers.contains(&at) => "23",
            Post::Teacher => "10",
            Post::Clerk => "33",
        };
        let political = match member.post {
            Post::Principal | Post::Secretary | Post::VicePrincipal | Post::Head => "01",
            _ if hand.rng.chance(38) => "01",
            _ if hand.rng.chance(8) => "05",
            _ => "13",
        };
        let record = Staff {
            number: member.number.clone(),
            name: member.name.clone(),
            sex: sex_code(member.sex),
            id_number: Some(member.id_number.clone()),
            birth: Some(member.birth),
            political: Some(code(political)),
            phone: Some(member.phone.clone()),
            unit: Ref::new(match member.unit {
                SeedUnit::Department(at) => ids.departments[at],
                SeedUnit::Office(at) => ids.offices[at],
            }),
            kind: code(if member.group.is_some() { "11" } else { "13" }),
            post: Some(code(post)),
            subject: subject.map(code),
            title_level: level_of(member.title),
            title_name: member.title.map(str::to_owned),
            dual: match hand.rng.between(1, 10) {
                _ if !member.dual_qualified => DualQualified::None,
                1..=5 => DualQualified::Junior,
                6..=9 => DualQualified::Middle,
                _ => DualQualified::Senior,
            },
            certified: member.group.is_some(),
            joined_on: Some(member.hired.min(days.today)),
            cleared_on: Some(days.term.start() - Count::new(u64::from(hand.rng.between(8, 40)))),
            status: code("11"),
        };
        ids.staff.push(batch.add(&record, prepared(days, &mut hand)));
    }
    batch.write(scope).await
}

fn level_of(title: Option<&str>) -> TitleLevel {
    match title {
        Some("正高级讲师") => TitleLevel::Full,
        Some("高级讲师") => TitleLevel::Senior,
        Some("讲师") => TitleLevel::Middle,
        Some("助理讲师") => TitleLevel::Junior,
        _ => TitleLevel::None,
    }
}

/// Writes the classes.
pub async fn classes(scope: &Scope, school: &SeedSchool, days: &Days, ids: &mut Ids) -> Result<()> {
    let mut hand = Hand::new("class");
    let mut batch = Batch::new();
    for class in &school.classes {
        let major = &school.majors[class.major];
        let record = Class {
            name: class.name.clone(),
            unit: Ref::new(ids.departments[major.department]),
            entry_year: class.entry_year.into(),
            major_code: major.code.into(),
            major: major.name.into(),
            length: code("3"),
            track: code("0"),
            teacher: Some(Ref::new(ids.staff[class.head_teacher])),
            room: Some(Ref::new(ids.rooms[class.room])),
            status: ClassStatus::Attending,
        };
        ids.classes.push(batch.add(&record, prepared(days, &mut hand)));
    }
    batch.write(scope).await
}

/// Writes the students; gives those at school by class.
pub async fn students(
    scope: &Scope,
    school: &SeedSchool,
    days: &Days,
    ids: &mut Ids,
) -> Result<Vec<Vec<usize>>> {
    let mut hand = Hand::new("student");
    let mut batch = Batch::new();
    let mut pupils = vec![vec![]; school.classes.len()];
    let on_leave: Vec<usize> = (0..ON_LEAVE)
        .map(|_| hand.rng.below(school.students.len()))
        .collect();
    for (at, student) in school.students.iter().enumerate() {
        let class = &school.classes[student.class];
        let here = !on_leave.contains(&at);
        if here {
            pupils[student.class].push(at);
        }
        let hardship = match hand.rng.between(1, 100) {
            1..=3 => "1",
            4..=8 => "21",
            9..=16 => "22",
            _ => "3",
        };
        let rural = student.address.contains('组');
        let record = Student {
            number: student.number.clone(),
            name: student.name.clone(),
            sex: sex_code(student.sex),
            id_kind: code("1"),
            id_number: Some(student.id_number.clone()),
            birth: student.birth,
            ethnic: code(ethnic_code(student.ethnicity)),
            political: code(if hand.rng.chance(28) { "03" } else { "13" }),
            class: Ref::new(ids.classes[student.class]),
            boarding: code(if student.boarder { "2" } else { "1" }),
            origin: Some(code(if hand.rng.chance(4) { "420" } else { "111" })),
            household: Some(code(if rural { "1" } else { "3" })),
            address: Some(student.address.clone()),
            hardship: Some(code(hardship)),
            phone: Some(student.phone.clone()),
            guardian: Some(student.guardian.name.clone()),
            guardian_is: Some(guardian(student.guardian.relation)),
            guardian_phone: Some(student.guardian.phone.clone()),
            enrolled_on: crate::assemble::september(class.entry_year),
            status: code(if here { "01" } else { "02" }),
            left_on: None,
        };
        ids.students.push(batch.add(&record, prepared(days, &mut hand)));
    }
    batch.write(scope).await?;
    Ok(pupils)
}

fn guardian(relation: &str) -> Guardian {
    match relation {
        "父亲" => Guardian::Father,
        "母亲" => Guardian::Mother,
        _ => Guardian::Grandparent,
    }
}

fn ethnic_code(name: &str) -> &'static str {
    match name {
        "回族" => "03",
        "苗族" => "06",
        "壮族" => "08",
        "满族" => "11",
        "土家族" => "15",
        _ => "01",
    }
}
