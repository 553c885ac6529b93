//! Lessons as they are really held (课堂实施): what is taught on a date, who stands in for whom, what that counts for.
//!
//! | module | |
//! |---|---|
//! | [`held`] | the lessons of a date, pure |
//! | `load` | what they follow from, read from the registers |
//! | `substitution`, `event` | the registers that change them |
pub mod held;

mod event;
mod load;
mod rank;
mod substitution;

pub use event::{EventKind, TeachingEvent};
pub use substitution::{CALLED_OFF, Cause, IN_FORCE, Kind, Substitution};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Substitution>(), RegisterSpec::of::<TeachingEvent>()]
}
