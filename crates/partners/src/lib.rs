//! Partners and service (合作服务): enterprises, internship, employment, social training, exchange.
mod agreement;
mod base;
mod cohort;
pub mod credit;
mod enterprise;
mod graduate;
mod internship;
mod mentor;
mod recruit;
mod survey;
mod words;

pub use agreement::{AgreementKind, CooperationAgreement};
pub use base::{BaseLevel, OutsideBase};
pub use cohort::{CohortKind, OrderClass};
pub use enterprise::{Depth, Enterprise, GroupRole, Standing, Venue};
pub use graduate::{
    Destination, Employment, FollowUp, FollowUpMeans, FollowUpRound, FurtherStudy, Satisfaction, Unplaced,
};
pub use internship::{
    CaseKind, Internship, InternshipCase, InternshipReport, InternshipReturn, InternshipVisit, Rating,
    ReportKind, ReturnResult, StudyYear, Urgency, VisitMeans, WorkHazard,
};
pub use mentor::{EnterpriseMentor, MentorKind};
pub use recruit::{EnrolmentPlan, Promotion, PromotionKind, SchoolStage, SourceSchool};
pub use survey::{Mark, SiteSurvey};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Enterprise>(),
        RegisterSpec::of::<CooperationAgreement>(),
        RegisterSpec::of::<OutsideBase>(),
        RegisterSpec::of::<OrderClass>(),
        RegisterSpec::of::<EnterpriseMentor>(),
        RegisterSpec::of::<SiteSurvey>(),
        RegisterSpec::of::<Internship>(),
        RegisterSpec::of::<InternshipReport>(),
        RegisterSpec::of::<InternshipVisit>(),
        RegisterSpec::of::<InternshipReturn>(),
        RegisterSpec::of::<InternshipCase>(),
        RegisterSpec::of::<EnrolmentPlan>(),
        RegisterSpec::of::<SourceSchool>(),
        RegisterSpec::of::<Promotion>(),
        RegisterSpec::of::<FurtherStudy>(),
        RegisterSpec::of::<Employment>(),
        RegisterSpec::of::<Unplaced>(),
        RegisterSpec::of::<FollowUp>(),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
