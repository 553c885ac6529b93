//! The school as it stands in the registers: what was generated, and under which ids it was written.

use chrono::NaiveDate;
use kernel::register::field::Ref;
use people::{Class, Course, Room, Staff, Student, Unit as UnitRecord};
use teaching::TrainingRoom;
use uuid::Uuid;

use super::days::Days;
use crate::{Generator, Post, Rng, SeedSchool, Texts, Unit};

/// The seed of the demo school.
pub const SEED: u64 = 0x007a_6869_7869_6e67;

/// Ids by index into the lists of the generated school.
#[derive(Default)]
pub struct Ids {
    /// The unit that is the school itself.
    pub root: Uuid,
    /// Units: departments, offices, teaching groups.
    pub departments: Vec<Uuid>,
    pub offices: Vec<Uuid>,
    pub groups: Vec<Uuid>,
    /// Staff, classes, rooms.
    pub staff: Vec<Uuid>,
    pub classes: Vec<Uuid>,
    pub rooms: Vec<Uuid>,
    /// The rooms that the training rooms are in, by index of the training room.
    pub sites: Vec<Uuid>,
    /// Training rooms, students and courses.
    pub training_rooms: Vec<Uuid>,
    pub students: Vec<Uuid>,
    pub courses: Vec<Uuid>,
}

/// School, calendar and ids.
pub struct World {
    /// What was generated.
    pub school: SeedSchool,
    /// The term so far.
    pub days: Days,
    /// Under which ids it was written.
    pub ids: Ids,
    /// Students at school by class.
    pub pupils: Vec<Vec<usize>>,
}

impl World {
    /// The id of a department or office.
    pub fn unit_id(&self, unit: Unit) -> Uuid {
        match unit {
            Unit::Department(at) => self.ids.departments[at],
            Unit::Office(at) => self.ids.offices[at],
        }
    }

    /// A department.
    pub fn department(&self, at: usize) -> Ref<UnitRecord> {
        Ref::new(self.ids.departments[at])
    }

    /// A member of staff.
    pub fn staff(&self, at: usize) -> Ref<Staff> {
        Ref::new(self.ids.staff[at])
    }

    /// A class.
    pub fn class(&self, at: usize) -> Ref<Class> {
        Ref::new(self.ids.classes[at])
    }

    /// A student.
    pub fn student(&self, at: usize) -> Ref<Student> {
        Ref::new(self.ids.students[at])
    }

    /// A room.
    pub fn room(&self, at: usize) -> Ref<Room> {
        Ref::new(self.ids.rooms[at])
    }

    /// A course.
    pub fn course(&self, at: usize) -> Ref<Course> {
        Ref::new(self.ids.courses[at])
    }

    /// A training room.
    pub fn training_room(&self, at: usize) -> Ref<TrainingRoom> {
        Ref::new(self.ids.training_rooms[at])
    }

    /// The teachers of a teaching group.
    pub fn group(&self, at: usize) -> Vec<usize> {
        let staff = self.school.staff.iter().enumerate();
        staff
            .filter(|(_, member)| member.group == Some(at))
            .map(|(at, _)| at)
            .collect()
    }

    /// The department of a class.
    pub fn department_of(&self, class: usize) -> usize {
        self.school.majors[self.school.classes[class].major].department
    }

    /// An office by name.
    ///
    /// # Panics
    /// When there is none: a mistake of the programmer.
    pub fn office(&self, name: &str) -> usize {
        let found = self.school.offices.iter().position(|office| office.name == name);
        found.unwrap_or_else(|| panic!("no office {name}"))
    }

    /// The head of an office.
    pub fn head_of(&self, office: &str) -> usize {
        self.school.offices[self.office(office)].head
    }

    /// The staff of a unit.
    pub fn members(&self, unit: Unit) -> Vec<usize> {
        let staff = self.school.staff.iter().enumerate();
        staff
            .filter(|(_, member)| member.unit == unit)
            .map(|(at, _)| at)
            .collect()
    }

    /// The staff of an office, the leaders of the school left out.
    pub fn office_staff(&self, name: &str) -> Vec<usize> {
        let mut members = self.members(Unit::Office(self.office(name)));
        members.retain(|at| {
            let leaders = [Post::Principal, Post::Secretary, Post::VicePrincipal];
            !leaders.contains(&self.school.staff[*at].post)
        });
        members
    }

    /// The holders of a post, in order.
    pub fn holders(&self, post: Post) -> Vec<usize> {
        let staff = self.school.staff.iter().enumerate();
        staff
            .filter(|(_, member)| member.post == post)
            .map(|(at, _)| at)
            .collect()
    }

    /// Students at school.
    pub fn enrolment(&self) -> usize {
        self.pupils.iter().map(Vec::len).sum()
    }
}

/// Chance and words for one register, independent of all others.
pub struct Hand {
    /// Choices.
    pub rng: Rng,
    /// Words.
    pub texts: Texts,
    /// Names.
    pub people: Generator,
}

impl Hand {
    /// A hand of its own for each `name`.
    pub fn new(name: &str) -> Self {
        let salt = name.bytes().fold(SEED, |sum, byte| {
            sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        let people = Generator::new(salt);
        Self {
            rng: Rng::new(salt),
            texts: people.texts(),
            people,
        }
    }
}

impl Hand {
    /// One of some days, if there is any.
    pub fn day(&mut self, days: &[NaiveDate]) -> Option<NaiveDate> {
        (!days.is_empty()).then(|| *self.rng.pick(days))
    }

    /// One of a list of words.
    pub fn words(&mut self, list: &[&'static str]) -> &'static str {
        list[self.rng.below(list.len())]
    }
}

/// At most `most` characters of a text.
pub fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
