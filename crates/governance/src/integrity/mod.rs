//! Clean government (党风廉政): the points of risk of each post and the talks held about them.
mod risk;
mod talk;

pub use risk::{IntegrityRisk, RiskArea, RiskGrade};
pub use talk::{IntegrityTalk, TalkKind};

use kernel::register::spec::RegisterSpec;

/// The registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<IntegrityRisk>(),
        RegisterSpec::of::<IntegrityTalk>(),
    ]
}
