//! Clubs (学生社团): the clubs, their sessions and who took part (national dataset 37).
mod attendance;
mod session;
mod society;

pub use attendance::{ClubAttendance, ClubRole};
pub use session::ClubSession;
pub use society::Club;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Club>(),
        RegisterSpec::of::<ClubSession>(),
        RegisterSpec::of::<ClubAttendance>(),
    ]
}
