//! School health (卫生防疫): daily health reports, absence for illness, infectious diseases, the clinic.
mod absence;
mod clinic;
mod infection;
mod report;

pub use absence::{SickAbsence, Symptom};
pub use clinic::{ClinicVisit, Complaint, Disposition};
pub use infection::{InfectionClass, InfectionReport};
pub use report::{HealthCheck, HealthReport};
