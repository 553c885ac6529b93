//! Changes of a draft by hand, and taking them back.
use super::{Costs, Draft, STALE, State, get, json, note, parsed};
use crate::model::Placed;
use chrono::{DateTime, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result};
use uuid::Uuid;

/// A change by hand.
pub struct Hand<'a> {
    /// The version the person saw.
    pub version: i64,
    /// What was done, in words.
    pub said: &'a str,
    /// The places after it.
    pub places: Vec<Placed>,
    /// What they cost.
    pub costs: Costs,
}

/// Keeps a change by hand and what stood before, so that it can be undone.
pub async fn change(scope: &Scope, id: Uuid, hand: Hand<'_>) -> Result<()> {
    let tx = scope.db().begin().await?;
    let old = get(&tx, scope, id).await?;
    if old.version != hand.version || old.state == State::Running {
        return Err(Error::Conflict(STALE.into()));
    }
    let sql = "select coalesce(max(number), 0) from timetable_move where school_id = $1 and draft_id = $2";
    let last: i64 = tx.one(sql, args![scope.school, id]).await?.at(0)?;
    tx.run(
        "insert into timetable_move (school_id, id, draft_id, number, at, actor, said, before, undone) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            scope.school,
            Uuid::now_v7(),
            id,
            last + 1,
            scope.now(),
            scope.actor.name.as_str(),
            hand.said,
            json(&old.places)?,
            false
        ],
    )
    .await?;
    put(&tx, scope, &old, &hand.places, &hand.costs).await?;
    note(
        &tx,
        scope,
        id,
        old.version + 1,
        "调整",
        None,
        Some(hand.said.to_owned()),
    )
    .await?;
    tx.commit().await
}

async fn put(tx: &Db, scope: &Scope, old: &Draft, places: &[Placed], costs: &Costs) -> Result<()> {
    tx.run(
        "update timetable_draft set places = $3, costs = $4, version = $5, updated_at = $6 \
         where school_id = $1 and id = $2",
        args![
            scope.school,
            old.id,
            json(&places)?,
            json(costs)?,
            old.version + 1,
            scope.now()
        ],
    )
    .await?;
    Ok(())
}

/// One change by hand.
#[derive(Clone, Debug)]
pub struct Move {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What, in words.
    pub said: String,
    /// Whether it was taken back.
    pub undone: bool,
}

/// The last changes by hand, newest first.
pub async fn moves(scope: &Scope, id: Uuid) -> Result<Vec<Move>> {
    let sql = "select id, at, actor, said, undone from timetable_move where school_id = $1 and draft_id = $2 \
               order by number desc limit 30";
    let rows = scope.db().all(sql, args![scope.school, id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Move {
                id: row.at(0)?,
                at: row.at(1)?,
                actor: row.at(2)?,
                said: row.at(3)?,
                undone: row.at(4)?,
            })
        })
        .collect()
}

/// A change to be taken back or made again.
#[derive(Clone, Debug)]
pub struct Step {
    /// The change.
    pub id: Uuid,
    /// What it was, in words.
    pub said: String,
    /// The places to go to.
    pub places: Vec<Placed>,
}

async fn step(scope: &Scope, id: Uuid, sql: &str) -> Result<Option<Step>> {
    let row = scope.db().opt(sql, args![scope.school, id]).await?;
    row.map(|row| {
        Ok(Step {
            id: row.at(0)?,
            said: row.at(1)?,
            places: parsed(&row.at::<String>(2)?)?,
        })
    })
    .transpose()
}

/// The last change that was not taken back, with what stood before it.
pub async fn last_move(scope: &Scope, id: Uuid) -> Result<Option<Step>> {
    let sql = "select id, said, before from timetable_move where school_id = $1 and draft_id = $2 and not undone \
               order by number desc limit 1";
    step(scope, id, sql).await
}

/// The change that was taken back last and may be made again: nothing was changed since.
pub async fn next_move(scope: &Scope, id: Uuid) -> Result<Option<Step>> {
    let sql = "select m.id, m.said, m.undone_places from timetable_move m \
               where m.school_id = $1 and m.draft_id = $2 and m.undone and m.undone_places is not null \
               and not exists (select 1 from timetable_move o where o.school_id = m.school_id \
               and o.draft_id = m.draft_id and not o.undone and o.number > m.number) \
               order by m.number limit 1";
    step(scope, id, sql).await
}

/// Takes back the last change.
pub async fn undo(scope: &Scope, draft: &Draft, step: &Step, costs: &Costs) -> Result<()> {
    turn(scope, draft, step, costs, true).await
}

/// Makes the change again that was taken back last.
pub async fn redo(scope: &Scope, draft: &Draft, step: &Step, costs: &Costs) -> Result<()> {
    turn(scope, draft, step, costs, false).await
}

async fn turn(scope: &Scope, draft: &Draft, step: &Step, costs: &Costs, undone: bool) -> Result<()> {
    let tx = scope.db().begin().await?;
    let old = get(&tx, scope, draft.id).await?;
    if old.version != draft.version || old.state == State::Running {
        return Err(Error::Conflict(STALE.into()));
    }
    let kept = undone.then(|| json(&old.places)).transpose()?;
    let sql = "update timetable_move set undone = $3, undone_places = $5 \
               where school_id = $1 and id = $2 and undone = $4";
    if tx
        .run(sql, args![scope.school, step.id, undone, !undone, kept])
        .await?
        != 1
    {
        return Err(Error::Conflict(STALE.into()));
    }
    put(&tx, scope, &old, &step.places, costs).await?;
    let (action, before, after) = match undone {
        true => ("撤销", Some(step.said.clone()), None),
        false => ("重做", None, Some(step.said.clone())),
    };
    note(&tx, scope, draft.id, old.version + 1, action, before, after).await?;
    tx.commit().await
}
