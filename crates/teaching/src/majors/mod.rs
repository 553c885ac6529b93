//! Majors (专业): the catalogue of the school, what the trade needs, changes applied for, and the yearly health card.
mod major;
mod proposal;
mod survey;
mod year;

pub use major::{Major, MajorStatus};
pub use proposal::{MajorChange, MajorProposal};
pub use survey::{MajorSurvey, SurveyKind};
pub use year::{Health, MajorYear};
