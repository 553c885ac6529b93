//! Controls that choose something outside the form: another record, or files.

use maud::{Markup, html};

use super::{Icon, Input, icon};

/// A reference to another record, found by typing; `value` is its id, `shown` its label.
///
/// Typing asks `GET {url}?q=…` (or `&q=…` when the address has parameters) for
/// `[{"id": "…", "label": "…", "hint": "…"}]`. Needs JavaScript.
pub fn reference(input: &Input<'_>, url: &str, shown: &str) -> Markup {
    let id = input.id();
    let list = format!("{id}-list");
    input.frame(html! {
        div.combo data-combo=(url) {
            input type="hidden" name=(input.name) value=(input.value);
            input id=(id) type="text" role="combobox" value=(shown) autocomplete="off" spellcheck="false"
                aria-autocomplete="list" aria-expanded="false" aria-controls=(list)
                placeholder=(input.placeholder.unwrap_or("输入汉字或拼音首字母")) required[input.required]
                readonly[input.read_only] aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
            ul id=(list) role="listbox" aria-label=(input.label) hidden {}
            span.sr role="status" aria-live="polite" {}
        }
    })
}

/// A file that a record already has, see [`files`].
#[derive(Clone, Debug, Default)]
pub struct PresentFile {
    pub id: String,
    pub name: String,
    pub href: String,
    /// In words, for example 1.2 MB.
    pub size: String,
}

/// Adds files to those present; a checked 移除 posts the file's id as `{name}-remove`.
///
/// `accept` is the list of extensions or types the browser offers, empty for any.
pub fn files(input: &Input<'_>, present: &[PresentFile], accept: &str) -> Markup {
    let accept = (!accept.is_empty()).then_some(accept);
    input.frame(html! {
        @if !present.is_empty() {
            ul.files {
                @for file in present {
                    li {
                        a href=(file.href) { (icon(Icon::Plan)) (file.name) }
                        small { (file.size) }
                        @if !input.read_only {
                            label.check {
                                input type="checkbox" name={ (input.name) "-remove" } value=(file.id); "移除"
                            }
                        }
                    }
                }
            }
        }
        @if !input.read_only {
            input id=(input.id()) type="file" name=(input.name) multiple accept=[accept]
                required[input.required && present.is_empty()]
                aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
        }
    })
}

/// One file to take in, as an Excel sheet for an import.
pub fn file(input: &Input<'_>, accept: &str) -> Markup {
    let accept = (!accept.is_empty()).then_some(accept);
    input.frame(html! {
        input id=(input.id()) type="file" name=(input.name) accept=[accept] required[input.required]
            aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
    })
}
