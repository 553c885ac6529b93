//! The table of a list: heads that sort, rows that open their record.
use super::address::Address;
use super::{Rights, shown, state_tone};
use crate::app::Scope;
use crate::page::{self, Narrow, Sorted};
use crate::register::query::{ListQuery, Subject};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::Record;
use maud::{Markup, html};

/// Whether the state says something in this register.
pub fn has_states(spec: &RegisterSpec) -> bool {
    spec.flow.states.len() > 1
}

/// The fields that the table must read for its columns and colours.
pub fn wanted(spec: &RegisterSpec, query: &ListQuery) -> Vec<usize> {
    let mut wanted = query.shown(spec);
    wanted.extend(spec.due.filter(|due| !query.shown(spec).contains(due)));
    wanted
}

/// The table.
pub fn render(
    scope: &Scope,
    spec: &RegisterSpec,
    rights: &Rights,
    address: &Address,
    query: &ListQuery,
    records: &[Record],
) -> Markup {
    let columns = query.shown(spec);
    let head = html! {
        tr {
            @for at in &columns {
                @let field = &spec.fields[*at];
                @if field.kind == FieldKind::Files || field.sealed { (page::th(&field.label)) }
                @else { (sort_head(&field.label, &field.name, Subject::Field(*at), address, query)) }
            }
            @if has_states(spec) { (sort_head("状态", "state", Subject::State, address, query)) }
        }
    };
    let today = scope.today();
    let due = spec.due;
    let body = html! {
        @for record in records {
            @let open = rights.sees_sealed(scope, record);
            tr data-href={ "/r/" (spec.id) "/" (record.id) } tabindex="-1" {
                @for (position, at) in columns.iter().enumerate() {
                    @let text = cell(scope, spec, record, *at, open);
                    @if position == 0 {
                        td { a href={ "/r/" (spec.id) "/" (record.id) } { @if text.is_empty() { (record.label.label) } @else { (text) } } }
                    } @else if is_number(&spec.fields[*at].kind) {
                        td.num { (text) }
                    } @else {
                        td { (text) }
                    }
                }
                @if has_states(spec) {
                    @let day = due.and_then(|at| record.values[at].date());
                    @let tone = state_tone(spec, &record.state, day, today);
                    td { (page::state_dot(tone, &record.state)) }
                }
            }
        }
    };
    page::table(&spec.title, Narrow::Scroll, head, body)
}

fn is_number(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Int { .. } | FieldKind::Decimal { .. } | FieldKind::Money
    )
}

fn cell(scope: &Scope, spec: &RegisterSpec, record: &Record, at: usize, open: bool) -> String {
    if spec.fields[at].kind == FieldKind::Files {
        return match crate::files::ids_of(&record.values[at]).len() {
            0 => String::new(),
            count => format!("{count} 个"),
        };
    }
    let text = shown(scope, spec, record, at, open);
    match spec.fields[at].kind {
        FieldKind::LongText { .. } if text.chars().count() > 60 => {
            let short: String = text.chars().take(60).collect();
            format!("{short}…")
        }
        _ => text,
    }
}

fn sort_head(label: &str, name: &str, subject: Subject, address: &Address, query: &ListQuery) -> Markup {
    let (sorted, next) = match query.sort {
        Some((now, false)) if now == subject => (Sorted::Up, format!("-{name}")),
        Some((now, true)) if now == subject => (Sorted::Down, String::new()),
        _ => (Sorted::No, name.to_owned()),
    };
    page::sort_th(label, &address.with("sort", &next), sorted)
}
