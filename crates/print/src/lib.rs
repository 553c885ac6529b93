//! PDF, Word and Excel files.
