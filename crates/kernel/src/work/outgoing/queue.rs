//! The queue of what goes out: written with the message, delivered at least once, tried again with growing pauses.
use super::channel::{self, Channel, Kind, Secret};
use super::{mail, robot};
use crate::app::{App, Scope};
use crate::args;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::value::Value;
use crate::work::message;
use chrono::{DateTime, Duration, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// Tries before a message is given up; with the pauses that is a good day.
pub const MOST_TRIES: i64 = 14;
/// The first pause, doubled with every failure.
const FIRST_PAUSE: Duration = Duration::seconds(30);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::hours(6);
/// How long a try may take before another process may try as well.
const LEASE: Duration = Duration::minutes(5);
/// Most messages taken at once.
const BATCH: i64 = 20;
/// Days that what was sent stays visible.
const KEPT_DAYS: i64 = 30;
/// Most names in a robot's message.
const NAMES: usize = 5;

/// The pause after the `tries`th failure.
pub fn pause(tries: i64) -> Duration {
    let factor = 1i32 << (tries - 1).clamp(0, 12);
    (FIRST_PAUSE * factor).min(LONGEST_PAUSE)
}

/// Queues a line for every active channel that carries this kind of message.
pub async fn enqueue(
    tx: &Db,
    scope: &Scope,
    to: &[Uuid],
    kind: message::Kind,
    line: &str,
    link: &str,
) -> Result<()> {
    let channels = channel::list(tx, scope.school).await?;
    let carries = |c: &&Channel| c.active && c.settings.kinds.iter().any(|code| code == kind.code());
    let channels: Vec<&Channel> = channels.iter().filter(carries).collect();
    if channels.is_empty() {
        return Ok(());
    }
    let people = people(tx, scope, to).await?;
    let mut rows = vec![];
    for channel in channels {
        let link = match channel.settings.base.trim_end_matches('/') {
            "" => String::new(),
            base => format!("\n{base}{link}"),
        };
        let title = format!("【{}】{line}", kind.word());
        if channel.kind == Kind::Mail {
            for (name, email) in people.iter().filter(|(_, email)| !email.is_empty()) {
                let body = format!("{name}：\n\n{line}，请登录系统处理。{link}");
                rows.push(row(scope, channel.id, email, &title, &body));
            }
            continue;
        }
        let mut names: Vec<&str> = people.iter().take(NAMES).map(|(name, _)| name.as_str()).collect();
        let more = format!("等 {} 人", people.len());
        if people.len() > NAMES {
            names.push(&more);
        }
        let body = format!("{title}\n请 {} 登录系统处理。{link}", names.join("、"));
        rows.push(row(scope, channel.id, "", &title, &body));
    }
    insert(tx, &rows).await
}

async fn people(tx: &Db, scope: &Scope, to: &[Uuid]) -> Result<Vec<(String, String)>> {
    let mut found = vec![];
    for chunk in to.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        let list = crate::work::whom::list(&mut args, chunk.iter().map(|id| Value::Id(*id)));
        let sql =
            format!("select name, email from account where school_id = $1 and id in ({list}) order by login");
        for row in tx.all(&sql, &args).await? {
            found.push((row.at(0)?, row.at::<Option<String>>(1)?.unwrap_or_default()));
        }
    }
    Ok(found)
}

fn row(scope: &Scope, channel: Uuid, recipient: &str, title: &str, body: &str) -> Vec<Value> {
    vec![
        scope.school.into(),
        Uuid::now_v7().into(),
        channel.into(),
        recipient.into(),
        title.into(),
        body.into(),
        scope.now().into(),
        0i64.into(),
        scope.now().into(),
        "".into(),
    ]
}

async fn insert(tx: &Db, rows: &[Vec<Value>]) -> Result<()> {
    let columns = [
        "school_id",
        "id",
        "channel_id",
        "recipient",
        "title",
        "body",
        "created_at",
        "tries",
        "next_at",
        "last_error",
    ];
    tx.insert_many("outbox", &columns, rows).await
}

/// Queues a test message through one channel; for mail, to the person's own address.
pub async fn test(scope: &Scope, id: Uuid) -> Result<()> {
    let channel = channel::get(scope.db(), scope.school, id).await?;
    let mut recipient = String::new();
    if channel.kind == Kind::Mail {
        let own = people(scope.db(), scope, &[scope.actor.account]).await?;
        recipient = own.into_iter().next().map(|(_, email)| email).unwrap_or_default();
        if recipient.is_empty() {
            return Err(Error::Conflict(
                "请先在“消息 → 接收邮箱”填写您自己的邮箱，再发测试邮件".into(),
            ));
        }
    }
    let body = format!(
        "这是{}发出的测试消息，通道“{}”已接通。",
        scope.app.school_name(scope.school),
        channel.name
    );
    insert(
        scope.db(),
        &[row(scope, id, &recipient, "【测试】知行消息通道", &body)],
    )
    .await
}

/// One row of the queue as its page shows it.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Id.
    pub id: Uuid,
    /// The channel.
    pub channel: Uuid,
    /// Address of a mail; empty for robots.
    pub recipient: String,
    /// Its first line.
    pub title: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried next; none when it was sent or given up.
    pub next_at: Option<DateTime<Utc>>,
    /// Why it was not taken.
    pub last_error: String,
    /// When it was taken.
    pub sent_at: Option<DateTime<Utc>>,
}

/// The newest rows of the queue, those not sent first.
pub async fn list(scope: &Scope, limit: i64) -> Result<Vec<Sending>> {
    let rows = scope
        .db()
        .all(
            "select id, channel_id, recipient, title, created_at, tries, next_at, last_error, sent_at from outbox \
             where school_id = $1 order by case when sent_at is null then 0 else 1 end, created_at desc, id desc limit $2",
            args![scope.school, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Sending {
                id: row.at(0)?,
                channel: row.at(1)?,
                recipient: row.at(2)?,
                title: row.at(3)?,
                created_at: row.at(4)?,
                tries: row.at(5)?,
                next_at: row.at(6)?,
                last_error: row.at(7)?,
                sent_at: row.at(8)?,
            })
        })
        .collect()
}

/// Tries a message again now, also one that was given up.
pub async fn retry(scope: &Scope, id: Uuid) -> Result<()> {
    let changed = scope
        .db()
        .run(
            "update outbox set next_at = $3, tries = 0 where school_id = $1 and id = $2 and sent_at is null",
            args![scope.school, id, scope.now()],
        )
        .await?;
    match changed {
        0 => Err(Error::Conflict("这条消息已经发出，或已不在队列中".into())),
        _ => Ok(()),
    }
}

/// Tries everything that is due, in all schools; gives how many were delivered and how many failed.
pub async fn run_due(app: &Arc<App>) -> Result<(usize, usize)> {
    let (mut sent, mut failed) = (0, 0);
    for school in app.school_ids() {
        let now = app.clock.now();
        let due = app
            .db
            .all(
                "select id, channel_id, recipient, title, body, tries, next_at from outbox \
                 where school_id = $1 and next_at <= $2 order by next_at limit $3",
                args![school, now, BATCH],
            )
            .await?;
        for row in due {
            let letter = Letter {
                id: row.at(0)?,
                channel: row.at(1)?,
                recipient: row.at(2)?,
                title: row.at(3)?,
                body: row.at(4)?,
                tries: row.at::<i64>(5)? + 1,
            };
            let seen: DateTime<Utc> = row.at(6)?;
            if !claim(app, school, &letter, seen).await? {
                continue;
            }
            match deliver(app, school, &letter).await {
                Ok(()) => {
                    delivered(app, school, &letter).await?;
                    sent += 1;
                }
                Err(error) => {
                    refused(app, school, &letter, &error).await?;
                    failed += 1;
                }
            }
        }
    }
    Ok((sent, failed))
}

struct Letter {
    id: Uuid,
    channel: Uuid,
    recipient: String,
    title: String,
    body: String,
    tries: i64,
}

/// Takes the message for this process; should it stop now, the message is due again after the lease.
async fn claim(app: &App, school: i64, letter: &Letter, seen: DateTime<Utc>) -> Result<bool> {
    let until = app.clock.now() + LEASE;
    let sql = "update outbox set next_at = $3, tries = $4 where school_id = $1 and id = $2 and next_at = $5";
    let args = args![school, letter.id, until, letter.tries, seen];
    Ok(app.db.run(sql, args).await? == 1)
}

async fn deliver(app: &App, school: i64, letter: &Letter) -> anyhow::Result<()> {
    let channel = channel::get(&app.db, school, letter.channel).await?;
    anyhow::ensure!(channel.active, "通道已停用");
    let secret: Secret = channel
        .secret(&app.seal)
        .ok_or_else(|| anyhow::anyhow!("通道的密钥打不开，请重新填写"))?;
    let (to, title, body) = (
        letter.recipient.clone(),
        letter.title.clone(),
        letter.body.clone(),
    );
    let now = app.clock.now();
    tokio::task::spawn_blocking(move || match channel.kind {
        Kind::Mail => mail::send(&channel.settings, &secret, &to, &title, &body),
        kind => robot::post(kind, &secret.url, &secret.sign, &body, now),
    })
    .await?
}

async fn delivered(app: &App, school: i64, letter: &Letter) -> Result<()> {
    let sql =
        "update outbox set sent_at = $3, next_at = $4, last_error = '' where school_id = $1 and id = $2";
    let args = args![school, letter.id, app.clock.now(), None::<DateTime<Utc>>];
    app.db.run(sql, args).await?;
    Ok(())
}

async fn refused(app: &App, school: i64, letter: &Letter, error: &anyhow::Error) -> Result<()> {
    let next = (letter.tries < MOST_TRIES).then(|| app.clock.now() + pause(letter.tries));
    let why: String = format!("{error:#}").chars().take(300).collect();
    tracing::warn!("outbox {}: try {}: {why}", letter.id, letter.tries);
    let sql = "update outbox set next_at = $3, last_error = $4 where school_id = $1 and id = $2";
    app.db.run(sql, args![school, letter.id, next, why]).await?;
    Ok(())
}

/// Forgets what was sent long ago.
pub async fn sweep(scope: &Scope) -> Result<u64> {
    let before = scope.now() - Duration::days(KEPT_DAYS);
    let sql = "delete from outbox where school_id = $1 and created_at < $2 and next_at is null";
    scope.db().run(sql, args![scope.school, before]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        assert_eq!(pause(1), Duration::seconds(30));
        assert_eq!(pause(2), Duration::seconds(60));
        assert_eq!(pause(8), Duration::minutes(64));
        assert_eq!(pause(11), LONGEST_PAUSE);
        assert_eq!(pause(MOST_TRIES), LONGEST_PAUSE);
    }
}
