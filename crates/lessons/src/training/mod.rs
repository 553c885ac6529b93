//! Training rooms in use (实训使用): logged in two taps from the timetable, counted by room and week, reported.
pub mod page;
mod read;
pub mod report;
mod usage;
