//! Internship (岗位实习): placements, reports, visits, cases and returns after holidays.
//!
//! The rules are those of 《职业学校学生实习管理规定》 (教职成〔2021〕4号): what can be checked of one record is refused in
//! [`rules`], what the regulation says "一般" or "原则上" only warns or asks for a reason.
mod case;
mod placement;
mod report;
mod returning;
mod rules;
#[cfg(test)]
mod tests;
mod visit;

pub use case::{CaseKind, InternshipCase, Urgency};
pub use placement::{Internship, StudyYear, WorkHazard};
pub use report::{InternshipReport, Rating, ReportKind};
pub use returning::{InternshipReturn, ReturnResult};
pub use visit::{InternshipVisit, VisitMeans};
