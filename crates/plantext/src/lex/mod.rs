//! The tokens a plan is made of (词法): numerals, quantities with their measure words, dates, cadences.

pub mod cadence;
pub mod date;
pub mod measure;
pub mod month;
pub mod named;
pub mod numeral;
pub mod quantity;

pub use cadence::Cadence;
pub use date::Date;
pub use quantity::Quantity;
