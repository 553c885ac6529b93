//! Exchange (交流合作): paired help, visits and guests, journeys abroad; and what enterprises look for.
mod abroad;
mod aid_activity;
mod aid_agreement;
mod demand;
mod visit;

pub use abroad::{AbroadRequest, JourneyKind};
pub use aid_activity::{AidActivity, AidKind};
pub use aid_agreement::{AidAgreement, AidProgramme};
pub use demand::{DemandKind, TalentDemand};
pub use visit::{ExchangeDirection, ExchangeVisit, PartnerKind};
