//! What opens over the page: dropdown menus, dialogs and the confirmation of a step.

use maud::{Markup, html};

use super::{Icon, Kind, icon, submit};

/// A menu behind a label, opened without JavaScript; links and one-button forms go inside.
pub fn dropdown(label: Markup, items: Markup) -> Markup {
    html! {
        details.dropdown {
            summary { (label) (icon(Icon::ChevronDown)) }
            div.menu { (items) }
        }
    }
}

/// A [`dropdown`] drawn as a button, for the page header or a row (更多, 导出).
pub fn button_menu(label: &str, sign: Option<Icon>, items: Markup) -> Markup {
    let label = html! { @if let Some(sign) = sign { (icon(sign)) } (label) };
    html! { div.button-menu { (dropdown(label, items)) } }
}

/// A modal dialog, opened by [`dialog_button`](super::dialog_button); `body` holds its own form.
pub fn dialog(id: &str, title: &str, body: Markup) -> Markup {
    html! {
        dialog id=(id) aria-labelledby={ (id) "-title" } {
            div.dialog-head {
                h2 id={ (id) "-title" } { (title) }
                form method="dialog" { button.icon-button type="submit" aria-label="关闭" { (icon(Icon::Close)) } }
            }
            (body)
        }
    }
}

/// A question before a step that is hard to take back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirm<'a> {
    pub title: &'a str,
    /// What will happen and what stays as it is.
    pub text: &'a str,
    /// Where the form posts to.
    pub action: &'a str,
    /// The verb on the button, for example 作废.
    pub button: &'a str,
    pub danger: bool,
    /// Label of a required reason, posted as `reason`; voiding and reopening ask for one.
    pub reason: Option<&'a str>,
}

/// The dialog for [`Confirm`]; open it by a [`dialog_button`](super::dialog_button) with the same id.
pub fn confirm(id: &str, question: &Confirm<'_>) -> Markup {
    let kind = if question.danger {
        Kind::Danger
    } else {
        Kind::Primary
    };
    dialog(
        id,
        question.title,
        html! {
            form method="post" action=(question.action) {
                p { (question.text) }
                @if let Some(label) = question.reason {
                    div.field {
                        label for={ (id) "-reason" } { (label) span.required aria-hidden="true" { "*" } }
                        textarea id={ (id) "-reason" } name="reason" rows="3" maxlength="200" required {}
                    }
                }
                div.dialog-foot {
                    button.button.plain type="button" data-close="" { "取消" }
                    (submit(question.button, kind))
                }
            }
        },
    )
}
