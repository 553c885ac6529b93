//! Service to society (社会服务): training, appraisal, community education, open university.
mod appraisal;
mod community;
mod learner;
mod open_student;
mod training;

pub use appraisal::SocialAppraisal;
pub use community::{CommunityEvent, CommunityKind};
pub use learner::{LearnerKind, LearnerResult, TrainingLearner};
pub use open_student::{OpenLevel, OpenSeason, OpenStudent};
pub use training::{SocialTraining, TrainingKind};
