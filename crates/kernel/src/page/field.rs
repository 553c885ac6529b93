//! The frame of a form field: label, mark, help and the error that names this field.

use maud::{Markup, html};

/// What every form control needs; the rest is an argument of the control.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// Name of the posted value; the id of the control is `f-` and this name.
    pub name: &'a str,
    pub label: &'a str,
    pub value: &'a str,
    pub required: bool,
    pub help: Option<&'a str>,
    /// Why the last submission was refused because of this field.
    pub error: Option<&'a str>,
    pub placeholder: Option<&'a str>,
    /// In characters.
    pub max_length: Option<u32>,
    /// Takes both columns of the form.
    pub wide: bool,
    /// Shown but not to be changed; its value is posted.
    pub read_only: bool,
    /// Set before `f-` in ids where a page has two forms with the same names.
    pub form: &'a str,
}

impl Input<'_> {
    /// The id of the control.
    pub(super) fn id(&self) -> String {
        format!("{}f-{}", self.form, self.name)
    }

    /// The ids of the help and error texts, for `aria-describedby`.
    pub(super) fn described_by(&self) -> Option<String> {
        let id = self.id();
        let help = self.help.map(|_| format!("{id}-help"));
        let error = self.error.map(|_| format!("{id}-error"));
        match (help, error) {
            (Some(help), Some(error)) => Some(format!("{help} {error}")),
            (one, other) => one.or(other),
        }
    }

    /// The value of `aria-invalid`, absent on a good field.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.map(|_| "true")
    }

    /// Puts the control into its frame.
    pub(super) fn frame(&self, control: Markup) -> Markup {
        field(&FieldView {
            id: &self.id(),
            label: self.label,
            required: self.required,
            help: self.help,
            error: self.error,
            wide: self.wide,
            group: false,
            control,
        })
    }

    /// Puts several controls that are one value into a frame with a group label.
    pub(super) fn group_frame(&self, control: Markup) -> Markup {
        field(&FieldView {
            id: &self.id(),
            label: self.label,
            required: self.required,
            help: self.help,
            error: self.error,
            wide: self.wide,
            group: true,
            control,
        })
    }
}

/// The parts of a field whose control is written by hand.
#[derive(Clone, Debug, Default)]
pub struct FieldView<'a> {
    /// The id of the control; help and error get it with `-help` and `-error`, which the control
    /// lists in its `aria-describedby`.
    pub id: &'a str,
    pub label: &'a str,
    pub required: bool,
    pub help: Option<&'a str>,
    pub error: Option<&'a str>,
    pub wide: bool,
    /// The control is a set of boxes: a fieldset with a legend instead of a label.
    pub group: bool,
    pub control: Markup,
}

/// The frame around a control.
pub fn field(view: &FieldView<'_>) -> Markup {
    let mark = html! { @if view.required { span.required title="必填" { "*" } } };
    let notes = html! {
        @if let Some(error) = view.error { p.field-error id={ (view.id) "-error" } role="alert" { (error) } }
        @if let Some(help) = view.help { p.field-help id={ (view.id) "-help" } { (help) } }
    };
    html! {
        @if view.group {
            fieldset.field.wide[view.wide].bad[view.error.is_some()] id=(view.id) {
                legend { (view.label) (mark) }
                (view.control) (notes)
            }
        } @else {
            div.field.wide[view.wide].bad[view.error.is_some()] {
                label for=(view.id) { (view.label) (mark) }
                (view.control) (notes)
            }
        }
    }
}

/// Fields in two columns, in one where it is narrow.
pub fn form_grid(fields: Markup) -> Markup {
    html! { div.form-grid { (fields) } }
}

/// A titled part of a long form.
pub fn form_section(title: &str, fields: Markup) -> Markup {
    html! { section.form-section { h2 { (title) } (form_grid(fields)) } }
}

/// A form for one record: warns before unsaved changes are left, stays with its buttons in view.
///
/// `buttons` come last, the primary one first. Files may be in it: it posts as multipart when `files`.
pub fn record_form(action: &str, files: bool, fields: Markup, buttons: Markup) -> Markup {
    html! {
        form.record method="post" action=(action) data-guard=""
            enctype=[files.then_some("multipart/form-data")] {
            (fields)
            div.form-foot { (buttons) }
        }
    }
}

/// The list of what is wrong with a refused form, with a link to each field; announced at once.
pub fn form_errors<N: AsRef<str>, T: AsRef<str>>(errors: &[(N, T)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.callout.t-bad role="alert" {
                strong { "没有保存：有 " (errors.len()) " 处需要修改" }
                ul { @for (name, text) in errors { li { a href={ "#f-" (name.as_ref()) } { (text.as_ref()) } } } }
            }
        }
    }
}
