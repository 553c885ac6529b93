//! The gate (门卫): visitors, students who leave and come back, vehicles.
mod pass;
mod vehicle;
mod visitor;

pub use pass::{GatePass, LeaveWay, PassKind};
pub use vehicle::{VehicleEntry, VehicleKind};
pub use visitor::{VisitPurpose, Visitor};
