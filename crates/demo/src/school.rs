//! The generated school as plain values that refer to each other by index.

use std::fmt;

use chrono::NaiveDate;

use crate::catalog::{BuildingKind, Category, Examined, RoomKind, SafetyClass};

/// Sex as entered in the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// 男 or 女.
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// The unit a member of staff or a teaching group belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Index into [`SeedSchool::departments`].
    Department(usize),
    /// Index into [`SeedSchool::offices`].
    Office(usize),
}

/// Position of a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Post {
    /// 校长.
    Principal,
    /// 党委书记.
    Secretary,
    /// 副校长.
    VicePrincipal,
    /// 主任 of an office or department.
    Head,
    /// 副主任.
    DeputyHead,
    /// 教研室主任.
    GroupLead,
    /// 专任教师.
    Teacher,
    /// 干事.
    Clerk,
}

impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Principal => "校长",
            Self::Secretary => "党委书记",
            Self::VicePrincipal => "副校长",
            Self::Head => "主任",
            Self::DeputyHead => "副主任",
            Self::GroupLead => "教研室主任",
            Self::Teacher => "专任教师",
            Self::Clerk => "干事",
        })
    }
}

/// A department (系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// 机电工程系.
    pub name: &'static str,
    /// Index of its head in [`SeedSchool::staff`].
    pub head: usize,
}

/// An office (处室), the department of general subjects among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// 教务处.
    pub name: &'static str,
    /// Index of its head in [`SeedSchool::staff`].
    pub head: usize,
}

/// A teaching group (教研室).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeachingGroup {
    /// 机电教研室.
    pub name: &'static str,
    /// Where it belongs.
    pub unit: Unit,
    /// Index of its lead in [`SeedSchool::staff`].
    pub lead: usize,
}

/// A major (专业).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Major {
    /// Six digits of the 2021 catalogue.
    pub code: &'static str,
    /// 机电技术应用.
    pub name: &'static str,
    /// Index into [`SeedSchool::departments`].
    pub department: usize,
}

/// A class (行政班).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// 2024级机电技术应用1班.
    pub name: String,
    /// Year of entry.
    pub entry_year: i32,
    /// Number among the classes of its major and year.
    pub number: u8,
    /// Index into [`SeedSchool::majors`].
    pub major: usize,
    /// Index of the class teacher (班主任) in [`SeedSchool::staff`].
    pub head_teacher: usize,
    /// Index of its classroom in [`SeedSchool::rooms`].
    pub room: usize,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Staff number (工号), unique.
    pub number: String,
    /// Name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub birth: NaiveDate,
    /// Identity number, unique and unissued.
    pub id_number: String,
    /// Telephone number, unique and unassigned.
    pub phone: String,
    /// Where the person works.
    pub unit: Unit,
    /// Index into [`SeedSchool::groups`] for those who teach.
    pub group: Option<usize>,
    /// Position.
    pub post: Post,
    /// Professional title (职称), for those who teach.
    pub title: Option<&'static str>,
    /// 双师型.
    pub dual_qualified: bool,
    /// First day of work at the school.
    pub hired: NaiveDate,
}

/// A student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// Student number (学号): year of entry, number of the class of that year, seat; unique.
    pub number: String,
    /// Name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// 汉族, 回族 …
    pub ethnicity: &'static str,
    /// Date of birth.
    pub birth: NaiveDate,
    /// Identity number, unique and unissued.
    pub id_number: String,
    /// Telephone number, unique and unassigned.
    pub phone: String,
    /// Home address without a real street.
    pub address: String,
    /// Index into [`SeedSchool::classes`].
    pub class: usize,
    /// Middle school the student comes from.
    pub source_school: &'static str,
    /// Lives in the dormitory (住校).
    pub boarder: bool,
    /// Parent or guardian.
    pub guardian: Guardian,
}

/// A parent or guardian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// Name.
    pub name: String,
    /// 父亲, 母亲, 祖父 …
    pub relation: &'static str,
    /// Telephone number, unique and unassigned.
    pub phone: String,
}

/// A course (课程).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Course number, unique.
    pub code: String,
    /// Name.
    pub name: &'static str,
    /// Category.
    pub category: Category,
    /// Index into [`SeedSchool::groups`].
    pub group: usize,
    /// Indices into [`SeedSchool::majors`]; empty for a course of all majors.
    pub majors: Vec<usize>,
    /// Lessons a week.
    pub weekly_lessons: u8,
    /// First and last of the six terms it is taught in.
    pub terms: (u8, u8),
    /// 考试 or 考查.
    pub examined: Examined,
}

/// A building.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Building {
    /// 明理楼.
    pub name: &'static str,
    /// What it is for.
    pub kind: BuildingKind,
    /// Storeys.
    pub floors: u8,
}

/// A classroom or other room for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// 明理楼101.
    pub name: String,
    /// Index into [`SeedSchool::buildings`].
    pub building: usize,
    /// What it is.
    pub kind: RoomKind,
    /// Seats.
    pub seats: u16,
}

/// A training room (实训室).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingRoom {
    /// 钳工实训室.
    pub name: &'static str,
    /// Room number within the building.
    pub door: String,
    /// Index into [`SeedSchool::buildings`].
    pub building: usize,
    /// Index into [`SeedSchool::departments`].
    pub department: usize,
    /// Index of the keeper (管理员) in [`SeedSchool::staff`].
    pub keeper: usize,
    /// Work stations (工位).
    pub stations: u16,
    /// Safety class by the highest hazard.
    pub safety: SafetyClass,
    /// The hazard that decides the class.
    pub hazard: &'static str,
}

/// A school whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedSchool {
    /// Name of the school.
    pub name: &'static str,
    /// The invented city.
    pub city: &'static str,
    /// Departments.
    pub departments: Vec<Department>,
    /// Offices.
    pub offices: Vec<Office>,
    /// Teaching groups.
    pub groups: Vec<TeachingGroup>,
    /// Majors.
    pub majors: Vec<Major>,
    /// Classes of three entry years.
    pub classes: Vec<Class>,
    /// Staff.
    pub staff: Vec<Staff>,
    /// Students.
    pub students: Vec<Student>,
    /// Courses.
    pub courses: Vec<Course>,
    /// Buildings.
    pub buildings: Vec<Building>,
    /// Classrooms and rooms for all.
    pub rooms: Vec<Room>,
    /// Training rooms.
    pub training_rooms: Vec<TrainingRoom>,
    /// Companies the school works with, one group of eight per department, in the order of the departments.
    pub companies: Vec<String>,
}
