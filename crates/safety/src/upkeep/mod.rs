//! Upkeep (财产与能耗): monthly checks of each room's property, meters and their readings.
mod meter;
mod property;
mod reading;

pub use meter::{Meter, MeterKind};
pub use property::{DamageCause, PropertyCheck, PropertyState};
pub use reading::MeterReading;
