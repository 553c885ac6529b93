//! Enrolment work (招生) besides the applicants themselves: plans by major, source schools, talks and consultation.
mod plan;
mod promotion;
mod source_school;

pub use plan::EnrolmentPlan;
pub use promotion::{Promotion, PromotionKind};
pub use source_school::{SchoolStage, SourceSchool};
