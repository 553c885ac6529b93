//! Logging in: argon2 passwords, lockout with growing delay, sessions and API tokens by hash.
use crate::access::{Actor, Delegated, Grant};
use crate::args;
use crate::db::Db;
use crate::error::{Error, Result};
use anyhow::{Context, anyhow};
use argon2::password_hash::PasswordHasher;
use argon2::{Argon2, PasswordVerifier};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Hours a session lives after login.
const SESSION_HOURS: i64 = 12;
/// Wrong passwords in a row before the account is locked for a while.
const FREE_TRIES: i64 = 5;
/// Shortest password accepted.
pub const SHORTEST_PASSWORD: usize = 8;

/// Who a request comes from.
#[derive(Clone, Debug)]
pub struct Session {
    /// The school of the account.
    pub school: i64,
    /// The person.
    pub actor: Actor,
    /// Whether the first password has still to be changed.
    pub must_change: bool,
}

/// `bytes` random bytes as hexadecimal text.
pub fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0u8; bytes];
    getrandom::fill(&mut buffer).expect("the operating system gives random bytes");
    hex(&buffer)
}

/// A password that can be read aloud and typed: without letters that look alike.
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut buffer = [0u8; 12];
    getrandom::fill(&mut buffer).expect("the operating system gives random bytes");
    buffer
        .iter()
        .map(|b| LETTERS[*b as usize % LETTERS.len()] as char)
        .collect()
}

/// Bytes as hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 of a text, in hexadecimal.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The argon2id hash of a password. Slow by design: off the async threads.
pub async fn hash_password(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| anyhow!("argon2: {error}"))
    })
    .await
    .context("hashing was interrupted")?
    .map_err(Error::from)
}

async fn matches(password: String, hash: String) -> bool {
    tokio::task::spawn_blocking(move || {
        argon2::PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .unwrap_or(false)
}

/// What is wrong with a new password, if anything.
pub fn password_fault(password: &str, login: &str) -> Option<&'static str> {
    let kinds = [
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| c.is_ascii_alphabetic()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if password.chars().count() < SHORTEST_PASSWORD {
        Some("密码至少 8 位")
    } else if kinds.iter().filter(|k| **k).count() < 2 {
        Some("密码应包含字母、数字、符号中的至少两种")
    } else if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        Some("密码不能包含登录名")
    } else {
        None
    }
}

/// Tries a login and gives the session token for the cookie.
///
/// # Errors
/// [`Error::Invalid`] with a message that does not tell whether the account exists.
pub async fn login(db: &Db, now: DateTime<Utc>, login: &str, password: &str) -> Result<String> {
    let refuse = || Error::invalid("password", "登录名或密码不对");
    let row = db
        .opt(
            "select school_id, id, password_hash, failed, locked_until from account \
             where login = $1 and active order by school_id limit 1",
            args![login.trim()],
        )
        .await?;
    let Some(row) = row else {
        // The same work as for a real account, so that the time tells nothing.
        hash_password(password.to_owned()).await?;
        return Err(refuse());
    };
    let (school, account): (i64, Uuid) = (row.at(0)?, row.at(1)?);
    let (hash, failed): (String, i64) = (row.at(2)?, row.at(3)?);
    if let Some(until) = row.at::<Option<DateTime<Utc>>>(4)?
        && until > now
    {
        let minutes = (until - now).num_seconds().div_euclid(60) + 1;
        return Err(Error::invalid(
            "password",
            format!("密码连续输错，账号已锁定，请 {minutes} 分钟后再试"),
        ));
    }
    if !matches(password.to_owned(), hash).await {
        let failed = failed + 1;
        // 1, 2, 4 … at most 64 minutes, doubling with every further failure.
        let lock = (failed >= FREE_TRIES).then(|| now + Duration::minutes(1 << (failed - FREE_TRIES).min(6)));
        db.run(
            "update account set failed = $3, locked_until = $4 where school_id = $1 and id = $2",
            args![school, account, failed, lock],
        )
        .await?;
        return Err(refuse());
    }
    db.run(
        "update account set failed = 0, locked_until = $3 where school_id = $1 and id = $2",
        args![school, account, None::<DateTime<Utc>>],
    )
    .await?;
    open_session(
        db,
        now,
        school,
        account,
        "session",
        "",
        Some(Duration::hours(SESSION_HOURS)),
    )
    .await
}

/// Writes a session (or an API token, which lives a year) and gives the secret, which is kept only as a hash.
pub async fn open_session(
    db: &Db,
    now: DateTime<Utc>,
    school: i64,
    account: Uuid,
    kind: &str,
    note: &str,
    life: Option<Duration>,
) -> Result<String> {
    let token = random_hex(32);
    let expires = now + life.unwrap_or(Duration::days(365));
    db.run("delete from session where expires_at < $1", args![now])
        .await?;
    db.run(
        "insert into session (token_hash, school_id, account_id, created_at, expires_at, kind, note) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![digest(&token), school, account, now, expires, kind, note],
    )
    .await?;
    Ok(token)
}

/// Ends a session.
pub async fn logout(db: &Db, token: &str) -> Result<()> {
    db.run("delete from session where token_hash = $1", args![digest(token)])
        .await?;
    Ok(())
}

/// Ends all sessions and tokens of an account.
pub async fn end_sessions(db: &Db, school: i64, account: Uuid) -> Result<()> {
    db.run(
        "delete from session where school_id = $1 and account_id = $2",
        args![school, account],
    )
    .await?;
    Ok(())
}

/// The session behind a token, with what the person was given, what others left to them today, and how many messages
/// they have not read: one statement.
const SESSION: &str = "\
    select cast(1 as bigint), s.school_id, a.id, a.name, a.staff_id, a.must_change, g.role, g.path, '', \
    cast(0 as bigint) from session s \
    join account a on a.school_id = s.school_id and a.id = s.account_id and a.active \
    left join role_grant g on g.school_id = a.school_id and g.account_id = a.id \
    where s.token_hash = $1 and s.expires_at > $2 and s.kind = $3 \
    union all \
    select cast(2 as bigint), s.school_id, p.id, p.name, p.staff_id, false, g.role, g.path, d.roles, \
    cast(0 as bigint) from session s \
    join delegation d on d.school_id = s.school_id and d.deputy_id = s.account_id \
    and d.from_on <= $4 and d.to_on >= $4 and d.revoked_at is null \
    join account p on p.school_id = d.school_id and p.id = d.account_id and p.active \
    left join role_grant g on g.school_id = p.school_id and g.account_id = p.id \
    where s.token_hash = $1 and s.expires_at > $2 and s.kind = $3 \
    union all \
    select cast(3 as bigint), s.school_id, s.account_id, '', cast(null as uuid), false, cast(null as text), \
    cast(null as text), '', count(*) from session s \
    join message m on m.school_id = s.school_id and m.account_id = s.account_id and m.read_at is null \
    where s.token_hash = $1 and s.expires_at > $2 and s.kind = $3 group by s.school_id, s.account_id";

/// The session behind a token.
pub async fn session(db: &Db, now: DateTime<Utc>, token: &str, kind: &str) -> Result<Option<Session>> {
    let today = crate::clock::local(now).date();
    let rows = db.all(SESSION, args![digest(token), now, kind, today]).await?;
    let mut session: Option<Session> = None;
    let mut delegated: Vec<Delegated> = vec![];
    let mut unread = 0;
    for row in &rows {
        let grant = match row.at::<Option<String>>(6)? {
            Some(role) => Some(Grant {
                role,
                path: row.at::<Option<String>>(7)?.unwrap_or_default(),
            }),
            None => None,
        };
        match row.at::<i64>(0)? {
            1 => {
                let known = match &mut session {
                    Some(known) => known,
                    none => none.insert(Session {
                        school: row.at(1)?,
                        must_change: row.at(5)?,
                        actor: Actor {
                            account: row.at(2)?,
                            name: row.at(3)?,
                            staff: row.at(4)?,
                            grants: vec![],
                            delegated: vec![],
                            unread: 0,
                            system: false,
                        },
                    }),
                };
                known.actor.grants.extend(grant);
            }
            2 => leave(&mut delegated, row, grant)?,
            _ => unread = row.at::<i64>(9)?,
        }
    }
    if let Some(session) = &mut session {
        session.actor.delegated = delegated;
        session.actor.unread = unread as u32;
    }
    Ok(session)
}

/// Adds one row of what an absent person left: a grant, when it is among the roles handed over.
fn leave(delegated: &mut Vec<Delegated>, row: &crate::db::Row, grant: Option<Grant>) -> Result<()> {
    let (account, roles): (Uuid, String) = (row.at(2)?, row.at(8)?);
    let at = match delegated.iter().position(|d| d.account == account) {
        Some(at) => at,
        None => {
            delegated.push(Delegated {
                account,
                name: row.at(3)?,
                staff: None,
                grants: vec![],
            });
            delegated.len() - 1
        }
    };
    let absent = &mut delegated[at];
    if roles.is_empty() {
        absent.staff = row.at(4)?;
    }
    if let Some(grant) = grant
        && (roles.is_empty() || roles.split(',').any(|role| role == grant.role))
        && !absent.grants.contains(&grant)
    {
        absent.grants.push(grant);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        assert!(password_fault("abc123", "t01").is_some());
        assert!(password_fault("abcdefgh", "t01").is_some());
        assert!(password_fault("t01-secret", "t01").is_some());
        assert!(password_fault("k7mq-2xpr", "t01").is_none());
    }

    #[tokio::test]
    async fn a_hash_matches_only_its_password() {
        let hash = hash_password("k7mq-2xpr".into()).await.unwrap();
        assert!(matches("k7mq-2xpr".into(), hash.clone()).await);
        assert!(!matches("k7mq-2xpq".into(), hash).await);
        assert!(!matches("x".into(), "not a hash".into()).await);
    }
}
