//! Party work (党建): branches, admission of members, the meetings and days each branch owes, study, dues.
mod activity;
mod branch;
mod daily;
mod development;
mod dues;
mod first_topic;
mod lecture;
mod party_meeting;
mod study;
mod theme_day;

pub use branch::{Committee, PartyBranch};
pub use daily::{DailyKind, PartyDaily};
pub use development::PartyDevelopment;
pub use dues::{PartyDues, Payer};
pub use first_topic::{FirstTopic, Forum};
pub use lecture::{Lecturer, PartyLecture};
pub use party_meeting::{PartyMeeting, PartyMeetingKind};
pub use study::{PartyStudy, StudyKind};
pub use theme_day::ThemeDay;

use kernel::register::spec::RegisterSpec;

/// The registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<PartyBranch>(),
        RegisterSpec::of::<FirstTopic>(),
        RegisterSpec::of::<PartyMeeting>(),
        RegisterSpec::of::<PartyLecture>(),
        RegisterSpec::of::<ThemeDay>(),
        RegisterSpec::of::<PartyStudy>(),
        RegisterSpec::of::<PartyDaily>(),
        RegisterSpec::of::<PartyDevelopment>(),
        RegisterSpec::of::<PartyDues>(),
    ]
}
