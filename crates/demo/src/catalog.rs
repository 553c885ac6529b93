//! What the demo school is made of: units, majors, courses, buildings, training rooms.
//!
//! Codes of majors follow 职业教育专业目录（2021年）; 660301 was checked against a school's page, the others are from
//! memory and agree with the catalogue's classes. A real school imports its own list.

mod courses;
mod sites;

pub use courses::{COURSES, Category, CourseLine, Examined};
pub use sites::{
    BUILDINGS, BuildingKind, RoomKind, SHARED_ROOMS, SafetyClass, TRAINING_ROOMS, TrainingRoomLine,
};

/// Departments with the number of their staff.
pub const DEPARTMENTS: &[(&str, usize)] = &[
    ("机电工程系", 18),
    ("信息技术系", 16),
    ("财经商贸系", 15),
    ("汽车交通系", 12),
    ("旅游服务系", 10),
    ("建筑与艺术系", 9),
];

/// Offices with the number of their staff, the five leaders of the school in the first. The department of general
/// subjects (公共基础部) has no majors and so counts as an office.
pub const OFFICES: &[(&str, usize)] = &[
    ("办公室", 10),
    ("教务处", 6),
    ("学生处", 6),
    ("招生就业处", 4),
    ("实训处", 5),
    ("安全办", 4),
    ("总务处", 6),
    ("团委", 2),
    ("教科研处", 4),
    ("财务处", 3),
    ("督导室", 3),
    ("党委办公室", 2),
    ("人事处", 2),
    ("校企合作处", 2),
    ("信息中心", 2),
    (GENERAL_SUBJECTS, 39),
];

/// The unit whose teachers teach the general subjects.
pub const GENERAL_SUBJECTS: &str = "公共基础部";

/// A major: code, name, department, classes a year, girls in a hundred students.
pub type MajorLine = (&'static str, &'static str, usize, u8, u32);

/// Majors; twenty classes a year together.
pub const MAJORS: &[MajorLine] = &[
    ("660301", "机电技术应用", 0, 2, 8),
    ("660103", "数控技术应用", 0, 2, 6),
    ("660303", "工业机器人技术应用", 0, 1, 12),
    ("710201", "计算机应用", 1, 2, 40),
    ("710202", "计算机网络技术", 1, 1, 25),
    ("710204", "数字媒体技术应用", 1, 1, 52),
    ("730301", "会计事务", 2, 2, 78),
    ("730701", "电子商务", 2, 1, 60),
    ("730801", "物流服务与管理", 2, 1, 48),
    ("700206", "汽车运用与维修", 3, 2, 4),
    ("700209", "新能源汽车运用与维修", 3, 1, 7),
    ("740101", "旅游服务与管理", 4, 1, 76),
    ("740201", "中餐烹饪", 4, 1, 22),
    ("640301", "建筑工程施工", 5, 1, 14),
    ("750101", "艺术设计与制作", 5, 1, 66),
];

/// Teaching groups: name and the department they belong to; `None` is the general subjects.
pub const GROUPS: &[(&str, Option<usize>)] = &[
    ("机电教研室", Some(0)),
    ("数控教研室", Some(0)),
    ("计算机教研室", Some(1)),
    ("数字媒体教研室", Some(1)),
    ("会计教研室", Some(2)),
    ("电商物流教研室", Some(2)),
    ("汽车教研室", Some(3)),
    ("旅游教研室", Some(4)),
    ("烹饪教研室", Some(4)),
    ("建筑教研室", Some(5)),
    ("艺术设计教研室", Some(5)),
    ("思政教研室", None),
    ("语文历史教研室", None),
    ("数学教研室", None),
    ("英语教研室", None),
    ("体育艺术教研室", None),
    ("信息与劳动教研室", None),
];
