//! Official documents (办公).
