//! Hazards, safety education and student accidents (安全).
