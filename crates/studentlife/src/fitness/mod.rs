//! Physical education (体质与体育): the national fitness test and two hours of sport a day.
mod sport;
mod test;

pub use sport::SportWeek;
pub use test::FitnessTest;

use kernel::register::spec::RegisterSpec;

/// Registers in menu order.
pub(crate) fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<FitnessTest>(), RegisterSpec::of::<SportWeek>()]
}
