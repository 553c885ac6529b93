//! Majors, what is planned and taught, materials, training and grades (教学、实训、考核).

mod adoptions;
mod books;
mod cases;
mod choices;
mod experience;
mod file_checks;
mod grades;
mod health;
mod majors;
mod plans;
mod practice;
mod resources;
mod sixs;
mod slots;
mod visits;

use ::teaching::{Major, PlannedCourse, Textbook};
use anyhow::Result;
use calendar::Half;
use kernel::app::Scope;
use kernel::register::field::{Code, Ref};
use uuid::Uuid;

use super::people::code;
use super::world::World;

/// A term: the year in which its school year starts, and whether it is the one of autumn.
#[derive(Clone, Copy)]
struct TermAt {
    year: i64,
    autumn: bool,
}

impl TermAt {
    /// The running one.
    fn now(world: &World) -> TermAt {
        TermAt {
            year: world.days.term.year().0.into(),
            autumn: world.days.term.half() == Half::Autumn,
        }
    }

    /// The one before.
    fn last(self) -> TermAt {
        TermAt {
            year: self.year - i64::from(self.autumn),
            autumn: !self.autumn,
        }
    }

    /// The one after.
    fn next(self) -> TermAt {
        TermAt {
            year: self.year + i64::from(!self.autumn),
            autumn: !self.autumn,
        }
    }

    /// Its code.
    fn code(self) -> Code {
        code(if self.autumn { "1" } else { "2" })
    }

    /// Which of the six terms it is for those who entered in `entry`.
    fn of(self, entry: i32) -> u8 {
        let nth = (self.year - i64::from(entry)) * 2 + if self.autumn { 1 } else { 2 };
        u8::try_from(nth).unwrap_or(0)
    }
}

/// A planned course of the running term.
struct Plan {
    id: Uuid,
    /// Index of the course.
    course: usize,
    entry_year: i32,
    /// Index of the major; none for courses of all.
    major: Option<usize>,
    /// Index of the teacher in charge.
    teacher: usize,
    /// Whether it was issued, so that it is taught.
    issued: bool,
}

/// What the records here refer to.
struct Taught {
    majors: Vec<Uuid>,
    /// Textbooks by index of the course.
    books: Vec<Uuid>,
    plans: Vec<Plan>,
}

impl Taught {
    fn major(&self, at: usize) -> Ref<Major> {
        Ref::new(self.majors[at])
    }

    fn book(&self, course: usize) -> Ref<Textbook> {
        Ref::new(self.books[course])
    }

    fn plan(&self, at: usize) -> Ref<PlannedCourse> {
        Ref::new(self.plans[at].id)
    }
}

/// Writes the records.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut taught = Taught {
        majors: majors::write(scope, world).await?,
        books: books::write(scope, world).await?,
        plans: vec![],
    };
    health::write(scope, world, &taught).await?;
    taught.plans = plans::write(scope, world, &taught).await?;
    adoptions::write(scope, world, &taught).await?;
    resources::write(scope, world, &taught).await?;
    cases::write(scope, world, &taught).await?;
    file_checks::write(scope, world).await?;
    let lessons = slots::write(scope, world, &taught).await?;
    choices::write(scope, world, &taught).await?;
    practice::write(scope, world, &taught, &lessons).await?;
    sixs::write(scope, world).await?;
    let courses = experience::write(scope, world, &taught).await?;
    visits::write(scope, world, &courses).await?;
    grades::write(scope, world).await
}
