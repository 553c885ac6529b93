//! Accounts and grants in the database. Every change is journalled; passwords are never in the journal.
use crate::app::Scope;
use crate::args;
use crate::auth;
use crate::db::Db;
use crate::error::{Error, Result, Violation};
use crate::journal::{self, Entry};
use crate::register::spec::Anchor;
use crate::schema::table;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An account as the list shows it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Id.
    pub id: Uuid,
    /// Login name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Whether it may log in.
    pub active: bool,
    /// The first password has still to be changed.
    pub must_change: bool,
    /// Until when it is locked after wrong passwords.
    pub locked_until: Option<DateTime<Utc>>,
    /// The staff record behind it.
    pub staff: Option<Uuid>,
}

/// A grant as pages show it.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Id.
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// Role id.
    pub role: String,
    /// Node's label; `全校` for the whole school.
    pub node: String,
}

/// A node of the unit tree that a grant may name.
#[derive(Clone, Debug)]
pub struct Node {
    /// Id of the unit or class.
    pub id: Uuid,
    /// Its label.
    pub label: String,
    /// Its path.
    pub path: String,
}

/// All nodes of the unit tree, departments before classes.
pub async fn nodes(scope: &Scope) -> Result<Vec<Node>> {
    let mut nodes = vec![];
    for spec in scope.registers.iter().filter(|s| s.anchor == Anchor::Node) {
        let sql = format!(
            "select id, label, scope from {} where school_id = $1 and void_reason is null order by label",
            table(spec)
        );
        for row in scope.db().all(&sql, args![scope.school]).await? {
            nodes.push(Node {
                id: row.at(0)?,
                label: row.at(1)?,
                path: row.at(2)?,
            });
        }
    }
    Ok(nodes)
}

const ACCOUNT: &str = "select id, login, name, active, must_change, locked_until, staff_id from account";

fn read(row: &crate::db::Row) -> Result<Account> {
    Ok(Account {
        id: row.at(0)?,
        login: row.at(1)?,
        name: row.at(2)?,
        active: row.at(3)?,
        must_change: row.at(4)?,
        locked_until: row.at(5)?,
        staff: row.at(6)?,
    })
}

/// Accounts whose login or name contains `q`.
pub async fn search(scope: &Scope, q: &str, skip: i64, limit: i64) -> Result<(Vec<Account>, i64)> {
    let like = format!("%{}%", q.trim().to_lowercase());
    let total = scope
        .db()
        .one(
            "select count(*) from account where school_id = $1 and (lower(login) like $2 or name like $2)",
            args![scope.school, like.as_str()],
        )
        .await?
        .at(0)?;
    let sql = format!(
        "{ACCOUNT} where school_id = $1 and (lower(login) like $2 or name like $2) order by login limit $3 offset $4"
    );
    let rows = scope
        .db()
        .all(&sql, args![scope.school, like, limit, skip])
        .await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

/// One account.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Account> {
    let sql = format!("{ACCOUNT} where school_id = $1 and id = $2");
    read(
        &scope
            .db()
            .opt(&sql, args![scope.school, id])
            .await?
            .ok_or(Error::NotFound)?,
    )
}

/// Grants of one account, or of all when `None`.
pub async fn grants(scope: &Scope, account: Option<Uuid>) -> Result<Vec<GrantRow>> {
    let nodes = nodes(scope).await?;
    let rows = scope
        .db()
        .all(
            "select id, account_id, role, path from role_grant \
             where school_id = $1 and ($2 or account_id = $3) order by role, path",
            args![scope.school, account.is_none(), account.unwrap_or_default()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let path: String = row.at(3)?;
            let node = match nodes.iter().find(|n| n.path == path) {
                Some(node) => node.label.clone(),
                None if path.is_empty() => "全校".into(),
                None => "已撤销的单位".into(),
            };
            Ok(GrantRow {
                id: row.at(0)?,
                account: row.at(1)?,
                role: row.at(2)?,
                node,
            })
        })
        .collect()
}

async fn note(tx: &Db, scope: &Scope, record: Uuid, action: &str, after: serde_json::Value) -> Result<()> {
    let entry = Entry {
        register: "account".into(),
        record,
        version: 0,
        action: action.into(),
        before: None,
        after: Some(after.to_string()),
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await
}

/// A new account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Login name.
    pub login: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// First password.
    pub password: &'a str,
    /// Whether it has to be changed at the first login.
    pub must_change: bool,
    /// The staff record behind it.
    pub staff: Option<Uuid>,
}

/// Makes an account.
pub async fn create(scope: &Scope, new: NewAccount<'_>) -> Result<Uuid> {
    let (login, name) = (new.login.trim(), new.name.trim());
    let mut faults = vec![];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    if login.len() < 2 || login.len() > 40 || !login.chars().all(plain) {
        faults.push(Violation::new("login", "登录名为 2 到 40 个字母、数字或 - _ . @"));
    }
    if name.is_empty() || name.chars().count() > 30 {
        faults.push(Violation::new("name", "请填写姓名，最多 30 字"));
    }
    if let Some(why) = auth::password_fault(new.password, login) {
        faults.push(Violation::new("password", why));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let hash = auth::hash_password(new.password.to_owned()).await?;
    let id = Uuid::now_v7();
    let tx = scope.db().begin().await?;
    let taken = tx
        .opt(
            "select id from account where school_id = $1 and login = $2",
            args![scope.school, login],
        )
        .await?;
    if taken.is_some() {
        return Err(Error::invalid("login", "这个登录名已经有人使用"));
    }
    tx.run(
        "insert into account (school_id, id, login, name, password_hash, must_change, active, staff_id, failed, \
         locked_until, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)",
        args![
            scope.school,
            id,
            login,
            name,
            hash,
            new.must_change,
            true,
            new.staff,
            None::<DateTime<Utc>>,
            scope.now()
        ],
    )
    .await?;
    note(
        &tx,
        scope,
        id,
        "开通账号",
        serde_json::json!({ "登录名": login, "姓名": name }),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Lets an account log in, or not; ends its sessions when not.
pub async fn set_active(scope: &Scope, id: Uuid, active: bool) -> Result<()> {
    if id == scope.actor.account && !active {
        return Err(Error::Conflict("不能停用自己正在使用的账号".into()));
    }
    let account = get(scope, id).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "update account set active = $3 where school_id = $1 and id = $2",
        args![scope.school, id, active],
    )
    .await?;
    if !active {
        auth::end_sessions(&tx, scope.school, id).await?;
    }
    let action = if active { "启用账号" } else { "停用账号" };
    note(
        &tx,
        scope,
        id,
        action,
        serde_json::json!({ "登录名": account.login }),
    )
    .await?;
    tx.commit().await
}

/// Sets a password. One set by somebody else must be changed at the next login and ends all sessions.
pub async fn set_password(scope: &Scope, id: Uuid, password: &str, by_owner: bool) -> Result<()> {
    let account = get(scope, id).await?;
    if let Some(why) = auth::password_fault(password, &account.login) {
        return Err(Error::invalid("password", why));
    }
    let hash = auth::hash_password(password.to_owned()).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "update account set password_hash = $3, must_change = $4, failed = 0, locked_until = $5 \
         where school_id = $1 and id = $2",
        args![scope.school, id, hash, !by_owner, None::<DateTime<Utc>>],
    )
    .await?;
    auth::end_sessions(&tx, scope.school, id).await?;
    let action = if by_owner { "修改密码" } else { "重置密码" };
    note(
        &tx,
        scope,
        id,
        action,
        serde_json::json!({ "登录名": account.login }),
    )
    .await?;
    tx.commit().await
}

/// Gives a role over a node (`None` for the whole school).
pub async fn grant(scope: &Scope, account: Uuid, role: &str, node: Option<Uuid>) -> Result<()> {
    let Some(role) = scope.app.roles.iter().find(|r| r.id == role) else {
        return Err(Error::invalid("role", "请选择岗位"));
    };
    let path = match node {
        None => String::new(),
        Some(id) => match nodes(scope).await?.into_iter().find(|n| n.id == id) {
            Some(node) => node.path,
            None => return Err(Error::invalid("node", "请选择单位或班级")),
        },
    };
    let known = get(scope, account).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "insert into role_grant (school_id, id, account_id, role, node_id, path, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (school_id, account_id, role, path) do nothing",
        args![
            scope.school,
            Uuid::now_v7(),
            account,
            role.id,
            node,
            path.as_str(),
            scope.now()
        ],
    )
    .await?;
    note(
        &tx,
        scope,
        account,
        "授予岗位",
        serde_json::json!({ "账号": known.login, "岗位": role.title, "范围": path }),
    )
    .await?;
    tx.commit().await
}

/// Takes a grant back. The last one that manages accounts stays.
pub async fn revoke(scope: &Scope, account: Uuid, grant: Uuid) -> Result<()> {
    let all = grants(scope, None).await?;
    let row = all
        .iter()
        .find(|g| g.id == grant && g.account == account)
        .ok_or(Error::NotFound)?;
    let manages = |role: &str| scope.app.roles.iter().any(|r| r.manages && r.id == role);
    if manages(&row.role) && all.iter().filter(|g| manages(&g.role)).count() == 1 {
        return Err(Error::Conflict("这是最后一个系统管理员，不能撤销".into()));
    }
    let tx = scope.db().begin().await?;
    tx.run(
        "delete from role_grant where school_id = $1 and id = $2",
        args![scope.school, grant],
    )
    .await?;
    note(
        &tx,
        scope,
        account,
        "撤销岗位",
        serde_json::json!({ "岗位": row.role, "范围": row.node }),
    )
    .await?;
    tx.commit().await
}
