//! Plans and commitments out of rows.
use crate::model::{
    Binding, Commitment, Comparator, Every, Kind, Plan, PlanState, Section, Status, Version, decode,
};
use anyhow::Context;
use kernel::app::Scope;
use kernel::args;
use kernel::db::{Db, Row};
use kernel::error::{Error, Result};
use uuid::Uuid;

const PLAN_COLUMNS: &str = "p.id, p.title, p.unit_id, p.path, p.term_id, p.file_name, p.state, p.version, \
                            p.created_at, p.created_by, p.updated_at, p.published_at, p.revises";

pub(super) const COMMITMENT_COLUMNS: [&str; 29] = [
    "id",
    "plan_id",
    "section_id",
    "kind",
    "quote",
    "start_at",
    "end_at",
    "status",
    "title",
    "comparator",
    "target_scaled",
    "max_scaled",
    "unit",
    "basis",
    "times",
    "every",
    "interval_count",
    "due_on",
    "due_text",
    "binding",
    "indicator_id",
    "duty_id",
    "node_id",
    "path",
    "owner_id",
    "done_on",
    "done_note",
    "version",
    "updated_at",
];

fn commitment_columns() -> String {
    let own: Vec<String> = COMMITMENT_COLUMNS.iter().map(|c| format!("c.{c}")).collect();
    format!("{}, c.origin_id", own.join(", "))
}

fn read_plan(row: &Row) -> Result<Plan> {
    let state: String = row.at(6)?;
    Ok(Plan {
        id: row.at(0)?,
        title: row.at(1)?,
        unit: row.at(2)?,
        path: row.at(3)?,
        term: row.at(4)?,
        file_name: row.at(5)?,
        state: decode::<PlanState>(&state).with_context(|| format!("plan state {state}"))?,
        version: row.at(7)?,
        created_at: row.at(8)?,
        created_by: row.at(9)?,
        updated_at: row.at(10)?,
        published_at: row.at(11)?,
        revises: row.at(12)?,
    })
}

fn read_commitment(row: &Row) -> Result<Commitment> {
    let (kind, status): (String, String) = (row.at(3)?, row.at(7)?);
    let binding: String = row.at(19)?;
    let (indicator, duty): (Option<String>, Option<String>) = (row.at(20)?, row.at(21)?);
    Ok(Commitment {
        id: row.at(0)?,
        plan: row.at(1)?,
        section: row.at(2)?,
        kind: decode::<Kind>(&kind).with_context(|| format!("commitment kind {kind}"))?,
        quote: row.at(4)?,
        start: row.at(5)?,
        end: row.at(6)?,
        status: decode::<Status>(&status).with_context(|| format!("commitment status {status}"))?,
        title: row.at(8)?,
        comparator: row
            .at::<Option<String>>(9)?
            .and_then(|c| decode::<Comparator>(&c)),
        target_scaled: row.at(10)?,
        max_scaled: row.at(11)?,
        unit: row.at(12)?,
        growth: row.at::<Option<String>>(13)?.as_deref() == Some("growth"),
        times: row.at(14)?,
        every: row.at::<Option<String>>(15)?.and_then(|c| decode::<Every>(&c)),
        interval: row.at::<Option<i64>>(16)?.unwrap_or(1),
        due_on: row.at(17)?,
        due_text: row.at(18)?,
        binding: match (binding.as_str(), indicator, duty) {
            ("indicator", Some(id), _) => Binding::Indicator(id),
            ("duty", _, Some(id)) => Binding::Duty(id),
            ("manual", _, _) => Binding::Manual,
            _ => Binding::None,
        },
        node: row.at(22)?,
        path: row.at(23)?,
        owner: row.at(24)?,
        done_on: row.at(25)?,
        done_note: row.at(26)?,
        version: row.at(27)?,
        updated_at: row.at(28)?,
        origin: row.at(29)?,
    })
}

/// Whether the person may import, confirm and publish plans at this place of the unit tree.
pub fn may_edit(scope: &Scope, path: &str) -> bool {
    let grants = &scope.actor.grants;
    scope.actor.system
        || grants.iter().any(|g| {
            super::EDITORS.contains(&g.role.as_str())
                && path.starts_with(&g.path)
                && (g.role != people::roles::DEPARTMENT_HEAD || !path.is_empty())
        })
}

/// Published plans are for everybody; drafts and revisions only for those who may work on them.
fn visible(scope: &Scope, plan: &Plan) -> bool {
    plan.state == PlanState::Published || may_edit(scope, &plan.path)
}

/// The plans the person may see, newest first: published ones, drafts and open revisions.
pub async fn plans_of(scope: &Scope) -> Result<Vec<Plan>> {
    let sql = format!(
        "select {PLAN_COLUMNS} from plan p where p.school_id = $1 and p.state in ('draft', 'published', 'revision') \
         order by p.id desc"
    );
    let rows = scope.db().all(&sql, args![scope.school]).await?;
    let plans: Vec<Plan> = rows.iter().map(read_plan).collect::<Result<_>>()?;
    Ok(plans.into_iter().filter(|plan| visible(scope, plan)).collect())
}

/// A plan the person may see.
pub async fn plan(scope: &Scope, id: Uuid) -> Result<Plan> {
    let plan = plan_in(scope.db(), scope, id).await?;
    if visible(scope, &plan) {
        Ok(plan)
    } else {
        Err(Error::NotFound)
    }
}

/// A plan within a transaction, without asking who reads.
pub(crate) async fn plan_in(db: &Db, scope: &Scope, id: Uuid) -> Result<Plan> {
    let sql = format!("select {PLAN_COLUMNS} from plan p where p.school_id = $1 and p.id = $2");
    let row = db.opt(&sql, args![scope.school, id]).await?;
    read_plan(&row.ok_or(Error::NotFound)?)
}

/// The text of a plan. Call it after [`plan`], which decides who may read.
pub async fn body(scope: &Scope, id: Uuid) -> Result<String> {
    let sql = "select body from plan where school_id = $1 and id = $2";
    let row = scope.db().opt(sql, args![scope.school, id]).await?;
    row.ok_or(Error::NotFound)?.at(0)
}

/// The sections of a plan in reading order.
pub async fn sections(scope: &Scope, plan: Uuid) -> Result<Vec<Section>> {
    let sql = "select id, position, number, heading, level, start_at, end_at from plan_section \
               where school_id = $1 and plan_id = $2 order by position";
    let rows = scope.db().all(sql, args![scope.school, plan]).await?;
    rows.iter()
        .map(|row| {
            Ok(Section {
                id: row.at(0)?,
                position: row.at(1)?,
                number: row.at(2)?,
                heading: row.at(3)?,
                level: row.at(4)?,
                start: row.at(5)?,
                end: row.at(6)?,
            })
        })
        .collect()
}

/// All commitments of a plan in the order of its text, rejected ones included.
pub async fn commitments(scope: &Scope, plan: Uuid) -> Result<Vec<Commitment>> {
    commitments_in(scope.db(), scope, plan).await
}

/// [`commitments`] within a transaction.
pub(crate) async fn commitments_in(db: &Db, scope: &Scope, plan: Uuid) -> Result<Vec<Commitment>> {
    let sql = format!(
        "select {} from commitment c where c.school_id = $1 and c.plan_id = $2 order by c.start_at, c.end_at, c.id",
        commitment_columns()
    );
    let rows = db.all(&sql, args![scope.school, plan]).await?;
    rows.iter().map(read_commitment).collect()
}

/// The accepted commitments of all published plans: what the board, the week and the readings work on.
pub async fn published_commitments(scope: &Scope) -> Result<Vec<Commitment>> {
    let sql = format!(
        "select {} from commitment c join plan p on p.school_id = c.school_id and p.id = c.plan_id \
         where c.school_id = $1 and p.state = 'published' and c.status = 'accepted' \
         order by p.id desc, c.start_at, c.end_at, c.id",
        commitment_columns()
    );
    let rows = scope.db().all(&sql, args![scope.school]).await?;
    rows.iter().map(read_commitment).collect()
}

/// One commitment. Call [`plan`] with its plan to decide who may read.
pub async fn commitment(scope: &Scope, id: Uuid) -> Result<Commitment> {
    commitment_in(scope.db(), scope, id).await
}

/// [`commitment`] within a transaction.
pub(crate) async fn commitment_in(db: &Db, scope: &Scope, id: Uuid) -> Result<Commitment> {
    let sql = format!(
        "select {} from commitment c where c.school_id = $1 and c.id = $2",
        commitment_columns()
    );
    let row = db.opt(&sql, args![scope.school, id]).await?;
    read_commitment(&row.ok_or(Error::NotFound)?)
}

/// The published versions of a plan, newest first.
pub async fn versions(scope: &Scope, plan: Uuid) -> Result<Vec<Version>> {
    let sql = "select version, at, actor, reason from plan_version where school_id = $1 and plan_id = $2 \
               order by version desc";
    let rows = scope.db().all(sql, args![scope.school, plan]).await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                version: row.at(0)?,
                at: row.at(1)?,
                actor: row.at(2)?,
                reason: row.at(3)?,
            })
        })
        .collect()
}

/// The frozen content of one version, as JSON.
pub async fn version_content(scope: &Scope, plan: Uuid, version: i64) -> Result<serde_json::Value> {
    let sql = "select content from plan_version where school_id = $1 and plan_id = $2 and version = $3";
    let row = scope.db().opt(sql, args![scope.school, plan, version]).await?;
    let text: String = row.ok_or(Error::NotFound)?.at(0)?;
    Ok(serde_json::from_str(&text).context("content of a plan version")?)
}
