//! Units, staff, students, classes, rooms and courses (组织与人员).
