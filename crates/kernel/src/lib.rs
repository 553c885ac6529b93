//! The kernel: database, access, journal, pages and the register engine. It knows no school words.
extern crate self as kernel;

pub mod access;
pub mod admin;
pub mod app;
pub mod assets;
pub mod auth;
pub mod cache;
pub mod clock;
pub mod codes;
pub mod db;
pub mod draw;
pub mod error;
pub mod files;
pub mod frame;
pub mod http;
pub mod jobs;
pub mod journal;
pub mod page;
pub mod register;
pub mod schema;
pub mod seal;
pub mod term;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod value;
pub mod work;
