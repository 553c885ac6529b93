//! Drafts of a timetable (排课方案): places, locks, costs, the history of moves by hand.
mod hand;

use crate::model::Placed;
use chrono::{DateTime, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::db::{Db, Row};
use kernel::error::{Error, Result};
use kernel::journal::{self, Entry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use timetable::school::{Report, Timetable};
use uuid::Uuid;

pub use hand::{Hand, Move, Step, change, last_move, moves, next_move, redo, undo};

/// A block: its offering and which of its blocks.
pub type Block = (Uuid, usize);

/// What a constraint costs in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// The constraint's name.
    pub label: String,
    /// Whether it is 必须.
    pub hard: bool,
    /// How often it is broken.
    pub count: usize,
    /// What that costs.
    pub cost: i64,
}

/// What a draft costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Hard cost; 0 means it can be published.
    pub hard: i64,
    /// Soft cost.
    pub soft: i64,
    /// Blocks without a place.
    pub unplaced: usize,
    /// By constraint.
    pub lines: Vec<CostLine>,
    /// Why there is no usable timetable, in words.
    pub conflicts: Vec<String>,
}

impl Costs {
    /// From a timetable and the core's report of it.
    pub fn of(report: &Report, timetable: &Timetable) -> Costs {
        let places = timetable.places.iter().flatten();
        let unplaced = places.filter(|place| place.is_none()).count();
        let mut lines: BTreeMap<(bool, &str), (usize, i64)> = BTreeMap::new();
        for finding in &report.findings {
            let line = lines.entry((!finding.hard, finding.label)).or_default();
            line.0 += 1;
            line.1 += finding.cost;
        }
        let lines = lines.into_iter().map(|((soft, label), (count, cost))| CostLine {
            label: label.to_owned(),
            hard: !soft,
            count,
            cost,
        });
        Costs {
            hard: report.hard,
            soft: report.soft,
            unplaced,
            lines: lines.collect(),
            conflicts: vec![],
        }
    }
}

/// Where a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Being searched.
    Running,
    /// To be looked at.
    Ready,
    /// The search could not begin.
    Failed,
    /// The program stopped while it was searched.
    Interrupted,
}

impl State {
    /// As the table keeps it.
    pub fn code(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Ready => "ready",
            State::Failed => "failed",
            State::Interrupted => "interrupted",
        }
    }

    fn of(code: &str) -> State {
        match code {
            "running" => State::Running,
            "ready" => State::Ready,
            "interrupted" => State::Interrupted,
            _ => State::Failed,
        }
    }
}

/// A draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Its term.
    pub term: Uuid,
    /// 方案一
    pub title: String,
    /// Where it is.
    pub state: State,
    /// Where the blocks are.
    pub places: Vec<Placed>,
    /// Blocks that stay where they are.
    pub locks: Vec<Block>,
    /// What it costs.
    pub costs: Costs,
    /// What the last search said.
    pub message: String,
    /// Seconds the search may take.
    pub seconds: i64,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str =
    "id, term_id, title, state, places, locks, costs, message, seconds, version, created_at, published_at";

fn json<T: Serialize>(value: &T) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(anyhow::Error::from)?)
}

fn parsed<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T> {
    Ok(serde_json::from_str(text).map_err(anyhow::Error::from)?)
}

fn read(row: &Row) -> Result<Draft> {
    Ok(Draft {
        id: row.at(0)?,
        term: row.at(1)?,
        title: row.at(2)?,
        state: State::of(&row.at::<String>(3)?),
        places: parsed(&row.at::<String>(4)?)?,
        locks: parsed(&row.at::<String>(5)?)?,
        costs: parsed(&row.at::<String>(6)?)?,
        message: row.at(7)?,
        seconds: row.at(8)?,
        version: row.at(9)?,
        created_at: row.at(10)?,
        published_at: row.at(11)?,
    })
}

/// A draft.
pub async fn get(db: &Db, scope: &Scope, id: Uuid) -> Result<Draft> {
    let sql = format!("select {COLUMNS} from timetable_draft where school_id = $1 and id = $2");
    let row = db
        .opt(&sql, args![scope.school, id])
        .await?
        .ok_or(Error::NotFound)?;
    read(&row)
}

/// The drafts of a term, newest first.
pub async fn all(scope: &Scope, term: Uuid) -> Result<Vec<Draft>> {
    let sql = format!(
        "select {COLUMNS} from timetable_draft where school_id = $1 and term_id = $2 order by created_at desc, id desc"
    );
    scope
        .db()
        .all(&sql, args![scope.school, term])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// What a new draft begins with.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Its title; numbered when empty.
    pub title: String,
    /// Places.
    pub places: Vec<Placed>,
    /// Locks.
    pub locks: Vec<Block>,
    /// Whether a search fills it.
    pub running: bool,
    /// Seconds the search may take.
    pub seconds: i64,
    /// Its costs.
    pub costs: Costs,
}

/// Makes a draft.
pub async fn create(scope: &Scope, term: Uuid, new: New) -> Result<Uuid> {
    create_as(scope, Uuid::now_v7(), term, new).await
}

/// [`create`] with an id made before.
pub async fn create_as(scope: &Scope, id: Uuid, term: Uuid, new: New) -> Result<Uuid> {
    let tx = scope.db().begin().await?;
    let sql = "select count(*) from timetable_draft where school_id = $1 and term_id = $2";
    let count: i64 = tx.one(sql, args![scope.school, term]).await?.at(0)?;
    let title = match new.title.trim() {
        "" => format!("方案{}", count + 1),
        title => title.to_owned(),
    };
    let state = if new.running { State::Running } else { State::Ready };
    let now = scope.now();
    tx.run(
        "insert into timetable_draft (school_id, id, term_id, title, state, places, locks, costs, message, seconds, \
         version, created_at, created_by, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, 1, $10, $11, $10)",
        args![
            scope.school,
            id,
            term,
            title.as_str(),
            state.code(),
            json(&new.places)?,
            json(&new.locks)?,
            json(&new.costs)?,
            new.seconds,
            now,
            scope.actor.account
        ],
    )
    .await?;
    let action = if new.running {
        "开始排课"
    } else {
        "新建方案"
    };
    note(&tx, scope, id, 1, action, None, Some(title)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Writes a change of a draft into the journal.
pub async fn note(
    tx: &Db,
    scope: &Scope,
    id: Uuid,
    version: i64,
    action: &str,
    before: Option<String>,
    after: Option<String>,
) -> Result<()> {
    let worded = |text: Option<String>| text.map(|text| serde_json::json!({ "内容": text }).to_string());
    let entry = Entry {
        register: "timetable".into(),
        record: id,
        version,
        action: action.into(),
        before: worded(before),
        after: worded(after),
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, "timetable").await
}

/// The end of a search.
pub async fn finish(
    scope: &Scope,
    id: Uuid,
    state: State,
    found: Option<(Vec<Placed>, Costs)>,
    message: &str,
) -> Result<()> {
    let tx = scope.db().begin().await?;
    let old = get(&tx, scope, id).await?;
    let (places, costs) = found.unwrap_or((old.places, old.costs));
    tx.run(
        "update timetable_draft set state = $3, places = $4, costs = $5, message = $6, version = $7, updated_at = $8 \
         where school_id = $1 and id = $2",
        args![
            scope.school,
            id,
            state.code(),
            json(&places)?,
            json(&costs)?,
            message,
            old.version + 1,
            scope.now()
        ],
    )
    .await?;
    note(
        &tx,
        scope,
        id,
        old.version + 1,
        "排课结束",
        None,
        Some(message.to_owned()),
    )
    .await?;
    tx.commit().await
}

/// A draft that says it runs while nothing runs it was cut off by a stop of the program.
pub async fn interrupt(scope: &Scope, id: Uuid) -> Result<()> {
    finish(
        scope,
        id,
        State::Interrupted,
        None,
        "程序在排课途中停止，没有得到新的结果；可以重新运行",
    )
    .await
}

const STALE: &str = "这个方案刚被别人改过，您的改动没有保存；请刷新后再看";

/// Sets the locks.
pub async fn lock(scope: &Scope, draft: &Draft, locks: &[Block], said: &str) -> Result<()> {
    let tx = scope.db().begin().await?;
    let changed = tx
        .run(
            "update timetable_draft set locks = $3, version = $4, updated_at = $5 \
             where school_id = $1 and id = $2 and version = $6",
            args![
                scope.school,
                draft.id,
                json(&locks)?,
                draft.version + 1,
                scope.now(),
                draft.version
            ],
        )
        .await?;
    if changed != 1 {
        return Err(Error::Conflict(STALE.into()));
    }
    note(
        &tx,
        scope,
        draft.id,
        draft.version + 1,
        "锁定",
        None,
        Some(said.to_owned()),
    )
    .await?;
    tx.commit().await
}

/// Longest title.
const TITLE: usize = 40;

/// Gives a draft another title.
pub async fn rename(scope: &Scope, draft: &Draft, title: &str) -> Result<()> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE {
        return Err(Error::Bad(format!("方案名称要有1到{TITLE}个字")));
    }
    let tx = scope.db().begin().await?;
    let sql = "update timetable_draft set title = $3, version = $4, updated_at = $5 \
               where school_id = $1 and id = $2 and version = $6";
    let next = draft.version + 1;
    let args = args![scope.school, draft.id, title, next, scope.now(), draft.version];
    if tx.run(sql, args).await? != 1 {
        return Err(Error::Conflict(STALE.into()));
    }
    let (old, new) = (Some(draft.title.clone()), Some(title.to_owned()));
    note(&tx, scope, draft.id, next, "改名", old, new).await?;
    tx.commit().await
}

/// Deletes a draft that was never published; the lessons of a published one came from it, so it is kept.
pub async fn delete(scope: &Scope, draft: &Draft) -> Result<()> {
    if draft.state == State::Running {
        return Err(Error::Conflict("正在排课，请先取消再删除".into()));
    }
    if draft.published_at.is_some() {
        return Err(Error::Bad("发布过的方案留作依据，不能删除".into()));
    }
    let tx = scope.db().begin().await?;
    let sql = "delete from timetable_move where school_id = $1 and draft_id = $2";
    tx.run(sql, args![scope.school, draft.id]).await?;
    let sql = "delete from timetable_draft where school_id = $1 and id = $2 and version = $3";
    if tx.run(sql, args![scope.school, draft.id, draft.version]).await? != 1 {
        return Err(Error::Conflict(STALE.into()));
    }
    let title = Some(draft.title.clone());
    note(&tx, scope, draft.id, draft.version + 1, "删除方案", title, None).await?;
    tx.commit().await
}
