//! Responsibility breakdown (责任分解): which commitment went to which department and person, and which to nobody.
//!
//! | file | |
//! |---|---|
//! | `read` | assignments by commitment, who covers what |
//! | `page`, `draw` | the page, its sections |
//! | `panel` | what the board and a commitment's page show |
//! | `export` | the page as a sheet |
mod draw;
mod export;
mod page;
mod panel;
mod read;

pub(crate) use panel::{cell, panel};
pub(crate) use read::{ByCommitment, load, may_assign};

use crate::assignment::link_to;
use crate::model::Commitment;
use kernel::http::{Gate, Routes, escape};

/// Address of the page.
pub const HERE: &str = "/breakdown";
/// Longest item of an assignment.
const LONGEST_ITEM: usize = 200;

/// The page and its sheet.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/breakdown", Gate::Login, page::page).get(
        "/breakdown/export.xlsx",
        Gate::Login,
        export::xlsx,
    )
}

/// The form that breaks a commitment down, filled in as far as the plan says.
pub(crate) fn new_href(c: &Commitment) -> String {
    let item: String = c.title.chars().take(LONGEST_ITEM).collect();
    let due = c.due_on.map(|due| format!("&f.due={due}")).unwrap_or_default();
    format!(
        "/r/{}/new?f.source=plan&f.commitment={}&f.item={}{due}",
        read::REGISTER,
        escape(&link_to(c.id)),
        escape(&item)
    )
}
