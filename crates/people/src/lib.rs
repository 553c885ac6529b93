//! People and places (人员与场所): what every other capability may depend on.
//!
//! Registers: units, staff, classes, students, rooms and courses. Two of them, units and classes, are the nodes of
//! the unit tree that grants name. Besides, this crate holds what all registers of a school share: the roles
//! ([`roles`]), the code sets ([`codes`]), the national datasets ([`datasets`]), identity numbers ([`idcard`]), the
//! small helper rules are written with ([`checks`]) and the test of a register's declaration ([`sound`]).
pub mod checks;
mod class;
pub mod codes;
mod course;
pub mod datasets;
pub mod idcard;
pub mod roles;
mod room;
pub mod sound;
mod staff;
mod student;
mod unit;

pub use class::{Class, ClassStatus};
pub use course::Course;
pub use room::{Room, RoomStatus};
pub use staff::{DualQualified, Staff, TitleLevel};
pub use student::{Guardian, Student};
pub use unit::{Unit, UnitKind};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Unit>(),
        RegisterSpec::of::<Staff>(),
        RegisterSpec::of::<Class>(),
        RegisterSpec::of::<Student>(),
        RegisterSpec::of::<Room>(),
        RegisterSpec::of::<Course>(),
    ]
}

/// The menu groups of all registers: id and Chinese title, in menu order.
pub fn menu_groups() -> Vec<(&'static str, &'static str)> {
    vec![
        ("school", "学校基础"),
        ("teaching", "教学教研"),
        ("training", "实训管理"),
        ("assessment", "考核竞赛"),
        ("student", "学生工作"),
        ("safety", "安全管理"),
        ("enrolment", "招生就业"),
        ("office", "办公事务"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        assert_eq!(crate::sound::faults(&crate::registers()), Vec::<String>::new());
    }
}
