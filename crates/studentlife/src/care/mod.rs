//! Protection and care (学生保护与心理): bullying and early signs of misconduct; counselling and crises.
mod bullying;
mod bullying_survey;
mod counselling;
mod crisis;
mod misconduct;
mod screening;

pub use bullying::{Bullying, BullyingKind, ReportedBy, Verdict};
pub use bullying_survey::BullyingSurvey;
pub use counselling::{AlertLevel, Counselling, Session, Topic};
pub use crisis::{Crisis, CrisisLevel, CrisisSource, Referral};
pub use misconduct::{Effect, Measures, Misconduct, MisconductKind, NoticedBy};
pub use screening::MentalScreening;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Bullying>(),
        RegisterSpec::of::<BullyingSurvey>(),
        RegisterSpec::of::<Misconduct>(),
        RegisterSpec::of::<Counselling>(),
        RegisterSpec::of::<Crisis>(),
        RegisterSpec::of::<MentalScreening>(),
    ]
}
