//! A school's week (课表): classes, groups, teachers, rooms and lessons, a typed list of constraints in the school's own
//! words, and what one does with them: [`solve`], [`assess`], [`places`], [`consequences`], [`repair`], [`explain`].
//!
//! Everything is an index into the lists of [`School`]; a slot is `day * periods + period`.

mod advise;
#[cfg(test)]
mod agree_test;
mod assess;
mod compile;
mod compile_rules;
mod constraint;
mod exact;
mod explain;
mod generate;
mod generate_rules;
mod judge;
mod model;
mod reasons;
mod repair;
mod solve;
mod text;
mod weeks;

pub use advise::{Board, Choice, Consequences, consequences, places};
pub use assess::{Finding, Report, assess};
pub use constraint::{Constraint, Kind, Level};
pub use explain::{Conflict, explain};
pub use generate::{Size, generate};
pub use model::{
    Attendee, Band, Class, Course, Grid, Group, Lesson, Place, Room, RoomNeed, School, Teacher, Timetable,
};
pub use repair::{Repaired, repair};
pub use solve::{Solved, solve};
pub use weeks::WeekSet;
