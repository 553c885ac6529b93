//! Aid (资助): who is in need, what is granted and paid (national dataset 36), work-study.
mod grant;
mod hardship;
mod work_study;

pub use grant::AidGrant;
pub use hardship::{Hardship, SpecialGroup};
pub use work_study::WorkStudy;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Hardship>(),
        RegisterSpec::of::<AidGrant>(),
        RegisterSpec::of::<WorkStudy>(),
    ]
}
