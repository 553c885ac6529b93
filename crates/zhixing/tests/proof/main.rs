//! The whole program proved (验证): over HTTP on both databases, killed, backed up, from the command line and in the
//! browser. One binary, so that the program is linked once for all of it.
mod apart;
mod backup;
mod breakdown;
mod browser;
mod cli;
mod crash;
mod datasets;
mod drawn;
mod lessons;
mod lint_sql;
mod routes;
mod story;
mod support;
mod tables;
mod timetable;
mod walk;
