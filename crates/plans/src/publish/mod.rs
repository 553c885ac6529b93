//! Publishing (发布与修订): a draft becomes version 1; later changes are made on a working copy and become the next
//! version, with the reason.
pub mod check;
pub mod content;
mod pages;

use crate::model::{Commitment, Plan, PlanState, Status};
use crate::store::{self, EDITORS};
use crate::wizard::Names;
use check::Obstacle;
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result};
use kernel::http::{Gate, Routes};
use kernel::journal;
use kernel::register::field::ChoiceList;
use serde_json::json;
use uuid::Uuid;

/// Routes of publishing, revisions and versions.
pub fn routes() -> Routes {
    let editors = Gate::Roles(EDITORS);
    Routes::new()
        .post("/plans/{id}/publish", editors, pages::publish)
        .post("/plans/{id}/revise", editors, pages::revise)
        .post("/plans/{id}/drop", editors, pages::drop_revision)
        .get("/plans/{id}/versions", Gate::Login, pages::versions)
}

/// How an attempt to publish ended.
#[derive(Debug)]
pub enum Outcome {
    /// Not published: this has to be settled first.
    Blocked(Vec<Obstacle>),
    /// The plan in force and its new version.
    Published { plan: Uuid, version: i64 },
}

/// Why the first version was published.
const FIRST: &str = "首次发布";

/// Publishes a draft, or a revision over the plan it revises.
///
/// # Errors
/// [`Error::Invalid`] with the field `reason` when a revision gives none, [`Error::Conflict`] when the plan is no
/// longer open.
pub async fn publish(scope: &Scope, plan: &Plan, reason: &str) -> Result<Outcome> {
    let reason = reason.trim();
    if plan.state == PlanState::Revision && reason.is_empty() {
        return Err(Error::invalid("reason", "修订须写明理由，理由随新版本一起公布"));
    }
    let tx = scope.db().begin().await?;
    // First the row of the plan: from here on nobody else changes its commitments.
    close(&tx, scope, plan).await?;
    let commitments = store::commitments_in(&tx, scope, plan.id).await?;
    let obstacles = check::obstacles(&commitments);
    if !obstacles.is_empty() {
        return Ok(Outcome::Blocked(obstacles));
    }
    let (id, reason) = match plan.revises {
        None => (plan.id, if reason.is_empty() { FIRST } else { reason }),
        Some(original) => {
            merge(&tx, scope, plan, original, &commitments, reason).await?;
            (original, reason)
        }
    };
    let version = seal(&tx, scope, id, reason).await?;
    tx.commit().await?;
    Ok(Outcome::Published { plan: id, version })
}

/// Takes an open plan out of work: published, or merged into the plan it revises.
async fn close(tx: &Db, scope: &Scope, plan: &Plan) -> Result<()> {
    let closed = match plan.state {
        PlanState::Draft => PlanState::Published,
        PlanState::Revision => PlanState::Merged,
        _ => return Err(store::closed()),
    };
    move_to(tx, scope, plan, closed).await
}

async fn move_to(tx: &Db, scope: &Scope, plan: &Plan, to: PlanState) -> Result<()> {
    let sql = "update plan set state = $3, updated_at = $4 where school_id = $1 and id = $2 and state = $5";
    let args = args![scope.school, plan.id, to.code(), scope.now(), plan.state.code()];
    match tx.run(sql, args).await? {
        1 => Ok(()),
        _ => Err(store::closed()),
    }
}

/// Brings the changes of a revision into the plan: changed commitments are written over, new ones added.
async fn merge(
    tx: &Db,
    scope: &Scope,
    revision: &Plan,
    original: Uuid,
    commitments: &[Commitment],
    reason: &str,
) -> Result<()> {
    let plan = store::plan_in(tx, scope, original).await?;
    if plan.version != revision.version {
        return Err(Error::Conflict(
            "原计划已有更新的版本，请放弃这份修订稿后重新修订".into(),
        ));
    }
    store::save_head(
        tx,
        scope,
        &Plan {
            title: revision.title.clone(),
            unit: revision.unit,
            path: revision.path.clone(),
            term: revision.term,
            ..plan
        },
    )
    .await?;
    let mut added = vec![];
    for c in commitments {
        let Some(origin) = c.origin else {
            if c.status == Status::Accepted {
                added.push(Commitment {
                    id: Uuid::now_v7(),
                    plan: original,
                    version: 1,
                    ..c.clone()
                });
            }
            continue;
        };
        let old = store::commitment_in(tx, scope, origin).await?;
        let new = Commitment {
            id: old.id,
            plan: old.plan,
            done_on: old.done_on,
            done_note: old.done_note.clone(),
            version: old.version,
            updated_at: old.updated_at,
            origin: old.origin,
            ..c.clone()
        };
        if new != old {
            store::save_in(tx, scope, &old, &new, "修订", Some(reason)).await?;
        }
    }
    store::add_in(tx, scope, &added, "修订新增", Some(reason)).await
}

/// Freezes the plan as it now stands as its next version.
async fn seal(tx: &Db, scope: &Scope, id: Uuid, reason: &str) -> Result<i64> {
    let plan = store::plan_in(tx, scope, id).await?;
    let version = plan.version + 1;
    let now = scope.now();
    let commitments = store::commitments_in(tx, scope, id).await?;
    let names = Names::load(scope, &commitments).await?;
    let term = kernel::term::load(scope).await?;
    let term = term.term(plan.term).map(|t| t.name()).unwrap_or_default();
    let content = content::freeze(&plan, &term, &commitments, &names);
    tx.run(
        "update plan set version = $3, published_at = $4, updated_at = $4 where school_id = $1 and id = $2",
        args![scope.school, id, version, now],
    )
    .await?;
    tx.run(
        "insert into plan_version (school_id, plan_id, version, at, actor, reason, content) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            scope.school,
            id,
            version,
            now,
            scope.actor.name.as_str(),
            reason,
            content.to_string()
        ],
    )
    .await?;
    let accepted = commitments
        .iter()
        .filter(|c| c.status == Status::Accepted)
        .count();
    let after = json!({ "title": plan.title, "version": version, "commitments": accepted });
    let entry = store::plan_entry(&Plan { version, ..plan }, "发布", after, Some(reason));
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, "plan").await?;
    Ok(version)
}

/// Starts a revision: a working copy of a published plan, which stays in force. There is one at a time.
pub async fn start_revision(scope: &Scope, plan: &Plan) -> Result<Uuid> {
    let tx = scope.db().begin().await?;
    let now = scope.now();
    // Locks the row, so that two people at once start one revision.
    let sql =
        "update plan set updated_at = updated_at where school_id = $1 and id = $2 and state = 'published'";
    if tx.run(sql, args![scope.school, plan.id]).await? != 1 {
        return Err(Error::Conflict("只有已发布的计划才能修订".into()));
    }
    let sql = "select id from plan where school_id = $1 and revises = $2 and state = 'revision'";
    if let Some(row) = tx.opt(sql, args![scope.school, plan.id]).await? {
        return row.at(0);
    }
    let revision = Plan {
        id: Uuid::now_v7(),
        state: PlanState::Revision,
        created_at: now,
        created_by: scope.actor.account,
        updated_at: now,
        revises: Some(plan.id),
        ..store::plan_in(&tx, scope, plan.id).await?
    };
    let copies: Vec<Commitment> = store::commitments_in(&tx, scope, plan.id)
        .await?
        .into_iter()
        .map(|c| Commitment {
            id: Uuid::now_v7(),
            plan: revision.id,
            origin: Some(c.id),
            version: 1,
            ..c
        })
        .collect();
    store::insert_plan(&tx, scope, &revision, "").await?;
    store::insert_commitments(&tx, scope, &copies).await?;
    let after = json!({ "title": revision.title, "revises": plan.id, "version": plan.version });
    journal::write(
        &tx,
        scope,
        vec![store::plan_entry(&revision, "开始修订", after, None)],
    )
    .await?;
    journal::touch(&tx, scope.school, "plan").await?;
    tx.commit().await?;
    Ok(revision.id)
}

/// Gives a revision up; its rows stay as they are and count for nothing.
pub async fn abandon(scope: &Scope, revision: &Plan) -> Result<Uuid> {
    let original = revision
        .revises
        .filter(|_| revision.state == PlanState::Revision)
        .ok_or_else(|| Error::Conflict("这不是一份修订稿".into()))?;
    let tx = scope.db().begin().await?;
    move_to(&tx, scope, revision, PlanState::Dropped).await?;
    let after = json!({ "title": revision.title, "revises": original });
    journal::write(
        &tx,
        scope,
        vec![store::plan_entry(revision, "放弃修订", after, None)],
    )
    .await?;
    journal::touch(&tx, scope.school, "plan").await?;
    tx.commit().await?;
    Ok(original)
}
