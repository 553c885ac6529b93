//! `GET /r/{register}/pick?q=`: search as you type for a reference.
//!
//! Whoever may write a register that refers to this one picks from all live records, but sees their label and key
//! only; whoever merely reads (to filter a list) picks from what they may read. Others are refused.
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::schema::table;
use crate::value::Value;
use axum::Json;
use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most answers.
const MOST: usize = 20;

/// What is searched for.
#[derive(Deserialize)]
pub struct Typed {
    q: Option<String>,
}

/// One answer, as the combobox wants it.
#[derive(Serialize)]
pub struct Found {
    id: Uuid,
    label: String,
    hint: String,
}

/// The handler.
pub async fn pick(
    scope: Scope,
    Path(register): Path<String>,
    Query(typed): Query<Typed>,
) -> Result<Json<Vec<Found>>> {
    let spec = scope.register(&register)?;
    let rows = rows_to_pick(&scope, spec);
    if rows == Rows::None {
        return Err(Error::Forbidden(format!("选择{}", spec.title)));
    }
    let text: String = typed
        .q
        .unwrap_or_default()
        .trim()
        .to_lowercase()
        .chars()
        .take(60)
        .collect();
    Ok(Json(find(&scope, spec, &rows, &text).await?))
}

fn rows_to_pick(scope: &Scope, spec: &RegisterSpec) -> Rows {
    let refers = |other: &RegisterSpec| {
        other
            .fields
            .iter()
            .any(|field| matches!(&field.kind, FieldKind::Ref(to) if *to == spec.id))
    };
    let writes = |other: &RegisterSpec| {
        access::writable(&scope.actor, other) != Rows::None
            || (other.flow.has_steps()
                && access::readable(&scope.actor, &scope.app.roles, other) != Rows::None)
    };
    match scope.registers.iter().any(|other| refers(other) && writes(other)) {
        true => Rows::All,
        false => access::readable(&scope.actor, &scope.app.roles, spec),
    }
}

/// The best first: the key or label as typed, then beginning so, then any word of the record beginning so (initials
/// too), then the rest.
async fn find(scope: &Scope, spec: &RegisterSpec, rows: &Rows, text: &str) -> Result<Vec<Found>> {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let mut args: Vec<Value> = vec![
        scope.school.into(),
        text.into(),
        format!("{plain}%").into(),
        format!("% {plain}%").into(),
        format!("%{plain}%").into(),
    ];
    let predicate = rows.predicate(&scope.actor, &mut args);
    let sql = format!(
        "select t.id, t.label, t.key_text from {} t where t.school_id = $1 and t.void_reason is null \
         and (t.search like $5 escape '\\' or lower(t.label) like $5 escape '\\') and {predicate} \
         order by case when lower(t.key_text) = $2 or lower(t.label) = $2 then 0 \
         when lower(t.key_text) like $3 escape '\\' or lower(t.label) like $3 escape '\\' then 1 \
         when t.search like $3 escape '\\' or t.search like $4 escape '\\' then 2 else 3 end, \
         t.key_text, t.label, t.id limit {MOST}",
        table(spec)
    );
    let rows = scope.db().all(&sql, &args).await?;
    rows.iter()
        .map(|row| {
            let (label, key): (String, String) = (row.at(1)?, row.at(2)?);
            let hint = if label.contains(&key) { String::new() } else { key };
            Ok(Found {
                id: row.at(0)?,
                label,
                hint,
            })
        })
        .collect()
}
