//! What is taught (教学安排): the courses planned for a term, their lessons in the timetable, and what students chose.
mod course_choice;
mod lesson_slot;
mod planned_course;

pub use course_choice::CourseChoice;
pub use lesson_slot::{LessonSlot, Weekday, Weeks};
pub use planned_course::PlannedCourse;
