//! The union (工会): activities of the staff, care for its members, proposals to the congress of the staff.
mod activity;
mod care;
mod proposal;

pub use activity::{ActivityKind, FundSource, UnionActivity};
pub use care::{CareKind, UnionCare};
pub use proposal::{CongressProposal, ProposalClass, Satisfaction};

use kernel::register::spec::RegisterSpec;

/// The registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<CongressProposal>(),
        RegisterSpec::of::<UnionActivity>(),
        RegisterSpec::of::<UnionCare>(),
    ]
}
