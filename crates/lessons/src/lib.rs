//! Lessons as they are really held (课堂实施): what is taught on a date, who stands in for whom, what that counts for.
pub mod held;
