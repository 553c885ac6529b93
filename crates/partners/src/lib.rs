//! Partners and service (合作服务): enterprises, internship, employment, social training, exchange.
//!
//! Enterprises (合作企业) are what agreements, bases, cohorts, mentors and site surveys refer to. Internship (岗位实习)
//! follows the regulation of 2021 and feeds national datasets 7 and 8; bases outside the school feed dataset 15; the
//! destinations of graduates (升学, 就业, 未就业) feed datasets 41 to 43. Then come service to society, exchange, and the
//! enrolment work besides the applicants themselves.
mod agreement;
mod base;
mod cohort;
pub mod credit;
mod enterprise;
mod exchange;
mod graduate;
mod internship;
mod mentor;
mod recruit;
mod service;
mod survey;
mod words;

pub use agreement::{AgreementKind, CooperationAgreement};
pub use base::{BaseLevel, OutsideBase};
pub use cohort::{CohortKind, OrderClass};
pub use enterprise::{Depth, Enterprise, GroupRole, Standing, Venue};
pub use exchange::{
    AbroadRequest, AidActivity, AidAgreement, AidKind, AidProgramme, DemandKind, ExchangeDirection,
    ExchangeVisit, JourneyKind, PartnerKind, TalentDemand,
};
pub use graduate::{
    Destination, Employment, FollowUp, FollowUpMeans, FollowUpRound, FurtherStudy, Satisfaction, Unplaced,
};
pub use internship::{
    CaseKind, Internship, InternshipCase, InternshipReport, InternshipReturn, InternshipVisit, Rating,
    ReportKind, ReturnResult, StudyYear, Urgency, VisitMeans, WorkHazard,
};
pub use mentor::{EnterpriseMentor, MentorKind};
pub use recruit::{EnrolmentPlan, Promotion, PromotionKind, SchoolStage, SourceSchool};
pub use service::{
    CommunityEvent, CommunityKind, LearnerKind, LearnerResult, OpenLevel, OpenSeason, OpenStudent,
    SocialAppraisal, SocialTraining, TrainingKind, TrainingLearner,
};
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
        RegisterSpec::of::<TalentDemand>(),
        RegisterSpec::of::<SocialTraining>(),
        RegisterSpec::of::<TrainingLearner>(),
        RegisterSpec::of::<SocialAppraisal>(),
        RegisterSpec::of::<CommunityEvent>(),
        RegisterSpec::of::<OpenStudent>(),
        RegisterSpec::of::<AidAgreement>(),
        RegisterSpec::of::<AidActivity>(),
        RegisterSpec::of::<ExchangeVisit>(),
        RegisterSpec::of::<AbroadRequest>(),
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
