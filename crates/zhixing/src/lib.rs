//! The program: lists the capabilities, opens the database, serves the pages. `main.rs` is its command line.
pub mod assemble;
pub mod backup;
pub mod check;
pub mod cli;
pub mod datasets;
mod scheduling;
pub mod serve;
