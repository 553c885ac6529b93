//! The centre where primary and middle schools try trades (职业体验中心): what is offered, who books, what was held.
mod booking;
mod course;
mod session;

pub use booking::{ExperienceBooking, HalfDay, Travel};
pub use course::{Audience, ExperienceCourse};
pub use session::ExperienceSession;
