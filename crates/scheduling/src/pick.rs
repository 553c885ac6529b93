//! What the pages of this capability share: ids from addresses, choosing the term, names by id.
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::http::escape;
use kernel::page::{self, Input};
use kernel::term;
use maud::{Markup, html};
use uuid::Uuid;

/// An id out of a form or an address; nothing when it is empty or no id.
pub fn id(text: &str) -> Option<Uuid> {
    text.trim().parse().ok()
}

/// An id that must be there.
pub fn must(text: &str) -> Result<Uuid> {
    id(text).ok_or(Error::NotFound)
}

/// An address with a message about what was done.
pub fn done(address: &str, message: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}done={}", escape(message))
}

/// The choice of the term, for a filter bar.
pub async fn terms(scope: &Scope, chosen: Uuid) -> Result<Markup> {
    let calendar = term::load(scope).await?;
    let options: Vec<(String, String)> = calendar
        .terms
        .iter()
        .rev()
        .map(|(id, term)| (id.to_string(), term.name()))
        .collect();
    let value = chosen.to_string();
    Ok(page::select(
        &Input {
            name: "term",
            label: "学期",
            value: &value,
            ..Input::default()
        },
        &options,
        None,
    ))
}

/// A plain choice without a frame of its own, for a cell of a table.
pub fn bare_select(name: &str, label: &str, options: Markup) -> Markup {
    html! { select name=(name) aria-label=(label) { (options) } }
}
