//! The derive behind `#[derive(Register)]`.
