//! The journal (留痕): every write, in the same transaction, who, when, before, after, why. Rows are only added.
use crate::app::Scope;
use crate::args;
use crate::db::Db;
use crate::error::Result;
use crate::value::Value;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One entry to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Register or other noun (`account`, `plan`).
    pub register: String,
    /// The record.
    pub record: Uuid,
    /// The record's version after the write.
    pub version: i64,
    /// `新建`, `修改`, `作废`, a step's title …
    pub action: String,
    /// The record before, as JSON.
    pub before: Option<String>,
    /// The record after, as JSON.
    pub after: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

const COLUMNS: [&str; 12] = [
    "school_id",
    "id",
    "at",
    "account_id",
    "actor",
    "register",
    "record_id",
    "version",
    "action",
    "before",
    "after",
    "reason",
];

/// Writes entries within the transaction of the change itself.
pub async fn write(tx: &Db, scope: &Scope, entries: Vec<Entry>) -> Result<()> {
    let now = scope.now();
    let rows: Vec<Vec<Value>> = entries
        .into_iter()
        .map(|e| {
            vec![
                scope.school.into(),
                Uuid::now_v7().into(),
                now.into(),
                scope.actor.account.into(),
                scope.actor.name.as_str().into(),
                e.register.into(),
                e.record.into(),
                e.version.into(),
                e.action.into(),
                e.before.into(),
                e.after.into(),
                e.reason.into(),
            ]
        })
        .collect();
    tx.insert_many("journal", &COLUMNS, &rows).await
}

/// Raises the revision of a register, by which rendered pages know that they are stale.
pub async fn touch(tx: &Db, school: i64, register: &str) -> Result<()> {
    tx.run(
        "insert into revision (school_id, register, rev) values ($1, $2, 1) \
         on conflict (school_id, register) do update set rev = revision.rev + 1",
        args![school, register],
    )
    .await?;
    Ok(())
}

/// One entry as read.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// Register or other noun.
    pub register: String,
    /// The record.
    pub record: Uuid,
    /// What was done.
    pub action: String,
    /// Before, as JSON.
    pub before: Option<serde_json::Value>,
    /// After, as JSON.
    pub after: Option<serde_json::Value>,
    /// Why.
    pub reason: Option<String>,
}

/// Which entries to read; all given conditions hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only this register.
    pub register: Option<String>,
    /// Only this record.
    pub record: Option<Uuid>,
    /// Only actors whose name contains this.
    pub actor: Option<String>,
}

/// Entries, newest first, `limit` of them after `skip`.
pub async fn read(scope: &Scope, search: &Search, skip: i64, limit: i64) -> Result<Vec<Line>> {
    let mut args: Vec<Value> = vec![scope.school.into()];
    let mut sql = String::from(
        "select at, actor, register, record_id, action, before, after, reason from journal where school_id = $1",
    );
    if let Some(register) = &search.register {
        args.push(register.into());
        sql.push_str(&format!(" and register = ${}", args.len()));
    }
    if let Some(record) = search.record {
        args.push(record.into());
        sql.push_str(&format!(" and record_id = ${}", args.len()));
    }
    if let Some(actor) = &search.actor {
        args.push(format!("%{actor}%").into());
        sql.push_str(&format!(" and actor like ${}", args.len()));
    }
    args.push(limit.into());
    args.push(skip.into());
    sql.push_str(&format!(
        " order by id desc limit ${} offset ${}",
        args.len() - 1,
        args.len()
    ));
    let parse = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
    scope
        .db()
        .all(&sql, &args)
        .await?
        .iter()
        .map(|row| {
            Ok(Line {
                at: row.at(0)?,
                actor: row.at(1)?,
                register: row.at(2)?,
                record: row.at(3)?,
                action: row.at(4)?,
                before: parse(row.at(5)?),
                after: parse(row.at(6)?),
                reason: row.at(7)?,
            })
        })
        .collect()
}
