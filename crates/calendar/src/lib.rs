//! Terms, teaching weeks, holidays and cadences (校历). Pure.
