//! The kernel: database, access, journal, pages and the register engine. It knows no school words.
extern crate self as kernel;

pub mod clock;
pub mod codes;
pub mod db;
pub mod error;
pub mod register;
pub mod value;
