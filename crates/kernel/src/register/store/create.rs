//! New records: one, many, all or none.
use super::check::{DraftFault, all_faults, complete};
use super::derive::{Known, derive};
use super::{journal_json, kept, load};
use crate::app::Scope;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::journal::{self, Entry};
use crate::register::spec::RegisterSpec;
use crate::schema::{column, table};
use crate::value::Value;
use crate::work::notify;
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use uuid::Uuid;

/// A record to be written for the first time.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The id, chosen by the caller: a form sent twice writes once.
    pub id: Uuid,
    /// Values in field order.
    pub values: Vec<Value>,
    /// Starting state; the flow's first when `None`. Only the program itself may choose another.
    pub state: Option<String>,
    /// When it was made; now when `None`. Only the program itself may choose another.
    pub at: Option<DateTime<Utc>>,
}

impl Draft {
    /// A draft with a new id.
    pub fn new(values: Vec<Value>) -> Draft {
        Draft {
            id: Uuid::now_v7(),
            values,
            state: None,
            at: None,
        }
    }
}

/// Writes one new record and gives its id. Sending the same draft id again writes nothing and gives the same id.
/// Those for whom a person's record waits are told.
pub async fn create(scope: &Scope, spec: &RegisterSpec, draft: Draft) -> Result<Uuid> {
    let id = draft.id;
    let tx = scope.db().begin().await?;
    match create_in(&tx, scope, spec, vec![draft]).await {
        Ok(0) => return Ok(id),
        Ok(_) => {}
        Err(CreateError::Other(error)) => return Err(error),
        Err(CreateError::Faults(mut faults)) => {
            return Err(Error::Invalid(
                faults.pop().map(|f| f.violations).unwrap_or_default(),
            ));
        }
    }
    if !scope.actor.system && spec.flow.has_steps() {
        let record = load(&tx, scope, spec, id).await?;
        notify::arrived(&tx, scope, spec, &record, None).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Why many drafts were not written; nothing was.
#[derive(Debug)]
pub enum CreateError {
    /// These drafts break rules.
    Faults(Vec<DraftFault>),
    /// Something else.
    Other(Error),
}

impl<E: Into<Error>> From<E> for CreateError {
    fn from(error: E) -> CreateError {
        CreateError::Other(error.into())
    }
}

/// Writes all drafts or none. Drafts whose id is already present are taken as sent twice and left alone.
pub async fn create_many(
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: Vec<Draft>,
) -> std::result::Result<usize, CreateError> {
    let tx = scope.db().begin().await?;
    let count = create_in(&tx, scope, spec, drafts).await?;
    tx.commit().await?;
    Ok(count)
}

/// [`create_many`] within a transaction of the caller's.
pub async fn create_in(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: Vec<Draft>,
) -> std::result::Result<usize, CreateError> {
    let mut drafts = unsent(tx, scope, spec, drafts).await?;
    if drafts.is_empty() {
        return Ok(0);
    }
    for draft in &mut drafts {
        complete(scope, spec, &mut draft.values, true);
    }
    let values: Vec<&[Value]> = drafts.iter().map(|d| d.values.as_slice()).collect();
    let known = Known::load(tx, scope, spec, &values).await?;
    let faults = all_faults(tx, scope, spec, &drafts, &known).await?;
    if !faults.is_empty() {
        return Err(CreateError::Faults(faults));
    }
    let now = scope.now();
    let mut columns: Vec<String> = crate::schema::SYSTEM.iter().map(|c| c.0.to_owned()).collect();
    columns.extend(spec.fields.iter().map(column));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut rows = Vec::with_capacity(drafts.len());
    let mut entries = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let derived = derive(scope, spec, draft.id, &draft.values, &known);
        let state = draft
            .state
            .filter(|_| scope.actor.system)
            .unwrap_or_else(|| spec.flow.initial().to_owned());
        let at = draft.at.filter(|_| scope.actor.system).unwrap_or(now);
        let values = kept(&scope.app.seal, spec, &draft.values);
        entries.push(Entry {
            register: spec.id.clone(),
            record: draft.id,
            version: 1,
            action: "新建".into(),
            before: None,
            after: Some(journal_json(spec, &values, &state)),
            reason: None,
        });
        let mut row: Vec<Value> = vec![
            scope.school.into(),
            draft.id.into(),
            state.into(),
            derived.path.into(),
            derived.owner,
            derived.label.into(),
            derived.search.into(),
            1i64.into(),
            at.into(),
            scope.actor.account.into(),
            at.into(),
            None::<String>.into(),
            derived.key.into(),
            at.into(),
        ];
        row.extend(values);
        rows.push(row);
    }
    tx.insert_many(&table(spec), &columns, &rows).await?;
    journal::write(tx, scope, entries).await?;
    journal::touch(tx, scope.school, &spec.id).await?;
    Ok(rows.len())
}

async fn unsent(tx: &Db, scope: &Scope, spec: &RegisterSpec, drafts: Vec<Draft>) -> Result<Vec<Draft>> {
    let mut present = HashSet::new();
    for chunk in drafts.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|d| Value::Id(d.id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id from {} where school_id = $1 and id in ({})",
            table(spec),
            places.join(", ")
        );
        for row in tx.all(&sql, &args).await? {
            present.insert(row.at::<Uuid>(0)?);
        }
    }
    Ok(drafts.into_iter().filter(|d| !present.contains(&d.id)).collect())
}
