//! Plans and commitments into rows.
use super::read::{COMMITMENT_COLUMNS, commitment_in};
use crate::model::{Binding, Commitment, Plan, Section};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result};
use kernel::journal::{self, Entry};
use kernel::register::field::ChoiceList;
use kernel::value::Value;
use serde_json::json;
use uuid::Uuid;

/// What people read when somebody else was faster.
pub(crate) const OVERTAKEN: &str = "这条承诺刚被别人修改过，您的内容没有保存；下面是现在的内容";

/// A commitment as the journal and a published version keep it.
pub(crate) fn commitment_json(c: &Commitment) -> serde_json::Value {
    json!({
        "id": c.id, "kind": c.kind.code(), "quote": c.quote, "start": c.start, "end": c.end,
        "status": c.status.code(), "title": c.title, "comparator": c.comparator.map(ChoiceList::code),
        "target_scaled": c.target_scaled, "max_scaled": c.max_scaled, "unit": c.unit, "growth": c.growth,
        "times": c.times, "every": c.every.map(ChoiceList::code), "interval": c.interval,
        "due_on": c.due_on, "due_text": c.due_text, "binding": c.binding.code(),
        "node": c.node, "path": c.path, "owner": c.owner, "section": c.section,
        "done_on": c.done_on, "done_note": c.done_note,
    })
}

/// The bind values of a commitment in the order of `COMMITMENT_COLUMNS`, with `origin_id` last.
fn row_of(c: &Commitment) -> Vec<Value> {
    let (binding, indicator, duty) = match &c.binding {
        Binding::Indicator(id) => ("indicator", Some(id.clone()), None),
        Binding::Duty(id) => ("duty", None, Some(id.clone())),
        Binding::Manual => ("manual", None, None),
        Binding::None => ("none", None, None),
    };
    vec![
        c.id.into(),
        c.plan.into(),
        c.section.into(),
        c.kind.code().into(),
        c.quote.as_str().into(),
        c.start.into(),
        c.end.into(),
        c.status.code().into(),
        c.title.as_str().into(),
        c.comparator.map(ChoiceList::code).into(),
        c.target_scaled.into(),
        c.max_scaled.into(),
        c.unit.clone().into(),
        c.growth.then_some("growth").into(),
        c.times.into(),
        c.every.map(ChoiceList::code).into(),
        Some(c.interval).into(),
        c.due_on.into(),
        c.due_text.clone().into(),
        binding.into(),
        indicator.into(),
        duty.into(),
        c.node.into(),
        c.path.as_str().into(),
        c.owner.into(),
        c.done_on.into(),
        c.done_note.clone().into(),
        c.version.into(),
        c.updated_at.into(),
        c.origin.into(),
    ]
}

fn entry(c: &Commitment, action: &str, before: Option<&Commitment>, reason: Option<&str>) -> Entry {
    Entry {
        register: "commitment".into(),
        record: c.id,
        version: c.version,
        action: action.into(),
        before: before.map(|b| commitment_json(b).to_string()),
        after: Some(commitment_json(c).to_string()),
        reason: reason.map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned),
    }
}

/// Marks the plan as changed now and raises the revision of `plan`.
pub async fn touch_plan(tx: &Db, scope: &Scope, plan: Uuid) -> Result<()> {
    let sql = "update plan set updated_at = $3 where school_id = $1 and id = $2";
    tx.run(sql, args![scope.school, plan, scope.now()]).await?;
    journal::touch(tx, scope.school, "plan").await
}

/// What people read when a plan is no longer open.
pub(crate) fn closed() -> Error {
    Error::Conflict("这份计划已经发布，不能直接改；请先“开始修订”，改好后连同修订理由一起发布".into())
}

/// [`touch_plan`] for a draft or revision; refused when it was published meanwhile. Holds the plan's row until the end
/// of the transaction, so that a plan cannot be published between two changes of one step.
pub(crate) async fn touch_open(tx: &Db, scope: &Scope, plan: Uuid) -> Result<()> {
    let sql =
        "update plan set updated_at = $3 where school_id = $1 and id = $2 and state in ('draft', 'revision')";
    if tx.run(sql, args![scope.school, plan, scope.now()]).await? != 1 {
        return Err(closed());
    }
    journal::touch(tx, scope.school, "plan").await
}

pub(crate) async fn insert_sections(tx: &Db, scope: &Scope, plan: Uuid, sections: &[Section]) -> Result<()> {
    let columns = [
        "school_id",
        "id",
        "plan_id",
        "position",
        "number",
        "heading",
        "level",
        "start_at",
        "end_at",
    ];
    let rows: Vec<Vec<Value>> = sections
        .iter()
        .map(|s| {
            args![
                scope.school,
                s.id,
                plan,
                s.position,
                s.number.as_str(),
                s.heading.as_str(),
                s.level,
                s.start,
                s.end
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many("plan_section", &columns, &rows).await
}

pub(crate) async fn insert_commitments(tx: &Db, scope: &Scope, commitments: &[Commitment]) -> Result<()> {
    let mut columns = vec!["school_id"];
    columns.extend(COMMITMENT_COLUMNS);
    columns.push("origin_id");
    let rows: Vec<Vec<Value>> = commitments
        .iter()
        .map(|c| {
            let mut row: Vec<Value> = vec![scope.school.into()];
            row.extend(row_of(c));
            row
        })
        .collect();
    tx.insert_many("commitment", &columns, &rows).await
}

pub(crate) async fn insert_plan(tx: &Db, scope: &Scope, plan: &Plan, body: &str) -> Result<()> {
    tx.run(
        "insert into plan (school_id, id, title, unit_id, path, term_id, file_name, body, state, version, created_at, \
         created_by, updated_at, published_at, revises) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            scope.school,
            plan.id,
            plan.title.as_str(),
            plan.unit,
            plan.path.as_str(),
            plan.term,
            plan.file_name.as_str(),
            body,
            plan.state.code(),
            plan.version,
            plan.created_at,
            plan.created_by,
            plan.updated_at,
            plan.published_at,
            plan.revises
        ],
    )
    .await?;
    Ok(())
}

/// An entry about a plan as a whole.
pub(crate) fn plan_entry(plan: &Plan, action: &str, after: serde_json::Value, reason: Option<&str>) -> Entry {
    Entry {
        register: "plan".into(),
        record: plan.id,
        version: plan.version,
        action: action.into(),
        before: None,
        after: Some(after.to_string()),
        reason: reason.map(str::to_owned),
    }
}

/// Writes a new plan with everything read from its text. Sending the same plan id again writes nothing.
pub async fn create_plan(
    scope: &Scope,
    plan: &Plan,
    body: &str,
    sections: &[Section],
    commitments: &[Commitment],
) -> Result<()> {
    let tx = scope.db().begin().await?;
    let sql = "select id from plan where school_id = $1 and id = $2";
    if tx.opt(sql, args![scope.school, plan.id]).await?.is_some() {
        return Ok(());
    }
    insert_plan(&tx, scope, plan, body).await?;
    insert_sections(&tx, scope, plan.id, sections).await?;
    insert_commitments(&tx, scope, commitments).await?;
    let after = json!({ "title": plan.title, "file": plan.file_name, "commitments": commitments.len() });
    journal::write(&tx, scope, vec![plan_entry(plan, "导入", after, None)]).await?;
    journal::touch(&tx, scope.school, "plan").await?;
    tx.commit().await
}

/// Writes title, term and unit of a plan. The caller calls [`touch_plan`].
pub(crate) async fn save_head(tx: &Db, scope: &Scope, plan: &Plan) -> Result<()> {
    let sql =
        "update plan set title = $3, unit_id = $4, path = $5, term_id = $6 where school_id = $1 and id = $2";
    let args = args![
        scope.school,
        plan.id,
        plan.title.as_str(),
        plan.unit,
        plan.path.as_str(),
        plan.term
    ];
    tx.run(sql, args).await?;
    let after = json!({ "title": plan.title, "term": plan.term, "unit": plan.unit });
    journal::write(tx, scope, vec![plan_entry(plan, "修改计划信息", after, None)]).await
}

/// Adds a commitment to an open plan.
pub async fn add(scope: &Scope, commitment: &Commitment) -> Result<()> {
    let tx = scope.db().begin().await?;
    touch_open(&tx, scope, commitment.plan).await?;
    add_in(&tx, scope, std::slice::from_ref(commitment), "补充", None).await?;
    tx.commit().await
}

/// Adds commitments within a transaction of the caller's.
pub(crate) async fn add_in(
    tx: &Db,
    scope: &Scope,
    commitments: &[Commitment],
    action: &str,
    reason: Option<&str>,
) -> Result<()> {
    insert_commitments(tx, scope, commitments).await?;
    let entries = commitments.iter().map(|c| entry(c, action, None, reason));
    journal::write(tx, scope, entries.collect()).await
}

/// Writes a changed commitment of an open plan over `old`; refused when somebody else wrote it meanwhile. Gives the
/// new version.
pub async fn save(
    scope: &Scope,
    old: &Commitment,
    new: &Commitment,
    action: &str,
    reason: Option<&str>,
) -> Result<i64> {
    let tx = scope.db().begin().await?;
    touch_open(&tx, scope, old.plan).await?;
    let version = save_in(&tx, scope, old, new, action, reason).await?;
    tx.commit().await?;
    Ok(version)
}

/// [`save`] within a transaction of the caller's, who calls [`touch_plan`] once.
pub async fn save_in(
    tx: &Db,
    scope: &Scope,
    old: &Commitment,
    new: &Commitment,
    action: &str,
    reason: Option<&str>,
) -> Result<i64> {
    let mut new = new.clone();
    new.version = old.version + 1;
    new.updated_at = scope.now();
    let mut args: Vec<Value> = vec![scope.school.into(), old.id.into(), old.version.into()];
    let mut sets = vec![];
    let columns = COMMITMENT_COLUMNS.iter().chain(&["origin_id"]);
    for (column, value) in columns.zip(row_of(&new)).filter(|(column, _)| **column != "id") {
        args.push(value);
        sets.push(format!("{column} = ${}", args.len()));
    }
    let sql = format!(
        "update commitment set {} where school_id = $1 and id = $2 and version = $3",
        sets.join(", ")
    );
    if tx.run(&sql, &args).await? != 1 {
        return Err(Error::Conflict(OVERTAKEN.into()));
    }
    journal::write(tx, scope, vec![entry(&new, action, Some(old), reason)]).await?;
    Ok(new.version)
}

/// Reports a task done (or, with `None`, not done after all).
pub async fn mark_done(
    scope: &Scope,
    id: Uuid,
    version: i64,
    done_on: Option<NaiveDate>,
    note: Option<&str>,
) -> Result<i64> {
    let tx = scope.db().begin().await?;
    let old = commitment_in(&tx, scope, id).await?;
    if old.version != version {
        return Err(Error::Conflict(OVERTAKEN.into()));
    }
    let mut new = old.clone();
    new.done_on = done_on;
    new.done_note = note.map(str::to_owned);
    let action = if done_on.is_some() {
        "报完成"
    } else {
        "撤回完成"
    };
    let version = save_in(&tx, scope, &old, &new, action, note).await?;
    touch_plan(&tx, scope, old.plan).await?;
    tx.commit().await?;
    Ok(version)
}
