//! People and places (人员与场所): what every other capability may depend on.
//!
//! Registers: the school itself and its campuses, units, staff, classes, students, rooms and courses. Two of them, units and classes, are the nodes of
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
mod school;
pub mod sound;
mod staff;
mod student;
mod unit;

pub use class::{Class, ClassStatus};
pub use course::Course;
pub use room::{Room, RoomStatus};
pub use school::{Campus, SchoolProfile};
pub use staff::{DualQualified, Staff, TitleLevel};
pub use student::{Guardian, Student};
pub use unit::{Unit, UnitKind};

use kernel::page::Icon;
use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<SchoolProfile>(),
        RegisterSpec::of::<Campus>(),
        RegisterSpec::of::<Unit>(),
        RegisterSpec::of::<Staff>(),
        RegisterSpec::of::<Class>(),
        RegisterSpec::of::<Student>(),
        RegisterSpec::of::<Room>(),
        RegisterSpec::of::<Course>(),
    ]
}

/// The menu groups of all registers: id, Chinese title and sign, in menu order.
pub fn menu_groups() -> Vec<(&'static str, &'static str, Icon)> {
    vec![
        ("school", "学校基础", Icon::Building),
        ("teaching", "教学教研", Icon::Book),
        ("training", "实训管理", Icon::Wrench),
        ("assessment", "考核竞赛", Icon::Flag),
        ("staff", "师资队伍", Icon::Cap),
        ("student", "学生工作", Icon::People),
        ("enrolment", "招生就业", Icon::Chart),
        ("safety", "安全管理", Icon::Shield),
        ("logistics", "后勤保障", Icon::Building),
        ("partners", "合作服务", Icon::Handshake),
        ("party", "党建治理", Icon::Flag),
        ("office", "办公事务", Icon::Home),
        ("feeds", "数据接入", Icon::Upload),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        assert_eq!(crate::sound::faults(&crate::registers()), Vec::<String>::new());
    }
}
