//! Buttons and links that look like buttons, and the page header that holds them.

use maud::{Markup, html};

use super::{Icon, icon};

/// How much weight a button carries; one [`Primary`](Kind::Primary) per page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    Primary,
    #[default]
    Plain,
    /// No frame until it is pointed at: for actions in rows.
    Quiet,
    Danger,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Kind::Primary => "primary",
            Kind::Plain => "plain",
            Kind::Quiet => "quiet",
            Kind::Danger => "danger",
        }
    }
}

/// A link drawn as a button.
pub fn link_button(label: &str, href: &str, sign: Option<Icon>, kind: Kind) -> Markup {
    html! { a.button.(kind.class()) href=(href) { @if let Some(sign) = sign { (icon(sign)) } (label) } }
}

/// The link to the form for a new record; the key `n` follows it.
pub fn new_button(label: &str, href: &str) -> Markup {
    html! { a.button.primary href=(href) data-key="n" { (icon(Icon::Plus)) (label) } }
}

/// The submit button of the form it stands in.
pub fn submit(label: &str, kind: Kind) -> Markup {
    html! { button.button.(kind.class()) type="submit" { (label) } }
}

/// A submit button that posts `name` with `value`: one of several ways to send a form.
pub fn submit_as(label: &str, name: &str, value: &str, kind: Kind) -> Markup {
    html! { button.button.(kind.class()) type="submit" name=(name) value=(value) { (label) } }
}

/// A button that opens the `<dialog>` with this id, see [`confirm`](super::confirm). Needs JavaScript.
pub fn dialog_button(label: &str, dialog: &str, sign: Option<Icon>, kind: Kind) -> Markup {
    html! {
        button.button.(kind.class()) type="button" data-dialog=(dialog) aria-haspopup="dialog" {
            @if let Some(sign) = sign { (icon(sign)) }
            (label)
        }
    }
}

/// A button that prints the page. Needs JavaScript.
pub fn print_button() -> Markup {
    html! { button.button.plain type="button" data-print="" { (icon(Icon::Printer)) "打印" } }
}

/// A one-button form: posts to `action` without asking.
pub fn post_button(label: &str, action: &str, kind: Kind) -> Markup {
    html! { form.inline method="post" action=(action) { (submit(label, kind)) } }
}

/// The head of a page: its title, one line about it, and what can be done here.
pub fn page_header(title: &str, note: &str, actions: Markup) -> Markup {
    page_header_with(title, html! {}, note, actions)
}

/// [`page_header`] with badges beside the title.
pub fn page_header_with(title: &str, badges: Markup, note: &str, actions: Markup) -> Markup {
    html! {
        header.page-head {
            div {
                h1 { (title) " " (badges) }
                @if !note.is_empty() { p { (note) } }
            }
            div.actions { (actions) }
        }
    }
}

/// One of the pages that belong together, see [`tabs`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Tab<'a> {
    pub title: &'a str,
    pub href: &'a str,
    pub active: bool,
    pub count: Option<u64>,
}

/// Links between the pages that belong to one thing; scrolls sideways where it is narrow.
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.active.then_some("page")] {
                    (tab.title)
                    @if let Some(count) = tab.count { span.count { (count) } }
                }
            }
        }
    }
}
