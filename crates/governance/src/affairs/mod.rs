//! Affairs of the house (总务与办公): assets and repairs, purchases and claims, seals and cars, meetings and what they
//! decided, honours.
mod acceptance;
mod asset;
mod decision;
mod disposal;
mod expense;
mod honour;
mod honour_group;
mod honour_staff;
mod meeting;
mod purchase;
mod repair;
mod seal;
mod vehicle;

pub use acceptance::{AcceptanceItem, AcceptanceResult, PurchaseAcceptance};
pub use asset::{Asset, AssetCategory, AssetSource};
pub use decision::{Decision, DecisionWeight};
pub use disposal::{AssetDisposal, DisposalCause, DisposalWay};
pub use expense::{ExpenseClaim, ExpenseKind};
pub use honour_group::{GroupHonourKind, HonourGroup};
pub use honour_staff::{HonourStaff, StaffHonourKind};
pub use meeting::{Meeting, MeetingKind};
pub use purchase::{FundSource, Purchase, PurchaseKind, PurchaseWay};
pub use repair::{Repair, RepairKind, RepairRating, RepairUrgency};
pub use seal::{SealKind, SealMatter, SealUse};
pub use vehicle::{TripKind, VehicleRequest};

use kernel::register::spec::RegisterSpec;

/// Its registers in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<Repair>(),
        RegisterSpec::of::<Asset>(),
        RegisterSpec::of::<AssetDisposal>(),
        RegisterSpec::of::<Meeting>(),
        RegisterSpec::of::<Decision>(),
        RegisterSpec::of::<SealUse>(),
        RegisterSpec::of::<VehicleRequest>(),
        RegisterSpec::of::<Purchase>(),
        RegisterSpec::of::<PurchaseAcceptance>(),
        RegisterSpec::of::<ExpenseClaim>(),
        RegisterSpec::of::<HonourStaff>(),
        RegisterSpec::of::<HonourGroup>(),
    ]
}
