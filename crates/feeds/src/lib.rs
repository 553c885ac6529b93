//! The national datasets (国家数据标准的 61 张数据表): registers for what machines feed ([`registers`]), where each column
//! of each table comes from ([`source`]), and the rows themselves, checked ([`rows`], [`check`]).
pub mod check;
mod counts;
mod machine;
pub mod rows;
pub mod source;

pub use machine::registers;
