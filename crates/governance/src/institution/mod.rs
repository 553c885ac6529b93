//! Rules of the house (依法治校): the regulations in force and the powers they give.
mod power;
mod regulation;

pub use power::{Decider, Power, PowerClass, PowerRisk};
pub use regulation::{Adopter, Regulation, RegulationClass};

use kernel::register::spec::RegisterSpec;

/// The registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Regulation>(), RegisterSpec::of::<Power>()]
}
