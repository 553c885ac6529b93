//! Database, access, journal, pages and the register engine. Knows no school words.
