//! Writing summaries. A block keeps the draft as it was made and, apart from it, what people wrote over it.
use super::draft::{self, Block, Body};
use super::freeze::freeze;
use super::read::{Edit, FINAL, Kept, Summary, block_in, blocks_in, editable, in_db, may_write};
use crate::model::{Plan, PlanState};
use anyhow::Context;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result};
use kernel::journal::{self, Entry};
use kernel::value::Value;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// What people read when somebody else was faster.
const OVERTAKEN: &str = "这一段刚被别人改过，您的文字还没有保存；请对照下面现在的文字合并后再保存";
/// Longest text of one block, in characters.
const LONGEST_TEXT: usize = 20_000;

/// What is wrong with a period, if anything.
fn check_period(scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<()> {
    if to > scope.today() {
        Err(Error::invalid("to", "结束日期不能晚于今天"))
    } else if from > to {
        Err(Error::invalid("from", "开始日期不能晚于结束日期"))
    } else {
        Ok(())
    }
}

/// Freezes the figures and writes the draft. Sending the same id again writes nothing.
pub async fn create(
    scope: &Scope,
    id: Uuid,
    plan: &Plan,
    title: Option<&str>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<()> {
    may_write(scope, plan)?;
    if plan.state != PlanState::Published {
        return Err(Error::invalid("plan", "请选择已发布的计划"));
    }
    check_period(scope, from, to)?;
    let snapshot = freeze(scope, plan, from, to).await?;
    let drafted = draft::blocks(&snapshot);
    let now = scope.now();
    let mut own = None;
    let mut name = first_heading(&drafted).to_owned();
    if let Some(title) = title.map(str::trim).filter(|t| !t.is_empty() && *t != name) {
        own = Some(Edit {
            text: title.into(),
            base: name,
            by: scope.actor.name.clone(),
            at: now,
        });
        name = title.into();
    }
    let tx = scope.db().begin().await?;
    let sql = "select id from summary where school_id = $1 and id = $2";
    if tx.opt(sql, args![scope.school, id]).await?.is_some() {
        return Ok(());
    }
    tx.run(
        "insert into summary (school_id, id, plan_id, title, from_on, to_on, frozen_at, snapshot, state, version, \
         created_by, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', 1, $9, $10)",
        args![
            scope.school,
            id,
            plan.id,
            name.as_str(),
            from,
            to,
            now,
            to_json(&snapshot)?,
            scope.actor.account,
            now
        ],
    )
    .await?;
    let kept: Vec<(Block, Option<Edit>)> = drafted
        .into_iter()
        .map(|block| {
            let edit = own.take_if(|_| block.anchor == "title");
            (block, edit)
        })
        .collect();
    insert(&tx, scope, id, &kept).await?;
    let after = json!({ "标题": name, "计划": plan.title, "期间": format!("{from} 至 {to}") });
    record(&tx, scope, id, 1, "新建", None, after).await?;
    tx.commit().await
}

fn first_heading(blocks: &[Block]) -> &str {
    match blocks.first().map(|b| &b.body) {
        Some(Body::Heading { text, .. }) => text,
        _ => "工作总结",
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String> {
    Ok(serde_json::to_string(value).context("json of a summary")?)
}

async fn insert(tx: &Db, scope: &Scope, id: Uuid, kept: &[(Block, Option<Edit>)]) -> Result<()> {
    let mut rows: Vec<Vec<Value>> = vec![];
    for (position, (block, edit)) in kept.iter().enumerate() {
        let edited = edit.as_ref().map(to_json).transpose()?;
        let anchor = block.anchor.as_str();
        let row = args![
            scope.school,
            id,
            position as i64,
            anchor,
            to_json(&block.body)?,
            edited
        ];
        rows.push(row.to_vec());
    }
    let columns = ["school_id", "summary_id", "position", "anchor", "draft", "edited"];
    tx.insert_many("summary_block", &columns, &rows).await
}

async fn record(
    tx: &Db,
    scope: &Scope,
    id: Uuid,
    version: i64,
    action: &str,
    before: Option<serde_json::Value>,
    after: serde_json::Value,
) -> Result<()> {
    let entry = Entry {
        register: "summary".into(),
        record: id,
        version,
        action: action.into(),
        before: before.map(|b| b.to_string()),
        after: Some(after.to_string()),
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, "summary").await
}

/// Takes the next version of a summary that is not settled yet, and with it the right to write in this transaction.
async fn step(tx: &Db, scope: &Scope, id: Uuid) -> Result<Summary> {
    let sql = "update summary set version = version + 1, updated_at = $3 \
               where school_id = $1 and id = $2 and state = 'draft'";
    if tx.run(sql, args![scope.school, id, scope.now()]).await? != 1 {
        return Err(Error::Conflict(FINAL.into()));
    }
    in_db(tx, scope, id).await
}

/// What is done to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The text is replaced by this one (修改); the draft's own text again is no edit.
    Write(String),
    /// The draft comes back (还原为自动稿, 采用新稿).
    Revert,
    /// The edit stays though the draft changed (保留我的文字).
    Keep,
}

/// Changes a block as the person saw it under `stamp`.
pub async fn change(scope: &Scope, id: Uuid, anchor: &str, stamp: &str, change: Change) -> Result<()> {
    editable(scope, id).await?;
    let tx = scope.db().begin().await?;
    let summary = step(&tx, scope, id).await?;
    let old = block_in(&tx, scope, id, anchor).await?;
    if old.stamp != stamp {
        return Err(Error::Conflict(OVERTAKEN.into()));
    }
    if matches!(old.draft, Body::Table(_)) {
        return Err(Error::Bad("表格由台账数字生成，不能直接修改".into()));
    }
    let edit = |text: String| Edit {
        text,
        base: old.draft_text().to_owned(),
        by: scope.actor.name.clone(),
        at: scope.now(),
    };
    let (action, new) = match change {
        Change::Write(text) => ("修改", Some(edit(tidy(&old, &text)?))),
        Change::Keep => ("保留修改", old.edit.as_ref().map(|e| edit(e.text.clone()))),
        Change::Revert if old.overtaken() => ("采用新稿", None),
        Change::Revert => ("还原自动稿", None),
    };
    let new = new.filter(|e| e.text != old.draft_text());
    let gone = new.is_none() && old.draft_text().is_empty();
    if gone {
        let sql = "delete from summary_block where school_id = $1 and summary_id = $2 and anchor = $3";
        tx.run(sql, args![scope.school, id, anchor]).await?;
    } else {
        let sql =
            "update summary_block set edited = $4 where school_id = $1 and summary_id = $2 and anchor = $3";
        let edited = new.as_ref().map(to_json).transpose()?;
        tx.run(sql, args![scope.school, id, anchor, edited]).await?;
    }
    let text = new.as_ref().map_or(old.draft_text(), |e| e.text.as_str());
    if anchor == "title" {
        let sql = "update summary set title = $3 where school_id = $1 and id = $2";
        tx.run(sql, args![scope.school, id, text]).await?;
    }
    let before = json!({ "段落": anchor, "文字": old.text() });
    let after = json!({ "段落": anchor, "文字": text });
    record(&tx, scope, id, summary.version, action, Some(before), after).await?;
    tx.commit().await
}

/// A typed text without stray spaces and with its addresses; headings are one line, the title is never empty.
fn tidy(old: &Kept, typed: &str) -> Result<String> {
    let lines: Vec<&str> = typed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let text = match old.draft {
        Body::Heading { .. } => lines.concat(),
        _ => lines.join("\n"),
    };
    if old.anchor == "title" && text.is_empty() {
        return Err(Error::invalid("text", "标题不能为空"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Error::invalid(
            "text",
            format!("一段最多 {LONGEST_TEXT} 字，请分段"),
        ));
    }
    Ok(super::markup::restore(&text, old.text()))
}

/// Freezes the figures anew and replaces the drafts; hand edits stay, also those whose draft is gone.
pub async fn regenerate(
    scope: &Scope,
    id: Uuid,
    version: i64,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<()> {
    let (_, plan) = editable(scope, id).await?;
    check_period(scope, from, to)?;
    let snapshot = freeze(scope, &plan, from, to).await?;
    let drafted = draft::blocks(&snapshot);
    let tx = scope.db().begin().await?;
    let summary = guarded(&tx, scope, id, version).await?;
    let old = blocks_in(&tx, scope, id).await?;
    let merged = merge(drafted, &old);
    let name = match merged.first() {
        Some((_, Some(edit))) => edit.text.clone(),
        Some((block, None)) => first_heading(std::slice::from_ref(block)).to_owned(),
        None => summary.title.clone(),
    };
    let sql = "delete from summary_block where school_id = $1 and summary_id = $2";
    tx.run(sql, args![scope.school, id]).await?;
    insert(&tx, scope, id, &merged).await?;
    tx.run(
        "update summary set from_on = $3, to_on = $4, frozen_at = $5, snapshot = $6, title = $7 \
         where school_id = $1 and id = $2",
        args![
            scope.school,
            id,
            from,
            to,
            scope.now(),
            to_json(&snapshot)?,
            name.as_str()
        ],
    )
    .await?;
    let kept = merged.iter().filter(|(_, edit)| edit.is_some()).count();
    let after = json!({ "期间": format!("{from} 至 {to}"), "保留的修改": kept });
    let before = json!({ "期间": format!("{} 至 {}", summary.from, summary.to) });
    record(&tx, scope, id, summary.version, "重新生成", Some(before), after).await?;
    tx.commit().await
}

/// New drafts with the edits of old blocks; an edited block that the new draft lacks stays behind its old neighbour.
pub fn merge(drafted: Vec<Block>, old: &[Kept]) -> Vec<(Block, Option<Edit>)> {
    let edit_of = |anchor: &str| {
        old.iter()
            .find(|k| k.anchor == anchor)
            .and_then(|k| k.edit.clone())
    };
    let mut merged: Vec<(Block, Option<Edit>)> = drafted
        .into_iter()
        .map(|block| {
            let edit = edit_of(&block.anchor);
            (block, edit)
        })
        .collect();
    for (at, kept) in old.iter().enumerate() {
        let present = merged.iter().any(|(b, _)| b.anchor == kept.anchor);
        let Some(edit) = kept.edit.clone().filter(|_| !present) else {
            continue;
        };
        let body = match &kept.draft {
            Body::Heading { level, .. } => Body::Heading {
                level: *level,
                text: String::new(),
            },
            _ => Body::Text(String::new()),
        };
        let neighbour = old[..at]
            .iter()
            .rev()
            .find_map(|before| merged.iter().position(|(b, _)| b.anchor == before.anchor));
        let block = Block {
            anchor: kept.anchor.clone(),
            body,
        };
        merged.insert(neighbour.map_or(merged.len(), |n| n + 1), (block, Some(edit)));
    }
    merged
}

/// [`step`] for whoever saw `version`.
async fn guarded(tx: &Db, scope: &Scope, id: Uuid, version: i64) -> Result<Summary> {
    let summary = step(tx, scope, id).await?;
    if summary.version == version + 1 {
        Ok(summary)
    } else {
        Err(Error::Conflict(
            "这份总结刚被别人改过，没有执行；请刷新后看过再做".into(),
        ))
    }
}

/// Settles the summary (定稿): nothing in it changes any more.
pub async fn finalise(scope: &Scope, id: Uuid, version: i64) -> Result<()> {
    editable(scope, id).await?;
    let tx = scope.db().begin().await?;
    let summary = guarded(&tx, scope, id, version).await?;
    let sql = "update summary set state = 'final' where school_id = $1 and id = $2";
    tx.run(sql, args![scope.school, id]).await?;
    let after = json!({ "标题": summary.title });
    record(&tx, scope, id, summary.version, "定稿", None, after).await?;
    tx.commit().await
}
