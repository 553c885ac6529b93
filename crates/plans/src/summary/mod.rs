//! The summary (总结): drafted from a frozen snapshot of a plan's figures, edited in place, exported as a document.
//!
//! [`freeze`] reads the figures into a [`snapshot`], [`draft`] turns that into blocks, [`store`] keeps blocks and hand
//! edits apart, so that a new draft never loses what people wrote.
mod block;
mod document;
pub mod draft;
mod export;
pub mod freeze;
mod list;
pub mod markup;
mod page;
pub mod read;
pub mod snapshot;
pub mod store;

use crate::store::EDITORS;
use kernel::http::{Gate, Routes};

/// Where the summaries live; the menu entry.
pub(crate) const HERE: &str = "/summaries";

/// Routes of the summaries.
pub fn routes() -> Routes {
    let editors = Gate::Roles(EDITORS);
    Routes::new()
        .get("/summaries", Gate::Login, list::page)
        .get("/summaries/new", editors, list::form)
        .post("/summaries", editors, list::create)
        .get("/summaries/{id}", Gate::Login, page::page)
        .post("/summaries/{id}/regenerate", editors, page::regenerate)
        .post("/summaries/{id}/final", editors, page::finalise)
        .get("/summaries/{id}/blocks/{anchor}", Gate::Login, block::show)
        .get("/summaries/{id}/blocks/{anchor}/edit", editors, block::form)
        .post("/summaries/{id}/blocks/{anchor}", editors, block::save)
        .get("/summaries/{id}/export.docx", Gate::Login, export::docx)
        .get("/summaries/{id}/export.pdf", Gate::Login, export::pdf)
}
