//! Discipline and honours (处分与奖励).
mod award;
mod sanction;

pub use award::StudentAward;
pub use sanction::{AppealResult, Sanction};

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Sanction>(), RegisterSpec::of::<StudentAward>()]
}
