//! The scheduling model and solver (排课). Pure.
