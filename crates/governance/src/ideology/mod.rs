//! Ideology and the net (意识形态与网络安全): where the school speaks, what it publishes, how its systems are kept.
mod front;
mod front_check;
mod network_day;
mod network_flaw;
mod publication;

pub use front::{CheckCycle, FrontKind, IdeologyFront};
pub use front_check::{FrontCheck, FrontRisk};
pub use network_day::NetworkDay;
pub use network_flaw::{FlawLevel, FlawSource, NetworkFlaw};
pub use publication::{Channel, Publication};

use kernel::register::spec::RegisterSpec;

/// The registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<IdeologyFront>(),
        RegisterSpec::of::<FrontCheck>(),
        RegisterSpec::of::<Publication>(),
        RegisterSpec::of::<NetworkFlaw>(),
        RegisterSpec::of::<NetworkDay>(),
    ]
}
