//! Dormitories (学生宿舍): rooms, who lives where, the nightly round (national dataset 40).
mod bed_check;
mod room;
mod round;
mod stay;

pub use bed_check::BedCheck;
pub use room::{DormRoom, DormState};
pub use round::{DormRound, RoundTime};
pub use stay::DormStay;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<DormRoom>(),
        RegisterSpec::of::<DormStay>(),
        RegisterSpec::of::<DormRound>(),
        RegisterSpec::of::<BedCheck>(),
    ]
}
