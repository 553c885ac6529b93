//! Practice (实训教学): the bases, the projects trained in them, the log of their use, what students did, and 6S.
mod base;
mod log;
mod process;
mod project;
mod six_s;

pub use base::{BaseStatus, TrainingBase};
pub use log::{LogState, LogUse, TrainingLog};
pub use process::TrainingProcess;
pub use project::{ProjectStatus, TrainingProject};
pub use six_s::{SixSCheck, SixSGrade, SixSLevel, Trend};
