//! A form that is checked and not written: for registers that are still being drawn.
use super::enter::{self, Typed};
use super::posted::Posted;
use crate::app::Scope;
use crate::error::Result;
use crate::page::{self, Kind};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store;
use crate::value::Value;
use maud::{Markup, html};

/// The form with what was typed; whether it would be accepted.
pub async fn form(
    scope: &Scope,
    spec: &RegisterSpec,
    posted: &mut Posted,
    action: &str,
    sent: bool,
) -> Result<(Markup, bool)> {
    let nothing: Vec<Value> = spec
        .fields
        .iter()
        .map(|field| Value::Null(field.kind.sql()))
        .collect();
    let typed = match sent {
        true => {
            let files_aside = |at: usize| spec.fields[at].kind != FieldKind::Files;
            let entered = enter::read(scope, spec, posted, &nothing, files_aside).await?;
            let mut found = entered.violations;
            if found.is_empty() {
                found = store::faults(scope, spec, &entered.values, true);
            }
            Typed::of_posted(spec, posted, &nothing).refuse(&found)
        }
        false => Typed::of_values(spec, &nothing),
    };
    let typed = typed.load(scope, spec).await?;
    let errors = typed.errors(spec);
    let fields = html! {
        (page::form_grid(html! {
            @for (at, field) in spec.fields.iter().enumerate().filter(|(_, field)| field.kind != FieldKind::Files) {
                (typed.control(scope, spec, at, field.required, "", false))
            }
        }))
    };
    let form = html! {
        (page::form_errors(&errors))
        (page::record_form(action, false, fields, page::submit("检查", Kind::Primary)))
    };
    Ok((form, errors.is_empty()))
}
