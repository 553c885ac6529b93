//! The instance as the file gives it.

/// One course: `lectures` lectures a week, all by one teacher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Name in the file.
    pub name: String,
    /// Index of the teacher among the distinct teacher names, in order of appearance.
    pub teacher: usize,
    /// Lectures a week.
    pub lectures: usize,
    /// Days the lectures should be spread over at least.
    pub min_days: usize,
    /// Students who attend.
    pub students: u32,
}

/// One room with its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Name in the file.
    pub name: String,
    /// Number of seats.
    pub seats: u32,
}

/// A group of courses with common students.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curriculum {
    /// Name in the file.
    pub name: String,
    /// Indices of its courses.
    pub courses: Vec<usize>,
}

/// A whole `.ctt` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Name of the instance.
    pub name: String,
    /// Teaching days in the week.
    pub days: usize,
    /// Periods in a day.
    pub periods_per_day: usize,
    /// Distinct teacher names.
    pub teachers: Vec<String>,
    /// The courses.
    pub courses: Vec<Course>,
    /// The rooms.
    pub rooms: Vec<Room>,
    /// The curricula.
    pub curricula: Vec<Curriculum>,
    /// Forbidden (course, period) pairs; a period is `day * periods_per_day + hour`.
    pub unavailable: Vec<(usize, usize)>,
}

impl Instance {
    /// Periods in the week.
    pub fn periods(&self) -> usize {
        self.days * self.periods_per_day
    }

    /// Lectures in the week.
    pub fn lectures(&self) -> usize {
        self.courses.iter().map(|c| c.lectures).sum()
    }
}
