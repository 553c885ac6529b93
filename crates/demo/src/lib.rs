//! The demo school (演示学校).
