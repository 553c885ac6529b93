//! Summaries and their blocks out of rows.
use super::draft::Body;
use super::snapshot::Snapshot;
use crate::model::Plan;
use crate::store;
use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::db::{Db, Row};
use kernel::error::{Error, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What people read when the summary was settled meanwhile.
pub(super) const FINAL: &str = "这份总结已经定稿，不能再修改";

/// A summary (总结) without its blocks.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Id.
    pub id: Uuid,
    /// The plan.
    pub plan: Uuid,
    /// 标题
    pub title: String,
    /// First day of the period.
    pub from: NaiveDate,
    /// Last day of the period.
    pub to: NaiveDate,
    /// When the figures were frozen.
    pub frozen_at: DateTime<Utc>,
    /// Whether it is settled (定稿).
    pub is_final: bool,
    /// Grows by one with every write.
    pub version: i64,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

/// What a person wrote over a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The text as written; empty leaves the block out.
    pub text: String,
    /// The draft it was written over.
    pub base: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A block with its draft and what was written over it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its lasting name.
    pub anchor: String,
    /// The draft (自动稿); empty text where the newest draft has no such block.
    pub draft: Body,
    /// The hand edit.
    pub edit: Option<Edit>,
    /// Changes whenever draft or edit change: guards against overwriting.
    pub stamp: String,
}

impl Kept {
    /// The draft's own text; empty for a table.
    pub fn draft_text(&self) -> &str {
        match &self.draft {
            Body::Heading { text, .. } | Body::Text(text) => text,
            Body::Table(_) => "",
        }
    }

    /// The text in force.
    pub fn text(&self) -> &str {
        self.edit.as_ref().map_or(self.draft_text(), |e| e.text.as_str())
    }

    /// Whether the draft changed since the hand edit was written (原稿已变).
    pub fn overtaken(&self) -> bool {
        self.edit.as_ref().is_some_and(|e| e.base != self.draft_text())
    }
}

const COLUMNS: &str = "id, plan_id, title, from_on, to_on, frozen_at, state, version, updated_at";

fn read(row: &Row) -> Result<Summary> {
    Ok(Summary {
        id: row.at(0)?,
        plan: row.at(1)?,
        title: row.at(2)?,
        from: row.at(3)?,
        to: row.at(4)?,
        frozen_at: row.at(5)?,
        is_final: row.at::<String>(6)? == "final",
        version: row.at(7)?,
        updated_at: row.at(8)?,
    })
}

fn read_block(row: &Row) -> Result<Kept> {
    let (draft, edited): (String, Option<String>) = (row.at(1)?, row.at(2)?);
    let stamp = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{draft}\0{edited:?}").as_bytes());
    Ok(Kept {
        anchor: row.at(0)?,
        draft: serde_json::from_str(&draft).context("draft of a summary")?,
        edit: edited
            .map(|text| serde_json::from_str(&text).context("edit of a summary"))
            .transpose()?,
        stamp: stamp.simple().to_string(),
    })
}

/// The summaries of all plans the person may see, newest first.
pub async fn list(scope: &Scope) -> Result<Vec<(Summary, Plan)>> {
    let sql = format!("select {COLUMNS} from summary where school_id = $1 order by id desc");
    let plans = store::plans_of(scope).await?;
    let rows = scope.db().all(&sql, args![scope.school]).await?;
    let mut found = vec![];
    for row in &rows {
        let summary = read(row)?;
        if let Some(plan) = plans.iter().find(|p| p.id == summary.plan) {
            found.push((summary, plan.clone()));
        }
    }
    Ok(found)
}

/// A summary whose plan the person may see.
pub async fn get(scope: &Scope, id: Uuid) -> Result<(Summary, Plan)> {
    let summary = in_db(scope.db(), scope, id).await?;
    let plan = store::plan(scope, summary.plan).await?;
    Ok((summary, plan))
}

/// [`get`] for whoever wants to write.
pub async fn editable(scope: &Scope, id: Uuid) -> Result<(Summary, Plan)> {
    let (summary, plan) = get(scope, id).await?;
    may_write(scope, &plan)?;
    if summary.is_final {
        return Err(Error::Conflict(FINAL.into()));
    }
    Ok((summary, plan))
}

pub(super) fn may_write(scope: &Scope, plan: &Plan) -> Result<()> {
    if store::may_edit(scope, &plan.path) {
        Ok(())
    } else {
        Err(Error::Forbidden(
            "只有学校或本部门的计划负责人可以编写这份计划的总结".into(),
        ))
    }
}

pub(super) async fn in_db(db: &Db, scope: &Scope, id: Uuid) -> Result<Summary> {
    let sql = format!("select {COLUMNS} from summary where school_id = $1 and id = $2");
    let row = db.opt(&sql, args![scope.school, id]).await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// The blocks in the order of the document.
pub async fn blocks(scope: &Scope, id: Uuid) -> Result<Vec<Kept>> {
    blocks_in(scope.db(), scope, id).await
}

pub(super) async fn blocks_in(db: &Db, scope: &Scope, id: Uuid) -> Result<Vec<Kept>> {
    let sql = "select anchor, draft, edited from summary_block where school_id = $1 and summary_id = $2 \
               order by position";
    let rows = db.all(sql, args![scope.school, id]).await?;
    rows.iter().map(read_block).collect()
}

/// One block.
pub async fn block(scope: &Scope, id: Uuid, anchor: &str) -> Result<Kept> {
    block_in(scope.db(), scope, id, anchor).await
}

pub(super) async fn block_in(db: &Db, scope: &Scope, id: Uuid, anchor: &str) -> Result<Kept> {
    let sql = "select anchor, draft, edited from summary_block where school_id = $1 and summary_id = $2 and anchor = $3";
    let row = db.opt(sql, args![scope.school, id, anchor]).await?;
    read_block(&row.ok_or(Error::NotFound)?)
}

/// The figures the draft was made from.
pub async fn snapshot(scope: &Scope, id: Uuid) -> Result<Snapshot> {
    let sql = "select snapshot from summary where school_id = $1 and id = $2";
    let row = scope.db().opt(sql, args![scope.school, id]).await?;
    let text: String = row.ok_or(Error::NotFound)?.at(0)?;
    Ok(serde_json::from_str(&text).context("snapshot of a summary")?)
}
