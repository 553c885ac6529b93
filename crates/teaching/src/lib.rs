//! Training rooms and teaching research (教学).
