//! The look of every page: server-rendered components in one visual language.
//!
//! A handler builds a [`Shell`] and hands [`shell`] a body put together from the components here;
//! `web/css/app.css` draws them, `web/js/*.js` add what HTML alone cannot do. Every component works
//! without JavaScript unless its comment says otherwise, at 375 px, in both themes and on paper.

mod buttons;
mod chart;
mod choose;
mod controls;
mod dialog;
mod document;
mod field;
mod heat;
mod icon;
mod job;
mod parts;
mod review;
mod shell;
mod table;
#[cfg(test)]
mod tests;
mod trail;

pub use buttons::*;
pub use chart::*;
pub use choose::*;
pub use controls::*;
pub use dialog::*;
pub use document::*;
pub use field::*;
pub use heat::*;
pub use icon::*;
pub use job::*;
pub use parts::*;
pub use review::*;
pub use shell::*;
pub use table::*;
pub use trail::*;

/// What a colour means; never the only carrier of a meaning, a text stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Done, passed, reached (达标, 已销号).
    Ok,
    /// Soon due, needs a look (临近到期).
    Warn,
    /// Past its time (滞后, 逾期).
    Late,
    /// Not started, closed, not applicable.
    #[default]
    Muted,
    /// In progress, a neutral note.
    Info,
    /// Refused, failed, not reached (未达标).
    Bad,
}

impl Tone {
    /// The css class that sets the tone's colours on an element.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Ok => "t-ok",
            Tone::Warn => "t-warn",
            Tone::Late => "t-late",
            Tone::Muted => "t-muted",
            Tone::Info => "t-info",
            Tone::Bad => "t-bad",
        }
    }
}
