//! Reading and writing records. Every write is authorised, checked, journalled and committed in one transaction.
mod change;
mod check;
mod create;
mod derive;

pub use change::{Change, step, update, update_in, void, void_in};
pub use check::{DraftFault, check_many, complete, faults};
pub use create::{CreateError, Draft, create, create_in, create_many};

use super::flow::Step;
use super::query::select_sql;
use super::spec::{FieldKind, RegisterSpec};
use super::values;
use crate::access::{self, Acting, Place};
use crate::app::Scope;
use crate::args;
use crate::db::{Db, Row};
use crate::error::{Error, Result};
use crate::seal::Seal;
use crate::value::Value;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The columns every record is read with, before its fields.
pub const HEAD_COLUMNS: &str = "t.id, t.state, t.scope, t.owner_id, t.label, t.key_text, t.version, t.created_at, \
                                t.created_by, t.updated_at, t.void_reason, t.state_at";
const HEAD: usize = 12;

/// What the note of a step is called in forms and faults; no field can be called so.
pub const NOTE: &str = "step-note";

/// A referenced record as lists and forms show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Display label.
    pub label: String,
    /// Unambiguous key, may be empty.
    pub key: String,
}

impl Label {
    /// `张三（20240101）`, or the label alone when it holds the key already.
    pub fn full(&self) -> String {
        if self.key.is_empty() || self.label.contains(&self.key) {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.key)
        }
    }
}

/// One record as read.
#[derive(Clone, Debug)]
pub struct Record {
    /// Id, UUIDv7.
    pub id: Uuid,
    /// The flow's state.
    pub state: String,
    /// Where it stands and who is behind it.
    pub place: Place,
    /// Display label and key.
    pub label: Label,
    /// Grows by one with every write; guards against overwriting.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
    /// Since when it has been in its state.
    pub state_at: DateTime<Utc>,
    /// Why it was voided, if it was.
    pub void_reason: Option<String>,
    /// Values in field order; those not asked for are null.
    pub values: Vec<Value>,
    /// Labels of references in field order.
    pub refs: Vec<Option<Label>>,
}

impl Record {
    /// Reads a row of [`select_sql`] with the same `fields`; what is sealed is unsealed.
    pub fn read(spec: &RegisterSpec, fields: &[usize], row: &Row, seal: &Seal) -> Result<Record> {
        let mut record = Record {
            id: row.at(0)?,
            state: row.at(1)?,
            place: Place {
                path: row.at(2)?,
                owner: row.at(3)?,
                created_by: row.at(8)?,
            },
            label: Label {
                label: row.at(4)?,
                key: row.at(5)?,
            },
            version: row.at(6)?,
            created_at: row.at(7)?,
            updated_at: row.at(9)?,
            void_reason: row.at(10)?,
            state_at: row.at(11)?,
            values: spec.fields.iter().map(|f| Value::Null(f.kind.sql())).collect(),
            refs: vec![None; spec.fields.len()],
        };
        let mut next = HEAD;
        for at in fields {
            let field = &spec.fields[*at];
            record.values[*at] = seal.read(spec, field, row.value(next, field.sql())?)?;
            next += 1;
            if matches!(field.kind, FieldKind::Ref(_)) {
                let label: Option<String> = row.at(next)?;
                let key: Option<String> = row.at(next + 1)?;
                record.refs[*at] = label.map(|label| Label {
                    label,
                    key: key.unwrap_or_default(),
                });
                next += 2;
            }
        }
        Ok(record)
    }

    /// A field's value as people read it.
    pub fn show(&self, spec: &RegisterSpec, at: usize, codes: &crate::codes::Codes) -> String {
        match &self.refs[at] {
            Some(label) => label.label.clone(),
            None => values::show(&spec.fields[at], &self.values[at], codes),
        }
    }
}

/// The values as the columns of the table keep them: what is sealed is cipher text.
fn kept(seal: &Seal, spec: &RegisterSpec, values: &[Value]) -> Vec<Value> {
    let pairs = spec.fields.iter().zip(values);
    pairs
        .map(|(field, value)| seal.bind(spec, field, value))
        .collect()
}

/// What the journal holds of a record: values as [`kept`] by field name, and the state.
fn journal_json(spec: &RegisterSpec, kept: &[Value], state: &str) -> String {
    let mut map = serde_json::Map::new();
    map.insert("state".into(), state.into());
    for (field, value) in spec.fields.iter().zip(kept) {
        if !value.is_null() {
            map.insert(field.name.clone(), value.json());
        }
    }
    serde_json::Value::from(map).to_string()
}

/// The record, if it exists and may be seen.
pub async fn get(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<Record> {
    let record = load(scope.db(), scope, spec, id).await?;
    let rows = access::readable(&scope.actor, &scope.app.roles, spec);
    if rows.covers(&scope.actor, &record.place) || steps_of(scope, spec, &record).next().is_some() {
        Ok(record)
    } else {
        Err(Error::NotFound)
    }
}

async fn load(db: &Db, scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<Record> {
    let all: Vec<usize> = (0..spec.fields.len()).collect();
    let sql = format!("{} where t.school_id = $1 and t.id = $2", select_sql(spec, &all));
    let row = db
        .opt(&sql, args![scope.school, id])
        .await?
        .ok_or(Error::NotFound)?;
    Record::read(spec, &all, &row, &scope.app.seal)
}

/// The steps the actor may take on the record now.
pub fn steps_of<'a>(
    scope: &'a Scope,
    spec: &'a RegisterSpec,
    record: &'a Record,
) -> impl Iterator<Item = &'a Step> + 'a {
    acting_steps(scope, spec, record).map(|(step, _)| step)
}

/// [`steps_of`] with the person in whose name each is taken.
pub fn acting_steps<'a>(
    scope: &'a Scope,
    spec: &'a RegisterSpec,
    record: &'a Record,
) -> impl Iterator<Item = (&'a Step, Acting<'a>)> + 'a {
    let offered = spec.flow.steps.iter().filter(move |step| {
        record.void_reason.is_none()
            && step.from.contains(&record.state)
            && step
                .when
                .as_ref()
                .is_none_or(|guard| guard.holds(spec, &record.values))
    });
    offered.filter_map(move |step| {
        let named = |field: &str| spec.index(field).and_then(|at| record.values[at].id());
        access::acting(&scope.actor, step, &record.place, named).map(|acting| (step, acting))
    })
}

/// Whether the actor may correct and void the record: who may write there, while the flow leaves it open to change.
pub fn may_write(scope: &Scope, spec: &RegisterSpec, record: &Record) -> bool {
    let rows = access::writable(&scope.actor, spec);
    let open = spec.flow.editable.is_empty() || spec.flow.editable.contains(&record.state);
    rows == access::Rows::All || (open && rows.covers(&scope.actor, &record.place))
}
