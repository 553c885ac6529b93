//! What people are told (消息): kept per account, sent out through the school's channels as well.
use super::outgoing::queue;
use crate::app::Scope;
use crate::args;
use crate::db::{Db, Row};
use crate::error::{Error, Result};
use crate::value::Value;
use chrono::{DateTime, Duration, Utc};
use std::collections::HashSet;
use uuid::Uuid;

/// Days a message is kept after it was read.
const READ_DAYS: i64 = 90;
/// Days a message is kept at all.
const KEPT_DAYS: i64 = 365;
/// Most characters of a title and of a text.
const MOST_TITLE: usize = 100;
const MOST_TEXT: usize = 500;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A record waits for the person.
    Task,
    /// The person's own request went on.
    Moved,
    /// The person's own request came back.
    Returned,
    /// Somebody asks to be quicker.
    Chased,
    /// A time limit has passed.
    Late,
    /// Steps were handed over, or taken back.
    Delegated,
    /// A task was given outside a flow.
    Given,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 7] = [
        Kind::Task,
        Kind::Moved,
        Kind::Returned,
        Kind::Chased,
        Kind::Late,
        Kind::Delegated,
        Kind::Given,
    ];

    /// As the database keeps it.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Task => "task",
            Kind::Moved => "moved",
            Kind::Returned => "returned",
            Kind::Chased => "chased",
            Kind::Late => "late",
            Kind::Delegated => "delegated",
            Kind::Given => "given",
        }
    }

    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Task => "待办",
            Kind::Moved => "进展",
            Kind::Returned => "退回",
            Kind::Chased => "催办",
            Kind::Late => "超期",
            Kind::Delegated => "委托",
            Kind::Given => "任务",
        }
    }

    fn of(code: &str) -> Kind {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .unwrap_or(Kind::Given)
    }
}

/// One message to be sent.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it is about.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Some more lines, may be empty.
    pub text: String,
    /// Address of the page it leads to.
    pub link: String,
    /// The line that may leave the house: no names of students, no contents of records. None stays inside.
    pub outward: Option<String>,
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Tells each of the accounts, within the transaction of what they are told about. The actor is not told.
pub async fn send(tx: &Db, scope: &Scope, to: &[Uuid], notice: &Notice) -> Result<()> {
    let mut seen = HashSet::new();
    let to: Vec<Uuid> = to
        .iter()
        .copied()
        .filter(|account| *account != scope.actor.account && !account.is_nil() && seen.insert(*account))
        .collect();
    if to.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<Value>> = to
        .iter()
        .map(|account| {
            vec![
                scope.school.into(),
                Uuid::now_v7().into(),
                (*account).into(),
                scope.now().into(),
                notice.kind.code().into(),
                cut(&notice.title, MOST_TITLE).into(),
                cut(&notice.text, MOST_TEXT).into(),
                notice.link.as_str().into(),
            ]
        })
        .collect();
    let columns = [
        "school_id",
        "id",
        "account_id",
        "at",
        "kind",
        "title",
        "text",
        "link",
    ];
    tx.insert_many("message", &columns, &rows).await?;
    match &notice.outward {
        Some(line) => queue::enqueue(tx, scope, &to, notice.kind, line, &notice.link).await,
        None => Ok(()),
    }
}

/// A message as read.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What it is about.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Some more lines.
    pub text: String,
    /// Address.
    pub link: String,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

const MESSAGE: &str = "select id, at, kind, title, text, link, read_at from message";

fn read(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.at(0)?,
        at: row.at(1)?,
        kind: Kind::of(&row.at::<String>(2)?),
        title: row.at(3)?,
        text: row.at(4)?,
        link: row.at(5)?,
        read_at: row.at(6)?,
    })
}

/// The person's messages, unread first, newest first, and how many there are.
pub async fn list(scope: &Scope, unread: bool, skip: i64, limit: i64) -> Result<(Vec<Message>, i64)> {
    let only = if unread { " and read_at is null" } else { "" };
    let condition = format!("where school_id = $1 and account_id = $2{only}");
    let own = args![scope.school, scope.actor.account];
    let count = format!("select count(*) from message {condition}");
    let total = scope.db().one(&count, own).await?.at(0)?;
    let sql = format!(
        "{MESSAGE} {condition} order by case when read_at is null then 0 else 1 end, at desc, id desc \
         limit $3 offset $4"
    );
    let args = args![scope.school, scope.actor.account, limit, skip];
    let rows = scope.db().all(&sql, args).await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

/// Marks one of the person's messages as read and gives it.
pub async fn open(scope: &Scope, id: Uuid) -> Result<Message> {
    let sql = format!("{MESSAGE} where school_id = $1 and account_id = $2 and id = $3");
    let args = args![scope.school, scope.actor.account, id];
    let message = read(&scope.db().opt(&sql, args).await?.ok_or(Error::NotFound)?)?;
    if message.read_at.is_none() {
        let sql = "update message set read_at = $4 where school_id = $1 and account_id = $2 and id = $3";
        let args = args![scope.school, scope.actor.account, id, scope.now()];
        scope.db().run(sql, args).await?;
    }
    Ok(message)
}

/// Marks all of the person's messages as read and gives how many were not.
pub async fn read_all(scope: &Scope) -> Result<u64> {
    let sql = "update message set read_at = $3 where school_id = $1 and account_id = $2 and read_at is null";
    let args = args![scope.school, scope.actor.account, scope.now()];
    scope.db().run(sql, args).await
}

/// Forgets messages read long ago and very old ones: they only pointed at what the records and the journal keep.
pub async fn sweep(scope: &Scope) -> Result<u64> {
    let sql = "delete from message where school_id = $1 and (read_at < $2 or at < $3)";
    let (read, kept) = (
        scope.now() - Duration::days(READ_DAYS),
        scope.now() - Duration::days(KEPT_DAYS),
    );
    scope.db().run(sql, args![scope.school, read, kept]).await
}
