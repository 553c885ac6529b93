//! Form controls for text, numbers, dates and boxes, each with its frame.

use maud::{Markup, html};

use super::Input;

fn plain_input(input: &Input<'_>, kind: &str, mode: Option<&str>) -> Markup {
    html! {
        input id=(input.id()) type=(kind) name=(input.name) value=(input.value) inputmode=[mode]
            placeholder=[input.placeholder] maxlength=[input.max_length] required[input.required]
            readonly[input.read_only] aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
    }
}

/// One line of text.
pub fn text(input: &Input<'_>) -> Markup {
    input.frame(plain_input(input, "text", None))
}

/// A telephone number, with the digits keyboard on phones.
pub fn telephone(input: &Input<'_>) -> Markup {
    input.frame(plain_input(input, "tel", Some("tel")))
}

/// A password; `new` lets the browser offer one instead of filling in the known one.
pub fn password(input: &Input<'_>, new: bool) -> Markup {
    let fill = if new { "new-password" } else { "current-password" };
    input.frame(html! {
        input id=(input.id()) type="password" name=(input.name) autocomplete=(fill) required[input.required]
            aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
    })
}

/// Several lines of text.
pub fn textarea(input: &Input<'_>, rows: u32) -> Markup {
    input.frame(html! {
        textarea id=(input.id()) name=(input.name) rows=(rows) placeholder=[input.placeholder]
            maxlength=[input.max_length] required[input.required] readonly[input.read_only]
            aria-invalid=[input.invalid()] aria-describedby=[input.described_by()] { (input.value) }
    })
}

/// The limits of a [`number`]; texts, so that 0.5 stays 0.5.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds<'a> {
    pub min: Option<&'a str>,
    pub max: Option<&'a str>,
    /// `any` by default: fractions are allowed.
    pub step: Option<&'a str>,
    /// Shown behind the box, for example 分.
    pub unit: Option<&'a str>,
}

/// A number within bounds; the wheel does not change it.
pub fn number(input: &Input<'_>, bounds: Bounds<'_>) -> Markup {
    let step = bounds.step.unwrap_or("any");
    let mode = if step == "1" { "numeric" } else { "decimal" };
    input.frame(html! {
        span.with-unit {
            input.num id=(input.id()) type="number" name=(input.name) value=(input.value) inputmode=(mode)
                min=[bounds.min] max=[bounds.max] step=(step) placeholder=[input.placeholder]
                required[input.required] readonly[input.read_only] aria-invalid=[input.invalid()]
                aria-describedby=[input.described_by()];
            @if let Some(unit) = bounds.unit { span { (unit) } }
        }
    })
}

/// A date; the value is written 2026-11-16.
pub fn date(input: &Input<'_>) -> Markup {
    input.frame(plain_input(input, "date", None))
}

/// A date with a time; the value is written 2026-11-16T08:30.
pub fn datetime(input: &Input<'_>) -> Markup {
    input.frame(plain_input(input, "datetime-local", None))
}

/// A time of day; the value is written 08:30.
pub fn time(input: &Input<'_>) -> Markup {
    input.frame(plain_input(input, "time", None))
}

/// One box, posted as `value` (or `true` when that is empty) when it is checked.
pub fn checkbox(input: &Input<'_>, checked: bool) -> Markup {
    let value = if input.value.is_empty() {
        "true"
    } else {
        input.value
    };
    html! {
        div.field.one-check.wide[input.wide].bad[input.error.is_some()] {
            label.check {
                input id=(input.id()) type="checkbox" name=(input.name) value=(value) checked[checked]
                    required[input.required] disabled[input.read_only]
                    aria-invalid=[input.invalid()] aria-describedby=[input.described_by()];
                (input.label)
            }
            @if let Some(error) = input.error { p.field-error id={ (input.id()) "-error" } role="alert" { (error) } }
            @if let Some(help) = input.help { p.field-help id={ (input.id()) "-help" } { (help) } }
        }
    }
}

/// One value out of a list. `empty` is the text of a first, empty choice (请选择, 全部); `None` has none.
pub fn select<V: AsRef<str>, L: AsRef<str>>(
    input: &Input<'_>,
    options: &[(V, L)],
    empty: Option<&str>,
) -> Markup {
    input.frame(html! {
        select id=(input.id()) name=(input.name) required[input.required] disabled[input.read_only]
            aria-invalid=[input.invalid()] aria-describedby=[input.described_by()] {
            @if let Some(text) = empty { option value="" { (text) } }
            @for (value, label) in options {
                option value=(value.as_ref()) selected[value.as_ref() == input.value] { (label.as_ref()) }
            }
        }
        @if input.read_only { input type="hidden" name=(input.name) value=(input.value); }
    })
}

/// One value out of a few, all in view.
pub fn radios<V: AsRef<str>, L: AsRef<str>>(input: &Input<'_>, options: &[(V, L)]) -> Markup {
    choices(input, "radio", options, |value| value == input.value)
}

/// Any number of values out of a few, posted as one `name` each.
pub fn checkboxes<V: AsRef<str>, L: AsRef<str>>(
    input: &Input<'_>,
    options: &[(V, L)],
    chosen: &[&str],
) -> Markup {
    choices(input, "checkbox", options, |value| chosen.contains(&value))
}

fn choices<V: AsRef<str>, L: AsRef<str>>(
    input: &Input<'_>,
    kind: &str,
    options: &[(V, L)],
    is_chosen: impl Fn(&str) -> bool,
) -> Markup {
    input.group_frame(html! {
        div.choices {
            @for (value, label) in options {
                label.check {
                    input type=(kind) name=(input.name) value=(value.as_ref()) checked[is_chosen(value.as_ref())]
                        required[input.required && kind == "radio"] disabled[input.read_only]
                        aria-describedby=[input.described_by()];
                    (label.as_ref())
                }
            }
        }
    })
}
